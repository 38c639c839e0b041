# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What is put into the live update: the one table that drives the guest, and
that what luo-dump says is compared with."""

from dataclasses import dataclass

from .guest import line

PAGE = 4096

# linux/fcntl.h
SEAL_SEAL, SEAL_SHRINK, SEAL_GROW = 1, 2, 4
SEAL_WRITE, SEAL_FUTURE_WRITE, SEAL_EXEC = 8, 16, 32


@dataclass(frozen=True)
class Memfd:
    token: int
    size: int
    pos: int = 0
    seals: int = 0

    @property
    def pages(self) -> int:
        return -(-self.size // PAGE)


@dataclass(frozen=True)
class Session:
    name: str
    files: tuple[Memfd, ...] = ()


@dataclass(frozen=True)
class Reservation:
    name: str
    size: int

    @property
    def option(self) -> str:
        return f"reserve_mem={self.size}:{PAGE}:{self.name}"


RESERVATION = Reservation("seedmem", 64 * 1024)


def plain(page: int) -> tuple[Session, ...]:
    """Three sessions of two memfds: what a person looks at."""
    return tuple(
        Session(f"vm-{i}", tuple(
            Memfd(0xc0ffee0000 + 256 * i + j, 3 * (2 * i + j + 1) * page)
            for j in range(2)))
        for i in range(3))


PLAIN = plain(PAGE)

# The corners of the format: more sessions than one block holds (51), more
# files (63), a folio array of several pages (256 each), empty things, all
# seals, the largest token, a name that a terminal must not see as it is.
CORNERS = PLAIN + (
    Session("empty"),
    Session("files", tuple(Memfd(i, PAGE) for i in range(130))),
    Session("sizes", (Memfd(1, 0), Memfd(2, 1), Memfd(3, PAGE + 1),
                      Memfd(4, 600 * PAGE))),
    Session("state", (
        Memfd(0, PAGE, 100),
        Memfd(1, 2 * PAGE, 2 * PAGE, SEAL_SHRINK | SEAL_GROW),
        Memfd(2**64 - 1, PAGE, 7, SEAL_SEAL | SEAL_SHRINK | SEAL_GROW |
              SEAL_WRITE | SEAL_FUTURE_WRITE | SEAL_EXEC))),
    Session("esc\x1b[31m \u00fc\n"),
) + tuple(Session(f"many-{i}") for i in range(100))

# Memory of large folios, from a guest that has them switched on.
HUGE = (Session("huge", (Memfd(1, 8 << 20), Memfd(2, (4 << 20) + PAGE))),)


def _each(sessions: tuple[Session, ...], begin: str, verb: str,
          end: tuple[str, ...]) -> list[str]:
    out = []
    for session in sessions:
        out.append(line(begin, session.name))
        out += [line(verb, f.token, f.size, f.pos, f.seals)
                for f in session.files]
        out += end
    return out


def preserve(sessions: tuple[Session, ...]) -> list[str]:
    return _each(sessions, "session", "memfd", ())


def take_back(sessions: tuple[Session, ...]) -> list[str]:
    return _each(sessions, "retrieve", "check", (line("finish"),))
