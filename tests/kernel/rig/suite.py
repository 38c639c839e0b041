# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The list of tests, and how they are run."""

import time
import traceback
from collections.abc import Callable
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


def run_case(one: Case, lab: Lab) -> bool:
    """Run it, and print a line; whether it passed."""
    started = time.monotonic()
    try:
        one.run(lab)
    except (Failed, AssertionError) as error:
        print(f"FAIL  {one.name}: {error}", flush=True)
        return False
    except Exception:       # the output is not of the form expected
        print(f"FAIL  {one.name}:\n{traceback.format_exc()}", flush=True)
        return False
    print(f"ok    {one.name} ({time.monotonic() - started:.1f} s)", flush=True)
    return True
