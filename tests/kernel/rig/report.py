# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The matrix as tables, and what is not as it should be."""

import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml  # type: ignore

from .compat import disagreement
from .matrix import STEPS, Matrix, pairs
from .releases import Release
from .say import Failed

FIRST = next(iter(STEPS))
EXPECTED = Path(__file__).resolve().parent.parent / "pairs.yaml"


def _attempt(step: Callable[[], None]) -> str:
    """Nothing, or what is wrong."""
    try:
        step()
    except (Failed, AssertionError) as error:
        return str(error)
    except Exception:       # the output is not of the form expected
        return traceback.format_exc()
    return ""


def _print_wrong(wrong: list[str]) -> None:
    for text in wrong:
        print(f"\n{text}", flush=True)


def _try_steps(matrix: Matrix, release: Release) -> list[str]:
    """What is wrong with a kernel; prints which step went well."""
    wrong = []
    for name, step in STEPS.items():
        said = _attempt(partial(step, matrix, release))
        print(f"{'FAIL' if said else 'ok':>8}", end="", flush=True)
        if said:
            wrong.append(f"{release.name}, {name}: {said}")
            if name == FIRST:
                break       # there is nothing to look at
    print(flush=True)
    return wrong


def report_updates(matrix: Matrix, chosen: list[Release]) -> int:
    """Returns how much is wrong."""
    wrong = []
    print(f"{'Linux':<12}{'pages':>8}"
          + "".join(f"{name:>8}" for name in STEPS), flush=True)
    for release in chosen:
        print(f"{release.name:<12}{release.page // 1024:>4} KiB", end="",
              flush=True)
        wrong += _try_steps(matrix, release)
    _print_wrong(wrong)
    return len(wrong)


def _judge(matrix: Matrix, old: Release, new: Release,
           expected: list[str]) -> list[str]:
    """What is wrong with a pair; prints what comes of it."""
    came, answer = matrix.pair(old, new), matrix.compat(old, new)
    print(f"{old.name:<8}{new.name:<8}{came!s:<40}{answer['verdict']}",
          flush=True)
    wrong = []
    if str(came) not in expected:
        wrong.append(f"{came}: {came.why}; expected {' or '.join(expected)}")
    differs = disagreement(answer, came)
    if differs:
        wrong.append(f"{came}: {came.why}; {differs}")
    return wrong


def report_pairs(matrix: Matrix, chosen: list[Release]) -> int:
    """Returns how much is not as it should be."""
    expected = yaml.safe_load(EXPECTED.read_text())
    wrong = []
    print(f"\n{'from':<8}{'to':<8}{'what comes of it':<40}compat", flush=True)
    for old, new in pairs(chosen):
        try:
            said = _judge(matrix, old, new, expected[old.name][new.name])
        except Failed as error:
            said = [str(error)]
        wrong += [f"{old.name} to {new.name}: {text}" for text in said]
    _print_wrong(wrong)
    return len(wrong)
