# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Guest memory in an ELF core of QEMU, read without the library under test."""

import struct
from pathlib import Path
from types import TracebackType

PT_LOAD = 1
E_PHOFF, E_PHNUM, PHENTSIZE = 32, 56, 56


class Elf:
    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        (offset,) = struct.unpack("<Q", self._at(E_PHOFF, 8))
        (count,) = struct.unpack("<H", self._at(E_PHNUM, 2))
        self._loads = []
        for i in range(count):
            kind, _, at, _, phys, size, _, _ = struct.unpack(
                "<IIQQQQQQ", self._at(offset + i * PHENTSIZE, PHENTSIZE))
            if kind == PT_LOAD:
                self._loads.append((phys, size, at))

    def _at(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)

    def read(self, phys: int, size: int) -> bytes:
        """Memory at a physical address; empty where there is none."""
        for start, length, at in self._loads:
            if start <= phys and phys + size <= start + length:
                return self._at(at + phys - start, size)
        return b""

    def __enter__(self) -> "Elf":
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._file.close()
