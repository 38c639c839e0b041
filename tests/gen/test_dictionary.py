# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Fuzzers are told each word that the schemas fix."""
import re
import unittest
from typing import List

from support import SAMPLE, Case

SCHEMA = """\
---
abi: made
version: v1
summary: A made-up one
doc: There is nothing in it.
origin: mainline
releases: {first: "7.0"}
source: [{document: A made-up one.}]
carrier: memory
root: made_ser
enums:
  made_kind:
    none: {value: 0, doc: None.}
    some: {value: 0x4102, doc: Some.}
structs:
  made_ser:
    doc: Made up.
    fields:
      magic: {type: u32, const: 0x6c22775c, doc: Magic.}
      kind: {type: u16, enum: made_kind, doc: A kind.}
      count: {type: u16, min: 3, max: 0x1d20, doc: A count.}
      small: {type: u8, max: 9, doc: A single byte.}
      pad: {type: pad, size: 7, doc: Nothing.}
"""


def unquoted(line: str) -> bytes:
    """What a fuzzer makes of a line, which has to be in the one format."""
    match = re.fullmatch(r'"((?:[!#-\[\]-~]|\\x[0-9a-f]{2})+)"', line)
    assert match, line
    return re.sub(rb"\\x(..)", lambda m: bytes([int(m[1], 16)]),
                  match[1].encode())


class Dictionary(Case):
    def words(self, *options: object) -> List[bytes]:
        self.ok("emit", "--only", "dictionary", "--out", self.dir / "out",
                *options)
        text = (self.dir / "out/fuzz/luser.dict").read_text(encoding="ascii")
        return [unquoted(line) for line in text.splitlines()
                if not line.startswith("#")]

    def test_words_of_each_kind_are_there(self) -> None:
        words = self.words("--schema", SAMPLE)
        for word in (b"SMPL\0", b"sample-tree-v1\0", b"leaf,size\0",
                     b"compatible\0", b"tree\0", b"\x07\0\0\0"):
            self.assertIn(word, words)

    def test_numbers_are_in_the_order_of_memory(self) -> None:
        """Two of these bytes would end or escape the quotes."""
        (self.dir / "in").mkdir()
        (self.dir / "in/made-v1.yaml").write_text(SCHEMA, encoding="ascii")
        self.assertEqual(self.words("--schema", self.dir / "in"),
                         [b"\0\0", b"\x02A", b"\x03\0", b" \x1d",
                          b"\\w\"l"])

    def test_a_word_is_there_once_and_none_is_a_single_byte(self) -> None:
        words = self.words()
        self.assertEqual(words, sorted(set(words)))
        self.assertGreater(min(map(len, words)), 1)


if __name__ == "__main__":
    unittest.main()
