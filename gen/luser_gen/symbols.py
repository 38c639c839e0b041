# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the things of the model are called in C.

What only one file needs is static and has its own name. What other schemas
name too is seen by the whole library, and carries the schema's id.
"""
from __future__ import annotations

from typing import Dict, Iterator, List, Set, Tuple, Union

from .csource import ident
from .model import Abi, Array, Field, Names, Struct

Thing = Union[Struct, Array, Names]


def referred(abi: Abi) -> Iterator[Thing]:
    """Everything that the tables of @abi point at."""
    for struct in abi.all_structs:
        for field in struct.fields:
            yield from field_refers(field)
        if struct.page_list:
            yield struct.page_list.chunks
    for array in abi.arrays.values():
        yield array.record
        if array.header.name:
            yield array.header
    for tree in abi.trees.values():
        if tree.chunks:
            yield tree.chunks.array
            yield tree.chunks.array.record
            yield tree.chunks.array.header


def field_refers(field: Field) -> Iterator[Thing]:
    if field.names:
        yield field.names
    if field.struct:
        yield field.struct
    if field.link and field.link.struct:
        yield field.link.struct
    if field.link and field.link.array:
        yield field.link.array
    if field.holds:
        yield field.holds.record
    if field.choice:
        for arm in field.choice.arms:
            if arm.struct:
                yield arm.struct
        last = field.choice.via[-1].link if field.choice.via else None
        if last and last.array:
            yield last.array.record


class Symbols:
    """Names for all ABIs of one run."""

    def __init__(self, abis: List[Abi]) -> None:
        self.owner: Dict[int, Abi] = {}
        self.struct_of: Dict[int, Struct] = {}
        self.shared: Set[int] = set()
        self.referenced: Set[int] = set()
        self.tags: Dict[int, Tuple[Field, ...]] = {}
        for abi in abis:
            self.own(abi)
        for abi in abis:
            for thing in referred(abi):
                if self.owner[id(thing)] is not abi:
                    self.shared.add(id(thing))
            self.references(abi)

    def own(self, abi: Abi) -> None:
        for struct in abi.all_structs:
            self.owner[id(struct)] = abi
            for field in struct.fields:
                self.struct_of[id(field)] = struct
        for thing in [*abi.arrays.values(), *abi.names.values()]:
            self.owner[id(thing)] = abi

    def references(self, abi: Abi) -> None:
        """Which arrays' records other records refer to, and tell by."""
        for struct in abi.all_structs:
            for field in struct.fields:
                link = field.link
                if link and link.array and link.kind in ("RECORD", "INDEX"):
                    self.referenced.add(id(link.array))
                if field.choice and field.choice.via:
                    via = field.choice.via[-1].link
                    if via and via.array:
                        self.tags[id(via.array)] = field.choice.tag

    def is_shared(self, thing: Thing) -> bool:
        return id(thing) in self.shared

    def name(self, thing: Thing) -> str:
        """The C name of a struct's, array's or enum's table."""
        if not thing.name:
            return "luser_no_header"
        suffix = {Array: "_array", Names: "_names"}.get(type(thing), "")
        if isinstance(thing, Struct) and thing.node:
            suffix = "_node_properties"
        base = ident(thing.name) + suffix
        if not self.is_shared(thing):
            return base
        return f"luser_{ident(self.owner[id(thing)].id)}_{base}"

    def field(self, field: Field) -> str:
        """The address of a field's descriptor."""
        struct = self.struct_of[id(field)]
        return f"&{self.name(struct)}_fields[{field.index}]"

    def path(self, path: Tuple[Field, ...]) -> str:
        """A NULL-ended array of them."""
        items = ", ".join([self.field(field) for field in path] + ["NULL"])
        return f"(const struct luser_field *const []){{ {items} }}"

    def shared_things(self, abi: Abi) -> List[Thing]:
        things: List[Thing] = [*abi.names.values(), *abi.structs.values(),
                               *abi.arrays.values()]
        return [thing for thing in things if self.is_shared(thing)]

    def names_needed(self, abi: Abi) -> List[Names]:
        """The enums and flags that fields are views of."""
        used = {id(field.names) for struct in abi.all_structs
                for field in struct.fields if field.names}
        return [names for names in abi.names.values()
                if id(names) in used or self.is_shared(names)]

    def is_referenced(self, array: Array) -> bool:
        """Whether records of any array refer to this one's."""
        return id(array) in self.referenced

    def tag(self, array: Array) -> Tuple[Field, ...]:
        """The field that tells which arm a referring record has."""
        return self.tags.get(id(array), ())
