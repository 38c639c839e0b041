# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a struct looks like to a program: names, members, loads and stores."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Optional, Set

from .checks import Check, add_rules, load_text
from .csource import fill, ident, local
from .ctext import literal
from .merge import Merger
from .model import Abi, Arm, Choice, Field, Names, Struct


def short_name(abi: Abi, name: str) -> str:
    """A struct's name without what the ABI's name says already."""
    short = ident(name)
    if short.endswith("_ser"):
        short = short[:-4]
    words = ident(abi.name).split("_")
    for prefix in ("_".join(words), words[0], "kho"):
        if short.startswith(prefix + "_"):
            return short[len(prefix) + 1:]
    return short


def host_name(struct: Struct) -> str:
    return f"luser_{ident(struct.abi.id)}_{short_name(struct.abi, struct.name)}"


def names_macro(abi: Abi, names: Names, item: str) -> str:
    return (f"LUSER_{ident(abi.id)}_{short_name(abi, names.name)}_"
            f"{item}").upper()


def at_text(base: str, offset: int) -> str:
    return f"{base} + {offset}" if offset else base


@dataclass
class Member:
    """One member of a host struct."""

    field: Field

    @property
    def name(self) -> str:
        return local(self.field.name)

    @property
    def kind(self) -> str:
        kind = self.field.kind
        if kind in ("UNION", "SECTION"):
            return "choice"
        return {"STRING": "bytes", "BYTES": "bytes",
                "STRUCT": "struct"}.get(kind, "int")

    @property
    def bits(self) -> int:
        """Of the integer that holds it."""
        return self.field.size * 8

    @property
    def host(self) -> str:
        """The host struct of a nested one."""
        return host_name(self.field.struct) if self.field.struct else ""

    @property
    def at(self) -> str:
        """Its bytes; those of element i, if it is an array."""
        text = at_text("at", self.field.offset)
        return text if self.field.count == 1 \
            else f"{text} + i * {self.field.size}"

    @property
    def item(self) -> str:
        """The member; its element i, if it is an array."""
        return self.name if self.field.count == 1 else f"{self.name}[i]"

    @property
    def declaration(self) -> str:
        field = self.field
        if self.kind == "bytes":
            base = "char" if field.kind == "STRING" else "uint8_t"
            return f"{base} {self.name}[{field.size}];"
        base = f"struct {self.host}" if field.struct \
            else f"uint{self.bits}_t"
        array = f"[{field.count}]" if field.count > 1 else ""
        return f"{base} {self.name}{array};"

    def load(self) -> str:
        """The value of an integer member."""
        if self.field.count > 1:
            return f"luser_le{self.bits}({self.at})"
        text = load_text("at", (self.field,))
        narrow = self.field.bits and self.bits < 32
        return f"(uint{self.bits}_t)({text})" if narrow else text

    def each(self, statement: str) -> str:
        """The statement, for each element if it is an array."""
        if self.field.count == 1:
            return fill(statement, "\t", "\t\t")
        loop = f"\tfor (uint32_t i = 0; i < {self.field.count}; i++)\n"
        return loop + fill(statement, "\t\t", "\t\t\t")

    @property
    def arms(self) -> List[Arm]:
        """The cases of a choice that have content."""
        arms = self.field.choice.arms if self.field.choice else []
        return [arm for arm in arms if arm.struct]

    @property
    def section(self) -> bool:
        return self.field.kind == "SECTION"

    def place(self, base: str) -> str:
        """Where the arm's bytes are; @base is `in->`, `out->` or nothing."""
        choice = self.field.choice
        if choice and choice.offset:
            return f"at + {base}{local(choice.offset.name)}"
        return at_text("at", self.field.offset)

    def inside(self, base: str, need: int) -> str:
        """That a section lies in its record, and its arm in the section."""
        choice = self.field.choice
        if choice is None or choice.offset is None or choice.size is None:
            return "true"
        return (f"luser_section({base}{local(choice.offset.name)}, "
                f"{base}{local(choice.size.name)}, {self.field.offset}, "
                f"{need}, size)")

    def tag(self, base: str) -> str:
        """What tells the arms apart."""
        choice = self.field.choice
        if choice is None or not own_tag(choice):
            return "tag"
        if base:
            return base + ".".join(local(f.name) for f in choice.tag)
        return local("_".join(f.name for f in choice.tag))


@dataclass
class Unit:
    """One store: an integer, or the parts of a storage unit together."""

    fields: List[Field]

    def store(self) -> str:
        first = self.fields[0]
        bits = first.size * 8
        where = at_text("at", first.offset)
        return f"luser_set_le{bits}({where}, {self.value(bits)});"

    def value(self, bits: int) -> str:
        if not self.fields[0].bits:
            return f"in->{local(self.fields[0].name)}"
        parts = []
        for field in self.fields:
            text = f"((uint64_t)in->{local(field.name)} & " \
                f"{literal(field.mask)})"
            parts.append(f"{text} << {field.bit}" if field.bit else text)
        return f"(uint{bits}_t)({' | '.join(parts)})"


class Host:
    """Everything a template wants to know about one struct."""

    def __init__(self, struct: Struct) -> None:
        self.struct = struct
        self.name = host_name(struct)
        self.macro = self.name.upper()
        self.members = [Member(field) for field in struct.fields
                        if field.kind != "PAD" and not field.rest
                        and (field.size or field.choice)]
        self.choices = [m for m in self.members if m.kind == "choice"]
        self.index = list(struct.abi.structs.values()).index(struct)

    @property
    def has_section(self) -> bool:
        """Its size is the record's, which may be larger than it knows."""
        return any(m.field.kind == "SECTION" for m in self.choices)

    @property
    def foreign(self) -> bool:
        """A choice is told by something outside of the record."""
        return any(m.field.choice and not own_tag(m.field.choice)
                   for m in self.choices)

    def units(self) -> Iterator[Unit]:
        """The integers in the order of their places."""
        done: Set[str] = set()
        for member in self.members:
            field = member.field
            if member.kind != "int" or field.count > 1 or field.unit in done:
                continue
            if field.unit:
                done.add(field.unit)
                yield Unit([m.field for m in self.members
                            if m.field.unit == field.unit])
            else:
                yield Unit([field])

    @property
    def has_gaps(self) -> bool:
        """Bytes that no member covers: padding, or an unused arm."""
        return any(f.kind == "PAD" or f.choice for f in self.struct.fields)

    def args(self, before: List[str], after: List[str]) -> List[str]:
        """Arguments of a function, with what only some structs need."""
        size = ["size_t size"] if self.has_section else []
        tag = ["uint64_t tag"] if self.foreign else []
        return before + size + tag + after

    @property
    def extra(self) -> str:
        """The same in a call, by what has @len bytes."""
        return (", len" if self.has_section else "") \
            + (", tag" if self.foreign else "")

    @property
    def uses_size(self) -> bool:
        return any(m.section and m.arms for m in self.choices)

    @property
    def has_tests(self) -> bool:
        """Whether any bytes are not sound."""
        check = self.sound()
        return bool(check.fails or check.fixed
                    or any(m.arms or m.section for m in self.choices))

    def sound(self) -> Check:
        """All tests of the struct, of nested ones, and where sections lie."""
        check = Check(self.struct)
        merger = Merger(self.struct)
        if len(merger.merged) > 1:
            check.fixed = merger.text()
        add_rules(check, self.struct.rules,
                  merger.merged if check.fixed else [])
        for member in self.members:
            if member.kind == "struct":
                check.fails += [f"!{test}"
                                for test in nested(check, member.field)]
        for member in self.choices:
            self.choice(check, member)
        return check

    def choice(self, check: Check, member: Member) -> None:
        """Load what a choice is told by; a section lies in its record."""
        choice = member.field.choice
        if choice is None:
            return
        if own_tag(choice) and member.arms:
            check.local_field(choice.tag)
        if choice.offset and choice.size:
            check.local_field((choice.offset,))
            check.local_field((choice.size,))
            if not member.arms:
                check.fails.append("!" + member.inside("", 0))
        check.uses_env |= bool(member.arms)


def own_tag(choice: Choice) -> bool:
    """The record itself says which arm it has."""
    return not choice.in_root and not choice.via


def nested(check: Check, field: Field) -> List[str]:
    """The tests of nested structs."""
    check.uses_env = True
    name = host_name(field.struct) if field.struct else ""
    return [f"{name}_sound({at_text('at', field.offset + i * field.size)}, "
            "env)" for i in range(field.count)]


def make_hosts(abi: Abi) -> List[Host]:
    """All structs of @abi, nested ones before those that they are in."""
    hosts: List[Host] = []
    done: Set[int] = set()

    def add(struct: Struct) -> None:
        if id(struct) in done or struct.abi is not abi:
            return
        done.add(id(struct))
        for field in struct.fields:
            if field.struct:
                add(field.struct)
            for arm in field.choice.arms if field.choice else []:
                if arm.struct:
                    add(arm.struct)
        hosts.append(Host(struct))

    for struct in abi.structs.values():
        add(struct)
    return hosts
