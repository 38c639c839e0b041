# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The C text of the checks that a kernel makes."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Tuple

from .csource import WIDTH, local
from .ctext import Printer, Style, packed
from .expr import Expr
from .kheader import PAD_TYPES
from .knames import item_macro
from .model import Arm, Array, Choice, Field, Struct

Path = Tuple[Field, ...]
ENV_TEXT = {"page_size": "PAGE_SIZE", "page_shift": "PAGE_SHIFT"}


@dataclass
class Test:
    """The function that tests a struct's rules, for a template."""

    struct: Struct
    loads: Dict[str, str] = field(default_factory=dict)
    lines: List[str] = field(default_factory=list)
    uses_root: bool = False

    def load(self, path: Path) -> str:
        item = path[-1]
        name = local(item.name)
        text = f"ser->{item.name}"
        if item.kind == "PAD" and item.size not in PAD_TYPES:
            text = f"!!memchr_inv({text}, 0, sizeof({text}))"
        self.loads.setdefault(name, text)
        return name

    def root(self, path: Path) -> str:
        self.uses_root = True
        name = local("root_" + path[-1].name)
        self.loads.setdefault(name, f"root->{path[-1].name}")
        return name

    def style(self) -> Style:
        return Style(self.load, self.root, lambda kind, item, text: "",
                     ENV_TEXT.__getitem__, "u64", "kho_sealed_")


def rules_test(struct: Struct) -> Test:
    """All rules of @struct."""
    test = Test(struct)
    for number, rule in enumerate(struct.rules):
        text = Printer(test.style()).text(rule.expr or Expr("num"))
        test.lines.append(unless(number, text))
    return test


def unless(number: int, text: str) -> str:
    """A test with its lines broken where an alternative begins."""
    hang = "\t\t\t\t "
    lines = [f"kho_sealed_unless({number},"]
    width = 15
    for piece in pieces(text):
        if width + len(lines[-1]) + len(piece) + 4 > WIDTH:
            width = 0
            lines.append(hang.expandtabs() + piece)
        else:
            lines[-1] += " " + piece
    return "\n".join(line.replace(hang.expandtabs(), hang)
                     for line in lines) + ")"


def pieces(text: str) -> Iterator[str]:
    """The parts of a condition, each with the operator behind it."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth and text.startswith(("|| ", "&& "), at):
            yield text[start:at + 2]
            start = at + 3
    yield text[start:]


def string(text: str) -> str:
    """A string literal, on a line of its own where it is long."""
    return f' "{text}"' if len(text) < 72 else f'\n\t\t\t"{text}"'


def key(fields: List[Field]) -> str:
    """The fields of a struct side by side in one number."""
    return packed("u64", [(f"ser->{item.name}", item.size) for item in fields])


def arm_macro(choice: Choice, arm: Arm) -> str:
    """What the kernel calls the tag of an arm."""
    return item_macro(choice.names, choice.names.items[arm.name])


def macro_of(array: Array, item: Field, value: int) -> str:
    """What the kernel calls the value that a header field has."""
    for names in array.abi.names.values():
        if names.name.endswith(f"_{item.name}"):
            for known in names.items.values():
                if known.value == value:
                    return item_macro(names, known)
    for constant in array.abi.constants.values():
        if constant.value == value and not constant.header and \
                constant.name.lower().endswith(item.name):
            return constant.name
    return str(value)
