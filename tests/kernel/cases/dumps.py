# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""luo-dump on dumps of memory, against what the guest was told to do."""

from cases.live import NAMES, check_new
from rig.elf import Elf
from rig.lab import Lab
from rig.scenario import PAGE, RESERVATION, Session
from rig.shown import File, Handover, escaped, the_handover
from rig.suite import case


def _outgoing(lab: Lab) -> Handover:
    result = lab.dump("--json", lab.update.handover)
    assert len(result.json()["handovers"]) == 1, "only one was made"
    shown = the_handover(result.json(), "out")
    assert not shown.errors(), "\n".join(shown.errors())
    assert result.status == 0, f"exit status {result.status}"
    assert not shown.live, "a dump is not live"
    return shown


def _check_folios(name: str, file: File, memory: Elf,
                  preserved: list[range]) -> None:
    """Each folio is preserved, and in memory it has what was written."""
    where = f"{escaped(name)}/{file.memfd.token:#x}"
    offsets = [index for _, index in file.folios]
    assert offsets == sorted(set(offsets)), f"{where}: {offsets}"
    assert offsets[:1] == ([0] if file.memfd.pages else []), where
    for address, index in file.folios:
        assert index < file.memfd.pages, f"{where}: folio at page {index}"
        assert any(address in one for one in preserved), \
            f"{where}: {address:#x} is not preserved"
        want = f"{name}/{file.memfd.token:x}/{index}".encode()
        want = want[:file.memfd.size - index * PAGE]
        assert memory.read(address, len(want)) == want, \
            f"{where}: {address:#x} is not page {index}"


def _check_session(session: Session, files: list[File], memory: Elf,
                   preserved: list[range]) -> None:
    assert [f.memfd for f in files] == list(session.files), \
        f"{escaped(session.name)}: {[f.memfd for f in files]}"
    for file in files:
        _check_folios(session.name, file, memory, preserved)


@case("handover-sessions", "luo-dump")
def sessions(lab: Lab) -> None:
    """dump at the handover: every session, file, size, seal and folio"""
    shown = _outgoing(lab)
    found, preserved = shown.sessions(), shown.preserved()
    assert list(found) == [escaped(s.name) for s in lab.update.sessions], \
        f"sessions are {list(found)}"
    with Elf(lab.update.handover) as memory:
        for session in lab.update.sessions:
            _check_session(session, found[escaped(session.name)], memory,
                           preserved)


@case("handover-folios", "luo-dump")
def folios(lab: Lab) -> None:
    """dump at the handover: small folios are pages, large ones are fewer"""
    found = _outgoing(lab).sessions()
    for session in lab.update.sessions:
        for file in found[escaped(session.name)]:
            have, pages = len(file.folios), file.memfd.pages
            if session in lab.update.large:
                assert have < pages, f"{have} folios for {pages} pages"
            else:
                assert have == pages, f"{have} folios for {pages} pages"


@case("handover-rest", "luo-dump")
def rest(lab: Lab) -> None:
    """dump at the handover: reservation, previous release, FLBs, subtrees"""
    shown = _outgoing(lab)
    reserved = shown.reservations()
    assert list(reserved) == [RESERVATION], f"reservations are {reserved}"
    assert any(reserved[RESERVATION] in one for one in shown.preserved()), \
        "the reservation is not preserved"
    release = lab.kernel.release
    assert shown.metadata() == (release, 1), f"{shown.metadata()}"
    names = [f"liveupdate-test-flb-v{i}" for i in range(3)]
    assert sorted(shown.flbs()) == names, f"FLBs are {shown.flbs()}"
    assert shown.subtrees() == NAMES, f"subtrees are {shown.subtrees()}"


@case("handover-totals", "luo-dump")
def totals(lab: Lab) -> None:
    """dump at the handover: the totals are those of the ranges"""
    shown = _outgoing(lab)
    pages, size = shown.totals()
    assert size == pages * PAGE == sum(map(len, shown.preserved()))
    files = [f for s in lab.update.sessions for f in s.files]
    least = sum(f.pages for f in files) + RESERVATION.size // PAGE
    assert pages > least, f"{pages} pages for {least}"


@case("booted", "luo-dump")
def booted(lab: Lab) -> None:
    """dump of the booted new kernel: what is left, the LUO root as stale"""
    result = lab.dump("--json", lab.update.booted)
    shown = the_handover(result.json(), "in")
    assert not shown.live, "a dump is not live"
    check_new(lab, shown)


@case("booted-debugfs", "luo-dump")
def booted_debugfs(lab: Lab) -> None:
    """the same with a copy of the new kernel's debugfs beside the dump"""
    result = lab.dump("--json", "--memory", lab.update.booted,
                      lab.update.debugfs)
    shown = the_handover(result.json(), "in")
    assert not shown.errors(), "\n".join(shown.errors())
    check_new(lab, shown)
