# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Which release of Linux writes which version of which ABI."""
from __future__ import annotations

from typing import List, Set, Tuple

from .model import Abi, Releases

Rows = List[Tuple[str, ...]]
NONE = "—"


def releases(abis: List[Abi]) -> List[str]:
    """Every release that a schema of mainline names, in order."""
    seen: Set[str] = set()
    for abi in abis:
        if abi.releases:
            named = [abi.releases.first, abi.releases.last,
                     *[source.kernel for source in abi.sources]]
            seen.update(release for release in named if release)
    return sorted(seen, key=Releases.number)


def _cell(abis: List[Abi], name: str, release: str) -> str:
    return ", ".join(abi.version for abi in abis if abi.name == name
                     and abi.releases and abi.releases.have(release)) or NONE


def columns(abis: List[Abi]) -> Rows:
    """Releases, and what they write; neighbours that write the same are one."""
    names = sorted({abi.name for abi in abis if abi.releases})
    found: Rows = []
    for release in releases(abis):
        cells = tuple(_cell(abis, name, release) for name in names)
        if found and found[-1][1:] == cells:
            release = f"{found.pop()[0]}, {release}"
        found.append((release, *cells))
    return [("ABI", *names), *found]


def table(abis: List[Abi]) -> Rows:
    """A row for each ABI of mainline, behind one of headings."""
    return list(zip(*columns(abis)))


def elsewhere(abis: List[Abi]) -> List[Abi]:
    """Versions that no release writes."""
    return [abi for abi in abis if not abi.releases]
