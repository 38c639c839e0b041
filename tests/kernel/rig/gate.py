# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The command line of tests/kernel/gate-*."""

import argparse
import sys
import tempfile
from pathlib import Path

from .cache import Cache, default_root
from .gates import proven, sources
from .lab import Lab
from .say import Failed


def main(name: str) -> int:
    parser = argparse.ArgumentParser(
        prog=f"tests/kernel/gate-{name}",
        description=f"Run {name} of Linux 7.3 on our files for a kernel tree: "
        "the generated ones, and those of the directory kernel/.",
        epilog="Exit status: 0 silent, 1 complaints, which are printed.")
    parser.add_argument("generated", type=Path,
                        help="the generated files, by their kernel paths")
    parser.add_argument("file", nargs="*", type=Path,
                        help="only these, by their kernel paths")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luser-") as temp:
        lab = Lab(Cache(default_root()), Path(temp), None,
                  args.generated.resolve())
        try:
            noise = proven(lab.gate(name), lab.ours,
                           args.file or sources(lab.ours))
        except Failed as error:
            noise = f"{error}\n"
    sys.stdout.write(noise)
    return 1 if noise else 0
