# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Errors that point into a schema file."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import List


@dataclass(frozen=True, order=True)
class Where:
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where."""

    where: Where
    text: str

    def __str__(self) -> str:
        return f"{self.where}: error: {self.text}"


class SchemaError(Exception):
    """Raised once a stage has found all it can find."""

    def __init__(self, problems: List[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


class UsageError(Exception):
    """What the command line names is not there."""


@dataclass
class Report:
    """Gathers problems, so that one run shows all of them."""

    problems: List[Problem] = field(default_factory=list)

    def error(self, where: Where, text: str) -> None:
        self.problems.append(Problem(where, text))

    def check(self) -> None:
        """Raise what was gathered, if anything was."""
        if self.problems:
            raise SchemaError(sorted(set(self.problems)))
