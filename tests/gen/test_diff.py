# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What differs between two versions, or two trees, and what that breaks."""
import json
import unittest
from typing import Any, Dict, List, Tuple

from support import ROOT, Case, call

SCHEMA = """\
---
abi: made
version: v1
summary: A schema to be changed
doc: It has one of each thing that may grow.
origin: proposed
source: [{document: A made-up one.}]
carrier: memory
carried-by: {registry: luo-file, key: made-v1}
breaks: {version-first: The key says it.}
root: top

enums:
  kinds:
    one: {value: 1, doc: The only one.}
flags:
  strict:
    set: {bit: 0, doc: A flag that must be known.}
  loose:
    unknown: ignore
    set: {bit: 0, doc: A flag that need not be known.}

structs:
  top:
    doc: The root.
    fields:
      list: {type: phys, align: page, to: {array: list}, doc: A list.}
      kind: {type: u32, enum: kinds, doc: A kind.}
      must: {type: u16, flags: strict, doc: Flags.}
      may: {type: u16, flags: loose, doc: Flags.}
  head:
    doc: Starts a page.
    fields:
      next: {type: phys, "null": allowed, align: page, to: memory, doc: The next.}
      count: {type: u32, doc: Records.}
      stride: {type: u32, doc: Bytes in a record.}
  item:
    doc: A record.
    fields:
      value: {type: u64, doc: A value.}
    rules:
      odd: {that: value % 2 == 1, doc: The value is odd.}

arrays:
  list: {doc: A list., of: item, header: head, next: next, count: count, stride: stride, max-pages: 4}
"""
IDENTICAL, COMPATIBLE, BREAKING = 0, 3, 4
VALUE = "      value: {type: u64, doc: A value.}\n"


class Diff(Case):
    def setUp(self) -> None:
        super().setUp()
        for name in ("old", "new"):
            (self.dir / name).mkdir()
            self.write(name, SCHEMA)

    def write(self, folder: str, text: str, name: str = "made-v1") -> None:
        (self.dir / folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def change(self, *pairs: Tuple[str, str]) -> None:
        text = SCHEMA
        for old, new in pairs:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        self.write("new", text)

    def diff(self, status: int, *args: str) -> str:
        result = call("diff", *(args or ("old", "new")), cwd=self.dir)
        self.assertEqual(result.returncode, status,
                         result.stdout + result.stderr)
        return result.stdout

    def changes(self, status: int) -> List[Dict[str, Any]]:
        data = json.loads(self.diff(status, "--json", "old", "new"))
        changes: List[Dict[str, Any]] = data["abis"][0]["changes"]
        return changes

    def only(self, status: int, path: str, what: str) -> Dict[str, Any]:
        """There is one change, and it is that one."""
        changes = self.changes(status)
        self.assertEqual([(c["path"], c["what"]) for c in changes],
                         [(path, what)])
        return changes[0]

    def test_identical(self) -> None:
        self.assertEqual(self.diff(IDENTICAL), "made-v1: identical\n")
        self.assertEqual(self.changes(IDENTICAL), [])

    def test_documentation(self) -> None:
        self.change(("doc: A kind.", "doc: What kind it is."))
        self.only(COMPATIBLE, "top.kind", "doc")
        self.assertIn("compatible  top.kind: doc", self.diff(COMPATIBLE))

    def test_a_name_for_the_same_bytes(self) -> None:
        self.change(("  kind: {type", "  sort: {type"))
        change = self.only(COMPATIBLE, "top.kind", "name")
        self.assertEqual(change["new"], "sort")

    def test_a_record_whose_size_is_written_down_grows(self) -> None:
        more = VALUE + "      more: {type: u64, doc: More.}\n"
        self.change((VALUE, more))
        found = {(c["path"], c["what"]): c["class"]
                 for c in self.changes(COMPATIBLE)}
        self.assertEqual(found, {("item", "size"): "compatible",
                                 ("item.more", "field"): "compatible"})

    def test_a_record_grows_in_front(self) -> None:
        self.change((VALUE, "      more: {type: u64, doc: More.}\n" + VALUE))
        found = {(c["path"], c["what"]): c["class"]
                 for c in self.changes(BREAKING)}
        self.assertEqual(found["item.more", "field"], "breaking")
        self.assertEqual(found["item.value", "offset"], "breaking")

    def test_a_struct_that_is_no_such_record_grows(self) -> None:
        self.change(("  head:\n", "      more: {type: u64, doc: More.}\n"
                     "  head:\n"))
        found = [(c["path"], c["what"]) for c in self.changes(BREAKING)
                 if c["class"] == "breaking"]
        self.assertEqual(found, [("top", "size"), ("top.more", "field")])

    def test_a_record_that_no_stride_is_written_down_for_grows(self) -> None:
        for folder in ("old", "new"):
            text = SCHEMA.replace("stride: stride, ", "")
            self.write(folder, text if folder == "old" else text.replace(
                VALUE, VALUE + "      more: {type: u64, doc: More.}\n"))
        self.diff(BREAKING)

    def test_items(self) -> None:
        for line, path, status in (
                ("    two: {value: 2, doc: More.}\nflags:", "kinds.two",
                 BREAKING),
                ("    more: {bit: 1, doc: More.}\n  loose:", "strict.more",
                 BREAKING),
                ("    more: {bit: 1, doc: More.}\n\nstructs:", "loose.more",
                 COMPATIBLE)):
            with self.subTest(path):
                end = line.rsplit("\n", 1)[1]
                self.change((end, line.lstrip("\n")))
                self.only(status, path, "item")

    def test_facts_of_a_field(self) -> None:
        for old, new, what in (
                ('"null": allowed, ', "", "nullable"),
                ("max-pages: 4", "max-pages: 5", "max-pages"),
                ("to: {array: list}", 'to: {array: list}, "null": allowed',
                 "nullable"),
                ("{value: 1, doc", "{value: 3, doc", "value")):
            with self.subTest(what):
                self.change((old, new))
                self.assertIn(what, [c["what"]
                                     for c in self.changes(BREAKING)])

    def test_a_rule(self) -> None:
        self.change(("value % 2 == 1", "value % 2 == 0"))
        change = self.only(BREAKING, "item.odd", "that")
        self.assertEqual((change["old"], change["new"]),
                         ("value % 2 == 1", "value % 2 == 0"))

    def test_versions_that_come_and_go(self) -> None:
        two = SCHEMA.replace("version: v1", "version: v2").replace(
            "key: made-v1", "key: made-v2")
        self.write("new", two, "made-v2")
        self.assertIn("made-v2: compatible, a new version",
                      self.diff(COMPATIBLE))
        self.write("old", SCHEMA.replace("abi: made", "abi: was").replace(
            "key: made", "key: was"), "was-v1")
        self.assertIn("was-v1: breaking, it is gone", self.diff(BREAKING))

    def test_a_version_of_each_folder(self) -> None:
        self.change(("type: u16, flags: loose", "type: u16"))
        text = self.diff(BREAKING, "old:made-v1", "new:made-v1")
        self.assertIn("breaking    top.may: names was loose and is none", text)

    def test_two_versions_of_the_project(self) -> None:
        text = self.diff(BREAKING, "iommu-v1", "iommu-v2")
        self.assertIn("key was iommu-v1 and is iommu-v2", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_a_device_tree_and_bitmaps_of_another_size(self) -> None:
        text = self.diff(BREAKING, "kho-v1.512", "kho-v1.page")
        self.assertIn("breaking    preserved_map: leaf-bits was 12 and is "
                      "3 + page_shift\n", text)
        self.assertNotIn("key was", text)
        text = self.diff(BREAKING, "kho-v1.page", "kho-v3")
        self.assertIn("subtree.blob-size: field is new: u64, size 8\n", text)

    def test_a_struct_of_another_abi(self) -> None:
        text = self.diff(BREAKING, "luo-v1", "luo-v5")
        self.assertRegex(text, r"header was luo_session_header_ser and\s+is "
                         r"kho-block-v1\s+kho_block_header_ser\n")

    def test_an_extension(self) -> None:
        folders = [ROOT / "schema", ROOT / "tests" / "validator" / "schema"]
        schemas = [f"--schema={folder}" for folder in folders]
        text = self.diff(COMPATIBLE, *schemas, "iommu-v2", "iommu-v2.wide")
        self.assertIn("field is new", text)
        self.assertNotIn("breaking", text)

    def test_what_is_not_there(self) -> None:
        result = call("diff", "made-v9", "made-v1", cwd=self.dir)
        self.assertEqual(result.returncode, 2)
        self.assertIn("there is no version made-v9", result.stderr)
        self.assertEqual(result.stdout, "")


if __name__ == "__main__":
    unittest.main()
