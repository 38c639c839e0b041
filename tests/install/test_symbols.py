#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""libluser.so exports what libluser.map names, and no more."""
import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Path(os.environ["LUSER_BUILD"]) / "libluser" / "libluser.so"


def exported() -> set[str]:
    lines = subprocess.check_output(["nm", "-D", "--defined-only", LIBRARY],
                                    text=True).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines
            if " A " not in line}


def described() -> set[str]:
    """The descriptors that the generator adds, one for each schema."""
    headers = (LIBRARY.parent.parent / "gen" / "include").rglob("*.h")
    found = (re.search(r"^extern const struct luser_abi (\w+);$",
                       header.read_text(), flags=re.MULTILINE)
             for header in headers)
    return {match[1] for match in found if match}


def descriptors() -> set[str]:
    return {"luser_abi_" + re.sub(r"\W", "_", schema.stem)
            for schema in (ROOT / "schema").glob("*/*.yaml")}


def named_by_map() -> set[str]:
    text = (ROOT / "libluser" / "libluser.map").read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return set(re.findall(r"^\t(luser_\w+);$", text, flags=re.MULTILINE))


def declared() -> set[str]:
    headers = (ROOT / "libluser" / "include" / "luser").glob("*.h")
    text = "".join(h.read_text() for h in headers)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    inline = re.findall(r"static inline[^;{]*?(luser_\w+)\(", text)
    pointers = re.findall(r"typedef[^;]*;", text)
    for pointer in pointers:
        text = text.replace(pointer, "")
    return set(re.findall(r"(luser_\w+)\(", text)) - set(inline)


class Symbols(unittest.TestCase):
    maxDiff = None

    def test_exported_is_what_the_map_names(self) -> None:
        self.assertEqual(exported(), named_by_map() | described())

    def test_declared_is_what_the_map_names(self) -> None:
        self.assertEqual(declared(), named_by_map())


if __name__ == "__main__":
    unittest.main()
