#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What README.md says that luo-dump prints is what it prints."""
import doctest
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def sessions() -> list[tuple[str, str]]:
    """Commands and their output; a line of three dots stands for any lines."""
    text = (ROOT / "README.md").read_text()
    return re.findall(r"^```console\n\$ ([^\n]*)\n(.*?)^```$", text,
                      re.DOTALL | re.MULTILINE)


class Readme(unittest.TestCase):
    def test_output_is_real(self) -> None:
        shown = sessions()
        self.assertTrue(shown)
        for command, output in shown:
            with self.subTest(command=command):
                program, *arguments = shlex.split(command)
                self.assertEqual(program, "luo-dump")
                done = subprocess.run(
                    [os.environ["LUO_DUMP"], *arguments], cwd=ROOT, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    check=False)
                same = doctest.OutputChecker().check_output(
                    output, done.stdout, doctest.ELLIPSIS)
                self.assertTrue(same, f"it prints:\n{done.stdout}")

    def test_each_abi_is_named(self) -> None:
        text = (ROOT / "README.md").read_text()
        for schema in (ROOT / "schema").glob("*/*.yaml"):
            self.assertIn(f"`{schema.stem}`", text)

    def test_releases_are_those_of_the_schemas(self) -> None:
        """To refresh the table: gen/luser-gen emit --only versions."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-B", ROOT / "gen" / "luser-gen", "emit",
                 "--only", "versions", "--out", folder], check=True)
            page = (Path(folder) / "doc" / "versions.rst").read_text()
        table = re.search(r"^=+  .*?\n=[= ]+\n(?=\n)", page,
                          re.DOTALL | re.MULTILINE)
        assert table
        self.assertIn(f"```\n{table[0]}```\n",
                      (ROOT / "README.md").read_text())


if __name__ == "__main__":
    unittest.main()
