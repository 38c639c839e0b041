# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Script lines of a user of iommufd and VFIO who goes through an update."""

from dataclasses import dataclass

from .guest import line
from .machine import Machine
from .scenario import PAGE, SEAL_GROW, SEAL_SEAL, SEAL_SHRINK

IOVA = 0x10000000
SEALED = SEAL_SEAL | SEAL_SHRINK | SEAL_GROW
# Tokens within a session; an HWPT's is of another kind.
MEMORY_TOKEN, IOMMUFD_TOKEN, HWPT_TOKEN = 1, 2, 0xfeed


def own(machine: Machine, device: int, driver: str = "vfio-pci",
        function: int = 0) -> list[str]:
    """Give a device to a driver."""
    bdf = machine.bdf(device, function)
    return [line("write", f"/sys/bus/pci/devices/{bdf}/driver_override",
                 driver),
            line("write", "/sys/bus/pci/drivers_probe", bdf)]


def disown(machine: Machine, device: int) -> list[str]:
    bdf = machine.bdf(device)
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

    def set_up(self, seals: int = SEALED) -> list[str]:
        """Memory of 8 pages, of which the device can use the first 4."""
        dev, fd, mem = (self.name(what) for what in ("dev", "fd", "mem"))
        return [*own(self.machine, self.n),
                line("memory", mem, 8, seals), line("iommufd", fd),
                line("vfio", dev, self.machine.bdf(self.n)),
                line("bind", dev, fd), line("ioas", self.name("ioas"), fd),
                line("map", self.name("ioas"), mem, 0, 4, self.iova),
                line("hwpt", self.name("hwpt"), dev, self.name("ioas")),
                line("attach", dev, self.name("hwpt")), line("enable", dev)]

    def works(self) -> list[str]:
        return [self.dma(0), self.dma(3), self.no_dma(4)]

    def mark(self) -> str:
        return line("mark", self.name("hwpt"), HWPT_TOKEN)

    def preserve(self) -> list[str]:
        """In the session, which the caller made."""
        return [line("preserve", self.name("mem"), MEMORY_TOKEN),
                line("preserve", self.name("fd"), IOMMUFD_TOKEN)]

    def hand_over(self) -> list[str]:
        """Everything, up to the reboot."""
        return [*self.set_up(), *self.works(), self.mark(),
                line("session", self.session), *self.preserve(),
                line("keep-session", self.name("session"))]

    def take(self) -> list[str]:
        """The session and its files."""
        return [line("retrieve", self.session),
                line("take", self.name("mem"), MEMORY_TOKEN),
                line("take", self.name("fd"), IOMMUFD_TOKEN),
                line("keep-session", self.name("session"))]

    def claim(self) -> list[str]:
        """The device, which translates as it did."""
        dev = self.name("dev")
        return [*own(self.machine, self.n),
                line("vfio", dev, self.machine.bdf(self.n)),
                line("bind", dev, self.name("fd")),
                line("lookup", self.name("old"), self.name("fd"), HWPT_TOKEN),
                line("attach", dev, self.name("old")), line("enable", dev)]

    def replace(self) -> list[str]:
        """By a new HWPT that maps pages 1 to 4 in place of 0 to 3."""
        dev, fd, ioas = (self.name(what) for what in ("dev", "fd", "ioas"))
        return [line("ioas", ioas, fd),
                line("map", ioas, self.name("mem"), 1, 4, self.iova + PAGE),
                line("hwpt", self.name("hwpt"), dev, ioas),
                line("attach", dev, self.name("hwpt"))]

    def finish(self) -> list[str]:
        return [line("use-session", self.name("session")), line("finish")]

    def close(self) -> list[str]:
        return [line("close", self.name(what))
                for what in ("dev", "fd", "mem")]
