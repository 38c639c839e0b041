# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Rules as trees of operations.

A rule is written with Python's operators and read with Python's parser; what
is left is a tree of Expr. Numbers are unsigned and wrap at 64 bits, a shift by
64 or more gives zero, and a division by zero makes the whole rule false.
"""
from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, Callable, Iterator, List, Optional, Tuple, Union

from .model import Abi, Field, Names, Struct
from .scope import Scope

WORD = (1 << 64) - 1
ENV = ("page_size", "page_shift", "capacity", "record_size")
FLIP = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
BOOLEAN = set(FLIP) | {"and", "or", "not", "zero", "terminated", "same_text"}


class ExprError(Exception):
    """What is wrong with an expression."""


@dataclass(frozen=True, eq=False)
class Expr:
    """One operation. `path` leads to a field, through nested structs."""

    op: str
    args: Tuple[Expr, ...] = ()
    path: Tuple[Field, ...] = ()
    value: int = 0
    text: str = ""

    @property
    def is_bool(self) -> bool:
        return self.op in BOOLEAN

    def walk(self) -> Iterator[Expr]:
        yield self
        for arg in self.args:
            yield from arg.walk()


def number(value: int) -> Expr:
    return Expr("num", value=value & WORD)


def as_int(expr: Expr) -> Expr:
    return Expr("int", (expr,)) if expr.is_bool else expr


def as_bool(expr: Expr) -> Expr:
    return expr if expr.is_bool else Expr("!=", (expr, number(0)))


def negate(expr: Expr) -> Expr:
    """The opposite, without a `not` in front of more than one thing."""
    if expr.op in FLIP:
        return Expr(FLIP[expr.op], expr.args)
    if expr.op in ("and", "or"):
        other = "or" if expr.op == "and" else "and"
        return Expr(other, tuple(negate(arg) for arg in expr.args))
    if expr.op == "not":
        return expr.args[0]
    return Expr("not", (expr,))


def both(left: Expr, right: Expr) -> Expr:
    return Expr("and", (as_bool(left), as_bool(right)))


def compare(op: str, left: Expr, right: Expr) -> Expr:
    if left.is_bool and right.is_bool and op in ("==", "!="):
        return Expr(op, (left, right))
    return Expr(op, (as_int(left), as_int(right)))


FOLD: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b,
    "*": lambda a, b: a * b, "&": lambda a, b: a & b,
    "|": lambda a, b: a | b, "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b if b < 64 else 0,
    ">>": lambda a, b: a >> b if b < 64 else 0,
}


def arithmetic(op: str, left: Expr, right: Expr) -> Expr:
    """left op right, made simpler where both or the divisor are known."""
    left, right = as_int(left), as_int(right)
    if left.op == right.op == "num" and op in FOLD:
        return number(FOLD[op](left.value, right.value))
    if op == "%" and right.op == "env" and right.text == "page_size":
        return arithmetic("&", left, arithmetic("-", right, number(1)))
    if op == "//" and right.op == "env" and right.text == "page_size":
        return Expr(">>", (left, Expr("env", text="page_shift")))
    if right.op == "num" and right.value and op in ("//", "%"):
        if right.value & (right.value - 1) == 0:
            low = right.value - 1
            return arithmetic("&", left, number(low)) if op == "%" else \
                arithmetic(">>", left, number(low.bit_length()))
    return Expr(op, (left, right))


def aligned(value: Expr, to: Expr) -> Expr:
    return compare("==", arithmetic("%", value, to), number(0))


def power_of_two(value: Expr) -> Expr:
    below = arithmetic("-", value, number(1))
    return both(compare("!=", value, number(0)),
                compare("==", arithmetic("&", value, below), number(0)))


BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//",
          ast.Mod: "%", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
          ast.LShift: "<<", ast.RShift: ">>"}
COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
           ast.Gt: ">", ast.GtE: ">="}
CALLS: dict[str, Tuple[int, Callable[..., Expr]]] = {
    "aligned": (2, aligned), "power_of_two": (1, power_of_two)}


class Parser:
    """Reads expressions over the fields of one struct."""

    def __init__(self, scope: Scope, struct: Struct) -> None:
        self.scope = scope
        self.struct = struct
        self.abi: Abi = scope.abi

    def parse(self, text: str) -> Expr:
        return as_bool(self.expression(text))

    def number(self, text: str) -> Expr:
        return as_int(self.expression(text))

    def expression(self, text: str) -> Expr:
        try:
            tree = ast.parse(" ".join(text.split()), mode="eval")
        except (SyntaxError, ValueError) as error:
            raise ExprError(f"not an expression: {error.args[0]}") from error
        return self.read(tree.body)

    def read(self, node: ast.expr) -> Expr:
        reader = getattr(self, "read_" + type(node).__name__.lower(), None)
        if reader is None:
            raise ExprError(f"{ast.unparse(node)} is not allowed here")
        result: Expr = reader(node)
        return result

    def read_boolop(self, node: ast.BoolOp) -> Expr:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return Expr(op, tuple(as_bool(self.read(v)) for v in node.values))

    def read_unaryop(self, node: ast.UnaryOp) -> Expr:
        operand = self.read(node.operand)
        if isinstance(node.op, ast.Not):
            return negate(as_bool(operand))
        if isinstance(node.op, ast.Invert):
            return arithmetic("^", operand, number(WORD))
        if isinstance(node.op, ast.USub):
            return arithmetic("-", number(0), operand)
        raise ExprError(f"{ast.unparse(node)} is not allowed here")

    def read_binop(self, node: ast.BinOp) -> Expr:
        op = BINARY.get(type(node.op))
        if op is None:
            raise ExprError(f"{ast.unparse(node)} is not allowed here")
        return arithmetic(op, self.read(node.left), self.read(node.right))

    def read_compare(self, node: ast.Compare) -> Expr:
        parts: List[Expr] = []
        left = self.read(node.left)
        for op, item in zip(node.ops, node.comparators):
            name = COMPARE.get(type(op))
            if name is None:
                raise ExprError(f"{ast.unparse(node)} is not allowed here")
            right = self.read(item)
            parts.append(compare(name, left, right))
            left = right
        return parts[0] if len(parts) == 1 else Expr("and", tuple(parts))

    def read_call(self, node: ast.Call) -> Expr:
        name = ast.unparse(node.func)
        if name not in CALLS or node.keywords:
            raise ExprError(f"there is no function {name}")
        count, make = CALLS[name]
        if len(node.args) != count:
            raise ExprError(f"{name} takes {count} arguments")
        args: Any = [as_int(self.read(arg)) for arg in node.args]
        result: Expr = make(*args)
        return result

    def read_constant(self, node: ast.Constant) -> Expr:
        if isinstance(node.value, bool) or not isinstance(node.value, int) \
                or not 0 <= node.value <= WORD:
            raise ExprError(f"{node.value!r} is no number of 64 bits")
        return number(node.value)

    def read_name(self, node: ast.Name) -> Expr:
        return self.named([node.id])

    def read_attribute(self, node: ast.Attribute) -> Expr:
        return self.named(ast.unparse(node).split("."))

    def named(self, names: List[str]) -> Expr:
        """A field, a flag, an enum's item, a constant, or the page size."""
        if names[0] == "root" and len(names) > 1:
            return self.root(names[1:])
        if len(names) == 1 and names[0] in ENV:
            return Expr("env", text=names[0])
        found = self.field(self.struct, names, "field")
        if found is None and len(names) == 2:
            found = self.item(names[0], names[1])
        if found is None and len(names) == 1:
            constant = self.scope.find_constant(names[0])
            if constant and constant.is_page_size:
                found = Expr("env", text="page_size")
            elif constant and isinstance(constant.value, int):
                found = number(constant.value)
        if found is None:
            raise ExprError(f"there is no {'.'.join(names)}")
        return found

    def item(self, enum: str, item: str) -> Optional[Expr]:
        names = self.scope.find_names(enum)
        if names is None or names.is_flags or item not in names.items:
            return None
        return number(names.items[item].value)

    def root(self, names: List[str]) -> Expr:
        root = self.abi.root
        if root is None:
            raise ExprError("this ABI has no root struct")
        op = "field" if root is self.struct else "root"
        found = self.field(root, names, op)
        if found is None:
            raise ExprError(f"the root has no field {'.'.join(names)}")
        return found

    def field(self, struct: Struct, names: List[str],
              op: str) -> Optional[Expr]:
        path: List[Field] = []
        here: Optional[Struct] = struct
        rest = list(names)
        while rest and here is not None:
            item = here.find(rest[0])
            if item is None:
                return None
            path.append(item)
            here = item.struct
            rest.pop(0)
        return self.leaf(Expr(op, path=tuple(path)), path[-1], rest, names)

    def leaf(self, load: Expr, field: Field, rest: List[str],
             names: List[str]) -> Optional[Expr]:
        flags: Union[Names, None] = field.names
        if len(rest) == 1:
            if flags and flags.is_flags and rest[0] in flags.items:
                mask = number(flags.items[rest[0]].value)
                return as_bool(arithmetic("&", load, mask))
            return None
        if rest:
            return None
        if not field.is_int or field.count != 1 or field.rest:
            raise ExprError(f"{'.'.join(names)} is no number")
        return load


def fields_of(expr: Expr) -> List[Field]:
    """The struct's own fields that @expr looks at, each once."""
    found: List[Field] = []
    for part in expr.walk():
        if part.op != "root" and part.path and part.path[0] not in found:
            found.append(part.path[0])
    return found


def may_fault(expr: Expr) -> bool:
    """Whether it divides by something that can be zero."""
    return any(part.op in ("//", "%")
               and not (part.args[1].op == "num" and part.args[1].value)
               for part in expr.walk())
