# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Device trees: nodes are read like structs, their properties like fields."""
from __future__ import annotations

from typing import List, NamedTuple, Optional

from core import Core, Object, raw_name
from lists import Tally
from memory import Node
from schema import WORD, Abi, Field, Struct


class Tree(NamedTuple):
    """One tree: what describes it, and where it is."""

    abi: Abi
    phys: int


class Trees(Core):
    """How the nodes of a device tree are read."""

    def struct(self, node: Object) -> None:
        raise NotImplementedError

    def follow_all(self, node: Object) -> None:
        raise NotImplementedError

    def record(self, parent: Object, struct: Struct, at: bytes, phys: int,
               index: int, tally: Tally) -> None:
        raise NotImplementedError

    def tell_candidates(self, node: Object) -> None:
        """A warning where only a preference told."""
        above = node.parent.path if node.parent else ""
        told = self.oracle.get((above, node.phys), [])
        is_root = node.abi and node.type is node.abi.root and \
            node.name is None and node.index is None
        left = [one for one in told if one["standing"] in ("sound", "open")]
        if is_root and len(left) > 1 and node.abi and \
                node.abi.id in [one["abi"] for one in told]:
            self.tell("warning", node, None, "ambiguous", node.phys)

    def tree_node(self, where: Tree, tree: Node, schema: Struct,
                  parent: Optional[Object], name: Optional[str]) -> None:
        node = Object("fdt", parent, where.abi, where.phys, name, schema)
        present = self.gather(node, tree, schema)
        node.size, node.has_bytes = schema.size, True
        node.present = frozenset(present)
        decoded = self.decode(schema, node.at, node.size, self.env,
                              node.present)
        if not self.enter(node):
            return
        node.json["fields"] = decoded.fields
        if name is None:
            self.tell_candidates(node)
        self.tell_broken(node, decoded)
        names = {one.name for one in schema.fields}
        for found in tree.properties:
            if found.name not in names:
                self.tell("note", node, None, "unknown-property", node.phys)
        if decoded.refuse:
            return
        self.follow_all(node)
        for one in schema.fields:
            if one.count is None and one.name in present:
                self.records(where, node, tree, one)
        self.children(where, tree, schema, node)

    def gather(self, node: Object, tree: Node, schema: Struct) -> List[str]:
        """Puts the properties where the fields of a struct would be."""
        at, present = bytearray(schema.size), []
        for one in schema.fields:
            found = tree.get(one.name)
            if found is None or not fits(one, len(found.value)):
                self.error(node, one.name, "property", node.phys)
                continue
            if one.count is not None:
                at[one.offset:one.offset + len(found.value)] = found.value
            present.append(one.name)
        node.at = bytes(at)
        return present

    def records(self, where: Tree, node: Object, tree: Node,
                one: Field) -> None:
        found, record = tree.get(one.name), one.holds
        assert found and record and node.type
        phys = WORD if where.phys == WORD else where.phys + found.offset
        child = Object("array", node, node.abi, phys, one.name, record)
        count = len(found.value) // record.size
        tally = Tally(record.size, count)
        if not self.enter(child):
            return
        for i in range(count):
            start = i * record.size
            self.record(child, record,
                        found.value[start:start + record.size],
                        phys if phys == WORD else phys + start, i, tally)
        counter = node.type.find(one.holds_count)
        if counter.get(node.at) != count:
            self.error(node, counter.name, "total", node.phys)
        tally.put(child)

    def children(self, where: Tree, tree: Node, schema: Struct,
                 node: Object) -> None:
        known = schema.data.get("children", [])
        for child in tree.children:
            name = child.name.decode("latin-1")
            to = next((one["node"] for one in known
                       if one.get("any") or one["name"] == name), None)
            if to is None:
                self.tell("note", node, None, "unknown-node", node.phys)
            else:
                self.tree_node(where, child, where.abi.nodes[to], node,
                               raw_name(child.name))


def fits(one: Field, length: int) -> bool:
    if one.type in ("string", "bytes"):
        return length <= one.size * (one.count or 1)
    if one.count is None:
        return length % one.size == 0
    return length == one.size * one.count
