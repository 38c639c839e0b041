#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""State of one IOMMU ABI becomes that of another, and comes back."""
import json
import unittest
from pathlib import Path
from typing import Any

import yaml

from tool import Case, objects, run, run_build

MIX = Path(__file__).parent / "mix.yaml"
VERSIONS = ("iommu-v1", "iommu-liveupdate-1", "iommu-v2")
HEADER = {"$header": {"handover": 7}}


def state(version: str) -> dict[str, Any]:
    """An FLB of the mix; VT-d only, so that all of it has counterparts."""
    luo = yaml.safe_load(MIX.read_text())["root"]["$nodes"]["LUO"]
    for flb in luo["preserved-data"]["flbs_pa"]:
        if isinstance(flb["data"], dict) and flb["data"]["$abi"] == version:
            found = flb["data"]
    for key, records in found.items():
        if isinstance(records, list):
            found[key] = [one for one in records
                          if "smmuv3" not in str(one)
                          and "'iommu_phys': 1" not in str(one)]
    return found


def target(*versions: str) -> dict[str, Any]:
    """What to convert to, one after the other."""
    below = {"$convert-to": target(*versions[1:])} if versions[1:] else {}
    own = HEADER if versions[0] == "iommu-v2" else {}
    return {"$abi": versions[0], **own, **below}


class Convert(Case):
    def convert(self, data: dict[str, Any], *versions: str,
                status: int = 0) -> tuple[Any, str]:
        """The handover, and what was lost on the way."""
        document = yaml.safe_load(MIX.read_text())
        luo = document["root"]["$nodes"]["LUO"]["preserved-data"]
        if versions:
            data = {**data, "$convert-to": target(*versions)}
        luo["flbs_pa"] = [{"count": 1, "data": data}]
        luo["sessions_pa"] = []
        path = self.dir / "built.elf"
        done, said = run_build(f"--output={path}", "-",
                               text=json.dumps(document))
        self.assertEqual(done, 0, said)
        result = run("--json", path)
        self.assertEqual(result.status, status, result.out)
        return json.loads(result.out)["handovers"][0], said

    def records(self, handover: Any, version: str) -> list[Any]:
        """Fields of all records, without those that are addresses."""
        found = []
        for array in objects(handover, kind="array", abi=version):
            for one in array["items"]:
                section = [below["fields"] for below in one["children"]
                       if "fields" in below]
                found.append((array["name"], one["index"], one["fields"],
                              section))
        return found

    def test_each_to_each(self) -> None:
        for source in VERSIONS:
            for other in VERSIONS:
                if source == other:
                    continue
                with self.subTest(source=source, to=other):
                    handover, _ = self.convert(state(source), other)
                    rules = [one["rule"] for one in handover["findings"]]
                    self.assertEqual(rules.count("not-followed"),
                                     other != "iommu-v2")
                    self.assertEqual(set(rules) - {"not-followed"},
                                     {"not-yet", "unknown-abi"})
                    records = self.records(handover, other)
                    names = [name for name, _, _, _ in records]
                    self.assertEqual(names.count("devices"), 300)
                    self.assertGreater(names.count("domains"), 29)
                    self.assertGreater(names.count("iommus"), 0)
                    self.assertEqual(self.records(handover, source), [])

    def test_there_and_back(self) -> None:
        """What has a counterpart comes back, at the same numbers."""
        for source, other in (("iommu-v1", "iommu-v2"),
                              ("iommu-liveupdate-1", "iommu-v2")):
            with self.subTest(source=source):
                before, _ = self.convert(state(source))
                after, _ = self.convert(state(source), other, source)
                self.assertEqual(len(self.records(before, source)),
                                 len(self.records(after, source)))
                for old, new in zip(self.records(before, source),
                                    self.records(after, source)):
                    self.same(old, new)

    def same(self, old: Any, new: Any) -> None:
        changed = {"token", "dma_owner_token", "context_tables_bitmap",
                   "domain_phys", "iommu_phys", "ref_count"}

        def plain(value: Any) -> Any:
            if isinstance(value, dict):
                return {k: plain(v) for k, v in value.items()
                        if k not in changed}
            return [plain(v) for v in value] \
                if isinstance(value, (list, tuple)) else value

        self.assertEqual(plain(old), plain(new))

    def test_values(self) -> None:
        handover, said = self.convert(state("iommu-liveupdate-1"), "iommu-v2")
        devices = [fields for name, _, fields, _ in
                   self.records(handover, "iommu-v2") if name == "devices"]
        self.assertEqual({(one["domain"], one["iommu"], one["domain_id"])
                          for one in devices}, {(2, 0, 3)})
        self.assertEqual(devices[299]["bdf"], "01:05.3")
        for lost in ("iommus: driver.intel.context_tables_bitmap",
                     "devices: dma_owner_token"):
            self.assertIn(f"iommu-liveupdate-1/{lost} is lost", said)
        self.assertNotIn("devid", said)

    def test_who_refers_is_counted(self) -> None:
        handover, _ = self.convert(state("iommu-v1"), "iommu-liveupdate-1")
        self.assertEqual([fields["hdr"]["ref_count"] for name, _, fields, _ in
                          self.records(handover, "iommu-liveupdate-1")
                          if name == "iommus"], [298, 2])

    def test_what_nobody_refers_to_is_taken_back(self) -> None:
        """Where it is counted; elsewhere it stays."""
        given = state("iommu-v2")
        given["iommus"].append({**given["iommus"][0], "base": 0xfed20000})
        for other in VERSIONS:
            with self.subTest(other):
                handover, _ = self.convert(given, *(
                    [other] if other != "iommu-v2" else []))
                self.assertEqual(
                    [index for name, index, _, _ in
                     self.records(handover, other) if name == "iommus"],
                    [0, 2] if other == "iommu-v2" else [0])

    def test_no_records(self) -> None:
        """A root that must lead to devices leads to a page without any."""
        handover, _ = self.convert({**state("iommu-v2"), "devices": []},
                                   "iommu-liveupdate-1")
        self.assertNotIn("error",
                         [one["severity"] for one in handover["findings"]])
        [array] = objects(handover, kind="array", name="devices")
        self.assertEqual(array["records"], 0)

    def test_nothing_is_left_of_the_source(self) -> None:
        """Its pages are not preserved any more."""
        plain, _ = self.convert(state("iommu-v1"))
        through, _ = self.convert(state("iommu-v1"), "iommu-v2", "iommu-v1")
        self.assertEqual(plain["preserved"]["pages"],
                         through["preserved"]["pages"])

    def test_no_mapping(self) -> None:
        document = {"root": {"$abi": "memfd-v2",
                             "$convert-to": {"$abi": "iommu-v2"}}}
        status, said = run_build(f"--output={self.dir / 'no.elf'}", "-",
                                 text=json.dumps(document))
        self.assertEqual(status, 2)
        self.assertIn("no schema says how memfd-v2 is said in iommu-v2", said)


if __name__ == "__main__":
    unittest.main()
