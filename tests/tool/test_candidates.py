#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Names with several layouts: which one is shown, and what is said of it."""

import struct
import unittest
from typing import Any

from image import handover
from tool import Case, Result, objects, run, run_json

FIRST = struct.pack("<QHH", 1, 0, 0x310)
SECOND = struct.pack("<QQIHH", 4, 1, 0, 0x310, 0)
EITHER = bytes(16)
NEITHER = struct.pack("<QQIHH", 1, 1, 0, 0x310, 7)


class Candidates(Case):
    def make(self, flb: bytes) -> tuple[Result, Any, Any]:
        """What is printed, the object, and its candidates by ABI."""
        given = handover({"vm": {}}, objects={"pci-v1": flb})
        path = given.image.elf(self.dir / "memory.elf")
        result = run(path)
        document = run_json(path, status=result.status)
        one, = [node for node in objects(document, kind="struct")
                if "candidates" in node]
        by_abi = {c["abi"]: c for c in one["candidates"]}
        self.assertEqual(set(by_abi), {"pci-v1", "pci-v1.rfc"})
        self.assertEqual([c["abi"] for c in one["candidates"] if c["shown"]],
                         [one["abi"]])
        return result, one, by_abi

    def loser(self, flb: bytes, shown: str, other: str) -> None:
        result, one, by_abi = self.make(flb)
        self.assertEqual((result.status, one["abi"]), (0, shown))
        self.assertEqual(by_abi[shown]["standing"], "sound")
        self.assertEqual(by_abi[other]["standing"], "unsound")
        for key in ("rule", "found", "expected"):
            self.assertTrue(by_abi[other][key])
        self.assertRegex(result.out, rf"(?m)^ +- not {other}: {{path}}".format(
            path=by_abi[other]["path"].replace("[", r"\[")))
        self.assertIn("sound: nothing found", result.out)

    def test_first_layout(self) -> None:
        self.loser(FIRST, "pci-v1.rfc", "pci-v1")

    def test_second_layout(self) -> None:
        self.loser(SECOND, "pci-v1", "pci-v1.rfc")

    def test_two_are_sound(self) -> None:
        result, one, by_abi = self.make(EITHER)
        self.assertEqual((result.status, one["abi"]), (0, "pci-v1"))
        self.assertEqual({c["standing"] for c in by_abi.values()}, {"sound"})
        self.assertIn("- pci-v1.rfc would be sound too", result.out)
        self.assertRegex(result.out, "! several layouts of this name are sound")
        self.assertIn("(ambiguous)", result.out)

    def test_errors_are_those_of_what_is_shown(self) -> None:
        result, one, by_abi = self.make(NEITHER)
        self.assertEqual((result.status, one["abi"]), (1, "pci-v1"))
        self.assertEqual({c["standing"] for c in by_abi.values()}, {"unsound"})
        self.assertIn("not sound: 1 error", result.out)

    def test_a_saved_dump_tells_the_same(self) -> None:
        given = handover({"vm": {}}, objects={"pci-v1": SECOND})
        path = given.image.elf(self.dir / "memory.elf")
        saved = self.dir / "saved.elf"
        self.assertEqual(run("--save", saved, path).status, 0)
        one, again = [
            [node.get("candidates") for node in objects(run_json(file))]
            for file in (path, saved)
        ]
        self.assertEqual(one, again)


if __name__ == "__main__":
    unittest.main()
