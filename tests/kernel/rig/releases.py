# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The kernels of the matrix, and what is put into an update of each."""

from dataclasses import dataclass, replace

from .kbuild import ARM64, X86, Target
from .scenario import (PAGE, RESERVATION, SEAL_GROW, SEAL_SEAL, SEAL_SHRINK,
                       Memfd, Session, plain)

# What the kernel's own test of KHO hands over, in bytes.
TEST_MEMORY = 1 << 20
# A kernel that dies early says why, and a slow machine is not a broken one.
# On arm64 the console is on a PCI card, which is not there early.
EARLY = {"x86": "earlycon=uart8250,io,0x3f8 no_timer_check", "arm64": ""}


@dataclass(frozen=True)
class Release:
    series: str
    luo: bool = True            # has sessions
    seals: bool = True          # keeps those of memfds
    finalize: bool = False      # is told when all is there
    target: Target = X86
    page: int = PAGE
    memory: str = "1G"          # of the machine

    @property
    def name(self) -> str:
        return (self.series if self.target is X86
                else f"{self.series}-{self.target.arch}")

    @property
    def cmdline(self) -> str:
        size, name = RESERVATION.size, RESERVATION.name
        return (f"console=ttyS0 {EARLY[self.target.arch]} panic=-1 "
                "kho=on liveupdate=on "
                f"reserve_mem={size}:{self.page}:{name} "
                f"test_kho.max_mem={TEST_MEMORY}")


RELEASES = (
    Release("6.17", luo=False, seals=False, finalize=True),
    Release("6.18", luo=False, seals=False, finalize=True),
    Release("6.19", seals=False),
    Release("7.1"),
    Release("7.2"),
    Release("7.3"),
    Release("7.3", target=ARM64, page=16384, memory="1536M"),
)


def carried(release: Release) -> tuple[Session, ...]:
    """More files than a block holds (63), less than 6.19 takes (128)."""
    if not release.luo:
        return ()
    page = release.page
    return plain(page) + (
        Session("empty"),
        Session("files", tuple(Memfd(i, page) for i in range(100))),
        Session("sizes", (Memfd(1, 0), Memfd(2, 1), Memfd(3, page + 1),
                          Memfd(4, 600 * page))),
        Session("state", (Memfd(0, page, 100), Memfd(2**64 - 1, page, 7,
                                                     _seals(release)))),
        Session("esc\x1b[31m \u00fc\n"),
    ) + tuple(Session(f"many-{i}") for i in range(60))


def _seals(release: Release) -> int:
    return SEAL_SHRINK | SEAL_GROW if release.seals else 0


def returned(release: Release,
             sessions: tuple[Session, ...]) -> tuple[Session, ...]:
    """What is taken back; seals that are not kept become F_SEAL_SEAL."""
    if release.seals:
        return sessions
    return tuple(
        replace(s, files=tuple(replace(f, seals=SEAL_SEAL) for f in s.files))
        for s in sessions)
