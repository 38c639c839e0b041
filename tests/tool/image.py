# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Memory of a made-up kernel, laid out by hand: no code of luser takes part."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = 4096
BASE = 0x1000000


def align(data: bytes, to: int) -> bytes:
    return data + bytes(-len(data) % to)


def text(value: str | bytes, size: int) -> bytes:
    raw = value if isinstance(value, bytes) else value.encode()
    return raw.ljust(size, b"\0")


def u64(value: int) -> bytes:
    return struct.pack("<Q", value)


@dataclass
class Node:
    """A device tree node. Property values are bytes as they are stored."""

    properties: dict[str, bytes] = field(default_factory=dict)
    children: dict[bytes, "Node"] = field(default_factory=dict)


def fdt(root: Node) -> bytes:
    """A flattened device tree of version 17."""
    strings = bytearray()

    def emit(name: bytes, node: Node) -> bytes:
        out = struct.pack(">I", 1) + align(name + b"\0", 4)
        for key, value in node.properties.items():
            out += struct.pack(">III", 3, len(value), len(strings))
            strings.extend(key.encode() + b"\0")
            out += align(value, 4)
        for child, below in node.children.items():
            out += emit(child, below)
        return out + struct.pack(">I", 2)

    body = emit(b"", root) + struct.pack(">I", 9)
    start = 40 + 16
    total = start + len(body) + len(strings)
    header = struct.pack(
        ">10I", 0xD00DFEED, total, start, start + len(body), 40, 17, 16, 0,
        len(strings), len(body),
    )
    return header + bytes(16) + body + bytes(strings)


class Image:
    """Pages from BASE on, and which of them are preserved."""

    def __init__(self) -> None:
        self.memory = bytearray()
        self.preserved: list[int] = []

    def put(self, data: bytes, preserve: bool = True) -> int:
        """Stores data in pages of its own and returns their address."""
        phys = BASE + len(self.memory)
        self.memory += align(data or bytes(PAGE), PAGE)
        if preserve:
            self.preserved += range(phys, BASE + len(self.memory), PAGE)
        return phys

    def set(self, phys: int, data: bytes) -> None:
        self.memory[phys - BASE:phys - BASE + len(data)] = data

    def radix_tree(self) -> int:
        """The map of kho-v4, with blocks of order 0 only."""
        keys = [1 << 52 | phys // PAGE for phys in self.preserved]
        return self._level(5, keys)

    def _level(self, level: int, keys: list[int]) -> int:
        if level == 0:
            leaf = bytearray(PAGE)
            for key in keys:
                leaf[(key & 0x7FFF) // 8] |= 1 << (key & 7)
            return self.put(bytes(leaf), preserve=False)
        shift = 15 + 9 * (level - 1)
        table = bytearray(PAGE)
        for slot in sorted({key >> shift & 511 for key in keys}):
            child = self._level(
                level - 1, [k for k in keys if k >> shift & 511 == slot]
            )
            table[slot * 8:slot * 8 + 8] = u64(child)
        return self.put(bytes(table), preserve=False)

    def elf(self, path: Path, size: int | None = None) -> Path:
        """An ELF dump; with a size, one that is cut short."""
        header = struct.pack(
            "<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 4, 62, 1, 0, 64, 0,
            0, 64, 56, 1, 0, 0, 0,
        )
        load = struct.pack(
            "<IIQQQQQQ", 1, 6, PAGE, 0, BASE, len(self.memory),
            len(self.memory), 0,
        )
        data = align(header + load, PAGE) + self.memory
        path.write_bytes(data[:size])
        return path

    def raw(self, path: Path) -> Path:
        path.write_bytes(self.memory)
        return path


def blocks(image: Image, records: list[bytes]) -> int:
    """KHO blocks, as many as it takes; 0 without records."""
    fit = (PAGE - 16) // len(records[0]) if records else 1
    following = 0
    starts = range(0, len(records), fit)
    for start in reversed(starts):
        part = records[start:start + fit]
        following = image.put(
            struct.pack("<QQ", following, len(part)) + b"".join(part)
        )
    return following


def memfd(image: Image, pages: int) -> int:
    """A memfd-v2 of that many pages."""
    folios = b"".join(
        struct.pack("<QQ", image.put(b"page") // PAGE | 3 << 52, i)
        for i in range(pages)
    )
    chunk = image.put(u64(0) + u64(image.put(folios)))
    vmalloc = struct.pack("<QIHH", chunk, 1, 1, 0)
    return image.put(
        struct.pack("<QQIIQ", 0, pages * PAGE, 1, 0, pages) + vmalloc
    )


Files = Mapping[int, int]  # token: pages
Sessions = Mapping[Any, Files]  # by name, str or bytes


@dataclass
class Handover:
    """A complete handover in an image."""

    image: Image
    root: int
    fdt: bytes
    luo: bytes
    blobs: dict[str, bytes]


def handover(
    sessions: Sessions,
    luo_name: str = "luo-v5",
    compatible: str = "kho-v4",
    extra: dict[bytes, bytes] | None = None,
    objects: dict[str, bytes] | None = None,
) -> Handover:
    """LUO, kexec-metadata, extra subtrees and objects (FLBs) by name."""
    image = Image()
    records = []
    for name, files in sessions.items():
        entries = [
            text("memfd-v2", 48) + u64(memfd(image, pages)) + u64(token)
            for token, pages in files.items()
        ]
        first = blocks(image, entries)
        records.append(text(name, 64) + u64(first) + u64(len(entries)))
    shared = [text(name, 48) + u64(image.put(data)) + u64(1)
              for name, data in (objects or {}).items()]
    flbs = image.put(struct.pack("<QQ", 1, len(shared)) + b"".join(shared))
    luo = text(luo_name, 8) + u64(7) + u64(blocks(image, records)) + u64(flbs)
    metadata = struct.pack("<I65sI", 1, b"7.3.4", 3)
    blobs = {b"kexec-metadata": metadata, b"LUO": luo, **(extra or {})}
    children = {
        name: Node({"preserved-data": u64(image.put(blob)),
                    "blob-size": u64(len(blob))})
        for name, blob in blobs.items()
    }
    place = image.put(bytes(PAGE))
    tree = Node({"compatible": compatible.encode() + b"\0",
                 "preserved-memory-map": u64(image.radix_tree())}, children)
    blob = fdt(tree)
    image.set(place, blob)
    names = {name.decode("latin-1"): data for name, data in blobs.items()}
    return Handover(image, place, blob, luo, names)


def bitmap_handover(size: int) -> Handover:
    """One of kho-v1, with a subtree and a map in bitmaps of that size."""
    image = Image()
    reservation = Node({"compatible": b"reserve-mem-v1\0",
                        "start": u64(image.put(b"page")), "size": u64(PAGE)})
    blob = image.put(fdt(Node({"compatible": b"memblock-v1\0"},
                              {b"seedmem": reservation})))
    root = image.put(bytes(PAGE))
    bits, covers = bytearray(size), size * 8 * PAGE
    start = BASE // covers * covers
    for phys in image.preserved:
        page = (phys - start) // PAGE
        bits[page // 8] |= 1 << (page & 7)
    # Small bitmaps lie anywhere, those of a page fill one.
    place = image.put(bytes(512) * (size < PAGE) + bits, preserve=False)
    record = u64(start) + u64(place + 512 * (size < PAGE))
    chunk = image.put(struct.pack("<QII", 0, 0, 1) + record, preserve=False)
    tree = fdt(Node({"compatible": b"kho-v1\0",
                     "preserved-memory-map": u64(chunk)},
                    {b"memblock": Node({"fdt": u64(blob)})}))
    image.set(root, tree)
    return Handover(image, root, tree, b"", {})


def debugfs(path: Path, side: str, given: Handover, root: bytes | None) -> None:
    """One side, "in" or "out", of a kho directory; None leaves out fdt."""
    below = path / side / "sub_fdts"
    below.mkdir(parents=True)
    if root is not None:
        (path / side / "fdt").write_bytes(root)
    for name, blob in given.blobs.items():
        (below / name).write_bytes(blob)
    if side == "out":
        (path / side / "scratch_phys").write_text("0x3000000\n0x9000000\n")
        (path / side / "scratch_len").write_text("0x0\n0x10000000\n")
