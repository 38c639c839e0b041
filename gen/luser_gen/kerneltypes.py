# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Types of C, from DWARF (pyelftools) or from BTF (bpftool)."""
from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

from .errors import UsageError


@dataclass
class Member:
    """A member of a struct: bits from its start, and how many."""

    at: int
    bits: int


@dataclass
class Record:
    """A struct of the kernel; what has no name is part of its owner."""

    name: str
    size: int
    members: Dict[str, Member] = field(default_factory=dict)


@dataclass
class Types:
    """What a compiler left of types."""

    structs: Dict[str, List[Record]] = field(default_factory=dict)
    values: Dict[str, int] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        known = self.structs.setdefault(record.name, [])
        if record not in known:
            known.append(record)


class Dwarf:
    """Reads the types of some compilation units."""

    def __init__(self, types: Types) -> None:
        self.types = types

    def unit(self, unit: Any) -> None:
        for die in unit.get_top_DIE().iter_children():
            if die.tag == "DW_TAG_structure_type":
                self.struct(die)
            elif die.tag == "DW_TAG_enumeration_type":
                for item in die.iter_children():
                    name, value = _name(item), _number(item, "const_value")
                    if name and value is not None:
                        self.types.values[name] = value

    def struct(self, die: Any) -> None:
        name, size = _name(die), _number(die, "byte_size")
        if name and size is not None:
            record = Record(name, size)
            record.members = dict(self.members(die, 0))
            self.types.add(record)

    def members(self, die: Any, base: int) -> Iterator[Tuple[str, Member]]:
        for item in die.iter_children():
            if item.tag != "DW_TAG_member":
                continue
            of = _strip(item.get_DIE_from_attribute("DW_AT_type"))
            at = base + _place(item, of)
            name = _name(item)
            if name:
                bits = _number(item, "bit_size")
                yield name, Member(at, 8 * _size(of) if bits is None else bits)
            else:
                yield from self.members(of, at)


def _attribute(die: Any, name: str) -> Any:
    found = die.attributes.get(f"DW_AT_{name}")
    return found.value if found else None


def _name(die: Any) -> Optional[str]:
    name = _attribute(die, "name")
    return name.decode() if name else None


def _number(die: Any, name: str) -> Optional[int]:
    value = _attribute(die, name)
    return value if isinstance(value, int) else None


def _place(die: Any, of: Any) -> int:
    """Bits from the start of the struct, little-endian."""
    bit = _number(die, "data_bit_offset")
    if bit is not None:
        return bit
    at = 8 * (_number(die, "data_member_location") or 0)
    old = _number(die, "bit_offset")  # DWARF 2 counts from the other end
    if old is not None:
        at += 8 * _size(of) - old - (_number(die, "bit_size") or 0)
    return at


def _strip(die: Any) -> Any:
    while die.tag in ("DW_TAG_typedef", "DW_TAG_const_type",
                      "DW_TAG_volatile_type"):
        die = die.get_DIE_from_attribute("DW_AT_type")
    return die


def _size(die: Any) -> int:
    die = _strip(die)
    if die.tag == "DW_TAG_pointer_type":
        return _number(die, "byte_size") or 8
    if die.tag != "DW_TAG_array_type":
        return _number(die, "byte_size") or 0
    size = _size(die.get_DIE_from_attribute("DW_AT_type"))
    for item in die.iter_children():
        if item.tag == "DW_TAG_subrange_type":
            upper, count = _number(item, "upper_bound"), _number(item, "count")
            size *= count if count is not None else \
                upper + 1 if upper is not None else 0
    return size


def elffile(path: Path) -> Any:
    """An open ELF file."""
    try:
        from elftools.common.exceptions import ELFError  # type: ignore
        from elftools.elf.elffile import ELFFile  # type: ignore
    except ImportError as error:
        raise UsageError("install python3-pyelftools") from error
    try:
        elf = ELFFile(BytesIO(path.read_bytes()))
        for _ in elf.iter_sections():
            pass  # Their table may be damaged.
        return elf
    except (OSError, ELFError) as error:
        raise UsageError(f"{path}: {error}") from error


def from_dwarf(path: Path, files: Optional[List[str]] = None) -> Types:
    """The types of an ELF file, or of the units made from @files alone."""
    types = Types()
    elf = elffile(path)
    if elf.has_dwarf_info():
        for unit in elf.get_dwarf_info().iter_CUs():
            name = _name(unit.get_top_DIE()) or ""
            if files is None or any(name.endswith(f) for f in files):
                Dwarf(types).unit(unit)
    return types


# Types that lead to types; those of a kernel do so less often.
MAX_STEPS = 32


class Btf:
    """Types as bpftool prints them."""

    def __init__(self, data: List[Dict[str, Any]]) -> None:
        self.by_id = {item["id"]: item for item in data}

    def types(self) -> Types:
        types = Types()
        for item in self.by_id.values():
            if item["kind"] == "STRUCT" and item["name"] != "(anon)":
                types.add(Record(item["name"], item["size"],
                                 dict(self.members(item, 0))))
            elif item["kind"] in ("ENUM", "ENUM64"):
                for value in item["values"]:
                    types.values[value["name"]] = value["val"]
        return types

    def strip(self, number: int) -> Dict[str, Any]:
        nothing: Dict[str, Any] = {"kind": "VOID", "size": 0}
        for _ in range(MAX_STEPS):
            item = self.by_id.get(number, nothing)
            if item["kind"] not in ("TYPEDEF", "CONST", "VOLATILE",
                                    "TYPE_TAG"):
                return item
            number = item["type_id"]
        return nothing

    def members(self, item: Dict[str, Any], base: int) \
            -> Iterator[Tuple[str, Member]]:
        for member in item["members"]:
            at = base + member["bits_offset"]
            of = self.strip(member["type_id"])
            if member["name"] != "(anon)":
                yield member["name"], Member(
                    at, member.get("bitfield_size") or 8 * self.size(of))
            elif "members" in of:
                yield from self.members(of, at)

    def size(self, item: Dict[str, Any]) -> int:
        if item["kind"] == "PTR":
            return 8
        if item["kind"] == "ARRAY":
            return int(item["nr_elems"]) * self.size(
                self.strip(item["type_id"]))
        return int(item.get("size", 0))


def from_btf(path: Path) -> Types:
    """The types of a kernel with BTF."""
    try:
        done = subprocess.run(
            ["bpftool", "--json", "btf", "dump", "file", str(path)],
            capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("install bpftool, or give a kernel with DWARF") \
            from error
    if done.returncode:
        raise UsageError(f"{path}: bpftool: {done.stdout or done.stderr}")
    try:
        return Btf(json.loads(done.stdout)["types"]).types()
    except RecursionError as error:
        raise UsageError(f"{path}: a struct in its BTF holds itself") \
            from error
