#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Adding an ABI takes one YAML file, and luo-dump prints and checks it."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "tool"))

# pylint: disable=wrong-import-position
from image import handover
from tool import objects

CALM, BUSY = 1, 2


def built_with(schemas: Path, build: Path) -> Path:
    """A luo-dump of a build that has these schemas as well."""
    for command in (["cmake", "-S", ROOT, "-B", build, "-G", "Ninja",
                     f"-DLUSER_EXTRA_SCHEMAS={schemas}"],
                    ["cmake", "--build", build, "--target", "luo-dump"]):
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise AssertionError(done.stdout)
    return build / "tools" / "luo-dump" / "luo-dump"


class NewAbi(unittest.TestCase):
    folder: Path
    luo_dump: Path

    @classmethod
    def setUpClass(cls) -> None:
        temp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temp.cleanup)
        cls.folder = Path(temp.name)
        cls.luo_dump = built_with(HERE / "abi", cls.folder / "build")

    def dump(self, luo_dump: Path, mood: int, since: int,
             *options: str) -> subprocess.CompletedProcess[str]:
        blob = struct.pack("<IIQ", 0x444F4F4D, mood, since)
        file = handover({}, extra={b"mood": blob}).image.elf(
            self.folder / "memory.elf")
        return subprocess.run([luo_dump, "--quiet", *options, file],
                              capture_output=True, text=True, check=False)

    def test_is_printed(self) -> None:
        done = self.dump(self.luo_dump, BUSY, 86400)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"mood busy, since 86,?400\b")

    def test_is_in_json(self) -> None:
        done = self.dump(self.luo_dump, CALM, 7, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        mood, = objects(json.loads(done.stdout), type="mood_ser")
        self.assertEqual(mood["abi"], "mood-v1")
        self.assertEqual(mood["fields"]["mood"],
                         {"value": CALM, "name": "calm"})
        self.assertEqual(mood["fields"]["since"], 7)

    def test_rule_is_checked(self) -> None:
        done = self.dump(self.luo_dump, CALM, 1000)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("Nothing stays calm for long", done.stdout)

    def test_is_unknown_without_the_file(self) -> None:
        done = self.dump(Path(os.environ["LUO_DUMP"]), BUSY, 1)
        self.assertNotIn("busy", done.stdout)
        self.assertRegex(done.stdout, r"unknown +mood, 16 bytes")


if __name__ == "__main__":
    unittest.main()
