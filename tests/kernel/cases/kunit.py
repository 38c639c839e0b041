# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The series' own KUnit suites, under KASAN and lockdep."""

import re

from rig.guest import line
from rig.lab import Lab
from rig.machine import Machine
from rig.series import SERIES
from rig.suite import case
from rig.trip import Trip
from rig.update import KHO

SUITE = re.compile(r"struct kunit_suite \w+ = \{\s*\.name = \"([^\"]+)\"")
PASSED = re.compile(r"^# (?!Totals)(\S+): pass:[1-9]\d* fail:0 skip:0 ", re.M)


def suites() -> set[str]:
    """Those in the series' files and patches."""
    names: set[str] = set()
    for path in (*SERIES.glob("**/*.c"), *SERIES.glob("patches/*.patch")):
        text = re.sub(r"^\+", "", path.read_text(), flags=re.M)
        names |= set(SUITE.findall(text))
    return names


@case("kunit")
def kunit(lab: Lab) -> None:
    """every KUnit suite of the series passes, with KHO switched on"""
    done = Trip(lab.patched_bench, Machine(),
                [[line("tree", "kho", f"{KHO}/out")]],
                "kunit.enable=1 kunit.autorun=1").run()
    assert "kho/fdt" in done.heard.files, "KHO switched itself off"
    (console,) = done.consoles
    passed = {found[1] for found in PASSED.finditer(console)}
    report = "\n".join(row for row in console.splitlines()
                       if row.lstrip().startswith(("#", "ok", "not ok")))
    assert passed == suites(), f"not passed: {suites() - passed}\n{report}"
