#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Where luo-dump finds handovers, and what it says when one is missing."""

import os
import subprocess
import unittest

from image import BASE, PAGE, debugfs, handover
from machine import MachineCase
from tool import objects, run, run_json

SESSIONS = {"vm-0": {0xC0FFEE0000: 3}, "vm-1": {0x17: 2}}


class Files(MachineCase):
    def test_elf_dump_is_searched(self) -> None:
        given = handover(SESSIONS)
        document = run_json(given.image.elf(self.dir / "memory.elf"))
        one, = document["handovers"]
        self.assertEqual(one["phys"], hex(given.root))

    def test_raw_image_is_searched(self) -> None:
        given = handover(SESSIONS)
        document = run_json(f"--base={BASE:#x}",
                            given.image.raw(self.dir / "ram.bin"))
        one, = document["handovers"]
        self.assertEqual((one["phys"], one["memory"]),
                         (hex(given.root), "raw image"))

    def test_standard_input(self) -> None:
        given = handover(SESSIONS)
        path = given.image.elf(self.dir / "memory.elf")
        with open(path, "rb") as file:
            from_file = run("-", stdin=file)
        with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as cat:
            from_pipe = run("-", stdin=cat.stdout)
        self.assertEqual(from_file, run(path))
        self.assertEqual(from_pipe, from_file)

    def test_several_handovers(self) -> None:
        given = handover(SESSIONS)
        again = given.image.put(given.fdt)
        document = run_json(given.image.elf(self.dir / "memory.elf"))
        self.assertEqual({one["phys"] for one in document["handovers"]},
                         {hex(given.root), hex(again)})
        self.assertTrue(all(one["why"] for one in document["handovers"]))

    def test_no_handover(self) -> None:
        path = self.dir / "zeroes"
        path.write_bytes(bytes(16 * PAGE))
        result = run(path)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("luo-dump: ", result.err)

    def test_empty_file(self) -> None:
        path = self.dir / "empty"
        path.write_bytes(b"")
        result = run(path)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("luo-dump: ", result.err)

    def test_memory_option_with_a_dump(self) -> None:
        path = handover(SESSIONS).image.elf(self.dir / "memory.elf")
        result = run("--memory", path, path)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("--memory", result.err)


class Copy(MachineCase):
    """A copied debugfs directory."""

    def test_with_memory(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        memory = given.image.elf(self.dir / "memory.elf")
        for path in (self.kho, self.dir):
            with self.subTest(path):
                document = run_json("--memory", memory, path)
                one, = document["handovers"]
                self.assertEqual((one["role"], document["notes"]),
                                 ("out", []))
                self.assertEqual(
                    [session["label"] for session in
                     objects(document, type="luo_session_ser",
                             kind="struct")], ["vm-0", "vm-1"])

    def test_without_memory_the_rest_is_shown(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        result = run(self.kho)
        self.assertEqual(result.status, 0, result.out)
        self.assertIn("--memory", result.err)
        self.assertIn("previous_release 7.3.4", result.out)
        self.assertRegex(result.out, "(?m)^ +liveupdate_num +7$")
        self.assertNotIn("vm-0", result.out)
        self.assertEqual(run("--quiet", self.kho).err, "")
        document = run_json(self.kho)
        self.assertIn("--memory", document["notes"][0])

    def test_stale_luo(self) -> None:
        """7.2 and 7.3 free what in/sub_fdts/LUO shows."""
        given = handover(SESSIONS)
        for freed in (given.luo, bytes(32), os.urandom(32)):
            with self.subTest(freed):
                case = self.dir / freed.hex()
                given.blobs["LUO"] = freed
                debugfs(case, "in", given, given.fdt)
                memory = given.image.elf(self.dir / "memory.elf")
                result = run("--memory", memory, case)
                self.assertEqual(result.status, 0, result.out)
                self.assertRegex(result.out, r"(?m)^  stale +.*\bLUO\b")
                self.assertNotIn("vm-0", result.out)
                self.assertNotIn("liveupdate_num", result.out)
                self.assertIn("previous_release 7.3.4", result.out)

    def test_early_shows_what_is_not_freed_yet(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "in", given, given.fdt)
        memory = given.image.elf(self.dir / "memory.elf")
        result = run("--early", "--memory", memory, self.kho)
        self.assertEqual(result.status, 0, result.out)
        self.assertRegex(result.out, "(?m)^ +vm-0 ")
        self.assertNotIn("stale", result.out)

    def test_out_without_sessions(self) -> None:
        given = handover({})
        debugfs(self.kho, "out", given, given.fdt)
        memory = given.image.elf(self.dir / "memory.elf")
        result = run("--memory", memory, self.kho)
        self.assertEqual(result.status, 0, result.out)
        self.assertIn("before the reboot", result.out)

    def test_missing_out_fdt(self) -> None:
        """6.19 to 7.3 never make it on a kernel that KHO booted."""
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, None)
        memory = given.image.elf(self.dir / "memory.elf")
        result = run("--memory", memory, self.kho)
        self.assertEqual(result.status, 0, result.out)
        self.assertIn(f"'luo-dump {memory}' searches", result.err)
        self.assertIn("previous_release 7.3.4", result.out)
        self.assertRegex(result.out, "(?m)^ +vm-0 ")
        document = run_json("--memory", memory, self.kho)
        self.assertIn("root FDT", document["notes"][0])

    def test_short_out_fdt(self) -> None:
        """Its length is that of the boot: nodes added later are cut off."""
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt[:200])
        memory = given.image.elf(self.dir / "memory.elf")
        result = run("--memory", memory, self.kho)
        self.assertEqual(result.status, 0, result.out)
        self.assertIn("cut short", result.out)
        self.assertIn("previous_release 7.3.4", result.out)
        self.assertRegex(result.out, "(?m)^ +vm-0 ")

    def test_both_sides(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "in", given, given.fdt)
        debugfs(self.kho, "out", given, given.fdt)
        memory = given.image.elf(self.dir / "memory.elf")
        roles = {
            option: [one["role"] for one in
                     run_json(*option, "--memory", memory,
                              self.kho)["handovers"]]
            for option in ((), ("--in",), ("--out",), ("--in", "--out"))
        }
        self.assertEqual(roles, {(): ["in", "out"], ("--in",): ["in"],
                                 ("--out",): ["out"],
                                 ("--in", "--out"): ["in", "out"]})

    def test_side_that_is_not_there(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        result = run("--in", self.kho)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("incoming", result.err)

    def test_scratch(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, given.fdt)
        one, = run_json(self.kho)["handovers"]
        self.assertIn({"start": "0x9000000", "bytes": 0x10000000},
                      one["scratch"])

    def test_hostile_name_of_a_subtree(self) -> None:
        given = handover(SESSIONS)
        debugfs(self.kho, "out", given, None)
        (self.kho / "out/sub_fdts/\x1b[2J\n").write_bytes(b"abc")
        result = run(self.kho)
        self.assertNotIn("\x1b", result.out + result.err)
        self.assertIn(r"\x1b[2J\x0a", result.out)

    def test_directory_that_is_no_kho(self) -> None:
        result = run(self.dir)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn(str(self.dir), result.err)


if __name__ == "__main__":
    unittest.main()
