#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Each file says its licence, and the licence's text is there."""
import fnmatch
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LICENCES = ("GPL-2.0-only OR BSD-3-Clause", "GPL-2.0-only")

# Files that cannot hold a comment, or that are compared byte by byte.
WITHOUT = ("LICENSES/*", "VERSION", "*.elf", "tests/*/golden/*",
           "tests/fuzz/past/*")


def files() -> list[str]:
    listed = subprocess.check_output(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT)
    return listed.decode().strip("\0").split("\0")


def licence(path: Path) -> str | None:
    # A template may start with its macros; the line is where output starts.
    lines = None if path.suffix == ".j2" else 3
    head = path.read_bytes().decode(errors="replace").split("\n")[:lines]
    found = re.search(r'SPDX-License-Identifier: ([\w. -]+?)(?: \*/| -->| -?#}|",)?$',
                      "\n".join(head), re.MULTILINE)
    return found[1] if found else None


class Licences(unittest.TestCase):
    def test_each_file_says_its_licence(self) -> None:
        wrong = [f"{name}: {licence(ROOT / name)}" for name in files()
                 if (ROOT / name).is_file()
                 and not any(fnmatch.fnmatch(name, w) for w in WITHOUT)
                 and licence(ROOT / name) not in LICENCES]
        self.assertEqual(wrong, [])

    def test_licence_texts_are_there(self) -> None:
        for name in {n for each in LICENCES for n in each.split(" OR ")}:
            self.assertTrue((ROOT / "LICENSES" / f"{name}.txt").is_file())


if __name__ == "__main__":
    unittest.main()
