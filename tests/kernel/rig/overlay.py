# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""An include directory whose ABI headers replace the kernel's own.

A kernel header also defines macros that are no layout. Those that ours lacks
are kept: they go to a header of their own, which ours then includes.
"""

import re
from pathlib import Path

ABI = Path("linux/kho/abi")
# One logical line: a backslash continues it.
DEFINE = re.compile(r"^#[ \t]*define[ \t]+(\w+)(?:\\\n|[^\n])*$", re.M)
GUARD = re.compile(r"^#ifndef (\w+)\n#define \1$", re.M)


def macros(text: str) -> dict[str, str]:
    """The macros that a header defines, its guard left out."""
    guard = GUARD.search(text)
    return {m[1]: m[0] for m in DEFINE.finditer(text)
            if not guard or m[1] != guard[1]}


def overlay(headers: dict[str, str], own: Path, into: Path) -> dict[str, str]:
    """Put headers (name: text) into a directory; own is the kernel's include.

    Returns the macros kept of each header, one blank between them.
    """
    where = into / ABI
    where.mkdir(parents=True)
    kept = {}
    for name, text in headers.items():
        theirs = own / ABI / name
        extra = macros(theirs.read_text()) if theirs.exists() else {}
        extra = {n: d for n, d in extra.items() if n not in macros(text)}
        if extra:
            rest = f"{Path(name).stem}_kept.h"
            (where / rest).write_text("\n".join(extra.values()) + "\n")
            text += f"\n#include <{ABI / rest}>\n"
            kept[name] = " ".join(extra)
        (where / name).write_text(text)
    return kept
