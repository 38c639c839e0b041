# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Rules that the types imply, named after their fields."""
from __future__ import annotations

from typing import Iterator, List

from .expr import (Expr, aligned, arithmetic, as_bool, both, compare, number)
from .model import Field, Names, Rule, Struct

PAGE_SIZE = Expr("env", text="page_size")


def _shown(value: int) -> str:
    """A limit for a person: small ones in decimal."""
    return str(value) if value < 0x10000 else hex(value)


def _load(field: Field) -> Expr:
    return Expr("field", path=(field,))


def _rule(field: Field, kind: str, that: str, doc: str, expr: Expr,
          refuse: bool = False) -> Rule:
    name = f"{field.name.replace('_', '-')}-{kind}"
    return Rule(name, that, doc, field.where, field, refuse, True, "type",
                expr)


def _among(names: Names, load: Expr) -> Expr:
    """That the value is an item's, in as few comparisons as possible."""
    values = sorted({item.value for item in names.items.values()})
    if values[-1] - values[0] == len(values) - 1:
        high = compare("<=", load, number(values[-1]))
        if values[0] == 0:
            return high
        return both(compare(">=", load, number(values[0])), high)
    return Expr("or", tuple(compare("==", load, number(v)) for v in values))


def _number(field: Field) -> Iterator[Rule]:
    load, name = _load(field), field.name
    if field.const is not None and isinstance(field.const, int):
        yield _rule(field, "value", f"{name} == {_shown(field.const)}",
                    "It has one value only.",
                    compare("==", load, number(field.const)))
    if field.names and not field.names.is_flags:
        yield _rule(field, "known", f"{name} in {field.names.name}",
                    "It is an item of the enum.", _among(field.names, load))
    if field.names and field.names.is_flags:
        yield from _flags(field, field.names)
    for kind, limit, op in (("min", field.min, ">="),
                            ("max", field.max, "<=")):
        if limit:
            yield _rule(field, kind, f"{name} {op} {_shown(limit)}",
                        "It is in its range.",
                        compare(op, load, number(limit)))
    if field.max == 0:
        yield _rule(field, "max", f"{name} == 0", "It is in its range.",
                    compare("==", load, number(0)))
    if field.multiple_of:
        yield _rule(field, "multiple",
                    f"{name} % {_shown(field.multiple_of)} == 0",
                    "It is a whole multiple.",
                    aligned(load, number(field.multiple_of)))


def _flags(field: Field, names: Names) -> Iterator[Rule]:
    unknown = field.mask & ~names.mask
    if names.unknown == "ignore" or not unknown:
        return
    refuse = names.unknown == "refuse"
    that = f"{field.name} & {hex(unknown)}" if names.mask else field.name
    yield _rule(field, "unknown", f"{that} == 0", "An unknown bit changes what the rest means." if refuse
                else "Bits without a name are zero.",
                compare("==", arithmetic("&", _load(field), number(unknown))
                        if names.mask else _load(field), number(0)), refuse)


def _phys(field: Field) -> Iterator[Rule]:
    load, name, link = _load(field), field.name, field.link
    if link is None:
        return
    if not link.nullable:
        yield _rule(field, "set", f"{name} != 0", "It leads somewhere.",
                    as_bool(load))
    if field.format == "pfn":
        bits = arithmetic("-", number(64), Expr("env", text="page_shift"))
        yield _rule(field, "fits", f"{name} >> (64 - page_shift) == 0",
                    "As an address it fits 64 bits.",
                    compare("==", arithmetic(">>", load, bits), number(0)))
        return
    if field.shift:
        name = f"{name} << {field.shift}"
        load = arithmetic("<<", load, number(field.shift))
    if link.align == 0:
        yield _rule(field, "aligned", f"{name} % page_size == 0",
                    "It is the address of a page.", aligned(load, PAGE_SIZE))
    elif link.align > 1:
        yield _rule(field, "aligned", f"{name} % {link.align} == 0",
                    "It is aligned.", aligned(load, number(link.align)))


def _bytes(field: Field) -> Iterator[Rule]:
    """Rules over a field that is no number."""
    if field.kind == "STRING" and field.const is not None:
        yield _rule(field, "value", f'{field.name} == "{field.const}"',
                    "It has one value only.",
                    Expr("same_text", path=(field,), text=str(field.const)))
    elif field.kind == "STRING" and field.terminated:
        yield _rule(field, "terminated", f"{field.name} has a NUL",
                    "The text ends inside the field.",
                    Expr("terminated", path=(field,)))
    elif field.kind == "PAD" and not field.rest:
        zero = compare("==", _load(field), number(0)) \
            if field.size <= 8 else Expr("zero", path=(field,))
        yield _rule(field, "zero", f"{field.name} == 0", "Padding is zero.",
                    zero)


def derived_rules(struct: Struct) -> List[Rule]:
    """What the types of the struct's fields say, in the fields' order."""
    rules: List[Rule] = []
    for field in struct.fields:
        if field.count != 1 or field.rest:
            continue
        if field.kind == "UINT":
            rules += _number(field)
        elif field.kind == "PHYS":
            rules += _phys(field)
        else:
            rules += _bytes(field)
    return rules
