# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""From the root to everything that it leads to."""
from __future__ import annotations

from functools import lru_cache
from typing import Any, List, Optional

from arrays import Reader, Unique, Users, add_states, report_to
from blobs import Blobs
from core import Loaded, Object
from lists import Content, Tally
from maps import Map
from rules import Expression, path_of
from schema import WORD, Abi, Array, Field, Struct, target
from tables import Record
from values import none_of

MAX_BYTES = 16 << 20
MAX_ORDER = 28
EMPTY = 0


@lru_cache(maxsize=None)
def length_of(struct: Struct, one: Field) -> Expression:
    """How much of the memory at its address is the record's own."""
    length = str(one.data.get("length", 1))
    return Expression("1" if length in ("block", "open") else length, struct,
                      "int")


class Walk(Blobs):
    """Structs, and where their fields lead."""

    def struct(self, node: Object) -> None:
        """An object whose bytes are known: its values, rules and links."""
        struct = node.type
        assert struct
        decoded = self.decode(struct, node.at, node.size, self.env,
                              node.present)
        if not self.enter(node):
            return
        node.json["fields"] = decoded.fields
        self.tell_candidates(node)
        self.tell_broken(node, decoded)
        if not decoded.refuse:
            self.follow_all(node)

    def follow_all(self, node: Object) -> None:
        assert node.type
        for first in (True, False):
            self.follow(node, node.type, 0, first)

    def follow(self, node: Object, struct: Struct, base: int,
               first: bool) -> None:
        for one in struct.leading:
            if struct is node.type and node.present is not None \
                    and one.name not in node.present:
                continue
            if "to" in one.data or one.type == "index":
                if (one.data.get("walk") == "first") == first:
                    self.link(node, struct, one, base)
            elif one.holds:
                if not first:
                    self.holds(node, struct, one, base)
            elif one.type in ("union", "section"):
                if not first:
                    self.choice(node, struct, one, base)
            elif one.struct:
                for i in range(one.count or 0):
                    self.follow(node, one.struct,
                                base + one.offset + i * one.size, first)

    # One link

    def link(self, node: Object, struct: Struct, one: Field,
             base: int) -> None:
        to = one.data.get("to")
        if one.type == "index" or (isinstance(to, dict) and "record" in to):
            self.reference(node, struct, one, base, True)
            return
        phys = one.phys(node.at, base, self.env.page_shift)
        if not phys:
            if isinstance(to, dict) and "array" in to:
                self.total(node, struct.abi.array(to["array"]), struct, base, 0)
        elif to == "memory":
            self.memory(node, struct, one, base, phys)
        elif isinstance(to, str):
            self.target(node, one, base, struct.abi.struct(to), phys)
        elif "dispatch" in to:
            self.dispatch(node, struct, one, base, phys)
        elif "tree" in to:
            self.tree_of(node, struct.abi, to["tree"], phys)
        elif "page-table" in to:
            if not Record(self, node, struct, one, base).read(phys):
                self.memory(node, struct, one, base, phys)
        else:
            self.array(node, struct, base, struct.abi.array(to["array"]), phys)

    def target(self, node: Object, one: Field, base: int, struct: Struct,
               phys: int) -> None:
        name, place = node.name_of(one, base), node.place(base + one.offset)
        if not self.claim(node, name, phys, struct.size, place):
            return
        self.expect_preserved(node, name, phys, struct.size, place)
        found = self.read(node, name, phys, struct.size, place)
        if found is not None:
            child = Object("struct", node, node.abi, phys, one.name, struct)
            child.at, child.size, child.has_bytes = found, len(found), True
            self.struct(child)

    def memory(self, node: Object, struct: Struct, one: Field, base: int,
               phys: int) -> None:
        """Only that it is there; the first record says why no more."""
        name, place = node.name_of(one, base), node.place(base + one.offset)
        length = length_of(struct, one)(node.at, base, self.env)
        if length - 1 > WORD - phys:
            return
        self.expect_preserved(node, name, phys, max(length, 1), place)
        if "not-followed" not in one.data:
            return
        if node.index is None or (node.parent, one) not in self.explained:
            self.tell("note", node, name, "not-followed", place)
        self.explained.add((node.parent, one))

    def tree_of(self, node: Object, abi: Abi, name: str, phys: int) -> None:
        child = Object("map", node, node.abi, phys, name)
        Map(self, child, abi, name).read()
        self.enter(child)

    # References

    def reference(self, node: Object, struct: Struct, one: Field, base: int,
                  report: bool) -> int:
        """The state of the slot that it leads to; EMPTY for none."""
        value = one.phys(node.at, base, self.env.page_shift)
        is_index = one.type == "index"
        if value == (none_of(one, struct.abi) if is_index else 0):
            return EMPTY
        name = one.data["of"] if is_index else one.data["to"]["record"]
        loaded = self.find_loaded(struct.abi.array(name), "/" in name)
        slot = value if is_index or not loaded else self.slot(loaded, value)
        text, place = node.name_of(one, base), node.place(base + one.offset)
        if not loaded or slot is None or slot >= len(loaded.states):
            if report:
                self.error(node, text, "no-such-record", place)
            return EMPTY
        if loaded.states[slot] == EMPTY and report:
            self.error(node, text, "empty-record", place)
        return loaded.states[slot]

    def find_loaded(self, array: Array, foreign: bool) -> Optional[Loaded]:
        """The one that was read last; an ABI's own are of the same root."""
        end = 0 if foreign else self.outer
        return next((one for one in reversed(self.loaded[end:])
                     if one.array is array), None)

    def slot(self, loaded: Loaded, phys: int) -> Optional[int]:
        page = phys & ~(self.env.page_size - 1)
        if page not in loaded.pages:
            return None
        offset = phys - page - loaded.array.header_size
        stride, capacity = loaded.shape
        if offset < 0 or offset % stride or offset // stride >= capacity:
            return None
        return loaded.pages.index(page) * capacity + offset // stride

    # Unions and sections

    def tag(self, node: Object, struct: Struct, one: Field,
            base: int) -> Optional[int]:
        text = one.data["tag"]
        at = node.at
        if "->" in text:
            found, offset, _ = path_of(struct, text.split("->")[0].split("."))
            owner = owner_of(struct, text.split("->")[0].split("."))
            state = self.reference(node, owner, found, base + offset, False)
            return state - 1 if state != EMPTY else None
        if text.startswith("root."):
            if self.env.root is None:
                return None
            struct, base, at, text = struct.abi.root, 0, self.env.root, \
                text[5:]
        found, offset, _ = path_of(struct, text.split("."))
        return found.get(at, base + offset)

    def choice(self, node: Object, struct: Struct, one: Field,
               base: int) -> None:
        tag = self.tag(node, struct, one, base)
        if tag is None:
            return
        arm = one.arms.get(tag)
        offset, size = one.offset, one.size
        if one.type == "section":
            where = struct.find(one.data["offset"])
            offset = where.get(node.at, base)
            size = struct.find(one.data["size"]).get(node.at, base)
            if not (size >= (arm.size if arm else 0) and offset >= one.offset
                    and offset % 8 == 0 and offset + size <= node.size):
                self.error(node, node.name_of(where, base), "section",
                           node.place(base + where.offset))
                return
        if not arm:
            return
        child = Object("struct", node, node.abi, node.phys + base + offset,
                       one.name, arm)
        child.at = node.at[base + offset:base + offset + size]
        child.size, child.has_bytes = size, True
        self.struct(child)

    # Arrays

    def total(self, node: Object, array: Array, struct: Struct, base: int,
              used: int) -> None:
        text = array.data.get("total")
        if not text:
            return
        one, offset, _ = path_of(struct, text.split("."))
        if one.get(node.at, base + offset) != used:
            self.error(node, node.name_of(one, base + offset), "total",
                       node.place(base + offset + one.offset))

    def claimer(self, node: Object) -> Any:
        def claim(phys: int, length: int) -> bool:
            if not self.claim(node, None, phys, length, node.phys):
                return False
            self.expect_preserved(node, None, phys, length, node.phys)
            return True
        return claim

    def reader(self, node: Object, array: Array, phys: int) -> Reader:
        reader = Reader(self, array, phys, report_to(self, node),
                        self.claimer(node), self.dump.read)
        if self.root_header is not None and "same" in array.data:
            reader.same = [reader.header(name).get(self.root_header)
                           for name in array.data["same"]]
        return reader

    def array(self, node: Object, struct: Struct, base: int, array: Array,
              phys: int) -> None:
        child = Object("array", node, node.abi, phys, array.name,
                       array.record)
        loaded = Loaded(node.abi or array.abi, array, [], [], [], {})
        if array.referenced:
            self.loaded.append(loaded)
        reader = self.reader(child, array, phys)
        if array.data.get("count") == "by-total":
            one, offset, _ = path_of(struct, array.data["total"].split("."))
            reader.total = one.get(node.at, base + offset)
        if not self.enter(child):
            return
        unique, tally = Unique(self, array), Tally()
        users = Users(self, array, array.counted and self.find_loaded(
            array.abi.array(target(array.record, array.counted)), False))
        for page in reader.pages():
            if array.referenced:
                add_states(self, loaded, reader, page)
            tally.pages += len(page.at) // self.env.page_size
            tally.stride, tally.capacity = reader.stride, reader.capacity
            for i in range(page.used):
                at, where = reader.record(page, i), reader.place(page, i)
                unique.add(at, page.slot + i, where)
                if not self.is_free(array.record, at):
                    users.add(at, self.slot)
                self.record(child, array.record, at, where, page.slot + i,
                            tally)
        if array.data.get("count") != "by-total":
            self.total(node, array, struct, base, reader.nr_used)
        unique.check(child)
        if not reader.told:
            users.check(node)
        tally.put(child)

    def record(self, parent: Object, struct: Struct, at: bytes, phys: int,
               index: int, tally: Tally) -> None:
        if self.is_free(struct, at):
            tally.empty += 1
            return
        tally.records += 1
        node = Object("struct", parent, parent.abi, phys, None, struct)
        node.index, node.at, node.size = index, at, len(at)
        node.has_bytes = True
        node.label = self.decode(struct, at, len(at), self.env).label
        self.struct(node)

    # Records elsewhere

    def holds(self, node: Object, struct: Struct, one: Field,
              base: int) -> None:
        if one.struct and one.struct.name in one.struct.abi.data.get(
                "page-lists", {}):
            self.page_list(node, struct, one, base)
        elif node.kind != "fdt":
            self.following(node, struct, one, base)

    def following(self, node: Object, struct: Struct, one: Field,
                  base: int) -> None:
        """Records behind their struct."""
        record, counter = one.holds, struct.find(one.holds_count)
        assert record
        count = counter.get(node.at, base)
        offset = base + one.offset
        here = node.size > offset
        room = node.size - offset if here else MAX_BYTES
        if count > room // record.size:
            self.error(node, node.name_of(counter, base), "count",
                       node.place(base + counter.offset))
            return
        phys = WORD if node.phys == WORD else node.phys + offset
        child = Object("array", node, node.abi, phys, one.name, record)
        tally = Tally(record.size, self.env.page_size // record.size)
        if not self.enter(child):
            return
        length = count * record.size
        at: Optional[bytes] = node.at[offset:offset + length]
        if not here and count and self.claimer(child)(phys, length):
            at = self.read(child, None, phys, length, phys)
            tally.pages = (length - 1) // self.env.page_size + 1
        for i in range(count if at else 0):
            start = i * record.size
            assert at
            self.record(child, record, at[start:start + record.size],
                        phys if phys == WORD else phys + start, i, tally)
        tally.put(child)

    def page_list(self, node: Object, struct: Struct, one: Field,
                  base: int) -> None:
        """Records in scattered pages."""
        assert one.struct and one.holds
        data = one.struct.abi.data["page-lists"][one.struct.name]
        at, start = node.at, base + one.offset
        first, pages, order = (one.struct.find(data[key]).get(at, start)
                               for key in ("first", "pages", "order"))
        counter = struct.find(one.holds_count)
        count = counter.get(at, base)
        if not first and not count and not pages:
            return
        child = Object("array", node, node.abi, first, one.name, one.holds)
        fit = self.env.page_size // one.holds.size
        tally = Tally(one.holds.size, fit)
        if not self.enter(child):
            return
        if order <= MAX_ORDER:
            if count > pages * fit:
                self.error(node, node.name_of(counter, base), "count",
                           node.place(base + counter.offset))
                count = 0
            array = one.struct.abi.array(data["chunks"])
            blocks = Content(self, child, count, order, fit,
                             tally).read(array)
            if pages >> order != blocks:
                self.error(node, node.name_of(one, base), "page-list",
                           node.place(start))
        tally.put(child)


def owner_of(struct: Struct, names: List[str]) -> Struct:
    """The struct that has the field at the end of a path."""
    for name in names[:-1]:
        inner = struct.find(name).struct
        assert inner
        struct = inner
    return struct
