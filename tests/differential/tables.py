# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Page tables, which are not interpreted.

What luo-dump says of them is left out of the comparison. That a top table was
read for its record counts: nobody else may have that page.
"""
from __future__ import annotations

from typing import Any, Iterator, List, Tuple

KIND = "page-tables"
# Of the record that leads to tables, and of nothing else.
RULES = {"not-followed", "table-address", "table-count", "table-geometry"}


def take(elements: Iterator[Tuple[str, str, Any]]) \
        -> Iterator[Tuple[str, str, str]]:
    """Take them out of objects: the record's path, theirs, their address."""
    for _above, owner, node in list(elements):
        inside: List[Any] = node.get("children") or []
        for one in [one for one in inside if one["kind"] == KIND]:
            inside.remove(one)
            yield owner, f"{owner}/{one['name']}", one["phys"]
