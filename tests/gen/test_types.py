# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Host structs, by a program that packs and unpacks them."""
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import ROOT, build

LIBRARY = ROOT / "libluser"
NEEDED = [LIBRARY / f"{name}.c" for name in ("abi", "check", "error",
                                             "format")]


class Types(unittest.TestCase):
    def test_program(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            program = build(Path(folder), "types", f"-I{LIBRARY}",
                            "-fsanitize=address,undefined",
                            "-fno-sanitize-recover=all", *NEEDED)
            result = subprocess.run([program], capture_output=True, text=True,
                                    check=False)
            self.assertEqual((result.returncode, result.stdout,
                              result.stderr), (0, "", ""))


if __name__ == "__main__":
    unittest.main()
