# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The list of tests, and how they are run."""

import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .lab import Lab
from .say import Failed


@dataclass(frozen=True)
class Case:
    name: str
    needs: tuple[str, ...]      # options of the command line
    run: Callable[[Lab], None]
    extra: bool                 # only when it is asked for

    @property
    def doc(self) -> str:
        return (self.run.__doc__ or "").split("\n")[0]


CASES: list[Case] = []


def case(name: str, *needs: str, extra: bool = False) -> Callable[
        [Callable[[Lab], None]], Callable[[Lab], None]]:
    """Mark a function as a test; it fails by raising."""
    def add(run: Callable[[Lab], None]) -> Callable[[Lab], None]:
        assert name not in {c.name for c in CASES}, f"two tests named {name}"
        CASES.append(Case(name, needs, run, extra))
        return run
    return add


def run_cases(cases: Iterable[Case], lab: Lab) -> int:
    """Run them all, a line for each; returns how many failed."""
    passed = failed = 0
    for one in cases:
        started = time.monotonic()
        try:
            one.run(lab)
        except (Failed, AssertionError) as error:
            failed += 1
            print(f"FAIL  {one.name}: {error}", flush=True)
            continue
        except Exception:       # the output is not of the form expected
            failed += 1
            print(f"FAIL  {one.name}:\n{traceback.format_exc()}", flush=True)
            continue
        passed += 1
        print(f"ok    {one.name} ({time.monotonic() - started:.1f} s)",
              flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed
