# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The memory that page tables lead to, when its memfd loses it."""

from cases.iommu_keep import booted, check_pages, finished
from rig.guest import line
from rig.iommu import HWPT_TOKEN, IOMMUFD_TOKEN, MEMORY_TOKEN, User
from rig.lab import Lab
from rig.machine import Machine
from rig.scenario import PAGE
from rig.suite import case
from rig.trip import Trip


def _take(user: User, *what: tuple[str, int]) -> list[str]:
    return [line("retrieve", user.session),
            *(line("take", user.name(name), token) for name, token in what),
            line("keep-session", user.name("session"))]


def _punch(user: User) -> str:
    return line("punch", user.name("mem"), 0, 1)


@case("iommu-stale")
def stale(lab: Lab) -> None:
    """a memfd with other pages than are mapped: not preserved, not restored"""
    user = User(Machine())
    fd, old, ioas = (user.name(what) for what in ("fd", "old", "ioas"))
    Trip(lab.patched_bench, user.machine, [
        [*user.set_up(), user.mark(), _punch(user), line("session", "stale"),
         line("preserve", user.name("mem"), MEMORY_TOKEN),
         line("expect", "ESTALE", "preserve", fd, IOMMUFD_TOKEN),
         line("close-session"), *user.close(), line("close", ioas),
         line("close", user.name("hwpt")), *user.hand_over()],
        [*_take(user, ("mem", MEMORY_TOKEN)), _punch(user),
         line("use-session", user.name("session")),
         line("take", fd, IOMMUFD_TOKEN),
         line("expect", "EBADMSG", "lookup", old, fd, HWPT_TOKEN),
         line("sysfs", "behind", user.machine.bdf(0)),
         line("expect", "EFAULT", "dma", "behind", user.iova + PAGE,
              user.name("mem"), PAGE), line("close", "behind"),
         *user.own(), line("vfio", user.name("dev"), user.machine.bdf(0)),
         line("expect", "EPERM", "bind", user.name("dev"), fd),
         line("finish"), line("bind", user.name("dev"), fd),
         *user.close()]]).run()


@case("iommu-hold")
def hold(lab: Lab) -> None:
    """what a restored domain maps stays, even if the memfd loses it"""
    user = User(Machine())
    done = Trip(lab.patched_bench, user.machine, [user.hand_over(), [
        *booted(), *_take(user, ("fd", IOMMUFD_TOKEN), ("mem", MEMORY_TOKEN)),
        *user.own(), *user.claim(), *user.works(), _punch(user),
        user.no_dma(0), user.dma(1), *user.replace(), *user.finish(),
        *finished(), *user.close()]]).run()
    check_pages(lab, done)
