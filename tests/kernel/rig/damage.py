# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Changes to what is handed over, made while the old kernel stands.

luo-dump says where everything is; where a field is in its record, the lock file
of the schemas does.
"""

import json
import struct
from dataclasses import dataclass

from .gdb import Gdb
from .layouts import SCHEMA
from .shown import Handover, number

PAGE = 4096
HEADER = "kho_page_hdr_ser"
FORMATS = {1: "<B", 2: "<H", 4: "<I", 8: "<Q"}
POLYNOMIAL = 0x82f63b78


def _fields() -> dict[tuple[str, str], tuple[int, int]]:
    """Offset and size, by struct and field."""
    lock = json.loads((SCHEMA / "lock.json").read_text())["layouts"]
    return {(name, member): (at[0], at[1])
            for abi in ("iommu-v2", "iommufd-v2", "sealed-page-v1")
            for name, layout in lock[abi]["structs"].items()
            for member, at in layout["fields"].items()}


FIELDS = _fields()


def crc32c(data: bytes) -> int:
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
    return crc ^ 0xffffffff


@dataclass(frozen=True)
class Damage:
    """A field gets another value; what the log says; what is lost by it."""
    struct: str         # the header's: that of the page of "array"
    field: str
    value: int
    rule: str
    loses: str
    array: str = ""
    add: bool = False   # to what is there

    @property
    def name(self) -> str:
        where = f"page of {self.array}" if self.array else self.struct
        return f"{where}: {self.field} {'+' * self.add}{self.value:#x}"


def seal(gdb: Gdb, page: int) -> None:
    """Give a page the checksum that it has now."""
    offset, size = FIELDS[HEADER, "crc"]
    data = bytearray(gdb.read(page, PAGE))
    data[offset:offset + size] = bytes(size)
    gdb.write(page + offset, struct.pack(FORMATS[size], crc32c(data)))


class Victim:
    """Where the records of one user are."""

    def __init__(self, shown: Handover, session: str, bdf: str) -> None:
        self._where: dict[str, int] = {}
        units = shown.places("iommu_device_ser")
        ((device, fields),) = [(phys, one) for phys, one in units
                               if bdf.endswith(str(one["bdf"]))]
        self._where["iommu_device_ser"] = device
        self._where["iommu_device_intel_ser"] = (
            device + FIELDS["iommu_device_ser", "driver"][0])
        domains = shown.places("iommu_domain_ser")
        self._where["iommu_domain_ser"] = domains[number(fields["domain"])][0]
        for name in ("iommu_root_ser", "iommu_ser", "iommu_intel_ser"):
            ((self._where[name], _),) = shown.places(name)
        for name in ("iommufd_root_ser", "iommufd_hwpt_ser"):
            ((self._where[name], _),) = shown.places(name, session)

    def address(self, damage: Damage) -> tuple[int, int]:
        """Of the field, and its size."""
        offset, size = FIELDS[damage.struct, damage.field]
        if damage.struct == HEADER:
            return (self._where[damage.array] & ~(PAGE - 1)) + offset, size
        return self._where[damage.struct] + offset, size

    def apply(self, gdb: Gdb, damage: Damage, sealed: bool) -> None:
        at, size = self.address(damage)
        old = struct.unpack(FORMATS[size], gdb.read(at, size))[0]
        value = old + damage.value if damage.add else damage.value
        assert value != old, f"{damage.name}: that is there already"
        gdb.write(at, struct.pack(FORMATS[size], value))
        if sealed and damage.field != "crc":
            seal(gdb, at & ~(PAGE - 1))
