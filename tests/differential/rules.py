# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Rules: those of the schemas, and those that the types of fields imply."""
from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import (Any, Callable, Dict, List, NamedTuple, Optional, Sequence,
                    Tuple)

from schema import INTS, WORD, Abi, Field, Struct


class Env(NamedTuple):
    """What a rule may look at beside its struct."""

    page_size: int
    page_shift: int
    root: Optional[bytes] = None
    capacity: int = 0
    record_size: int = 0


Test = Callable[[bytes, int, Env], bool]


@dataclass(eq=False)
class Rule:
    """True for a struct that keeps it; @field is the only one it is about."""

    name: str
    holds: Test
    field: Optional[Field] = None
    refuse: bool = False


class Expression:
    """One expression of a schema as a function of Python."""

    def __init__(self, text: str, struct: Struct, kind: str = "bool") -> None:
        self.struct = struct
        self.fields: List[Field] = []
        self.root_size = 0
        self.values: Dict[str, Any] = {"shl": shl, "shr": shr, "W": WORD}
        tree = ast.parse(" ".join(text.split()), mode="eval").body
        code = f"lambda at, base, env: {kind}({self.read(tree)})"
        self.function: Test = eval(code, self.values)

    def __call__(self, at: bytes, base: int, env: Env) -> bool:
        if self.root_size and (env.root is None or
                               len(env.root) < self.root_size):
            return True
        try:
            return self.function(at, base, env)
        except ZeroDivisionError:
            return False

    def read(self, node: ast.expr) -> str:
        if isinstance(node, ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) else " or "
            return "(" + word.join(map(self.read, node.values)) + ")"
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.BinOp):
            return self.binary(node)
        if isinstance(node, ast.Compare):
            return self.compare(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Constant):
            return str(node.value)
        return self.name(ast.unparse(node).split("."))

    def unary(self, node: ast.UnaryOp) -> str:
        one = self.read(node.operand)
        return {ast.Not: f"(not {one})", ast.Invert: f"({one} ^ W)",
                ast.USub: f"(-{one} & W)"}[type(node.op)]

    def binary(self, node: ast.BinOp) -> str:
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(node.op, ast.LShift):
            return f"shl({left}, {right})"
        if isinstance(node.op, ast.RShift):
            return f"shr({left}, {right})"
        sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//",
                ast.Mod: "%", ast.BitAnd: "&", ast.BitOr: "|",
                ast.BitXor: "^"}[type(node.op)]
        return f"(({left} {sign} {right}) & W)"

    def compare(self, node: ast.Compare) -> str:
        signs = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
                 ast.Gt: ">", ast.GtE: ">="}
        text = self.read(node.left)
        for op, right in zip(node.ops, node.comparators):
            text += f" {signs[type(op)]} {self.read(right)}"
        return f"({text})"

    def call(self, node: ast.Call) -> str:
        args = [self.read(arg) for arg in node.args]
        if ast.unparse(node.func) == "aligned":
            return f"({args[0]} % {args[1]} == 0)"
        return f"({args[0]} != 0 and {args[0]} & ({args[0]} - 1) == 0)"

    def name(self, names: List[str]) -> str:
        if names[0] == "root" and self.struct.abi.root is not self.struct:
            return self.load(self.struct.abi.root, names[1:], "env.root, 0")
        if names[0] == "root":
            return self.load(self.struct, names[1:], "at, base")
        if names[0] in Env._fields:
            return f"env.{names[0]}"
        if any(one.name == names[0] for one in self.struct.fields):
            return self.load(self.struct, names, "at, base")
        return self.number(".".join(names))

    def number(self, text: str) -> str:
        found = self.struct.abi.named("constants", text)
        if found and found[1]["value"] == "page_size":
            return "env.page_size"
        return str(self.struct.abi.number(text))

    def load(self, struct: Struct, names: List[str], where: str) -> str:
        one, offset, flags = path_of(struct, names)
        if where.startswith("env"):
            self.root_size = max(self.root_size,
                                 offset + one.offset + one.size)
        elif struct.find(names[0]) not in self.fields:
            self.fields.append(struct.find(names[0]))
        key = f"get{len(self.values)}"
        self.values[key] = one.get
        text = f"{key}({where} + {offset})"
        if flags and one.names:
            return f"({text} & {one.names.items[flags]} != 0)"
        return text


def shl(value: int, by: int) -> int:
    return value << by & WORD if by < 64 else 0


def shr(value: int, by: int) -> int:
    return value >> by if by < 64 else 0


def path_of(struct: Struct, names: Sequence[str]) -> Tuple[Field, int, str]:
    """A field, where the struct that has it starts, and a flag of it."""
    offset, rest = 0, list(names)
    while True:
        one = struct.find(rest.pop(0))
        if not rest or not one.struct:
            return one, offset, rest[0] if rest else ""
        struct, offset = one.struct, offset + one.offset


def explicit(struct: Struct, key: str = "rules") -> List[Rule]:
    rules = []
    for name, data in struct.data.get(key, {}).items():
        test = Expression(data["that"], struct)
        about = test.fields[0] if len(test.fields) == 1 else None
        rules.append(Rule(name, test, about, data.get("refuse", False)))
    return rules


def implied(struct: Struct) -> List[Rule]:
    """What the types of the fields say."""
    rules: List[Rule] = []
    for one in struct.fields:
        if one.count != 1 or one.struct:
            continue
        if one.type in INTS:
            rules += of_number(one, struct.abi)
        elif one.type == "phys":
            rules += of_address(one)
        else:
            rules += of_bytes(one, struct.abi)
    return rules


def rule(one: Field, kind: str, holds: Callable[[int, Env], bool],
         refuse: bool = False) -> Rule:
    return Rule(f"{one.name.replace('_', '-')}-{kind}",
                lambda at, base, env: holds(one.get(at, base), env), one,
                refuse)


def of_number(one: Field, abi: Abi) -> List[Rule]:
    rules, limits = [], {key: abi.number(one.data[key]) for key in (
        "const", "min", "max", "multiple-of") if key in one.data}
    names = one.names
    if "const" in limits:
        rules.append(rule(one, "value", lambda v, _: v == limits["const"]))
    if names and not names.is_flags:
        items = set(names.items.values())
        rules.append(rule(one, "known", lambda v, _: v in items))
    if names and names.is_flags and names.unknown != "ignore":
        rules.append(rule(
            one, "unknown", lambda v, _: v & ~known_bits(one) == 0,
            names.unknown == "refuse"))
    if limits.get("min"):
        rules.append(rule(one, "min", lambda v, _: v >= limits["min"]))
    if "max" in limits:
        rules.append(rule(one, "max", lambda v, _: v <= limits["max"]))
    if "multiple-of" in limits:
        rules.append(rule(one, "multiple",
                          lambda v, _: v % limits["multiple-of"] == 0))
    return rules


def known_bits(one: Field) -> int:
    assert one.names
    return sum(one.names.items.values())


def of_address(one: Field) -> List[Rule]:
    rules, align = [], one.data.get("align", 1)
    shift = one.data.get("shift", 0)
    if one.data.get("null") != "allowed":
        rules.append(rule(one, "set", lambda v, _: v != 0))
    if one.data.get("format") == "pfn":
        rules.append(rule(one, "fits",
                          lambda v, env: v >> 64 - env.page_shift == 0))
    elif align == "page":
        rules.append(rule(one, "aligned", lambda v, env:
                          (v << shift & WORD) % env.page_size == 0))
    elif align > 1:
        rules.append(rule(one, "aligned", lambda v, env:
                          (v << shift & WORD) % align == 0))
    return rules


def of_bytes(one: Field, abi: Abi) -> List[Rule]:
    start, size, kind = one.offset, one.size, ""
    if one.type == "string" and "const" in one.data:
        text = abi.text(one.data["const"]).encode()
        text = (text + b"\0")[:size]
        kind, test = "value", lambda b: b.startswith(text)
    elif one.type == "string" and one.data.get("terminated", True):
        kind, test = "terminated", lambda b: 0 in b
    elif one.type == "pad" and one.bits:
        return [rule(one, "zero", lambda v, _: v == 0)]
    elif one.type == "pad":
        kind, test = "zero", lambda b: not any(b)
    if not kind:
        return []
    return [Rule(f"{one.name.replace('_', '-')}-{kind}",
                 lambda at, base, _: bool(
                     test(at[base + start:base + start + size])), one)]
