# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A dynamically linked program with every file it needs to run."""

import re
from pathlib import Path

from .cpio import Initramfs
from .say import Failed, output

# "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)", or the loader alone
LDD = re.compile(r"^\s+(?:\S+ => )?(/\S+) \(0x[0-9a-f]+\)$", re.M)


def libraries(program: Path) -> list[Path]:
    text = output(["ldd", program])
    lost = re.findall(r"(\S+) => not found", text)
    if lost:
        raise Failed(f"{program} needs {', '.join(lost)}")
    return [Path(name) for name in LDD.findall(text)]


def add_program(tree: Initramfs, name: str, program: Path) -> None:
    """The libraries keep their paths, so that an rpath still finds them."""
    tree.add_file(name, program)
    for library in libraries(program):
        tree.add_file(str(library), library)
