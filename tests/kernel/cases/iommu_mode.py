# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A next kernel that finds or runs VT-d in another way."""

from rig.guest import line
from rig.iommu import User
from rig.lab import Lab
from rig.machine import Machine
from rig.say import say
from rig.suite import case
from rig.trip import Trip
from rig.vm import Vm

SCALABLE, LEGACY = "intel_iommu=on,sm_on", "intel_iommu=on,sm_off"
# What the first kernel and the next one are told.
SWITCHED_OFF = ((SCALABLE, LEGACY), (LEGACY, SCALABLE),
                (SCALABLE, "intel_iommu=off"))
STOPPED = "{}: bus mastering is off: it was preserved, and dmar0 is switched"
QUARANTINE = "{}: in quarantine until the live update is finished"


def _leave_nothing(vm: Vm) -> None:
    """The old kernel switches off a unit that it does not leave."""
    vm.gdb.leave_function(0)


def _trip(lab: Lab, user: User, before: str, after: str,
          script: list[str], off: bool = False) -> str:
    """What the next kernel said; off: if VT-d was off when it booted."""
    machine = user.machine
    trip = Trip(lab.patched_bench, machine, [user.hand_over(), script],
                before, f"{machine.cmdline} {after}",
                stop="intel_liveupdate_handover")
    return trip.run(handover=_leave_nothing if off else None).consoles[1]


@case("iommu-mode")
def mode(lab: Lab) -> None:
    """VT-d off or in another mode: preserved devices are stopped first"""
    machine = Machine(scalable=True)
    user, bdf = User(machine), machine.bdf(0)
    for before, after in SWITCHED_OFF:
        console = _trip(lab, user, before, after, [])
        assert STOPPED.format(bdf) in console, f"{before} to {after}"
        say(f"{before} to {after}: {bdf} stopped")


def _no_dma(user: User) -> list[str]:
    """With bus mastering switched on, there is no DMA."""
    return [line("sysfs", "dev0", user.machine.bdf(0)),
            line("memory", "mem0", 1, 0), user.no_dma(0)]


@case("iommu-no-liveupdate")
def no_liveupdate(lab: Lab) -> None:
    """live update off in the next kernel: translation on, DMA faults"""
    machine = Machine(scalable=True)
    user, bdf = User(machine), machine.bdf(0)
    console = _trip(lab, user, SCALABLE, "liveupdate=off", _no_dma(user))
    assert QUARANTINE.format(bdf) in console, console
    assert STOPPED.format(bdf) not in console, console
    assert "Translation was enabled" not in console, console
    say(f"{bdf} in quarantine, and its DMA faults")


@case("iommu-translation-off")
def translation_off(lab: Lab) -> None:
    """translation found switched off: preserved devices are blocked"""
    machine = Machine()
    user, bdf = User(machine), machine.bdf(0)
    for after, why in (("", "dmar0 does not translate"),
                       ("liveupdate=off", "its unit is refused")):
        console = _trip(lab, user, LEGACY, after, _no_dma(user), off=True)
        assert "Translation was enabled" not in console, console
        assert QUARANTINE.format(bdf) in console and why in console, console
        say(f"{after or 'live update on'}: {why}, {bdf} in quarantine")
