# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""CRC32C, as RFC 3720 (B.4) has it, with a table for each of eight bytes."""
from __future__ import annotations

from functools import lru_cache
from typing import List
import struct

POLYNOMIAL = 0x82f63b78


def make_tables() -> List[List[int]]:
    first = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
        first.append(value)
    tables = [first]
    for _ in range(7):
        tables.append([tables[-1][i] >> 8 ^ first[tables[-1][i] & 255]
                       for i in range(256)])
    return tables


TABLES = make_tables()


@lru_cache(maxsize=65536)
def crc32c(data: bytes) -> int:
    t0, t1, t2, t3, t4, t5, t6, t7 = TABLES
    crc = 0xffffffff
    whole = len(data) & ~7
    for low, high in struct.iter_unpack("<II", data[:whole]):
        low ^= crc
        crc = t7[low & 255] ^ t6[low >> 8 & 255] ^ t5[low >> 16 & 255] ^ \
            t4[low >> 24] ^ t3[high & 255] ^ t2[high >> 8 & 255] ^ \
            t1[high >> 16 & 255] ^ t0[high >> 24]
    for byte in data[whole:]:
        crc = crc >> 8 ^ t0[(crc ^ byte) & 255]
    return crc ^ 0xffffffff
