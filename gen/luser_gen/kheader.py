# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a kernel header holds, and in which order."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, List

from .csource import TAB, WIDTH, fill, one_line, width_of
from .model import (INTS, PAGE_SHIFTS, Abi, Array, Constant, Field, Linear,
                    Name, Names, Struct)

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
        if self.field.kind == "PHYS":
            words.append("A physical address.")
        return " ".join(filter(None, words))


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


def has_macro(item: Name) -> bool:
    return bool(item.macro or item.uapi)


def own_flags(names: Names) -> List[Name]:
    """The flags that the header defines."""
    return [item for item in names.items.values() if item.macro]


def item_macro(names: Names, item: Name) -> str:
    """What the kernel calls an item of an enum or a flag."""
    return item.macro or item.uapi or f"{names.name}_{item.name}".upper()


def flag_value(item: Name) -> str:
    bit = item.value.bit_length() - 1
    return f"BIT({bit})" if bit < 32 else f"BIT_ULL({bit})"


def about(names: Names, abi: Abi) -> str:
    """Which fields an enum or a set of flags is for."""
    places: List[str] = []
    for struct in abi.structs.values():
        places += [f"{f.name} in &struct {struct.name}"
                   for f in struct.fields if f.names is names]
    for array in abi.arrays.values():
        places += [f"{f.name} in &struct {array.header.name}"
                   for f, _ in array.expect if names.name.endswith(f.name)]
    places = list(dict.fromkeys(places))
    if len(places) > 1:
        places = [", ".join(places[:-1]) + " and " + places[-1]]
    what = "Bits" if names.is_flags else "Values"
    return f"{what} of {places[0]}" if places else f"{what} of {names.name}"


def expected(array: Array) -> str:
    """What the headers of the array's pages say, in macros."""
    words = []
    for field, value in array.expect:
        word = str(value)
        for names in array.abi.names.values():
            if names.name.endswith(field.name):
                word = next((item_macro(names, item)
                             for item in names.items.values()
                             if item.value == value), word)
        for constant in array.abi.constants.values():
            if constant.value == value and \
                    constant.name.lower().endswith(field.name):
                word = constant.name
        words.append(f"{field.name} is {word}")
    return ", ".join(words)


def all_flags(names: Names) -> str:
    """The macro for all flags of a set together."""
    parts = [item_macro(names, item) for item in names.items.values()]
    assert names.all_macro
    return macro(names.all_macro, f"({' | '.join(parts)})")


def macro(name: str, value: str) -> str:
    """A definition, broken into lines where it is too long."""
    line = f"#define {name}\t{value}"
    if width_of(line) <= WIDTH:
        return line
    lines = fill(value, "\t", "\t ").split("\n")
    lines = [continued(text) for text in [f"#define {name}", *lines[:-1]]] \
        + lines[-1:]
    return "\n".join(lines)


def continued(text: str) -> str:
    """A line with a backslash near the right edge."""
    columns = WIDTH - TAB - width_of(text)
    return text + "\t" * -(-columns // TAB) + "\\"


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
    words = [f"{array.capacity(shift)} where pages have "
             f"{1 << (shift - 10)} KiB"
             for shift in PAGE_SHIFTS]
    return ", ".join(words[:-1]) + " and " + words[-1]


def capacity(array: Array) -> str:
    """The same as an expression in C."""
    record = array.record
    size = f"sizeof(struct {record.name})" if record.in_kernel \
        else str(record.size)
    return f"((PAGE_SIZE - sizeof(struct {array.header.name})) / {size})"


def rest_count(struct: Struct, field: Field) -> str:
    """Elements of the field that fills the page."""
    before = [f for f in struct.fields if f is not field]
    size = f"sizeof(struct {before[0].struct.name})" \
        if len(before) == 1 and before[0].struct else str(field.offset)
    return f"((PAGE_SIZE - {size}) / sizeof({element(field)}))"


def linear(number: Linear) -> str:
    """a + b * PAGE_SHIFT as a person would write it."""
    shift = "PAGE_SHIFT" if abs(number.shifts) == 1 \
        else f"{abs(number.shifts)} * PAGE_SHIFT"
    if not number.shifts:
        return str(number.constant)
    if number.shifts < 0:
        return f"{number.constant} - {shift}"
    sign = "-" if number.constant < 0 else "+"
    return f"{shift} {sign} {abs(number.constant)}" if number.constant \
        else shift


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
