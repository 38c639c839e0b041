# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A device keeps its translation through an update, and through three."""

import re

from rig.dmar import find_entry, present, root_register
from rig.guest import line
from rig.iommu import PAGES, User
from rig.lab import Lab
from rig.machine import Machine
from rig.pages import handed_over
from rig.say import say
from rig.scenario import PAGE
from rig.shown import Handover, number, the_handover
from rig.suite import case
from rig.trip import Arrived, Trip
from rig.update import KHO, dump
from rig.vm import Vm
from rig.watch import Watch

MEMORY = "/proc/meminfo"
TOTAL = re.compile(r"^MemTotal: +(\d+) kB$", re.M)


def _total(done: Arrived, label: str) -> int:
    found = TOTAL.search(done.text(label))
    assert found, done.text(label)
    return int(found[1]) // 4


def booted(n: int = 0) -> list[str]:
    """Before user space touched anything: what is there."""
    return [dump(f"booted-{n}", "--json", KHO),
            line("send", f"begin-{n}", MEMORY)]


def finished(n: int = 0) -> list[str]:
    return [line("send", f"end-{n}", MEMORY)]


def handed(lab: Lab, done: Arrived, n: int = 0) -> Handover:
    """What luo-dump saw of the live system, when it was booted."""
    shown = the_handover(lab.heard(done.heard, f"booted-{n}").json(), "in")
    assert not shown.errors(), "\n".join(shown.errors())
    return shown


def check_pages(lab: Lab, done: Arrived, n: int = 0) -> None:
    """All pages that luo-dump counted came back."""
    pages = handed_over(handed(lab, done, n))
    rise = _total(done, f"end-{n}") - _total(done, f"begin-{n}")
    say(f"handed over: {pages.user} pages, and {pages.boot} of the IOMMU's "
        f"tables; MemTotal rose by {rise} pages")
    assert rise == pages.user, f"{rise} pages came back of {pages.user}"


class Observer:
    """Watches the entry of a device between two waits."""

    def __init__(self, bdf: str) -> None:
        self.bdf = bdf
        self.seen: list[bytes] = []
        self.before = self.after = b""
        self.at = {"watch": self.begin, "unwatch": self.end}

    def begin(self, vm: Vm) -> None:
        vm.gdb.interrupt()
        vm.gdb.wait_stop()
        entry = find_entry(vm.gdb.read, root_register(vm), self.bdf)
        assert entry, f"no table leads to an entry of {self.bdf}"
        self.before = vm.gdb.read(entry.phys, entry.size)
        self.watch = Watch(vm.gdb, entry.phys, entry.size)

    def end(self, vm: Vm) -> None:
        self.seen = self.watch.end()
        self.after = self.watch.read()
        vm.gdb.resume()

    def absent(self) -> int:
        return sum(not present(value) for value in self.seen)


def _check_booted(shown: Handover, bdf: str) -> None:
    (device,), (domain,), (unit,) = (shown.records(name) for name in (
        "iommu_device_ser", "iommu_domain_ser", "iommu_ser"))
    assert bdf.endswith(device["bdf"]), f"device {device['bdf']}"
    say(f"luo-dump, live: {unit['base']} with device {device['bdf']}, domain "
        f"id {device['domain_id']}, {domain['nr_tables']} tables from "
        f"{domain['top_table']}")


def _check_mapped(lab: Lab, done: Arrived, user: User) -> None:
    """The page tables map what the user mapped, and nothing else."""
    shown = the_handover(lab.heard(done.heard, "mapped").json(), "in")
    folios = {number(one["index"]): number(one["pfn"]) * PAGE
              for _, one in handed(lab, done).places("memfd_luo_folio_ser",
                                                     user.session)}
    want = {user.iova + n * PAGE: (folios[n], True, True)
            for n in range(PAGES)}
    found = shown.mapped()
    say(f"luo-dump --iova, live: {len(found)} pages from "
        f"{min(found, default=0):#x} on")
    assert found == want, f"{found} is mapped, not {want}"


def keep(lab: Lab, machine: Machine) -> None:
    user = User(machine)
    observer = Observer(machine.bdf(0))
    done = Trip(lab.patched_bench, machine, [user.hand_over(), [
        *booted(), dump("mapped", "--json", "--iova", "--early", KHO),
        *user.take(), *user.own(), line("wait", "watch"),
        *user.claim(), *user.works(), *user.finish("EBUSY"), *user.replace(),
        user.dma(4), user.no_dma(0), line("wait", "unwatch"),
        *user.finish(), *user.close(), *finished()]]).run(observer.at)
    _check_booted(handed(lab, done), machine.bdf(0))
    _check_mapped(lab, done, user)
    say(f"{len(observer.seen)} writes to the entry, "
        f"{observer.before.hex()} to {observer.after.hex()}")
    assert present(observer.before), "the entry is not there after the boot"
    assert observer.after != observer.before, "nothing was replaced"
    assert not observer.absent(), [value.hex() for value in observer.seen]
    check_pages(lab, done)


@case("iommu-keep", "luo-dump")
def keep_legacy(lab: Lab) -> None:
    """DMA to the old IOVA goes on, replaced without a gap, pages given back"""
    keep(lab, Machine())


def three(lab: Lab, machine: Machine) -> None:
    user = User(machine)
    scripts = [user.hand_over()]
    for n in range(3):
        scripts.append([
            *booted(n), *user.take(), *user.own(), *user.claim(),
            *user.works(n), *user.replace(n + 1), *user.finish(),
            *finished(n), *user.leave()])
    done = Trip(lab.patched_bench, machine, scripts).run()
    for n in range(3):
        check_pages(lab, done, n)


@case("iommu-three", "luo-dump")
def three_legacy(lab: Lab) -> None:
    """three updates in a row, of the same iommufd; no page is lost"""
    three(lab, Machine())


@case("iommu-watch-self")
def watch_self(lab: Lab) -> None:
    """the watchpoint: detaching and attaching leaves a gap, and is seen"""
    machine = Machine()
    user = User(machine)
    observer = Observer(machine.bdf(0))
    Trip(lab.patched_bench, machine, [[
        *user.set_up(), line("wait", "watch"), line("detach", "dev0"),
        line("attach", "dev0", "hwpt0"), line("wait", "unwatch")]]
         ).run(observer.at)
    assert observer.absent(), [value.hex() for value in observer.seen]
    say(f"{observer.absent()} of {len(observer.seen)} writes leave it absent")
