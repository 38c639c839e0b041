# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Struct layouts, as the kernel's headers have them and as the schemas do."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .pahole import Field, Layout, structs_from
from .say import Failed
from .tree import ABI, Tree

SCHEMA = Path(__file__).resolve().parents[3] / "schema"
# Without the second flag an object has only the types that it uses.
CFLAGS = "-g -fno-eliminate-unused-debug-types"


@dataclass
class Schema:
    """What the lock file records of the schemas for one kernel."""
    structs: dict[str, Layout] = field(default_factory=dict)
    # Fields that reach to the end of the page, as "struct.field".
    open: set[str] = field(default_factory=set)
    # How many records of arrays are in a page of 4 KiB.
    per_page: dict[str, int] = field(default_factory=dict)


def _fold(layout: Layout) -> Layout:
    """A union of members of one place counts as one field."""
    groups: dict[str, set[Field]] = {}
    for name, member in layout.fields.items():
        groups.setdefault(name.split(".")[0], set()).add(member)
    fields = {}
    for name, members in groups.items():
        if len(members) != 1:
            raise Failed(f"the members of {name} differ: {members}")
        (fields[name],) = members
    return Layout(layout.size, fields)


def kernel_layouts(tree: Tree) -> dict[str, Layout]:
    """Every struct that the kernel's ABI headers define."""
    users = tree.users()
    tree.build(users, cflags=CFLAGS)
    return {name: _fold(layout) for user in users
            for name, layout in structs_from(tree.path / user, ABI).items()}


def _cites(name: str, release: str) -> bool:
    (path,) = SCHEMA.glob(f"*/{name}.yaml")
    return f'kernel: "{release}", file: {ABI}' in path.read_text()


def _add(schema: Schema, record: dict[str, Any]) -> None:
    for name, layout in record["structs"].items():
        fields = {}
        for member, (offset, size, bit, bits, kind) in \
                layout["fields"].items():
            fields[member] = Field(offset, size, bit, bits)
            if kind.endswith("[]"):
                schema.open.add(f"{name}.{member}")
        schema.structs[name] = Layout(layout["size"], fields)
    for array in record["arrays"].values():
        schema.per_page[array["record"]] = array["per-page"][0]


def schema_layouts(release: str) -> Schema:
    """The mainline schemas that cite a header of this kernel series."""
    schema = Schema()
    lock = json.loads((SCHEMA / "lock.json").read_text())
    for name, record in lock["layouts"].items():
        if record["origin"] == "mainline" and _cites(name, release):
            _add(schema, record)
    return schema
