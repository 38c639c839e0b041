# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A slot that is free holds no record, whatever the rules say of zeros."""
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
structs:
  slots_head:
    doc: The header of a page.
    fields:
      next: {type: phys, "null": allowed, align: page, to: memory, doc: Next.}
      nr: {type: u64, doc: Slots in the page.}
  slots_slot:
    doc: A slot.
    fields:
      value: {type: u64, doc: Any value.}
arrays:
  slots: {doc: The slots., of: slots_slot, header: slots_head, next: next,
          count: nr, max-pages: 9, free: FREE}
"""
SOURCES = ["abi.c", "check.c", "error.c", "format.c", "slots.c"]


class Pages(Case):
    def decoded(self, free: str) -> str:
        folder = self.dir / "schema"
        folder.mkdir(exist_ok=True)
        (folder / "slots-v1.yaml").write_text(SLOTS.replace("FREE", free),
                                              encoding="utf-8")
        self.ok("emit", "--schema", folder, "--out", self.dir)
        program = self.dir / "pages"
        subprocess.run(
            ["cc", *CFLAGS, "-D_GNU_SOURCE",
             f"-I{ROOT / 'libluser' / 'include'}", f"-I{self.dir / 'include'}",
             HERE / "pages.c", *sorted((self.dir / "abi").glob("*.c")),
             *[ROOT / "libluser" / name for name in SOURCES], "-o", program],
            check=True)
        return subprocess.run([program], capture_output=True, text=True,
                              check=True).stdout

    def test_zeros(self) -> None:
        self.assertEqual(self.decoded("zero"), "2 of 3 are records\n")

    def test_expressions(self) -> None:
        for free in ("value == 0", "value < 1", "value == 0 or value == 7"):
            self.assertEqual(self.decoded(free), "2 of 3 are records\n", free)


if __name__ == "__main__":
    unittest.main()
