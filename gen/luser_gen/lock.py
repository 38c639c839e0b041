# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The lock file: the layout of every released version, which never changes.

A folder of schemas has one, lock.json. It is only ever added to.
"""
from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from .errors import Report, Where
from .model import PAGE_SHIFTS, Abi, Array, Field, Names, Struct, Tree

Record = Dict[str, Any]
COMMENT = "SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause"
PARTS = ("offset", "size", "bit", "bits", "type")


def _type(field: Field) -> str:
    count = "[]" if field.rest else \
        f"[{field.count}]" if field.count > 1 else ""
    return field.type + count


def _field(field: Field) -> List[Any]:
    return [field.offset, field.bytes, field.bit, field.bits, _type(field)]


def _struct(struct: Struct) -> Record:
    return {"size": struct.size,
            "fields": {f.name: _field(f) for f in struct.fields}}


def _array(array: Array) -> Record:
    return {"header": array.header.name, "record": array.record.name,
            "per-page": [array.capacity(shift) for shift in PAGE_SHIFTS]}


def _tree(tree: Tree) -> Record:
    """The numbers for each page size, and where bitmaps are listed."""
    numbers = {"leaf-bits": tree.leaf_bits} if tree.chunks else {
        "key-bits": tree.key_bits, "table-bits": tree.table_bits,
        "leaf-bits": tree.leaf_bits, "order-bit": tree.order_bit}
    record: Record = {name: [number.at(shift) for shift in PAGE_SHIFTS]
                      for name, number in numbers.items()}
    if tree.chunks:
        record["chunks"] = [tree.chunks.array.name, tree.chunks.order.name,
                            tree.chunks.start.name, tree.chunks.bitmap.name]
    return record


def _names(names: Names) -> Record:
    return {item.name: item.value for item in names.items.values()}


def _digest(record: Record) -> str:
    body = {key: record[key] for key in sorted(record) if key != "sha256"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def layout_of(abi: Abi) -> Record:
    """What of @abi must not change."""
    record: Record = {
        "origin": abi.origin,
        "identity": abi.identity_value,
        "structs": {s.name: _struct(s) for s in abi.structs.values()},
        "nodes": {n.name: {p.name: _type(p) for p in n.properties.fields}
                  for n in abi.nodes.values()},
        "arrays": {a.name: _array(a) for a in abi.arrays.values()},
        "names": {n.name: _names(n) for n in abi.names.values()},
    }
    if abi.trees:
        record["trees"] = {t.name: _tree(t) for t in abi.trees.values()}
    return {"sha256": _digest(record), **record}


def _dump(value: Any, depth: int = 0) -> str:
    """JSON with one line for each field, so that changes are easy to see."""
    line = json.dumps(value)
    if not isinstance(value, dict) or not value \
            or len(line) + 2 * depth <= 72:
        return line
    pad = "  " * (depth + 1)
    items = ",\n".join(f"{pad}{json.dumps(key)}: {_dump(item, depth + 1)}"
                       for key, item in value.items())
    return f"{{\n{items}\n{'  ' * depth}}}"


class Lock:
    """One lock file and the ABIs of its folder."""

    def __init__(self, folder: Path, abis: List[Abi]) -> None:
        self.path = folder / "lock.json"
        self.abis = {abi.id: abi for abi in abis
                     if folder in Path(abi.file).parents}
        self.records: Dict[str, Record] = {}
        if self.path.exists():
            data = json.loads(self.path.read_text(encoding="utf-8"))
            self.records = data["layouts"]

    def missing(self) -> List[str]:
        """Versions without a record."""
        return sorted(self.abis.keys() - self.records.keys())

    def update(self) -> List[str]:
        """Add records for those; what is there stays as it is."""
        new = self.missing()
        for name in new:
            self.records[name] = layout_of(self.abis[name])
        if new:
            text = _dump({"$comment": COMMENT, "layouts":
                          dict(sorted(self.records.items()))})
            self.path.write_text(text + "\n", encoding="utf-8")
        return new

    def check(self, report: Report) -> None:
        """Every record is as it was, and so is the schema it is of."""
        here = Where(str(self.path), 1, 1)
        for name, record in self.records.items():
            if record["sha256"] != _digest(record):
                report.error(here, f"the record of {name} was edited")
            elif name not in self.abis:
                report.error(here, f"{name} is released: its schema cannot "
                             "be removed")
            else:
                for where, text in changes(self.abis[name], record):
                    report.error(where, f"{text}: {name} is released, and a "
                                 "change needs a new version")


def changes(abi: Abi, old: Record) -> Iterator[Tuple[Where, str]]:
    """What of @abi is not as it was, each at its place."""
    new = layout_of(abi)
    structs = abi.structs
    for name, was in old["structs"].items():
        if name not in structs:
            yield abi.where, f"struct {name} is gone"
            continue
        yield from _fields(structs[name], was["fields"])
        if structs[name].size != was["size"]:
            yield structs[name].where, (f"struct {name} had {was['size']} "
                                        f"bytes and has {structs[name].size}")
    places: Dict[str, Dict[str, Any]] = {
        "structs": dict(structs), "nodes": dict(abi.nodes),
        "arrays": dict(abi.arrays), "names": dict(abi.names),
        "trees": dict(abi.trees)}
    for kind, things in places.items():
        before = old.get(kind, {})
        for name, thing in things.items():
            if name not in before:
                yield thing.where, f"{name} is new"
            elif kind != "structs" and new[kind][name] != before[name]:
                yield thing.where, (f"{name} was {json.dumps(before[name])}"
                                    f" and is {json.dumps(new[kind][name])}")
        for name in before:
            if name not in things and kind != "structs":
                yield abi.where, f"{name} is gone"
    for key in ("origin", "identity"):
        if old[key] != new[key]:
            yield abi.where, f"{key} was {old[key]} and is {new[key]}"


def _fields(struct: Struct, old: Dict[str, List[Any]]) \
        -> Iterator[Tuple[Where, str]]:
    for name, was in old.items():
        field = struct.find(name)
        if field is None:
            yield struct.where, f"{struct.name}.{name} is gone"
            continue
        for part, before, now in zip(PARTS, was, _field(field)):
            if before != now:
                yield field.where, (f"{part} of {struct.name}.{name} was "
                                    f"{before} and is {now}")
    for field in struct.fields:
        if field.name not in old:
            yield field.where, f"{struct.name}.{field.name} is new"
