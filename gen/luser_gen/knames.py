# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a kernel header calls the values of fields."""
from __future__ import annotations

from typing import Dict, Iterator, List, Tuple

from .ktext import listed, macro
from .model import Abi, Array, Field, Name, Names, Struct


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
    places: Dict[str, List[str]] = {}
    for struct, field in viewed(names, abi):
        where = places.setdefault(field.name, [])
        if f"struct {struct.name}" not in where:
            where.append(f"struct {struct.name}")
    texts = [f"{name} in {listed(where)}" for name, where in places.items()]
    what = "Bits" if names.is_flags else "Values"
    return f"{what} of {listed(texts) or names.name}"


def viewed(names: Names, abi: Abi) -> Iterator[Tuple[Struct, Field]]:
    """The fields whose values @names has, and what they are in."""
    for struct in abi.structs.values():
        for field in struct.fields:
            if field.names is names:
                yield struct, field
    for array in abi.arrays.values():
        for field, _ in array.expect:
            if names.name.endswith(field.name):
                yield array.header, field


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
    return listed(words)


def all_flags(names: Names) -> str:
    """The macro for all flags of a set together."""
    parts = [item_macro(names, item) for item in names.items.values()]
    assert names.all_macro
    return macro(names.all_macro, f"({' | '.join(parts)})")
