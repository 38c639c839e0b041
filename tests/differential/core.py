# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What all parts of the interpreter share: objects, findings, and reads."""
from __future__ import annotations

from bisect import bisect_right
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Set, Tuple

from memory import Dump
from rules import Env, Expression, Rule, explicit, implied
from schema import WORD, Abi, Array, Field, Loader, Struct
from values import escape, fields, key_text, phys_or_none

MAX_DEPTH = 24


class Finding(NamedTuple):
    severity: str
    rule: str
    path: str
    field: Optional[str]
    phys: Optional[str]


class Broken(NamedTuple):
    """A rule that a struct breaks; where the struct is in the object."""

    rule: Rule
    base: int


class Decoded(NamedTuple):
    fields: Dict[str, Any]
    broken: List[Broken]
    refuse: bool
    label: str


class Object:
    """One object of the walk, and what JSON says of it."""

    def __init__(self, kind: str, parent: Optional[Object], abi: Optional[Abi],
                 phys: int, name: Optional[str] = None,
                 type_: Optional[Struct] = None) -> None:
        self.kind = kind
        self.parent = parent
        self.abi = abi
        self.phys = phys
        self.name = name
        self.type = type_
        self.index: Optional[int] = None
        self.label = ""
        self.at = b""
        self.base = 0
        self.size = 0
        self.has_bytes = False
        self.present: Optional[FrozenSet[str]] = None
        self.depth = parent.depth + 1 if parent else 0
        self.json: Dict[str, Any] = {}
        self.inside: List[Any] = []
        self._path: Optional[str] = None

    @property
    def path(self) -> str:
        if self._path is None:
            above = self.parent.path if self.parent else ""
            if self.index is not None:
                above += f"[{self.label or self.index}]"
            elif self.name is not None:
                above += ("/" if above else "") + self.name
            self._path = above
        return self._path

    def name_of(self, one: Field, base: int) -> str:
        """A field of its own, or of a struct in it that starts at base."""
        assert self.type
        return self.type.name_at(one, base)

    def place(self, offset: int) -> int:
        """Properties do not lie where their fields do."""
        if self.phys == WORD or self.kind != "struct":
            return self.phys
        return self.phys + offset & WORD


class Loaded(NamedTuple):
    """An array that was read; what its slots hold: nothing, or 1 + the tag."""

    abi: Abi
    array: Array
    pages: List[int]
    states: List[int]
    shape: List[int]  # stride and capacity, once known
    said: Dict[int, Tuple[int, int]]  # by slot: where a count of users is, it


class Core:
    """One walk: what is read, told, and known."""

    rules: Dict[int, List[Rule]] = {}
    decoded: Dict[Any, Decoded] = {}

    def __init__(self, loader: Loader, dump: Dump, oracle: Dict[Any, Any],
                 page_size: int) -> None:
        self.loader = loader
        self.dump = dump
        self.oracle = oracle
        self.env = Env(page_size, page_size.bit_length() - 1)
        self.root_header: Optional[bytes] = None
        self.findings: List[Finding] = []
        self.claimed: List[Tuple[int, int]] = []
        self.loaded: List[Loaded] = []
        self.explained: Set[Tuple[Optional[Object], Field]] = set()
        self.outer = 0
        self.mapped = False
        self.preserved: List[Tuple[int, int]] = []
        self.tree: List[Any] = []
        self.sealed: List[Tuple[int, int, int]] = []

    # What is told

    def enter(self, node: Object) -> bool:
        if node.depth >= MAX_DEPTH:
            self.error(node, None, "depth", node.place(0))
            return False
        json = node.json
        json["kind"] = node.kind
        if node.name is not None:
            json["name"] = node.name
        if node.label:
            json["label"] = node.label
        if node.index is not None:
            json["index"] = node.index
        json["abi"] = node.abi.id if node.abi else None
        if node.type:
            json["type"] = node.type.name
        json["phys"] = phys_or_none(node.phys)
        if node.has_bytes:
            json["size"] = node.size
        json["items" if node.kind == "array" else "children"] = node.inside
        (node.parent.inside if node.parent else self.tree).append(json)
        return True

    def tell(self, severity: str, node: Object, one: Optional[str], rule: str,
             phys: int) -> None:
        self.findings.append(Finding(severity, rule, node.path, one,
                                     phys_or_none(phys)))

    def error(self, node: Object, one: Optional[str], rule: str,
              phys: int) -> None:
        self.tell("error", node, one, rule, phys)

    # What is read

    def claim(self, node: Object, one: Optional[str], phys: int, length: int,
              place: int) -> bool:
        """That nothing is reached twice; @place is where the error is."""
        if length - 1 > WORD - phys:
            self.error(node, one, "unreadable", place)
            return False
        if self.take(phys, length):
            return True
        self.error(node, one, "read-twice", place)
        return False

    def take(self, phys: int, length: int) -> bool:
        last = phys + length - 1
        i = bisect_right(self.claimed, (phys, WORD))
        if i and self.claimed[i - 1][1] >= phys:
            return False
        if i < len(self.claimed) and self.claimed[i][0] <= last:
            return False
        self.claimed.insert(i, (phys, last))
        return True

    def read(self, node: Object, one: Optional[str], phys: int, length: int,
             place: int) -> Optional[bytes]:
        found = self.dump.read(phys, length)
        if found is None:
            self.error(node, one, "unreadable", place)
        return found

    def have(self, phys: int, length: int) -> bool:
        i = bisect_right(self.preserved, (phys, 1 << 65)) - 1
        return i >= 0 and sum(self.preserved[i]) - phys >= length \
            and phys < sum(self.preserved[i])

    def expect_preserved(self, node: Object, one: Optional[str], phys: int,
                         length: int, place: int) -> None:
        if self.mapped and not self.have(phys, length):
            self.error(node, one, "not-preserved", place)

    # What structs say

    def rules_of(self, struct: Struct) -> List[Rule]:
        found = self.rules.get(id(struct))
        if found is None:
            found = implied(struct) + explicit(struct)
            self.rules[id(struct)] = found
        return found

    def decode(self, struct: Struct, at: bytes, size: int, env: Env,
               present: Optional[FrozenSet[str]] = None) -> Decoded:
        """Values and broken rules; the same bytes are looked at once."""
        key = (id(struct), at, size, env, present)
        found = self.decoded.get(key)
        if found is None:
            if len(self.decoded) > 200000:
                self.decoded.clear()
            found = self.look(struct, at, size, env, present)
            self.decoded[key] = found
        return found

    def look(self, struct: Struct, at: bytes, size: int, env: Env,
             present: Optional[FrozenSet[str]]) -> Decoded:
        broken = self.broken(struct, at, 0, env, present)
        label = struct.data.get("label")
        return Decoded(
            fields(struct, at, 0, env, size,
                   None if present is None else set(present)), broken,
            any(one.rule.refuse for one in broken),
            key_text(struct.find(label), at, 0) if label else "")

    def broken(self, struct: Struct, at: bytes, base: int, env: Env,
               present: Optional[FrozenSet[str]]) -> List[Broken]:
        found = []
        for rule in self.rules_of(struct):
            if present is not None and not applies(rule, struct, present):
                continue
            if not rule.holds(at, base, env):
                found.append(Broken(rule, base))
        for one in struct.fields:
            if not one.struct or one.count is None:
                continue
            if present is not None and one.name not in present:
                continue
            for i in range(one.count):
                found += self.broken(one.struct, at,
                                     base + one.offset + i * one.size, env,
                                     None)
        return found

    def tell_broken(self, node: Object, decoded: Decoded) -> None:
        for rule, base in decoded.broken:
            one = rule.field
            self.error(node, node.name_of(one, base) if one else None,
                       rule.name, node.place(base + one.offset if one
                                             else base))

    def is_free(self, struct: Struct, at: bytes) -> bool:
        """Whether a record holds nothing."""
        if struct.free is None:
            return False
        at = at[:struct.size]
        if struct.free == "zero":
            return not any(at)
        return free_test(struct)(at, 0, self.env)


TESTS: Dict[int, Any] = {}


def free_test(struct: Struct) -> Any:
    if id(struct) not in TESTS:
        TESTS[id(struct)] = Expression(struct.free, struct)
    return TESTS[id(struct)]


def applies(rule: Rule, struct: Struct, present: FrozenSet[str]) -> bool:
    """A rule about a property that is not there would only repeat that."""
    if rule.field:
        return rule.field.name in present
    return all(one.name in present for one in struct.fields)


def raw_name(raw: bytes) -> str:
    return escape(raw, 80)
