#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What changed between two handovers, which differ in one thing each."""

import copy
import json
import os
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from image import debugfs, handover
from tool import SOURCE, Case, Result, build, run

SCHEMA = json.loads((SOURCE / "luo-dump-diff.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DATA = Path(__file__).resolve().parents[1] / "data"
GOLDEN = Path(__file__).resolve().parent / "golden"
SAME, DIFFERENT, TROUBLE = 0, 1, 2
IOMMU = "LUO/flbs[iommu-v2]"

Change = Callable[[Any], None]

# Two IOMMUs, three domains, four devices, a memfd and an iommufd.
STATE = yaml.load("""
size: 64M
preserved:
  - {name: tables, order: 2}
  - {name: memory, order: 1}
root:
  $abi: kho-v4
  $nodes:
    kexec-metadata:
      preserved-data:
        {$abi: kexec-metadata-v1, previous_release: 7.3.0, kexec_count: 7}
    LUO:
      preserved-data:
        $abi: luo-v5
        liveupdate_num: 6
        flbs_pa:
          - count: 1
            data:
              $abi: iommu-v2
              $header: {handover: 7}
              page_size: $page-size
              mode: legacy
              iommus:
                - {base: 0xfed00000, flags: [live], driver_type: amd}
                - {base: 0xfed10000, flags: [live], driver_type: amd}
              domains:
                - $repeat: 3
                  top_table: {$first: tables, $step: $page-size}
                  format: vtd_second
                  flags: [live]
                  top_level: 3
                  va_bits: 48
                  oa_bits: 52
                  granule_shift: 12
                  nr_tables: 1
                  driver_type: amd
              devices:
                - {domain: 0, bdf: 0x08, domain_id: 1, flags: [live],
                   driver_type: amd}
                - {domain: 1, bdf: 0x10, domain_id: 2, flags: [live],
                   driver_type: amd}
                - {domain: 1, bdf: 0x18, domain_id: 2, flags: [live],
                   driver_type: amd}
                - {domain: 2, bdf: 0x20, domain_id: 3, flags: [live],
                   driver_type: amd}
        sessions_pa:
          - name: vm-0
            file_set_ser:
              files:
                - token: 0xc0ffee0000
                  data:
                    $abi: memfd-v2
                    size: 20K
                    seals: [grow, shrink]
                    folios:
                      - {$repeat: 5, pfn: new, flags: [uptodate],
                         index: {$first: 0}}
                - token: 0xc0ffee0001
                  data:
                    $abi: iommufd-v2
                    $header: {handover: 7}
                    hwpts:
                      - {$repeat: 2, token: {$first: 0x50},
                         domain: {$first: 1}, flags: [live]}
          - name: vm-1
            file_set_ser:
              files:
                - {token: 0x17, compatible: newer-v9, data: 0}
""", yaml.CSafeLoader)


def luo(document: Any) -> Any:
    return document["root"]["$nodes"]["LUO"]["preserved-data"]


def iommu(document: Any) -> Any:
    return luo(document)["flbs_pa"][0]["data"]


def files(document: Any, session: int = 0) -> Any:
    return luo(document)["sessions_pa"][session]["file_set_ser"]["files"]


def memfd(document: Any) -> Any:
    return files(document)[0]["data"]


def split(records: Any) -> None:
    """Writes a record that repeats as so many records."""
    one = records.pop(0)
    for i in range(one.pop("$repeat")):
        new = copy.deepcopy(one)
        for key, value in new.items():
            if isinstance(value, dict) and isinstance(value["$first"], int):
                new[key] = value["$first"] + i
            elif isinstance(value, dict):
                new[key] = f"{value['$first']}+{i * 4096:#x}"
        records.insert(i, new)


class Images:
    """Images that all tests share: each is built once."""

    dir: Path
    made: dict[str, Path] = {}

    @classmethod
    def of(cls, document: Any) -> Path:
        key = json.dumps(document, sort_keys=True)
        if key not in cls.made:
            path = cls.dir / f"{len(cls.made)}.elf"
            build(document, path)
            cls.made[key] = path
        return cls.made[key]


def setUpModule() -> None:
    directory = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(directory.cleanup)
    Images.dir = Path(directory.name)


class DiffCase(Case):
    def make(self, change: Change | None = None) -> Path:
        document = copy.deepcopy(STATE)
        if change:
            change(document)
        return Images.of(document)

    def text(self, status: int, *args: object) -> str:
        result = run("diff", *args)
        self.assertEqual(result.status, status, result.out + result.err)
        self.assertLessEqual(
            max(map(len, result.out.splitlines()), default=0), 80)
        return result.out

    def document(self, status: int, *args: object) -> Any:
        result = run("diff", "--json", *args)
        self.assertEqual(result.status, status, result.out + result.err)
        document = json.loads(result.out)
        VALIDATOR.validate(document)
        self.assertEqual(document["same"], status == SAME)
        return document

    def objects(self, first: Path, second: Path, *args: object,
                status: int = DIFFERENT) -> list[Any]:
        """What differs between two dumps with one handover each."""
        document = self.document(status, first, second, *args)
        (comparison,) = document["comparisons"]
        self.assertEqual(document["alone"], [])
        found = comparison["objects"]
        for kind, count in comparison["counts"].items():
            self.assertEqual(sum(one["change"] == kind for one in found)
                             + comparison["left_out"][kind], count)
        return found

    def changed(self, change: Change, *args: object) -> dict[str, Any]:
        """Objects that differ when the state is changed, by path."""
        found = self.objects(self.make(), self.make(change), *args)
        self.assertEqual(len({(one["path"], str(one["first"]))
                              for one in found}), len(found))
        return {f"{one['change']} {one['path']}": one for one in found}


def values(changed: Any) -> dict[str, tuple[Any, Any]]:
    return {one["name"]: (one.get("first"), one.get("second"))
            for one in changed["fields"]}


def mirrored(document: Any) -> Any:
    """The document as it is if the two handovers change places."""
    names = {"first": "second", "second": "first", "added": "removed",
             "removed": "added", "first_record": "second_record",
             "second_record": "first_record"}
    if isinstance(document, dict):
        return {names.get(key, key): names.get(value, value)
                if key in ("change", "in") else mirrored(value)
                for key, value in document.items()}
    if isinstance(document, list):
        return [mirrored(one) for one in document]
    return document


def in_any_order(document: Any) -> Any:
    """Objects and fields sorted; paths as the first handover has them."""
    if isinstance(document, dict):
        return {key: in_any_order(value) for key, value in document.items()}
    if isinstance(document, list):
        return sorted(map(in_any_order, document),
                      key=lambda one: json.dumps(one, sort_keys=True))
    return document


class OneThing(DiffCase):
    """Each is told, and nothing but it."""

    def test_nothing(self) -> None:
        first, second = self.make(), self.make()
        self.assertEqual(self.objects(first, second, status=SAME), [])
        self.assertTrue(self.text(SAME, first, second).endswith("\nsame\n"))

    def test_session_added(self) -> None:
        found = self.changed(lambda document: luo(document)["sessions_pa"]
                             .insert(1, {"name": "vm-7", "file_set_ser": {
                                 "files": [{"token": 1, "data": 0,
                                            "compatible": "newer-v9"}]}}))
        self.assertEqual(
            set(found), {"added LUO/sessions[vm-7]", "changed preserved_map"})
        session = found["added LUO/sessions[vm-7]"]
        self.assertEqual(session["second"]["fields"]["name"], "vm-7")
        self.assertEqual(session["holds"], [{"name": "files", "records": 1}])

    def test_token(self) -> None:
        def change(document: Any) -> None:
            files(document, 1)[0]["token"] = 0x18

        self.assertEqual(set(self.changed(change)),
                         {"removed LUO/sessions[vm-1]/files[0x17]",
                          "added LUO/sessions[vm-1]/files[0x18]"})

    def test_folio_in_the_middle(self) -> None:
        """The others are known by what they say, not by their number."""
        def less(document: Any) -> None:
            split(memfd(document)["folios"])
            memfd(document)["folios"].pop(2)

        path = "LUO/sessions[vm-0]/files[0xc0ffee0000]"
        found = self.changed(less)
        self.assertEqual(set(found), {
            f"removed {path}/folios[2]", f"changed {path}",
            "changed preserved_map"})
        self.assertEqual(values(found[f"changed {path}"]),
                         {"nr_folios": (5, 4)})

    def test_folio_changed(self) -> None:
        def change(document: Any) -> None:
            split(memfd(document)["folios"])
            memfd(document)["folios"][3]["flags"] = ["dirty", "uptodate"]

        path = "LUO/sessions[vm-0]/files[0xc0ffee0000]/folios[3]"
        found = self.changed(change)
        self.assertEqual(set(found), {f"changed {path}"})
        self.assertEqual(values(found[f"changed {path}"]), {"flags": (
            {"value": 2, "names": ["uptodate"]},
            {"value": 3, "names": ["dirty", "uptodate"]})})
        self.assertIn("    flags  uptodate -> dirty|uptodate\n", self.text(
            DIFFERENT, self.make(), self.make(change)))

    def test_folio_in_front(self) -> None:
        """The others are known by their place in the file."""
        def dirty(document: Any) -> None:
            folios = memfd(document)["folios"]
            folios[0]["index"]["$first"] = 1
            folios[0]["flags"] = ["dirty", "uptodate"]
            folios.insert(0, {"pfn": "new", "index": 0})
            memfd(document)["size"] = "24K"

        def later(document: Any) -> None:
            memfd(document)["folios"][0]["index"]["$first"] = 1
            memfd(document)["size"] = "24K"

        path = "LUO/sessions[vm-0]/files[0xc0ffee0000]"
        found = self.objects(self.make(later), self.make(dirty))
        folios = [one for one in found if "/folios[" in one["path"]]
        self.assertEqual([one["path"] for one in folios
                          if one["change"] == "added"], [f"{path}/folios[0]"])
        changed = [one for one in folios if one["change"] == "changed"]
        self.assertEqual(len(changed), 5)
        for one in changed:
            self.assertEqual(set(values(one)), {"flags"})

    def test_flags(self) -> None:
        def change(document: Any) -> None:
            memfd(document)["seals"] = ["grow"]

        path = "LUO/sessions[vm-0]/files[0xc0ffee0000]"
        self.assertEqual(values(self.changed(change)[f"changed {path}"])[
            "seals"][1], {"value": 4, "names": ["grow"]})
        self.assertIn(f"~ {path}, memfd-v2\n    seals  shrink|grow -> grow\n",
                      self.text(DIFFERENT, self.make(), self.make(change)))

    def test_generation(self) -> None:
        def change(document: Any) -> None:
            luo(document)["liveupdate_num"] = 7

        self.assertEqual(values(self.changed(change)["changed LUO"]),
                         {"liveupdate_num": (6, 7)})

    def test_unknown_bytes(self) -> None:
        def with_bytes(data: str) -> Path:
            return self.make(lambda document: document["root"]["$nodes"]
                             .update(newer={"preserved-data":
                                            {"$bytes": data}}))

        found = self.objects(with_bytes("01 66 75 74 75 72 65"),
                             with_bytes("01 66 75 74 75 72 66 00"))
        self.assertEqual([one["path"] for one in found], ["newer", "newer"])
        self.assertEqual(values(found[0]), {"blob-size": (7, 8)})
        self.assertEqual(found[1]["bytes"],
                         {"first": 7, "second": 8, "different_from": 6})

    def test_more_preserved(self) -> None:
        found = self.changed(lambda document: document["preserved"].append(
            {"name": "more", "order": 3}))
        preserved = found["changed preserved_map"]["preserved"]
        self.assertEqual(set(found), {"changed preserved_map"})
        self.assertEqual(preserved["second"]["pages"],
                         preserved["first"]["pages"] + 8)
        self.assertEqual(preserved["orders"],
                         [{"order": 3, "first": 0, "second": 1}])
        sums = [sum(one["bytes"] for one in preserved[key])
                for key in ("added", "removed")]
        self.assertEqual(sums[0] - sums[1], 8 * 4096)

    def test_version(self) -> None:
        """The file is the same one, and what both say compares by name."""
        def change(document: Any) -> None:
            files(document)[0]["data"] = {
                **memfd(document), "$abi": "memfd-v1", "size": "24K"}
            del memfd(document)["seals"]

        path = "LUO/sessions[vm-0]/files[0xc0ffee0000]"
        found = self.objects(self.make(), self.make(change))
        self.assertEqual([one["path"] for one in found], [path, path])
        self.assertEqual(values(found[0]),
                         {"compatible": ("memfd-v2", "memfd-v1")})
        self.assertTrue(found[1]["layout"])
        self.assertEqual([found[1][side]["abi"]
                          for side in ("first", "second")],
                         ["memfd-v2", "memfd-v1"])
        self.assertEqual(values(found[1])["size"], (20480, 24576))


class References(DiffCase):
    """They are compared by the record that they lead to."""

    def test_domain_of_a_device(self) -> None:
        def change(document: Any) -> None:
            iommu(document)["devices"][2].update(domain=2, domain_id=3)

        found = self.changed(change)
        device = found[f"changed {IOMMU}/devices[2]"]
        self.assertEqual(set(found), {f"changed {IOMMU}/devices[2]"})
        self.assertEqual(device["fields"][0], {
            "name": "domain", "first": 1, "second": 2,
            "first_record": f"{IOMMU}/domains[1]",
            "second_record": f"{IOMMU}/domains[2]"})
        out = self.text(DIFFERENT, self.make(), self.make(change))
        self.assertIn(f"~ {IOMMU}/devices[2], segment 0, bdf 00:03.0\n"
                      "    domain     domains[1] -> domains[2]\n"
                      "    domain_id  2 -> 3\n", out)

    def reversed_domains(self, document: Any) -> None:
        split(iommu(document)["domains"])
        iommu(document)["domains"].reverse()
        for device in iommu(document)["devices"]:
            device["domain"] = 2 - device["domain"]
        split(files(document)[1]["data"]["hwpts"])
        for hwpt in files(document)[1]["data"]["hwpts"]:
            hwpt["domain"] = 2 - hwpt["domain"]

    def test_number_of_a_domain(self) -> None:
        """Same tables, same devices, other number: the same domain."""
        self.assertEqual(self.objects(
            self.make(), self.make(self.reversed_domains), status=SAME), [])

    def test_number_and_address_of_a_domain(self) -> None:
        """Those who refer to it tell which one it is."""
        def change(document: Any) -> None:
            self.reversed_domains(document)
            document["preserved"] = [{"name": "memory", "order": 4},
                                     {"name": "tables", "order": 2}]

        def more_memory(document: Any) -> None:
            document["preserved"][1]["order"] = 4

        self.assertEqual(self.objects(
            self.make(more_memory), self.make(change), status=SAME), [])

    def in_front(self, document: Any) -> None:
        """A domain is new, and has the tables that another one had."""
        domains = iommu(document)["domains"]
        domains[0]["$repeat"] = 4
        for device in iommu(document)["devices"]:
            device["domain"] += 1
        iommu(document)["devices"].insert(0, {
            "domain": 0, "bdf": 0x28, "domain_id": 4, "flags": ["live"],
            "driver_type": "amd"})
        files(document)[1]["data"]["hwpts"][0]["domain"]["$first"] = 2

    def test_domain_in_front(self) -> None:
        found = self.changed(self.in_front)
        self.assertEqual(set(found), {
            f"added {IOMMU}/domains[0]", f"added {IOMMU}/devices[0]",
            f"changed {IOMMU}"})
        self.assertEqual(values(found[f"changed {IOMMU}"]), {
            "nr_domains": (3, 4), "nr_devices": (4, 5)})

    def test_domain_in_front_by_address(self) -> None:
        """If addresses count, those of the tables tell which one it is."""
        found = self.changed(self.in_front, "--addresses")
        self.assertIn(f"added {IOMMU}/domains[3]", found)
        self.assertIn(f"changed {IOMMU}/devices[0]", found)

    def test_order_of_devices(self) -> None:
        self.assertEqual(self.objects(
            self.make(), self.make(lambda document: iommu(document)[
                "devices"].reverse()), status=SAME), [])

    def test_iommu_of_a_device(self) -> None:
        def change(document: Any) -> None:
            iommu(document)["devices"][3]["iommu"] = 1

        self.assertEqual(
            values(self.changed(change)[f"changed {IOMMU}/devices[3]"]),
            {"iommu": (0, 1)})

    def test_by_address(self) -> None:
        """iommu-v1 has the addresses of records."""
        def old(document: Any) -> None:
            luo(document)["sessions_pa"] = []
            flb = luo(document)["flbs_pa"][0]
            flb["data"] = {
                "$abi": "iommu-v1",
                "iommus_phys": [{"obj": {"idx": 0, "ref_count": 3},
                                 "token": 0xfed00000, "type": "intel"}],
                "iommu_domains_phys": [
                    {"obj": {"idx": i, "ref_count": 1}, "top_level": 3,
                     "top_table": f"tables+{i * 4096:#x}"} for i in range(3)],
                "devices_phys": [
                    {"obj": {"idx": i, "ref_count": 1}, "token": 5,
                     "devid": i, "type": "intel", "domain_iommu_ser": {
                         "did": i, "domain_phys": i, "iommu_phys": 0}}
                    for i in range(3)]}

        def moved(document: Any) -> None:
            old(document)
            document["preserved"].insert(0, {"name": "spare", "order": 1})
            document["preserved"].append({"name": "spare", "order": 0})

        def more(document: Any) -> None:
            old(document)
            document["preserved"].append({"name": "a", "order": 1})
            document["preserved"].append({"name": "b", "order": 0})

        def changed(document: Any) -> None:
            moved(document)
            iommu(document)["devices_phys"][1]["domain_iommu_ser"][
                "domain_phys"] = 2

        self.assertEqual(self.objects(self.make(more), self.make(moved),
                                      status=SAME), [])
        (device,) = self.objects(self.make(moved), self.make(changed))
        self.assertEqual(device["path"],
                         "LUO/flbs[iommu-v1]/devices[00:00.1]")
        (field,) = device["fields"]
        self.assertEqual([field[key] for key in
                          ("name", "first_record", "second_record")],
                         ["domain_iommu_ser.domain_phys",
                          "LUO/flbs[iommu-v1]/domains[1]",
                          "LUO/flbs[iommu-v1]/domains[2]"])


class Addresses(DiffCase):
    def moved(self, document: Any) -> None:
        """All that is allocated after it is elsewhere, and as large."""
        document["preserved"].reverse()

    def test_do_not_count(self) -> None:
        first, second = self.make(), self.make(self.moved)
        self.assertEqual(self.objects(first, second, status=SAME), [])

    def test_count_if_asked(self) -> None:
        found = self.objects(self.make(), self.make(self.moved),
                             "--addresses")
        domains = [one for one in found if "/domains[" in one["path"]]
        self.assertEqual([set(values(one)) for one in domains],
                         [{"top_table"}] * 3)

    def test_elsewhere_is_said(self) -> None:
        def low(document: Any) -> None:
            document["preserved"].append({
                "name": "a", "at": 0x101000000, "order": 0})

        def high(document: Any) -> None:
            document["preserved"].append({
                "name": "a", "at": 0x102000000, "order": 0})

        first, second = self.make(low), self.make(high)
        (comparison,) = self.document(SAME, first, second)["comparisons"]
        self.assertEqual(comparison["bytes_elsewhere"], 4096)
        self.assertIn("4,096 bytes (4 KiB) of it elsewhere",
                      " ".join(self.text(SAME, first, second).split()))
        (preserved,) = self.objects(first, second, "--addresses")
        self.assertEqual([preserved["preserved"][key]
                          for key in ("removed", "added")],
                         [[{"start": "0x101000000", "bytes": 4096}],
                          [{"start": "0x102000000", "bytes": 4096}]])

    def test_leads_nowhere(self) -> None:
        """Whether there is an address at all is no matter of place."""
        def change(document: Any) -> None:
            luo(document)["sessions_pa"] = []

        found = self.changed(change)
        self.assertEqual(found["removed LUO/sessions"]["holds"], [
            {"name": "sessions", "records": 2},
            {"name": "files", "records": 3},
            {"name": "folios", "records": 5}, {"name": "hwpts", "records": 2}])
        self.assertIn("sessions_pa", values(found["changed LUO"]))


class Mirror(DiffCase):
    """What changed from B to A is the mirror of what changed from A to B."""

    def check(self, first: Path, second: Path) -> None:
        there = self.document(DIFFERENT, first, second)
        back = self.document(DIFFERENT, second, first)
        for document in (there, back):
            for one in document["comparisons"][0]["objects"]:
                self.assertNotIn("new_path", one)
        self.assertEqual(in_any_order(there), in_any_order(mirrored(back)))

    def test_built(self) -> None:
        def change(document: Any) -> None:
            luo(document)["sessions_pa"].append({"name": "vm-2"})
            files(document)[1]["token"] = 0x99
            iommu(document)["devices"][0]["domain"] = 2
            document["preserved"].append({"order": 5})

        self.check(self.make(), self.make(change))

    def test_releases(self) -> None:
        self.check(DATA / "linux-7.1-handover.elf",
                   DATA / "linux-7.3-handover.elf")


class Releases(DiffCase):
    def golden(self, name: str, *paths: Path) -> None:
        """By paths that are short wherever this repository is: lines end at
        the same places."""
        result = run("diff", *map(os.path.relpath, paths))
        out = result.out.replace(f"{os.path.relpath(DATA)}/", "")
        path = GOLDEN / name
        if os.environ.get("UPDATE"):
            path.write_text(out)
        self.assertEqual(out, path.read_text())

    def test_each_against_itself(self) -> None:
        samples = sorted(DATA.glob("*.elf"))
        self.assertGreater(len(samples), 5)
        for path in samples:
            with self.subTest(path.name):
                self.assertEqual(self.objects(path, path, status=SAME), [])

    def test_another_release(self) -> None:
        """Sessions are the same ones, wherever an ABI has them."""
        given = (DATA / "linux-7.1-handover.elf",
                 DATA / "linux-7.3-handover.elf")
        self.golden("diff.txt", *given)
        paths = {one["path"] for one in self.objects(*given)}
        self.assertFalse([path for path in paths if "sessions[" in path])
        self.text(DIFFERENT, *given)

    def test_part(self) -> None:
        given = (DATA / "linux-6.19-handover.elf",
                 DATA / "linux-7.3-handover.elf")
        select = "--select=LUO/luo-session/sessions[vm-0]"
        found = self.objects(*given, select)
        self.assertEqual({one["path"].split("/files")[0] for one in found},
                         {select[9:]})

    def test_part_by_either_path(self) -> None:
        given = (DATA / "linux-6.19-handover.elf",
                 DATA / "linux-7.3-handover.elf")
        paths = ("LUO/luo-session/sessions[vm-0]", "LUO/sessions[vm-0]")
        for pair in (given, given[::-1]):
            found = [self.objects(*pair, f"--select={path}")
                     for path in paths]
            self.assertNotEqual(found[0], [])
            self.assertEqual(*found)


class Which(DiffCase):
    """Which handovers are compared."""

    def setUp(self) -> None:
        super().setUp()
        self.dirs = []
        handed = handover({"vm-9": {5: 1}})
        for number, sessions in enumerate(({"vm-0": {1: 2}},
                                           {"vm-0": {1: 3}})):
            kho = self.dir / f"kho{number}"
            given = handover(sessions)
            debugfs(kho, "in", handed, handed.fdt)
            debugfs(kho, "out", given, given.fdt)
            memory = given.image.elf(self.dir / f"memory{number}.elf")
            self.dirs.append((kho, memory))

    def roles(self, document: Any) -> list[tuple[str, str]]:
        return [(one["first"]["role"], one["second"]["role"])
                for one in document["comparisons"]]

    def both(self, *args: object) -> list[object]:
        (one, memory), (other, its) = self.dirs
        return [*args, "--memory", memory, "--second-memory", its, one, other]

    def test_same_roles(self) -> None:
        document = self.document(DIFFERENT, *self.both())
        self.assertEqual(self.roles(document), [("in", "in"), ("out", "out")])
        self.assertEqual([one["same"] for one in document["comparisons"]],
                         [True, False])

    def test_one_role(self) -> None:
        self.assertEqual(self.roles(self.document(SAME, *self.both("--in"))),
                         [("in", "in")])
        self.assertEqual(self.roles(self.document(
            DIFFERENT, *self.both("--out"))), [("out", "out")])

    def test_chosen(self) -> None:
        document = self.document(
            DIFFERENT, *self.both("--first=out", "--second=in"))
        self.assertEqual(self.roles(document), [("out", "in")])

    def test_one_path(self) -> None:
        """What a kernel was handed, and what it hands on."""
        kho, memory = self.dirs[0]
        document = self.document(DIFFERENT, "--memory", memory, kho)
        self.assertEqual(self.roles(document), [("in", "out")])

    def test_only_one_has_it(self) -> None:
        for name in ("sub_fdts", "fdt"):
            path = self.dirs[1][0] / "in" / name
            if path.is_dir():
                for one in path.iterdir():
                    one.unlink()
                path.rmdir()
            elif path.exists():
                path.unlink()
        (self.dirs[1][0] / "in").rmdir()
        document = self.document(DIFFERENT, *self.both())
        self.assertEqual(self.roles(document), [("out", "out")])
        self.assertEqual([(one["in"], one["role"])
                          for one in document["alone"]], [("first", "in")])
        self.assertIn("only the first has the incoming handover",
                      self.text(DIFFERENT, *self.both()))

    def test_standard_input(self) -> None:
        path, other = self.make(), self.make()
        with path.open("rb") as stdin:
            result = run("diff", "-", other, stdin=stdin)
        self.assertEqual(result.status, SAME, result.err)
        self.assertIn("first   outgoing handover of -\n", result.out)

    def test_root(self) -> None:
        path = self.make()
        root = json.loads(run("--json", path).out)["handovers"][0]["phys"]
        self.text(SAME, f"--first={root}", f"--second={root}", path)


class Damage(DiffCase):
    def damaged(self) -> Path:
        def change(document: Any) -> None:
            files(document)[0]["data"]["folios"][0]["flags"] = [
                "uptodate", 0x800]

        return self.make(change)

    def test_either_side(self) -> None:
        good, bad = self.make(), self.damaged()
        for given in ((good, bad), (bad, good)):
            with self.subTest(given=given):
                out = self.text(DIFFERENT, *given)
                self.assertIn("error", out)
                self.assertIn("what is damaged or cannot be read may differ",
                              " ".join(out.split()))
        document = self.document(DIFFERENT, good, bad)["comparisons"][0]
        self.assertEqual(document["first"]["findings"]["error"], 0)
        self.assertGreater(document["second"]["findings"]["error"], 0)
        self.assertIn("same, as far as it could be read",
                      self.text(SAME, bad, bad))

    def cut(self, by: int) -> Path:
        bad = self.dir / "cut.elf"
        bad.write_bytes(self.make().read_bytes()[:-by])
        return bad

    def test_cut(self) -> None:
        """The map's last pages are the last ones of the dump."""
        good, bad = self.make(), self.cut(2 * 4096)
        for given in ((good, bad), (bad, good)):
            out = " ".join(self.text(DIFFERENT, *given).split())
            self.assertIn("may differ. the file is cut short", out)
            self.assertIn("different: 1 object changed", out)
        (preserved,) = self.objects(good, bad)
        self.assertEqual(preserved["path"], "preserved_map")

    def test_cut_before_the_root(self) -> None:
        good, bad = self.make(), self.dir / "cut.elf"
        bad.write_bytes(good.read_bytes()[:2 * 4096])
        for given in ((good, bad), (bad, good)):
            result = run("diff", *given)
            self.assertEqual((result.status, result.out), (TROUBLE, ""))
            self.assertIn("no root FDT of a handover", result.err)

    def test_every_page_lost(self) -> None:
        """Whatever is missing on one side is a difference, or said."""
        good = self.make()
        data = good.read_bytes()
        for at in range(len(data) // 4096 * 4096 - 4096, 0, -4096):
            if not any(data[at:at + 4096]):
                continue
            bad = self.dir / "bad.elf"
            bad.write_bytes(data[:at] + bytes(4096) + data[at + 4096:])
            result = run("diff", good, bad)
            with self.subTest(at=at):
                self.assertIn(result.status, (SAME, DIFFERENT, TROUBLE))
            if result.status == SAME:
                self.assertIn("as far as it could be read", result.out)

    def test_names(self) -> None:
        """Nothing from the memory reaches a terminal as it is."""
        def change(document: Any) -> None:
            luo(document)["sessions_pa"].append({"name": "\x1b[31mvm"})

        first, second = self.make(), self.make(change)
        out = self.text(DIFFERENT, first, second)
        self.assertIn("+ LUO/sessions[\\x1b[31mvm]\n", out)
        self.assertNotIn("\x1b", out)
        self.document(DIFFERENT, first, second)

    def test_same_name_twice(self) -> None:
        def change(document: Any) -> None:
            luo(document)["sessions_pa"].append({"name": "vm-1"})

        found = self.objects(self.make(), self.make(change))
        self.assertEqual([one["path"] for one in found
                          if one["change"] == "added"],
                         ["LUO/sessions[vm-1]"])


class Limits(DiffCase):
    def changed_devices(self, document: Any) -> None:
        for number, device in enumerate(iommu(document)["devices"]):
            device["segment"] = number + 5

    def test_records(self) -> None:
        first, second = self.make(), self.make(self.changed_devices)
        out = self.text(DIFFERENT, "--records=1", first, second)
        self.assertIn(f"... {IOMMU}/devices: 4 more records added, 3 removed",
                      " ".join(out.split()))
        (comparison,) = self.document(DIFFERENT, "--records=1", first,
                                      second)["comparisons"]
        self.assertEqual(comparison["left_out"],
                         {"added": 4, "removed": 3, "changed": 0})
        self.assertEqual(comparison["counts"],
                         {"added": 4, "removed": 4, "changed": 0})

    def test_select(self) -> None:
        first, second = self.make(), self.make(self.changed_devices)
        self.text(SAME, "--select=LUO/sessions", first, second)
        self.text(DIFFERENT, f"--select={IOMMU}", first, second)
        result = run("diff", "--select=none", first, second)
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("no object has the path 'none'", result.err)

    def test_verbose(self) -> None:
        def change(document: Any) -> None:
            memfd(document)["size"] = "24K"

        self.assertIn("File size.", self.text(
            DIFFERENT, "--verbose", self.make(), self.make(change)))


class PageTables(DiffCase):
    """Domains of which each maps other memory, in tables as large."""

    TABLES = f"{IOMMU}/domains[0]/top_table"

    def make(self, change: Change | None = None) -> Path:
        document = yaml.safe_load(
            Path(__file__).with_name("tables.yaml").read_text())
        if change:
            change(iommu(document)["domains"])
        return Images.of(document)

    def mapped(self, change: Change, *args: object) -> dict[str, Any]:
        found = self.changed(change, *args)
        return {path.split()[-1]: one["mapped"]["different_from"]
                for path, one in found.items() if "mapped" in one}

    def test_size_rights_and_place(self) -> None:
        def set_second(**what: object) -> Change:
            return lambda domains: domains[0]["top_table"]["$maps"][1].update(
                what)

        for change, where in ((set_second(size="60K"), 0x20F000),
                              (set_second(size="68K"), 0x210000),
                              (set_second(allow=["read", "write"]), 0x200000),
                              (set_second(iova=0x201000), 0x200000)):
            self.assertEqual(self.mapped(change), {self.TABLES: hex(where)})

    def test_a_range_less_or_more(self) -> None:
        def less(domains: Any) -> None:
            del domains[0]["top_table"]["$maps"][0]

        self.assertEqual(self.mapped(less), {self.TABLES: "0x0"})

        def more(domains: Any) -> None:
            domains[0]["top_table"]["$maps"].append(
                {"iova": 0x7F0000001000, "phys": "guest"})

        self.assertEqual(self.mapped(more), {self.TABLES: "0x7f0000001000"})

    def test_where_the_memory_is(self) -> None:
        """Also if it is not in one piece any more."""
        def move(domains: Any) -> None:
            maps = domains[0]["top_table"]["$maps"]
            maps[1]["size"] = "32K"
            maps.append({**maps[1], "iova": 0x208000, "phys": "guest"})

        self.objects(self.make(), self.make(move), status=SAME)
        self.assertEqual(self.mapped(move, "--addresses"),
                         {self.TABLES: "0x208000"})

    def test_text(self) -> None:
        def shrink(domains: Any) -> None:
            domains[0]["top_table"]["$maps"][0].update(size="4K", page="4K")

        out = " ".join(self.text(DIFFERENT, self.make(),
                                 self.make(shrink)).split())
        self.assertIn(f"~ {self.TABLES} maps 2,166,784 bytes (2 MiB) -> "
                      "73,728 bytes (72 KiB) different from IOVA 0x0 on", out)

    def test_tables_that_one_has(self) -> None:
        """The other ones are of a format that no schema describes."""
        def one(domains: Any) -> None:
            del domains[1:]

        def unknown(domains: Any) -> None:
            one(domains)
            domains[0].update(format="armv8_s1", top_table="guest")

        images = self.make(one), self.make(unknown)
        (found,) = [each for each in self.objects(*images)
                    if each["change"] == "removed"]
        self.assertEqual((found["path"], found["first"]["kind"]),
                         (self.TABLES, "page-tables"))
        self.assertIn("vtd_second, 7 tables in 4 levels",
                      self.text(DIFFERENT, *images))


class Usage(DiffCase):
    def refuses(self, *args: object, because: str) -> Result:
        result = run("diff", *args)
        self.assertEqual((result.status, result.out), (TROUBLE, ""))
        self.assertIn(because, result.err)
        return result

    def test_what_does_not_go_together(self) -> None:
        self.refuses("a", "b", "c", because="two PATHs at most")
        self.refuses("-", because="standard input")
        self.refuses("-", "-", because="standard input")
        self.refuses("--in", "a", because="both of two PATHs")
        self.refuses("--in", "--first=in", "a", "b", because="--first")
        self.refuses("--hex", "a", "b", because="--hex")
        self.refuses("--iova", "a", "b", because="--iova")
        self.refuses("--first=what", "a", "b", because="--first is 'in'")
        self.refuses("--second=0x1g", "a", "b", because="--second is 'in'")
        result = run("--addresses", "a")
        self.assertEqual(result.status, TROUBLE)
        self.assertIn("go with diff", result.err)

    def test_not_there(self) -> None:
        path = self.make()
        self.refuses(path, self.dir / "none", because="none")
        self.refuses(self.dir / "none", path, because="none")
        self.refuses("--first=in", path, path,
                     because="there is no incoming handover")


if __name__ == "__main__":
    unittest.main()
