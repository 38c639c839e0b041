# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""How many pages hold what is below the sessions, files and FLBs of a handover.

Counted from what luo-dump --json shows: the page of each object, and the pages
that records say that they lead to.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .shown import Handover, Json, number

PAGE_SHIFT = 12
# An object whose pages its record counts.
TABLES = "top_table"


def _below(objects: list[Json]) -> Iterator[Json]:
    for one in objects:
        yield one
        yield from _below(one.get("children", []))
        yield from _below(one.get("items", []))


def _frames(record: Json) -> Iterator[int]:
    """Of single pages that are not objects of their own."""
    fields = record["fields"]
    match record["type"]:
        case "memfd_luo_ser":
            yield number(fields["folios"]["first"]) >> PAGE_SHIFT
        case "memfd_luo_folio_ser":
            yield number(fields["pfn"])


def _tables(record: Json) -> int:
    """Pages of the IOMMU's, which are counted and not shown."""
    fields = record["fields"]
    match record["type"]:
        case "iommu_domain_ser":
            return number(fields["nr_tables"])
        case "iommu_intel_ser":
            return 1 + number(fields["nr_context_tables"])
    return 0


@dataclass(frozen=True)
class Pages:
    """Each counted once."""
    user: int           # given back when user space finishes
    boot: int           # tables of IOMMUs: the booting kernel takes them


def handed_over(shown: Handover) -> Pages:
    frames, tables = set(), 0
    for one in _below(shown.luo()):
        if one.get("phys") and one.get("name") != TABLES:
            frames.add(number(one["phys"]) >> PAGE_SHIFT)
        if one["kind"] == "struct":
            frames.update(_frames(one))
            tables += _tables(one)
    return Pages(len(frames), tables)
