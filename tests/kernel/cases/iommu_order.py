# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Wrong orders, what cannot be preserved, and users who are killed."""

import functools
from collections.abc import Callable

from cases.iommu_keep import booted, check_pages, finished
from rig.guest import line
from rig.iommu import (HWPT_TOKEN, IOMMUFD_TOKEN, MEMORY_TOKEN, User)
from rig.lab import Lab
from rig.machine import Machine
from rig.say import say
from rig.scenario import PAGE
from rig.shown import the_handover
from rig.suite import case
from rig.trip import Trip
from rig.vm import Vm


def _expect(error: str, script: str) -> str:
    return f"expect {error} {script}"


def _refused(user: User, error: str, *, mark: bool = True,
             memory: bool = True) -> list[str]:
    """The iommufd cannot be preserved; the session is given up."""
    return [*([user.mark()] if mark else []), line("session", user.session),
            *([line("preserve", user.name("mem"), MEMORY_TOKEN)]
              if memory else []),
            line("expect", error, "preserve", user.name("fd"), IOMMUFD_TOKEN),
            line("close-session"),
            *([line("unmark", user.name("hwpt"))] if mark else [])]


def _frozen(user: User) -> list[str]:
    """What is not possible while it is preserved."""
    dev, hwpt, ioas = (user.name(what) for what in ("dev", "hwpt", "ioas"))
    return [
        _expect("EBUSY", line("detach", dev)),
        _expect("EBUSY", line("attach", dev, ioas)),
        _expect("EBUSY", line("destroy", hwpt)),
        _expect("EBUSY", line("unmark", hwpt)),
        _expect("EBUSY", line("map", ioas, user.name("mem"), 4, 1,
                              user.iova + 4 * PAGE)),
        _expect("EBUSY", line("unmap", ioas, 4, user.iova)),
        *user.works()]


def refusals(machine: Machine) -> list[str]:
    good, bad, twin = (User(machine, n) for n in range(3))
    user = line("map-user", bad.name("ioas"), 1, bad.iova + (1 << 20))
    return [
        *good.set_up(), *_refused(good, "ENODATA", mark=False),
        *_refused(good, "EXDEV", memory=False),
        good.mark(), _expect("EEXIST", good.mark()),
        line("unmark", good.name("hwpt")),
        *bad.set_up(seals=0), *_refused(bad, "EPERM"), *bad.close(),
        *[line("close", bad.name(what)) for what in ("ioas", "hwpt")],
        *bad.set_up(), user, *_refused(bad, "EOPNOTSUPP"),
        *twin.set_up(), *_refused(twin, "EOPNOTSUPP"),
        line("load", machine.cmdline), line("wait", "idle"),
        *good.leave(), *_frozen(good), line("wait", "preserved"),
        line("use-session", good.name("session")), line("close-session"),
        line("wait", "aborted"), *good.works(),
        line("unmark", good.name("hwpt")), line("detach", "dev0"),
        line("attach", "dev0", "hwpt0"), *good.works()]


class Tracker:
    """How many pages are preserved, at each wait."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.pages: dict[str, int] = {}
        self.at = {label: functools.partial(self.look, label)
                   for label in ("idle", "preserved", "aborted")}

    def look(self, label: str, vm: Vm) -> None:
        path = self.lab.work / f"{label}.elf"
        vm.qmp.dump(path)
        shown = the_handover(self.lab.dump("--json", path).json(), "out")
        path.unlink()
        self.pages[label] = shown.totals()[0]


@case("iommu-order", "luo-dump")
def order(lab: Lab) -> None:
    """wrong orders are refused, and what is aborted leaves nothing behind"""
    machine = Machine(devices=3, twins=True)
    tracker = Tracker(lab)
    Trip(lab.patched_bench, machine, [refusals(machine), []]).run(tracker.at)
    pages = tracker.pages
    say(f"preserved pages: {pages}")
    assert pages["idle"] == pages["aborted"] < pages["preserved"], pages


def _lost(user: User, how: list[str], cmdline: str) -> list[str]:
    """The live update fails, and another one works."""
    return [*user.leave(), *how, _expect("ENODEV", line("kexec", cmdline)),
            line("use-session", user.name("session")), line("close-session")]


@case("iommu-lost", "luo-dump")
def lost(lab: Lab) -> None:
    """a device closed or removed makes the kexec fail; then one works"""
    machine = Machine(devices=3)
    kept, closed, removed = (User(machine, n) for n in range(3))
    remove = f"/sys/bus/pci/devices/{machine.bdf(removed.n)}/remove"
    done = Trip(lab.patched_bench, machine, [
        [*closed.set_up(),
         *_lost(closed, [line("close", "dev1")], machine.cmdline),
         *removed.set_up(),
         *_lost(removed, [line("aside", remove, "1"), line("close", "dev2"),
                          line("join")], machine.cmdline),
         *kept.set_up(), *kept.works(), *kept.leave()],
        [*booted(), *kept.take(), *kept.own(), *kept.claim(), *kept.works(),
         *kept.replace(), *kept.finish(), *finished()]]).run()
    for user in (closed, removed):
        named = [row for row in done.consoles[0].splitlines()
                 if machine.bdf(user.n) in row and "live update" in row]
        assert named, f"nothing in the log names {machine.bdf(user.n)}"
        say(named[-1])
    check_pages(lab, done)


# What a user of the new kernel does, one after the other.
STEPS: tuple[Callable[[User], list[str]], ...] = (
    lambda user: [line("retrieve", user.session)],
    lambda user: [line("take", user.name("mem"), MEMORY_TOKEN)],
    lambda user: [line("take", user.name("fd"), IOMMUFD_TOKEN)],
    lambda user: [line("bind", user.name("dev"), user.name("fd"))],
    lambda user: [line("lookup", user.name("old"), user.name("fd"),
                       HWPT_TOKEN),
                  line("attach", user.name("dev"), user.name("old"))],
    lambda user: [line("enable", user.name("dev")), *user.works()],
    lambda user: user.replace(),
)
# After these the session cannot be finished as long as the device is open.
BOUND = range(4, 7)


def _killed(user: User, steps: int, session_first: bool) -> list[str]:
    """A user is killed; the next one finishes, and has the device.

    What a process has open when it is killed is closed last to first.
    """
    device = [line("vfio", user.name("dev"), user.machine.bdf(user.n))]
    done = [line for step in STEPS[:steps] for line in step(user)]
    ends = [line("close-session"), line("close", user.name("dev"))]
    left = session_first and steps in BOUND
    again = line("retrieve", user.session)
    return [*user.own(), "fork\n", *device, *done,
            *(ends if session_first else ends[::-1]), "die\n",
            *([again, line("finish")] if left else
              [_expect("ENOENT", again)]),
            *device, line("iommufd", user.name("free")),
            line("bind", user.name("dev"), user.name("free")),
            line("close", user.name("dev")), line("close", user.name("free"))]


@case("iommu-killed", "luo-dump")
def killed(lab: Lab) -> None:
    """a user killed at each step of taking back: the next one can finish"""
    ways = [(steps, first) for steps in range(1, len(STEPS) + 1)
            for first in (False, True)]
    machine = Machine(devices=len(ways))
    users = [User(machine, n) for n in range(len(ways))]
    done = Trip(lab.patched_bench, machine, [
        [line for user in users for line in user.hand_over()],
        [*booted(), *(line for user, (steps, first) in zip(users, ways)
                      for line in _killed(user, steps, first)),
         *finished()]]).run()
    check_pages(lab, done)
