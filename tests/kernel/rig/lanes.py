# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Tests side by side: a virtual machine keeps one CPU busy, and there are two."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from typing import IO

from .lab import Lab
from .suite import Case, run_case

FORK = get_context("fork")


class Row:
    """Tests in a row, of which two take: one from each end until they meet.

    Neighbours share what is made for them, which each of the two makes anew.
    """

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._ends = FORK.Array("i", [0, len(cases)])
        self._done = FORK.Array("i", 2)

    def _take(self, front: bool) -> Iterator[Case]:
        while True:
            with self._ends.get_lock():
                first, behind = self._ends
                if first == behind:
                    return
                if front:
                    self._ends[0] += 1
                else:
                    self._ends[1] -= 1
            yield self._cases[first if front else behind - 1]

    def run(self, front: bool, lab: Lab) -> None:
        for one in self._take(front):
            passed = run_case(one, lab)
            with self._done.get_lock():
                self._done[passed] += 1

    def summary(self) -> tuple[int, int]:
        """How many failed, and how many passed."""
        failed, passed = self._done
        return failed, passed


def _aside(row: Row, make_lab: Callable[[str], Lab], out: IO[bytes]) -> None:
    for stream in (sys.stdout, sys.stderr):
        os.dup2(out.fileno(), stream.fileno())
    row.run(False, make_lab("back"))


def run_lanes(cases: Sequence[Case], make_lab: Callable[[str], Lab]) -> bool:
    """Run them all; what is printed from the back on comes in the end.

    make_lab makes a lab whose files are in a directory of that name.
    """
    row = Row(cases)
    with tempfile.TemporaryFile() as out:
        back = FORK.Process(target=_aside, args=(row, make_lab, out),
                            daemon=True)
        if len(cases) > 1:
            back.start()
        row.run(True, make_lab("front"))
        if len(cases) > 1:
            back.join()
        out.seek(0)
        shutil.copyfileobj(out, sys.stdout.buffer)
    failed, passed = row.summary()
    print(f"{passed} passed, {failed} failed", flush=True)
    return failed > 0 or passed < len(cases)
