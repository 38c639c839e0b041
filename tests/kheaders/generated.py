# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the generator makes for a kernel, and of which schemas."""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GENERATOR = ROOT / "gen" / "luser-gen"
SAMPLE = HERE / "schema"
SCHEMAS = ROOT / "schema"


def generate(into: Path, *schemas: Path) -> None:
    """The kernel headers and reference pages of some schemas."""
    folders = [f"--schema={path}" for path in schemas]
    done = subprocess.run(
        [sys.executable, "-B", GENERATOR, "emit", "--out", into, *folders,
         "--only", "kernel", "--only", "doc"],
        stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise ValueError(done.stderr)


def files(folder: Path) -> dict[str, str]:
    """The files below a folder by their names."""
    return {str(path.relative_to(folder)): path.read_text()
            for path in sorted(folder.glob("**/*")) if path.is_file()}
