# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""An ABI as plain facts: what its bytes are, and what is said of them.

Facts are taken from the model as it is, so that what the schema language learns
is compared without a word here.
"""
from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Dict, Iterator, Tuple

from .errors import Where
from .model import Abi, Struct
from .trees import Linear

# Attributes that hold parts of a thing; others only name what is elsewhere.
OWNS = {"structs", "arrays", "trees", "page_formats", "page_table",
        "nodes", "names", "items", "constants",
        "fields", "properties", "children", "rules", "link", "dispatch",
        "choice", "arms", "holds", "unique", "page_list"}
# Attributes for people and for the generator's own use of a name.
SAYS = {"doc", "summary", "title", "sources", "uses", "breaks", "releases", "kernel",
        "when_null", "freed", "macro", "all_macro", "uapi", "c", "khoser",
        "in_kernel", "unit_doc", "const_name", "size_name", "max_pages_name",
        "format", "header", "origin", "refused", "misread", "exported",
         "module", "length", "check", "place", "end", "not_followed",
        "group", "reachable", "counted", "users"}
NAMED_HEADER = {"Array"}  # where `header` is a struct, not a file
SKIPS = {"where", "abi", "file", "docs", "index", "expr", "id", "version",
         "name", "extends", "replaces", "rank", "hints",
         "feature", "feature_mask",
         "root_array", "natural",
         "declared_size", "derived", "since", "unsaid", "label", "is_flags",
         "node", "empty", "words"}


@dataclass
class Thing:
    """A part of an ABI.

    `layout` is what readers and writers rely on, `says` is what people read.
    """

    kind: str
    name: str
    where: Where
    layout: Dict[str, str] = field(default_factory=dict)
    says: Dict[str, str] = field(default_factory=dict)
    parts: Dict[Tuple[str, str], Thing] = field(default_factory=dict)


def _text(value: Any, home: Abi) -> str:
    """A fact in a few words; what has a name is known by it.

    What belongs to another ABI than @home is known by that too.
    """
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item, home) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(item, home)}"
                         for key, item in value.items()) or "none"
    if value is None or value is False or value == "":
        return "no" if value is False else "none"
    if isinstance(value, Abi):
        return value.id
    if isinstance(value, Linear) or not is_dataclass(value):
        return "yes" if value is True else str(value)
    if hasattr(value, "name"):
        owner = getattr(value, "abi", home)
        return f"{owner.id} " * (owner is not home) + (value.name or "none")
    return ", ".join(f"{part.name} {_text(getattr(value, part.name), home)}"
                     for part in fields(value) if part.name not in SKIPS)


def _parts(value: Any) -> Iterator[Tuple[str, Any]]:
    """What an attribute owns, by name."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        for item in value:
            if not getattr(item, "derived", False):  # fields say the same
                yield item.name or "", item
    elif value is not None:
        yield "", value


def facts(thing: Any, name: str, where: Where, home: Abi) -> Thing:
    """All that there is to compare of a part of @home."""
    kind = type(thing).__name__
    result = Thing(kind, name, getattr(thing, "where", where))
    for attribute in fields(thing):
        key, value = attribute.name, getattr(thing, attribute.name)
        owned = value if isinstance(value, (dict, list)) else [value]
        if key in SKIPS:
            continue
        if key in OWNS and (isinstance(value, dict) or all(
                is_dataclass(item) for item in owned)) \
                and not (kind == "Field" and key == "names"):
            for part, item in _parts(value):
                result.parts[key, part] = facts(item, part, result.where,
                                                    home)
        elif key in SAYS and not (key == "header" and kind in NAMED_HEADER):
            result.says[key] = _text(value, home)
        else:
            result.layout[key] = _text(value, home)
    if isinstance(thing, Struct) and thing.node:
        _forget_places(result)
    return result


def _forget_places(node: Thing) -> None:
    """Properties are found by name."""
    del node.layout["size"]
    for part in node.parts.values():
        part.layout.pop("offset", None)


def facts_of(abi: Abi) -> Thing:
    """The facts of a whole ABI."""
    return facts(abi, abi.id, abi.where, abi)
