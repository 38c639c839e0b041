# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What luo-dump compat says before a kexec, against what came of it."""

from typing import Any

from .outcome import Outcome

ACCEPTED = "accepted"


def refusals(answer: Any) -> list[str]:
    """Objects of the answer that the kernel would not take."""
    return [f"{one['path'] or 'root'} {one['verdict']}"
            for handover in answer["handovers"]
            for one in handover["objects"] if one["verdict"] != ACCEPTED]


def disagreement(answer: Any, came: Outcome) -> str:
    """Nothing, or in what the answer is not what happened."""
    verdict = answer["verdict"]
    want = "yes" if came.verdict == ACCEPTED else "no"
    if verdict == want:
        return ""
    return f"compat says {verdict}: {', '.join(refusals(answer))}"
