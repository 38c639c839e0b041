# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""An initramfs: a "newc" cpio archive, owned by root whoever makes it."""

import os
import stat
from pathlib import Path, PurePosixPath


class Initramfs:
    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._names: set[str] = set()
        self._node("dev", stat.S_IFDIR | 0o755)
        self._node("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))

    def _node(self, name: str, mode: int, data: bytes = b"",
              device: tuple[int, int] = (0, 0)) -> None:
        if name in self._names:
            return
        self._names.add(name)
        raw = name.encode() + b"\0"
        fields = (len(self._names), mode, 0, 0, 1, 0, len(data), 0, 0,
                  *device, len(raw), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + raw
        for part in (head, data):
            self._parts.append(part + b"\0" * (-len(part) % 4))

    def add(self, name: str, data: bytes, mode: int = 0o644) -> None:
        """A file; the directories above it come by themselves."""
        path = PurePosixPath(name.lstrip("/"))
        for parent in reversed(path.parents[:-1]):
            self._node(str(parent), stat.S_IFDIR | 0o755)
        self._node(str(path), stat.S_IFREG | mode, data)

    def add_file(self, name: str, path: Path) -> None:
        self.add(name, path.read_bytes(),
                 0o755 if os.access(path, os.X_OK) else 0o644)

    def archive(self) -> bytes:
        self._node("TRAILER!!!", 0)
        return b"".join(self._parts)
