#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""luo-dump check: each check passes what is sound, and tells of what is not
with its path, its address, what was found and what should be there."""

import json
import struct
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

from image import BASE, PAGE, Handover, debugfs, handover, memfd, u64
from tool import VALIDATOR, Case, build, run

DATA = Path(__file__).resolve().parents[1] / "data"
SOUND, NOT_SOUND, UNUSABLE = 0, 1, 2
FILE = "LUO/sessions[vm-0]/files[0x17]"


def one(findings: list[Any]) -> Any:
    assert len(findings) == 1, findings
    return findings[0]


class CheckCase(Case):
    def document(self, *args: object, status: int = SOUND) -> Any:
        result = run("check", "--json", "--quiet", *args)
        self.assertEqual(result.status, status, result.out + result.err)
        document = json.loads(result.out)
        VALIDATOR.validate(document)
        return one(document["handovers"])

    def check(self, given: Handover, *args: object,
              status: int = SOUND) -> Any:
        path = given.image.elf(self.dir / "memory.elf")
        return self.document(f"--root={given.root:#x}", *args, path,
                             status=status)

    def finding(self, given: Handover, check: str, *args: object,
                status: int = NOT_SOUND) -> Any:
        """The only finding of this handover."""
        found = one(self.check(given, *args, status=status)["findings"])
        self.assertEqual(found["check"], check)
        return found

    def assert_tells(self, finding: Any, /, **want: Any) -> None:
        self.assertEqual({key: finding[key] for key in want}, want)


def sound() -> Handover:
    return handover({"vm-0": {0x17: 3}, "vm-1": {0x18: 2}})


def altered(change: Callable[[Handover], None]) -> Handover:
    """A sound handover with something done to it before its map is made."""
    given = sound()
    change(given)
    given.image.set(given.root, bytes(PAGE))
    remade = given.fdt.replace(
        u64(map_of(given)), u64(given.image.radix_tree()))
    given.image.set(given.root, remade)
    return given


def map_of(given: Handover) -> int:
    """The address in the only property of the root that is one."""
    start = given.fdt.index(b"kho-v4\0") + 8 + 12
    return int(struct.unpack_from("<Q", given.fdt, start)[0])


def folio(given: Handover, number: int) -> int:
    """Where the record of a page of the first memfd is."""
    page = given.image.memory.index(struct.pack("<Q", BASE // PAGE | 3 << 52))
    return BASE + page + 16 * number


class Sound(CheckCase):
    def test_what_is_sound_has_owners(self) -> None:
        given = sound()
        found = self.check(given)
        pages = len(given.image.preserved)
        self.assertEqual(found["findings"], [])
        self.assertEqual(found["owners"], {
            "preserved": pages * PAGE, "owned": pages * PAGE, "leaked": 0,
            "leaks": 0})
        self.assertEqual([skip["check"] for skip in found["skipped"]],
                         ["scratch"])
        self.assertEqual(found["tree"], [])

    def test_real_handovers_have_owners(self) -> None:
        for path in sorted(DATA.glob("linux-*-handover.elf")):
            with self.subTest(path.name):
                found = self.document(path)
                self.assertEqual(found["findings"], [])
                self.assertEqual(found["owners"]["leaked"], 0)
                self.assertEqual(found["owners"]["owned"],
                                 found["preserved"]["bytes"])

    def test_what_a_running_kernel_gave_back_is_not_checked(self) -> None:
        given = sound()
        debugfs(self.dir / "kho", "in", given, given.fdt)
        found = self.document("--memory",
                              given.image.elf(self.dir / "memory.elf"),
                              self.dir / "kho")
        self.assertEqual([skip["check"] for skip in found["skipped"]],
                         ["leak", "scratch"])

    def test_without_memory_it_says_what_it_takes(self) -> None:
        given = sound()
        debugfs(self.dir / "kho", "out", given, given.fdt)
        found = self.document(self.dir / "kho")
        self.assertEqual({skip["check"]: skip["expected"]
                          for skip in found["skipped"]},
                         {"leak": "a map of preserved memory",
                          "ram": "a dump of all memory"})


class Whole(CheckCase):
    """What only a view of all objects can say."""

    def test_leak(self) -> None:
        lost: list[int] = []

        def lose(given: Handover) -> None:
            lost.append(given.image.put(bytes(3 * PAGE)))

        found = self.check(altered(lose), status=NOT_SOUND)
        self.assertEqual(found["owners"]["leaked"], 3 * PAGE)
        self.assertEqual(found["owners"]["leaks"], 1)
        self.assert_tells(
            one(found["findings"]), severity="error", check="leak",
            rule="no-owner", path="preserved_map", field=None,
            phys=hex(lost[0]), found="3 pages, 12288 bytes (12 KiB)",
            expected="memory that some object has")

    def test_what_an_unknown_object_may_have_is_no_error(self) -> None:
        given = handover({"vm-0": {0x17: 3}}, extra={b"newer": b"future"})
        lost = given.image.put(b"?")
        given.image.set(given.root, given.fdt.replace(
            u64(map_of(given)), u64(given.image.radix_tree())))
        found = self.check(given, status=SOUND)["findings"]
        leak = one([each for each in found if each["check"] == "leak"])
        self.assert_tells(leak, severity="warning", phys=hex(lost))

    def test_one_owner(self) -> None:
        given = sound()
        record = folio(given, 2)
        given.image.set(record, u64(BASE // PAGE + 1 | 3 << 52))
        found = self.check(given, status=NOT_SOUND)["findings"]
        twice = one([each for each in found if each["check"] == "one-owner"])
        self.assert_tells(
            twice, severity="error", rule="claimed-twice",
            path=f"{FILE}/folios[2]", field="pfn", phys=hex(BASE + PAGE),
            found=f"4096 bytes at {BASE + PAGE:#x}, which are "
                  f"{FILE}/folios[1]/pfn's too",
            expected="memory of its own")
        leak = one([each for each in found if each["check"] == "leak"])
        self.assert_tells(leak, phys=hex(BASE + 2 * PAGE))

    def test_ram(self) -> None:
        beyond = BASE + (64 << 20)
        given = altered(lambda given: given.image.preserved.append(beyond))
        found = self.check(given, status=NOT_SOUND)["findings"]
        place = one([each for each in found if each["check"] == "ram"])
        self.assert_tells(
            place, severity="error", rule="not-ram", path="preserved_map",
            phys=hex(beyond), found=hex(beyond), expected="RAM")

    def scratch(self, start: int, size: int, status: int) -> Any:
        given = sound()
        kho = self.dir / "kho"
        debugfs(kho, "out", given, given.fdt)
        (kho / "out" / "scratch_phys").write_text(f"{start:#x}\n")
        (kho / "out" / "scratch_len").write_text(f"{size:#x}\n")
        return self.document("--memory",
                             given.image.elf(self.dir / "memory.elf"), kho,
                             "-W", "no-leak", status=status)

    def test_the_root_has_a_page_somewhere(self) -> None:
        given = sound()
        debugfs(self.dir / "kho", "out", given, given.fdt)
        found = self.document("--memory",
                              given.image.elf(self.dir / "memory.elf"),
                              self.dir / "kho")
        self.assert_tells(one(found["findings"]), severity="warning",
                          check="leak", phys=hex(given.root))

    def test_scratch(self) -> None:
        found = self.scratch(BASE + PAGE, PAGE, NOT_SOUND)
        self.assert_tells(
            one(found["findings"]), severity="error", check="scratch",
            rule="in-scratch", path=f"{FILE}/folios[1]", field="pfn",
            phys=hex(BASE + PAGE), found=hex(BASE + PAGE),
            expected="memory outside of the scratch area, which is "
                     f"{BASE + PAGE:#x} to {BASE + 2 * PAGE - 1:#x}")

    def test_a_scratch_area_elsewhere_is_fine(self) -> None:
        found = self.scratch(BASE - PAGE, PAGE, SOUND)
        self.assertEqual(found["findings"], [])
        self.assertEqual(found["skipped"], [])

    def test_preserved(self) -> None:
        given = sound()
        given.image.set(folio(given, 2), u64(0x77777 | 3 << 52))
        found = self.check(given, status=NOT_SOUND)["findings"]
        self.assert_tells(
            one([each for each in found if each["check"] == "preserved"]),
            path=f"{FILE}/folios[2]", field="pfn", phys=hex(folio(given, 2)),
            found="0x77777000",
            expected="memory in the map of preserved memory")


class Block(CheckCase):
    def test_an_owner_knows_the_start_of_its_block(self) -> None:
        self.assertEqual(self.pages("two")["findings"], [])
        found = self.pages("two+0x1000", status=NOT_SOUND)["findings"]
        inside = one([each for each in found if each["check"] == "block"])
        self.assert_tells(
            inside, rule="block-start", path=f"{FILE}/folios[0]",
            field="pfn", expected="the start of a preserved block of order 1")

    def pages(self, where: str, status: int = SOUND) -> Any:
        """A memfd of one folio of two pages."""
        memory = self.dir / f"{where}.elf"
        build({"preserved": [{"name": "two", "order": 1}], "root": {
            "$abi": "kho-v4", "$nodes": {"LUO": {"preserved-data": {
                "$abi": "luo-v5", "sessions_pa": [{
                    "name": "vm-0", "file_set_ser": {"files": [{
                        "token": 0x17, "data": {
                            "$abi": "memfd-v2", "size": 8192, "folios": [
                                {"pfn": where}]}}]}}]}}}}}, memory)
        return self.document(memory, status=status)


class Lists(CheckCase):
    def test_folios_are_in_their_order(self) -> None:
        for number, index, rule, expected in (
                (2, 1, "not-ascending", "> 1"), (2, 9, "beyond-end", "< 3")):
            with self.subTest(rule):
                given = sound()
                place = folio(given, number) + 8
                given.image.set(place, u64(index))
                self.assert_tells(
                    self.finding(given, "order"), severity="error",
                    rule=rule, path=f"{FILE}/folios[{number}]",
                    field="index", phys=hex(place), found=str(index),
                    expected=expected)

    def test_folios_do_not_overlap(self) -> None:
        memory = self.dir / "memory.elf"
        for index, status in (2, SOUND), (1, NOT_SOUND):
            memory.unlink(missing_ok=True)
            build({"preserved": [{"name": "two", "order": 1}], "root": {
                "$abi": "kho-v4", "$nodes": {"LUO": {"preserved-data": {
                    "$abi": "luo-v5", "sessions_pa": [{
                        "name": "vm-0", "file_set_ser": {"files": [{
                            "token": 0x17, "data": {
                                "$abi": "memfd-v2", "size": 12288, "folios": [
                                    {"pfn": "two"}, {"pfn": "new",
                                                     "index": index},
                                ]}}]}}]}}}}}, memory)
            found = self.document(memory, status=status)["findings"]
        self.assert_tells(one(found), check="order", rule="overlap",
                          path=f"{FILE}/folios[1]", field="index", found="1",
                          expected=">= 2")

    def test_names_and_tokens_are_unique(self) -> None:
        given = sound()
        session = given.image.memory.index(b"vm-1") + BASE
        given.image.set(session, b"vm-0")
        found = self.check(given, status=NOT_SOUND)["findings"]
        for number, each in enumerate(found):
            self.assert_tells(
                each, check="unique", rule="one-name",
                path=f"LUO/sessions[{number}]", found="name vm-0",
                expected="no other record with this")
        self.assertEqual([each["phys"] for each in found],
                         [hex(session - 80), hex(session)])

    def test_names_end_with_their_nul(self) -> None:
        given = sound()
        session = given.image.memory.index(b"vm-1") + BASE
        given.image.set(session, b"vm-0\0other")
        self.assertEqual([(each["rule"], each["path"]) for each in
                          self.check(given, status=NOT_SOUND)["findings"]],
                         [("one-name", "LUO/sessions[0]"),
                          ("one-name", "LUO/sessions[1]")])

    def test_tokens_are_unique(self) -> None:
        given = handover({"vm-0": {0x17: 3, 0x18: 2}})
        files = given.image.memory.index(b"memfd-v2") + BASE
        given.image.set(files + 64 + 56, u64(0x17))
        found = self.check(given, status=NOT_SOUND)["findings"]
        for number, each in enumerate(found):
            self.assert_tells(each, check="unique", rule="one-token",
                              path=f"LUO/sessions[vm-0]/files[{number}]",
                              found="token 0x17")
        self.assertEqual(len(found), 2)


class Levels(CheckCase):
    """-W and -E."""

    def leaky(self) -> Handover:
        return altered(lambda given: given.image.preserved.append(
            given.image.put(b"lost")))

    def test_a_check_is_turned_off(self) -> None:
        for name in "leak", "owners":
            with self.subTest(name):
                found = self.check(self.leaky(), "-W", f"no-{name}")
                self.assertEqual(found["findings"], [])

    def test_a_check_is_a_warning(self) -> None:
        for args in (["-W", "leak"], ["--error=no-leak"],
                     ["-W", "no-owners", "--warn", "leak"]):
            with self.subTest(args):
                found = self.finding(self.leaky(), "leak", *args,
                                     status=SOUND)
                self.assertEqual(found["severity"], "warning")

    def test_a_check_is_an_error(self) -> None:
        given = handover({}, extra={b"newer": b"future"})
        found = self.finding(given, "unknown-abi", status=SOUND)
        self.assertEqual(found["severity"], "warning")
        found = self.finding(given, "unknown-abi", "-E", "known")
        self.assertEqual(found["severity"], "error")

    def test_what_could_not_be_checked_stays_no_finding(self) -> None:
        found = self.check(sound(), "-E", "scratch")
        self.assertEqual([skip["check"] for skip in found["skipped"]],
                         ["scratch"])
        found = self.check(sound(), "-W", "no-scratch")
        self.assertEqual(found["skipped"], [])

    def test_names_are_known(self) -> None:
        result = run("check", "-W", "no-such", self.dir / "none")
        self.assertEqual(result.status, UNUSABLE)
        self.assertIn("-W: there is no check or group 'no-such'", result.err)

    def test_options_go_with_check(self) -> None:
        for args in ["-Wleak"], ["-Eleak"], ["--list"]:
            self.assertEqual(run(*args, self.dir / "none").status, UNUSABLE)
        for args in ["--hex"], ["--iova"], ["--select=LUO"], ["--records=1"]:
            result = run("check", *args, self.dir / "none")
            self.assertEqual(result.status, UNUSABLE)
            self.assertIn("do not go with check", result.err)


class List(CheckCase):
    def test_the_list_names_all_checks(self) -> None:
        result = run("check", "--list")
        self.assertEqual((result.status, result.err), (SOUND, ""))
        lines = result.out.splitlines()
        groups = [line for line in lines if line and line[0] != " "]
        names = [line.split()[0] for line in lines
                 if line.startswith("  ") and line[2] != " "]
        self.assertEqual(len(set(groups)), len(groups))
        self.assertEqual(len(set(names)), len(names))
        for name in names + groups:
            with self.subTest(name):
                result = run("check", "-W", f"no-{name}", "--list")
                self.assertEqual(result.status, SOUND)


if __name__ == "__main__":
    unittest.main()
