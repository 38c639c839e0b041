# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Where a kernel's comments and documentation contradict its macros."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
VERSIONED = re.compile(r"(.+[-_]v)\d+")
NAME = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b(?![*(])")
CODE, PROSE = (".c", ".h"), (".rst", ".txt", ".yaml")
ROOMS = ("Documentation", "include")

Place = Tuple[str, int]  # a file and a line


def comments(text: str) -> Iterator[Tuple[int, str]]:
    """Each comment of C, with its first line."""
    for match in COMMENT.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[0]


def _texts(tree: Path, files: List[str]) -> Iterator[Tuple[str, int, str]]:
    """What people read: comments of code, and all of documents."""
    paths = {tree / file for file in files}
    for room in ROOMS:
        paths |= {path for path in (tree / room).glob("**/*")
                  if path.suffix in CODE + PROSE}
    for path in sorted(path for path in paths if path.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace")
        name = str(path.relative_to(tree))
        if path.suffix in PROSE:
            yield name, 1, text
        elif "-v" in text:
            for line, comment in comments(text):
                yield name, line, comment


def other_versions(tree: Path, files: List[str], strings: Set[str]) \
        -> Iterator[Tuple[Place, str, str]]:
    """Words like one of @strings, but with another number behind it.

    Yields the place, the word, and what the macros say.
    """
    stems: Dict[str, List[str]] = {}
    for string in sorted(strings):
        match = VERSIONED.fullmatch(string)
        if match:
            stems.setdefault(match[1], []).append(string)
    if not stems:
        return
    words = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, stems))
                       + r")\d+(?![\w-])")
    for name, line, text in _texts(tree, files):
        for match in words.finditer(text):
            if match[0] not in strings:
                at = line + text.count("\n", 0, match.start())
                yield (name, at), match[0], " or ".join(stems[match[1]])


def unknown_names(tree: Path, file: str, own: Set[str], known: Set[str]) \
        -> Iterator[Tuple[Place, str]]:
    """Macros that the comments of @file name, and that there are not.

    Only those that start like one that the file defines itself: others may
    be anywhere.
    """
    prefixes = {name.partition("_")[0] for name in own if "_" in name}
    text = (tree / file).read_text(encoding="utf-8", errors="replace")
    for line, comment in comments(text):
        for match in NAME.finditer(comment):
            if match[0].partition("_")[0] in prefixes \
                    and match[0] not in known:
                yield (file, line + comment.count("\n", 0, match.start())), \
                    match[0]
