#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Reference pages are sound reStructuredText, and readable as text."""
import subprocess
import tempfile
import unittest
from pathlib import Path

from generated import SAMPLE, SCHEMAS, generate


class Pages(unittest.TestCase):
    pages: list[Path]

    @classmethod
    def setUpClass(cls) -> None:
        temp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temp.cleanup)
        generate(Path(temp.name), SAMPLE, SCHEMAS)
        cls.pages = sorted((Path(temp.name) / "doc").glob("*.rst"))

    def test_each_schema_has_one(self) -> None:
        schemas = [*SAMPLE.glob("*.yaml"), *SCHEMAS.glob("*/*.yaml")]
        self.assertEqual(sorted(path.stem for path in schemas),
                         sorted(page.stem for page in self.pages))

    def test_sound(self) -> None:
        for page in self.pages:
            with self.subTest(page=page.name):
                done = subprocess.run(
                    ["rst2html", "--strict", page], text=True, check=False,
                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_narrow(self) -> None:
        for page in self.pages:
            wide = [line for line in page.read_text().split("\n")
                    if len(line) > 80]
            self.assertEqual(wide, [], page.name)


if __name__ == "__main__":
    unittest.main()
