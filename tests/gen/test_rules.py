# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What rules mean, by the code that is made of them."""
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import ClassVar, List, Tuple

from support import build

BIG = (1 << 64) - 1


def pair(low: int = 1, high: int = 2) -> bytes:
    return struct.pack("<BH", low, high)


def small(value: int = 12, order: int = 1, text: bytes = b"12345678") -> bytes:
    return struct.pack("<II8s", value, order, text)


def head(used: int = 1, stride: int = 48, flags: int = 0) -> bytes:
    return struct.pack("<QQHHIII", 0, flags, 1, stride, used, 1, 0)


def record(**fields: int) -> bytes:
    get = {"bdf": 1, "kind": 0, "other": 0, "pad0": 0, "pad1": 0, "place": 1,
           **fields}
    return struct.pack("<HHHHI", get["bdf"], get["kind"], 0, 0, get["other"]) \
        + get["pad0"].to_bytes(3, "little") \
        + get["pad1"].to_bytes(9, "little") \
        + struct.pack("<Q16x", get["place"])


def scattered(pages: int, order: int) -> bytes:
    return struct.pack("<QII", 0, pages, order)


def root(**fields: int) -> bytes:
    values = {"turns": 4, "compat": 0, "incompat": 0, "mode": 1,
              "fixed": 0x1234, "half": 8, "nr_records": 0, "records": 0,
              "entries": 0x4000, "list": 0x4000, "tail": 0x4000,
              "words": 0x4000, "rooted": 0x4008, "map": 0x4000, "count": 0}
    values.update(fields)
    return b"SMPL\0abc" + struct.pack("<QQQHHIQQQQQQQQQ", *values.values()) \
        + scattered(0, 0) + struct.pack("<Q", 7)


def entry(name: bytes = b"name", state: int = 0, data: int = 0) -> bytes:
    return struct.pack("<12sIQQ", name, state, data, 0)


class Rules(unittest.TestCase):
    folder: ClassVar["tempfile.TemporaryDirectory[str]"]
    program: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.program = build(Path(cls.folder.name), "broken")

    def check(self, name: str, cases: List[Tuple[bytes, str]],
              page_shift: int = 12, top: bytes = b"",
              abi: str = "sample-v1") -> None:
        """Each bytes of struct sample_@name_ser break the rules named."""
        full = f"sample_{name}_ser" if name else "sample_ser"
        lines = [f"{abi} {full} {page_shift} 50 48 "
                 f"{top.hex() or '-'} {data.hex()}" for data, _ in cases]
        result = subprocess.run([self.program], input="\n".join(lines),
                                capture_output=True, text=True, check=True)
        got = [line.strip() for line in result.stdout.splitlines()]
        self.assertEqual(got, [wanted for _, wanted in cases])

    def test_ranges(self) -> None:
        self.check("pair", [
            (pair(9, 10), ""), (pair(9, 255), ""), (pair(0, 2), ""),
            (pair(10, 11), "low-max"), (pair(0, 1), "high-min"),
            (pair(0, 256), "high-max"), (pair(9, 9), "ordered"),
            (pair(200, 0), "low-max high-min ordered")])

    def test_multiples(self) -> None:
        self.check("small", [(small(24), ""), (small(0), ""),
                             (small(25), "value-multiple")])

    def test_division_by_zero_is_no_fault(self) -> None:
        self.check("small", [
            (small(12, 0), ""),          # the other side of `or` holds
            (small(12, 5), "whole"), (small(60, 5), "")])
        self.check("scattered", [
            (scattered(8, 3), ""), (scattered(9, 3), "blocks"),
            (scattered(8, 64), "order-max blocks"),
            (scattered(0, 200), "order-max blocks")])

    def test_shifts_lose_bits(self) -> None:
        self.check("small", [
            (small(12, 12), ""),
            (small(1 << 30, 1 << 30), "value-multiple shifted"),
            (small(12 << 20, 64), "shifted"),
            (small(0, 64), "")])

    def test_headers_know_the_page(self) -> None:
        self.check("page", [
            (head(50), ""), (head(51), "fits"), (head(50, 47), "fits"),
            (head(0, 0xffff), "")])

    def test_flags(self) -> None:
        self.check("page", [
            (head(flags=1 | 1 << 63), ""), (head(flags=2), "flags-unknown"),
            (head(flags=1 << 62), "flags-unknown")])

    def test_unknown_features(self) -> None:
        self.check("", [(root(compat=BIG), ""), (root(incompat=8), ""),
                         (root(incompat=9), "incompat-unknown")])

    def test_root(self) -> None:
        self.check("", [
            (root(), ""), (root(mode=2), ""), (root(mode=3), "mode-known"),
            (root(mode=0), "mode-known"),
            (root(fixed=0x1235), "fixed-value chained"),
            (root(fixed=0), "fixed-value chained"),
            (root(half=12), "half-multiple half-block bits"),
            (root(half=2048), ""), (root(half=2056), "half-block"),
            (root(turns=6, compat=1), "power"), (root(turns=6), ""),
            (root(turns=0, compat=1), ""), (root(turns=8, compat=1), ""),
            (root(entries=0), "entries-set"),
            (root(entries=0x4001), "entries-aligned"),
            (root(rooted=0x400c), "rooted-aligned"),
            (root(records=0x4000), "counted"),
            (root(records=0x4000, nr_records=1), ""),
            (root().replace(b"SMPL\0", b"SMPLE"), "magic-value")])

    def test_page_size(self) -> None:
        at_4k = root(entries=0x5000, half=2056)
        self.check("", [(at_4k, "half-block")], 12)
        self.check("", [(at_4k, "entries-aligned")], 14)
        self.check("", [(root(entries=0x10000, list=0x10000, tail=0x10000,
                               words=0x10000, map=0x20000), "")], 16)

    def test_records(self) -> None:
        self.check("record", [
            (record(), ""), (record(kind=7), ""), (record(kind=2),
                                                   "kind-known"),
            (record(kind=0xffff), "kind-known"),
            (record(pad0=1 << 23), "pad0-zero"),
            (record(pad1=1 << 71), "pad1-zero"),
            (record(place=0), "pfn-set"),
            (record(place=1 | 1 << 52), "gap-zero"),
            (record(place=1 | 3 << 56), ""),
            (record(place=1 | 4 << 56), "state-max"),
            (record(bdf=0, place=0), "pfn-set empty")])

    def test_page_frame_numbers_fit(self) -> None:
        top = record(place=(1 << 52) - 1)
        self.check("record", [(top, "")], 12)
        self.check("record", [(top, "pfn-fits")], 14)

    def test_strings(self) -> None:
        self.check("entry", [
            (entry(), ""), (entry(b""), ""), (entry(b"elevenbytes"), ""),
            (entry(b"twelve bytes"), "name-terminated")])

    def test_rules_may_look_at_the_root(self) -> None:
        data = bytes(30 + 3)[:self.rooted_size()]
        self.check("rooted", [(data, "")], top=root(mode=2))
        self.check("rooted", [(data, "in-mode")], top=root(mode=1))
        self.check("rooted", [(data, "")])  # without a root there is no rule
        self.check("rooted", [(data, "")], top=root(mode=1)[:33])

    @staticmethod
    def rooted_size() -> int:
        return 3 * 8 + 2 * 3

    def test_free_slots(self) -> None:
        item = struct.pack("<QQQ", 0x4000, 0, 0) + bytes(30) + bytes(3)
        gone = item[:8] + struct.pack("<Q", 1) + item[16:]
        self.check("item", [(item, ""), (gone, "empty")])

    def test_extensions_have_the_rules_of_both(self) -> None:
        wide = record(kind=1) + struct.pack("<Q", 100)
        self.check("record", [
            (wide, "wide-small"), (record() + struct.pack("<Q", 100), ""),
            (record(kind=2) + struct.pack("<Q", 1), "kind-known")],
            abi="sample-v1.wide")


if __name__ == "__main__":
    unittest.main()
