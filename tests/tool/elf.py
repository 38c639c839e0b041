# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""ELF dumps taken apart and put together again."""

import struct
from dataclasses import dataclass
from pathlib import Path

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
LOAD, NOTE = 1, 4


@dataclass
class Dump:
    notes: bytes
    memory: dict[int, bytes]  # by physical address

    @classmethod
    def read(cls, path: Path) -> "Dump":
        data = path.read_bytes()
        header = HEADER.unpack_from(data)
        notes, memory = b"", {}
        for i in range(header[10]):
            segment = SEGMENT.unpack_from(data, header[5] + i * header[9])
            kind, _, offset, _, phys, size = segment[:6]
            if kind == LOAD:
                memory[phys] = data[offset:offset + size]
            elif kind == NOTE:
                notes += data[offset:offset + size]
        return cls(notes, memory)

    def write(self, path: Path) -> Path:
        pieces = [(NOTE, 0, self.notes)]
        pieces += [(LOAD, phys, data) for phys, data in self.memory.items()]
        offset = HEADER.size + SEGMENT.size * len(pieces)
        table = body = b""
        for kind, phys, data in pieces:
            table += SEGMENT.pack(kind, 4, offset + len(body), 0, phys,
                                  len(data), len(data), 0)
            body += data
        head = HEADER.pack(b"\x7fELF\x02\x01\x01", 4, 62, 1, 0, HEADER.size, 0,
                           0, HEADER.size, SEGMENT.size, len(pieces), 0, 0, 0)
        path.write_bytes(head + table + body)
        return path

    def without(self, phys: int, size: int) -> "Dump":
        """Less whatever lies in that range."""
        memory = {}
        for start, data in self.memory.items():
            before = data[:max(0, phys - start)]
            after = data[max(0, phys + size - start):]
            if before:
                memory[start] = before
            if after:
                memory[start + len(data) - len(after)] = after
        return Dump(self.notes, memory)

    def get(self, phys: int, size: int) -> bytes:
        for start, data in self.memory.items():
            if start <= phys < start + len(data):
                return data[phys - start:phys - start + size]
        raise KeyError(hex(phys))

    def set(self, phys: int, new: bytes) -> "Dump":
        """With other bytes at a place that is there."""
        memory = dict(self.memory)
        for start, data in memory.items():
            at = phys - start
            if 0 <= at < len(data):
                memory[start] = data[:at] + new + data[at + len(new):]
        return Dump(self.notes, memory)

    def pages(self, size: int) -> list[int]:
        """The pages that any of it is in."""
        return sorted({
            page
            for start, data in self.memory.items()
            for page in range(start // size * size, start + len(data), size)
        })
