# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a VT-d unit has in memory for a device, as the hardware finds it."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from .vm import Vm

# The registers of QEMU's only unit.
UNIT = 0xfed90000
RTADDR = 0x20
SCALABLE = 1 << 10
PAGE_MASK = ~0xfff & (1 << 52) - 1
PRESENT = 1

Read = Callable[[int, int], bytes]


@dataclass(frozen=True)
class Entry:
    """A context entry, or the PASID entry of all requests without one."""
    phys: int
    size: int


def root_register(vm: Vm) -> int:
    """The unit's root table address register."""
    said: str = vm.qmp.command("human-monitor-command", **{
        "command-line": f"xp /1gx {UNIT + RTADDR:#x}"})
    return int(said.split(":")[1], 16)


def _qword(read: Read, phys: int) -> int:
    value: int = struct.unpack("<Q", read(phys, 8))[0]
    return value


def find_entry(read: Read, rtaddr: int, bdf: str) -> Entry | None:
    """The device's entry, present or not; None if no table leads to it."""
    _, bus, rest = bdf.split(":")
    devfn = int(rest[:2], 16) << 3 | int(rest[3])
    root = (rtaddr & PAGE_MASK) + 16 * int(bus, 16)
    if not rtaddr & SCALABLE:
        context = _qword(read, root)
        if not context & PRESENT:
            return None
        return Entry((context & PAGE_MASK) + 16 * devfn, 16)
    context = _qword(read, root + 8 * (devfn >> 7))
    if not context & PRESENT:
        return None
    directory = _qword(read, (context & PAGE_MASK) + 32 * (devfn & 127))
    if not directory & PRESENT:
        return None
    table = _qword(read, directory & PAGE_MASK)
    return Entry(table & PAGE_MASK, 64) if table & PRESENT else None


def present(data: bytes) -> bool:
    return bool(data[0] & PRESENT)
