# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a kernel header holds, and in which order."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, List

from .csource import one_line
from .knames import has_macro, item_macro, own_flags
from .ktext import listed
from .model import (INTS, PAGE_SHIFTS, Abi, Array, Constant, Field, Names,
                    Struct)

PAD_TYPES = {size: name for name, size in INTS.items()}


@dataclass
class Member:
    """One member of a struct: its declaration, and what it is."""

    field: Field
    lines: List[str]

    @property
    def doc(self) -> str:
        """The field's own words, and where its values are described."""
        names, words = self.field.names, [one_line(self.field.doc)]
        if names and not names.is_flags:
            words.append(f"See &enum {names.name}.")
        elif names:
            macros = [item_macro(names, item)
                      for item in names.items.values() if has_macro(item)]
            words.append(f"Bits: {', '.join(macros)}." if macros else "")
        words.append(kind_words(self.field))
        return " ".join(filter(None, words))


def kind_words(field: Field) -> str:
    """What the value of a field is, where its C type does not say."""
    if field.kind == "PHYS" and field.format != "pfn":
        return "A physical address."
    if field.kind == "INDEX" and field.link and field.link.array:
        return f"An index into {field.link.array.name}."
    choice = field.choice
    if field.kind == "SECTION" and choice and choice.offset and choice.size:
        return (f"A writer puts it here; a reader goes by "
                f"@{choice.offset.name} and @{choice.size.name}.")
    return ""


@dataclass
class Part:
    """What one schema adds to a header."""

    abi: Abi

    @property
    def constants(self) -> List[Constant]:
        return [c for c in self.abi.constants.values() if not c.header]

    @property
    def enums(self) -> List[Names]:
        return [n for n in self.abi.names.values() if not n.is_flags]

    @property
    def flags(self) -> List[Names]:
        """Sets of flags of which the header defines something."""
        return [n for n in self.abi.names.values()
                if n.is_flags and (n.all_macro or own_flags(n))]

    @property
    def structs(self) -> List[Struct]:
        """The structs, each behind those that it is made of."""
        done: List[Struct] = []
        for struct in self.abi.structs.values():
            _add(struct, self.abi, done)
        return [struct for struct in done if struct.in_kernel]

    @property
    def limits(self) -> List[Array]:
        return [a for a in self.abi.arrays.values() if a.macro]


def _add(struct: Struct, abi: Abi, done: List[Struct]) -> None:
    if struct in done or struct.abi is not abi:
        return
    for inner in made_of(struct):
        _add(inner, abi, done)
    done.append(struct)


def made_of(struct: Struct) -> Iterator[Struct]:
    """The structs inside @struct."""
    for field in struct.fields:
        if field.struct:
            yield field.struct
        for arm in field.choice.arms if field.choice else []:
            if arm.struct:
                yield arm.struct


@dataclass
class Header:
    """A kernel header: one schema, and those that it provides as well."""

    abi: Abi
    parts: List[Part]

    @property
    def path(self) -> str:
        assert self.abi.kernel
        return self.abi.kernel.header

    @property
    def guard(self) -> str:
        name = self.path.replace("include/", "", 1).upper()
        return "_" + re.sub(r"[^A-Z0-9]", "_", name)

    @property
    def fields(self) -> List[Field]:
        return [field for part in self.parts for struct in part.structs
                for field in struct.fields]

    @property
    def has_pointers(self) -> bool:
        return any(field.khoser for field in self.fields)

    @property
    def includes(self) -> List[str]:
        """What the schema says, and what the text below needs."""
        assert self.abi.kernel
        found = set(self.abi.kernel.includes) | set(self.needs())
        return sorted(found, key=lambda name: (name.startswith("asm/"), name))

    def needs(self) -> Iterator[str]:
        for part in self.parts:
            abi = part.abi
            trees = [tree for tree in abi.trees.values() if tree.kernel]
            if any(own_flags(names) for names in part.flags):
                yield "linux/bits.h"
            if part.structs:
                yield from ("linux/build_bug.h", "linux/stddef.h",
                            "linux/types.h")
            if trees:
                yield from ("linux/math.h", "linux/types.h")
            if trees or part.limits or any(f.rest for f in self.fields) or \
                    any(c.is_page_size for c in part.constants):
                yield "asm/page.h"


def kernel_header(abi: Abi, abis: List[Abi]) -> Header:
    """The header of @abi; what its structs are made of comes first."""
    assert abi.kernel
    known = {other.id: other for other in abis}
    parts = [Part(known[name]) for name in abi.kernel.provides]
    parts.insert(len(parts) if abi.structs else 0, Part(abi))
    return Header(abi, parts)


def grows(abi: Abi) -> bool:
    """Whether readers ignore some bits that they do not know."""
    return any(n.is_flags and n.unknown == "ignore"
               for n in abi.names.values())


def purpose(struct: Struct) -> str:
    """The first sentence about a struct."""
    return _sentences(struct)[0].rstrip(".")


def more(struct: Struct) -> str:
    """What else there is to say."""
    return " ".join(_sentences(struct)[1:])


def _sentences(struct: Struct) -> List[str]:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", struct.doc.strip())


def capacities(array: Array) -> str:
    """How many records fit in a page of each size."""
    return listed([f"{array.capacity(shift)} where pages have "
                   f"{1 << (shift - 10)} KiB" for shift in PAGE_SHIFTS])


def capacity(array: Array) -> str:
    """The same as an expression in C."""
    record = array.record
    size = f"sizeof(struct {record.name})" if record.in_kernel \
        else str(record.size)
    room = f"(PAGE_SIZE * {array.table_pages})" if array.table_pages \
        else "PAGE_SIZE"
    header = f" - sizeof(struct {array.header.name})" \
        if array.header.name else ""
    return f"(({room}{header}) / {size})" if header else f"({room} / {size})"


def rest_count(struct: Struct, field: Field) -> str:
    """Elements of the field that fills the page."""
    before = [f for f in struct.fields if f is not field]
    size = f"sizeof(struct {before[0].struct.name})" \
        if len(before) == 1 and before[0].struct else str(field.offset)
    return f"((PAGE_SIZE - {size}) / sizeof({element(field)}))"


def element(field: Field) -> str:
    """The C type of a field, or of one element of it."""
    if field.struct:
        return f"struct {field.struct.name}"
    if field.kind == "STRING":
        return "char"
    if field.kind in ("BYTES", "PAD"):
        return "u8"
    return field.c or PAD_TYPES[field.size]


def members(struct: Struct) -> List[Member]:
    """The members in their order; a section without room is none."""
    return [Member(field, declaration(struct, field))
            for field in struct.fields if field.size]


def declaration(struct: Struct, field: Field) -> List[str]:
    if field.khoser:
        return ["union {", "\tu64 phys;", f"\tstruct {field.khoser} *ptr;",
                f"}} {field.name};"]
    if field.choice:
        return union(field)
    if field.bits:
        return [f"{element(field)} {field.name}:{field.bits};"]
    if field.kind == "PAD" and field.size in PAD_TYPES:
        return [f"{PAD_TYPES[field.size]} {field.name};"]
    return [f"{element(field)} {field.name}{dimension(struct, field)};"]


def dimension(struct: Struct, field: Field) -> str:
    if field.rest:
        return f"[{field.macro or rest_count(struct, field)}]"
    if field.kind in ("STRING", "BYTES", "PAD"):
        return f"[{field.size_name or field.size}]"
    return f"[{field.size_name or field.count}]" if field.count > 1 else ""


def union(field: Field) -> List[str]:
    """The arms, and the room that is kept for later ones."""
    assert field.choice
    lines = [f"\tstruct {arm.struct.name} {arm.name};"
             for arm in field.choice.arms if arm.struct]
    sizes = [arm.struct.size for arm in field.choice.arms if arm.struct]
    if max(sizes, default=0) < field.size:
        lines.append(f"\tu8 reserved[{field.size}];")
    return ["union {", *lines, f"}} {field.name};"]
