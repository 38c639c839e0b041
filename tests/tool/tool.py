# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Running luo-dump, and where its files are."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

LUO_DUMP = Path(os.environ["LUO_DUMP"])
LUO_BUILD = Path(os.environ["LUO_BUILD"])
SOURCE = Path(__file__).resolve().parents[2] / "tools" / "luo-dump"

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((SOURCE / "luo-dump.schema.json").read_text())
)


@dataclass
class Result:
    status: int
    out: str
    err: str


# Root without what makes root special: file modes hold for it as well.
POWERLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def run(*args: object, env: dict[str, str] | None = None,
        stdin: Any = subprocess.DEVNULL, powerless: bool = False) -> Result:
    """Runs luo-dump without color and without this terminal's variables."""
    before = POWERLESS if powerless and os.geteuid() == 0 else []
    done = subprocess.run(
        [*before, LUO_DUMP, *map(str, args)], stdin=stdin, capture_output=True,
        env={"PATH": os.environ["PATH"], **(env or {})},
        timeout=120, check=False,
    )
    return Result(done.returncode, done.stdout.decode("ascii"),
                  done.stderr.decode("ascii"))


# What a program is started from counts as its own, so this is a small one.
PEAK = """
import os, resource, sys
out = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=out)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def peak(*args: object) -> int:
    """Bytes of memory that luo-dump takes at most."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PEAK, LUO_DUMP, *args],
        capture_output=True, timeout=120, check=True,
        env={"PATH": os.environ["PATH"],
             "ASAN_OPTIONS": "quarantine_size_mb=0"})
    return int(done.stdout) * 1024


def run_json(*args: object, status: int = 0) -> Any:
    """The document that --json prints, which must be a valid one."""
    result = run("--json", *args)
    assert result.status == status, (result.status, result.err)
    document = json.loads(result.out)
    VALIDATOR.validate(document)
    return document


def run_build(*args: object, text: str = "", stdin: Any = None
              ) -> tuple[int, str]:
    """Runs luo-build; its status and what it says."""
    given = {"stdin": stdin} if stdin else {"input": text.encode()}
    done = subprocess.run([LUO_BUILD, *map(str, args)], capture_output=True,
                          timeout=120, check=False, **given)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def build(given: Any, path: Path, *args: object, stdin: Any = None) -> None:
    """Makes a dump of a description: a document, or a file."""
    text = ""
    if isinstance(given, dict):
        given, text = "-", json.dumps(given)
    said = run_build(f"--output={path}", *args, given, text=text, stdin=stdin)
    assert said == (0, ""), said


def build_fails(text: str, path: Path | None, *args: object) -> str:
    """What luo-build says of a description that is wrong."""
    if path:
        args = (f"--output={path}", *args, "-")
    status, said = run_build(*args, text=text)
    assert status == 2, (status, said)
    return said


def objects(tree: Any, **want: Any) -> Iterator[Any]:
    """All objects of a document with these members, outer ones first."""
    if isinstance(tree, list):
        for one in tree:
            yield from objects(one, **want)
    elif isinstance(tree, dict):
        if all(tree.get(key) == value for key, value in want.items()):
            yield tree
        for below in ("handovers", "tree", "children", "items"):
            yield from objects(tree.get(below), **want)


class Case(unittest.TestCase):
    """A test with a directory of its own."""

    maxDiff = None

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = Path(directory.name)
