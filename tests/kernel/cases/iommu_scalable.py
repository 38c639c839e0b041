# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The same in scalable mode, where a device's entry is in a PASID table."""

from cases.iommu_damage import refused_in
from cases.iommu_deny import claims, others
from cases.iommu_keep import keep, three
from rig.iommu import User
from rig.lab import Lab
from rig.machine import Machine
from rig.say import say
from rig.suite import case
from rig.trip import Trip

SCALABLE = Machine(scalable=True)


@case("iommu-keep-scalable", "luo-dump")
def keep_scalable(lab: Lab) -> None:
    """iommu-keep in scalable mode"""
    keep(lab, SCALABLE)


@case("iommu-three-scalable", "luo-dump")
def three_scalable(lab: Lab) -> None:
    """iommu-three in scalable mode"""
    three(lab, SCALABLE)


@case("iommu-others-scalable")
def others_scalable(lab: Lab) -> None:
    """iommu-others in scalable mode"""
    others(lab, SCALABLE)


@case("iommu-claims-scalable")
def claims_scalable(lab: Lab) -> None:
    """iommu-claims in scalable mode"""
    claims(lab, SCALABLE)


@case("iommu-mode")
def mode(lab: Lab) -> None:
    """from scalable to legacy mode: bus mastering off first, then refused"""
    user = User(SCALABLE)
    done = Trip(lab.patched_bench, SCALABLE, [
        user.hand_over(), refused_in([user], {0: "domain"})],
        next_cmdline=Machine().cmdline).run()
    stopped = [row for row in done.consoles[1].splitlines()
               if SCALABLE.bdf(0) in row and "bus mastering is off" in row]
    assert stopped, "nothing in the log says that the device was stopped"
    say(stopped[0])
