# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Layouts that share a name: which are candidates, and which is preferred.

A reader that finds several of them sound shows the one of the lowest rank: of
mainline before others, and of what replaced or extends before what it replaced
or extends.
"""
from __future__ import annotations

from typing import Dict, Iterator, List, Optional, Tuple

from .errors import Report
from .load import Document
from .model import Abi

ORIGINS = ["mainline", "luser", "proposed"]


def _is_told(abi: Abi, other: Abi) -> bool:
    """Whether the first bytes say which of the two it is."""
    return abi.carrier != other.carrier or (
        None not in (abi.identity_value, other.identity_value)
        and abi.identity_value != other.identity_value)


def _older(abi: Abi) -> Iterator[Abi]:
    """What came before @abi under the same name, the newest first."""
    older: Optional[Abi] = abi.replaces or abi.extends
    while older is not None:
        yield older
        older = older.replaces or older.extends


def _resolve(abis: List[Abi], documents: Dict[str, Document],
             report: Report) -> None:
    known = {abi.id: abi for abi in abis}
    for abi in abis:
        name = documents[abi.id].data.get("replaces")
        if name is None:
            continue
        where = documents[abi.id].where("replaces")
        other = known.get(name)
        if other is None:
            report.error(where, f"there is no schema {name}")
        elif abi.registry is None \
                or (other.registry, other.key) != (abi.registry, abi.key):
            report.error(where, f"{name} is not looked up by the same key")
        elif abi is other or abi in _older(other):
            report.error(where, f"{name} replaces this one too")
        else:
            abi.replaces = other


def _groups(abis: List[Abi]) -> Iterator[List[Abi]]:
    """The ABIs that are looked up alike."""
    found: Dict[Tuple[str, Optional[str]], List[Abi]] = {}
    for abi in abis:
        if abi.registry is not None:
            found.setdefault((abi.registry, abi.key), []).append(abi)
    yield from found.values()


def rank(abis: List[Abi], documents: Dict[str, Document],
         report: Report) -> None:
    """Order the candidates of each name."""
    _resolve(abis, documents, report)
    report.check()
    for group in _groups(abis):
        group.sort(key=lambda abi: (ORIGINS.index(abi.origin),
                                    -len(list(_older(abi))), abi.id))
        for i, abi in enumerate(group):
            abi.rank = i
            for other in group[:i]:
                if not _is_told(abi, other) and abi not in _older(other) \
                        and other not in _older(abi):
                    late, early = sorted((abi, other), key=lambda a: a.id,
                                         reverse=True)
                    report.error(documents[late.id].where("carried-by"),
                                 f"{early.id} is looked up by the same key "
                                 "and says the same version; which one "
                                 "replaces the other?")
