#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""luo-build makes what a description says, and luo-dump agrees with it."""
import json
import unittest
from pathlib import Path
from typing import Any

import yaml

from tool import Case, build, build_fails, objects, run

MIX = Path(__file__).parent / "mix.yaml"


def mix(**more: Any) -> dict[str, Any]:
    return {**yaml.safe_load(MIX.read_text()), **more}


class Build(Case):
    def dump(self, given: Any, *args: object, status: int = 0) -> Any:
        path = self.dir / "built.elf"
        build(given, path, *args)
        return self.read(path, status=status)

    def read(self, *args: object, status: int = 0) -> Any:
        result = run("--json", *args)
        self.assertEqual(result.status, status, result.err)
        handovers = json.loads(result.out)["handovers"]
        self.assertEqual(len(handovers), 1)
        return handovers[0]

    def findings(self, *damage: dict[str, Any]) -> set[tuple[str, str]]:
        found = self.dump(mix(damage=list(damage)), status=1)["findings"]
        return {(one["path"], one["rule"]) for one in found
                if one["severity"] == "error"}


class Sound(Build):
    def test_all_page_sizes(self) -> None:
        for size in (4096, 16384, 65536):
            for scatter in (0, 5):
                with self.subTest(size=size, scatter=scatter):
                    found = self.dump(mix(scatter=scatter),
                                      f"--page-size={size}")
                    self.assertEqual(found["page_size"], size)
                    totals = {one["name"]: (one["records"], one["empty"])
                              for one in found["totals"]}
                    self.assertEqual(totals, {
                        "flbs": (4, 0), "iommus": (6, 2), "domains": (120, 1),
                        "devices": (902, 0), "hwpts": (2, 0),
                        "sessions": (2, 0), "files": (3, 0),
                        "folios": (300, 0)})

    def test_values(self) -> None:
        found = self.dump(mix())
        devices = list(objects(found, kind="struct", abi="iommu-v2",
                               type="iommu_device_ser"))
        self.assertEqual(len(devices), 300)
        self.assertEqual(devices[299]["fields"]["bdf"], "01:05.3")
        tokens = [one["fields"]["token"] for one in
                  objects(found, kind="struct", type="luo_file_ser")]
        self.assertEqual(tokens, ["0xc0ffee0000", "0xc0ffee0001", "0x17"])

    def test_no_number_is_octal(self) -> None:
        for text, value in (("010", 10), ("0x10", 16), ("0X1K", 1024)):
            with self.subTest(text):
                luo = {"$abi": "luo-v5", "liveupdate_num": text}
                found = self.dump({"root": {
                    "$abi": "kho-v4",
                    "$nodes": {"LUO": {"preserved-data": luo}}}})
                luo = next(objects(found, type="luo_ser"))
                self.assertEqual(luo["fields"]["liveupdate_num"], value)

    def test_references_are_addresses_of_records(self) -> None:
        found = self.dump(mix())
        for version, record in (("iommu-v1", "device_ser"),
                                ("iommu-liveupdate-1", "iommu_device_ser")):
            domains = [one["phys"] for one in
                       objects(found, kind="struct", abi=version,
                               type="iommu_domain_ser")]
            device = next(objects(found, kind="struct", abi=version,
                                  type=record))
            self.assertEqual(
                device["fields"]["domain_iommu_ser"]["domain_phys"],
                domains[2])

    def test_capture_is_the_same(self) -> None:
        given = mix(role="in", scatter=3)
        whole = self.dump(given)
        small = self.dir / "small.elf"
        build(given, small, "--capture")
        found = self.read("--early", small)
        self.assertEqual(found["role"], "in")
        self.assertEqual(found["tree"], whole["tree"])
        self.assertLess(small.stat().st_size,
                        (self.dir / "built.elf").stat().st_size)

    def test_standard_input(self) -> None:
        path = self.dir / "built.elf"
        build("-", path, stdin=MIX.open("rb"))
        self.assertEqual(run(path).status, 0)


class Damage(Build):
    DEVICES = "LUO/flbs[iommu-v2]/devices"

    def test_field(self) -> None:
        self.assertEqual(
            self.findings({"path": "LUO/sessions[vm-0]", "value": 900,
                           "field": "file_set_ser.count"}),
            {("LUO/sessions[vm-0]", "total")})

    def test_sealed_page(self) -> None:
        wrong = {"path": f"{self.DEVICES}[7]", "field": "domain_id",
                 "value": 70000}
        rule = (f"{self.DEVICES}[7]", "domain-id-max")
        crc = (self.DEVICES, "checksum")
        broken = self.findings(wrong)
        self.assertLessEqual({rule, crc}, broken)
        broken = self.findings({**wrong, "seal": True})
        self.assertIn(rule, broken)
        self.assertNotIn(crc, broken)

    def test_loop(self) -> None:
        broken = self.findings({"path": self.DEVICES, "page": 3, "seal": True,
                                "field": "next", "to": self.DEVICES})
        self.assertIn((self.DEVICES, "read-twice"), broken)
        self.assertNotIn((self.DEVICES, "checksum"), broken)

    def test_lost_page(self) -> None:
        self.assertIn((self.DEVICES, "unreadable"),
                      self.findings({"path": self.DEVICES, "page": 1,
                                     "lost": True}))

    def test_bytes(self) -> None:
        self.assertEqual(
            self.findings({"path": "kexec-metadata", "offset": 69,
                           "bytes": "00 00 00 00"}),
            {("kexec-metadata", "kexec-count-min")})

    def test_value_in_place_of_what_is_worked_out(self) -> None:
        given = mix()
        luo = given["root"]["$nodes"]["LUO"]["preserved-data"]
        luo["sessions_pa"][0]["file_set_ser"]["count"] = 5
        luo["compatible"] = "luo-v4"
        found = self.dump(given)
        self.assertEqual([one["rule"] for one in found["findings"]],
                         ["unknown-abi"] * len(found["findings"]))


class Faults(Build):
    def test_what_is_wrong_and_where(self) -> None:
        for text, said in (
            ("root: {$abi: none-v1}", "1:14: no ABI 'none-v1'"),
            ("root: {$abi: kho-v4, x: 1}", "1:25: root has no field 'x'"),
            ("page-size: 5\nroot: {$abi: kho-v4}", "no image has"),
            ("base: 1\n", "1:1: no image"),
            ("odd: 1\n", "1:6: unknown key 'odd'"),
            ("root: {$abi: luo-v5, sessions_pa: [{name: [a]}]}",
             "1:43: one value is expected"),
            ("root: {$abi: luo-v5, sessions_pa: [{$repeat: 100000000}]}",
             "repeated too often"),
            ("root: {$abi: luo-v5, liveupdate_num: 2x}", "'2x' is no value"),
            ("root: {$abi: luo-v5, flbs_pa: [{$repeat: 64}]}",
             "no room for more than 63"),
            ("root: {$abi: memfd-v2, folios: [{pfn: 0x10000000000000}]}",
             "too large for pfn"),
            ("root: {$abi: memfd-v2, folios: [{pfn: nowhere}]}",
             "no memory has the name 'nowhere'"),
            ("size: 64K\nroot: {$abi: memfd-v2, folios: "
             "[{$repeat: 99, pfn: new}]}", "no free block"),
            ("root: {$abi: luo-v5, $at: 0x10}", "no place"),
            ("root: {$abi: iommu-v1, devices_phys: "
             "[{domain_iommu_ser: {domain_phys: 1}}]}",
             "domains has no record 1"),
            ("root: {$abi: iommu-v2, iommus: [{driver: {arm: }}]}",
             "driver has no arm 'arm'"),
            ("root: {$bytes: 0g}", "two digits"),
            ("root: {$abi: kho-v4}\n---\nroot: {}", "more than one document"),
            ("root: {$abi: kho-v4}\ndamage: [{path: LUO, lost: true}]",
             "2:17: no object has the path 'LUO'"),
            ("a: [", "did not find"),
            ("", "no description"),
            ("a: &a [*a]\nroot: {$abi: luo-v5, sessions_pa: *a}", "too deep"),
            ("root: {$abi: luo-v5, liveupdate_num: &a {$first: *a}}",
             "too deep"),
            ("root: {$abi: kho-v4}\ndamage: [{path: '', field: x, "
             "value: &a {$first: *a}}]", "too deep"),
            ("root:\n  a0: &a0 [1]\n" + "".join(
                f"  a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"
                for i in range(1, 60)), "too large, with its aliases"),
            ("root: {$abi: luo-v5, liveupdate_num: -1}", "'-1' is no value"),
            ("root: {$abi: luo-v5, liveupdate_num: 17179869184G}",
             "is no value"),
            ("root: &a\n  $abi: kho-v4\n  $nodes: {a: *a}", "too deep"),
        ):
            with self.subTest(text=text):
                self.assertIn(said, build_fails(text, self.dir / "no.elf"))
                self.assertFalse((self.dir / "no.elf").exists())

    def test_usage(self) -> None:
        for args in ((), ("x",), ("--output=y",), ("--page-size=7", "-o", "y"),
                     ("--none",)):
            result = build_fails("root: {}", None, *args)
            self.assertIn("try 'luo-build --help'", result)


if __name__ == "__main__":
    unittest.main()
