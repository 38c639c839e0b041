# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What differs between two versions of an ABI, and what that breaks."""
from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Dict, Iterator, List, Optional, Set, Tuple

from .facts import Thing, facts_of
from .model import Abi

Part = Tuple[str, str]


class Grade(IntEnum):
    """How bad a difference is; the worst one is that of the whole."""

    IDENTICAL = 0
    COMPATIBLE = 1
    BREAKING = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Change:
    """One fact that is not what it was."""

    grade: Grade
    path: str
    what: str
    old: Optional[str] = None
    new: Optional[str] = None
    why: str = ""


@dataclass
class Diff:
    """Two ABIs, or one that is in one tree only."""

    old: Optional[str]
    new: Optional[str]
    changes: List[Change] = field(default_factory=list)

    @property
    def grade(self) -> Grade:
        if self.new is None:
            return Grade.BREAKING
        least = Grade.COMPATIBLE if self.old is None else Grade.IDENTICAL
        return max([least, *[change.grade for change in self.changes]])


# Parts that only matter through what refers to them.
REFERRED = {"Constant", "Struct", "Array", "Tree", "Node", "Names"}


class Comparison:
    """Compares two ABIs."""

    def __init__(self, old: Abi, new: Abi) -> None:
        self.extends = new.extends is not None and new.extends.id == old.id
        self.old = facts_of(old)
        self.new = facts_of(new)
        self.growing = _strided(old) & _strided(new)

    def changes(self) -> List[Change]:
        return list(self.thing(self.old, self.new, ()))

    def thing(self, old: Thing, new: Thing, path: Tuple[str, ...]) \
            -> Iterator[Change]:
        """One part that is in both."""
        appended = self.appended(old, new)
        where = ".".join(path)
        for key in sorted(old.layout.keys() | new.layout.keys()):
            was, now = old.layout.get(key), new.layout.get(key)
            if was != now:
                grew = bool(appended) and key == "size"
                yield Change(Grade.COMPATIBLE if grew else Grade.BREAKING,
                             where, key.replace("_", "-"), was, now,
                             "it grew at its end" if grew else "")
        for key in sorted(old.says.keys() | new.says.keys()):
            if old.says.get(key) != new.says.get(key):
                yield Change(Grade.COMPATIBLE, where, key.replace("_", "-"),
                             old.says.get(key), new.says.get(key),
                             "it is documentation")
        yield from self.parts(old, new, path, appended)

    def parts(self, old: Thing, new: Thing, path: Tuple[str, ...],
              appended: Set[Part]) -> Iterator[Change]:
        renamed = _renamed(old, new)
        for key, part in old.parts.items():
            inner = path + ((key[1],) if key[1] else ())
            where = ".".join(inner)
            if key in new.parts:
                yield from self.thing(part, new.parts[key], inner)
            elif key in renamed:
                yield Change(Grade.COMPATIBLE, where, "name", key[1],
                             renamed[key][1], "the bytes are the same")
            elif part.kind in REFERRED:
                yield Change(Grade.COMPATIBLE, where, _kind(part), "there",
                             "gone", "only what refers to it matters")
            else:
                yield Change(Grade.BREAKING, where, _kind(part),
                             _short(part), "gone")
        for key, part in new.parts.items():
            if key not in old.parts and key not in renamed.values():
                grade, why = self.addition(new, key, part, appended)
                yield Change(grade, ".".join(
                    path + ((key[1],) if key[1] else ())),
                    _kind(part), None, _short(part), why)

    def addition(self, owner: Thing, key: Part, part: Thing,
                 appended: Set[Part]) -> Tuple[Grade, str]:
        """How bad it is that @owner has one more part."""
        if part.kind in REFERRED:
            return Grade.COMPATIBLE, "only what refers to it matters"
        if key in appended:
            return Grade.COMPATIBLE, "it is appended"
        if self.extends:
            return Grade.COMPATIBLE, "the feature says that it is used"
        if part.kind == "Child":
            return Grade.COMPATIBLE, "readers pass over other nodes"
        unknown = owner.layout.get("unknown")
        if part.kind == "Name" and unknown in ("ignore", "refuse"):
            return Grade.COMPATIBLE, f"readers {unknown} other flags"
        return Grade.BREAKING, ""

    def appended(self, old: Thing, new: Thing) -> Set[Part]:
        """Fields at the end of a record whose size the page's header says."""
        if old.kind != "Struct" or not (self.extends
                                        or old.name in self.growing):
            return set()
        was = [key for key in old.parts if key[0] == "fields"]
        now = [key for key in new.parts if key[0] == "fields"]
        return set(now[len(was):]) if now[:len(was)] == was else set()


def _strided(abi: Abi) -> Set[str]:
    """Records that readers step over by a size that is written down."""
    plain = {array.record.name for array in abi.arrays.values()
             if not array.stride}
    return {array.record.name for array in abi.arrays.values()
            if array.stride} - plain


def _renamed(old: Thing, new: Thing) -> Dict[Part, Part]:
    """Fields that are the same bytes under another name."""
    came = {key: part for key, part in new.parts.items()
            if key not in old.parts and part.kind == "Field"}
    result = {}
    for key, part in old.parts.items():
        for other, its in came.items():
            if key not in new.parts and part.kind == "Field" \
                    and _same_bytes(part, its):
                result[key] = other
    return result


def _same_bytes(one: Thing, other: Thing) -> bool:
    return one.layout == other.layout \
        and one.parts.keys() == other.parts.keys() and all(
            _same_bytes(part, other.parts[key])
            for key, part in one.parts.items())


def _kind(part: Thing) -> str:
    kinds = {"Name": "item", "Names": "items", "Child": "node"}
    return kinds.get(part.kind, part.kind.lower())


def _short(part: Thing) -> str:
    """Enough of a part to know it by."""
    for key in ("that", "value"):
        if key in part.layout:
            return part.layout[key]
    if part.kind == "Field":
        facts = part.layout
        where = f" at {facts['offset']}" if "offset" in facts else ""
        return f"{facts['type']}{where}, size {facts['size']}"
    return "there"


def compare(old: Abi, new: Abi) -> Diff:
    """Two versions of an ABI."""
    return Diff(old.id, new.id, Comparison(old, new).changes())


def compare_trees(old: List[Abi], new: List[Abi]) -> List[Diff]:
    """Two trees of schemas, by the names of the versions."""
    before = {abi.id: abi for abi in old}
    after = {abi.id: abi for abi in new}
    result = []
    for name in sorted(before.keys() | after.keys()):
        if name in before and name in after:
            result.append(compare(before[name], after[name]))
        else:
            result.append(Diff(name if name in before else None,
                               name if name in after else None))
    return result
