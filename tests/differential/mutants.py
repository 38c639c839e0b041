# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Mutants of a dump, each made from a number alone."""
from __future__ import annotations

import random
import re
from typing import Dict, Iterator, List, NamedTuple, Tuple

from checksum import crc32c
from memory import Dump

RUN = 32  # inside of longer stretches of zeros one byte is like the next
DULL = re.compile(b"\\0{%d,}" % (2 * RUN + 1))
NAME = 80
VALUES = [0, 1, 2, 3, 4, 5, 8, 16, 63, 64, 255, 4096, 65535, (1 << 32) - 1,
          (1 << 64) - 1, (1 << 64) - 4096]


class Seal(NamedTuple):
    """A page that a checksum covers, and where in it that is."""

    offset: int
    length: int
    at: int


class Mutant(NamedTuple):
    """The file's size, and bytes that are not as they were."""

    size: int
    patches: Tuple[Tuple[int, bytes], ...]

    def line(self) -> str:
        return " ".join([str(self.size)] + [
            f"{at} {raw.hex()}" for at, raw in self.patches]) + "\n"


class Mutants:
    """All mutants of one dump: what a walk reads, and its sealed pages."""

    def __init__(self, dump: Dump, reads: List[Tuple[int, int]],
                 seals: List[Seal]) -> None:
        self.dump = dump
        self.seals = seals
        self.data = bytes(dump.data)
        self.places = [at for start, length in reads
                       for at in self.lively(start, start + length)]
        # Each bit; 16 values and 6 near the one there in 8, 4 and 2 bytes;
        # two stretches; and a file that ends here.
        self.kinds = 8 + 22 * 3 + 2 + 1
        self.each = 2 if seals else 1

    def lively(self, start: int, end: int) -> Iterator[int]:
        """What is not deep inside of zeros."""
        for dull in DULL.finditer(self.data, start, end):
            yield from range(start, dull.start() + RUN)
            start = dull.end() - RUN
        yield from range(start, end)

    def __len__(self) -> int:
        return len(self.places) * self.kinds * self.each

    def sample(self, number: int, seed: int) -> List[Mutant]:
        """Some of them; of the same seed the same ones."""
        chosen = random.Random(seed).sample(range(len(self)),
                                            min(number, len(self)))
        return [self.make(i) for i in sorted(chosen)]

    def make(self, number: int) -> Mutant:
        number, sealed = divmod(number, self.each)
        place, kind = divmod(number, self.kinds)
        at = self.places[place]
        if kind == self.kinds - 1:
            return Mutant(at, ())
        patch = self.patch(at, kind)
        return self.seal(patch) if sealed else \
            Mutant(len(self.data), (patch,))

    def patch(self, at: int, kind: int) -> Tuple[int, bytes]:
        left = len(self.data) - at
        if kind < 8:
            return at, bytes([self.data[at] ^ 1 << kind])
        if kind >= self.kinds - 3:
            byte, length = ((b"\0", 8), (b"x", NAME))[kind - self.kinds + 3]
            return at, byte * min(length, left)
        which, size = divmod(kind - 8, 3)
        size = min(8 >> size, left)
        was = int.from_bytes(self.data[at:at + size], "little")
        page = self.dump.page_size
        values = VALUES + [was + 1, was - 1, was * 2, was // 2, was + page,
                           was - page]
        value = values[which] & (1 << size * 8) - 1
        return at, value.to_bytes(size, "little")

    def seal(self, patch: Tuple[int, bytes]) -> Mutant:
        """The same, with the checksums of the pages it is in made right."""
        at, raw = patch
        patches: Dict[int, bytes] = {at: raw}
        for one in self.seals:
            if at < one.offset + one.length and at + len(raw) > one.offset:
                page = bytearray(self.data[one.offset:one.offset + one.length])
                for i, byte in enumerate(raw):
                    if 0 <= at + i - one.offset < one.length:
                        page[at + i - one.offset] = byte
                page[one.at:one.at + 4] = bytes(4)
                patches[one.offset + one.at] = crc32c(bytes(page)).to_bytes(
                    4, "little")
        return Mutant(len(self.data), tuple(patches.items()))
