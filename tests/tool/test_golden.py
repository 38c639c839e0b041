#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Whole outputs, letter by letter. With UPDATE=1 they are written anew."""

import os
import unittest
from pathlib import Path

from image import BASE, Handover, debugfs, handover, u64
from tool import Case, run

GOLDEN = Path(__file__).resolve().parent / "golden"


def sample() -> Handover:
    """Two sessions, an unknown subtree, and one count that is wrong."""
    given = handover({"vm-0": {0xC0FFEE0000: 3, 0xC0FFEE0001: 6},
                      "vm-1": {0x17: 2}}, extra={b"newer": b"\x01future"})
    session = given.image.memory.index(b"vm-1") + BASE
    given.image.set(session + 72, u64(2))
    return given


class Golden(Case):
    def compare(self, name: str, *args: object) -> None:
        result = run(*args)
        path = GOLDEN / name
        if os.environ.get("UPDATE"):
            path.write_text(result.out)
        self.assertEqual(result.out, path.read_text())

    def test_dump(self) -> None:
        given = sample()
        path = given.image.elf(self.dir / "memory.elf")
        root = f"--root={given.root:#x}"
        self.compare("dump.txt", "--out", root, path)
        self.compare("dump.json", "--out", "--json", root, path)
        self.compare("hex.txt", "--out", "--hex", "--records=1", root, path)
        self.compare("verbose.txt", "--out", "--verbose", "--records=1", root,
                     path)

    def test_check(self) -> None:
        given = sample()
        lost = given.image.memory.index(b"vm-0") + BASE
        given.image.set(lost + 64, u64(0))
        path = given.image.elf(self.dir / "memory.elf")
        root = f"--root={given.root:#x}"
        self.compare("check.txt", "check", "--quiet", root, path)
        self.compare("check.json", "check", "--json", "--quiet", root, path)

    def test_debugfs(self) -> None:
        given = sample()
        kho = self.dir / "kho"
        debugfs(kho, "in", given, given.fdt)
        debugfs(kho, "out", handover({}), None)
        self.compare("debugfs.txt", kho)
        self.compare("debugfs.json", "--json", kho)


if __name__ == "__main__":
    unittest.main()
