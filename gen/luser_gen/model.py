# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a schema says, as objects. Nothing here reads files or prints."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Dict, List, Optional, Tuple, Union

from .errors import Where
from .page_tables import PageFormat as PageFormat
from .targets import (Arm as Arm, Choice as Choice, Conversion as Conversion,
                      Dispatch as Dispatch, Holds as Holds, Link as Link)
from .trees import Tree as Tree
from .vocabulary import (  # for those who import them from here
    Constant as Constant, Kernel as Kernel, Name as Name, Names as Names,
    Releases as Releases, Source as Source)

if TYPE_CHECKING:
    from .expr import Expr

REST = "rest-of-page"
REST_OF_PROPERTY = "rest-of-property"
INTS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}
PAGE_SHIFTS = (12, 14, 16)


@dataclass
class Field:
    """One field of a struct, or one property of a device tree's node."""

    name: str
    doc: str
    where: Where
    type: str
    kind: str
    format: str = "dec"
    offset: int = 0
    size: int = 0
    count: int = 1
    rest: bool = False  # fills the page or property, or follows
    shift: int = 0  # for bits, an address is shifted right by that
    bit: int = 0
    bits: int = 0
    unit: str = ""  # for bits, the storage unit's name
    unit_doc: str = ""
    since: int = 0
    generation: bool = False
    terminated: bool = True
    const: Optional[Union[int, str]] = None
    const_name: Optional[str] = None
    size_name: Optional[str] = None
    min: Optional[int] = None
    max: Optional[int] = None
    multiple_of: Optional[int] = None
    names: Optional[Names] = None
    struct: Optional[Struct] = None
    link: Optional[Link] = None
    choice: Optional[Choice] = None
    holds: Optional[Holds] = None
    c: Optional[str] = None
    khoser: Optional[str] = None
    macro: Optional[str] = None  # how many fit, where it fills the page
    index: int = 0  # its place in the struct's descriptor table

    @property
    def is_int(self) -> bool:
        """Its value is one number (or an array of them)."""
        return self.kind in ("UINT", "PHYS", "INDEX", "POINTER") or (
            self.kind == "PAD" and self.bits > 0)

    @property
    def bytes(self) -> int:
        """Bytes that it takes, without what fills a page."""
        return 0 if self.rest else self.size * self.count

    @property
    def mask(self) -> int:
        """The largest value that fits."""
        return (1 << (self.bits or self.size * 8)) - 1


@dataclass
class Rule:
    """Something that must hold."""

    name: str
    that: str
    doc: str
    where: Where
    field: Optional[Field] = None
    refuse: bool = False
    derived: bool = False
    check: Optional[str] = None
    expr: Optional[Expr] = None


@dataclass
class PageList:
    chunks: Array
    first: Field
    pages: Field
    order: Field


@dataclass
class Struct:
    name: str
    doc: str
    where: Where
    abi: Abi
    fields: List[Field] = field(default_factory=list)
    packed: bool = True
    declared_size: Optional[int] = None
    size: int = 0
    align: int = 1
    natural: int = 1
    rules: List[Rule] = field(default_factory=list)
    hints: List[Rule] = field(default_factory=list)
    zero_tail: bool = False
    label: Optional[Field] = None
    group: Optional[str] = None  # a record, all of which belongs together
    empty: Optional[Union[str, Expr]] = None
    page_list: Optional[PageList] = None
    in_kernel: bool = True
    node: bool = False
    since: Optional[str] = None  # the first release that has it

    def find(self, name: str) -> Optional[Field]:
        for item in self.fields:
            if item.name == name:
                return item
        return None

    @property
    def fills_page(self) -> bool:
        return any(item.rest and not item.holds for item in self.fields)


@dataclass
class Unique:
    """What no two records share; or, in `same`, must have in common."""

    name: str
    doc: str
    where: Where
    by: List[Field]
    same: List[Field]

    @property
    def that(self) -> str:
        """What must hold, for a person."""
        by = " and ".join(field.name for field in self.by)
        if not self.same:
            return f"no other record with this {by}"
        same = " and ".join(field.name for field in self.same)
        return f"one {same} in all records with this {by}"


@dataclass
class Array:
    """Records in pages."""

    name: str
    doc: str
    where: Where
    abi: Abi
    record: Struct
    header: Struct
    next: Optional[Field] = None
    pages: Optional[Field] = None
    table_pages: int = 0  # of a table that always has as many
    count: Optional[Field] = None
    by_total: bool = False  # the owner counts the records
    freed: Optional[str] = None
    stride: Optional[Field] = None
    total: Tuple[Field, ...] = ()
    min_count: int = 0
    max_pages: int = 1
    max_pages_name: Optional[str] = None
    full: bool = False
    free: Optional[str] = None
    expect: List[Tuple[Field, int]] = field(default_factory=list)
    same: List[Field] = field(default_factory=list)
    checksum: Optional[Field] = None
    sealed: Optional[Field] = None
    sealed_mask: int = 0
    unique: List[Unique] = field(default_factory=list)
    counted: Tuple[Field, ...] = ()  # refers to records that count their users
    users: Tuple[Field, ...] = ()  # how many records refer to this one so
    macro: Optional[str] = None  # the kernel's name for the capacity

    def capacity(self, page_shift: int) -> int:
        """Records that fit in one page, or in a table of fixed size."""
        room = max(1, self.table_pages) << page_shift
        return (room - self.header.size) // self.record.size

    @property
    def is_table(self) -> bool:
        """Its pages are contiguous."""
        return self.pages is not None or self.table_pages > 0


@dataclass
class Child:
    name: Optional[str]
    node: Node


@dataclass
class Node:
    name: str
    where: Where
    properties: Struct
    children: List[Child] = field(default_factory=list)


@dataclass
class Abi:
    """One version of one ABI."""

    id: str
    name: str
    version: str
    summary: str
    doc: str
    origin: str
    carrier: str
    where: Where
    file: str
    title: str = ""
    releases: Optional[Releases] = None
    sources: List[Source] = field(default_factory=list)
    registry: Optional[str] = None
    key: Optional[str] = None
    module: Optional[str] = None
    refused: Optional[str] = None
    misread: Optional[str] = None
    identity: Optional[Field] = None
    identity_value: Optional[Union[int, str]] = None
    uses: List[Abi] = field(default_factory=list)
    extends: Optional[Abi] = None
    feature: Optional[Field] = None
    feature_mask: int = 0
    replaces: Optional[Abi] = None
    rank: int = 0
    breaks: Dict[str, str] = field(default_factory=dict)
    conversions: List[Conversion] = field(default_factory=list)
    freed: Optional[str] = None
    kernel: Optional[Kernel] = None
    root: Optional[Struct] = None
    root_array: Optional[Array] = None
    root_node: Optional[Node] = None
    constants: Dict[str, Constant] = field(default_factory=dict)
    names: Dict[str, Names] = field(default_factory=dict)
    structs: Dict[str, Struct] = field(default_factory=dict)
    arrays: Dict[str, Array] = field(default_factory=dict)
    trees: Dict[str, Tree] = field(default_factory=dict)
    page_formats: Dict[str, PageFormat] = field(default_factory=dict)
    nodes: Dict[str, Node] = field(default_factory=dict)
    docs: List[Tuple[Where, str]] = field(default_factory=list)

    @property
    def kernels(self) -> str:
        return str(self.releases or "")

    @property
    def all_structs(self) -> List[Struct]:
        """Structs in memory, then the properties of nodes."""
        nodes = [node.properties for node in self.nodes.values()]
        return list(self.structs.values()) + nodes
