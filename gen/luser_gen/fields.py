# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Fields, from data to objects: what each type allows and means.

Links, choices and page lists name things that may come later in the file;
links.py adds them once every struct has its fields.
"""
from __future__ import annotations

from typing import Any, Dict, List, Optional, Set

from .errors import Where
from .load import Key, Path_
from .model import INTS, REST, REST_OF_PROPERTY, Field, Struct
from .scope import Scope

COMMON = {"type", "doc"}
NUMBER = {"enum", "flags", "format", "const", "min", "max", "multiple-of"}
ADDRESS = {"to", "null", "align", "when-null", "length", "not-followed",
           "reachable", "format"}
KEYS: Dict[str, Set[str]] = {
    "string": {"size", "const", "terminated"},
    "bytes": {"size"},
    "pad": {"size"},
    "bits": {"storage", "parts"},
    "phys": ADDRESS | {"walk", "khoser"},
    "index": {"of", "none"},
    "pointer": set(),
    "union": {"tag", "arms"},
    "section": {"tag", "arms", "offset", "size", "reserve"},
}
INT_KEYS = NUMBER | {"count", "c", "generation", "macro"}
STRUCT_KEYS = {"count", "holds", "total"}
PART_KEYS = {"phys": ADDRESS | {"bits", "shift"}, "pad": {"bits"},
             "int": NUMBER | {"bits"}}


class FieldMaker:
    """Makes the fields of one struct or node."""

    def __init__(self, scope: Scope, owner: Struct, path: Path_) -> None:
        self.scope = scope
        self.owner = owner
        self.path = path

    def where(self, *path: Key) -> Where:
        return self.scope.where(*self.path, *path)

    def make_all(self, table: Dict[str, Any]) -> List[Field]:
        fields: List[Field] = []
        for name, data in table.items():
            fields += self.make(name, data)
        seen: Dict[str, Field] = {}
        for index, field in enumerate(fields):
            field.index = index
            if field.name in seen:
                self.scope.error(field.where,
                                 f"field {field.name} is there twice")
            seen[field.name] = field
        return fields

    def make(self, name: str, data: Dict[str, Any]) -> List[Field]:
        kind = data["type"]
        allowed = KEYS.get(kind, INT_KEYS if kind in INTS else STRUCT_KEYS)
        self.only(data, COMMON | allowed, kind, name)
        if kind == "bits":
            return self.bits(name, data)
        field = Field(name, data["doc"].strip(), self.where(name), kind,
                      kind.upper())
        if kind in INTS:
            field.kind = "UINT"
            field.size = INTS[kind]
            self.number(field, data, name)
            self.count(field, data, name)
            field.c, field.macro = data.get("c"), data.get("macro")
            field.generation = data.get("generation", False)
        elif kind in KEYS:
            getattr(self, kind)(field, data)
        else:
            field.kind = "STRUCT"
            field.struct = self.scope.struct(kind, self.where(name, "type"))
            self.count(field, data, name)
            self.property(field, data, name)
        return [field]

    def only(self, data: Dict[str, Any], allowed: Any, kind: str,
             *path: Key) -> None:
        for key in data:
            if key not in allowed:
                self.scope.error(self.where(*path, key),
                                 f"{key} does not go with type {kind}")

    def need(self, field: Field, data: Dict[str, Any], key: str) -> Any:
        if key not in data:
            self.scope.error(field.where,
                             f"a field of type {field.type} needs {key}")
        return data.get(key)

    def count(self, field: Field, data: Dict[str, Any], name: str) -> None:
        value = data.get("count", 1)
        if "macro" in data and value != REST:
            self.scope.error(self.where(name, "macro"),
                             "macro is for what fills a page")
        # The rest; or as many as a field says.
        if value in (REST, REST_OF_PROPERTY) or str(value).islower():
            field.rest = True
            return
        field.size_name = value if isinstance(value, str) else None
        field.count = self.scope.number(value, self.where(name, "count")) or 1

    def property(self, field: Field, data: Dict[str, Any], name: str) -> None:
        """Records that fill a property are counted by another one."""
        fills = data.get("count") == REST_OF_PROPERTY
        if fills != ("total" in data):
            self.scope.error(self.where(name), f"{REST_OF_PROPERTY} and total "
                             "go together")
        if fills != (field.rest and self.owner.node):
            self.scope.error(self.where(name, "count"), "what fills a page is "
                             "in a struct, what fills a property in a node")

    def number(self, field: Field, data: Dict[str, Any], *path: Key) -> None:
        """What an integer, or some bits, may be held to."""
        for key in ("enum", "flags"):
            if key in data:
                field.names = self.scope.names(
                    data[key], key == "flags", self.where(*path, key))
        if "enum" in data and "flags" in data:
            self.scope.error(self.where(*path, "flags"),
                             "a field is a view of an enum or of flags")
        field.format = data.get("format", "hex" if "flags" in data else "dec")
        for key in ("const", "min", "max", "multiple-of"):
            if key not in data:
                continue
            value = self.scope.number(data[key], self.where(*path, key))
            if key == "const" and isinstance(data[key], str):
                field.const_name = data[key]
            setattr(field, key.replace("-", "_"), value)
            if value is not None and value > field.mask:
                self.scope.error(self.where(*path, key),
                                 f"{value} does not fit in the field")

    def sized(self, field: Field, data: Dict[str, Any]) -> None:
        value = self.need(field, data, "size")
        if value == REST:
            field.size, field.rest = 1, True
        elif value is not None:
            field.size_name = value if isinstance(value, str) else None
            where = self.where(field.name, "size")
            field.size = self.scope.number(value, where) or 1

    def string(self, field: Field, data: Dict[str, Any]) -> None:
        field.terminated = data.get("terminated", True)
        text = data.get("const")
        where = self.where(field.name, "const")
        if isinstance(text, str) and self.scope.find_constant(text):
            constant = self.scope.find_constant(text)
            field.const_name = text
            text = constant.value if constant else None
        if text is not None and not isinstance(text, str):
            self.scope.error(where, "the value of a string is no string")
            text = None
        field.const = text
        if self.owner.node and text is not None and "size" not in data:
            field.size = len(text.encode()) + 1
        else:
            self.sized(field, data)
        if text is not None and \
                len(text.encode()) + field.terminated > field.size:
            self.scope.error(where, f"{text!r} does not fit in the field")

    def bytes(self, field: Field, data: Dict[str, Any]) -> None:
        self.sized(field, data)

    def pad(self, field: Field, data: Dict[str, Any]) -> None:
        self.sized(field, data)

    def phys(self, field: Field, data: Dict[str, Any]) -> None:
        field.size = 8
        field.format = data.get("format", "hex")
        field.khoser = data.get("khoser")
        self.need(field, data, "to")

    def index(self, field: Field, data: Dict[str, Any]) -> None:
        field.size = 4
        self.need(field, data, "of")

    def pointer(self, field: Field, _data: Dict[str, Any]) -> None:
        field.size = 8
        field.format = "hex"

    def union(self, field: Field, data: Dict[str, Any]) -> None:
        self.need(field, data, "tag")
        self.need(field, data, "arms")

    def section(self, field: Field, data: Dict[str, Any]) -> None:
        field.size = data.get("reserve", 0)
        for key in ("tag", "arms", "offset", "size"):
            self.need(field, data, key)

    def bits(self, name: str, data: Dict[str, Any]) -> List[Field]:
        unit = Field(name, data["doc"].strip(), self.where(name), "bits", "")
        storage = self.need(unit, data, "storage") or "u64"
        fields: List[Field] = []
        bit = 0
        for part, keys in (self.need(unit, data, "parts") or {}).items():
            field = self.part(name, part, keys, storage)
            field.bit, field.unit, field.unit_doc = bit, name, unit.doc
            bit += field.bits
            fields.append(field)
        if bit != INTS[storage] * 8:
            self.scope.error(self.where(name), f"{name} declares {bit} bits "
                             f"of {INTS[storage] * 8}: every bit is declared")
        return fields

    def part(self, unit: str, name: str, data: Dict[str, Any],
             storage: str) -> Field:
        path = (unit, "parts", name)
        kind = data.get("type", "int")
        self.only(data, COMMON | PART_KEYS[kind], kind, *path)
        field = Field(name, data["doc"].strip(), self.where(*path), storage,
                      {"int": "UINT"}.get(kind, kind.upper()))
        field.size, field.bits = INTS[storage], data["bits"]
        if kind == "int":
            self.number(field, data, *path)
        elif kind == "phys":
            field.format = data.get("format", "hex")
            field.shift = data.get("shift", 0)
            self.need(field, data, "to")
            if field.shift and field.format == "pfn":
                self.scope.error(self.where(*path, "shift"),
                                 "a page frame number has its shift")
            if field.shift + field.bits > 64:
                self.scope.error(self.where(*path, "shift"),
                                 "the address has more than 64 bits")
        return field


def field_data(table: Dict[str, Any], field: Field) -> Dict[str, Any]:
    """The keys that @field was made from."""
    if field.unit:
        part: Dict[str, Any] = table[field.unit]["parts"][field.name]
        return part
    data: Optional[Dict[str, Any]] = table.get(field.name)
    return data or {}


def field_path(field: Field) -> Path_:
    """Its keys below the table of fields."""
    return (field.unit, "parts", field.name) if field.unit else (field.name,)
