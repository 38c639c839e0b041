# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The schemas, read straight from YAML, as schema/README.md describes them."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import yaml

INTS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}
WORD = (1 << 64) - 1
Data = Dict[str, Any]


@dataclass(eq=False)
class Field:
    """A field of a struct, a part of one, or a property of a node.

    count is None for what fills the rest; bits are those of the unit that
    starts at offset.
    """

    name: str
    type: str
    data: Data
    size: int = 0
    count: Optional[int] = 1
    offset: int = 0
    bit: int = 0
    bits: int = 0
    struct: Optional[Struct] = None
    names: Optional[Names] = None
    holds: Optional[Struct] = None
    holds_count: str = ""
    arms: Dict[int, Optional[Struct]] = field(default_factory=dict)

    @cached_property
    def mask(self) -> int:
        return (1 << (self.bits or self.size * 8)) - 1

    @property
    def room(self) -> int:
        return 0 if self.count is None else self.size * self.count

    @cached_property
    def leads(self) -> bool:
        """Whether there is anything behind it, or behind what it holds."""
        return "to" in self.data or bool(self.holds) or \
            self.type in ("index", "union", "section") or \
            bool(self.struct and self.struct.leading)

    def get(self, at: bytes, base: int = 0, i: int = 0) -> int:
        start = base + self.offset + i * self.size
        value = int.from_bytes(at[start:start + self.size], "little")
        return value >> self.bit & self.mask

    def phys(self, at: bytes, base: int, page_shift: int) -> int:
        """The address that it holds; all ones where it fits none."""
        value = self.get(at, base)
        if self.data.get("format") != "pfn":
            return value << self.data.get("shift", 0) & WORD
        return WORD if value >> 64 - page_shift else value << page_shift


@dataclass(eq=False)
class Names:
    """An enum's items, or flags."""

    name: str
    items: Dict[str, int]
    is_flags: bool
    unknown: str = "report"


@dataclass(eq=False)
class Struct:
    """A struct in memory, or the properties of a node."""

    name: str
    data: Data
    abi: Abi
    is_node: bool = False
    fields: List[Field] = field(default_factory=list)
    size: int = 0
    free: Any = None

    @cached_property
    def by_name(self) -> Dict[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def leading(self) -> List[Field]:
        return [one for one in self.fields if one.leads]

    def find(self, name: str) -> Field:
        return self.by_name[name]

    def name_at(self, one: Field, base: int) -> str:
        """A field's name after those of the structs that it is in.

        base is where the innermost of them starts.
        """
        if self.by_name.get(one.name) is one:
            return one.name
        outer = next(outer for outer in self.fields if outer.struct
                     and 0 <= base - outer.offset < outer.room)
        assert outer.struct
        start = (base - outer.offset) % outer.size
        return f"{outer.name}.{outer.struct.name_at(one, start)}"


@dataclass(eq=False)
class Array:
    """An array as the schema has it, its structs found."""

    name: str
    data: Data
    abi: Abi
    record: Struct
    header: Optional[Struct]
    referenced: bool = False
    tag: Tuple[str, ...] = ()
    counted: Tuple[str, ...] = ()
    users: Tuple[str, ...] = ()

    @property
    def header_size(self) -> int:
        return self.header.size if self.header else 0


class Abi:
    """One file."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.id = f"{data['abi']}-{data['version']}"
        self.uses: List[Abi] = []
        self.structs: Dict[str, Struct] = {}
        self.nodes: Dict[str, Struct] = {}
        self.arrays: Dict[str, Array] = {}
        root = data.get("root")
        self.root_array = root["array"] if isinstance(root, dict) else None

    @property
    def carrier(self) -> str:
        return str(self.data["carrier"])

    @property
    def root(self) -> Struct:
        if self.root_array:
            return self.arrays[self.root_array].record
        table = self.nodes if self.carrier == "fdt" else self.structs
        return table[self.data["root"]]

    def scope(self) -> Iterator[Abi]:
        yield self
        for other in self.uses:
            yield from other.scope()

    def named(self, section: str, name: str) -> Optional[Tuple[Abi, Any]]:
        for abi in self.scope():
            if name in abi.data.get(section, {}):
                return abi, abi.data[section][name]
        return None

    @lru_cache(maxsize=None)
    def number(self, value: Any, page_size: int = 0) -> int:
        """A number, a constant's name, or enum.item."""
        if isinstance(value, int):
            return value
        found = self.named("constants", value)
        if found:
            text = found[1]["value"]
            return page_size if text == "page_size" else int(text)
        enum, item = value.split(".")
        found = self.named("enums", enum)
        assert found
        return int(found[1][item]["value"])

    def text(self, value: str) -> str:
        found = self.named("constants", value)
        return str(found[1]["value"]) if found else value

    def struct(self, name: str) -> Struct:
        for abi in self.scope():
            if name in abi.structs:
                return abi.structs[name]
        raise KeyError(name)

    def array(self, name: str) -> Array:
        """Own, or of another ABI: ABI/ARRAY."""
        wanted, _, short = name.rpartition("/")
        for abi in self.scope():
            if short in abi.arrays and wanted in ("", abi.id):
                return abi.arrays[short]
        raise KeyError(name)

    def names(self, data: Data) -> Optional[Names]:
        for key, section in (("enum", "enums"), ("flags", "flags")):
            if key in data:
                found = self.named(section, data[key])
                assert found
                return make_names(data[key], found[1], key == "flags")
        return None


def make_names(name: str, table: Data, is_flags: bool) -> Names:
    items = {key: 1 << item["bit"] if is_flags else item["value"]
             for key, item in table.items() if isinstance(item, dict)}
    return Names(name, items, is_flags, table.get("unknown", "report"))


class Loader:
    """All files of a tree of schemas."""

    def __init__(self, folder: Path) -> None:
        self.abis = {abi.id: abi for abi in (
            Abi(yaml.load(file.read_text(), yaml.CSafeLoader))
            for file in sorted(folder.glob("*/*.yaml")))}
        for abi in self.abis.values():
            assert "extends" not in abi.data, "extensions are not read"
            abi.uses = [self.abis[name] for name in abi.data.get("uses", [])]
        self.carried: Dict[str, List[Tuple[str, Abi]]] = {}
        for abi in self.abis.values():
            self.declare(abi)
        for abi in self.abis.values():
            for struct in [*abi.structs.values(), *abi.nodes.values()]:
                self.fill(struct)
        for abi in self.abis.values():
            self.arrays(abi)
        for abi in self.abis.values():
            for struct in [*abi.structs.values(), *abi.nodes.values()]:
                self.refer(struct)

    def declare(self, abi: Abi) -> None:
        by = abi.data.get("carried-by")
        if by:
            self.carried.setdefault(by["registry"], []).append((by["key"], abi))
        for name, data in abi.data.get("structs", {}).items():
            abi.structs[name] = Struct(name, data, abi)
        for name, data in abi.data.get("nodes", {}).items():
            abi.nodes[name] = Struct(name, data, abi, True)

    def fill(self, struct: Struct) -> None:
        """Lays out a struct, nested ones first."""
        if struct.fields:
            return
        offset = 0
        table = struct.data.get("properties" if struct.is_node else "fields")
        for name, data in (table or {}).items():
            if data["type"] == "bits":
                struct.fields += self.parts(struct.abi, data, offset)
                offset += INTS[data["storage"]]
                continue
            one = self.field(struct, name, data)
            one.offset = offset
            offset += one.room
            struct.fields.append(one)
        struct.size = offset

    def parts(self, abi: Abi, data: Data, offset: int) -> List[Field]:
        fields, bit = [], 0
        for name, part in data["parts"].items():
            fields.append(Field(name, part.get("type", "u64"), part,
                                INTS[data["storage"]], 1, offset, bit,
                                part["bits"], names=abi.names(part)))
            bit += part["bits"]
        return fields

    def field(self, struct: Struct, name: str, data: Data) -> Field:
        one, abi = Field(name, data["type"], data), struct.abi
        one.names = abi.names(data)
        if one.type in INTS:
            one.size = INTS[one.type]
        elif one.type in ("phys", "pointer"):
            one.size = 8
        elif one.type == "index":
            one.size = 4
        elif one.type in ("string", "bytes", "pad"):
            self.sized(one, struct)
        elif one.type in ("union", "section"):
            self.choice(one, abi)
        else:
            one.struct = abi.struct(one.type)
            self.fill(one.struct)
            one.size = one.struct.size
        self.count(one, struct)
        return one

    def sized(self, one: Field, struct: Struct) -> None:
        size = one.data.get("size")
        if size == "rest-of-page":
            one.size, one.count = 1, None
        elif size is None:
            one.size = len(struct.abi.text(one.data["const"])) + 1
        else:
            one.size = struct.abi.number(size)

    def choice(self, one: Field, abi: Abi) -> None:
        for name, arm in one.data["arms"].items():
            struct = abi.struct(arm) if arm else None
            if struct:
                self.fill(struct)
            one.arms[name] = struct  # type: ignore[index]
        sizes = [arm.size for arm in one.arms.values() if arm]
        one.size = one.data.get("reserve", 0) if one.type == "section" \
            else max(sizes, default=0)

    def count(self, one: Field, struct: Struct) -> None:
        count = one.data.get("count", 1)
        if count == "rest-of-property":
            one.count, one.holds = None, one.struct
            one.holds_count = one.data["total"]
        elif count == "rest-of-page":
            one.count = None
        elif isinstance(count, str) and count.islower():
            one.count, one.holds, one.holds_count = None, one.struct, count
        else:
            one.count = struct.abi.number(count)
        if "holds" in one.data:
            one.holds = struct.abi.struct(one.data["holds"]["of"])
            self.fill(one.holds)
            one.holds_count = one.data["holds"]["count"]

    def arrays(self, abi: Abi) -> None:
        for name, data in abi.data.get("arrays", {}).items():
            header = abi.struct(data["header"]) if "header" in data else None
            record = abi.struct(data["of"])
            record.free = data.get("free")
            abi.arrays[name] = Array(name, data, abi, record, header)
        for array in abi.arrays.values():
            self.counted(array)

    def counted(self, array: Array) -> None:
        """Notes which field says how many records of another array refer."""
        data = array.data.get("counted")
        if data:
            array.counted = tuple(data["by"].split("."))
            users = array.abi.array(target(array.record, array.counted))
            users.users = tuple(data["in"].split("."))

    def refer(self, struct: Struct) -> None:
        """Notes what refers to records, and turns arms' names to numbers."""
        for one in struct.fields:
            for name in ("of", "record"):
                to = one.data if name == "of" else one.data.get("to", {})
                if isinstance(to, dict) and name in to and \
                        one.type in ("phys", "index"):
                    struct.abi.array(to[name]).referenced = True
            if one.type in ("union", "section"):
                self.arms(struct, one)

    def arms(self, struct: Struct, one: Field) -> None:
        tag, via = struct, one.data["tag"]
        names: Optional[Names] = None
        if "->" in via:
            path, via = via.split("->")
            array = struct.abi.array(target(struct, path.split(".")))
            array.tag = tuple(via.split("."))
            tag = array.record
        elif via.startswith("root."):
            tag, via = struct.abi.root, via[5:]
        for part in via.split("."):
            found = tag.find(part)
            tag, names = found.struct or tag, found.names
        assert names
        one.arms = {names.items[str(name)]: arm
                    for name, arm in one.arms.items()}


def target(struct: Struct, path: Sequence[str]) -> str:
    """The array that a field, perhaps a nested one, refers to."""
    for part in path:
        one = struct.find(part)
        struct = one.struct or struct
    return str(one.data["to"]["record"] if one.type == "phys"
               else one.data["of"])
