# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a schema can name: its own things, and those of the ones it uses."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional, Union

from .errors import Report, Where
from .load import Document, Key
from .model import Abi, Array, Constant, Names, Struct


@dataclass
class Scope:
    """Looks names up, and reports those that are not there."""

    doc: Document
    abi: Abi
    report: Report

    def where(self, *path: Key) -> Where:
        return self.doc.where(*path)

    def error(self, where: Where, text: str) -> None:
        self.report.error(where, text)

    def _search(self, table: Callable[[Abi], Dict[str, Any]],
                name: str) -> Optional[Any]:
        for abi in [self.abi] + self.abi.uses:
            if name in table(abi):
                return table(abi)[name]
        return None

    def _need(self, what: str, table: Callable[[Abi], Dict[str, Any]],
              name: str, where: Where) -> Optional[Any]:
        found = self._search(table, name)
        if found is None:
            self.error(where, f"there is no {what} {name} here or in uses")
        return found

    def find_struct(self, name: str) -> Optional[Struct]:
        return self._search(lambda abi: abi.structs, name)

    def find_names(self, name: str) -> Optional[Names]:
        return self._search(lambda abi: abi.names, name)

    def find_constant(self, name: str) -> Optional[Constant]:
        return self._search(lambda abi: abi.constants, name)

    def struct(self, name: str, where: Where) -> Optional[Struct]:
        return self._need("struct", lambda abi: abi.structs, name, where)

    def names(self, name: str, flags: bool, where: Where) -> Optional[Names]:
        what = "flags" if flags else "enum"
        found: Optional[Names] = self._need(what, lambda abi: abi.names, name,
                                            where)
        if found and found.is_flags != flags:
            self.error(where, f"{name} is no {what}")
        return found

    def array(self, name: str, where: Where) -> Optional[Array]:
        """NAME, or ID/NAME for one of another ABI."""
        if "/" not in name:
            return self._need("array", lambda abi: abi.arrays, name, where)
        abi_id, short = name.split("/", 1)
        for abi in self.abi.uses:
            if abi.id == abi_id and short in abi.arrays:
                return abi.arrays[short]
        self.error(where, f"there is no array {name} in uses")
        return None

    def number(self, value: Union[int, str], where: Where) -> Optional[int]:
        """A number, or a constant that is one."""
        if isinstance(value, int):
            return value
        constant = self.find_constant(value)
        if constant is None:
            self.error(where, f"there is no constant {value}")
        elif not isinstance(constant.value, int):
            self.error(where, f"constant {value} is no number")
        else:
            return constant.value
        return None

    def item(self, value: Union[int, str], where: Where) -> Optional[int]:
        """A number, a constant, or ENUM.ITEM."""
        if isinstance(value, int) or "." not in value:
            return self.number(value, where)
        enum, item = value.split(".", 1)
        names = self.names(enum, False, where)
        if names and item not in names.items:
            self.error(where, f"enum {enum} has no item {item}")
        return names.items[item].value if names and item in names.items \
            else None
