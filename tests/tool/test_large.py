#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Handovers with far more records than are shown."""
import json
import unittest
from pathlib import Path
from typing import Any

from tool import Case, build, peak, run

SEGMENT = 65536


def device(first: int = 0, repeat: int = SEGMENT, **more: Any) -> Any:
    return {"$repeat": repeat, "bdf": {"$first": first}, "domain_id": 1,
            "flags": ["live"], "driver_type": "intel", **more}


def handover(name: str, blob: Any, *preserved: Any) -> Any:
    return {"size": "1G", "preserved": list(preserved),
            "root": {"$abi": "kho-v4",
                     "$nodes": {name: {"preserved-data": blob}}}}


def folios(*more: Any) -> Any:
    """Folios of a page each, and others in preserved memory of one page."""
    first = {"$repeat": 900, "order": 0,
             "phys": {"$first": "folios"}}
    data = {"csum": 0, "folios_info": [first, *more]}
    return handover(
        "kho_test", {"$abi": "kho-test-v1.list", "$nodes": {"data": data}},
        {"name": "folios", "order": 10},
        {"name": "alone", "at": 0x130000000, "order": 0})


def devices_of(*devices: Any) -> Any:
    """One IOMMU, two domains, and the devices."""
    domains = {
        "$repeat": 2, "format": "vtd_second", "flags": ["live"],
        "top_table": {"$first": "tables", "$step": "$page-size"},
        "top_level": 3, "va_bits": 48, "oa_bits": 52, "granule_shift": 12,
        "nr_tables": 1, "driver_type": "intel",
    }
    iommu = {
        "base": 0xfed00000, "flags": ["live"], "driver_type": "intel",
        "driver": {"intel": {"root_table": "tables+0x2000"}},
    }
    state = {"$abi": "iommu-v2", "$header": {"handover": 7},
             "page_size": "$page-size", "mode": "legacy", "iommus": [iommu],
             "domains": [domains], "devices": list(devices)}
    luo = {"$abi": "luo-v5", "liveupdate_num": 6,
           "flbs_pa": [{"count": 1, "data": state}]}
    return handover("LUO", luo, {"name": "tables", "order": 2})


class Large(Case):
    def built(self, description: Any) -> Path:
        path = self.dir / "built.elf"
        build(description, path)
        return path

    def errors(self, description: Any) -> set[tuple[str, str]]:
        result = run("--json", "--records=1", self.built(description))
        self.assertEqual(result.status, 1, result.err)
        return {(one["path"].rpartition("/")[2], one["rule"])
                for one in json.loads(result.out)["handovers"][0]["findings"]
                if one["severity"] == "error"}


class Memory(Large):
    def measured(self, segments: int) -> tuple[int, int]:
        path = self.built(devices_of(
            *(device(segment=i) for i in range(segments))))
        return path.stat().st_size, peak(path)

    def test_records_are_not_kept(self) -> None:
        small, with_small = self.measured(1)
        large, with_large = self.measured(5)
        self.assertGreater(large - small, 4 * SEGMENT * 48)
        self.assertLess(with_large - with_small, (large - small) / 5)


class Beyond(Large):
    """Records that are not shown are held to the rules like any other."""

    def errors_of(self, *devices: Any) -> set[tuple[str, str]]:
        return self.errors(devices_of(*devices))

    def test_reference(self) -> None:
        self.assertEqual(
            self.errors_of(device(repeat=900),
                           device(900, 1, domain=2, domain_id=2),
                           device(901, 90)),
            {("devices[900]", "empty-record")})

    def test_rule(self) -> None:
        self.assertEqual(
            self.errors_of(device(repeat=900),
                           device(900, 1, driver={"intel": {"max_pasid": 1}})),
            {("driver", "legacy-has-none")})

    def test_twice(self) -> None:
        self.assertEqual(
            self.errors_of(device(repeat=300), "free", device(300, 300),
                           device(7, 2), device(8, 1), device(7, 1, segment=1)),
            {(f"devices[{i}]", "one-bdf") for i in (7, 8, 601, 602, 603)})

    def test_twice_far_apart(self) -> None:
        """Keys that are close to each other, and such that are not."""
        self.assertEqual(
            self.errors_of(*(device(0, 3, segment=i * 7) for i in range(400)),
                           device(2, 1, segment=399 * 7)),
            {(f"devices[{i}]", "one-bdf") for i in (1199, 1200)})

    def test_shared(self) -> None:
        """The first speaks for those that may share, and others disagree."""
        self.assertEqual(
            self.errors_of(device(repeat=300), device(300, 2, domain=1),
                           device(400, 2, domain=1, domain_id=2)),
            {("devices[0]", "one-domain"), ("devices[300]", "one-domain"),
             ("devices[301]", "one-domain"),
             ("devices[300]", "one-domain-id"),
             ("devices[302]", "one-domain-id"),
             ("devices[303]", "one-domain-id")})

    def test_length(self) -> None:
        """All pages of a folio are to be preserved, not the first alone."""
        self.assertEqual(
            self.errors(folios({"order": 0, "phys": "alone"},
                               {"order": 1, "phys": "alone"},
                               {"order": 1, "phys": "folios"})),
            {("folios_info[901]", "not-preserved")})


if __name__ == "__main__":
    unittest.main()
