# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Who must not do DMA, and who must not have a device."""

import re

from rig.dmar import find_entry, present, root_register
from rig.guest import line
from rig.iommu import User, disown
from rig.lab import Lab
from rig.machine import Machine
from rig.say import say
from rig.suite import case
from rig.trip import Trip
from rig.vm import Vm

DRIVERS = "/sys/bus/pci/drivers"


def others(lab: Lab, machine: Machine) -> None:
    kept, left = User(machine, 0), User(machine, 1)
    states: dict[str, bool] = {}

    def handover(vm: Vm) -> None:
        root = root_register(vm)
        for user in (kept, left):
            bdf = machine.bdf(user.n)
            entry = find_entry(vm.gdb.read, root, bdf)
            states[bdf] = entry is not None and present(
                vm.gdb.read(entry.phys, entry.size))

    done = Trip(lab.patched_bench, machine, [
        [*kept.hand_over(), *left.set_up(), *left.works()],
        [line("sysfs", "dev1", machine.bdf(1)), line("memory", "mem1", 1, 0),
         left.no_dma(0), *kept.take(), *kept.own(), *kept.claim(),
         *kept.works(), *kept.replace(), *kept.finish()]]).run(
             handover=handover)
    assert states == {machine.bdf(0): True, machine.bdf(1): False}, states
    fault = re.search(rf"^DMAR: \[DMA .*\[{machine.bdf(1)}\] fault addr "
                      rf"{left.iova:#x} .*$", done.consoles[1], re.M)
    assert fault, "no DMAR line of the device that was not preserved"
    say(f"present in machine_kexec: {states}")
    say(fault[0])


@case("iommu-others")
def others_legacy(lab: Lab) -> None:
    """a device that was not preserved: entry clear, its DMA faults"""
    others(lab, Machine())


def _uio(bdf: str, error: str) -> list[str]:
    return [line("write", f"/sys/bus/pci/devices/{bdf}/driver_override",
                 "uio_pci_generic"),
            line("expect", error, "write", f"{DRIVERS}/uio_pci_generic/bind",
                 bdf)]


def claims(lab: Lab, machine: Machine) -> None:
    user, bdf = User(machine), machine.bdf(0)
    Trip(lab.patched_bench, machine, [user.hand_over(), [
        *_uio(bdf, "EBUSY"), *user.own(),
        line("iommufd", "other"), line("vfio", "dev", bdf),
        line("expect", "EPERM", "bind", "dev", "other"), line("close", "dev"),
        line("expect", "EPERM", "container", bdf),
        *user.take(), *user.claim(), *user.works(), *user.replace(),
        *user.finish(), *user.close(),
        line("container", bdf), line("vfio", "dev", bdf),
        line("bind", "dev", "other"), line("close", "dev"),
        *disown(bdf), *_uio(bdf, "0")]]).run()


@case("iommu-claims")
def claims_legacy(lab: Lab) -> None:
    """until it is claimed, and only so long, nobody else gets the device"""
    claims(lab, Machine())
