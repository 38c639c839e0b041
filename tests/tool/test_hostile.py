#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Damage of every kind: a message with path and address, and a status."""

import json
import os
import random
import struct
import unittest
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from elf import HEADER, SEGMENT, Dump
from image import BASE, PAGE, Files, handover, u64
from tool import VALIDATOR, Case, Result, objects, run, run_json

# With two blocks of sessions, so that there is a chain.
SESSIONS: dict[str, Files] = {f"vm-{i}": {} for i in range(60)}
SESSIONS["vm"] = {0x5EED: 1}


class Hostile(Case):
    def setUp(self) -> None:
        super().setUp()
        given = handover(SESSIONS)
        given.image.put(bytes(1 << 20), preserve=False)
        self.memory = given.image.elf(self.dir / "memory.elf")
        self.saved = self.dir / "saved.elf"
        self.assertEqual(run("--save", self.saved, self.memory).status, 0)

    def failed(self, result: Result) -> None:
        """It did not crash, and gave a reason."""
        self.assertIn(result.status, (1, 2), result.out + result.err)
        if result.status == 2:
            self.assertIn("luo-dump: ", result.err)
        else:
            self.assertRegex(result.out, r"(?m)^not sound: |0x[0-9a-f]+")

    def each(self, cases: Iterable[int],
             check: Callable[[int, Path], None]) -> None:
        """Runs the check for each case, as many at once as there are CPUs."""
        def work(part: list[int], scratch: Path) -> None:
            for case in part:
                check(case, scratch)

        cases = list(cases)
        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            done = [pool.submit(work, cases[i::workers], self.dir / f"cut-{i}")
                    for i in range(workers)]
            for one in done:
                one.result()

    def cut(self, path: Path, sizes: Iterable[int]) -> None:
        data = path.read_bytes()

        def check(size: int, scratch: Path) -> None:
            scratch.write_bytes(data[:size])
            self.failed(run(scratch))

        self.each(sizes, check)

    def errors(self, dump: Dump, path: Path) -> list[dict[str, str]]:
        """The errors that are found in it, of which there must be some."""
        result = run("--json", dump.write(path))
        self.assertIn(result.status, (1, 2), result.err)
        if result.status == 2:
            self.assertIn("0x", result.err)
            return []
        document = json.loads(result.out)
        VALIDATOR.validate(document)
        found = [one for handover in document["handovers"]
                 for one in handover["findings"]
                 if one["severity"] == "error"]
        self.assertTrue(found)
        for one in found:
            self.assertIsNotNone(one["phys"], one)
        return found


class Cut(Hostile):
    def test_saved_dump(self) -> None:
        """tests/unit/test_cut.c does each length, without the program."""
        size = self.saved.stat().st_size
        sizes = {*range(128), *range(0, size, 997), *range(size - 32, size)}
        self.cut(self.saved, sorted(sizes))

    def test_full_dump_at_its_headers(self) -> None:
        edges = (0, 1, 4, 16, HEADER.size - 1, HEADER.size, HEADER.size + 1,
                 HEADER.size + SEGMENT.size - 1, HEADER.size + SEGMENT.size,
                 HEADER.size + SEGMENT.size + 1, PAGE - 1, PAGE, PAGE + 1)
        self.cut(self.memory, edges)

    def test_full_dump_at_random_places(self) -> None:
        places = random.Random(7)
        size = self.memory.stat().st_size
        self.cut(self.memory, [places.randrange(size) for _ in range(100)])


class Holes(Hostile):
    def test_without_each_page(self) -> None:
        dump = Dump.read(self.saved)
        named = set()

        def check(page: int, scratch: Path) -> None:
            for one in self.errors(dump.without(page, PAGE), scratch):
                named.add(one["path"].split("[")[0])

        pages = dump.pages(PAGE)
        self.assertGreater(len(pages), 15)
        self.each(pages, check)
        self.assertLessEqual(
            {"preserved_map", "LUO", "LUO/flbs", "LUO/sessions"}, named)


class Loops(Hostile):
    def chain(self, dump: Dump, first: int) -> list[int]:
        """Pages linked by their first eight bytes."""
        pages = []
        while first:
            pages.append(first)
            first, = struct.unpack("<Q", dump.get(first, 8))
        return pages

    def test_each_chain_looped(self) -> None:
        dump = Dump.read(self.saved)
        arrays = {
            one["name"]: int(one["phys"], 16)
            for one in objects(run_json(self.saved), kind="array")
            if one["name"] != "flbs"
        }
        self.assertEqual(set(arrays), {"sessions", "files", "folios"})
        for name, first in arrays.items():
            pages = self.chain(dump, first)
            for page in pages:
                for target in {page, first}:
                    with self.subTest(name, page=page, target=target):
                        errors = self.errors(dump.set(page, u64(target)),
                                             self.dir / "loop")
                        self.assertIn(name, " ".join(
                            one["path"] for one in errors))
                        self.assertIn(hex(target), " ".join(
                            one["found"] + one["text"] for one in errors))

    def test_tree_looped(self) -> None:
        """Each table of the map leads back to the root, and to itself."""
        dump = Dump.read(self.saved)
        tree, = objects(run_json(self.saved), kind="map")
        root = table = int(tree["phys"], 16)
        for level in range(5):
            entries = struct.unpack("<512Q", dump.get(table, PAGE))
            slot = next(i for i, entry in enumerate(entries) if entry)
            for target in (root, table):
                with self.subTest(level, target=target):
                    errors = self.errors(
                        dump.set(table + slot * 8, u64(target)),
                        self.dir / "loop")
                    self.assertIn("preserved_map",
                                  [one["path"] for one in errors])
            table = entries[slot]


class Noise(Hostile):
    def test_random_words(self) -> None:
        """One word of each page is something else: never a crash.

        tests/hostile/ does so with all words, without the program.
        """
        dump = Dump.read(self.saved)
        places = random.Random(11)
        values = (0, 1, 0xFFFFFFFFFFFFFFFF, 1 << 63, PAGE, 0x7FFFFFFF)
        words = [start + 8 * places.randrange(len(data) // 8)
                 for start, data in dump.memory.items()
                 for _ in range(2) if len(data) >= 8]

        def check(word: int, scratch: Path) -> None:
            for value in values:
                dump.set(word, u64(value)).write(scratch)
                result = run("--json", scratch)
                self.assertIn(result.status, (0, 1, 2), result.err)
                if result.out:
                    VALIDATOR.validate(json.loads(result.out))

        self.each(words, check)


class Saved(Hostile):
    def test_reason_that_speaks_to_the_terminal(self) -> None:
        """What a saved dump says of a root is anybody's, too."""
        data = self.saved.read_bytes()
        why = run_json(self.saved)["handovers"][0]["why"].encode()
        self.saved.write_bytes(data.replace(why[:8], b"\x1b[2J\x9b\xff\n\t"))
        shown = r"\x1b[2J\x9b\xff\x0a\x09"
        self.assertIn(shown, run(self.saved).out)
        self.assertIn(shown, run("check", self.saved).out)
        self.assertIn(shown, run_json(self.saved)["handovers"][0]["why"])

    def test_page_size_of_no_kernel(self) -> None:
        """What a note says wrongly of it does not cost the memory."""
        before = run(self.saved)
        head, note, rest = self.saved.read_bytes().partition(b"luser-save-v1")
        self.saved.write_bytes(head + note + rest.replace(
            struct.pack(">I", 4096), struct.pack(">I", 40), 1))
        self.assertEqual(run(self.saved), before)


class Flood(Case):
    def test_findings_are_counted_when_they_are_many(self) -> None:
        names = [f"vm-{i:04}" for i in range(1100)]
        given = handover({name: {} for name in names})
        for name in names:
            session = given.image.memory.index(name.encode()) + BASE
            given.image.set(session + 72, u64(9))
        memory = given.image.elf(self.dir / "memory.elf")
        document = run_json(memory, status=1)
        [shown] = document["handovers"]
        self.assertEqual(len(shown["findings"]), 1000)
        self.assertEqual(shown["findings_left_out"], 100)
        result = run(memory)
        self.assertIn("and 100 more like these\n", result.out)
        self.assertIn("not sound: 1,100 errors", result.out)


if __name__ == "__main__":
    unittest.main()
