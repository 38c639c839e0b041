# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Tests of bits with one right value, merged into words of eight bytes.

Constants, unknown flags, padding and small limits all say that some bits of a
struct have fixed values. Together they are one test: for each word, that
(word & mask) == value. That is what makes testing as cheap as reading.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from .ctext import literal
from .expr import Expr
from .model import Field, Rule, Struct

WORD = 8


@dataclass
class Bits:
    """Bits of a field that have one right value."""

    path: Tuple[Field, ...]
    mask: int
    value: int


def fixed_bits(expr: Expr) -> Optional[Bits]:
    """What @expr says, if it is of that kind."""
    if len(expr.args) != 2 or expr.args[1].op != "num":
        return None
    left, limit = expr.args[0], expr.args[1].value
    mask: Optional[int] = None
    if left.op == "&" and left.args[1].op == "num":
        mask, left = left.args[1].value, left.args[0]
    if left.op != "field":
        return None
    every = left.path[-1].mask
    if expr.op == "==":
        mask = every if mask is None else mask & every
        return Bits(left.path, mask, limit) if limit & ~mask == 0 else None
    if expr.op == "!=" and limit == 0 and mask and mask & (mask - 1) == 0:
        return Bits(left.path, mask, mask)
    if expr.op == "<=" and mask is None and limit & (limit + 1) == 0:
        return Bits(left.path, every & ~limit, 0)
    return None


class Merger:
    """Gathers the words of one struct."""

    def __init__(self, struct: Struct) -> None:
        self.size = struct.size
        self.words: Dict[int, Tuple[int, int]] = {}
        self.merged: List[Rule] = []
        for rule in struct.rules:
            bits = fixed_bits(rule.expr) if rule.expr else None
            if bits and self.add(bits):
                self.merged.append(rule)

    def add(self, bits: Bits) -> bool:
        """False if the bits do not lie in one word."""
        offset = sum(field.offset for field in bits.path)
        base = max(0, min(offset - offset % WORD, self.size - WORD))
        shift = (offset - base) * 8 + bits.path[-1].bit
        mask, value = bits.mask << shift, bits.value << shift
        if self.size < WORD or mask >> 64:
            return False
        old_mask, old_value = self.words.get(base, (0, 0))
        if (old_value ^ value) & old_mask & mask:
            return False
        self.words[base] = (old_mask | mask, old_value | value)
        return True

    def text(self) -> str:
        """A number that is zero when all of them are right."""
        parts = []
        for base, (mask, value) in sorted(self.words.items()):
            load = f"luser_le64(at + {base})" if base else "luser_le64(at)"
            full = mask == (1 << 64) - 1
            part = load if full else f"({load} & {literal(mask)})"
            parts.append(f"({part} ^ {literal(value)})" if value else part)
        return " | ".join(parts)
