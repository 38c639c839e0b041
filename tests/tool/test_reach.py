#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Devices reach memory of their own session, and what else is told."""
import unittest
from pathlib import Path
from typing import Any

import yaml

from test_check import CheckCase
from tool import build

REACH = yaml.safe_load((Path(__file__).parent / "reach.yaml").read_text())
FIRST, SECOND = 0x1_0000_0000, 0x1_0001_0000
TABLES = "LUO/flbs[iommu-v2]/domains[0]/top_table"


UNKNOWN = {"token": 5, "compatible": "other-v1", "data": {"$bytes": "00"}}


def luo(given: Any) -> Any:
    return given["root"]["$nodes"]["LUO"]["preserved-data"]


def domains(given: Any) -> Any:
    return luo(given)["flbs_pa"][0]["data"]["domains"]


def files(given: Any, session: int) -> Any:
    return luo(given)["sessions_pa"][session]["file_set_ser"]["files"]


class Reach(CheckCase):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.dir / "reach.elf"
        self.given = yaml.safe_load(yaml.safe_dump(REACH))

    def maps(self, **what: object) -> None:
        """The first session's page tables map this too."""
        domains(self.given)[0]["top_table"]["$maps"].append(
            {"size": "4K", **what})

    def look(self, *args: object, status: int = 0) -> Any:
        build(self.given, self.path)
        return self.document(*args, self.path, status=status)

    def tells(self, severity: str, rule: str, phys: int, found: str,
              expected: str, path: str = TABLES) -> None:
        """This alone, of all that the check may say."""
        status = int(severity == "error")
        (one,) = [one for one in self.look(status=status)["findings"]
                  if one["check"] == "reach"]
        self.assertEqual(
            [one[key] for key in ("severity", "rule", "path", "phys",
                                  "found", "expected")],
            [severity, rule, path, hex(phys), found, expected])

    def tells_other(self, phys: int, found: str) -> None:
        self.tells("error", "reaches-other", phys, found,
                   "memory that LUO/sessions[vm-0] gives to devices")

    def third(self) -> int:
        """A preserved page that is mapped, and nobody's; and the one behind."""
        self.given["preserved"].insert(0, {"name": "third", "order": 4})
        self.maps(iova=0x400000, phys="third+0xf000", size="8K")
        return FIRST + 0xF000

    def tells_unowned(self, severity: str, third: int,
                      expected: str = "memory of their session") -> None:
        self.tells(severity, "reaches-unowned", third,
                   f"{third:#x} for IOVA 0x400000, which is nobody's; 4096 "
                   "bytes in all", expected)


class Sound(Reach):
    def test_each_session_maps_its_own(self) -> None:
        found = self.look()
        self.assertEqual(found["findings"], [])
        self.assertEqual([one["check"] for one in found["skipped"]],
                         ["scratch"])

    def test_no_more_than_one_file_need_have_it(self) -> None:
        """Pages that follow each other may be of several memfds."""
        files(self.given, 0).append({**files(self.given, 1)[0], "token": 3})
        del luo(self.given)["sessions_pa"][1]
        domains(self.given)[0]["top_table"]["$maps"][0]["size"] = "128K"
        del domains(self.given)[1]
        self.assertEqual(self.look()["findings"], [])

    def test_tables_may_be_of_several_sessions(self) -> None:
        """What is mapped is of one of them."""
        for number in range(2):
            files(self.given, number)[1]["data"]["hwpts"] = [
                {"token": 0x50, "domain": 0, "flags": ["live"]},
                {"token": 0x51, "domain": 1, "flags": ["live"]}]
        self.maps(iova=0, phys="second")
        self.assertEqual(self.look()["findings"], [])


class Planted(Reach):
    def test_memory_of_another_session(self) -> None:
        self.maps(iova=0x400000, phys="second+0x3000", size="8K")
        self.tells_other(
            SECOND + 0x3000, f"{SECOND + 0x3000:#x} for IOVA 0x400000, which "
            "is LUO/sessions[vm-1]/files[0x1]/folios[0]/pfn's; 8192 bytes in "
            "all")

    def test_what_is_certain_is_told_rather_than_a_guess(self) -> None:
        """What nobody knows may be the address of memory, or any number."""
        self.given["preserved"].insert(0, {"name": "third", "order": 4})
        files(self.given, 0).append(
            {"token": 5, "compatible": "other-v1", "data": FIRST})
        self.maps(iova=0x400000, phys="third")
        self.maps(iova=0x500000, phys="second")
        second = SECOND + 0x10000
        self.tells_other(
            second, f"{second:#x} for IOVA 0x500000, which is "
            "LUO/sessions[vm-1]/files[0x1]/folios[0]/pfn's; 8192 bytes in all")

    def test_in_the_middle_of_a_run(self) -> None:
        """What is behind the session's own, and what is far from it."""
        domains(self.given)[0]["top_table"]["$maps"][0]["size"] = "72K"
        self.maps(iova=0x8000000, phys="second")
        self.tells_other(
            SECOND, f"{SECOND:#x} for IOVA 0x110000, which is "
            "LUO/sessions[vm-1]/files[0x1]/folios[0]/pfn's; 8192 bytes in "
            "all")

    def test_memory_that_is_mapped_again(self) -> None:
        """It is counted once, and told with the first IOVA that leads there."""
        for iova in (0x900000, 0x400000):
            self.maps(iova=iova, phys="second+0x3000", size="8K")
        self.maps(iova=0x800000, phys="second+0x2000", size="8K")
        self.tells_other(
            SECOND + 0x2000, f"{SECOND + 0x2000:#x} for IOVA 0x800000, which "
            "is LUO/sessions[vm-1]/files[0x1]/folios[0]/pfn's; 12288 bytes in "
            "all")

    def test_pages_that_are_not_preserved_hide_none(self) -> None:
        """A run that ends in what is not preserved, or starts there."""
        last = FIRST + 0x60F000
        self.given["preserved"][1]["at"] = last - 0xF000
        self.maps(iova=0x400000, phys=last, size="8M")
        self.maps(iova=0xe00000, phys=FIRST - 0x2000, size="12K")
        self.tells_other(
            last, f"{last:#x} for IOVA 0x400000, which is LUO/sessions[vm-1]/"
            "files[0x1]/folios[0]/pfn's; 4096 bytes in all")

    def test_memory_of_the_session_before(self) -> None:
        domains(self.given)[1]["top_table"]["$maps"].append(
            {"iova": 0, "phys": "first", "size": "4K"})
        self.tells("error", "reaches-other", FIRST,
                   f"{FIRST:#x} for IOVA 0x0, which is LUO/sessions[vm-0]/"
                   "files[0x1]/folios[0]/pfn's; 4096 bytes in all",
                   "memory that LUO/sessions[vm-1] gives to devices",
                   TABLES.replace("0", "1"))

    def test_memory_that_is_no_file_content(self) -> None:
        """What a kernel relies on, of the same session."""
        place = FIRST + 0x400000
        files(self.given, 0)[0]["data"]["$at"] = place
        self.maps(iova=0x400000, phys=place)
        self.tells_other(
            place, f"{place:#x} for IOVA 0x400000, which is LUO/"
            "sessions[vm-0]/files[0x1]/data's; 4096 bytes in all")

    def test_memory_that_nobody_has(self) -> None:
        self.tells_unowned("error", self.third())

    def test_what_is_damaged_may_have_it(self) -> None:
        """As for memory that is not mapped: see test_check."""
        self.given["damage"] = [{"path": "LUO/sessions[vm-0]/files[0x1]",
                                 "field": "data", "value": 1 << 40}]
        build(self.given, self.path)
        found = self.document(self.path, status=1)["findings"]
        self.assertEqual(
            [(one["severity"], one["phys"]) for one in found
             if one["check"] == "reach"], [("warning", hex(FIRST))])

    def test_what_no_schema_describes_may_have_it(self) -> None:
        files(self.given, 0).append(UNKNOWN)
        self.tells_unowned("warning", self.third())

    def test_what_is_not_preserved_is_told_once(self) -> None:
        self.maps(iova=0x400000, phys=1 << 40)
        found = self.look(status=1)["findings"]
        self.assertEqual([one["rule"] for one in found],
                         ["maps-not-preserved"])

    def test_an_owner_inside_of_another(self) -> None:
        """Which is an error of its own, but all of it has an owner."""
        self.given["preserved"][0]["at"] = FIRST
        files(self.given, 0)[0]["data"]["$at"] = FIRST + 0x1000
        found = self.look(status=1)["findings"]
        self.assertIn("claimed-twice", {one["rule"] for one in found})
        self.assertNotIn("reaches-unowned", {one["rule"] for one in found})

    def test_it_can_be_turned_off_and_made_fatal(self) -> None:
        self.maps(iova=0x400000, phys="second")
        self.assertEqual(self.look("-Wno-reach")["findings"], [])
        (one,) = self.look("-Eno-reach")["findings"]
        self.assertEqual(one["severity"], "warning")
        files(self.given, 0).append(UNKNOWN)
        domains(self.given)[0]["top_table"]["$maps"].pop()
        self.third()
        found = self.look("-Ereach", status=1)["findings"]
        self.assertEqual([one["severity"] for one in found
                          if one["check"] == "reach"], ["error"])


class NotKnown(Reach):
    def skipped(self, status: int = 0) -> dict[str, str]:
        return {one["text"]: one["expected"]
                for one in self.look(status=status)["skipped"]
                if one["check"] == "reach"}

    def test_tables_that_no_session_has(self) -> None:
        """Of any owner, then, but not of none."""
        del files(self.given, 0)[1]
        self.maps(iova=0x400000, phys="second")
        self.assertEqual(self.skipped(), {
            "whose devices use some page tables is not known":
            "an object that refers to them"})
        domains(self.given)[0]["top_table"]["$maps"].pop()
        self.tells_unowned("error", self.third(),
                           "memory that some object has")

    def test_the_same_memory_again_and_again(self) -> None:
        """Many page tables that each map the memory of many owners."""
        tables, owners, pfn = 700, 13000, 0x110000
        self.given["size"] = "1G"
        domains(self.given).append({
            **domains(self.given)[0], "$repeat": tables,
            "top_table": {"$maps": [{"iova": 0, "phys": 0x1_0000_0000,
                                     "size": "1G", "page": "1G"}]}})
        files(self.given, 0)[0]["data"] = {
            "$abi": "memfd-v2", "size": owners * 4096, "folios": [{
                "$repeat": owners, "index": {"$first": 0},
                "pfn": {"$first": pfn, "$step": 2}}]}
        self.assertEqual(self.skipped(status=1)[
            "page tables map the same memory so often that not all could be "
            "looked at"], "fewer of them")

    def test_without_a_map(self) -> None:
        """How long a file's blocks are, only the map knows."""
        self.given["root"]["$properties"] = ["compatible"]
        self.assertEqual(self.skipped(status=1), {
            "what is preserved is not known": "a map of preserved memory"})


if __name__ == "__main__":
    unittest.main()
