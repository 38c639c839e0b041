# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What fields refer to: addresses, indices, choices, and page lists."""
from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from .errors import Where
from .expr import ExprError, Parser, may_fault
from .fields import field_data, field_path
from .load import Key, Path_
from .model import (REST, Arm, Choice, Dispatch, Field, Holds, Link, Names,
                    PageList, Struct)
from .page_tables import TableLinker
from .scope import Scope

# Lengths that are no number: what the map says, and what nobody says.
LENGTHS = ("block", "open")


def walk_path(struct: Struct, names: List[str]) -> Optional[Tuple[Field, ...]]:
    """The fields of a dotted path, through nested structs."""
    path: List[Field] = []
    here: Optional[Struct] = struct
    for name in names:
        field = here.find(name) if here else None
        if field is None:
            return None
        path.append(field)
        here = field.struct
    return tuple(path)


class Linker:
    """Resolves the links of one struct's or node's fields."""

    def __init__(self, scope: Scope, struct: Struct, table: Dict[str, Any],
                 path: Path_) -> None:
        self.scope = scope
        self.struct = struct
        self.table = table
        self.path = path

    def where(self, field: Field, *keys: Key) -> Where:
        return self.scope.where(*self.path, *field_path(field), *keys)

    def link_all(self) -> None:
        for field in self.struct.fields:
            data = field_data(self.table, field)
            if field.kind == "PHYS":
                field.link = self.phys(field, data)
            elif field.kind == "INDEX":
                field.link = self.index(field, data)
            if "holds" in data:
                field.holds = self.holds(field, data["holds"])
            if "total" in data and field.struct:
                count = self.sibling(data["total"], self.where(field, "total"))
                field.holds = Holds(field.struct, count) if count else None
            elif field.rest and data.get("count", REST) != REST:
                field.holds = self.follow(field, data["count"])

    def sibling(self, name: str, where: Where) -> Optional[Field]:
        """A number beside the field."""
        field = self.struct.find(name)
        if field is None or not field.is_int:
            self.scope.error(where, f"{self.struct.name} has no number {name}")
            return None
        return field

    def phys(self, field: Field, data: Dict[str, Any]) -> Link:
        align = data.get("align", 1)
        if align != "page" and align & (align - 1):
            self.scope.error(self.where(field, "align"),
                             f"{align} is no power of two")
        link = Link("MEMORY", align=0 if align == "page" else align,
                    unsaid="align" not in data, nullable="null" in data,
                    first="walk" in data, when_null=data.get("when-null"),
                    not_followed=data.get("not-followed"),
                    reachable=data.get("reachable", False))
        if link.when_null and not link.nullable:
            self.scope.error(self.where(field, "when-null"),
                             "when-null is for an address that may be zero")
        self.target(field, link, data.get("to", "memory"))
        if link.reachable and link.kind != "MEMORY":
            self.scope.error(self.where(field, "reachable"),
                             "reachable is for memory")
        if "length" in data:
            self.length(field, link, str(data["length"]))
        if field.khoser:
            self.scope.struct(field.khoser, self.where(field, "khoser"))
        return link

    def length(self, field: Field, link: Link, text: str) -> None:
        """How much of the memory there is the record's own."""
        where = self.where(field, "length")
        if link.kind != "MEMORY":
            self.scope.error(where, "length is for memory")
            return
        link.length = text
        if text in LENGTHS:
            return
        try:
            link.expr = Parser(self.scope, self.struct).number(text)
        except ExprError as error:
            self.scope.error(where, str(error))
            return
        if may_fault(link.expr):
            self.scope.error(where, "a length divides by no field")

    def target(self, field: Field, link: Link, to: Any) -> None:
        where = self.where(field, "to")
        if to == "memory":
            return
        if isinstance(to, str):
            link.kind, link.struct = "STRUCT", self.scope.struct(to, where)
            return
        (kind, value), = to.items()
        if kind == "page-table":
            link.page_table = TableLinker(self.scope, self.struct,
                                          where).table(value)
            return
        link.kind = kind.upper()
        if kind in ("array", "record"):
            link.array = self.scope.array(value, where)
        elif kind == "tree":
            link.tree = self.scope.abi.trees.get(value)
            if link.tree is None:
                self.scope.error(where, f"there is no tree {value}")
        else:
            link.dispatch = self.dispatch(value, where)

    def dispatch(self, data: Dict[str, Any], where: Where) -> Dispatch:
        result = Dispatch(data["registry"], refused=data.get("refused"),
                          exported=data.get("exported"))
        if data["by"] != "$name":
            result.by = self.struct.find(data["by"])
            if result.by is None:
                self.scope.error(where, f"{self.struct.name} has no field "
                                 f"{data['by']}")
        elif not self.struct.node:
            self.scope.error(where, "only device tree nodes have a $name")
        result.fdt_size = data.get("size") == "$fdt"
        if "size" in data and not result.fdt_size:
            result.size = self.sibling(data["size"], where)
        return result

    def index(self, field: Field, data: Dict[str, Any]) -> Link:
        link = Link("INDEX", nullable="none" in data, none=data.get("none"))
        if "of" in data:
            link.array = self.scope.array(data["of"], self.where(field, "of"))
        return link

    def follow(self, field: Field, count: str) -> Optional[Holds]:
        """Records that follow their struct, as many as a field says."""
        where = self.where(field, "count")
        if field.struct is None:
            self.scope.error(where, "what follows by a count is made of "
                             "structs")
            return None
        number = self.sibling(count, where)
        return Holds(field.struct, number) if number else None

    def holds(self, field: Field, data: Dict[str, Any]) -> Optional[Holds]:
        where = self.where(field, "holds")
        record = self.scope.struct(data["of"], where)
        count = self.sibling(data["count"], where)
        if field.struct is None or field.struct.page_list is None:
            self.scope.error(where, f"struct {field.type} is no page list")
        if not record or not count:
            return None
        result = Holds(record, count)
        if "ordered" in data:
            self.ordered(result, data["ordered"], where)
        return result

    def ordered(self, holds: Holds, data: Dict[str, Any],
                where: Where) -> None:
        """By what the records are sorted, and where they end."""
        holds.place = holds.record.find(data["by"])
        holds.end = self.sibling(data["within"], where)
        if holds.place is None or not holds.place.is_int:
            self.scope.error(where, f"{holds.record.name} has no number "
                             f"{data['by']}")


class Chooser:
    """Resolves unions and sections; needs the fields of all structs."""

    def __init__(self, linker: Linker) -> None:
        self.linker = linker
        self.scope = linker.scope

    def choose_all(self) -> None:
        for field in self.linker.struct.fields:
            if field.kind in ("UNION", "SECTION"):
                field.choice = self.choice(field)

    def choice(self, field: Field) -> Optional[Choice]:
        data = field_data(self.linker.table, field)
        if "tag" not in data or "arms" not in data:
            return None
        choice = Choice(data["tag"], [], Names("", field.where, {}, False))
        if not self.tag(field, choice):
            return None
        self.arms(field, choice, data["arms"])
        if field.kind == "SECTION":
            for key in ("offset", "size"):
                where = self.linker.where(field, key)
                setattr(choice, key,
                        self.linker.sibling(str(data.get(key)), where))
        return choice

    def tag(self, field: Field, choice: Choice) -> bool:
        """Find the field that tells, and the enum that it is a view of."""
        where = self.linker.where(field, "tag")
        start: Optional[Struct] = self.linker.struct
        names = choice.text.split(".")
        if "->" in choice.text:
            via, names_text = choice.text.split("->")
            choice.via = walk_path(self.linker.struct, via.split(".")) or ()
            names = names_text.split(".")
            link = choice.via[-1].link if choice.via else None
            start = link.array.record if link and link.array else \
                link.struct if link else None
        elif names[0] == "root":
            choice.in_root, start, names = True, self.scope.abi.root, names[1:]
        choice.tag = (walk_path(start, names) if start else None) or ()
        enum = choice.tag[-1].names if choice.tag else None
        if enum is None or enum.is_flags:
            self.scope.error(where, f"{choice.text} is no enum field")
            return False
        choice.names = enum
        return True

    def arms(self, field: Field, choice: Choice, arms: Dict[str, Any]) -> None:
        for item, struct in arms.items():
            where = self.linker.where(field, "arms", item)
            if item not in choice.names.items:
                self.scope.error(where, f"enum {choice.names.name} has no "
                                 f"item {item}")
                continue
            target = self.scope.struct(struct, where) if struct else None
            choice.arms.append(Arm(item, choice.names.items[item].value,
                                   target))


def page_list(scope: Scope, name: str, data: Dict[str, Any]) -> None:
    """Say that a struct leads to scattered pages."""
    where = scope.where("page-lists", name)
    struct = scope.struct(name, where)
    chunks = scope.array(data["chunks"],
                         scope.where("page-lists", name, "chunks"))
    if struct is None or chunks is None:
        return
    found = [struct.find(data[key]) for key in ("first", "pages", "order")]
    first, pages, order = found
    if first and pages and order:
        struct.page_list = PageList(chunks, first, pages, order)
    else:
        scope.error(where, f"struct {name} lacks one of the fields")
