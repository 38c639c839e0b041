# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A next kernel that runs VT-d in another way, or has no live update."""

from rig.guest import line
from rig.iommu import User
from rig.lab import Lab
from rig.machine import Machine
from rig.say import say
from rig.suite import case
from rig.trip import Trip

SCALABLE, LEGACY = "intel_iommu=on,sm_on", "intel_iommu=on,sm_off"
# What the first kernel and the next one are told.
SWITCHED_OFF = ((SCALABLE, LEGACY), (LEGACY, SCALABLE),
                (SCALABLE, "intel_iommu=off"))
STOPPED = "{}: bus mastering is off: it was preserved, and dmar0 is switched"
QUARANTINE = "{}: in quarantine until the live update is finished"


def _trip(lab: Lab, user: User, before: str, after: str,
          script: list[str]) -> str:
    """What the next kernel said."""
    machine = user.machine
    done = Trip(lab.patched_bench, machine, [user.hand_over(), script],
                before, f"{machine.cmdline} {after}").run()
    return done.consoles[1]


@case("iommu-mode")
def mode(lab: Lab) -> None:
    """VT-d off or in another mode: preserved devices are stopped first"""
    machine = Machine(scalable=True)
    user, bdf = User(machine), machine.bdf(0)
    for before, after in SWITCHED_OFF:
        console = _trip(lab, user, before, after, [])
        assert STOPPED.format(bdf) in console, f"{before} to {after}"
        say(f"{before} to {after}: {bdf} stopped")


@case("iommu-no-liveupdate")
def no_liveupdate(lab: Lab) -> None:
    """live update off in the next kernel: translation on, DMA faults"""
    machine = Machine(scalable=True)
    user, bdf = User(machine), machine.bdf(0)
    console = _trip(lab, user, SCALABLE, "liveupdate=off", [
        line("sysfs", "dev0", bdf), line("memory", "mem0", 1, 0),
        user.no_dma(0)])
    assert QUARANTINE.format(bdf) in console, console
    assert STOPPED.format(bdf) not in console, console
    assert "Translation was enabled" not in console, console
    say(f"{bdf} in quarantine, and its DMA faults")
