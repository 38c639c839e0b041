# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The kernel selftest of the series, before and after a kexec."""

import re

from rig.guest import line
from rig.iommu import own
from rig.lab import Lab
from rig.machine import Machine
from rig.say import say
from rig.suite import case
from rig.trip import Trip

TOTALS = re.compile(r"^# Totals: pass:(\d+) fail:0 xfail:0 xpass:0 skip:0 "
                    r"error:0$", re.M)


@case("selftest")
def selftest(lab: Lab) -> None:
    """tools/testing/selftests/iommu/iommu_liveupdate passes in both kernels"""
    machine = Machine()
    bdf = machine.bdf(0)
    done = Trip(lab.patched_bench, machine, [
        [*own(bdf), line("run", f"stage-{stage}", 0, "/bin/selftest",
                         "--stage", stage, bdf)] for stage in (1, 2)]).run()
    for stage in (1, 2):
        result = lab.heard(done.heard, f"stage-{stage}")
        found = TOTALS.search(result.stdout)
        assert result.status == 0 and found, result.stdout + result.stderr
        say(f"stage {stage}: {found[1]} passed")
