# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What came of a handover, from what the new kernel said and could do."""

import errno
import re
from dataclasses import dataclass

from .passage import Passage
from .releases import Release

BOOT = "Linux version "
PANIC = re.compile(r"Kernel panic - not syncing: (.*)")


@dataclass(frozen=True)
class Outcome:
    """In words that pairs.yaml uses."""
    verdict: str        # accepted, part, ignored, panic, dead
    lost: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        return " ".join([self.verdict, *self.lost])


def _lost(old: Release, passage: Passage, said: str) -> tuple[str, ...]:
    lost = []
    if "Revived memory reservation" not in said:
        lost.append("memblock")
    if "KHO restore succeeded" not in said:
        lost.append("kho_test")
    if old.luo and passage.end != "done":
        code = passage.heard.exits.get("luo", 0)
        lost.append("LUO:" + errno.errorcode[code] if code else "LUO")
    return tuple(lost)


def outcome(old: Release, passage: Passage) -> Outcome:
    said = passage.console.split(BOOT)[-1]
    if passage.console.count(BOOT) < 2:
        return Outcome("dead", why="the new kernel says nothing")
    panic = PANIC.search(said)
    if panic:
        return Outcome("panic", why=panic[1].strip())
    if passage.heard.exits.get("kho") != 0:
        warned = re.search(r"^.*KHO: .*incompatible.*$", said, re.M)
        return Outcome("ignored", why=warned[0] if warned else passage.end)
    lost = _lost(old, passage, said)
    return Outcome("part" if lost else "accepted", lost, passage.end)
