# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Expressions as C, for user space and for a kernel."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, List, Tuple

from .expr import FLIP, Expr
from .model import Field


@dataclass(frozen=True)
class Style:
    """How C code reaches what an expression looks at.

    `field` and `root` turn a path of fields into an operand; `test` does the
    same for a field as a whole: that it is zero, ended by a NUL, or a text.
    """

    field: Callable[[Tuple[Field, ...]], str]
    root: Callable[[Tuple[Field, ...]], str]
    test: Callable[[str, Field, str], str]
    env: Callable[[str], str]
    u64: str
    prefix: str
    shift: str = ""  # the page shift as a bare count, if env() casts it


def release(text: str) -> str:
    """A release of Linux, as the tables have it."""
    return "{ " + ", ".join(text.split(".")) + " }"


def packed(u64: str, loads: List[Tuple[str, int]]) -> str:
    """Numbers side by side in one, each with its size in bytes."""
    parts = []
    shift = sum(size for _, size in loads) * 8
    for load, size in loads:
        shift -= size * 8
        parts.append(f"({u64}){load} << {shift}" if shift else load)
    return " | ".join(parts)


def literal(value: int) -> str:
    """An unsigned constant as a person would write it."""
    if value < 10:
        return str(value)
    text = str(value) if value < 0x1000 and value & (value - 1) \
        and value & 0xff != 0xff else hex(value)
    return text if value < 1 << 31 else text + (
        "u" if value < 1 << 32 else "ull")


def mask(value: int) -> str:
    """Bits of a word."""
    return hex(value) + "ull" * (value >= 1 << 32)


class Printer:
    """Prints one expression after the other in one style."""

    def __init__(self, style: Style, sound: str = "sound") -> None:
        self.style = style
        self.sound = sound

    def text(self, expr: Expr) -> str:
        printer = getattr(self, "do_" + expr.op, None)
        if printer is not None:
            result: str = printer(expr)
            return result
        if expr.op in ("//", "%"):
            return self.division(expr)
        return self.infix(expr, expr.op)

    def inner(self, expr: Expr, outer: str) -> str:
        """An operand, in parentheses where a reader would want them."""
        text = self.text(expr)
        atoms = {"num", "field", "root", "env", "zero", "terminated",
                 "same_text", "not"}
        if expr.op in atoms:
            return text
        if text.startswith(self.style.prefix):
            return text  # a call
        if expr.op in FLIP and outer in ("and", "or"):
            return text
        if expr.op == "*" and outer in ("+", "-"):
            return text
        if expr.op == outer and outer in ("+", "*", "&", "|", "and", "or"):
            return text
        return f"({text})"

    def infix(self, expr: Expr, sign: str) -> str:
        return f" {sign} ".join(self.inner(arg, expr.op)
                                for arg in expr.args)

    def division(self, expr: Expr) -> str:
        left, right = expr.args
        sign = "/" if expr.op == "//" else "%"
        if right.op == "num" and right.value:
            return f"{self.inner(left, sign)} {sign} {self.text(right)}"
        name = self.style.prefix + ("div" if sign == "/" else "mod")
        return (f"{name}({self.text(left)}, {self.text(right)}, "
                f"&{self.sound})")

    def do_num(self, expr: Expr) -> str:
        return literal(expr.value)

    def do_field(self, expr: Expr) -> str:
        return self.style.field(expr.path)

    def do_root(self, expr: Expr) -> str:
        return self.style.root(expr.path)

    def do_env(self, expr: Expr) -> str:
        return self.style.env(expr.text)

    def do_and(self, expr: Expr) -> str:
        return self.infix(expr, "&&")

    def do_or(self, expr: Expr) -> str:
        return self.infix(expr, "||")

    def do_not(self, expr: Expr) -> str:
        return "!" + self.inner(expr.args[0], "not")

    def do_int(self, expr: Expr) -> str:
        return f"({self.style.u64})({self.text(expr.args[0])})"

    def do_shift(self, expr: Expr, sign: str) -> str:
        left, right = expr.args
        known = right.op == "num" and right.value < 64
        if known or (right.op == "env" and right.text == "page_shift"):
            cast = f"({self.style.u64})" if left.op == "num" else ""
            count = self.text(right) if known or not self.style.shift \
                else self.style.shift
            return f"{cast}{self.inner(left, sign)} {sign} {count}"
        name = self.style.prefix + ("shl" if sign == "<<" else "shr")
        return f"{name}({self.text(left)}, {self.text(right)})"

    def do_zero(self, expr: Expr) -> str:
        return self.style.test("zero", expr.path[-1], "")

    def do_terminated(self, expr: Expr) -> str:
        return self.style.test("terminated", expr.path[-1], "")

    def do_same_text(self, expr: Expr) -> str:
        return self.style.test("same_text", expr.path[-1], expr.text)


setattr(Printer, "do_<<", lambda self, expr: self.do_shift(expr, "<<"))
setattr(Printer, "do_>>", lambda self, expr: self.do_shift(expr, ">>"))
