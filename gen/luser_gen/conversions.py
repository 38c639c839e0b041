# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""How the state of one ABI is said in another one."""
from __future__ import annotations

from typing import Any, Dict, List, Optional, Set, Tuple

from .errors import Report
from .load import Document, Key
from .model import Abi, Array, Field, Struct
from .targets import Conversion, Mapping, Setting

WORDS = ("index", "page-size")


def leaves(struct: Struct, prefix: str = "") -> List[str]:
    """All fields with a value of their own, by path."""
    sections = {id(f) for field in struct.fields if field.choice
                for f in (field.choice.offset, field.choice.size) if f}
    found: List[str] = []
    for field in struct.fields:
        path = prefix + field.name
        if field.choice:
            for arm in field.choice.arms:
                if arm.struct:
                    found += leaves(arm.struct, f"{path}.{arm.name}.")
        elif field.struct:
            found += leaves(field.struct, f"{path}.")
        elif field.kind != "PAD" and id(field) not in sections:
            found.append(path)
    return found


def find(struct: Struct, path: str) -> Optional[Field]:
    """The field of a path, through structs and arms; the last name may be a
    flag."""
    here: Optional[Struct] = struct
    names = path.split(".")
    while here and names:
        field = here.find(names.pop(0))
        if field is None or not names:
            return field
        here = field.struct
        if field.choice:
            arms = {arm.name: arm.struct for arm in field.choice.arms}
            here = arms.get(names.pop(0))
        elif field.names and field.names.is_flags:
            return field if names == [n for n in names
                                      if n in field.names.items] else None
    return None


class Maker:
    """Makes the conversions of one ABI."""

    def __init__(self, abi: Abi, abis: Dict[str, Abi], document: Document,
                 report: Report) -> None:
        self.abi, self.abis = abi, abis
        self.document, self.report = document, report

    def error(self, text: str, *path: Key) -> None:
        self.report.error(self.document.where("converts", *path), text)

    def make(self) -> None:
        for name, data in self.document.data.get("converts", {}).items():
            other = self.abis.get(name)
            if other is None or not other.root or not self.abi.root:
                self.error(f"there is no ABI {name} with a root struct", name)
                continue
            self.abi.conversions.append(Conversion(
                other.id, " ".join(data["doc"].split()),
                self.settings(self.abi.root, data, name, "root-here"),
                self.settings(other.root, data, name, "root-there"),
                [mapping for array, item in data["arrays"].items()
                 if (mapping := self.mapping(other, item,
                                             (name, "arrays", array)))]))

    def settings(self, struct: Struct, data: Dict[str, Any],
                 *path: Key) -> List[Setting]:
        key = str(path[-1])
        result = []
        for field, value in data.get(key, {}).items():
            found = find(struct, field)
            if found is None or not found.is_int:
                self.error(f"{struct.name} has no number {field}", *path,
                           field)
            word = value if value in WORDS else None
            result.append(Setting(field, 0 if word else value, word))
        return result

    def mapping(self, other: Abi, data: Dict[str, Any],
                path: Tuple[Key, ...]) -> Optional[Mapping]:
        here = self.abi.arrays.get(str(path[-1]))
        there = other.arrays.get(data["to"])
        if here is None or there is None:
            self.error("there is no such array", *path)
            return None
        for mine, theirs in data["fields"].items():
            for struct, name in ((here.record, mine), (there.record, theirs)):
                field = find(struct, name)
                if field is None or not field.is_int or field.count != 1:
                    self.error(f"{struct.name} has no number {name}", *path,
                               "fields", mine)
        sets = [self.settings(array.record, data, *path, key)
                for array, key in ((here, "here"), (there, "there"),
                                   (here, "free-here"),
                                   (there, "free-there"))]
        lost_here = lost(here, set(data["fields"]), sets[0])
        lost_there = lost(there, set(data["fields"].values()), sets[1])
        return Mapping(here.name, there.name, list(data["fields"].items()),
                       sets[0], sets[1], sets[2], sets[3],
                       lost_here, lost_there)


def lost(array: Array, mapped: Set[str], known: List[Setting]) -> List[str]:
    """Fields without a counterpart, but for those that are worked out."""
    mapped = mapped | {one.field for one in known} \
        | {".".join(field.name for field in array.users)}
    return [path for path in leaves(array.record)
            if path not in mapped
            and not any(name.startswith(path + ".") for name in mapped)]


def add_conversions(abis: List[Abi], documents: Dict[str, Document],
                    report: Report) -> None:
    known = {abi.id: abi for abi in abis}
    for abi in abis:
        Maker(abi, known, documents[abi.id], report).make()
