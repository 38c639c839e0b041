# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The map of preserved memory: a radix tree, or lists of bitmaps."""
from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, List, Optional, Tuple
import re
import struct

from arrays import Page, Reader
from core import Core, Object
from schema import WORD, Abi, Field
from values import number

MAX_ORDER = 28
MAX_LEVELS = 8
Run = Tuple[int, int]


def linear(text: Any, page_shift: int) -> int:
    """a + b * page_shift, as schemas write it."""
    return int(eval(str(text), {"page_shift": page_shift}))


@lru_cache(maxsize=65536)
def runs(bitmap: bytes) -> List[Run]:
    """Runs of set bits: the first one, and how many."""
    if not any(bitmap):
        return []
    bits = bin(int.from_bytes(bitmap, "little"))[:1:-1]
    return [(found.start(), found.end() - found.start())
            for found in re.finditer("1+", bits)]


@lru_cache(maxsize=65536)
def entries(page: bytes) -> List[Run]:
    """What is not zero in a table, with its number."""
    if not any(page):
        return []
    return [(i, value) for i, (value,) in
            enumerate(struct.iter_unpack("<Q", page)) if value]


class Map:
    """One map being read."""

    def __init__(self, core: Core, node: Object, abi: Abi, name: str) -> None:
        self.core, self.node, self.abi = core, node, abi
        self.data = abi.data["trees"][name]
        self.shift = core.env.page_shift
        self.whole = True
        self.blocks: Dict[int, int] = {}
        self.pages = 0
        self.ranges: List[Tuple[int, int]] = core.preserved

    def report(self, phys: int, rule: str) -> None:
        self.whole = False
        self.core.error(self.node, None, rule, phys)

    def add(self, order: int, phys: int, count: int) -> None:
        length = count << self.shift + order & WORD
        self.blocks[order] = self.blocks.get(order, 0) + count
        self.pages += count << order
        last = self.ranges[-1] if self.ranges else None
        if last and phys and last[0] + last[1] & WORD == phys:
            self.ranges[-1] = (last[0], last[1] + length)
        else:
            self.ranges.append((phys, length))

    def fetch(self, phys: int, length: int) -> Optional[bytes]:
        place = self.node.phys
        found = None
        if self.core.claim(self.node, None, phys, length, place):
            found = self.core.read(self.node, None, phys, length, place)
        if found is None:
            self.whole = False
        return found

    def read(self) -> None:
        if "chunks" in self.data:
            Bitmaps(self).read()
        else:
            Radix(self).read()
        self.finish()

    def finish(self) -> None:
        if self.merge():
            self.report(self.node.phys, "preserved-twice")
        self.core.mapped = self.whole
        self.node.json.update({
            "pages": number(self.pages),
            "bytes": number(self.pages << self.shift & WORD),
            "orders": [{"order": order, "blocks": number(count),
                        "pages": number(count << order)}
                       for order, count in sorted(self.blocks.items())
                       if count],
            "ranges": [{"start": hex(start), "bytes": number(length)}
                       for start, length in self.ranges]})

    def merge(self) -> int:
        """Sorts and merges the ranges; the bytes that were there twice."""
        self.ranges.sort(key=lambda one: one[0])
        merged: List[Tuple[int, int]] = []
        twice = 0
        for start, length in self.ranges:
            if not merged:
                merged.append((start, length))
                continue
            first, before = merged[-1]
            last = first + before - 1
            over = min(last - start + 1, length) if last >= start else 0
            if not over and last + 1 != start:
                merged.append((start, length))
                continue
            twice += over
            merged[-1] = (first, before + length - over)
        self.ranges[:] = merged
        return twice


class Radix:
    """A tree of tables, whose keys are blocks."""

    def __init__(self, map_: Map) -> None:
        self.map = map_
        data, shift = map_.data, map_.shift
        self.key_bits, self.table_bits, self.leaf_bits, self.order_bit = (
            linear(data[key], shift) for key in (
                "key-bits", "table-bits", "leaf-bits", "order-bit"))

    def read(self) -> None:
        levels = -(-(self.key_bits - self.leaf_bits) // self.table_bits) + 1
        parent = self.map.node.parent
        assert levels <= MAX_LEVELS and parent
        self.level(parent.phys, self.map.node.phys, levels - 1, 0)

    def level(self, where: int, phys: int, level: int, prefix: int) -> None:
        if phys % self.map.core.env.page_size:
            self.map.report(where, "page-alignment")
            return
        page = self.map.fetch(phys, self.map.core.env.page_size)
        if page is None:
            return
        if not level:
            self.leaf(page, phys, prefix)
            return
        shift = self.leaf_bits + (level - 1) * self.table_bits
        for i, child in entries(page):
            key = prefix + (i << shift & WORD) & WORD
            if key >> self.key_bits:
                self.map.report(phys + i * 8, "key")
            else:
                self.level(phys + i * 8, child, level - 1, key)

    def leaf(self, page: bytes, phys: int, prefix: int) -> None:
        odd = False
        for first, count in runs(page):
            key = prefix + first
            while count:
                top = key.bit_length() - 1
                order = self.order_bit - top
                room = (2 << top) - key if key else 1
                part = min(count, room)
                if not key or top > self.order_bit or order > MAX_ORDER:
                    if not odd:
                        self.map.report(phys, "order")
                    odd = True
                else:
                    self.map.add(order, (key ^ 1 << top) <<
                                 self.map.shift + order & WORD, part)
                key += part
                count -= part


class Bitmaps:
    """Chunks that list bitmaps."""

    def __init__(self, map_: Map) -> None:
        self.map = map_
        self.array = map_.abi.array(map_.data["chunks"])
        self.bits = linear(map_.data["leaf-bits"], map_.shift)

    def claim(self, phys: int, length: int) -> bool:
        if self.map.core.claim(self.map.node, None, phys, length,
                               self.map.node.phys):
            return True
        self.map.whole = False
        return False

    def problem(self, rule: str, _one: Optional[Field], phys: int) -> None:
        self.map.report(phys, rule)

    def read(self) -> None:
        reader = Reader(self.map.core, self.array, self.map.node.phys,
                        self.problem, self.claim, self.map.core.dump.read)
        assert self.array.header
        order = self.array.header.find(self.map.data["order"])
        for page in reader.pages():
            if order.get(page.at) > MAX_ORDER:
                self.map.report(page.phys, "order")
                continue
            for i in range(page.used):
                self.bitmap(reader, page, i, order.get(page.at))

    def bitmap(self, reader: Reader, page: Page, i: int, order: int) -> None:
        at, phys = reader.record(page, i), reader.place(page, i)
        record, core = self.array.record, self.map.core
        node = Object("struct", self.map.node, None, phys)
        node.index = page.slot + i
        broken = [rule for rule in core.rules_of(record)
                  if not rule.holds(at, 0, core.env)]
        for rule in broken:
            self.map.whole = False
            core.error(node, rule.field.name if rule.field else None,
                       rule.name, phys + (rule.field.offset
                                          if rule.field else 0))
        if broken:
            return
        start = record.find(self.map.data["start"]).get(at)
        where = record.find(self.map.data["bitmap"]).phys(at, 0,
                                                          self.map.shift)
        shift = self.map.shift + order
        if start & ((1 << self.bits + shift) - 1):
            self.map.report(phys, "start")
            return
        bitmap = self.map.fetch(where, 1 << self.bits - 3)
        for first, count in runs(bitmap or b""):
            self.map.add(order, start + (first << shift), count)
