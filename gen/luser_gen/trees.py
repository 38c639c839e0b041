# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Maps of preserved memory: radix trees, and bitmaps that chunks list."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Iterable, Optional, Union

from .errors import Where

if TYPE_CHECKING:
    from .model import Array, Field
    from .scope import Scope

NO_DATA: Dict[str, Any] = {}


@dataclass(frozen=True)
class Linear:
    """constant + shifts * page_shift"""

    constant: int = 0
    shifts: int = 0

    def at(self, page_shift: int) -> int:
        return self.constant + self.shifts * page_shift

    def __str__(self) -> str:
        if not self.shifts:
            return str(self.constant)
        times = f"{abs(self.shifts)} * " if abs(self.shifts) > 1 else ""
        sign = "+" if self.shifts > 0 else "-"
        return f"{self.constant} {sign} {times}page_shift"


@dataclass
class TreeKernel:
    """What the kernel calls the parts of a tree."""

    title: str
    enum: str
    key_bits: str
    table_bits: str
    leaf_bits: str
    levels: str
    table: str
    leaf: str


@dataclass
class Chunks:
    """Where bitmaps are listed, in place of a tree's tables."""

    array: Array
    order: Field
    start: Field
    bitmap: Field

    def __str__(self) -> str:
        return (f"{self.array.name} ({self.order.name}, {self.start.name}, "
                f"{self.bitmap.name})")


@dataclass
class Tree:
    name: str
    doc: str
    where: Where
    leaf_bits: Linear
    key_bits: Linear = Linear()
    table_bits: Linear = Linear()
    order_bit: Linear = Linear()
    chunks: Optional[Chunks] = None
    freed: Optional[str] = None
    kernel: Optional[TreeKernel] = None

    def levels(self, page_shift: int) -> int:
        """Levels of tables, and the one of leaves."""
        above = self.key_bits.at(page_shift) - self.leaf_bits.at(page_shift)
        return -(-above // self.table_bits.at(page_shift)) + 1


def parse_linear(value: Union[int, str]) -> Linear:
    """65 - page_shift, or a number."""
    if isinstance(value, int):
        return Linear(value, 0)
    match = re.fullmatch(r"(-?\d+) ([+-]) (?:(\d+) \* )?page_shift", value)
    if match is None:
        return Linear(int(value), 0)
    shifts = int(match[3] or 1)
    return Linear(int(match[1]), shifts if match[2] == "+" else -shifts)


def start_tree(scope: Scope, name: str, data: Dict[str, Any]) -> Tree:
    """The tree without what refers to an array; fields may name it."""
    kernel = data.get("kernel")
    tree = Tree(name, data["doc"].strip(), scope.where("trees", name),
                parse_linear(data["leaf-bits"]),
                freed=data.get("freed", NO_DATA).get("doc"),
                kernel=TreeKernel(**{key.replace("-", "_"): value
                                     for key, value in kernel.items()})
                if kernel else None)
    for key in ("key-bits", "table-bits", "order-bit"):
        if key in data:
            setattr(tree, key.replace("-", "_"), parse_linear(data[key]))
    return tree


def check_leaf(scope: Scope, tree: Tree, has_chunks: bool,
               page_shifts: Iterable[int]) -> None:
    """The library reads bitmaps by 4096 bits, into room for one page."""
    for shift in page_shifts:
        page = shift + 3
        if not (12 if has_chunks else page) <= tree.leaf_bits.at(shift) <= page:
            scope.error(scope.where("trees", tree.name, "leaf-bits"),
                        f"{tree.name} has bitmaps of "
                        f"2^{tree.leaf_bits.at(shift)} bits, which with pages "
                        f"of 2^{shift} bytes there cannot be")
            return


def link_chunks(scope: Scope, tree: Tree, data: Dict[str, Any]) -> None:
    """Find the array of a tree's bitmaps, and its fields."""
    if "chunks" not in data:
        return
    array = scope.array(data["chunks"],
                        scope.where("trees", tree.name, "chunks"))
    if array is None:
        return
    places = {"order": array.header, "start": array.record,
              "bitmap": array.record}
    found = {key: struct.find(data[key]) for key, struct in places.items()}
    for key, field in found.items():
        if field is None or not field.is_int:
            scope.error(scope.where("trees", tree.name, key),
                        f"{places[key].name} has no number {data[key]}")
            return
    order, start, bitmap = found.values()
    if bitmap and bitmap.link:
        bitmap.link.words = "a bitmap"
    if order and start and bitmap:
        tree.chunks = Chunks(array, order, start, bitmap)
