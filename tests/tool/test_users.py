#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Records that say how many others refer to them: luo-dump counts those."""
import json
import unittest
from typing import Any

from tool import VALIDATOR, Case, build, objects, run

# Of each posted layout: what starts a record, and the arrays of the root.
IDX = ("obj", "iommus_phys", "iommu_domains_phys", "devices_phys")
HDR = ("hdr", "iommu_array_phys", "iommu_domain_array_phys",
       "device_array_phys")
LAYOUTS = {"iommu-v1": IDX, "iommu-liveupdate-v1": HDR,
           "iommu-liveupdate-v1.late": HDR, "iommu-liveupdate-1.early": HDR,
           "iommu-liveupdate-1.port": HDR, "iommu-liveupdate-1": HDR}
NEWEST = "iommu-liveupdate-1"
REGISTERS = 0xfed00000


class State:
    """Two IOMMUs, a domain, and devices: three behind the first, one behind
    the second."""

    def __init__(self, abi: str) -> None:
        self.abi = abi
        self.start, *self.names = LAYOUTS[abi]
        old = abi == "iommu-v1"
        top = {"top_table": "new"} if old else \
            {"top_table_phys": "new", "vasz": 48}
        self.iommus = [
            {self.start: {"ref_count": users}, "token": REGISTERS + i * 4096,
             "type": "intel", "driver": {"intel": {
                 "phys_addr": REGISTERS + i * 4096, "root_table": "new"}}}
            for i, users in enumerate((3, 1))]
        self.domains = [
            {self.start: {"ref_count": 1}, "top_level": 3, **top}]
        self.devices: list[Any] = [
            {self.start: {"ref_count": 1}, "devid": 8 + i,
             **({"type": "intel"} if old else {}),
             "domain_iommu_ser": {"domain_phys": 0, "iommu_phys": i // 3}}
            for i in range(4)]

    def document(self) -> dict[str, Any]:
        arrays = (self.iommus, self.domains, self.devices)
        flb = {"$abi": self.abi, **dict(zip(self.names, arrays))}
        return {"root": {"$abi": "kho-v4", "$nodes": {"LUO": {
            "preserved-data": {"$abi": "luo-v5", "liveupdate_num": 1,
                               "flbs_pa": [{"count": 1, "data": flb}]}}}}}


class Users(Case):
    def look(self, document: dict[str, Any], **damage: Any) -> Any:
        path = self.dir / "built.elf"
        if damage:
            document["damage"] = [damage]
        build(document, path)
        result = run("check", "--json", path)
        found = json.loads(result.out)
        VALIDATOR.validate(found)
        return found["handovers"][0]

    def rules(self, document: dict[str, Any], **damage: Any) -> list[str]:
        return sorted(one["rule"] for one in
                      self.look(document, **damage)["findings"]
                      if one["severity"] == "error")

    def shown(self, kind: str) -> Any:
        """Where an array of the built handover is."""
        result = run("--json", self.dir / "built.elf")
        return next(objects(json.loads(result.out), kind="array", name=kind))

    def test_sound(self) -> None:
        for abi in LAYOUTS:
            with self.subTest(abi):
                self.assertEqual(self.rules(State(abi).document()), [])

    def test_too_many_and_too_few(self) -> None:
        for abi in LAYOUTS:
            for said in (0xfffffffe, 2):
                with self.subTest(abi, said=said):
                    state = State(abi)
                    state.iommus[1][state.start]["ref_count"] = said
                    found = self.look(state.document())["findings"]
                    told = [one for one in found if one["rule"] == "users"]
                    self.assertEqual(
                        [one for one in found if one["severity"] == "error"],
                        told)
                    iommu = self.shown("iommus")["items"][1]
                    name = abi.split(".")[0].removesuffix("-1")
                    self.assertEqual(
                        {key: told[0][key] for key in told[0]
                         if key not in ("text", "group")},
                        {"severity": "error", "check": "count",
                         "rule": "users",
                         "field": f"{state.start}.ref_count",
                         "path": f"LUO/flbs[{name}]/iommus[1]",
                         "phys": hex(int(iommu["phys"], 16)
                                     + 4 * (abi == "iommu-v1")),
                         "found": str(said), "expected": "1"})

    def test_what_was_taken_back_does_not_count(self) -> None:
        for abi in LAYOUTS:
            with self.subTest(abi):
                state = State(abi)
                flag = {"deleted": 1} if abi in (
                    "iommu-v1", "iommu-liveupdate-v1") else \
                    {"flags": ["deleted"]}
                state.devices[1][state.start] |= flag
                self.assertEqual(self.rules(state.document()), ["users"])
                state.iommus[0][state.start]["ref_count"] = 2
                self.assertEqual(self.rules(state.document()), [])
                state.devices[3][state.start] |= flag
                state.iommus[1][state.start] |= {"ref_count": 7, **flag}
                self.assertEqual(self.rules(state.document()), [])

    def test_who_refers_to_no_record_makes_no_count_wrong(self) -> None:
        for where, rule in ((0x123450, "no-such-record"),
                            (None, "empty-record")):
            with self.subTest(rule):
                state = State(NEWEST)
                state.iommus.append({"hdr": {"flags": ["deleted"]}})
                reference = 2 if where is None else {"$phys": where}
                state.devices[0]["domain_iommu_ser"]["iommu_phys"] = reference
                self.assertEqual(self.rules(state.document()), [rule])

    def test_devices_that_cannot_be_read_make_no_count_wrong(self) -> None:
        state = State(NEWEST)
        devices = [{"$records": state.devices[:2]},
                   {"$records": state.devices[2:]}]
        document = state.document()
        flb = document["root"]["$nodes"]["LUO"]["preserved-data"]["flbs_pa"]
        flb[0]["data"]["device_array_phys"] = {"$pages": devices}
        path = "LUO/flbs[iommu-liveupdate]/devices"
        self.assertEqual(self.rules(document), [])
        self.assertEqual(self.rules(document, path=path, page=1, lost=True),
                         ["not-ram", "unreadable"])
        self.assertEqual(self.rules(document, path=path, page=1,
                                    field="nr_objects", value=1000),
                         ["count"])
        self.assertEqual(self.rules(document, path=path, value=0,
                                    field="next_array_phys"),
                         ["users", "users"])

    def test_iommus_that_cannot_be_read_make_no_count_wrong(self) -> None:
        state = State(NEWEST)
        document = state.document()
        flb = document["root"]["$nodes"]["LUO"]["preserved-data"]["flbs_pa"]
        flb[0]["data"]["iommu_array_phys"] = {"$pages": [
            {"$records": state.iommus[:1]}, {"$records": state.iommus[1:]}]}
        self.assertEqual(self.rules(document), [])
        self.assertEqual(
            self.rules(document, page=1, lost=True,
                       path="LUO/flbs[iommu-liveupdate]/iommus"),
            ["no-such-record", "not-ram", "unreadable"])

    def test_domains_and_devices_have_one_user(self) -> None:
        for abi in LAYOUTS:
            for kind in ("domains", "devices"):
                with self.subTest(abi, kind=kind):
                    state = State(abi)
                    getattr(state, kind)[0][state.start]["ref_count"] = 2
                    told = [one for one in
                            self.look(state.document())["findings"]
                            if one["severity"] == "error"]
                    self.assertEqual([(one["rule"], one["check"])
                                      for one in told], [("one-user", "count")])

    def test_the_check_is_turned_off(self) -> None:
        state = State(NEWEST)
        state.iommus[0]["hdr"]["ref_count"] = 4
        path = self.dir / "built.elf"
        build(state.document(), path)
        self.assertEqual(run("check", path).status, 1)
        self.assertEqual(run("check", "-W", "no-count", path).status, 0)


if __name__ == "__main__":
    unittest.main()
