# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A released layout does not change."""
import json
import unittest
from typing import List

from support import Case

SCHEMA = """\
---
abi: made
version: v1
summary: A schema to be locked
doc: It has one of each thing that is recorded.
origin: mainline
releases: {first: "6.1"}
source: [{document: A made-up one.}]
carrier: memory
breaks: {bitfield: There is one on purpose.}
root: top

enums:
  kinds:
    one: {value: 1, doc: The only one.}

structs:
  top:
    doc: The root.
    fields:
      first: {type: u64, doc: The first.}
      second: {type: u32, doc: The second.}
      third: {type: u32, enum: kinds, doc: The third.}
      parts:
        type: bits
        storage: u64
        parts:
          low: {bits: 12, doc: Low bits.}
          high: {bits: 52, doc: High bits.}
        doc: Bits.
      list: {type: phys, align: page, to: {array: list}, doc: A list.}
  head:
    doc: Starts a page.
    fields:
      next: {type: phys, "null": allowed, align: page, to: memory, doc: The next.}
      count: {type: u64, doc: Records.}
  item:
    doc: A record.
    fields:
      value: {type: u64, doc: A value.}

arrays:
  list: {doc: A list., of: item, header: head, next: next, count: count, max-pages: 4}
"""

TREE = """
trees:
  map: {doc: A map., key-bits: 65 - page_shift, table-bits: -3 + page_shift, leaf-bits: 3 + page_shift, order-bit: 64 - page_shift}
"""


class Lock(Case):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.schema("made-v1", SCHEMA)
        self.lock = self.dir / "lock.json"
        self.ok("lock", "--update", "--schema", self.dir)

    def change(self, old: str, new: str) -> None:
        text = self.path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        self.path.write_text(text.replace(old, new), encoding="utf-8")

    def refused(self, *wanted: str) -> None:
        """The lock and the build fail alike, with all of @wanted."""
        commands: List[List[object]] = [
            ["lock"], ["lock", "--update"],
            ["emit", "--out", self.dir / "out"]]
        for command in commands:
            before = self.lock.read_bytes()
            lines = self.fails(*command, "--schema", self.dir)
            self.assertEqual(self.lock.read_bytes(), before)
            for text in wanted:
                self.assertTrue(any(text in line for line in lines),
                                f"{text} is not in {lines}")
        self.assertFalse((self.dir / "out").exists())

    def test_what_is_recorded(self) -> None:
        record = json.loads(self.lock.read_text())["layouts"]["made-v1"]
        top = record["structs"]["top"]
        self.assertEqual(record["origin"], "mainline")
        self.assertEqual(top["size"], 32)
        self.assertEqual(top["fields"]["third"], [12, 4, 0, 0, "u32"])
        self.assertEqual(top["fields"]["high"], [16, 8, 12, 52, "u64"])
        self.assertEqual(record["arrays"]["list"]["per-page"],
                         [510, 2046, 8190])
        self.assertEqual(record["names"]["kinds"], {"one": 1})

    def test_what_is_no_layout_may_change(self) -> None:
        self.change("doc: The second.", "doc: It comes after the first.")
        self.ok("lock", "--schema", self.dir)

    def test_a_field_that_moved(self) -> None:
        self.change("      first: {type: u64, doc: The first.}\n", "")
        self.change("      third:",
                    "      first: {type: u64, doc: The first.}\n      third:")
        self.change("breaks: {", "breaks: {unaligned: It is so for once., ")
        self.refused("made-v1.yaml:22:7: error: offset of top.first was 0 "
                     "and is 4")

    def test_a_key_that_grew(self) -> None:
        value = "      value: {type: u64, doc: A value.}\n"
        self.path = self.schema("made-v2", SCHEMA.replace(
            "version: v1", "version: v2").replace(
            value, value + "      map: {type: phys, align: page, to: {tree: "
            "map}, doc: A map.}\n") + TREE)
        self.ok("lock", "--update", "--schema", self.dir)
        self.change("key-bits: 65 - page_shift", "key-bits: 66 - page_shift")
        self.refused('map was {"key-bits": [53, 51, 49], "table-bits": [9, 11,'
                     ' 13], "leaf-bits": [15, 17, 19]')

    def test_a_field_that_grew(self) -> None:
        self.change("second: {type: u32", "second: {type: u64")
        self.change("breaks: {", "breaks: {unaligned: It is so for once., "
                    "odd-size: It is so for once., ")
        self.refused("size of top.second was 4 and is 8",
                     "type of top.second was u32 and is u64",
                     "struct top had 32 bytes and has 36")

    def test_a_field_that_went(self) -> None:
        self.change("      list: {type: phys, align: page, to: {array: list},"
                    " doc: A list.}\n", "")
        self.change("breaks: {", "breaks: {unused: It is so for once., ")
        self.refused("made-v1.yaml:18:3: error: top.list is gone")

    def test_a_field_that_came(self) -> None:
        self.change("  head:\n", "      more: {type: u64, doc: More.}\n"
                    "  head:\n")
        self.refused("top.more is new", "struct top had 32 bytes and has 40")

    def test_a_field_with_another_name(self) -> None:
        self.change("second:", "zweite:")
        self.refused("top.second is gone", "top.zweite is new")

    def test_bits_that_moved(self) -> None:
        self.change("low: {bits: 12", "low: {bits: 13")
        self.change("high: {bits: 52", "high: {bits: 51")
        self.refused("bits of top.low was 12 and is 13",
                     "bit of top.high was 12 and is 13")

    def test_an_item_with_another_value(self) -> None:
        self.change("{value: 1,", "{value: 2,")
        self.refused('kinds was {"one": 1} and is {"one": 2}')

    def test_a_struct_that_came(self) -> None:
        self.change("  head:\n", "  tail:\n    doc: Nothing uses it.\n"
                    "    fields:\n      end: {type: u64, doc: An end.}\n"
                    "  head:\n")
        self.change("breaks: {", "breaks: {unused: It is so for once., ")
        self.refused("tail is new")

    def test_another_origin(self) -> None:
        self.change("origin: mainline", "origin: proposed")
        self.refused("origin was mainline and is proposed")

    def test_a_file_that_went(self) -> None:
        self.path.rename(self.dir / "made-v2.yaml")
        self.change_version()
        self.refused("made-v1 is released: its schema cannot be removed")

    def change_version(self) -> None:
        self.path = self.dir / "made-v2.yaml"
        self.change("version: v1", "version: v2")

    def test_an_edited_record(self) -> None:
        text = self.lock.read_text()
        self.lock.write_text(text.replace('"first": [0, 8', '"first": [8, 8'))
        self.refused("the record of made-v1 was edited")

    def test_a_new_version(self) -> None:
        other = self.dir / "made-v2.yaml"
        other.write_text(SCHEMA.replace("version: v1", "version: v2"))
        before = json.loads(self.lock.read_text())["layouts"]["made-v1"]
        self.ok("emit", "--out", self.dir / "out", "--schema", self.dir)
        self.assertIn("made-v2 is not recorded",
                      self.fails("lock", "--schema", self.dir)[0])
        self.ok("lock", "--update", "--schema", self.dir)
        after = json.loads(self.lock.read_text())["layouts"]
        self.assertEqual(after["made-v1"], before)
        self.assertEqual(sorted(after), ["made-v1", "made-v2"])
        self.ok("lock", "--schema", self.dir)


class Released(Case):
    def test_the_schemas_of_the_project(self) -> None:
        self.ok("lock")


if __name__ == "__main__":
    unittest.main()
