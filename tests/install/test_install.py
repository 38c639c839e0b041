#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What is installed can be used: by pkg-config, by CMake, by a person."""
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONSUMER = Path(__file__).resolve().parent / "consumer"
STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]

# Each tool, and an option of it.
TOOLS = {"luo-dump": "--select=OBJECT", "luo-build": "--output=FILE"}


def output(*command: str | Path, **env: str) -> str:
    done = subprocess.run(command, env=os.environ | env, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode:
        raise AssertionError(f"{shlex.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def schemas_with_code() -> list[str]:
    return sorted(p.stem for p in (ROOT / "schema").glob("*/*.yaml"))


class Install(unittest.TestCase):
    temp: tempfile.TemporaryDirectory[str]
    prefix: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.temp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temp.cleanup)
        cls.prefix = Path(cls.temp.name) / "prefix"
        output("cmake", "--install", os.environ["LUSER_BUILD"],
               "--prefix", cls.prefix)

    def find(self, pattern: str) -> Path:
        found = list(self.prefix.glob(pattern))
        self.assertEqual(len(found), 1, f"{pattern}: {found}")
        return found[0]

    def test_pkg_config(self) -> None:
        where = str(self.find("**/luser.pc").parent)
        flags = output("pkg-config", "--cflags", "--libs", "luser",
                       PKG_CONFIG_PATH=where).split()
        program = Path(self.temp.name) / "consumer"
        output("cc", *STRICT, CONSUMER / "consumer.c", "-o", program, *flags)
        libraries = str(self.find("**/libluser.so").parent)
        said = output(program, LD_LIBRARY_PATH=libraries)
        self.assertEqual(said.split(), schemas_with_code())

    def test_cmake_package(self) -> None:
        build = Path(self.temp.name) / "build"
        output("cmake", "-G", "Ninja", "-S", CONSUMER, "-B", build,
               f"-DCMAKE_PREFIX_PATH={self.prefix}")
        output("cmake", "--build", build)
        self.assertEqual(output(build / "consumer").split(),
                         schemas_with_code())

    def test_each_header_stands_alone(self) -> None:
        include = self.prefix / "include"
        headers = sorted(include.rglob("*.h"))
        self.assertTrue(headers)
        for header in headers:
            with self.subTest(header=header.name):
                output("cc", *STRICT, "-fsyntax-only", "-x", "c",
                       f"-I{include}", header)

    def test_tools_run_where_they_are_installed(self) -> None:
        version = (ROOT / "VERSION").read_text().strip()
        for tool in TOOLS:
            said = output(self.find(f"bin/{tool}"), "--version")
            self.assertEqual(said.splitlines()[0], f"{tool} {version}")

    def test_manual_and_completion(self) -> None:
        for tool, option in TOOLS.items():
            said = output("mandoc", "-T", "utf8", "-W", "error",
                          self.find(f"share/man/man1/{tool}.1"))
            self.assertIn(option, re.sub(".\b", "", said))
            output("bash", "-n",
                   self.find(f"share/bash-completion/completions/{tool}"))

    def test_first_word_is_completed(self) -> None:
        file = self.find("share/bash-completion/completions/luo-dump")
        script = (f". {file}; COMP_WORDS=(luo-dump \"$@\"); COMP_CWORD=$#; "
                  "_luo_dump; echo \"${COMPREPLY[*]}\"")
        for words, offered in ((["co"], True), (["--in", "co"], False)):
            said = output("bash", "-c", script, "bash", *words)
            self.assertEqual("compat" in said, offered)


if __name__ == "__main__":
    unittest.main()
