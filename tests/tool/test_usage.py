#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The command line, and the documents that are made from its table."""

import re
import subprocess
import unittest

from tool import LUO_DUMP, SOURCE, Case, run

OPTION = r"(?<![\w-])(--[a-z][a-z-]+|-[a-zA-Z])\b"


def help_options() -> set[str]:
    lines = re.findall(r"^ {2,6}(-\S.*?)(?: {2}|$)", run("--help").out, re.M)
    return {option for line in lines for option in re.findall(OPTION, line)}


def man_page() -> str:
    page = subprocess.run(
        ["mandoc", "-T", "ascii", LUO_DUMP.with_name("luo-dump.1")],
        check=True, capture_output=True, text=True,
    ).stdout
    return re.sub(".\b", "", page)


def completion(*words: str) -> list[str]:
    """What bash offers for the last word."""
    script = """
        . "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        _luo_dump; printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script, "bash", LUO_DUMP.with_name("luo-dump.bash"),
         "luo-dump", *words],
        check=True, capture_output=True, text=True,
    )
    return done.stdout.split()


class Agreement(unittest.TestCase):
    """Help, manual page and completion name the same options."""

    def test_help_has_the_documented_options(self) -> None:
        self.assertLessEqual(
            {"--json", "--in", "--out", "--select", "--hex", "-x", "--memory",
             "--save", "--version", "-V", "-h"}, help_options())

    def test_man_page(self) -> None:
        page = man_page()
        section = page[page.index("OPTIONS"):page.index("OUTPUT")]
        heads = re.findall(r"^ {7}(-\S[^\n]*)", section, re.M)
        named = {option for head in heads
                 for option in re.findall(OPTION, head.split("  ")[0])}
        self.assertEqual(named, help_options())

    def test_completion(self) -> None:
        self.assertEqual(set(completion("-")), help_options())

    def test_help_fits_a_terminal(self) -> None:
        self.assertLessEqual(max(map(len, run("--help").out.splitlines())), 80)

    def test_each_option_is_taken(self) -> None:
        for option in help_options():
            with self.subTest(option):
                said = run(option).err
                self.assertNotIn("unrecognized", said)
                self.assertNotIn("invalid option", said)


class Completion(unittest.TestCase):
    def test_words(self) -> None:
        self.assertEqual(completion("--color", "=", "a"), ["auto", "always"])
        self.assertEqual(completion("--color", "n"), ["never"])

    def test_prefix(self) -> None:
        self.assertEqual(completion("--js"), ["--json"])

    def test_files_and_directories(self) -> None:
        here = str(SOURCE / "luo-dump.rs")
        self.assertEqual(completion("--memory", here),
                         [str(SOURCE / "luo-dump.rst")])
        self.assertEqual(completion("--debugfs", here), [])


class Usage(Case):
    def refuses(self, *args: object, because: str) -> None:
        result = run(*args)
        self.assertEqual((result.status, result.out), (2, ""))
        self.assertIn(because, result.err)
        self.assertTrue(result.err.startswith("luo-dump: ")
                        or "luo-dump: " in result.err)

    def test_unknown_option(self) -> None:
        self.refuses("--no-such-option", because="no-such-option")

    def test_two_paths(self) -> None:
        self.refuses("a", "b", because="one PATH only")

    def test_values(self) -> None:
        for option in ("--records=0", "--records=many", "--records=-1",
                       "--base=0x", "--base=", "--root=1g", "--color=red",
                       "--page-size=4k", f"--base={1 << 64}"):
            with self.subTest(option):
                self.refuses(option, "x", because="is not a valid")

    def test_page_size(self) -> None:
        for size in (1, 2048, 4097, 12288, 131072):
            with self.subTest(size):
                self.refuses(f"--page-size={size}", "x",
                             because="--page-size")

    def test_what_does_not_go_together(self) -> None:
        self.refuses("--json", "--hex", "x", because="exclude each other")
        self.refuses("--contents", "x", because="--save")

    def test_path_that_is_not_there(self) -> None:
        self.refuses(self.dir / "none", because=str(self.dir / "none"))

    def test_name_of_a_path_is_escaped(self) -> None:
        result = run(self.dir / "a\033[31mb")
        self.assertEqual(result.status, 2)
        self.assertNotIn("\033", result.err)
        self.assertIn("\\x1b[31mb", result.err)

    def test_double_dash(self) -> None:
        self.refuses("--", "--json", because="--json")

    def test_version_lists_features_and_abis(self) -> None:
        result = run("--version")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertIn("compressed dumps", result.out)
        for abi in ("kho-v4", "luo-v5", "memfd-v2", "iommu-v2"):
            self.assertRegex(result.out, rf"(?m)^  {abi} +\S")
        self.assertLessEqual(max(map(len, result.out.splitlines())), 80)


if __name__ == "__main__":
    unittest.main()
