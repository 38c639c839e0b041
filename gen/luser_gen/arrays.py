# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Arrays, from data to objects."""
from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from .errors import Where
from .expr import ExprError, Parser
from .links import walk_path
from .load import Key
from .model import Abi, Array, Field, Struct, Unique
from .scope import Scope

BY_TOTAL = "by-total"


def start_array(scope: Scope, name: str,
                data: Dict[str, Any]) -> Optional[Array]:
    """The array without what refers to its owner; fields may name it."""
    where = scope.where("arrays", name)
    record = scope.struct(data["of"], scope.where("arrays", name, "of"))
    header = scope.struct(data["header"],
                          scope.where("arrays", name, "header")) \
        if "header" in data else Struct("", "", where, scope.abi)
    if record is None or header is None:
        return None
    return Array(name, data["doc"].strip(), where, scope.abi, record, header)


class ArrayMaker:
    """Fills in one array once all structs have their fields and links."""

    def __init__(self, scope: Scope, array: Array,
                 data: Dict[str, Any]) -> None:
        self.scope = scope
        self.array = array
        self.data = data

    def where(self, *keys: Key) -> Where:
        return self.scope.where("arrays", self.array.name, *keys)

    def make(self) -> None:
        data, array = self.data, self.array
        if isinstance(data.get("pages"), int):
            array.table_pages = data["pages"]
        for key in ("next", "pages", "stride"):
            if isinstance(data.get(key), str):
                setattr(array, key, self.header(data[key], key))
        if (array.next is None) != array.is_table:
            self.scope.error(array.where,
                             "an array has next (a chain) or pages (a table)")
        if array.next and array.next.link:
            array.next.link.words = "the next page"
        array.by_total = data["count"] == BY_TOTAL
        if array.by_total and "total" not in data:
            self.scope.error(self.where("count"), "the array has no total")
        if data["count"] not in (BY_TOTAL, "until-zero"):
            array.count = self.header(data["count"], "count")
        self.limit()
        array.min_count = data.get("min-count", 0)
        array.full = "full" in data
        array.macro = data.get("macro")
        if "freed" in data:
            array.freed = data["freed"]["doc"].strip()
        array.expect = self.expect()
        array.same = [field for i, name in enumerate(data.get("same", []))
                      if (field := self.header(name, "same", i))]
        self.seal()
        self.free()
        array.unique = [self.unique(name, item)
                        for name, item in data.get("unique", {}).items()]

    def limit(self) -> None:
        """The pages that there are at most."""
        array, limit = self.array, self.data.get("max-pages")
        if array.table_pages:
            array.max_pages = array.table_pages
            if limit is not None:
                self.scope.error(self.where("max-pages"),
                                 "pages says how many there are")
        elif limit is None:
            self.scope.error(array.where, "max-pages is missing")
        else:
            array.max_pages_name = limit if isinstance(limit, str) else None
            array.max_pages = self.scope.number(
                limit, self.where("max-pages")) or 1

    def header(self, name: str, *keys: Key) -> Optional[Field]:
        field = self.array.header.find(name)
        if field is None or not field.is_int:
            header = f"header {self.array.header.name}" \
                if self.array.header.name else "no header: it"
            self.scope.error(self.where(*keys), f"{header} has no number "
                             f"{name}")
            return None
        return field

    def expect(self) -> List[Tuple[Field, int]]:
        result = []
        for name, value in self.data.get("expect", {}).items():
            field = self.header(name, "expect", name)
            number = self.scope.item(value, self.where("expect", name))
            if field and number is not None:
                result.append((field, number))
        return result

    def seal(self) -> None:
        data = self.data.get("seal")
        if data is None:
            return
        self.array.checksum = self.header(data["checksum"], "seal", "checksum")
        where = self.where("seal", "sealed")
        name, _, flag = data["sealed"].partition(".")
        field = self.array.header.find(name)
        if field and field.names and field.names.is_flags \
                and flag in field.names.items:
            self.array.sealed = field
            self.array.sealed_mask = field.names.items[flag].value
        else:
            self.scope.error(where, f"there is no flag {data['sealed']}")

    def free(self) -> None:
        """A struct knows when it is empty, whichever array it is in."""
        text = self.data.get("free")
        if text is None:
            return
        self.array.free = text
        record = self.array.record
        if record.empty is not None:
            return
        try:
            record.empty = "zero" if text == "zero" \
                else Parser(self.scope, record).parse(text)
        except ExprError as error:
            self.scope.error(self.where("free"), str(error))

    def unique(self, name: str, data: Dict[str, Any]) -> Unique:
        return Unique(name, " ".join(data["doc"].split()),
                      self.where("unique", name),
                      self.key(name, "by", data["by"]),
                      self.key(name, "same", data.get("same", [])))

    def key(self, unique: str, key: str, names: List[str]) -> List[Field]:
        """Numbers of 64 bits together at most, or one text."""
        fields = []
        for i, name in enumerate(names):
            field = self.array.record.find(name)
            if field and key == "by" and names == [name] \
                    and field.kind == "STRING":
                return [field]
            if field and field.is_int and not field.bits and field.count == 1:
                fields.append(field)
            else:
                self.scope.error(
                    self.where("unique", unique, key, i), "record "
                    f"{self.array.record.name} has no number {name}")
        if sum(field.size for field in fields) > 8:
            self.scope.error(self.where("unique", unique, key),
                             "the fields have more than 64 bits together")
        return fields

    def counted(self) -> None:
        """Which reference of a record is counted, and where."""
        data, root = self.data.get("counted"), self.scope.abi.root
        if data is None:
            return
        by = number(self.array.record, data["by"])
        link = by[-1].link if by else None
        target = link.array if link and link.kind == "RECORD" else None
        if target is None:
            self.scope.error(self.where("counted", "by"), "record "
                             f"{self.array.record.name} has no address of a "
                             f"record {data['by']}")
            return
        users = number(target.record, data["in"])
        if not users:
            self.scope.error(self.where("counted", "in"), "record "
                             f"{target.record.name} has no number "
                             f"{data['in']}")
        elif target.users:
            self.scope.error(self.where("counted"), f"{target.name} counts the "
                             "records of another array")
        elif not root or not (leads_to(root, self.array)
                              and leads_to(root, target)):
            self.scope.error(self.where("counted"), "the root does not lead to "
                             f"both {self.array.name} and {target.name}")
        else:
            self.array.counted, target.users = by, users

    def total(self, abis: List[Abi]) -> None:
        """Find the struct that has the array, and its field."""
        text = self.data.get("total")
        if text is None:
            return
        owners = owners_of(self.array, abis)
        for owner in owners:
            path = walk_path(owner, text.split("."))
            if path and path[-1].is_int:
                self.array.total = path
                return
        self.scope.error(self.where("total"),
                         f"no owner of the array has a number {text}")


def number(struct: Struct, text: str) -> Tuple[Field, ...]:
    """The path of one number in the struct; empty if that is none."""
    path = walk_path(struct, text.split(".")) or ()
    return path if path and path[-1].is_int \
        and all(field.count == 1 for field in path) else ()


def leads_to(struct: Struct, array: Array) -> bool:
    """Whether a field of @struct, nested ones too, is the array's address."""
    return any((field.link and field.link.kind == "ARRAY"
                and field.link.array is array)
               or (field.struct and leads_to(field.struct, array))
               for field in struct.fields)


def owners_of(array: Array, abis: List[Abi]) -> List[Struct]:
    """The structs that lead to @array, innermost first."""
    found = [struct for abi in abis for struct in abi.all_structs
             if leads_to(struct, array)]
    return sorted(found, key=lambda struct: any(f.struct in found
                                                for f in struct.fields))
