#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Kernel headers compile, and their assertions hold, for every page size.

What they include of a kernel is replaced by a few definitions, so that this
needs no kernel. tests/kernel compiles them in a real one.
"""
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from generated import SAMPLE, SCHEMAS, generate

PAGE_SHIFTS = (12, 14, 16)
ABI = "linux/kho/abi/"
INCLUDE = re.compile(r"^#include <(.*)>$", re.M)
KERNEL = """\
#pragma once
#include <stddef.h>
#define PAGE_SIZE (1ul << PAGE_SHIFT)
#define BIT(n) (1ul << (n))
#define BIT_ULL(n) (1ull << (n))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DECLARE_BITMAP(name, bits) unsigned long name[(bits) / 64]
#define LIVEUPDATE_SESSION_NAME_LENGTH 64
#define __packed __attribute__((__packed__))
#define static_assert(test) _Static_assert(test, #test)
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
"""


class Headers(unittest.TestCase):
    def setUp(self) -> None:
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        generate(Path(temp.name), SAMPLE, SCHEMAS)
        self.include = Path(temp.name) / "kernel" / "include"
        self.headers = sorted((self.include / ABI).glob("*.h"))
        self.assertGreater(len(self.headers), 2)
        for header in self.headers:
            self.stand_in(header)

    def stand_in(self, header: Path) -> None:
        """Files in place of the kernel's own that @header includes."""
        for name in INCLUDE.findall(header.read_text()):
            path = self.include / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(KERNEL)

    def compile(self, text: str, page_shift: int = 12) -> str:
        """What the compiler has against @text."""
        done = subprocess.run(
            ["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
             f"-DPAGE_SHIFT={page_shift}", f"-I{self.include}", "-xc", "-"],
            input=text, text=True, stderr=subprocess.PIPE, check=False)
        return done.stderr

    def test_each_alone(self) -> None:
        for header in self.headers:
            for shift in PAGE_SHIFTS:
                with self.subTest(header=header.name, page_shift=shift):
                    text = f"#include <{ABI}{header.name}>\n"
                    self.assertEqual(self.compile(text, shift), "")

    def test_all_together(self) -> None:
        text = "".join(f"#include <{ABI}{h.name}>\n" for h in self.headers)
        for shift in PAGE_SHIFTS:
            self.assertEqual(self.compile(text + text, shift), "")

    def test_a_changed_field_is_seen(self) -> None:
        text = (self.include / ABI / "sample.h").read_text()
        changes = [("u64 compat;", "u32 compat;"),
                   ("u64 records;\n\tu64 table;",
                    "u64 table;\n\tu64 records;"),
                   ("u64 rest[SAMPLE_REST];", "u64 rest[SAMPLE_REST - 1];")]
        for old, new in changes:
            with self.subTest(new=new):
                self.assertIn(old, text)
                self.assertIn("static assertion failed",
                              self.compile(text.replace(old, new)))

    def test_limits(self) -> None:
        text = (f"#include <{ABI}sample.h>\n"
                "static_assert(SAMPLE_RECORDS_PER_PAGE == 36);\n"
                "static_assert(SAMPLE_NAMES_PER_PAGE == 510);\n"
                "static_assert(SAMPLE_REST == 511);\n")
        self.assertEqual(self.compile(text), "")


if __name__ == "__main__":
    unittest.main()
