# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The command line of luser-gen."""
import subprocess
import sys
import unittest
from typing import List

from support import LUSER_GEN, ONLY, ROOT, SAMPLE, Case, files, run

COMMANDS = ["emit", "outputs", "lint", "lock", "diff", "check-kernel",
            "list"]


class CommandLine(Case):
    def test_help_names_and_explains_each_command(self) -> None:
        text = self.ok_or_exit("--help")
        self.assertIn("examples:", text)
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^    {command}\s+\w")
            self.assertIn("--schema DIR", self.ok_or_exit(command, "--help"))
        self.assertIn("tables", self.ok_or_exit("emit", "--help"))
        self.assertIn("lock --update", self.ok_or_exit("lock", "--help"))

    def ok_or_exit(self, *args: str) -> str:
        result = run(*args)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_wrong_usage_is_status_2(self) -> None:
        wrong: List[List[str]] = [[], ["emit"], ["tell"],
                                  ["outputs", "--only", "everything"]]
        for args in wrong:
            result = run(*args)
            self.assertEqual(result.returncode, 2, args)
            self.assertIn("usage:", result.stderr)
            self.assertEqual(result.stdout, "")

    def test_output_that_cannot_be_written_is_status_2(self) -> None:
        with open("/dev/full", "w", encoding="ascii") as full:
            result = subprocess.run([sys.executable, LUSER_GEN, "list"],
                                    stdout=full, stderr=subprocess.PIPE,
                                    text=True, check=False)
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, r"\Aluser-gen: .*No space left.*\n\Z")

    def test_outputs_are_what_emit_writes(self) -> None:
        listed = self.ok("outputs", "--schema", SAMPLE).split()
        self.ok("emit", "--schema", SAMPLE, "--out", self.dir)
        self.assertEqual(sorted(listed), sorted(files(self.dir)))
        self.assertEqual(len(listed), len(set(listed)))

    def test_only_some_kinds(self) -> None:
        self.assertEqual(
            self.ok("outputs", "--schema", SAMPLE, "--only", "registry"),
            "abi/registry.c\n")
        self.ok("emit", "--schema", SAMPLE, "--only", "registry", "--out",
                self.dir)
        self.assertEqual(list(files(self.dir)), ["abi/registry.c"])

    def test_files_that_would_not_change_are_not_written(self) -> None:
        arguments = ["emit", "--schema", SAMPLE, "--out", self.dir,
                     "--verbose", *ONLY]
        written = self.ok(*arguments).split()
        self.assertEqual(sorted(written), sorted(files(self.dir)))
        before = {path: path.stat().st_mtime_ns
                  for path in self.dir.glob("**/*.c")}
        changed = self.dir / "abi" / "registry.c"
        changed.write_text("something else", encoding="utf-8")
        self.assertEqual(self.ok(*arguments), "abi/registry.c\n")
        after = {path: path.stat().st_mtime_ns for path in before}
        self.assertNotIn("something else", changed.read_text())
        del before[changed], after[changed]
        self.assertEqual(after, before)

    def test_schemas_of_two_folders(self) -> None:
        self.schema("more-v1", "---\nabi: more\nversion: v1\n"
                    "summary: One more\ndoc: It is in a folder of its own.\n"
                    "origin: luser\nsource: [{document: None.}]\n"
                    "carrier: memory\n")
        text = self.ok("list", "--schema", SAMPLE, "--schema", self.dir)
        self.assertRegex(text, r"(?m)^more-v1 +luser +One more$")
        self.assertRegex(text, r"(?m)^sample-v1 +proposed +Every construct")
        names = [line.split()[0] for line in text.splitlines()]
        self.assertEqual(names, sorted(names))

    def test_lint_says_what_is_broken_and_why(self) -> None:
        text = self.ok("lint", "--schema", SAMPLE)
        self.assertIn("sample-v1 breaks pointer: There is one.", text)

    def test_the_schemas_of_the_project_are_the_default(self) -> None:
        self.assertEqual(self.ok("list"),
                         self.ok("list", "--schema", ROOT / "schema"))

    def test_a_python_without_the_modules(self) -> None:
        result = subprocess.run(
            [sys.executable, "-S", "-B", str(LUSER_GEN), "list"],
            capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("install python3-jinja2", result.stderr)
        self.assertNotIn("Traceback", result.stderr)


if __name__ == "__main__":
    unittest.main()
