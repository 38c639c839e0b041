# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What is handed over is damaged: what is lost is what the documentation says.

The kernel's Documentation/core-api/iommu-liveupdate.rst has the table.
"""

from collections.abc import Callable
from dataclasses import replace

from rig.damage import HEADER, PAGE, Damage, Victim
from rig.guest import line
from rig.iommu import HWPT_TOKEN, IOMMUFD_TOKEN, MEMORY_TOKEN, User, disown
from rig.lab import Lab
from rig.machine import Machine
from rig.say import Failed, say
from rig.shown import Handover, number, the_handover
from rig.suite import case
from rig.trip import Arrived, Trip
from rig.vm import Vm

# Records: one user is lost, and only that one.
RECORDS = (
    Damage("iommu_device_ser", "domain", 500, "no-such-record", "device"),
    Damage("iommu_device_ser", "iommu", 1, "empty-record", "device"),
    Damage("iommu_device_ser", "bdf", 0xfe00, "belongs to no record",
           "device"),
    Damage("iommu_device_ser", "segment", 7, "belongs to no record",
           "device"),
    Damage("iommu_device_ser", "domain_id", 0x10000, "domain-id-max", "device"),
    Damage("iommu_device_ser", "domain_id", 999, "not as recorded", "device"),
    Damage("iommu_device_ser", "flags", 0, "live: found", "device"),
    Damage("iommu_device_ser", "driver_type", 9, "driver-type-known",
           "device"),
    Damage("iommu_device_ser", "driver_offset", 40, "section: found",
           "device"),
    Damage("iommu_device_intel_ser", "max_pasid", 1, "legacy-has-none",
           "device"),
    Damage("iommu_domain_ser", "top_table", 8, "top-table-aligned",
           "domain", add=True),
    Damage("iommu_domain_ser", "top_table", 1 << 30, "not-preserved",
           "domain", add=True),
    Damage("iommu_domain_ser", "format", 99, "format-known", "domain"),
    Damage("iommu_domain_ser", "format", 2, "cannot be taken over", "domain"),
    Damage("iommu_domain_ser", "top_level", 1, "levels-cover", "domain"),
    Damage("iommu_domain_ser", "va_bits", 200, "va-bits-max", "domain"),
    Damage("iommu_domain_ser", "nr_tables", 2, "more tables than recorded",
           "domain"),
    Damage("iommu_domain_ser", "nr_tables", 4, "fewer tables than recorded",
           "domain"),
    Damage("iommufd_root_ser", "incompat", 4, "incompat-unknown",
           "unknown"),
    Damage("iommufd_hwpt_ser", "domain", 500, "no-such-record", "hwpt"),
    Damage(HEADER, "magic", 1, "magic", "iommufd", "iommufd_root_ser",
           add=True),
)
# In scalable mode a device has what it must not have in legacy mode.
SCALABLE_RECORDS = (
    *(one for one in RECORDS if one.rule != "legacy-has-none"),
    Damage("iommu_device_intel_ser", "max_pasid", 0, "scalable-has-one",
           "device"),
    Damage("iommu_device_intel_ser", "max_pasid", 1 << 21, "not as recorded",
           "device"),
    Damage("iommu_device_intel_ser", "pasid_dir", 8, "pasid-dir-aligned",
           "device", add=True),
    Damage("iommu_device_intel_ser", "pasid_dir", 1 << 30, "not-preserved",
           "device", add=True),
)
# Pages, units and the root: all users are lost.
PAGES = (
    *(Damage(HEADER, "magic", 1, "magic", "domain", array, add=True)
      for array in ("iommu_root_ser", "iommu_ser", "iommu_domain_ser",
                    "iommu_device_ser")),
    Damage(HEADER, "version", 9, "version", "domain", "iommu_device_ser"),
    Damage(HEADER, "kind", 3, "kind", "domain", "iommu_device_ser"),
    Damage(HEADER, "record_size", 12, "record-size", "domain",
           "iommu_device_ser"),
    Damage(HEADER, "nr_used", 4000, "count", "domain", "iommu_device_ser"),
    Damage(HEADER, "next", 8, "next", "domain", "iommu_domain_ser"),
    Damage(HEADER, "handover", 1, "handover", "domain", "iommu_domain_ser",
           add=True),
    Damage(HEADER, "flags", 0, "unsealed", "domain", "iommu_device_ser"),
    Damage("iommu_root_ser", "incompat", 4, "incompat", "domain"),
    Damage("iommu_root_ser", "page_size", 1 << 14, "page_size", "domain"),
    Damage("iommu_root_ser", "mode", 2, "in another mode", "domain"),
    Damage("iommu_root_ser", "nr_devices", 9, "devices", "domain"),
    Damage("iommu_ser", "base", 4096, "has no record", "domain", add=True),
    Damage("iommu_intel_ser", "cap", 1, "is another unit", "domain",
           add=True),
    Damage("iommu_intel_ser", "root_table", 1 << 30, "not-preserved",
           "domain", add=True),
    Damage("iommu_intel_ser", "nr_context_tables", 1, "not sound", "domain",
           add=True),
)


# One of each kind, for a short test.
SHORT = tuple(damage for damage in PAGES if damage.field in (
    "magic", "next", "incompat", "base") and damage.array != "iommu_ser")
# Bytes of one in VT-d's root table, one for each bus.
ROOT_ENTRY = 16
# What it is that retrieving an iommufd fails with.
REFUSED = {"iommufd": "EBADMSG", "unknown": "EOPNOTSUPP"}


def _free(user: User) -> list[str]:
    """After the last session was finished, anybody can have the device."""
    dev, free = user.name("free-dev"), user.name("free-fd")
    return [line("vfio", dev, user.machine.bdf(user.n)), line("iommufd", free),
            line("bind", dev, free), line("close", dev), line("close", free)]


def _take(user: User, loses: str) -> list[str]:
    """What its user gets of one that is damaged."""
    dev, fd = user.name("dev"), user.name("fd")
    refused = REFUSED.get(loses, "0")
    script = [line("retrieve", user.session),
              line("take", user.name("mem"), MEMORY_TOKEN),
              line("expect", refused, "take", fd, IOMMUFD_TOKEN),
              line("keep-session", user.name("session"))]
    if loses in REFUSED:
        return script
    script += [line("expect", "EBADMSG", "lookup", user.name("old"), fd,
                    HWPT_TOKEN)]
    if loses == "hwpt":
        return script
    return [*script, *user.own(),
            line("vfio", dev, user.machine.bdf(user.n)),
            line("expect", "EPERM", "bind", dev, fd), line("close", dev),
            *disown(user.machine.bdf(user.n)),
            line("sysfs", dev, user.machine.bdf(user.n)), user.no_dma(0),
            line("close", dev), *user.own()]


def refused_in(users: list[User], loses: dict[int, str]) -> list[str]:
    """Each user takes what is there, and all finish; by user what is lost."""
    script = []
    for user in users:
        if user.n in loses:
            script += _take(user, loses[user.n])
        else:
            script += [*user.take(), *user.own(), *user.claim(),
                       *user.works(), *user.replace()]
    for user in users:
        script += user.finish()
    for user in users:
        if user.n in loses:
            script += [*user.own(), *_free(user)]
    return script


def damaged(lab: Lab, machine: Machine, damages: dict[int, Damage],
            loses: dict[int, str], sealed: bool = True,
            also: Callable[[Vm, Handover], None] | None = None) -> Arrived:
    """By user: what is done to its records, and what is lost."""
    users = [User(machine, n) for n in range(machine.devices)]

    def handover(vm: Vm) -> None:
        path = lab.work / "damage.elf"
        vm.qmp.dump(path)
        shown = the_handover(lab.dump("--json", path).json(), "out")
        path.unlink()
        for n, damage in damages.items():
            Victim(shown, users[n].session, machine.bdf(n)).apply(
                vm.gdb, damage, sealed)
        if also:
            also(vm, shown)

    done = Trip(lab.patched_bench, machine, [
        [row for user in users for row in user.hand_over()],
        refused_in(users, loses)]).run(handover=handover)
    rows = [row for row in done.consoles[1].splitlines()
            if "live update" in row or "quarantine" in row]
    for n, damage in damages.items():
        # What a header says is looked at before its checksum.
        rules = {damage.rule} if sealed else {damage.rule, "checksum"}
        found = [row for row in rows if any(rule in row for rule in rules)]
        assert found, f"{damage.name}: no word of {rules}"
        say(f"{damage.name}: {found[0]}")
        rows.remove(found[0])   # each has a line of its own
    return done


def records_of(scalable: bool) -> tuple[Damage, ...]:
    return SCALABLE_RECORDS if scalable else RECORDS


def pages_of(scalable: bool) -> tuple[Damage, ...]:
    """The root page says the mode: the damage is that it is the other one."""
    return tuple(replace(one, value=1) if scalable and one.field == "mode"
                 else one for one in PAGES)


def records(lab: Lab, scalable: bool = False) -> None:
    """Each user but one is damaged, and loses what is its own."""
    damages = dict(enumerate(records_of(scalable), 1))
    damaged(lab, Machine(devices=len(damages) + 1, scalable=scalable), damages,
            {n: damage.loses for n, damage in damages.items()})


@case("iommu-damage-records", "luo-dump")
def records_legacy(lab: Lab) -> None:
    """each record damaged loses its device or HWPT; the others go on"""
    records(lab)


def every(lab: Lab, machine: Machine, damage: Damage, sealed: bool) -> None:
    """One user is damaged; both are lost with what they share."""
    damaged(lab, machine, {1: damage}, {0: damage.loses, 1: damage.loses},
            sealed)


@case("iommu-damage-pages", "luo-dump")
def pages(lab: Lab) -> None:
    """a page, the unit or the root damaged loses all that is in it"""
    for damage in PAGES:
        if damage in SHORT:
            every(lab, Machine(), damage, True)


def _lead_to_records(vm: Vm, shown: Handover) -> None:
    """The root entry of a bus that nobody is on: the page of devices."""
    (unit,) = shown.records("iommu_intel_ser")
    device, _ = shown.places("iommu_device_ser")[0]
    vm.gdb.write(number(unit["root_table"]) + ROOT_ENTRY * 0xf0,
                 (device & ~(PAGE - 1) | 1).to_bytes(8, "little"))


@case("iommu-damage-shared", "luo-dump")
def shared(lab: Lab) -> None:
    """a root table that leads to a page of records: it stays one of records"""
    tables = Damage("iommu_intel_ser", "nr_context_tables", 1, "not sound",
                    "domain", add=True)
    damaged(lab, Machine(), {1: tables}, {0: "domain", 1: "domain"},
            also=_lead_to_records)


def _alone(lab: Lab, machine: Machine, damage: Damage, sealed: bool) -> None:
    """One damage in a handover of its own; unsealed, its page is lost."""
    if damage.loses == "hwpt":
        damaged(lab, machine, {1: damage}, {1: "hwpt"}, sealed)
    elif damage.loses in REFUSED:
        damaged(lab, machine, {1: damage}, {1: "iommufd"}, sealed)
    else:
        every(lab, machine, replace(damage, loses="domain"), sealed)


def each(lab: Lab, scalable: bool = False) -> None:
    """What is lost with others is lost alone; all failures are told."""
    machine = Machine(scalable=scalable)
    ways = [(damage, True) for damage in pages_of(scalable)] + [
        (damage, False) for damage in pages_of(scalable) + records_of(scalable)]
    failures = []
    for damage, sealed in ways:
        try:
            _alone(lab, machine, damage, sealed)
        except (Failed, AssertionError) as error:
            failures.append(f"{damage.name}, sealed again: {sealed}: {error}")
    assert not failures, "\n".join(failures)
    say(f"{len(ways)} handovers, each damaged in another way")


@case("iommu-damage-each", "luo-dump", extra=True)
def each_legacy(lab: Lab) -> None:
    """every kind of damage, with the checksum left wrong and sealed again"""
    each(lab)
