# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the tests of the generator share."""
import io
import os
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Dict, List, Optional, Union

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LUSER_GEN = ROOT / "gen" / "luser-gen"
SAMPLE = HERE / "sample"
GOLDEN = HERE / "golden"
KINDS = ["tables", "registry", "shared", "types"]
ONLY = [arg for kind in KINDS for arg in ("--only", kind)]
CFLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow",
          "-Werror"]

sys.path.insert(0, str(ROOT / "gen"))
from luser_gen.cli import main  # noqa: E402

Result = subprocess.CompletedProcess[str]


def run(*args: object, cwd: Optional[Path] = None,
        env: Optional[Dict[str, str]] = None) -> Result:
    """Run luser-gen with the interpreter that runs the test."""
    command = [sys.executable, "-B", str(LUSER_GEN), *map(str, args)]
    return subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})},
                          capture_output=True, text=True, check=False)


def call(*args: object, cwd: Path) -> Result:
    """The same in this process, for tests that run it very often."""
    here = os.getcwd()
    out, err = io.StringIO(), io.StringIO()
    os.chdir(cwd)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            status = main([str(arg) for arg in args])
    finally:
        os.chdir(here)
    return Result([str(arg) for arg in args], status, out.getvalue(), err.getvalue())


def files(folder: Path) -> Dict[str, bytes]:
    """Every file below @folder."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.glob("**/*")) if path.is_file()}


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        self.dir = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def ok(self, *args: object, cwd: Optional[Path] = None,
           env: Optional[Dict[str, str]] = None) -> str:
        """Run luser-gen, which must succeed; what it says."""
        result = run(*args, cwd=cwd, env=env) if env \
            else call(*args, cwd=cwd or self.dir)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def fails(self, *args: object) -> List[str]:
        """Run luser-gen, which must find fault; the messages."""
        result = call(*args, cwd=self.dir)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        return result.stderr.splitlines()

    def schema(self, name: str, text: str) -> Path:
        """Write a schema into the folder."""
        path = self.dir / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path


def build(out: Path, program: str, *extra: Union[str, Path]) -> Path:
    """Compile tests/gen/PROGRAM.c with what is generated from the sample."""
    gen = out / "gen"
    result = run("emit", "--schema", SAMPLE, "--out", gen, *ONLY)
    if result.returncode:
        raise AssertionError(result.stderr)
    binary = out / program
    include = [ROOT / "libluser" / "include", gen / "include"]
    subprocess.run(
        [os.environ.get("CC", "cc"), *CFLAGS,
         *[f"-I{path}" for path in include], HERE / f"{program}.c",
         *sorted((gen / "abi").glob("*.c")), *extra, "-o", binary], check=True)
    return binary
