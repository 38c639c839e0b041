#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The live machine, with and without what it takes to read it."""

import os
import unittest

from image import Handover, debugfs, handover
from machine import MachineCase
from tool import Result, run

SESSIONS = {"vm-0": {0xC0FFEE: 3}, "vm-1": {0x17: 2}}


class Live(MachineCase):
    def test_debugfs_and_kcore(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        given.image.elf(self.kcore)
        result = self.live()
        self.assertEqual((result.status, result.err), (0, ""), result.out)
        self.assertRegex(result.out, "(?m)^  live +read while ")
        self.assertRegex(result.out, "(?m)^ +vm-0 ")

    def test_no_debugfs(self) -> None:
        given = handover(SESSIONS)
        self.booted(given)
        given.image.elf(self.kcore)
        result = self.live()
        self.assertEqual(result.status, 0, result.out)
        self.assertIn(str(self.kho), result.err)
        self.assertRegex(result.out, "^incoming handover")
        self.assertIn("previous_release 7.3.4", result.out)
        self.assertRegex(result.out, r"(?m)^  stale +.*\bLUO\b")

    def from_device_tree(self, given: Handover) -> None:
        given.image.elf(self.kcore)
        result = self.live()
        self.assertEqual(result.status, 0, result.out)
        self.assertRegex(result.out, "^incoming handover")
        self.assertRegex(result.out, "known by +The device tree")
        self.assertIn(f"root FDT    at {given.root:#x}", result.out)
        self.assertIn("previous_release 7.3.4", result.out)

    def test_device_tree_as_files(self) -> None:
        given = handover(SESSIONS)
        self.booted_tree(given)
        self.from_device_tree(given)

    def test_flattened_device_tree(self) -> None:
        given = handover(SESSIONS)
        self.booted_flat(given)
        self.from_device_tree(given)

    def test_device_tree_without_scratch(self) -> None:
        """The kernel takes both properties or none."""
        given = handover(SESSIONS)
        self.booted_tree(given)
        (self.device_tree / "chosen" / "linux,kho-scratch").unlink()
        given.image.elf(self.kcore)
        result = self.live()
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("linux,kho-fdt", result.err)

    def test_damaged_device_tree(self) -> None:
        self.device_tree.write_bytes(b"\xd0\x0d\xfe\xed" + bytes(100))
        result = self.live()
        self.assertEqual((result.status, result.out), (2, ""))

    def test_nothing_at_all(self) -> None:
        result = self.live()
        self.assertEqual((result.status, result.out), (2, ""))
        for word in (str(self.kho), str(self.boot_params),
                     str(self.device_tree), "kho=on",
                     "mount -t debugfs"):
            self.assertIn(word, result.err)

    def test_no_kcore(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        result = self.live()
        self.assertEqual(result.status, 0, result.out)
        self.assertIn(str(self.kcore), result.err)
        self.assertIn("previous_release 7.3.4", result.out)

    def test_boot_parameters_without_memory(self) -> None:
        given = handover(SESSIONS)
        self.booted(given)
        result = self.live()
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn(hex(given.root), result.err)

    def test_memory_instead_of_kcore(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        result = self.live("--memory", given.image.elf(self.dir / "m.elf"))
        self.assertEqual((result.status, result.err), (0, ""), result.out)


class NoPrivilege(MachineCase):
    """As a user who may not read what only root may."""

    def setUp(self) -> None:
        super().setUp()
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        given.image.elf(self.kcore)

    def powerless(self) -> Result:
        return self.live(powerless=True)

    def test_memory(self) -> None:
        self.kcore.chmod(0)
        result = self.powerless()
        self.assertEqual(result.status, 0, result.err)
        self.assertIn(str(self.kcore), result.err)
        self.assertIn("root", result.err)
        self.assertIn("lockdown", result.err)
        self.assertIn("previous_release 7.3.4", result.out)

    def test_debugfs(self) -> None:
        self.kho.chmod(0)
        result = self.powerless()
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("root", result.err)

    def test_file(self) -> None:
        self.kcore.chmod(0)
        result = run(self.kcore, powerless=True)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn(str(self.kcore), result.err)


if __name__ == "__main__":
    unittest.main()
