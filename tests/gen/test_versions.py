# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The table of releases and versions says what the schemas say."""
import subprocess
import unittest
from typing import Dict

from support import ROOT, Case

SCHEMA = """\
---
abi: {abi}
version: {version}
summary: A made-up one
doc: There is nothing in it.
origin: mainline
releases: {releases}
source: [{{document: A made-up one.}}]
carrier: memory
"""
MADE = {
    ("made", "v1"): '{first: "6.9", last: "6.11"}',
    ("made", "v2"): '{first: "6.11", last: "6.11"}',
    ("made", "v3"): '{first: "7.0"}',
    ("other", "v1"): '{first: "6.10"}',
}


class Versions(Case):
    def page(self, *options: str) -> str:
        self.ok("emit", "--only", "versions", "--out", self.dir / "out",
                *options)
        return (self.dir / "out/doc/versions.rst").read_text(encoding="utf-8")

    def table(self, page: str) -> Dict[str, Dict[str, str]]:
        """Cells by ABI and release."""
        lines = [line for line in page.splitlines() if "  " in line.strip()]
        head, *rows = [line for line in lines if not line.startswith("=")]
        bars = next(line for line in lines if line.startswith("=")).split("  ")
        starts = [sum(len(bar) + 2 for bar in bars[:i])
                  for i in range(len(bars))]

        def cells(line: str) -> Dict[int, str]:
            return {i: line[start:start + len(bars[i])].strip()
                    for i, start in enumerate(starts)}
        names = cells(head)
        return {row.split()[0]: {names[i]: cell for i, cell
                                 in cells(row).items() if i} for row in rows}

    def test_which_release_writes_what(self) -> None:
        for (abi, version), releases in MADE.items():
            self.schema(f"{abi}-{version}", SCHEMA.format(
                abi=abi, version=version, releases=releases))
        page = self.page("--schema", str(self.dir))
        self.assertEqual(self.table(page), {
            "made": {"6.9": "v1", "6.10": "v1", "6.11": "v1, v2", "7.0": "v3"},
            "other": {"6.9": "—", "6.10": "v1", "6.11": "v1", "7.0": "v1"}})
        self.assertEqual(list(self.table(page)["made"]),
                         ["6.9", "6.10", "6.11", "7.0"])

    def test_of_the_project(self) -> None:
        page = self.page()
        table = self.table(page)
        self.assertEqual(table["luo"]["7.2, 7.3"], "v5")
        self.assertEqual(table["memfd"]["7.1"], "v2")
        self.assertIn("``iommu-v2``\n    Defined here", page)
        result = subprocess.run(
            ["rst2html", "--strict", self.dir / "out/doc/versions.rst"],
            capture_output=True, text=True, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertLessEqual(max(map(len, page.splitlines())), 80)

    def test_it_is_installed_with_the_other_pages(self) -> None:
        self.assertIn("doc/versions.rst",
                      self.ok("outputs", "--schema", ROOT / "schema").split())


if __name__ == "__main__":
    unittest.main()
