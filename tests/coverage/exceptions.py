# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What need not be covered, by its text: one to a line of a file, with the reason.

An exception for what is not there, or was covered, is an error, so that the list
cannot grow old. So is one for a text that is at several places of a file, unless
it names the function: it would excuse others, too.
"""
import sys
from fnmatch import fnmatchcase
from pathlib import Path


class Exceptions:
    """File and function may be patterns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.all: set[tuple[str, str]] = set()
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            place, rest = line.split(" | ", 1)
            text, why = rest.rsplit(" | ", 1)
            if not why:
                sys.exit(f"{path}: no reason for: {line}")
            self.all.add((place, text))
        self.unused = set(self.all)
        self.vague: set[tuple[str, str]] = set()

    def take(self, name: str, function: str, text: str, count: int) -> bool:
        """Whether a text is one; it is at so many places of the file."""
        found = {key for key in self.all if key[1] == text and
                 fnmatchcase(f"{name}:{function}" if ":" in key[0] else name,
                             key[0])}
        self.unused -= found
        if count > 1:
            self.vague |= {key for key in found if ":" not in key[0]}
        return bool(found)

    def complain(self) -> bool:
        """Print what is wrong with the list; whether that is nothing."""
        for name, text in sorted(self.unused):
            print(f"{self.path.name}: {name}: was run, or is not there: {text}")
        for name, text in sorted(self.vague):
            print(f"{self.path.name}: {name}: name the function, it is at "
                  f"several places: {text}")
        return not self.unused and not self.vague
