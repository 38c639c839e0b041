#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""--save: a small dump that shows the same again."""

import os
import stat
import subprocess
import unittest

from image import BASE, PAGE, debugfs, handover, u64
from tool import LUO_DUMP, Case, Result, run

SESSIONS = {"vm-0": {0xC0FFEE0000: 3, 0xC0FFEE0001: 6}, "vm-1": {0x17: 2}}


class SaveCase(Case):
    def setUp(self) -> None:
        super().setUp()
        self.given = handover(SESSIONS)
        self.memory = self.dir / "memory.elf"
        self.saved = self.dir / "saved.elf"
        # Most of the memory has nothing to do with the handover.
        self.given.image.put(bytes(1 << 20), preserve=False)
        self.given.image.elf(self.memory)


class Same(SaveCase):
    def same(self, *args: object) -> Result:
        first = run("--save", self.saved, *args)
        for form in ((), ("--json",), ("--hex", "--records=all"),
                     ("--select=LUO/sessions[vm-0]",)):
            with self.subTest(form):
                want = run(*form, *args)
                said = run(*form, self.saved)
                self.assertEqual(said.out, want.out)
                self.assertEqual(said.status, want.status)
        return first

    def test_dump(self) -> None:
        result = self.same(self.memory)
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertLess(self.saved.stat().st_size,
                        self.memory.stat().st_size / 8)

    def test_root_option(self) -> None:
        self.same(f"--root={self.given.root:#x}", self.memory)

    def test_damaged(self) -> None:
        session = self.given.image.memory.index(b"vm-1") + BASE
        self.given.image.set(session + 72, u64(9))
        self.given.image.elf(self.memory)
        self.assertEqual(self.same(self.memory).status, 1)

    def test_debugfs_and_memory(self) -> None:
        kho = self.dir / "kho"
        debugfs(kho, "in", self.given, self.given.fdt)
        debugfs(kho, "out", self.given, self.given.fdt)
        result = self.same("--memory", self.memory, kho)
        self.assertEqual((result.status, result.err), (0, ""))

    def test_saved_again(self) -> None:
        run("--save", self.saved, self.memory)
        again = self.dir / "again.elf"
        run("--save", again, self.saved)
        self.assertEqual(run("--json", again), run("--json", self.memory))

    def test_saved_from_a_part(self) -> None:
        """All is walked, whatever is shown."""
        run("--save", self.saved, "--select=LUO/sessions[vm-1]",
            "--records=1", self.memory)
        self.assertEqual(run("--json", self.saved),
                         run("--json", self.memory))


class Contents(SaveCase):
    def pages(self) -> int:
        return self.saved.read_bytes().count(b"page".ljust(PAGE, b"\0"))

    def test_left_out(self) -> None:
        run("--save", self.saved, self.memory)
        self.assertEqual(self.pages(), 0)

    def test_asked_for(self) -> None:
        run("--save", self.saved, "--contents", self.memory)
        self.assertEqual(self.pages(), 11)
        self.assertEqual(run("--json", self.saved),
                         run("--json", self.memory))


class File(SaveCase):
    def test_mode(self) -> None:
        before = os.umask(0)
        try:
            run("--save", self.saved, self.memory)
        finally:
            os.umask(before)
        self.assertEqual(stat.S_IMODE(self.saved.stat().st_mode), 0o600)

    def test_never_over_a_file(self) -> None:
        self.saved.write_text("precious")
        result = run("--save", self.saved, self.memory)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn(str(self.saved), result.err)
        self.assertEqual(self.saved.read_text(), "precious")

    def test_never_through_a_link(self) -> None:
        target = self.dir / "target"
        self.saved.symlink_to(target)
        result = run("--save", self.saved, self.memory)
        self.assertEqual(result.status, 2)
        self.assertFalse(target.exists())

    def test_directory_that_is_not_there(self) -> None:
        result = run("--save", self.dir / "none" / "saved.elf", self.memory)
        self.assertEqual((result.status, result.out), (2, ""))

    def test_nothing_is_left_when_nothing_is_found(self) -> None:
        empty = self.dir / "zeroes"
        empty.write_bytes(bytes(16 * PAGE))
        self.assertEqual(run("--save", self.saved, empty).status, 2)
        self.assertFalse(self.saved.exists())

    def test_whole_though_nobody_reads(self) -> None:
        want = run("--save", self.dir / "read.elf", self.memory)
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "wb") as pipe:
            done = subprocess.run([LUO_DUMP, "--save", self.saved, self.memory],
                                  stdout=pipe, stderr=subprocess.PIPE,
                                  check=False)
        self.assertEqual((done.returncode, done.stderr), (want.status, b""))
        self.assertEqual(self.saved.read_bytes(),
                         (self.dir / "read.elf").read_bytes())

    def test_full_disk(self) -> None:
        result = run("--save", "/dev/full", self.memory)
        self.assertEqual(result.status, 2)


if __name__ == "__main__":
    unittest.main()
