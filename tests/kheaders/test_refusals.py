#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Whatever the kernel's check refuses is refused in the series' KUnit suite."""
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from generated import GENERATOR, ROOT

KERNEL = ROOT / "kernel"
RULE = re.compile(r"\.name = \"([a-z0-9_-]+)\"")
ARRAY = re.compile(r"^\t\.name = \"(\w+)\"", re.M)
# In kho_sealed_*.c, a rule is a string that is given to a report or assigned.
REPORTED = re.compile(r"\"([a-z]+(?:-[a-z]+)+|section|count|total|unsealed"
                      r"|checksum|unreadable)\"")
SUITE = ("liveupdate-damage-kunit.h", "liveupdate-damage-kunit.c")


def refusals() -> set[str]:
    """The rules of iommu-v2, and those of all sealed pages."""
    with tempfile.TemporaryDirectory() as temp:
        subprocess.run([sys.executable, "-B", GENERATOR, "emit", "--out", temp,
                        "--only", "check"], check=True)
        text = (Path(temp) /
                "kernel/drivers/iommu/liveupdate-check.c").read_text()
    rules = set(RULE.findall(text)) - set(ARRAY.findall(text))
    for path in KERNEL.glob("kernel/liveupdate/kho_sealed_*.c"):
        rules |= set(REPORTED.findall(path.read_text()))
    return rules


class Refusals(unittest.TestCase):
    def test_each_has_a_case(self) -> None:
        suite = "".join((KERNEL / "drivers/iommu" / name).read_text()
                        for name in SUITE)
        cases = set(re.findall(r"\"([a-z0-9_-]+)\"", suite))
        rules = refusals()
        self.assertIn("checksum", rules)
        self.assertEqual(rules - cases, set())


if __name__ == "__main__":
    unittest.main()
