#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""ABIs that were posted and never merged, from a description and back."""

import json
import unittest
from pathlib import Path
from typing import Any

from elf import Dump
from tool import Case, build, objects, run, run_json

POSTED = Path(__file__).parent / "posted.yaml"


class Posted(Case):
    def test_all_page_sizes(self) -> None:
        for size in (4096, 16384, 65536):
            with self.subTest(size=size):
                path = self.dir / f"{size}.elf"
                build(POSTED, path, f"--page-size={size}")
                document = run_json(path)
                self.assertEqual(document["handovers"][0]["page_size"], size)
                self.not_walked(document["handovers"][0]["findings"])
                totals = {one["name"]: one["records"]
                          for one in document["handovers"][0]["totals"]}
                self.assertEqual(totals["files"], 4)
                self.assertEqual(totals["hwpts"], 1)
                self.assertEqual(totals["pages"], 2)
                self.assertEqual(totals["devices"], 601)

    def not_walked(self, findings: list[Any]) -> None:
        """That they say too little of page tables is said once."""
        (one,) = findings
        self.assertEqual((one["severity"], one["rule"], one["path"],
                          one["field"]),
                         ("note", "not-followed",
                          "LUO/flbs[iommu-liveupdate-v1]/domains[0]",
                          "top_table_phys"))

    def test_what_shares_a_name_is_told(self) -> None:
        path = self.dir / "built.elf"
        build(POSTED, path)
        weighed = {one["abi"]: one["candidates"] for one in
                   objects(run_json(path), kind="struct")
                   if "candidates" in one}
        self.assertEqual(set(weighed), {
            "pci-v1", "iommu-liveupdate-v1", "vfio-pci-v1.early",
            "iommufd-v1.early", "kvm-vm-v1.orphan"})
        for candidates in weighed.values():
            self.assertEqual([one["standing"] for one in candidates
                              if not one["shown"]].count("unsound"),
                             len(candidates) - 1)

    def test_described_and_built_again(self) -> None:
        path, again = self.dir / "built.elf", self.dir / "again.elf"
        build(POSTED, path)
        described = run("--describe", path)
        self.assertEqual(described.status, 0, described.err)
        text = self.dir / "again.yaml"
        text.write_text(described.out)
        build(text, again)
        first, second = Dump.read(path), Dump.read(again)
        for start, data in second.memory.items():
            self.assertEqual(first.get(start, len(data)), data)
        self.assertEqual(run_json(path)["handovers"][0]["tree"],
                         run_json(again)["handovers"][0]["tree"])

    def test_no_more_devices_are_below_one_than_there_are(self) -> None:
        for below, rules in ((0, []), (2, []), (3, ["at-or-below"])):
            with self.subTest(below=below):
                path = self.dir / "built.elf"
                build({"root": {"$abi": "kho-v4", "$nodes": {"LUO": {
                    "preserved-data": {
                        "$abi": "luo-v5", "liveupdate_num": 1,
                        "flbs_pa": [{"count": 1, "data": {
                            "$abi": "pci-v3", "max_nr_devices": 8,
                            "devices": [{"bdf": 8, "refcount": below},
                                        {"bdf": 16, "refcount": 1}]}}]}}}}},
                      path)
                result = run("check", "--json", path)
                found = json.loads(result.out)["handovers"][0]["findings"]
                self.assertEqual([(one["rule"], one["check"]) for one in found
                                  if one["severity"] == "error"],
                                 [(rule, "count") for rule in rules])


if __name__ == "__main__":
    unittest.main()
