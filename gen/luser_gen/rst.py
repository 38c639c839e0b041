# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Small pieces of reStructuredText."""
from __future__ import annotations

import re
import textwrap
from typing import List, Sequence

from .csource import WIDTH, one_line

NARROWEST = 24  # of a table's last column


def escape(text: str) -> str:
    """Prose without characters that mean something."""
    text = re.sub(r"([\\*`|])", r"\\\1", text)
    return re.sub(r"(\w)_(?=\W|$)", r"\1\\_", text)


def prose(text: str, first: str = "", hang: str = "") -> str:
    """Paragraphs of 80 columns, behind @first; other lines behind @hang."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(wrap(block, WIDTH, hang if i else first, hang)
                       for i, block in enumerate(blocks))


def wrap(text: str, width: int, first: str = "", hang: str = "") -> str:
    """One paragraph; inline literals may be broken where they have blanks."""
    return "\n".join(textwrap.wrap(
        one_line(text), width, initial_indent=first, subsequent_indent=hang,
        break_long_words=False, break_on_hyphens=False))


def heading(text: str, mark: str) -> str:
    return f"{text}\n{mark * len(text)}"


def title(text: str) -> str:
    bar = "=" * len(text)
    return f"{bar}\n{text}\n{bar}"


def number(of: int) -> str:
    """Large numbers are mostly addresses, bits or letters."""
    return str(of) if of < 0x100000 else hex(of)


def code(text: str) -> str:
    return f"``{text}``"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A simple table; its last column is wrapped."""
    every = [list(head), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in every) for i in range(len(head) - 1)]
    last = max(NARROWEST, WIDTH - sum(widths) - 2 * len(widths))
    cells = [[*row[:-1], wrap(row[-1], last)] for row in every]
    widths.append(max(len(line) for row in cells
                      for line in row[-1].split("\n")))
    bar = "  ".join("=" * width for width in widths)
    lines = [bar, *_row(cells[0], widths), bar]
    for row in cells[1:]:
        lines += _row(row, widths)
    return "\n".join([*lines, bar])


def _row(row: Sequence[str], widths: Sequence[int]) -> List[str]:
    texts = row[-1].split("\n")
    front = "  ".join(f"{cell:{width}}"
                      for cell, width in zip(row[:-1], widths))
    hang = " " * (len(front) + 2) if front else ""
    return [f"{front}  {texts[0]}".rstrip(),
            *[hang + text for text in texts[1:]]]
