# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Schemas against a kernel: its source, and what was made of it."""
import json
import unittest
from typing import Any, Dict, List

from kernel import HEADER, SCHEMA, Kernel
from support import Case, Result, call

RIGHT, DOCUMENTATION, WRONG = 0, 3, 4
H = "include/linux/tiny.h"


class CheckCase(Case):
    def setUp(self) -> None:
        super().setUp()
        (self.dir / "schema").mkdir()
        self.write(SCHEMA)
        self.kernel = Kernel(self.dir / "linux")

    def write(self, text: str) -> None:
        (self.dir / "schema" / "tiny-v2.yaml").write_text(text)

    def check(self, *args: object) -> Result:
        return call("check-kernel", "--schema", self.dir / "schema",
                    *(args or (self.kernel.path,)), cwd=self.dir)

    def findings(self, status: int, *args: object) -> List[Dict[str, Any]]:
        result = self.check("--json", *(args or (self.kernel.path,)))
        self.assertEqual(result.returncode, status,
                         result.stdout + result.stderr)
        data = json.loads(result.stdout)
        self.assertEqual((data["release"], data["abis"]),
                         ("7.9", ["tiny-v2"]))
        self.assertGreater(data["compared"], 3)
        found: List[Dict[str, Any]] = data["findings"]
        return found

    def differs(self, what: str, schema: object, kernel: object,
                *args: object) -> None:
        """That, among what differs."""
        found = [(f["what"], f["schema"], f["kernel"])
                 for f in self.findings(WRONG, *args)]
        self.assertIn((what, schema, kernel), found)


class Tree(CheckCase):
    def test_what_is_right(self) -> None:
        self.assertEqual(self.findings(RIGHT), [])
        text = self.check().stdout
        self.assertRegex(text, r"^Linux 7\.9: tiny-v2\n\d+ facts compared, "
                         "0 differ, 0 contradictions in documentation\n$")

    def test_members(self) -> None:
        self.kernel.change("kernel/tiny.c", "at->kind", "at")
        for old, new, what, schema, kernel in (
                ("u32 kind;", "u64 kind;", "size of tiny_ser.kind in bits",
                 "32", "64"),
                ("u32 kind;", "u64 kind;", "offset of tiny_ser.nr in bits",
                 "96", "128"),
                ("u64 pfn:52;\n\tu64 flags:12;",
                 "u64 pfn:50;\n\tu64 flags:14;",
                 "offset of tiny_ser.flags in bits", "180", "178"),
                ("u32 nr;", "u32 number;", "tiny_ser.nr", "there", None),
                ("u32 nr;", "u32 number;", "tiny_ser.number", None, "there"),
                ("char name[8];", "char name[16];", "size of tiny_ser", "32",
                 "40"),
                ("struct tiny_ser {", "struct other {", "struct tiny_ser",
                 "there", None)):
            with self.subTest(what):
                self.kernel.write(H, HEADER)
                self.kernel.change(H, old, new)
                self.differs(what, schema, kernel)

    def test_constants(self) -> None:
        for old, new, what, schema, kernel in (
                ("(3 * 4)", "(3 * 5)", "TINY_MAX", "12", "15"),
                ('"tiny-v2"', '"tiny-v3"', "TINY_COMPATIBLE", "tiny-v2",
                 "tiny-v3"),
                ('"tiny-flb-v" #i', '"tiny-f" #i', "TINY_FLB(0)",
                 "tiny-flb-v0", "tiny-f0"),
                ("PAGE_SIZE", "2048", "TINY_SIZE", "4096", "2048"),
                ("TINY_ONE = 1", "TINY_ONE = 2", "TINY_ONE", "1", "2"),
                ("#define TINY_MAX (3 * 4)", "", "TINY_MAX", "12", None)):
            with self.subTest(what):
                self.kernel.write(H, HEADER)
                self.kernel.change(H, old, new)
                self.differs(what, schema, kernel)

    def test_strings(self) -> None:
        self.kernel.change("kernel/tiny.c", '"tiny-map"', '"tiny-mapp"')
        self.differs("string", "tiny-map", None)

    def test_a_string_in_two_parts(self) -> None:
        self.kernel.change("kernel/tiny.c", '"tiny-map"', '"tiny" "-map"')
        self.assertEqual(self.findings(RIGHT), [])

    def test_a_build_elsewhere(self) -> None:
        path = self.kernel.path
        build = self.dir / "build"
        (build / "init").mkdir(parents=True)
        (build / "kernel").mkdir()
        for name in ("init/.main.o.cmd", "kernel/.tiny.o.cmd"):
            text = (path / name).read_text()
            (build / name).write_text(text.replace("-Iinclude",
                                                   f"-I{path}/include")
                                      .replace("-include include",
                                               f"-include {path}/include"))
            (path / name).unlink()
        self.assertEqual(self.findings(RIGHT, path, "--build", build), [])
        result = self.check(path)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--build", result.stderr)

    def test_another_release(self) -> None:
        self.kernel.change("Makefile", "VERSION = 7", "VERSION = 6")
        result = self.check()
        self.assertEqual(result.returncode, RIGHT)
        self.assertIn("no schema is of this release", result.stdout)

    def test_what_came_later(self) -> None:
        self.kernel.change(H, "#define TINY_MAX (3 * 4)", "")
        self.kernel.change("kernel/tiny.c", "at->kind", "at")
        self.kernel.change(H, "struct tiny_ser {", "struct other {")
        for since, status in (("7.9", WRONG), ("7.10", RIGHT)):
            with self.subTest(since):
                self.write(SCHEMA.replace(
                    "TINY_MAX: {", f'TINY_MAX: {{since: "{since}", ').replace(
                    "  tiny_ser:\n", f'  tiny_ser:\n    since: "{since}"\n'))
                self.findings(status)

    def test_what_does_not_compile(self) -> None:
        self.kernel.change("kernel/tiny.c", "#include", "#error no\n#include")
        result = self.check()
        self.assertEqual(result.returncode, 2)
        self.assertIn("kernel/tiny.c cannot be compiled", result.stderr)


class Documentation(CheckCase):
    def contradiction(self, place: str, word: str) -> Dict[str, Any]:
        (one,) = self.findings(DOCUMENTATION)
        self.assertEqual((one["kind"], one["place"], one["what"]),
                         ("documentation", place, word))
        return one

    def test_a_comment_with_another_version(self) -> None:
        self.kernel.change(H, "The ABI is tiny-v2.", "\n * It is tiny-v1.")
        one = self.contradiction(f"{H}:3", "tiny-v1")
        self.assertEqual(one["kernel"], "tiny-v2")
        self.assertIn(f"document  {H}:3: tiny-v1, but it is tiny-v2",
                      self.check().stdout)

    def test_documents_and_other_headers(self) -> None:
        for name, line in (("Documentation/tiny.rst", "tiny-v3"),
                           ("include/linux/other.h", "/* tiny-v3 */")):
            with self.subTest(name):
                self.kernel.write(name, f"\n{line}\n")
                self.contradiction(f"{name}:2", "tiny-v3")
                (self.kernel.path / name).unlink()

    def test_code_is_no_documentation(self) -> None:
        self.kernel.write("include/linux/other.h", 'const char *a="tiny-v3";')
        self.findings(RIGHT)

    def test_a_comment_that_names_no_macro(self) -> None:
        self.kernel.change(H, "The ABI", "TINY_COMPAT, TINY_MAX: the ABI")
        self.contradiction(f"{H}:2", "TINY_COMPAT")


class Image(CheckCase):
    def test_what_is_right(self) -> None:
        for path in self.images():
            self.assertEqual(self.findings(RIGHT, path), [])

    def images(self) -> Any:
        yield self.kernel.vmlinux()
        path = self.kernel.vmlinux("clang", "-target", "bpf")
        data = path.read_bytes()
        path.write_bytes(data.replace(b".debug_info\0", b".xxxxx_info\0"))
        yield path

    def test_what_differs(self) -> None:
        self.kernel.change(H, "u32 kind;", "u64 kind;")
        self.kernel.change(H, "TINY_ONE = 1", "TINY_ONE = 3")
        self.kernel.change("kernel/tiny.c", '"tiny-map"', '"tiny-mapp"')
        for path in self.images():
            self.differs("size of tiny_ser", "32", "36", path)
            self.differs("offset of tiny_ser.pfn in bits", "128", "160", path)
            self.differs("TINY_ONE", "1", "3", path)
            self.differs("string", "tiny-map", None, path)

    def test_a_struct_that_nobody_uses(self) -> None:
        self.kernel.write("kernel/tiny.c", (
            self.kernel.path / "kernel/tiny.c").read_text().replace(
                "struct tiny_ser *at", "u32 at").replace("at->kind", "at"))
        for path in self.images():
            self.assertEqual(self.findings(RIGHT, path), [])
            self.assertIn("not seen  tiny_ser\n", self.check(path).stdout)

    def test_no_kernel(self) -> None:
        path = self.dir / "vmlinux"
        for data in (b"", b"text"):
            path.write_bytes(data)
            result = self.check(path)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(self.check(self.dir / "none").returncode, 2)
        stripped = self.kernel.vmlinux()
        cut = bytearray(stripped.read_bytes())
        cut[0x3e:0x40] = b"\xfe\x00"  # where the sections' names are
        path.write_bytes(cut)
        result = self.check(path)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertRegex(result.stderr, r"\Aluser-gen: .*\n\Z")
        stripped.write_bytes(stripped.read_bytes().replace(
            b".debug_info\0", b".xxxxx_info\0"))
        result = self.check(stripped)
        self.assertEqual(result.returncode, 2)
        self.assertIn("neither DWARF nor BTF", result.stderr)


if __name__ == "__main__":
    unittest.main()
