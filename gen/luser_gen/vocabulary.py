# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The parts of a schema that refer to no struct."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple, Union

from .errors import Where


@dataclass
class Name:
    """An item of an enum, or a flag; a flag's value is its mask."""

    name: str
    doc: str
    value: int
    macro: Optional[str] = None
    uapi: Optional[str] = None


@dataclass
class Names:
    """An enum or a set of flags."""

    name: str
    where: Where
    items: Dict[str, Name]
    is_flags: bool
    unknown: str = "report"
    all_macro: Optional[str] = None  # the kernel's name for all flags

    @property
    def mask(self) -> int:
        return sum({item.value for item in self.items.values()})


@dataclass
class Constant:
    """A macro. Its value is a number, a string, or the page size."""

    name: str
    doc: str
    where: Where
    value: Union[int, str]
    header: Optional[str] = None
    numbered: bool = False  # the string is followed by a number
    since: Optional[str] = None  # the first release that has it

    @property
    def is_page_size(self) -> bool:
        return self.value == "page_size"


@dataclass(frozen=True)
class Releases:
    """The releases of Linux that write an ABI; the last one may be open."""

    first: str
    last: Optional[str] = None

    @staticmethod
    def number(release: str) -> Tuple[int, ...]:
        """What releases are sorted by: 7.10 comes after 7.9."""
        return tuple(int(part) for part in release.split("."))

    def have(self, release: str) -> bool:
        number = self.number(release)
        return self.number(self.first) <= number and (
            self.last is None or number <= self.number(self.last))

    def __str__(self) -> str:
        if self.last is None:
            return f"{self.first} and later"
        return self.first if self.first == self.last \
            else f"{self.first} to {self.last}"


@dataclass
class Source:
    """Where a fact comes from."""

    kernel: Optional[str]
    posting: Optional[str]
    file: str
    symbol: Optional[str] = None
    note: Optional[str] = None


@dataclass
class Kernel:
    """Which kernel header an ABI is."""

    header: str
    current: bool
    includes: List[str]
    provides: List[str]
    validator: Optional[str] = None
