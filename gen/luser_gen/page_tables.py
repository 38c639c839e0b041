# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Page tables: what their entries are, and which record says what of them."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple

from .errors import Where

if TYPE_CHECKING:
    from .model import Field, Struct
    from .scope import Scope

ENTRY_BITS = 64
MASKS = ("present", "address", "read", "write", "table", "updated",
         "reserved-tables", "reserved-pages", "not-address")


@dataclass
class NextLevel:
    """Bits that say the level of the next table, or that there is none."""

    shift: int
    bits: int
    page: int
    sized: int

    @property
    def mask(self) -> int:
        return ((1 << self.bits) - 1) << self.shift

    def tells(self, top: int) -> bool:
        """What says that it is a page is the level of no table."""
        return self.page == 0 and top < self.sized < 1 << self.bits


@dataclass
class PageFormat:
    """What tables of one format are made of; masks are of an entry."""

    name: str
    doc: str
    where: Where
    granule_shift: int
    index_bits: int
    top_level: Tuple[int, int]
    va_bits: int
    oa_bits: int
    sizes: int  # bit n is set if there are pages of 2^n bytes
    masks: Dict[str, int] = field(default_factory=dict)
    page: int = 0
    next_level: Optional[NextLevel] = None
    zero_only: bool = False  # an entry that is not zero is no empty one

    def shift(self, level: int) -> int:
        """Logarithm of what an entry at @level covers."""
        return self.granule_shift + level * self.index_bits

    @property
    def page_sizes(self) -> List[int]:
        return [n for n in range(ENTRY_BITS) if self.sizes >> n & 1]


@dataclass
class PageTable:
    """How a record says what the page tables are that it leads to."""

    tag: Field
    arms: List[Tuple[str, int, Optional[PageFormat]]]
    top_level: Field
    va_bits: Field
    oa_bits: Field
    granule_shift: Field
    count: Field
    sign_extend: Optional[Field] = None
    sign_extend_mask: int = 0
    freed: Optional[str] = None

    @property
    def formats(self) -> List[PageFormat]:
        return [arm[2] for arm in self.arms if arm[2]]


def parse_sizes(items: List[Any]) -> int:
    """[12, 14-16] as bits."""
    sizes = 0
    for item in items:
        first, _, last = str(item).partition("-")
        for n in range(int(first), int(last or first) + 1):
            sizes |= 1 << n
    return sizes


def page_format(scope: Scope, name: str, data: Dict[str, Any]) -> PageFormat:
    """One format, without a look at who uses it."""
    where = scope.where("page-formats", name)
    result = PageFormat(
        name, data["doc"].strip(), where, data["granule-shift"],
        data["index-bits"],
        (data["top-level"]["min"], data["top-level"]["max"]),
        data["va-bits"], data["oa-bits"], parse_sizes(data["sizes"]),
        {key.replace("-", "_"): data.get(key, 0) for key in MASKS},
        data.get("page", 0), zero_only=data.get("empty") == "zero")
    if "next-level" in data:
        result.next_level = NextLevel(**data["next-level"])
    check(scope, result)
    return result


def check(scope: Scope, made: PageFormat) -> None:
    """What the reader of tables takes for granted."""
    least, most = made.top_level
    if least > most or made.shift(most) >= ENTRY_BITS:
        scope.error(made.where, "no tables have these levels")
    if bool(made.page) == (made.next_level is not None):
        scope.error(made.where, "either a bit says what is a page, or the "
                    "level of the next table does")
    if made.next_level and not made.next_level.tells(most):
        scope.error(made.where, "no level of a table says that there is a "
                    "page: 0 does, and one that is above all levels")
    if made.masks["address"] & ((1 << made.granule_shift) - 1):
        scope.error(made.where, "an address is one of a whole page")
    if not made.masks["present"] or made.masks["present"] & \
            made.masks["address"]:
        scope.error(made.where, "an entry says whether it is there, beside "
                    "its address")


class TableLinker:
    """Finds the fields that describe the tables of one address."""

    def __init__(self, scope: Scope, struct: Struct, where: Where) -> None:
        self.scope = scope
        self.struct = struct
        self.where = where

    def number(self, name: str) -> Optional[Field]:
        found = self.struct.find(name)
        if found is None or not found.is_int:
            self.scope.error(self.where,
                             f"{self.struct.name} has no number {name}")
            return None
        return found

    def arms(self, tag: Field, data: Dict[str, Any]) \
            -> List[Tuple[str, int, Optional[PageFormat]]]:
        names, arms = tag.names, []
        formats = self.scope.abi.page_formats
        for item, name in data.items():
            if names is None or item not in names.items:
                self.scope.error(self.where, f"{tag.name} has no item {item}")
            elif name is not None and name not in formats:
                self.scope.error(self.where, f"there is no page format {name}")
            else:
                arms.append((item, names.items[item].value,
                             formats[name] if name else None))
        return arms

    def sign_extend(self, table: PageTable, text: str) -> None:
        """A field, or a flag of one."""
        name, _, flag = text.partition(".")
        table.sign_extend = found = self.number(name)
        if found is None or not flag:
            table.sign_extend_mask = found.mask if found else 0
        elif found.names and flag in found.names.items:
            table.sign_extend_mask = found.names.items[flag].value
        else:
            self.scope.error(self.where, f"{name} has no flag {flag}")

    def table(self, data: Dict[str, Any]) -> Optional[PageTable]:
        found = [self.number(data[key]) for key in
                 ("tag", "top-level", "va-bits", "oa-bits", "granule-shift",
                  "count")]
        tag, top, va_bits, oa_bits, granule, count = found
        if not (tag and top and va_bits and oa_bits and granule and count):
            return None
        table = PageTable(tag, self.arms(tag, data["arms"]), top, va_bits,
                          oa_bits, granule, count,
                          freed=data.get("freed", {}).get("doc"))
        if "sign-extend" in data:
            self.sign_extend(table, data["sign-extend"])
        return table
