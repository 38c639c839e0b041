# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""An ELF dump's memory, and the device trees in it."""
from __future__ import annotations

import struct
from functools import lru_cache
from typing import Dict, List, NamedTuple, Optional, Tuple

PT_LOAD = 1
MAGIC, HEADER = 0xd00dfeed, 40
BEGIN, END, PROP, NOP, LAST = 1, 2, 3, 4, 9
MAX_DEPTH, MAX_NODES, MAX_NAME = 32, 65536, 255


class Segment(NamedTuple):
    start: int
    end: int
    offset: int


class Dump:
    """The segments of an ELF file, whose bytes may be changed in place."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.size = len(data)
        self.page_size = 0
        self.segments: List[Segment] = []
        phoff, = struct.unpack_from("<Q", data, 32)
        entry, count = struct.unpack_from("<HH", data, 54)
        for i in range(count):
            kind, _, offset, _, phys, length = struct.unpack_from(
                "<IIQQQQ", data, phoff + i * entry)
            if kind == PT_LOAD and length:
                self.segments.append(Segment(phys, phys + length, offset))
        self.segments.sort()

    def offset(self, phys: int) -> Optional[Tuple[int, int]]:
        """Where an address is in the file, and how much follows it."""
        for one in self.segments:
            if one.start <= phys < one.end:
                at = one.offset + phys - one.start
                left = min(one.end - phys, self.size - at)
                return (at, left) if left > 0 else None
        return None

    def read(self, phys: int, length: int) -> Optional[bytes]:
        """All of it, or nothing."""
        pieces = []
        while length:
            found = self.offset(phys)
            if not found:
                return None
            piece = min(length, found[1])
            pieces.append(bytes(self.data[found[0]:found[0] + piece]))
            phys += piece
            length -= piece
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


class Property(NamedTuple):
    name: str
    value: bytes
    offset: int


class Node:
    """A node of a device tree."""

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.properties: List[Property] = []
        self.children: List[Node] = []

    def get(self, name: str) -> Optional[Property]:
        return next((one for one in self.properties if one.name == name), None)


class Unsound(Exception):
    """It is no device tree, or a damaged one."""


def need(that: bool) -> None:
    if not that:
        raise Unsound


@lru_cache(maxsize=4096)
def device_tree(blob: bytes) -> Optional[Node]:
    """The root of a sound tree of version 17, else None."""
    try:
        return Reader(blob).read()
    except Unsound:
        return None


class Reader:
    """Walks the tags of a flattened device tree."""

    def __init__(self, blob: bytes) -> None:
        need(len(blob) >= HEADER)
        (magic, total, tags, strings, reserved, version, last, _,
         strings_size, tags_size) = struct.unpack_from(">10I", blob)
        need(magic == MAGIC and version == 17 and last <= 17)
        need(total <= len(blob) and total <= 0x7fffffff)
        self.blob, self.at, self.end = blob[:total], tags, tags + tags_size
        for offset, size, align in ((reserved, 16, 8), (tags, tags_size, 4),
                                    (strings, strings_size, 1)):
            need(offset % align == 0 and offset >= HEADER)
            need(offset <= total and size <= total - offset)
        need(tags_size % 4 == 0)
        self.reserved(reserved)
        self.strings = blob[strings:strings + strings_size]
        self.nodes = 0

    def reserved(self, at: int) -> None:
        """A list that an entry of size zero ends."""
        while True:
            need(at + 16 <= len(self.blob))
            if self.blob[at + 8:at + 16] == bytes(8):
                return
            at += 16

    def u32(self) -> int:
        need(self.at + 4 <= self.end)
        self.at += 4
        return int.from_bytes(self.blob[self.at - 4:self.at], "big")

    def skip(self, length: int) -> bytes:
        start = self.at
        self.at += (length + 3) & ~3
        need(self.at <= self.end)
        return self.blob[start:start + length]

    def read(self) -> Node:
        stack: List[Node] = []
        root: Optional[Node] = None
        open_for: Dict[int, bool] = {}
        while True:
            tag = self.u32()
            if tag == LAST:
                need(not stack and root is not None)
                assert root
                return root
            if tag == BEGIN:
                need(bool(stack) or root is None)
                node = self.begin(len(stack))
                need(bool(stack) or not node.name)
                if stack:
                    stack[-1].children.append(node)
                    open_for[id(stack[-1])] = False
                root = root or node
                stack.append(node)
                open_for[id(node)] = True
            elif tag == END:
                need(bool(stack))
                stack.pop()
            elif tag == PROP:
                need(bool(stack))
                found = self.property()
                if open_for[id(stack[-1])]:
                    stack[-1].properties.append(found)
            else:
                need(tag == NOP and root is not None)

    def begin(self, depth: int) -> Node:
        self.nodes += 1
        need(self.nodes <= MAX_NODES and depth < MAX_DEPTH)
        end = self.blob.find(b"\0", self.at, self.end)
        need(end >= 0)
        return Node(self.skip(end + 1 - self.at)[:-1])

    def property(self) -> Property:
        length, name = self.u32(), self.u32()
        end = self.strings.find(b"\0", name, name + MAX_NAME + 1)
        need(name < len(self.strings) and end >= 0)
        start = self.at
        value = self.skip(length)
        return Property(self.strings[name:end].decode("latin-1"), value, start)
