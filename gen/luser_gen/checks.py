# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The C function that tests the rules of one struct."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, List, Sequence, Tuple

from .csource import local
from .ctext import Printer, Style, literal, packed
from .expr import Expr, may_fault, negate
from .model import Field, Rule, Struct

Path = Tuple[Field, ...]
ENV_TEXT = {"page_size": "env->page_size",
            "page_shift": "(uint64_t)env->page_shift",
            "capacity": "(uint64_t)env->capacity",
            "record_size": "(uint64_t)env->record_size"}


def load_text(base: str, path: Path) -> str:
    """An expression that loads a number from little-endian memory."""
    offset = sum(part.offset for part in path)
    item = path[-1]
    where = f"{base} + {offset}" if offset else base
    text = f"luser_le{item.size * 8}({where})"
    if not item.bits or item.bits == item.size * 8:
        return text
    if item.bit:
        text = f"{text} >> {item.bit}"
    if item.bit + item.bits < item.size * 8:
        text = f"({text}) & {literal(item.mask)}" if item.bit \
            else f"{text} & {literal(item.mask)}"
    return text


def key_text(fields: Sequence[Field]) -> str:
    """The fields of a record side by side in one number."""
    return packed("uint64_t", [(load_text("at", (item,)), item.size)
                               for item in fields])


def pad_text(item: Field) -> str:
    """A number that is zero when all bytes of @item are."""
    loads, offset = [], item.offset
    for size in (8, 4, 2, 1):
        if item.offset + item.size - offset >= size:
            where = f"at + {offset}" if offset else "at"
            loads.append(f"luser_le{size * 8}({where})")
            offset += size
    return " | ".join(loads)


@dataclass
class Check:
    """The parts of the function, for a template to put together."""

    struct: Struct
    loads: Dict[str, str] = field(default_factory=dict)
    root_size: int = 0
    sound: List[str] = field(default_factory=list)
    tests: List[str] = field(default_factory=list)
    fails: List[str] = field(default_factory=list)
    uses_env: bool = False
    fixed: str = ""  # zero when all bits with one right value have it

    @property
    def uses_at(self) -> bool:
        """Whether any of its text looks at the struct's bytes."""
        text = [self.fixed, *self.loads.values(), *self.tests, *self.fails]
        return any(re.search(r"\bat\b", part) for part in text)

    def local_field(self, path: Path) -> str:
        name = local("_".join(part.name for part in path))
        if path[-1].kind == "PAD" and not path[-1].bits:
            self.loads.setdefault(name, pad_text(path[-1]))
        self.loads.setdefault(name, load_text("at", path))
        return name

    def root_field(self, path: Path) -> str:
        name = local("root_" + "_".join(part.name for part in path))
        offset = sum(part.offset for part in path)
        self.root_size = max(self.root_size, offset + path[-1].size)
        load = load_text("root", path)
        self.loads.setdefault(name, f"root ? {load} : 0")
        self.uses_env = True
        return name

    def env(self, name: str) -> str:
        self.uses_env = True
        return ENV_TEXT[name]

    def test(self, kind: str, item: Field, text: str) -> str:
        where = f"at + {item.offset}" if item.offset else "at"
        if kind == "same_text":
            size = min(item.size, len(text.encode()) + 1)
            return f'luser_same_text({where}, "{text}", {size})'
        return f"luser_{kind}({where}, {item.size})"

    def style(self) -> Style:
        return Style(self.local_field, self.root_field, self.test, self.env,
                     "uint64_t", "luser_", "env->page_shift")


def _text(check: Check, expr: Expr, sound: str) -> str:
    return Printer(check.style(), sound).text(expr)


def add_rule(check: Check, number: int, rule: Rule) -> None:
    """The test of one rule, and its opposite."""
    expr: Expr = rule.expr or Expr("num")
    sound = f"sound{number}"
    holds = _text(check, expr, sound)
    fails = _text(check, negate(expr), sound)
    if may_fault(expr):
        check.sound.append(sound)
        holds = f"({holds}) && {sound}"
        fails = f"({fails}) || !{sound}"
    if any(part.op == "root" for part in expr.walk()):
        holds = f"!root || ({holds})"
        fails = f"root && ({fails})"
    check.tests.append(holds)
    check.fails.append(fails)


def add_rules(check: Check, rules: Sequence[Rule],
              done: Sequence[Rule] = ()) -> None:
    """The rules of the struct, but those that are tested already."""
    for number, rule in enumerate(rules):
        if rule not in done:
            add_rule(check, number, rule)


def make_check(struct: Struct, rules: Sequence[Rule]) -> Check:
    """Rules of @struct, for the function that tells which are broken."""
    check = Check(struct)
    add_rules(check, rules)
    return check


def make_value(struct: Struct, expr: Expr) -> Check:
    """What one expression over the struct's bytes comes to."""
    check = Check(struct)
    check.tests.append(_text(check, expr, ""))
    return check
