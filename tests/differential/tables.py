# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Page tables, level by level, and the pages that they map."""
from __future__ import annotations

import struct
from typing import NamedTuple, Optional, Tuple

from core import Core, Object
from formats import Entry, Format, format_of
from maps import entries
from rules import path_of
from schema import WORD, Field, Struct


class Record:
    """What the fields beside the address of a top table say."""

    def __init__(self, core: Core, node: Object, owner: Struct, one: Field,
                 base: int) -> None:
        self.core, self.node, self.base = core, node, base
        self.struct, self.address = owner, one
        self.data = one.data["to"]["page-table"]

    def field(self, key: str) -> Field:
        return self.struct.find(self.data[key])

    def value(self, key: str) -> int:
        return self.field(key).get(self.node.at, self.base)

    def tell(self, severity: str, one: Field, rule: str) -> None:
        self.core.tell(severity, self.node, self.node.name_of(one, self.base),
                       rule, self.node.place(self.base + one.offset))

    def format(self) -> Optional[Format]:
        tag = self.field("tag")
        assert tag.names
        for name, arm in self.data["arms"].items():
            if tag.names.items[name] == self.value("tag"):
                if arm:
                    return format_of(self.struct.abi, arm)
                self.tell("note", tag, "not-followed")
        return None

    def sign_extend(self) -> bool:
        if "sign-extend" not in self.data:
            return False
        one, offset, flag = path_of(self.struct,
                                    self.data["sign-extend"].split("."))
        mask = one.names.items[flag] if one.names else WORD
        return bool(one.get(self.node.at, self.base + offset) & mask)

    def is_sound(self, made: Format, phys: int) -> bool:
        """Whether there can be such tables there."""
        least = made.granule
        covers = made.shift(self.value("top-level") + 1)
        for key, allowed in (
                ("top-level", made.top),
                ("granule-shift", range(least, least + 1)),
                ("va-bits", range(least, min(made.va_bits, covers) + 1)),
                ("oa-bits", range(least, made.oa_bits + 1))):
            if self.value(key) not in allowed:
                self.tell("error", self.field(key), "table-geometry")
                return False
        if phys % (1 << made.table_shift) or phys >> self.value("oa-bits"):
            self.tell("error", self.address, "table-address")
            return False
        return True

    def read(self, phys: int) -> bool:
        """False if the tables are not looked at."""
        made = self.format()
        if not made or not self.is_sound(made, phys):
            return False
        core, node, one = self.core, self.node, self.address
        core.expect_preserved(node, node.name_of(one, self.base), phys,
                              1 << made.table_shift,
                              node.place(self.base + one.offset))
        child = Object("page-tables", node, node.abi, phys, one.name)
        if core.enter(child):
            tables = Tables(self, made, child)
            tables.read()
            if tables.whole and tables.tables != tables.limit:
                self.tell("error", self.field("count"), "table-count")
        return True


class Place(NamedTuple):
    """A table, and what all levels above it allow."""

    level: int
    phys: int
    iova: int
    read: bool
    write: bool


class Run(NamedTuple):
    """Pages that are alike and follow each other on both sides.

    alike is their size, their bits, and what all levels allow.
    """

    iova: int
    phys: int
    length: int
    alike: Tuple[int, int, bool, bool]
    at: int


class Tables:
    """The tables of one record being read."""

    def __init__(self, record: Record, made: Format, node: Object) -> None:
        self.core, self.format, self.node = record.core, made, node
        self.top = record.value("top-level")
        self.va_bits = record.value("va-bits")
        self.oa_bits = record.value("oa-bits")
        self.limit = record.value("count")
        self.sign_extend = record.sign_extend()
        self.tables = self.pages = self.bytes = self.runs = 0
        self.whole, self.full = True, False
        self.run: Optional[Run] = None

    def read(self) -> None:
        self.table(Place(self.top, self.node.phys, 0, True, True))
        self.end_run()
        self.node.json.update({
            "format": self.format.name, "levels": self.top + 1,
            "tables": self.tables, "pages": self.pages,
            "bytes": min(self.bytes, WORD), "runs": self.runs})

    def report(self, phys: int, rule: str) -> None:
        self.core.error(self.node, None, rule, phys)

    def fetch(self, table: Place) -> Optional[bytes]:
        core, node = self.core, self.node
        length = 1 << self.format.table_shift
        if not core.claim(node, None, table.phys, length, node.phys):
            return None
        # The top one is the record's field.
        if table.level != self.top:
            core.expect_preserved(node, None, table.phys, length, node.phys)
        return core.read(node, None, table.phys, length, node.phys)

    def table(self, table: Place) -> None:
        if self.tables >= self.limit:
            if not self.full:
                self.report(table.phys, "table-count")
            self.full = True
            return
        at = self.fetch(table)
        if at is None:
            self.whole = False
            return
        self.tables += 1
        done, told = 0, False
        for index, value in entries(at):
            entry = self.format.entry(table.level, self.oa_bits, value)
            if not entry or index < done:
                continue
            rule = self.broken(table, at, index, entry)
            if not rule:
                done = index + self.follow(table, index, entry)
            elif not told:
                self.report(table.phys + index * 8, rule)
                told = True
        self.whole &= not told

    def follow(self, table: Place, index: int, entry: Entry) -> int:
        """Returns how many entries that was."""
        if entry.is_page:
            self.page(table, index, entry)
            return self.span(table, entry)
        self.table(Place(table.level - 1, entry.phys, self.iova(table, index),
                         *self.allowed(table, entry)))
        return 1

    def span(self, table: Place, entry: Entry) -> int:
        """How many entries a page takes."""
        return 1 << entry.shift - self.format.shift(table.level)

    def allowed(self, table: Place, entry: Entry) -> Tuple[bool, bool]:
        read, write = self.format.read, self.format.write
        return (table.read and (not read or bool(entry.bits & read)),
                table.write and bool(entry.bits & write))

    def iova(self, table: Place, index: int) -> int:
        """What an entry is for; more than 64 bits are no address."""
        iova = table.iova + (index << self.format.shift(table.level))
        covers = self.format.shift(self.top + 1)
        if self.sign_extend and covers < 64 and iova >> covers - 1 & 1:
            iova |= -1 << covers & WORD
        return iova

    def has(self, iova: int) -> bool:
        """Whether the domain has the address."""
        if self.sign_extend:
            iova = iova + (1 << self.va_bits - 1) & WORD
        return iova < 1 << self.va_bits

    def broken(self, table: Place, at: bytes, index: int,
               entry: Entry) -> Optional[str]:
        iova = self.iova(table, index)
        is_page = entry.is_page and not entry.rule
        shift = entry.shift if is_page else self.format.shift(table.level)
        ends = self.has(iova), self.has(iova + (1 << shift) - 1 & WORD)
        if iova > WORD or not (all(ends) if is_page else any(ends)):
            return "beyond-domain"
        if is_page and not self.is_whole(at, index, self.span(table, entry)):
            return "page-whole"
        return entry.rule

    def is_whole(self, at: bytes, index: int, span: int) -> bool:
        """A page's entries are all alike, but for what hardware sets."""
        if index % span:
            return False
        values = struct.unpack_from(f"<{span}Q", at, index * 8)
        return len({value & ~self.format.updated for value in values}) == 1

    def page(self, table: Place, index: int, entry: Entry) -> None:
        iova, run = self.iova(table, index), self.run
        alike = entry.shift, entry.bits, *self.allowed(table, entry)
        self.pages += 1
        self.bytes += 1 << entry.shift
        if run and run.alike == alike and (iova, entry.phys) == \
                (run.iova + run.length, run.phys + run.length):
            self.run = run._replace(length=run.length + (1 << entry.shift))
            return
        self.end_run()
        self.run = Run(iova, entry.phys, 1 << entry.shift, alike,
                       table.phys + index * 8)

    def end_run(self) -> None:
        run, core = self.run, self.core
        if not run:
            return
        self.runs += 1
        if core.mapped and not core.have(run.phys, run.length):
            self.report(run.at, "maps-not-preserved")
