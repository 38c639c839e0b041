# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What luo-dump shows of a handover against what was put into it."""

from .elf import Elf
from .releases import TEST_MEMORY, Release, carried
from .scenario import RESERVATION
from .shown import File, Handover, escaped

# A mark begins every so many bytes of a memfd.
MARK = 4096


def subtrees(release: Release) -> set[str]:
    return {"memblock", "kho_test"} | ({"LUO"} if release.luo else set())


def _check_folios(name: str, file: File, page: int, memory: Elf,
                  preserved: list[range]) -> None:
    """Each folio is preserved, and in memory it has what was written."""
    where = f"{escaped(name)}/{file.memfd.token:#x}"
    pages = -(-file.memfd.size // page)
    assert [index for _, index in file.folios] == list(range(pages)), \
        f"{where}: folios of {file.memfd.size} bytes are {file.folios}"
    for address, index in file.folios:
        assert any(address in one for one in preserved), \
            f"{where}: {address:#x} is not preserved"
        begin = index * page
        want = f"{name}/{file.memfd.token:x}/{begin // MARK}".encode()
        want = want[:file.memfd.size - begin]
        assert memory.read(address, len(want)) == want, \
            f"{where}: {address:#x} is not page {index}"


def _check_sessions(shown: Handover, release: Release, memory: Elf) -> None:
    found, preserved = shown.sessions(), shown.preserved()
    sessions = carried(release)
    assert list(found) == [escaped(s.name) for s in sessions], \
        f"sessions are {list(found)}"
    for session in sessions:
        files = found[escaped(session.name)]
        have = [file.memfd for file in files]
        assert have == list(session.files), f"{session.name!r}: {have}"
        for file in files:
            _check_folios(session.name, file, release.page, memory, preserved)


def _check_test(shown: Handover) -> None:
    """The kernel's own test: as much as it was told, in random blocks."""
    blocks = shown.test_blocks()
    total = sum(len(block) for block in blocks)
    assert total == TEST_MEMORY, f"the kernel's test has {total} bytes"
    preserved = shown.preserved()
    for block in blocks:
        assert any(block[0] in one and block[-1] in one for one in preserved), \
            f"a block of the kernel's test at {block[0]:#x} is not preserved"


def _check_rest(shown: Handover, release: Release) -> None:
    reserved = shown.reservations()
    assert list(reserved) == [RESERVATION], f"reservations are {reserved}"
    assert any(reserved[RESERVATION] in one for one in shown.preserved()), \
        "the reservation is not preserved"
    missing = subtrees(release) - shown.subtrees()
    assert not missing, f"subtrees are {shown.subtrees()}"


def _check_totals(shown: Handover, release: Release) -> None:
    pages, size = shown.totals()
    assert size == pages * release.page == sum(map(len, shown.preserved())), \
        f"{pages} pages of {release.page} bytes are {size} bytes"


def check_handover(shown: Handover, release: Release, memory: Elf) -> None:
    assert not shown.errors(), "\n".join(shown.errors())
    page = shown.document["page_size"]
    assert page == release.page, f"pages of {page} bytes"
    _check_sessions(shown, release, memory)
    _check_rest(shown, release)
    _check_test(shown)
    _check_totals(shown, release)


def check_tree(text: str, shown: Handover, release: Release) -> None:
    """The tree says in its words what the JSON says."""
    text, at = " ".join(text.split()), 0
    pages, total = shown.totals()
    sessions = carried(release)
    wanted = [f"{pages:,} pages, {total:,} bytes"]
    if sessions:
        files = sum(len(s.files) for s in sessions)
        wanted.append(f"{len(sessions)} sessions, {files} files")
    for session in sessions:
        wanted.append(f" {escaped(session.name)} ")
        for file in session.files:
            size = f"{file.size:,} byte" if file.size else "no bytes"
            wanted += [f" {file.token:#x} ", f" size {size}"]
    for words in wanted:
        at = text.find(words, at)
        assert at >= 0, f"the tree lacks {words!r}, or has it elsewhere"
    (start,) = shown.reservations().values()
    for words in (RESERVATION.name, f"start {start:#x}",
                  f"size {RESERVATION.size:,} bytes"):
        assert words in text, f"the tree lacks {words!r}"
