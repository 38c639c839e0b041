# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Arrays: pages, what their headers say, and the records in them."""
from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional

from checksum import crc32c
from core import Core, Loaded, Object
from rules import path_of
from schema import Array, Field

MAX_SPAN = 1 << 30

Report = Callable[[str, Optional[Field], int], None]


class Page(NamedTuple):
    """A page, or a whole table, that passed the header's tests."""

    phys: int
    at: bytes
    used: int
    slot: int


class Reader:
    """Reads an array; what is wrong goes to @report, with an address."""

    def __init__(self, core: Core, array: Array, phys: int, report: Report,
                 claim: Callable[[int, int], bool],
                 read: Callable[[int, int], Optional[bytes]]) -> None:
        self.core, self.array, self.next = core, array, phys
        self.reporter, self.claimer, self.fetch = report, claim, read
        self.same: Optional[List[int]] = None
        self.total = 0
        self.stride = 0
        self.capacity = 0
        self.nr_pages = 0
        self.nr_used = 0
        self.told = False

    def report(self, rule: str, one: Optional[Field], phys: int) -> None:
        self.told = True
        self.reporter(rule, one, phys)

    def claim(self, phys: int, length: int) -> bool:
        free = self.claimer(phys, length)
        self.told |= not free
        return free

    def header(self, name: str) -> Field:
        assert self.array.header
        return self.array.header.find(name)

    def value(self, page: bytes, key: str) -> int:
        return self.header(self.array.data[key]).get(page)

    def wrong(self, rule: str, one: Optional[Field], phys: int) -> None:
        self.report(rule, one, phys + (one.offset if one else 0))

    def limit(self) -> int:
        data = self.array.data
        if "max-pages" in data:
            return self.array.abi.number(data["max-pages"])
        return int(data["pages"])

    def pages(self) -> Iterator[Page]:
        while self.next:
            phys, self.next = self.next, 0
            if phys % self.core.env.page_size:
                self.report("page-alignment", None, phys)
                return
            if self.nr_pages >= self.limit():
                self.report("chain-length", None, phys)
                return
            at = self.whole(phys)
            if at is None or not self.check(at, phys):
                return
            used = self.used(at, phys)
            if "next" in self.array.data:
                self.next = self.value(at, "next")
            self.full(used, phys)
            slot = self.nr_pages * self.capacity
            self.nr_pages += 1
            self.nr_used += used
            yield Page(phys, at, used, slot)

    def whole(self, phys: int) -> Optional[bytes]:
        """The page, and where it starts a table the others."""
        size = self.core.env.page_size
        if not self.claim(phys, size):
            return None
        at = self.fetch(phys, size)
        if at is None:
            self.report("unreadable", None, phys)
            return None
        if "pages" not in self.array.data:
            return at
        length = self.table(at, phys) * size
        if length <= size:
            return at
        if not self.claim(phys + size, length - size):
            return None
        rest = self.fetch(phys + size, length - size)
        if rest is None:
            self.report("unreadable", None, phys + size)
            return None
        return at + rest

    def table(self, page: bytes, phys: int) -> int:
        pages = self.array.data["pages"]
        if isinstance(pages, int):
            return pages
        count = self.header(pages).get(page)
        if count <= self.limit() and \
                count <= MAX_SPAN // self.core.env.page_size:
            return count
        self.wrong("table-size", self.header(pages), phys)
        return 1

    def check(self, page: bytes, phys: int) -> bool:
        if not self.expected(page, phys) or not self.shape(page, phys) \
                or not self.agrees(page, phys):
            return False
        header = self.array.header
        if header and header.fields:
            env = self.core.env._replace(capacity=self.capacity,
                                         record_size=self.array.record.size)
            for rule in self.core.rules_of(header):
                if not rule.holds(page[:header.size], 0, env):
                    self.wrong(rule.name, rule.field, phys)
        self.seal(page, phys)
        return True

    def expected(self, page: bytes, phys: int) -> bool:
        good = True
        for name, value in self.array.data.get("expect", {}).items():
            if self.header(name).get(page) != self.array.abi.number(value):
                self.wrong(name, self.header(name), phys)
                good = False
        return good

    def shape(self, page: bytes, phys: int) -> bool:
        room = len(page) - self.array.header_size
        least = stride = self.array.record.size
        one = None
        if "stride" in self.array.data:
            one = self.header(self.array.data["stride"])
            stride = one.get(page)
        if self.stride and stride == self.stride:
            return True
        if self.stride or not least <= stride <= room:
            self.wrong("record-size", one, phys)
            return False
        self.stride, self.capacity = stride, room // stride
        return True

    def agrees(self, page: bytes, phys: int) -> bool:
        names = self.array.data.get("same", [])
        values = [self.header(name).get(page) for name in names]
        self.same = values if self.same is None else self.same
        for name, value, wanted in zip(names, values, self.same):
            if value != wanted:
                self.wrong(name, self.header(name), phys)
        return values == self.same

    def seal(self, page: bytes, phys: int) -> None:
        seal = self.array.data.get("seal")
        if not seal:
            return
        name, flag = seal["sealed"].split(".")
        flags = self.header(name)
        assert flags.names
        if not flags.get(page) & flags.names.items[flag]:
            self.wrong("unsealed", flags, phys)
            return
        one = self.header(seal["checksum"])
        start = one.offset
        self.core.sealed.append((phys, len(page), start))
        blank = page[:start] + bytes(one.size) + page[start + one.size:]
        if crc32c(blank) != one.get(page):
            self.wrong("checksum", one, phys)

    def used(self, page: bytes, phys: int) -> int:
        count = self.array.data.get("count")
        if count == "by-total":
            if self.total > self.capacity:
                self.wrong("count", None, phys)
                return 0
            return self.total
        if count in (None, "until-zero"):
            return self.until_zero(page)
        one = self.header(count)
        value = one.get(page)
        if value > self.capacity or \
                value < self.array.data.get("min-count", 0):
            self.wrong("count", one, phys)
        return 0 if value > self.capacity else value

    def until_zero(self, page: bytes) -> int:
        start, zero = self.array.header_size, bytes(self.stride)
        for i in range(self.capacity):
            at = start + i * self.stride
            if page[at:at + self.stride] == zero:
                return i
        return self.capacity

    def full(self, used: int, phys: int) -> None:
        count = self.array.data.get("count")
        if self.array.data.get("full") and self.next and \
                used != self.capacity and count:
            self.wrong("page-not-full", self.header(count), phys)

    def record(self, page: Page, i: int) -> bytes:
        start = self.array.header_size + i * self.stride
        return page.at[start:start + self.stride]

    def place(self, page: Page, i: int) -> int:
        return page.phys + self.array.header_size + i * self.stride


def report_to(core: Core, node: Object, with_field: bool = True) -> Report:
    def report(rule: str, one: Optional[Field], phys: int) -> None:
        core.error(node, one.name if one and with_field else None, rule, phys)
    return report


def add_states(core: Core, loaded: Loaded, reader: Reader, page: Page) -> None:
    """What the slots of a page hold, for those that refer to them."""
    loaded.pages.append(page.phys)
    loaded.shape[:] = [reader.stride, reader.capacity]
    states = [0] * reader.capacity
    for i in range(page.used):
        at = reader.record(page, i)
        if not core.is_free(reader.array.record, at):
            states[i] = min(255, 1 + tag_of(reader.array, at))
            if reader.array.users:
                one, base, _ = path_of(reader.array.record,
                                       reader.array.users)
                loaded.said[page.slot + i] = (
                    reader.place(page, i) + base + one.offset,
                    one.get(at, base))
    loaded.states.extend(states)


def tag_of(array: Array, at: bytes) -> int:
    if not array.tag:
        return 0
    struct, base = array.record, 0
    for name in array.tag[:-1]:
        one = struct.find(name)
        base += one.offset
        assert one.struct
        struct = one.struct
    return struct.find(array.tag[-1]).get(at, base)


def number(one: Field, at: bytes) -> int:
    """Its value, or its text up to the NUL, which is as good."""
    if one.type != "string":
        return one.get(at)
    text = at[one.offset:one.offset + one.size].split(b"\0")[0]
    return int.from_bytes(text, "little")


def pack(array: Array, names: List[str], at: bytes) -> int:
    value = 0
    for name in names:
        one = array.record.find(name)
        value = value << one.size * 8 | number(one, at)
    return value


class Unique:
    """What no two records of an array share."""

    def __init__(self, core: Core, array: Array) -> None:
        self.core, self.array = core, array
        self.keys: Dict[str, Dict[int, List[Any]]] = {
            name: {} for name in array.data.get("unique", {})}

    def add(self, at: bytes, index: int, phys: int) -> None:
        if not self.keys or self.core.is_free(self.array.record, at):
            return
        for name, data in self.array.data["unique"].items():
            same = pack(self.array, data.get("same", []), at)
            key = pack(self.array, data["by"], at)
            self.keys[name].setdefault(key, []).append((index, phys, same))

    def check(self, node: Object) -> None:
        for name, keys in self.keys.items():
            may_agree = "same" in self.array.data["unique"][name]
            for found in keys.values():
                told = found
                if may_agree:
                    told = found[:1] + [
                        one for one in found if one[2] != found[0][2]]
                if len(told) == 1:
                    continue
                for index, phys, _ in told:
                    one = Object("struct", node, node.abi, phys)
                    one.index = index
                    self.core.error(one, None, name, phys)


class Users:
    """How many records refer to one, and how many that one says it are."""

    def __init__(self, core: Core, array: Array,
                 loaded: Optional[Loaded]) -> None:
        self.core, self.loaded = core, loaded
        self.lost = False
        self.seen: Dict[int, int] = {}
        if loaded:
            self.by, self.base, _ = path_of(array.record, array.counted)

    def add(self, at: bytes, slot: Callable[[Loaded, int], Optional[int]]) \
            -> None:
        if not self.loaded:
            return
        found = slot(self.loaded, self.by.phys(
            at, self.base, self.core.env.page_shift))
        if found in self.loaded.said:
            self.seen[found] = self.seen.get(found, 0) + 1
        else:
            self.lost = True

    def check(self, owner: Object) -> None:
        if not self.loaded or self.lost:
            return
        array = self.loaded.array
        node = Object("array", owner, self.loaded.abi, 0, array.name)
        for index, (phys, said) in self.loaded.said.items():
            if said != self.seen.get(index, 0):
                one = Object("struct", node, node.abi, phys)
                one.index = index
                self.core.error(one, ".".join(array.users), "users", phys)
