# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a vmlinux says: its release, its types, and its constants."""
from __future__ import annotations

import re
from pathlib import Path
from typing import List

from .errors import UsageError
from .kerneltypes import Types, elffile, from_btf, from_dwarf

ALLOC, WRITE, EXEC = 2, 1, 4


class KernelImage:
    """A vmlinux with DWARF or BTF."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.elf = elffile(path)
        self.names = {section.name for section in self.elf.iter_sections()}
        self.data = self._constants()

    def _constants(self) -> List[bytes]:
        """Sections with constants; x86 may link .data as if executable."""
        return [section.data() for section in self.elf.iter_sections()
                if section["sh_type"] == "SHT_PROGBITS"
                and section["sh_flags"] & ALLOC
                and section["sh_flags"] & (WRITE | EXEC) != EXEC
                and not section.name.startswith(".BTF")]

    def release(self) -> str:
        """As in the banner, without what comes behind the numbers."""
        for data in self.data:
            match = re.search(rb"Linux version (\d+\.\d+)", data)
            if match:
                return match[1].decode()
        raise UsageError(f"{self.path}: there is no banner that names a "
                         "release")

    def types(self, files: List[str]) -> Types:
        """From DWARF of the units of @files, else from BTF."""
        if ".debug_info" in self.names:
            return from_dwarf(self.path, files)
        if ".BTF" in self.names:
            return from_btf(self.path)
        raise UsageError(f"{self.path}: there is neither DWARF nor BTF in it")

    def has(self, text: str) -> bool:
        """Whether @text is a whole constant."""
        wanted = re.compile(rb"(?<![ -~])" + re.escape(text.encode()) + b"\0")
        return any(wanted.search(data) for data in self.data)
