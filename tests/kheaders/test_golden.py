#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Headers and pages of the sample schemas are those that a person looked at.

When the generator has changed on purpose:
  gen/luser-gen emit --schema tests/kheaders/schema --only kernel --only doc \\
          --out tests/kheaders/golden
and look at the difference.
"""
import difflib
import tempfile
import unittest
from pathlib import Path

from generated import HERE, SAMPLE, files, generate


class Golden(unittest.TestCase):
    def test_same(self) -> None:
        with tempfile.TemporaryDirectory() as temp:
            generate(Path(temp), SAMPLE)
            made = files(Path(temp))
        golden = files(HERE / "golden")
        self.assertEqual(sorted(made), sorted(golden))
        for name, text in made.items():
            changes = difflib.unified_diff(
                golden[name].splitlines(), text.splitlines(),
                f"golden/{name}", "generated", lineterm="")
            self.assertEqual("\n".join(changes), "")


if __name__ == "__main__":
    unittest.main()
