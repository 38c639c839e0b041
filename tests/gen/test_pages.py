# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What is a record for the decoder of its page, whatever is in the schema."""
import struct
import subprocess
import unittest

from support import CFLAGS, HERE, ROOT, Case

SLOTS = """\
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
---
abi: slots
version: v1
summary: Slots
doc: There is nothing but slots.
origin: proposed
source: [{document: A made-up one.}]
carrier: memory
enums:
  kind: {one: {value: 1, doc: One.}, two: {value: 2, doc: Two.}}
structs:
  slots_head:
    doc: The header of a page.
    fields:
      next: {type: phys, "null": allowed, align: page, to: memory, doc: Next.}
      nr: {type: u64, doc: Slots in the page.}
  slots_part:
    doc: A part.
    fields:
      value: {type: u64, max: 9, doc: A value.}
  slots_arm:
    doc: What has a part.
    fields:
      part: {type: slots_part, doc: The part.}
  slots_slot:
    doc: A slot.
    fields:
      FIELDS
arrays:
  slots: {doc: The slots., of: slots_slot, header: slots_head, next: next,
          count: nr, max-pages: 9FREE}
"""
VALUE = "value: {type: u64, doc: Any value.}"
TAG = "{type: u32, enum: kind, doc: Which.}"
SOURCES = ["abi.c", "check.c", "error.c", "format.c", "slots.c"]


def union(tag: str, arm: str) -> str:
    return (f"{{type: union, tag: {tag}, arms: {{one: {arm}, two: {arm}}}, "
            "doc: What there is.}")


class Pages(Case):
    def decode(self, records: bytes, *fields: str, free: str = "") -> str:
        folder = self.dir / "schema"
        folder.mkdir(exist_ok=True)
        text = SLOTS.replace("FIELDS", "\n      ".join(fields))
        text = text.replace("FREE", f", free: {free}" if free else "")
        (folder / "slots-v1.yaml").write_text(text, encoding="utf-8")
        self.ok("emit", "--schema", folder, "--out", self.dir)
        program = self.dir / "pages"
        subprocess.run(
            ["cc", *CFLAGS, "-D_GNU_SOURCE",
             f"-I{ROOT / 'libluser' / 'include'}", f"-I{self.dir / 'include'}",
             HERE / "pages.c", *sorted((self.dir / "abi").glob("*.c")),
             *[ROOT / "libluser" / name for name in SOURCES], "-o", program],
            check=True)
        return subprocess.run([program, records.hex()], capture_output=True,
                              text=True, check=True).stdout

    def test_free_slots(self) -> None:
        records = struct.pack("<3Q", 1, 0, 1)
        for free in ("zero", "value == 0", "value == 0 or value == 7"):
            self.assertEqual(self.decode(records, VALUE, free=free),
                             "2 of 3\n", free)

    def test_structs_in_an_arm(self) -> None:
        records = struct.pack("<4Q", 1, 9, 1, 10)
        self.assertEqual(
            self.decode(records, f"kind: {TAG}",
                        "pad0: {type: pad, size: 4, doc: Zero.}",
                        f"arm: {union('kind', 'slots_arm')}"),
            "1 is broken\n1 of 2\n")

    def test_arms_of_two_choices(self) -> None:
        records = struct.pack("<IIQQIIQQ", 1, 2, 9, 9, 1, 2, 9, 10)
        self.assertEqual(
            self.decode(records, f"kind: {TAG}", f"other: {TAG}",
                        f"arm: {union('kind', 'slots_part')}",
                        f"more: {union('other', 'slots_part')}"),
            "1 is broken\n1 of 2\n")


if __name__ == "__main__":
    unittest.main()
