#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Maps of preserved memory in many pieces."""
import json
import struct
import unittest
from pathlib import Path
from typing import Any

from tool import Case, build, objects, peak, run, run_json

PAGE = 4096
START = 0x140000000
TABLES = 0x20000000000
LEAF_BITS = PAGE * 8


def blocks(pages: int) -> list[Any]:
    """Blocks of order 1 and pairs of pages, one behind the other."""
    return [{"name": f"at{page}", "at": START + page * PAGE,
             "order": page // 2 % 2 ^ 1, "count": page // 2 % 2 + 1}
            for page in range(0, pages, 2)]


def folios(preserved: list[Any], *records: Any) -> Any:
    data = {"csum": 0, "folios_info": list(records)}
    blob = {"$abi": "kho-test-v1.list", "$nodes": {"data": data}}
    return {"size": "2G", "preserved": preserved,
            "root": {"$abi": "kho-v4",
                     "$nodes": {"kho_test": {"preserved-data": blob}}}}


def with_tracker(dump: bytes, old: int, leaf: bytes, leaves: int,
                 order: int = 0) -> bytes:
    """The dump, with a tree of as many leaves, all alike, for its map."""
    pages: list[bytes] = []

    def add(page: bytes) -> int:
        pages.append(page)
        return TABLES + (len(pages) - 1) * PAGE

    level = {((1 << 52 - order) + i * LEAF_BITS) // LEAF_BITS: add(leaf)
             for i in range(leaves)}
    for _ in range(5):
        above: dict[int, bytearray] = {}
        for key, phys in level.items():
            table = above.setdefault(key >> 9, bytearray(PAGE))
            struct.pack_into("<Q", table, (key & 511) * 8, phys)
        level = {key: add(bytes(table)) for key, table in above.items()}
    return with_segment(dump.replace(struct.pack("<Q", old),
                                     struct.pack("<Q", level[0])),
                        b"".join(pages))


def with_segment(dump: bytes, content: bytes) -> bytes:
    """The ELF file, with one more segment."""
    at, nr = struct.unpack_from("<Q", dump, 32)[0], dump[56]
    headers = dump[at:at + nr * 56] + struct.pack(
        "<IIQQQQQQ", 1, 6, len(dump), 0, TABLES, len(content), len(content), 1)
    head = bytearray(dump)
    struct.pack_into("<Q", head, 32, len(dump) + len(content))
    head[56] = nr + 1
    return bytes(head) + content + headers


class Fragmented(Case):
    """What many blocks have together is one piece of memory."""

    def errors(self, preserved: list[Any], order: int) -> list[Any]:
        path = self.dir / "built.elf"
        build(folios(preserved, {"order": order, "phys": "at0"}), path)
        found = json.loads(run("--json", path).out)["handovers"][0]["findings"]
        return [one["rule"] for one in found if one["severity"] == "error"]

    def test_few(self) -> None:
        self.assertEqual(self.errors(blocks(8), 3), [])
        self.assertEqual(self.errors(blocks(8), 4), ["not-preserved"])

    def test_many(self) -> None:
        self.assertEqual(self.errors(blocks(512), 9), [])
        self.assertEqual(self.errors(blocks(512), 10), ["not-preserved"])

    def test_hole(self) -> None:
        for hole in (2, 100, 255):
            holed = blocks(512)
            del holed[hole]
            with self.subTest(hole=hole):
                self.assertEqual(self.errors(holed, 9), ["not-preserved"])


class Tracker(Case):
    """Each other page is preserved, or nothing but whole leaves."""

    LEAVES = 512

    def tracker(self, byte: bytes, leaves: int = LEAVES,
                order: int = 0) -> Path:
        path = self.dir / "built.elf"
        build({"size": "1M", "root": {"$abi": "kho-v4", "$nodes": {}}}, path)
        node = next(objects(run_json(path), kind="map"))
        path.write_bytes(with_tracker(path.read_bytes(), int(node["phys"], 16),
                                      byte * PAGE, leaves, order))
        return path

    def test_memory(self) -> None:
        """No more than the bitmaps take, whatever is in them."""
        full = peak(self.tracker(b"\xff"))
        self.assertLess(peak(self.tracker(b"\x55")) - full,
                        2 * self.LEAVES * PAGE)

    def test_sums(self) -> None:
        node = next(objects(run_json("--quiet", self.tracker(b"\x33", 2)),
                            kind="map"))
        self.assertEqual(node["pages"], 2 * LEAF_BITS // 2)
        self.assertEqual(node["ranges"],
                         [{"start": hex(i * 4 * PAGE), "bytes": 2 * PAGE}
                          for i in range(2 * LEAF_BITS // 4)])

    def test_all_addresses(self) -> None:
        """Their bytes are one more than 64 bits can count."""
        path = self.tracker(b"\xff", order=28)
        node = next(objects(run_json(path), kind="map"))
        self.assertEqual((node["pages"], node["bytes"], node["orders"]),
                         (1 << 52, str(2**64 - 1),
                          [{"order": 28, "blocks": 1 << 24,
                            "pages": 1 << 52}]))
        self.assertEqual(sum(int(one["bytes"]) for one in node["ranges"]),
                         1 << 64)
        out = " ".join(run("check", path).out.split())
        self.assertIn("4,503,599,627,370,496 pages, at least 16 EiB in 2 ", out)
        self.assertIn(" of 4,503,599,627,370,496 pages ", out)
        self.assertIn("16,777,216 blocks, 4,503,599,627,370,496 pages, at "
                      "least 16 EiB", " ".join(run(path).out.split()))

    def test_text(self) -> None:
        """Not all are told unless somebody asks for all."""
        path = self.tracker(b"\x55", 1)
        for args, lines, last in (
                ((), 1000, "... 15384 more (--records=all)"),
                (("--records=3",), 3, "... 16381 more (--records=all)"),
                (("--records=all",), LEAF_BITS // 2,
                 "0x000007ffe000-0x000007ffefff  4,096 bytes (4 KiB)")):
            with self.subTest(args=args):
                told = run("-v", *args, path).out.splitlines()
                self.assertEqual(sum("fff  4,096" in one for one in told),
                                 lines)
                self.assertIn(f"    {last}", told[-5:])


if __name__ == "__main__":
    unittest.main()
