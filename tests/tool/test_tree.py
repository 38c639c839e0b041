#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the tree says about a handover, sound or damaged."""

import os
import pty
import re
import signal
import subprocess
import unittest

from image import BASE, PAGE, Handover, handover, u64
from tool import LUO_DUMP, Case, Result, run

SESSIONS = {"vm-0": {0xC0FFEE0000: 3, 0xC0FFEE0001: 6}, "vm-1": {0x17: 9}}


class TreeCase(Case):
    def dump(self, given: Handover, *args: object) -> Result:
        path = given.image.elf(self.dir / "memory.elf")
        return run(*args, f"--root={given.root:#x}", path)

    def has(self, text: str, pattern: str) -> None:
        self.assertRegex(text, f"(?m){pattern}")


class Sound(TreeCase):
    def setUp(self) -> None:
        super().setUp()
        self.result = self.dump(handover(SESSIONS))

    def test_status(self) -> None:
        self.assertEqual(self.result.status, 0, self.result.out)
        self.assertEqual(self.result.err, "")
        self.has(self.result.out, "^sound: ")

    def test_heading_sums_up(self) -> None:
        self.has(self.result.out, "^  preserved +34 pages, 139,264 bytes "
                                  r"\(136 KiB\) in 1 range$")
        self.has(self.result.out, "^  holds +0 flbs, 2 sessions, 3 files, "
                                  "18 folios$")
        self.has(self.result.out, "^  findings +nothing found$")

    def test_content(self) -> None:
        out = self.result.out
        self.has(out, "^ +version 1, previous_release 7.3.4, kexec_count 3$")
        self.has(out, "^ +liveupdate_num +7$")
        self.has(out, "^ +vm-0 +.*file_set_ser.count 2$")
        self.has(out, "^ +0xc0ffee0001 +compatible memfd-v2, data 0x")
        self.has(out, r"^ +size +24,576 bytes \(24 KiB\)$")
        self.has(out, "^ +order 0 +34 blocks, 34 pages")

    def test_numbered_records_are_cut_short(self) -> None:
        self.has(self.result.out, r"^ +\.\.\. 5 more \(--records=all\)$")

    def test_fits_a_terminal(self) -> None:
        self.assertLessEqual(max(map(len, self.result.out.splitlines())), 80)


class Options(TreeCase):
    def test_records(self) -> None:
        given = handover(SESSIONS)
        out = self.dump(given, "--records=1").out
        self.assertNotIn("vm-1", out)
        self.has(out, "^  holds +0 flbs, 2 sessions, 3 files, 18 folios$")
        out = self.dump(given, "--records=all").out
        self.has(out, "^ +8  pfn 0x.* index 8$")
        self.assertNotIn("more (", out)

    def test_select(self) -> None:
        out = self.dump(handover(SESSIONS), "--select",
                        "LUO/sessions[vm-0]/files[0xc0ffee0001]").out
        self.has(out, "^0xc0ffee0001 +compatible memfd-v2")
        self.has(out, "^  memfd-v2 ")
        for other in ("vm-0 ", "vm-1", "0xc0ffee0000", "kexec-metadata"):
            self.assertNotIn(other, out)

    def test_select_nothing(self) -> None:
        result = self.dump(handover(SESSIONS), "--select", "LUO/sessions[vm]")
        self.assertEqual(result.status, 2)
        self.has(result.out, "^no verdict: nothing found$")
        self.assertIn("LUO/sessions[vm]", result.err)

    def test_select_hides_findings_elsewhere(self) -> None:
        given = handover(SESSIONS)
        given.image.preserved.clear()
        given.image.set(given.image.radix_tree(), u64(0x10))
        where = given.image.memory.index(b"vm-1") + BASE
        given.image.set(where + 72, u64(5))
        self.assertEqual(self.dump(given).status, 1)
        result = self.dump(given, "--select", "LUO/sessions[vm-0]")
        self.assertEqual(result.status, 0, result.out)

    def test_hex(self) -> None:
        given = handover(SESSIONS)
        where = given.image.memory.index(b"vm-0") + BASE
        out = self.dump(given, "--hex").out
        self.has(out, rf"^ +0x{where:011x}  76 6d 2d 30 00 00 00 00  name +"
                      "vm-0$")
        self.has(out, rf"^ +0x{where + 8:011x}  56 x 00$")
        self.has(out, rf"^ +0x{where + 72:011x}  02( 00){{7}}  "
                      "file_set_ser.count +2$")

    def test_hex_shows_bits_of_one_integer_once(self) -> None:
        out = self.dump(handover(SESSIONS), "--hex").out
        place = re.search(r"(?m)^ +(0x\w+)  (.. ){8} pfn .*\n +(\S+) {26} "
                          "flags +dirty", out)
        self.assertIsNotNone(place, out)
        assert place
        self.assertEqual(place[1], place[3])

    def test_verbose(self) -> None:
        given = handover(SESSIONS)
        out = self.dump(given, "--verbose").out
        self.assertIn("Live updates so far.", out)
        self.has(out, rf"^ +0x{BASE:012x}-0x\w+  139,264 bytes")

    def test_page_size(self) -> None:
        result = self.dump(handover(SESSIONS), "--page-size=16384")
        self.has(result.out, "pages of 16 KiB")
        self.assertEqual(result.status, 1)

    def test_raw_image(self) -> None:
        given = handover(SESSIONS)
        path = given.image.raw(self.dir / "ram.bin")
        result = run(f"--base={BASE:#x}", f"--root={given.root:#x}", path)
        self.assertEqual(result.status, 0, result.out + result.err)
        self.has(result.out, "^  memory +raw image$")


class Damaged(TreeCase):
    def damaged(self, at: int, data: bytes, path: str, found: str,
                phys: int) -> None:
        self.given.image.set(at, data)
        result = self.dump(self.given)
        self.assertEqual(result.status, 1, result.out)
        flat = re.sub(r"\s+", " ", result.out)
        self.assertIn(f"error {path} at {phys:#x}: ", flat)
        self.assertIn(f"found {found}, expected ", flat)
        self.has(result.out, "^not sound: ")

    def setUp(self) -> None:
        super().setUp()
        self.given = handover(SESSIONS)
        self.session = self.given.image.memory.index(b"vm-0") + BASE

    def test_count_of_files(self) -> None:
        self.damaged(self.session + 72, u64(3),
                     "LUO/sessions[vm-0]/file_set_ser.count", "3",
                     self.session + 72)

    def test_address_outside_of_memory(self) -> None:
        self.damaged(self.session + 64, u64(0x7000),
                     "LUO/sessions[vm-0]/files", "0x7000", 0x7000)

    def test_finding_stands_beside_its_object(self) -> None:
        self.given.image.set(self.session + 72, u64(3))
        lines = self.dump(self.given).out.splitlines()
        at = next(i for i, line in enumerate(lines)
                  if line.strip().startswith("vm-0 "))
        self.assertRegex(lines[at + 1], "^ +! .*count: found 3, expected 2")

    def test_cut_dump(self) -> None:
        path = self.given.image.elf(self.dir / "cut.elf",
                                    size=PAGE + self.session - BASE + 32)
        result = run(f"--root={self.given.root:#x}", path)
        self.assertNotEqual(result.status, 0)
        self.assertRegex(result.out + result.err, r"0x[0-9a-f]{7}")

    def test_root_that_is_none(self) -> None:
        result = run(f"--root={BASE:#x}",
                     self.given.image.elf(self.dir / "memory.elf"))
        self.assertEqual(result.status, 2)

    def test_root_outside_of_memory(self) -> None:
        result = run("--root=0x10",
                     self.given.image.elf(self.dir / "memory.elf"))
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn("0x10", result.err)


class Names(TreeCase):
    def test_hostile_names_are_escaped(self) -> None:
        evil = b"\x1b]0;x\x07\r\n\xe2\x80\xae\"\\"
        result = self.dump(handover({evil: {1: 1}}, extra={evil: b"abc"}))
        plain = set(map(chr, range(0x20, 0x7F))) | {"\n"}
        self.assertEqual(set(result.out + result.err) - plain, set())
        escapes = r"\x1b]0;x\x07\x0d\x0a\xe2\x80\xae" + '"\\\\'
        self.assertGreaterEqual(result.out.count(escapes), 2, result.out)

    def test_long_name_leaves_no_room_beside_it(self) -> None:
        name = "x" * 60
        lines = self.dump(handover({name: {}})).out.splitlines()
        at = lines.index(" " * 8 + name)
        self.assertEqual(
            lines[at + 1],
            " " * 12 + "file_set_ser.files 0x0, file_set_ser.count 0")

    def test_unknown_subtree(self) -> None:
        result = self.dump(handover({}, extra={b"newer": b"\x01future"}))
        self.assertEqual(result.status, 0)
        self.has(result.out, "^ +unknown +newer, 7 bytes at 0x")
        self.has(result.out, r"^ +0x\w+  01 66 75 74 75 72 65 +\.future$")

    def test_newer_luo(self) -> None:
        result = self.dump(handover(SESSIONS, luo_name="luo-v9"))
        self.assertEqual(result.status, 0)
        self.has(result.out, "^ +unknown +LUO, 32 bytes at 0x")
        self.assertIn("an ABI that --version lists", result.out)
        self.has(result.out, "^sound, as far as it could be looked at: "
                             "1 warning$")
        self.has(result.out, "previous_release 7.3.4")

    def test_newer_root(self) -> None:
        result = self.dump(handover(SESSIONS, compatible="kho-v9"))
        self.assertEqual(result.status, 2)
        self.has(result.out, "^unknown ")
        self.has(result.out, "^no verdict: 1 warning$")


class Streams(TreeCase):
    def color(self, *args: str, **env: str) -> bool:
        """True if there is color on a terminal."""
        given = handover(SESSIONS)
        path = given.image.elf(self.dir / "memory.elf")
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [LUO_DUMP, *args, f"--root={given.root:#x}", path],
            stdout=theirs, stdin=subprocess.DEVNULL,
            env={"TERM": "xterm", **env},
        ) as child:
            os.close(theirs)
            out = b""
            try:
                while piece := os.read(ours, 65536):
                    out += piece
            except OSError:
                pass
            os.close(ours)
        self.assertEqual(child.returncode, 0)
        return b"\x1b[" in out

    def test_color(self) -> None:
        self.assertTrue(self.color())
        self.assertFalse(self.color(NO_COLOR="1"))
        self.assertTrue(self.color(NO_COLOR=""))
        self.assertFalse(self.color(TERM="dumb"))
        self.assertFalse(self.color("--color=never"))
        self.assertTrue(self.color("--color=always", NO_COLOR="1"))

    def test_no_color_in_a_pipe(self) -> None:
        given = handover(SESSIONS)
        self.assertNotIn("\x1b", self.dump(given).out)
        self.assertIn("\x1b[", self.dump(given, "--color=always").out)

    def test_reader_that_goes_away(self) -> None:
        given = handover({f"vm-{i}": {i: 1} for i in range(200)})
        path = given.image.elf(self.dir / "memory.elf")
        for form in ("--json", "--records=all"):
            with self.subTest(form), subprocess.Popen(
                [LUO_DUMP, form, f"--root={given.root:#x}", path],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            ) as child:
                assert child.stdout and child.stderr
                child.stdout.read(10)
                child.stdout.close()
                self.assertEqual(child.stderr.read(), b"")
                child.wait()
                self.assertEqual(child.returncode, -signal.SIGPIPE)

    def test_full_disk(self) -> None:
        given = handover(SESSIONS)
        path = given.image.elf(self.dir / "memory.elf")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [LUO_DUMP, f"--root={given.root:#x}", path], stdout=full,
                stderr=subprocess.PIPE, text=True, check=False,
            )
        self.assertEqual(done.returncode, 2)
        self.assertIn("No space left", done.stderr)


if __name__ == "__main__":
    unittest.main()
