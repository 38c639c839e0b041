# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the reference page of an ABI says about fields."""
from __future__ import annotations

from typing import Iterator, List, Tuple

from .csource import one_line
from .model import Choice, Field, Link, Names, Struct
from .page_tables import PageTable
from .rst import code, escape, number

Rows = List[Tuple[str, ...]]


def fields(struct: Struct) -> Rows:
    """A row for each field of a struct in memory."""
    return [(str(field.offset), size(field), code(field.name),
             meaning(field)) for field in struct.fields]


def properties(struct: Struct) -> Rows:
    """A row for each property of a device tree's node."""
    return [(code(field.name), size(field), meaning(field))
            for field in struct.fields]


def size(field: Field) -> str:
    if field.bits:
        last = field.bit + field.bits - 1
        return f"bits {field.bit}-{last}" if field.bits > 1 \
            else f"bit {field.bit}"
    return "rest" if field.rest else str(field.bytes)


def meaning(field: Field) -> str:
    """The field's own words, and what its type adds."""
    return " ".join([escape(one_line(field.doc)), *details(field)])


def details(field: Field) -> Iterator[str]:
    if field.since:
        yield "New in this version."
    if field.count > 1:
        yield f"{field.count} elements."
    if field.struct:
        yield f"An array of {code('struct ' + field.struct.name)}." \
            if field.rest else f"A {code('struct ' + field.struct.name)}."
    if field.holds and field.rest:
        yield f"{code(field.holds.count.name)} counts them."
    elif field.holds:
        yield f"An array of {code('struct ' + field.holds.record.name)}."
    if field.kind == "POINTER":
        yield "A pointer of one kernel, which nobody else follows."
    if field.kind == "STRING" and field.const is None:
        yield "A string that ends with a NUL." if field.terminated \
            else "A string; one that fills the field has no NUL."
    if field.link:
        yield link(field, field.link)
    if field.choice:
        yield choice(field, field.choice)
    if field.names:
        yield f"See {code(field.names.name)}."
    yield from limits(field)


def limits(field: Field) -> Iterator[str]:
    if isinstance(field.const, str):
        yield "Always " + code(f'"{field.const}"') + "."
    elif field.const is not None:
        yield f"Always {number(field.const)}."
    if field.min and field.min == field.max:
        yield f"Always {field.min}."
        return
    if field.min:
        yield f"At least {number(field.min)}."
    if field.max is not None:
        yield f"At most {number(field.max)}."
    if field.multiple_of:
        yield f"A multiple of {number(field.multiple_of)}."


def link(field: Field, to: Link) -> str:
    """Where an address or an index leads."""
    none = ", zero if there is none" if to.nullable else ""
    if to.kind == "INDEX" and to.array:
        none = f", {number(to.none)} if there is none" if to.none else ""
        return f"An index into {code(to.array.name)}{none}."
    what = "A page frame number" if field.format == "pfn" \
        else f"A physical address, shifted right by {field.shift}" \
        if field.shift else "A physical address"
    aligned = " of a page" if to.align == 0 else \
        f", a multiple of {to.align}" if to.align > 1 else ""
    unknown = to.dispatch.refused if to.dispatch else None
    otherwise = f" If a kernel has none: {escape(unknown)}" if unknown else ""
    otherwise += f" {escape(to.not_followed)}" if to.not_followed else ""
    return f"{what}{aligned}{none}; leads to {target(to)}.{otherwise}"


def target(to: Link) -> str:
    if to.struct:
        return code(f"struct {to.struct.name}")
    if to.array:
        one = "a record of " if to.kind == "RECORD" else "the array "
        return one + code(to.array.name)
    if to.tree:
        return f"the tree {code(to.tree.name)}"
    if to.dispatch:
        by = code(to.dispatch.by.name) if to.dispatch.by \
            else "the node's name"
        size = ", a device tree that says its size" \
            if to.dispatch.fdt_size else ""
        return (f"the ABI that {code(to.dispatch.registry)} has under "
                f"{by}{size}")
    if to.page_table:
        return page_table(to.page_table)
    return to.words or "preserved memory"


def page_table(to: PageTable) -> str:
    """How the tables are told that an address leads to."""
    known = [f"{code(item)} {code(made.name)}" for item, _, made in to.arms
             if made]
    return (f"page tables; {code(to.tag.name)} tells their format: "
            f"{', '.join(known)}")


def choice(field: Field, told: Choice) -> str:
    """The arms of a union or a section, and what tells them apart."""
    arms = [f"{code(arm.name)}: " + (code("struct " + arm.struct.name)
                                     if arm.struct else "nothing")
            for arm in told.arms]
    where = ""
    if told.offset and told.size:
        where = (f" It starts {code(told.offset.name)} bytes into the record "
                 f"and has {code(told.size.name)} bytes.")
    return f"{code(told.text)} tells which: {', '.join(arms)}.{where}"


def names(what: Names) -> Rows:
    """A row for each item of an enum, or for each flag."""
    if what.is_flags:
        return [(str(item.value.bit_length() - 1), code(item.name),
                 escape(item.doc)) for item in what.items.values()]
    return [(str(item.value), code(item.name), escape(item.doc))
            for item in what.items.values()]
