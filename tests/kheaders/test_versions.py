#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A kernel header is made of the newest version only."""
import tempfile
import unittest
from pathlib import Path

from generated import SAMPLE, generate

HEADER = "include/linux/kho/abi/sample.h"
EXTENSION = f"""\
abi: sample
version: v1.more
summary: An extension
doc: Records have one more number.
origin: proposed
source: [{{document: A document}}]
carrier: memory
extends: sample-v1
feature: compat.more
breaks:
  bitfield: As in the base.
  fixed-width: As in the base.
  pointer: As in the base.
kernel: {{header: {HEADER}, current: true, includes: [linux/types.h]}}
flags:
  sample_compat:
    more: {{bit: 0, macro: SAMPLE_MORE, doc: There is one more number.}}
structs:
  sample_record:
    fields:
      more: {{type: u64, doc: One more number.}}
"""


class Versions(unittest.TestCase):
    def setUp(self) -> None:
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = Path(temp.name)
        self.more = self.dir / "more"
        self.more.mkdir()

    def header(self) -> str:
        out = self.dir / "out"
        generate(out, SAMPLE, self.more)
        return (out / "kernel" / HEADER).read_text()

    def test_extension_takes_the_header(self) -> None:
        before = self.header()
        self.assertNotIn("SAMPLE_MORE", before)
        (self.more / "sample-v1.more.yaml").write_text(EXTENSION)
        after = self.header()
        self.assertIn("#define SAMPLE_MORE\tBIT(0)", after)
        self.assertIn("offsetof(struct sample_record, more) == 112", after)
        self.assertIn("sizeof(struct sample_record) == 120", after)
        gone = [line for line in before.split("\n") if "offsetof" in line
                and line not in after]
        self.assertEqual(gone, [])

    def test_older_version_has_no_header(self) -> None:
        text = (SAMPLE / "sample-v1.yaml").read_text()
        new = text.replace("version: v1", "version: v2") \
            .replace("key: sample-v1", "key: sample-v2") \
            .replace("SAMPLE_MAGIC", "SAMPLE_OTHER_MAGIC")
        path = self.more / "sample-v2.yaml"
        path.write_text(new)
        with self.assertRaisesRegex(ValueError, "sample-v1 is current in"):
            self.header()
        path.write_text(new.replace("current: true", "current: false"))
        self.assertNotIn("SAMPLE_OTHER_MAGIC", self.header())


if __name__ == "__main__":
    unittest.main()
