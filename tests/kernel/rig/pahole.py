# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What pahole says of an object: its structs as text, and as numbers."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .say import Failed, output

# int name[3]:4;  /* offset: bit size */
MEMBER = re.compile(r"^\s+(?:.*\W)?(?P<name>[A-Za-z_]\w*)(?:\[\d*\])*"
                    r"(?::(?P<bits>\d+))?;\s*/\*\s*(?P<offset>\d+)"
                    r"(?::\s*(?P<bit>\d+))?\s+(?P<size>\d+)\s*\*/$")
OPEN = re.compile(r"^\s+(?:struct|union) (?:\w+ )?\{")
CLOSE = re.compile(r"^\s+\}\s*(?P<name>\w*)")
WHOLE = re.compile(r"/\* size: (?P<size>\d+),")
BLOCK = re.compile(r"^(?:struct|union|enum) (?P<name>\w+) \{\n.*?^\}[^\n]*;$",
                   re.M | re.S)
PLACE = re.compile(r"^/\* <[0-9a-f]+> (?P<file>\S+):\d+ \*/\n(?=struct )",
                   re.M)


@dataclass(frozen=True)
class Field:
    offset: int
    size: int           # of the storage, for a bit-field
    bit_offset: int = 0
    bits: int = 0       # zero if it is none


@dataclass
class Layout:
    size: int = 0
    fields: dict[str, Field] = field(default_factory=dict)


def blocks(obj: Path) -> dict[str, str]:
    """Every named type of an object, as pahole prints it."""
    return {m["name"]: m[0] for m in BLOCK.finditer(output(["pahole", obj]))}


def parse(text: str) -> Layout:
    """The layout of one struct; members of a union in it are "union.member"."""
    layout = Layout()
    open_: list[dict[str, Field]] = [layout.fields]
    for line in text.splitlines()[1:]:
        if OPEN.match(line):
            open_.append({})
        elif found := CLOSE.match(line):
            inner, prefix = open_.pop(), found["name"]
            for name, member in inner.items():
                open_[-1][f"{prefix}.{name}" if prefix else name] = member
        elif found := MEMBER.match(line):
            open_[-1][found["name"]] = Field(
                int(found["offset"]), int(found["size"]),
                int(found["bit"] or 0), int(found["bits"] or 0))
        elif found := WHOLE.search(line):
            layout.size = int(found["size"])
    return layout


def structs_from(obj: Path, directory: str) -> dict[str, Layout]:
    """Layouts of the structs that headers in directory define."""
    text = output(["pahole", "-I", obj])
    found = {}
    for place in PLACE.finditer(text):
        if directory not in place["file"]:
            continue
        block = BLOCK.match(text, place.end())
        if not block:
            raise Failed(f"{obj}: cannot read pahole's output at "
                         f"{place['file']}")
        found[block["name"]] = parse(block[0])
    return found
