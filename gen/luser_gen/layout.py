# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Offsets, sizes and alignment of structs."""
from __future__ import annotations

from typing import List

from .errors import Report
from .model import INTS, Abi, Field, Struct

# Bits of struct luser_node's @present.
MAX_PROPERTIES = 64

PAGE = 4096  # the smallest page: what fits it fits all


def natural_alignment(field: Field) -> int:
    """What the offset of @field is a multiple of in an unpacked struct."""
    if field.type in INTS or field.kind in ("PHYS", "POINTER", "INDEX"):
        return field.size
    if field.struct:
        return field.struct.natural
    if field.kind == "UNION" and field.choice:
        arms = [arm.struct.natural for arm in field.choice.arms if arm.struct]
        return max(arms, default=1)
    return 8 if field.kind == "SECTION" else 1


class Layout:
    """Lays out the structs of one ABI, nested ones first."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.done: List[int] = []
        self.open: List[Struct] = []

    def abi(self, abi: Abi) -> None:
        for struct in abi.all_structs:
            self.struct(struct)

    def struct(self, struct: Struct) -> None:
        if id(struct) in self.done or struct.size:
            return
        if struct in self.open:
            self.report.error(struct.where,
                              f"struct {struct.name} contains itself")
            return
        self.open.append(struct)
        for field in struct.fields:
            self.inner(field)
        self.open.pop()
        self.done.append(id(struct))
        self.place(struct)
        self.check(struct)

    def inner(self, field: Field) -> None:
        """What @field is made of comes first."""
        if field.struct:
            self.struct(field.struct)
            field.size = field.struct.size
        elif field.kind == "UNION" and field.choice:
            arms = [arm.struct for arm in field.choice.arms if arm.struct]
            for arm in arms:
                self.struct(arm)
            field.size = max((arm.size for arm in arms), default=0)

    def place(self, struct: Struct) -> None:
        offset = 0
        unit = ""
        for field in struct.fields:
            if field.unit and field.unit == unit:
                field.offset = offset - field.size
                continue
            unit = field.unit
            field.offset = offset
            offset += field.bytes
            if field.rest and not struct.node \
                    and field is not struct.fields[-1]:
                self.report.error(field.where, f"{field.name} fills the page "
                                  "and is not the last field")
        struct.size = offset
        struct.natural = max(map(natural_alignment, struct.fields), default=1)
        struct.align = 1 if struct.packed else struct.natural

    def check(self, struct: Struct) -> None:
        if struct.declared_size not in (None, struct.size):
            self.report.error(struct.where, f"struct {struct.name} has "
                              f"{struct.size} bytes, not "
                              f"{struct.declared_size}")
        if not struct.packed:
            self.unpacked(struct)
        if struct.size > PAGE:
            self.report.error(struct.where, f"struct {struct.name} has "
                              f"{struct.size} bytes, more than a page")
        if struct.node:
            self.check_node(struct)

    def check_node(self, struct: Struct) -> None:
        """Readers have a bit for each property of a node."""
        if len(struct.fields) > MAX_PROPERTIES:
            self.report.error(struct.where, f"node {struct.name} has "
                              f"{len(struct.fields)} properties, more than "
                              f"{MAX_PROPERTIES}")

    def unpacked(self, struct: Struct) -> None:
        """A compiler must not find a reason to add padding."""
        for field in struct.fields:
            if field.offset % natural_alignment(field):
                self.report.error(field.where, f"{field.name} is at offset "
                                  f"{field.offset} of an unpacked struct: "
                                  "declare the padding before it")
        if struct.size % struct.natural:
            self.report.error(struct.where, f"unpacked struct {struct.name} "
                              f"has {struct.size} bytes, no multiple of "
                              f"{struct.natural}: declare the padding")
