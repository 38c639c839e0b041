# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Page formats: what one entry of a page table says."""
from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Optional

from schema import Abi, Data


class Entry(NamedTuple):
    """Where one leads; what is wrong with it, if anything is.

    bits are what it says beside address, size and level.
    """

    is_page: bool
    shift: int
    phys: int
    bits: int
    rule: Optional[str]


class Format:
    """What tables are made of."""

    def __init__(self, name: str, data: Data) -> None:
        self.name = name
        self.granule: int = data["granule-shift"]
        self.index: int = data["index-bits"]
        self.top = range(data["top-level"]["min"], data["top-level"]["max"] + 1)
        self.va_bits: int = data["va-bits"]
        self.oa_bits: int = data["oa-bits"]
        self.sizes = {size for text in data["sizes"] for size in sizes(text)}
        self.present: int = data["present"]
        self.zero_only = data.get("empty") == "zero"
        self.address: int = data["address"]
        self.not_address: int = data.get("not-address", 0)
        self.page_bit: int = data.get("page", 0)
        self.next: Data = data.get("next-level", {})
        self.read: int = data.get("read", 0)
        self.write: int = data["write"]
        self.updated: int = data.get("updated", 0)
        self.reserved_tables: int = data.get("reserved-tables", 0)
        self.reserved_pages: int = data.get("reserved-pages", 0)

    @property
    def table_shift(self) -> int:
        return 3 + self.index

    def shift(self, level: int) -> int:
        """Of what an entry of the level covers."""
        return self.granule + level * self.index

    @lru_cache(maxsize=65536)
    def entry(self, level: int, oa_bits: int, value: int) -> Optional[Entry]:
        """None if it leads nowhere."""
        if not value & self.present:
            return Entry(False, 0, 0, 0, "half-present") \
                if value and self.zero_only else None
        if self.is_page(level, value):
            return self.page(level, oa_bits, value)
        return self.table(level, oa_bits, value)

    def next_level(self, value: int) -> int:
        return value >> self.next["shift"] & (1 << self.next["bits"]) - 1

    def is_page(self, level: int, value: int) -> bool:
        if self.next:
            return self.next_level(value) in (self.next["page"],
                                              self.next["sized"])
        return not level or bool(value & self.page_bit)

    def table(self, level: int, oa_bits: int, value: int) -> Entry:
        phys = value & self.address
        rule = misplaced("table", phys, self.table_shift, oa_bits,
                         value & self.reserved_tables)
        if self.next and self.next_level(value) != level:
            rule = "next-level"
        return Entry(False, self.shift(level), phys,
                     value & (self.read | self.write), rule)

    def page(self, level: int, oa_bits: int, value: int) -> Entry:
        address, other, shift = self.address, self.updated, self.shift(level)
        if level:
            address &= ~self.not_address
            other |= self.page_bit
        if self.next:
            other |= (1 << self.next["bits"]) - 1 << self.next["shift"]
        phys = value & address
        if self.next and self.next_level(value) == self.next["sized"]:
            shift = self.sized(value)
            phys &= -1 << shift
        if shift in self.sizes and \
                self.shift(level) <= shift < self.shift(level + 1):
            rule = misplaced("page", phys, shift, oa_bits,
                             value & self.reserved_pages)
        else:
            rule = "page-size"
        return Entry(True, shift, phys, value & ~(address | other), rule)

    def sized(self, value: int) -> int:
        """Ones from the lowest address bit on, below a zero, say the size."""
        shift = self.granule
        while value >> shift & 1:
            shift += 1
        return shift + 1


def sizes(text: object) -> range:
    first, _, last = str(text).partition("-")
    return range(int(first), int(last or first) + 1)


def misplaced(what: str, phys: int, shift: int, oa_bits: int,
              reserved: int) -> Optional[str]:
    if reserved:
        return "reserved-bits"
    if phys % (1 << shift):
        return f"{what}-aligned"
    if phys + (1 << shift) > 1 << oa_bits:
        return f"{what}-address"
    return None


@lru_cache(maxsize=None)
def format_of(abi: Abi, name: str) -> Format:
    found = abi.named("page-formats", name)
    assert found
    return Format(name, found[1])
