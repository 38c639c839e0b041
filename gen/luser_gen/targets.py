# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What fields refer to, as objects: addresses, indices, choices, lists."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, List, Optional, Tuple

from .page_tables import PageTable as PageTable
from .trees import Tree
from .vocabulary import Names

if TYPE_CHECKING:
    from .expr import Expr
    from .model import Array, Field, Struct


@dataclass
class Dispatch:
    registry: str
    by: Optional[Field] = None
    size: Optional[Field] = None
    fdt_size: bool = False  # the target is a device tree, which has its size
    refused: Optional[str] = None
    exported: Optional[str] = None


@dataclass
class Link:
    """Where an address or an index leads."""

    kind: str
    align: int = 1  # 0 is the page size
    unsaid: bool = False  # the schema gives no alignment
    nullable: bool = False
    first: bool = False
    none: Optional[int] = None
    struct: Optional[Struct] = None
    array: Optional[Array] = None
    tree: Optional[Tree] = None
    dispatch: Optional[Dispatch] = None
    page_table: Optional[PageTable] = None
    not_followed: Optional[str] = None
    reachable: bool = False  # page tables of the same group may map it
    when_null: Optional[str] = None
    length: Optional[str] = None  # what it owns of memory; None: nothing
    expr: Optional[Expr] = None  # the same in bytes, where it is a number
    words: Optional[str] = None  # what is there, where it is no memory to keep


@dataclass
class Arm:
    name: str
    tag: int
    struct: Optional[Struct]


@dataclass
class Choice:
    """How a union or a section is told."""

    text: str
    arms: List[Arm]
    names: Names
    in_root: bool = False
    tag: Tuple[Field, ...] = ()
    via: Tuple[Field, ...] = ()
    offset: Optional[Field] = None
    size: Optional[Field] = None


@dataclass
class Holds:
    record: Struct
    count: Field
    place: Optional[Field] = None  # where a record's memory is, in pages
    end: Optional[Field] = None  # how far there is any, in bytes


@dataclass
class Setting:
    """What a field is set to: a number, or what the word stands for."""

    field: str
    value: int
    word: Optional[str] = None


@dataclass
class Mapping:
    """An array, and the same in another ABI."""

    here: str
    there: str
    pairs: List[Tuple[str, str]]
    set_here: List[Setting]
    set_there: List[Setting]
    free_here: List[Setting]
    free_there: List[Setting]
    lost_here: List[str]
    lost_there: List[str]


@dataclass
class Conversion:
    """How an ABI's state is said in another one."""

    to: str
    doc: str
    root_here: List[Setting]
    root_there: List[Setting]
    mappings: List[Mapping]
