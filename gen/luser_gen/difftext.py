# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Differences between ABIs, for people and for programs."""
from __future__ import annotations

import json
import textwrap
from typing import Any, Dict, Iterator, List

from .diff import Change, Diff, Grade

WIDTH = 80


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else line[:WIDTH - 3] + "..."


def _said(change: Change) -> str:
    if change.why == "it is documentation":
        return f"{change.what} reads differently"
    if change.new == "there":
        text = f"{change.what} is new"
    elif change.old is None:
        text = f"{change.what} is new: {_cut(change.new or '')}"
    elif change.new == "gone":
        text = f"{change.what} is gone"
    else:
        text = (f"{change.what} was {_cut(change.old)} and is "
                f"{_cut(change.new or 'none')}")
    return text + (f" ({change.why})" if change.why else "")


def _change(change: Change) -> str:
    line = f"{change.path}: " if change.path else ""
    return textwrap.fill(line + _said(change), WIDTH,
                         initial_indent=f"  {change.grade.word:10}  ",
                         subsequent_indent=" " * 14,
                         break_long_words=False, break_on_hyphens=False)


def _head(diff: Diff) -> str:
    if diff.old is None:
        return f"{diff.new}: compatible, a new version"
    if diff.new is None:
        return f"{diff.old}: breaking, it is gone"
    names = diff.old if diff.old == diff.new \
        else f"{diff.old} to {diff.new}"
    return f"{names}: {diff.grade.word}"


def worst(diffs: List[Diff]) -> Grade:
    return max((diff.grade for diff in diffs), default=Grade.IDENTICAL)


def text(diffs: List[Diff]) -> Iterator[str]:
    """Lines for a person."""
    for diff in diffs:
        yield _head(diff)
        for change in sorted(diff.changes, key=lambda c: -c.grade):
            yield _change(change)
    if len(diffs) > 1:
        yield f"all together: {worst(diffs).word}"


def _object(diff: Diff) -> Dict[str, Any]:
    return {"old": diff.old, "new": diff.new, "class": diff.grade.word,
            "changes": [{"class": c.grade.word, "path": c.path,
                         "what": c.what, "old": c.old, "new": c.new,
                         "why": c.why or None} for c in diff.changes]}


def document(diffs: List[Diff]) -> str:
    """One JSON document."""
    return json.dumps({"class": worst(diffs).word,
                       "abis": [_object(diff) for diff in diffs]}, indent=2)
