# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What differs between a kernel and schemas, for people and programs."""
from __future__ import annotations

import json
import textwrap
from typing import Iterator

from .kernelcheck import Finding, Result

WIDTH = 80


def _line(finding: Finding) -> str:
    if finding.documentation:
        text = f"{finding.place}: {finding.what}, " + (
            f"but it is {finding.kernel}" if finding.kernel
            else "which does not exist")
    elif finding.kernel is None:
        text = f"{finding.abi}: {finding.what}"
        if finding.schema != "there":
            text += f" is {finding.schema} in the schema, and"
        text += " is not in the kernel"
    elif finding.schema is None:
        text = f"{finding.abi}: {finding.what} is in the kernel only"
    else:
        text = (f"{finding.abi}: {finding.what} is {finding.schema} in the "
                f"schema, and {finding.kernel} in the kernel")
    head = "document" if finding.documentation else "differs"
    return textwrap.fill(text, WIDTH, initial_indent=f"{head:10}",
                         subsequent_indent=" " * 10, break_long_words=False,
                         break_on_hyphens=False)


def text(result: Result) -> Iterator[str]:
    """Lines for a person."""
    yield textwrap.fill(f"Linux {result.release}: " + (
        ", ".join(result.abis) or "no schema is of this release"), WIDTH,
        subsequent_indent="  ", break_on_hyphens=False)
    if result.unseen:
        yield textwrap.fill(", ".join(result.unseen), WIDTH,
                            initial_indent="not seen  ",
                            subsequent_indent=" " * 10)
    ordered = sorted(result.findings, key=lambda f: f.documentation)
    yield from map(_line, ordered)
    wrong = sum(not finding.documentation for finding in ordered)
    yield (f"{result.compared} facts compared, {wrong} differ, "
           f"{len(ordered) - wrong} contradictions in documentation")


def document(result: Result) -> str:
    """One JSON document."""
    return json.dumps({
        "release": result.release, "abis": result.abis,
        "compared": result.compared, "unseen": result.unseen,
        "findings": [{"kind": "documentation" if f.documentation
                      else "difference", "abi": f.abi or None,
                      "what": f.what, "schema": f.schema, "kernel": f.kernel,
                      "place": f.place or None}
                     for f in result.findings]}, indent=2)


def status(result: Result) -> int:
    """The exit status."""
    if any(not finding.documentation for finding in result.findings):
        return 4
    return 3 if result.findings else 0
