#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The shell scripts have no fault that shellcheck knows."""
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def is_shell(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline().strip() == b"#!/bin/sh"


class Scripts(unittest.TestCase):
    def test_shellcheck(self) -> None:
        names = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
            cwd=ROOT, text=True, stdout=subprocess.PIPE, check=True).stdout
        scripts = [ROOT / name for name in names.split("\0")
                   if is_shell(ROOT / name)]
        self.assertIn(ROOT / "scripts" / "setup", scripts)
        done = subprocess.run(["shellcheck", "-x", *scripts], cwd=ROOT,
                              stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
