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
        description=f"Run {name} of Linux 7.3 on files for a kernel tree.",
        epilog="Exit status: 0 silent, 1 complaints, which are printed.")
    parser.add_argument("root", type=Path,
                        help="where the files are, by their kernel paths")
    parser.add_argument("file", nargs="*", type=Path,
                        help="only these, relative to the root")
    args = parser.parse_args()
    root = args.root.resolve()
    with tempfile.TemporaryDirectory(prefix="luser-") as temp:
        lab = Lab(Cache(default_root()), Path(temp), None, root)
        try:
            noise = proven(lab.gate(name), root, args.file or sources(root))
        except Failed as error:
            noise = f"{error}\n"
    sys.stdout.write(noise)
    return 1 if noise else 0
