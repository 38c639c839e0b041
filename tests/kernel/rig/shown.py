# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What luo-dump --json shows, in the terms of the scenario.

All that the tests know of the form of its output is here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .scenario import PAGE, Memfd, Reservation

Json = dict[str, Any]

MAP = "preserved_map"


def number(value: int | str) -> int:
    """Addresses, and integers that JSON cannot hold, are strings."""
    return value if isinstance(value, int) else int(value, 0)


def escaped(name: str) -> str:
    """A name as luo-dump shows it."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7f else f"\\x{byte:02x}"
                   for byte in name.encode())


@dataclass(frozen=True)
class File:
    memfd: Memfd
    folios: tuple[tuple[int, int], ...]     # address, page offset in the file


def _seals(fields: Json) -> int:
    """Not every version of the ABI has them."""
    return number(fields["seals"]["value"]) if "seals" in fields else 0


class Handover:
    def __init__(self, document: Json) -> None:
        self.document = document
        self.live = bool(document["live"])

    def _all(self, **where: str) -> Iterator[Json]:
        """Objects with these properties, wherever they are."""
        def walk(objects: list[Json]) -> Iterator[Json]:
            for one in objects:
                if all(one.get(k) == v for k, v in where.items()):
                    yield one
                yield from walk(one.get("children", []))
                yield from walk(one.get("items", []))
        yield from walk(self.document["tree"])

    def _below(self, top: Json, **where: str) -> Iterator[Json]:
        return Handover(self.document | {"tree": [top]})._all(**where)

    def records(self, struct: str) -> list[Json]:
        """The fields of all structs of this name."""
        return [one["fields"] for one in self._all(kind="struct", type=struct)]

    def places(self, struct: str, session: str = "") -> list[tuple[int, Json]]:
        """Addresses and fields of all structs of this name, in a session."""
        tops = list(self._all(type="luo_session_ser", label=session)) \
            if session else self.document["tree"]
        return [(number(one["phys"]), one["fields"]) for top in tops
                for one in self._below(top, kind="struct", type=struct)]

    def mapped(self) -> dict[int, tuple[int, bool, bool]]:
        """Of each IOVA that page tables map: address, and what is allowed."""
        return {number(run["iova"]) + at:
                (number(run["phys"]) + at, run["read"], run["write"])
                for one in self._all(kind="page-tables")
                for run in one["mapped"]
                for at in range(0, number(run["bytes"]), PAGE)}

    def luo(self) -> list[Json]:
        """What is below the sessions and the FLBs."""
        return [one for name in ("sessions", "flbs")
                for one in self._all(kind="array", name=name)]

    def stale(self) -> list[Json]:
        return list(self._all(kind="stale"))

    def subtrees(self) -> set[str]:
        """What the root names, whether by its tree or beside it."""
        (root,) = self.document["tree"]
        return {one["name"] for one in root["children"]
                if one["name"] != MAP}

    def _file(self, record: Json) -> File:
        (memfd,) = self._below(record, kind="struct", type="memfd_luo_ser")
        fields = memfd["fields"]
        folios = self._below(memfd, kind="struct", type="memfd_luo_folio_ser")
        return File(
            Memfd(number(record["fields"]["token"]), number(fields["size"]),
                  number(fields["pos"]), _seals(fields)),
            tuple((number(f["fields"]["pfn"]) * self.document["page_size"],
                   number(f["fields"]["index"])) for f in folios))

    def sessions(self) -> dict[str, list[File]]:
        return {one["fields"]["name"]:
                [self._file(record) for record in
                 self._below(one, kind="struct", type="luo_file_ser")]
                for one in self._all(kind="struct", type="luo_session_ser")}

    def reservations(self) -> dict[Reservation, int]:
        """With their addresses."""
        return {Reservation(one["name"], number(one["fields"]["size"])):
                number(one["fields"]["start"])
                for one in self._all(kind="fdt", type="reservation")}

    def test_blocks(self) -> list[range]:
        """Memory of the kernel's own test."""
        page = self.document["page_size"]
        found = (one["fields"] for one in
                 self._all(kind="struct", type="kho_test_folio"))
        return [range(number(f["phys"]), number(f["phys"]) +
                      (page << number(f["order"]))) for f in found]

    def metadata(self) -> tuple[str, int]:
        """The release that did the kexec, and the number of kexecs."""
        (one,) = self._all(kind="struct", type="kho_kexec_metadata")
        return (one["fields"]["previous_release"],
                number(one["fields"]["kexec_count"]))

    def flbs(self) -> list[str]:
        return [one["fields"]["name"]
                for one in self._all(kind="struct", type="luo_flb_ser")]

    def preserved(self) -> list[range]:
        """The ranges of preserved memory, from the map."""
        (one,) = self._all(kind="map")
        return [range(number(r["start"]), number(r["start"]) +
                      number(r["bytes"])) for r in one["ranges"]]

    def totals(self) -> tuple[int, int]:
        """Preserved pages and bytes."""
        total = self.document["preserved"]
        return number(total["pages"]), number(total["bytes"])

    def findings(self, rule: str) -> list[str]:
        return [f"{f['path']}: {f['text']}" for f in self.document["findings"]
                if f["rule"] == rule]

    def errors(self) -> list[str]:
        return [f"{f['path']}: {f['text']}" for f in self.document["findings"]
                if f["severity"] == "error"]


def handovers(document: Json, role: str) -> list[Handover]:
    return [Handover(one) for one in document["handovers"]
            if one["role"] == role]


def the_handover(document: Json, role: str) -> Handover:
    """The only handover with this role."""
    found = handovers(document, role)
    has = [one["role"] for one in document["handovers"]]
    assert len(found) == 1, f"the roles of the handovers are {has}"
    return found[0]
