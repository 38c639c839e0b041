# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Script lines of a user of iommufd and VFIO who goes through an update."""

from dataclasses import dataclass

from .guest import line
from .machine import Machine
from .scenario import PAGE, SEAL_GROW, SEAL_SEAL, SEAL_SHRINK

IOVA = 0x10000000
SEALED = SEAL_SEAL | SEAL_SHRINK | SEAL_GROW
PAGES = 4       # of its memory, that a user lets the device use
# Tokens within a session; an HWPT's is of another kind.
MEMORY_TOKEN, IOMMUFD_TOKEN, HWPT_TOKEN = 1, 2, 0xfeed


def own(bdf: str, driver: str = "vfio-pci") -> list[str]:
    """Give a device to a driver."""
    return [line("write", f"/sys/bus/pci/devices/{bdf}/driver_override",
                 driver),
            line("write", "/sys/bus/pci/drivers_probe", bdf)]


def disown(bdf: str) -> list[str]:
    return [line("write", f"/sys/bus/pci/devices/{bdf}/driver/unbind", bdf)]


@dataclass(frozen=True)
class User:
    """One user: a session, memory, an iommufd, a device; n tells them apart."""
    machine: Machine
    n: int = 0

    def name(self, what: str) -> str:
        return f"{what}{self.n}"

    @property
    def session(self) -> str:
        return f"user-{self.n}"

    @property
    def iova(self) -> int:
        return IOVA + self.n * (1 << 24)

    def dma(self, page: int) -> str:
        return line("dma", self.name("dev"), self.iova + page * PAGE,
                    self.name("mem"), page * PAGE)

    def no_dma(self, page: int) -> str:
        return "expect EFAULT " + self.dma(page)

    def own(self) -> list[str]:
        return own(self.machine.bdf(self.n))

    def set_up(self, seals: int = SEALED) -> list[str]:
        """Memory of 8 pages, of which the device can use the first PAGES."""
        dev, fd, mem = (self.name(what) for what in ("dev", "fd", "mem"))
        return [*self.own(),
                line("memory", mem, 8, seals), line("iommufd", fd),
                line("vfio", dev, self.machine.bdf(self.n)),
                line("bind", dev, fd), line("ioas", self.name("ioas"), fd),
                line("map", self.name("ioas"), mem, 0, PAGES, self.iova),
                line("hwpt", self.name("hwpt"), dev, self.name("ioas")),
                line("attach", dev, self.name("hwpt")), line("enable", dev)]

    def works(self, first: int = 0) -> list[str]:
        return [self.dma(first), self.dma(first + 3), self.no_dma(first + 4)]

    def mark(self) -> str:
        return line("mark", self.name("hwpt"), HWPT_TOKEN)

    def preserve(self) -> list[str]:
        """In the session, which the caller made."""
        return [line("preserve", self.name("mem"), MEMORY_TOKEN),
                line("preserve", self.name("fd"), IOMMUFD_TOKEN)]

    def leave(self) -> list[str]:
        """What is set up, in a session of its own."""
        return [self.mark(), line("session", self.session), *self.preserve(),
                line("keep-session", self.name("session"))]

    def hand_over(self) -> list[str]:
        """Everything, up to the reboot."""
        return [*self.set_up(), *self.works(), *self.leave()]

    def take(self) -> list[str]:
        """The session and its files."""
        return [line("retrieve", self.session),
                line("take", self.name("mem"), MEMORY_TOKEN),
                line("take", self.name("fd"), IOMMUFD_TOKEN),
                line("keep-session", self.name("session"))]

    def claim(self) -> list[str]:
        """The device, which is owned and translates as it did."""
        dev = self.name("dev")
        return [line("vfio", dev, self.machine.bdf(self.n)),
                line("bind", dev, self.name("fd")),
                line("lookup", self.name("old"), self.name("fd"), HWPT_TOKEN),
                line("attach", dev, self.name("old")), line("enable", dev)]

    def replace(self, first: int = 1) -> list[str]:
        """By a new HWPT that maps four pages from another one on."""
        dev, fd, ioas = (self.name(what) for what in ("dev", "fd", "ioas"))
        return [line("ioas", ioas, fd),
                line("map", ioas, self.name("mem"), first, 4,
                     self.iova + first * PAGE),
                line("hwpt", self.name("hwpt"), dev, ioas),
                line("attach", dev, self.name("hwpt"))]

    def finish(self, error: str = "0") -> list[str]:
        """The session; it stays if it cannot be finished."""
        keep = [] if error == "0" else [
            line("keep-session", self.name("session"))]
        return [line("use-session", self.name("session")),
                line("expect", error, "finish"), *keep]

    def close(self) -> list[str]:
        return [line("close", self.name(what))
                for what in ("dev", "fd", "mem")]
