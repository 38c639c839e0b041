#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The shell scripts have no fault that shellcheck knows."""
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Scripts(unittest.TestCase):
    def test_shellcheck(self) -> None:
        scripts = [p for p in [*(ROOT / "scripts").iterdir(),
                               *(ROOT / ".ci").iterdir(),
                               *(ROOT / "kernel" / name for name in
                                 ("install", "export", "import")),
                               *(ROOT / "tests/fuzz" / name for name in
                                 ("run", "run-afl", "lib.sh"))]
                   if p.suffix != ".txt"]
        self.assertIn(ROOT / "scripts" / "setup", scripts)
        done = subprocess.run(["shellcheck", "-x", *scripts], cwd=ROOT,
                              stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
