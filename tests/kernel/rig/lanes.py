# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Tests side by side: a virtual machine keeps one CPU busy, and there are two."""

import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import IO

from .lab import Lab
from .suite import Case, run_cases

# On the series' kernel; they take longer than all the others.
SERIES = ("series-update", "kunit", "selftest", "iommu-")


def split(cases: Sequence[Case]) -> list[list[Case]]:
    series = [c for c in cases if c.name.startswith(SERIES)]
    others = [c for c in cases if c not in series]
    return [lane for lane in (series, others) if lane]


def _aside(cases: Sequence[Case], make_lab: Callable[[str], Lab],
           out: IO[bytes]) -> None:
    for stream in (sys.stdout, sys.stderr):
        os.dup2(out.fileno(), stream.fileno())
    sys.exit(1 if run_cases(cases, make_lab("others")) else 0)


def run_lanes(cases: Sequence[Case], make_lab: Callable[[str], Lab]) -> bool:
    """Run them all; what the second lane prints comes in the end.

    make_lab makes a lab whose files are in a directory of that name.
    """
    first, *rest = split(cases)
    with tempfile.TemporaryFile() as out:
        aside = [multiprocessing.get_context("fork").Process(
            target=_aside, args=(lane, make_lab, out), daemon=True)
            for lane in rest]
        for process in aside:
            process.start()
        failed = bool(run_cases(first, make_lab("series")))
        for process in aside:
            process.join()
            failed |= bool(process.exitcode)
        out.seek(0)
        shutil.copyfileobj(out, sys.stdout.buffer)
        sys.stdout.flush()
    return failed
