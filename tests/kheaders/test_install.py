#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""kernel/install puts files into a tree of the right version, and says which."""
import subprocess
import tempfile
import unittest
from pathlib import Path

from generated import ROOT, files

INSTALL = ROOT / "kernel" / "install"
LUO = "include/linux/kho/abi/luo.h"


def install(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INSTALL, *args], text=True, check=False,
                          capture_output=True)


def add(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Only what is added: the trees here have no files to change."""
    return install("--files", *args)


class Install(unittest.TestCase):
    def setUp(self) -> None:
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.tree = Path(temp.name)
        (self.tree / "include" / "linux").mkdir(parents=True)
        (self.tree / "Kbuild").touch()
        self.version(7, 3)

    def version(self, version: int, patchlevel: int) -> None:
        (self.tree / "Makefile").write_text(
            f"VERSION = {version}\nPATCHLEVEL = {patchlevel}\nSUBLEVEL = 4\n")

    def own(self) -> set[str]:
        return set(files(self.tree)) - {"Kbuild", "Makefile"}

    def test_files(self) -> None:
        listed = install("--list").stdout.split()
        self.assertIn(LUO, listed)
        self.assertIn("include/linux/kho/abi/iommu.h", listed)
        done = add(self.tree)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(sorted(done.stdout.split()), listed)
        self.assertEqual(sorted(self.own()), listed)

    def test_again_changes_nothing(self) -> None:
        add(self.tree)
        (self.tree / LUO).write_text("changed\n")
        self.assertEqual(add(self.tree).stdout, f"{LUO}\n")
        self.assertEqual(add(self.tree).stdout, "")

    def test_keep(self) -> None:
        (self.tree / LUO).parent.mkdir(parents=True)
        (self.tree / LUO).write_text("the tree's own\n")
        done = add("--keep", self.tree)
        self.assertEqual(done.returncode, 0)
        self.assertNotIn(LUO, done.stdout.split())
        self.assertEqual((self.tree / LUO).read_text(), "the tree's own\n")
        self.assertGreater(len(self.own()), 1)

    def test_other_version(self) -> None:
        self.version(7, 2)
        done = install(self.tree)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is Linux 7.2, not 7.3", done.stderr)
        self.assertEqual(self.own(), set())
        self.assertEqual(add("--force", self.tree).returncode, 0)
        self.assertIn(LUO, self.own())

    def test_no_kernel_tree(self) -> None:
        (self.tree / "Kbuild").unlink()
        for args in ([self.tree], ["--force", self.tree], [], ["--what"],
                     [self.tree, self.tree], ["--list", self.tree]):
            done = install(*args)
            self.assertEqual(done.returncode, 2, args)
            self.assertNotEqual(done.stderr, "")
        self.assertEqual(self.own(), set())

    def test_unfit_tree(self) -> None:
        done = install(self.tree)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("has no ", done.stderr)
        name = done.stderr.split("has no ")[1].strip()
        (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / name).write_text("another kernel's\n")
        self.assertEqual(install(self.tree).returncode, 2)
        self.assertEqual(self.own(), {name})

    def test_help(self) -> None:
        done = install("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("usage: kernel/install", done.stdout)


if __name__ == "__main__":
    unittest.main()
