# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A dynamically linked program with every file it needs to run."""

import re
from pathlib import Path

from .cpio import Initramfs
from .say import Failed, output

# "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)"
LIBRARY = re.compile(r"^\s+(\S+) => (/\S+) \(0x[0-9a-f]+\)$", re.M)
LOADER = re.compile(r"^\s+(/\S+) \(0x[0-9a-f]+\)$", re.M)


def add_program(tree: Initramfs, name: str, program: Path) -> None:
    """The libraries all go where the loader looks without being told."""
    text = output(["ldd", program])
    lost = re.findall(r"(\S+) => not found", text)
    if lost:
        raise Failed(f"{program} needs {', '.join(lost)}")
    tree.add_file(name, program)
    for library, path in LIBRARY.findall(text):
        tree.add_file(f"/lib/{library}", Path(path))
    for loader in LOADER.findall(text):
        tree.add_file(loader, Path(loader))
