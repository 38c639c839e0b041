# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Small pieces of text as a kernel header has them."""
from __future__ import annotations

from typing import List

from .csource import TAB, WIDTH, comment, fill, one_line, width_of
from .trees import Linear


def listed(words: List[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def linear(number: Linear) -> str:
    """a + b * PAGE_SHIFT as a person would write it."""
    shift = "PAGE_SHIFT" if abs(number.shifts) == 1 \
        else f"{abs(number.shifts)} * PAGE_SHIFT"
    if not number.shifts:
        return str(number.constant)
    if number.shifts < 0:
        return f"{number.constant} - {shift}"
    sign = "-" if number.constant < 0 else "+"
    return f"{shift} {sign} {abs(number.constant)}" if number.constant \
        else shift


def macro(name: str, value: str) -> str:
    """A definition, broken into lines where it is too long."""
    line = f"#define {name}\t{value}"
    if width_of(line) <= WIDTH:
        return line
    tied = value.replace("struct ", "struct\0")  # stays on one line
    lines = fill(tied, "\t", "\t ").replace("\0", " ").split("\n")
    lines = [continued(text) for text in [f"#define {name}", *lines[:-1]]] \
        + lines[-1:]
    return "\n".join(lines)


def continued(text: str) -> str:
    """A line with a backslash near the right edge."""
    columns = WIDTH - TAB - width_of(text)
    return text + ("\t" * -(-columns // TAB) or " ") + "\\"


def remark(text: str) -> str:
    """A comment on one line, or a block of lines."""
    line = f"/* {one_line(text)} */"
    return line if width_of(line) <= WIDTH else f"/*\n{comment(text)}\n */"
