# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What arrays hold, and the records in the pages that a page list names."""
from __future__ import annotations

from typing import Any

from core import Object
from schema import Array


class Tally:
    """What an array turned out to hold."""

    def __init__(self, stride: int = 0, capacity: int = 0) -> None:
        self.records = self.empty = self.pages = 0
        self.stride, self.capacity = stride, capacity

    def put(self, node: Object) -> None:
        node.json.update(vars(self))


class Content:
    """The records in the pages that a page list names."""

    def __init__(self, walk: Any, node: Object, left: int, order: int,
                 fit: int, tally: Tally) -> None:
        self.walk, self.node, self.left = walk, node, left
        self.order, self.fit, self.tally = order, fit, tally
        self.index = 0

    def read(self, array: Array) -> int:
        """Blocks in the list."""
        reader = self.walk.reader(self.node, array, self.node.phys)
        blocks = 0
        for page in reader.pages():
            blocks += page.used
            for i in range(page.used):
                self.entry(array, reader.record(page, i),
                           reader.place(page, i))
        return blocks

    def entry(self, array: Array, at: bytes, phys: int) -> None:
        node = Object("struct", self.node, None, phys, None, array.record)
        decoded = self.walk.decode(array.record, at, len(at), self.walk.env)
        self.walk.tell_broken(node, decoded)
        block = array.record.fields[0].get(at)
        if not decoded.refuse and block % self.walk.env.page_size == 0 \
                and self.left:
            self.block(block)

    def block(self, phys: int) -> None:
        pages, size, done = 1 << self.order, self.walk.env.page_size, 0
        if self.walk.claimer(self.node)(phys, pages * size):
            while done < pages and self.left and \
                    self.page(phys + done * size, size):
                done += 1
        lost = (pages - done) * self.fit
        self.index += lost
        self.left = max(0, self.left - lost)

    def page(self, phys: int, size: int) -> bool:
        at = self.walk.read(self.node, None, phys, size, self.node.phys)
        if at is None:
            return False
        self.tally.pages += 1
        record = self.node.type
        assert record
        for i in range(min(self.fit, self.left)):
            start = i * record.size
            self.walk.record(self.node, record, at[start:start + record.size],
                             phys + start, self.index, self.tally)
            self.index += 1
            self.left -= 1
        return True
