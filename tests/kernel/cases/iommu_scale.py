# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Many devices: what each of them costs does not grow with their number."""

import time
from dataclasses import dataclass, field

from cases.iommu_keep import booted, check_pages, finished, handed
from rig.guest import line
from rig.iommu import User
from rig.lab import Lab
from rig.machine import Machine
from rig.pages import handed_over
from rig.say import say
from rig.shown import number
from rig.suite import case
from rig.trip import Trip
from rig.vm import Vm

PHASES = ("preserve", "handover and boot", "retrieve to finish")
WAITS = ("ready", "preserved", "booted", "finished")
# What differs between few devices and many that is not theirs: the boot's own
# flushes, and pages that are not full.
SLACK = 1.1


@dataclass
class Seen:
    """At each wait: when, and how many invalidations QEMU was told of."""
    clock: list[float] = field(default_factory=list)
    invalidations: list[int] = field(default_factory=list)

    def look(self, vm: Vm) -> None:
        self.clock.append(time.monotonic())
        self.invalidations.append(vm.traced())


@dataclass(frozen=True)
class Cost:
    """Of all devices: what is handed over, invalidations of each phase."""
    devices: int
    counts: dict[str, int]

    def each(self) -> dict[str, float]:
        return {what: count / self.devices
                for what, count in self.counts.items()}


def cost(lab: Lab, devices: int) -> Cost:
    machine = Machine(devices=devices)
    users = [User(machine, n) for n in range(devices)]
    seen = Seen()

    def each(*parts: str) -> list[str]:
        return [row for user in users for part in parts
                for row in getattr(user, part)()]

    done = Trip(lab.patched_bench, machine, [
        [*each("set_up"), users[-1].dma(0), line("wait", "ready"),
         *each("leave"), line("wait", "preserved")],
        [*booted(), line("wait", "booted"),
         *each("take", "own", "claim"), users[0].dma(0), users[-1].dma(0),
         *each("replace", "finish", "close"), line("wait", "finished"),
         *finished()]],
        traces=("vtd_inv_desc_cc_*", "vtd_inv_desc_iotlb_*")).run(
            {label: seen.look for label in WAITS})
    check_pages(lab, done)
    shown = handed(lab, done)
    counts = {"records": 0}
    for name in ("iommu_device_ser", "iommu_domain_ser", "iommufd_hwpt_ser"):
        found = len(shown.records(name))
        assert found == devices, f"{found} records {name}"
        counts["records"] += found
    pages = handed_over(shown)
    counts["pages"] = pages.user + pages.boot
    counts["tables walked"] = sum(
        number(one["nr_tables"]) for one in shown.records("iommu_domain_ser"))
    for phase, before, after in zip(PHASES, range(3), range(1, 4)):
        counts[phase] = seen.invalidations[after] - seen.invalidations[before]
        say(f"{devices} devices, {phase}: {counts[phase]} invalidations, "
            f"{seen.clock[after] - seen.clock[before]:.1f} s")
    return Cost(devices, counts)


def compare(lab: Lab, *numbers: int) -> None:
    few, *more = (cost(lab, number) for number in numbers)
    for many in more:
        for what, each in many.each().items():
            say(f"{what}: {few.each()[what]:.1f} for each of {few.devices} "
                f"devices, {each:.1f} for each of {many.devices}")
            assert each <= few.each()[what] * SLACK, f"{what} grow"


@case("iommu-scale", "luo-dump")
def scale(lab: Lab) -> None:
    """25 devices: pages and invalidations of each are those of a few"""
    compare(lab, 4, 25)


@case("iommu-scale-200", "luo-dump", extra=True)
def scale_200(lab: Lab) -> None:
    """the same with 25, 50, 100 and 200 devices"""
    compare(lab, 25, 50, 100, 200)
