#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Page tables: what they map, and what is wrong with them."""
import re
import struct
import unittest
from pathlib import Path
from typing import Any

import yaml

from tool import Case, build, objects, run, run_json

TABLES = Path(__file__).parent / "tables.yaml"
GUEST = 0x1_0000_0000
DOMAINS = "LUO/flbs[iommu-v2]/domains"
VTD, X86, AMD = (f"{DOMAINS}[{i}]" for i in range(3))
RW = 3  # of VT-d's second stage
AMD_RW = 0x6000_0000_0000_0001

Run = tuple[int, int, int, int, str]
MAPPED: list[list[Run]] = [
    [(0, GUEST, 0x200000, 0x200000, "rw"),
     (0x200000, GUEST + 0x200000, 0x10000, 0x1000, "r-"),
     (0x7F00_0000_0000, GUEST + 0x300000, 0x1000, 0x1000, "rw")],
    [(0, GUEST, 0x200000, 0x200000, "rw"),
     (0xFFFF_FFFF_FFE0_0000, GUEST + 0x200000, 0x10000, 0x1000, "r-")],
    [(0, GUEST, 0x100000, 0x10000, "rw"),
     (0xFF00_0000_0000_0000, GUEST, 0x400000, 0x400000, "-w")],
]


def description(*damage: dict[str, Any]) -> dict[str, Any]:
    return {**yaml.safe_load(TABLES.read_text()), "damage": list(damage)}


def entry(domain: str, table: int, index: int, value: int) -> dict[str, Any]:
    """Another value for one entry; tables are numbered as they are read."""
    return {"path": f"{domain}/top_table", "page": table, "offset": index * 8,
            "bytes": struct.pack("<Q", value).hex()}


def field(domain: str, name: str, value: int) -> dict[str, Any]:
    return {"path": domain, "field": name, "value": value, "seal": True}


def domains(given: dict[str, Any]) -> Any:
    luo = given["root"]["$nodes"]["LUO"]["preserved-data"]
    return luo["flbs_pa"][0]["data"]["domains"]


def tables(handover: Any) -> list[Any]:
    return list(objects(handover, kind="page-tables"))


def run_of(one: dict[str, Any]) -> Run:
    return (int(one["iova"], 16), int(one["phys"], 16), one["bytes"],
            one["page"], ("r" if one["read"] else "-") +
            ("w" if one["write"] else "-"))


class Tables(Case):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.dir / "tables.elf"

    def read(self, given: Any, *args: object, status: int = 0) -> Any:
        build(given, self.path)
        return run_json("--iova", *args, self.path,
                        status=status)["handovers"][0]


class Sound(Tables):
    def test_ranges(self) -> None:
        found = tables(self.read(description()))
        self.assertEqual([[run_of(one) for one in each["mapped"]]
                          for each in found], MAPPED)
        self.assertEqual(
            [(each["format"], each["levels"], each["tables"], each["pages"],
              each["runs"]) for each in found],
            [("vtd_second", 4, 7, 18, 3), ("x86_64", 4, 6, 17, 2),
             ("amd_v1", 6, 10, 17, 2)])

    def test_only_when_asked_for(self) -> None:
        build(description(), self.path)
        found = tables(run_json(self.path))
        self.assertNotIn("mapped", found[0])
        self.assertEqual(found[0]["bytes"], 0x211000)
        self.assertNotIn("0x000000200000", run(self.path).out)

    def test_text(self) -> None:
        build(description(), self.path)
        lines = [line.strip() for line in
                 run("--iova", self.path).out.splitlines()]
        self.assertIn("0x000000200000-0x00000020ffff  0x000100200000  r-  "
                      "16 x 4 KiB", lines)
        text = " ".join(lines)
        self.assertRegex(text, r"vtd_second, 7 tables in 4 levels at 0x\w+, "
                         r"maps 2,166,784 bytes \(2 MiB\) in 3 ranges")

    def test_description_makes_them_again(self) -> None:
        before = self.read(description())
        text = run("--describe", self.path).out
        again = self.read(yaml.safe_load(text))
        self.assertEqual(tables(again), tables(before))
        self.assertEqual(run("--describe", self.path).out, text)

    def test_other_bits_are_described(self) -> None:
        """Of an entry that leads to a table, and of a page's."""
        given = description(entry(VTD, 0, 0, RW | 1 << 52),
                            entry(VTD, 2, 0, GUEST | RW | 0x80 | 1 << 11))
        build({**given, "damage": []}, self.path)
        top = tables(run_json(self.path))[0]
        lower = int(top["phys"], 16) + 0x1000
        given["damage"][0] = entry(VTD, 0, 0, lower | RW | 1 << 52)
        self.read(given)
        text = run("--describe", self.path).out
        self.assertIn(f"bits: {hex(RW | 1 << 52)}", text)
        self.assertIn(f"bits: {hex(RW | 1 << 11)}", text)
        self.read(yaml.safe_load(text))
        self.assertEqual(run("--describe", self.path).out, text)

    def test_half_of_what_a_table_covers(self) -> None:
        """The lower addresses that are extended are behind the first half."""
        given = description()
        x86 = domains(given)[1]
        x86["va_bits"] = 39
        self.assertEqual([run_of(one) for one in
                          tables(self.read(given))[1]["mapped"]], MAPPED[1])
        x86["va_bits"] = 21
        self.read(given, status=1)

    def test_levels_take_away(self) -> None:
        """A page can be written if all levels allow it."""
        build(description(), self.path)
        top = tables(run_json(self.path))[0]
        lower = int(top["phys"], 16) + 0x1000
        found = tables(self.read(description(entry(VTD, 0, 0, lower | 1))))
        self.assertEqual(run_of(found[0]["mapped"][0])[4], "r-")

    def test_new_kernel_goes_on_with_them(self) -> None:
        """What was handed over is not looked at once it is in use."""
        given = {**description(), "role": "in"}
        given["root"]["$nodes"]["LUO"]["preserved-data"]["$abi"] = "luo-v5k"
        build(given, self.path, "--capture")
        found = run_json(self.path)["handovers"][0]
        stale = list(objects(found, kind="stale", name="top_table"))
        self.assertEqual((len(stale), tables(found)), (3, []))
        found = run_json("--early", self.path)["handovers"][0]
        self.assertEqual(len(tables(found)), 3)


    def test_all_addresses(self) -> None:
        """They are as many as no number can say: the last ones are not 0."""
        given, page = description(), 1 << 51
        domains(given)[2]["top_table"]["$maps"] = [
            {"iova": iova, "phys": 0, "size": page, "page": page}
            for iova in range(0, 1 << 64, page)]
        found = tables(self.read(given, status=1))[2]
        self.assertEqual((found["pages"], found["bytes"]),
                         ((1 << 64) // page, str((1 << 64) - 1)))


class Damaged(Tables):
    def findings(self, *damage: dict[str, Any]) -> set[tuple[str, str]]:
        found = self.read(description(*damage), status=1)["findings"]
        return {("/".join(filter(None, (one["path"], one["field"]))),
                 one["rule"])
                for one in found if one["severity"] == "error"}

    def finds(self, rule: str, domain: str, *damage: dict[str, Any],
              field: str = "top_table") -> None:
        with self.subTest(rule=rule, damage=damage):
            self.assertEqual(self.findings(*damage),
                             {(f"{domain}/{field}", rule)})

    def top(self, number: int) -> int:
        build(description(), self.path)
        return int(tables(run_json(self.path))[number]["phys"], 16)

    def test_loops_and_shared_tables(self) -> None:
        self.finds("read-twice", VTD, entry(VTD, 2, 5, self.top(0) | RW))
        other = self.top(1) + 0x1000
        found = self.findings(entry(VTD, 1, 5, other | RW),
                              field(VTD, "nr_tables", 100))
        self.assertIn((f"{X86}/top_table", "read-twice"), found)

    def test_places(self) -> None:
        found = self.findings(entry(VTD, 1, 5, 1 << 40 | RW),
                              field(VTD, "nr_tables", 100))
        self.assertEqual(found, {(f"{VTD}/top_table", "unreadable"),
                                 (f"{VTD}/top_table", "not-preserved")})

    def test_geometry(self) -> None:
        for name, value in (("top_level", 5), ("granule_shift", 14),
                            ("va_bits", 49)):
            self.finds("table-geometry", VTD, field(VTD, name, value),
                       field=name)
        self.finds("table-geometry", AMD, field(AMD, "oa_bits", 53),
                   field="oa_bits")

    def test_beyond(self) -> None:
        self.finds("beyond-domain", VTD, field(VTD, "va_bits", 40))
        self.finds("beyond-domain", X86, field(X86, "features", 0),
                   field(X86, "va_bits", 47))
        self.finds("beyond-domain", AMD, entry(AMD, 0, 200, AMD_RW))
        self.finds("table-address", VTD, field(VTD, "oa_bits", 32))
        self.finds("page-address", AMD,
                   entry(AMD, 9, 100, AMD_RW | 1 << 48),
                   field(AMD, "oa_bits", 47))

    def test_counts(self) -> None:
        self.finds("table-count", VTD, field(VTD, "nr_tables", 6))
        self.finds("table-count", VTD, field(VTD, "nr_tables", 8),
                   field="nr_tables")

    def test_counts_where_something_else_is_wrong_too(self) -> None:
        """What a page is does not change how many tables there are."""
        self.assertEqual(
            self.findings(field(VTD, "nr_tables", 8),
                          entry(VTD, 3, 100, 1 << 40 | RW)),
            {(f"{VTD}/nr_tables", "table-count"),
             (f"{VTD}/top_table", "maps-not-preserved")})

    def test_part_of_a_run_is_not_preserved(self) -> None:
        """The first of it is told, and how much follows."""
        given = description()
        far = GUEST + 0x1000000
        given["preserved"] += [{"at": far, "order": 4},
                               {"at": far + 0x18000, "order": 0}]
        domains(given)[0]["top_table"]["$maps"][1].update(
            phys=far, size="128K")
        (one,) = [one for one in self.read(given, status=1)["findings"]
                  if one["rule"] == "maps-not-preserved"]
        self.assertEqual(one["found"],
                         f"{far + 0x10000:#x}, 32768 bytes for IOVA 0x210000")

    def test_entries(self) -> None:
        self.finds("half-present", VTD, entry(VTD, 3, 100, 0x800))
        self.finds("page-size", VTD, entry(VTD, 0, 5, RW | 0x80))
        self.finds("page-aligned", VTD,
                   entry(VTD, 2, 5, GUEST + 0x1000 | RW | 0x80))
        self.finds("page-aligned", X86,
                   entry(X86, 2, 5, GUEST + 0x2000 | 1 | 0x80))
        self.finds("maps-not-preserved", VTD,
                   entry(VTD, 3, 100, GUEST + 0x1000_0000 | RW))

    def test_amd_entries(self) -> None:
        leaf = GUEST | AMD_RW
        self.finds("reserved-bits", AMD, entry(AMD, 5, 300, leaf | 1 << 52))
        self.finds("next-level", AMD, entry(AMD, 0, 5, leaf | 3 << 9))
        self.finds("page-size", AMD, entry(AMD, 0, 5, leaf))
        self.finds("page-whole", AMD, entry(AMD, 5, 3, 0))

    def test_attributes_are_no_misalignment(self) -> None:
        """Bit 12 of a large x86-64 page chooses a memory type."""
        found = tables(self.read(description(
            entry(X86, 2, 0, GUEST + 0x1000 | 7 | 0x80))))
        self.assertEqual(run_of(found[1]["mapped"][0]), MAPPED[1][0])

    def test_the_first_bad_entry_of_a_table_is_told(self) -> None:
        given = description(entry(VTD, 3, 100, 0x800), entry(VTD, 3, 101, 0x800))
        found = [one for one in self.read(given, status=1)["findings"]
                 if one["severity"] == "error"]
        self.assertEqual(len(found), 1)
        self.assertTrue(re.fullmatch("0x800 for IOVA 0x264000",
                                     found[0]["found"]), found)

    def test_tables_below_do_not_start_a_table_anew(self) -> None:
        """Each has a bad entry, between those of the table above."""
        given = description(
            *(entry(VTD, 2, i, 0x800) for i in (1, 3, 5)),
            *(entry(VTD, i, 9, 0x800) for i in (3, 4)))
        domains(given)[0]["top_table"]["$maps"] = [
            {"iova": i << 22, "phys": "guest"} for i in range(2)]
        found = [int(one["found"].split()[-1], 16)
                 for one in self.read(given, status=1)["findings"]
                 if one["rule"] == "half-present"]
        self.assertEqual(found, [0x9000, 0x200000, 0x409000])


if __name__ == "__main__":
    unittest.main()
