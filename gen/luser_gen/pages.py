# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The decoders of whole pages: what makes them as fast as by hand.

For each arm that a record can have there is a loop of its own, for each value
of an enum of the root that its rules ask for. In it, all bits with one right
value are one test, those that say which arm it is and where it lies among
them. A record that fails is looked at again by the exact rules.
"""
from __future__ import annotations

from typing import Dict, Iterator, List, Optional, Tuple

from .checks import Check, load_text
from .csource import ident, local
from .ctext import Printer, literal
from .expr import Expr, may_fault, negate
from .host import Host, Member, at_text, make_hosts, nested
from .merge import Bits, Merger, fixed_bits
from .model import Abi, Arm, Array, Field, Rule, Struct

Path = Tuple[Field, ...]


class PageCheck(Check):
    """Tests whose loads that are equal for all records stand before the loop.

    A path is that of a field in the record, through its section or union.
    """

    def __init__(self, struct: Struct) -> None:
        super().__init__(struct)
        self.prefix: Path = ()
        self.before: Dict[str, str] = {}
        self.roots: Dict[str, Field] = {}
        self.zero: List[str] = []

    def local_field(self, path: Path) -> str:
        return "in_" + super().local_field(self.prefix + path)

    def root_field(self, path: Path) -> str:
        name = local("root_" + "_".join(part.name for part in path))
        offset = sum(part.offset for part in path)
        self.root_size = max(self.root_size, offset + path[-1].size)
        self.before[name] = f"root ? {load_text('root', path)} : 0"
        self.roots[name] = path[-1]
        return name

    def env(self, name: str) -> str:
        self.before[name] = f"reader->env.{name}"
        return name

    def test(self, kind: str, item: Field, text: str) -> str:
        base = sum(part.offset for part in self.prefix)
        moved = super().test(kind, item, text)
        return moved.replace("(at", f"(at + {base}", 1) if base else moved

    def add(self, rule: Rule, number: int) -> None:
        """The opposite of a rule."""
        self.refuse(negate(rule.expr or Expr("num")), f"sound{number}")

    def refuse(self, expr: Expr, sound: str) -> None:
        """What holds for no record that is decoded here."""
        if may_fault(expr):
            self.sound.append(sound)
            text = Printer(self.style(), sound).text(expr)
            self.fails.append(f"({text}) || !{sound}")
            return
        printer = Printer(self.style())
        for part in split(expr):
            bits, when = zero_bits(part)
            if not bits:
                self.fails.append(printer.text(part))
            elif not when:
                self.zero.append(f"({printer.text(bits)})")
            else:
                self.zero.append(f"({printer.text(when)} ? "
                                 f"{printer.text(bits)} : 0)")


def split(expr: Expr) -> List[Expr]:
    """Conditions that are together @expr: any of them is enough."""
    if expr.op == "or":
        return [part for arg in expr.args for part in split(arg)]
    if expr.op == "and" and expr.args[-1].op == "or":
        return [Expr("and", expr.args[:-1] + (part,))
                for part in split(expr.args[-1])]
    return [expr]


def zero_bits(expr: Expr) -> Tuple[Optional[Expr], Optional[Expr]]:
    """Bits that are to be zero, and when if not always: tested with others."""
    if expr.op == "and":
        bits, when = zero_bits(expr.args[-1])
        rest = expr.args[:-1]
        if when or any(part.op != "root" for test in rest
                       for part in test.args if part.op != "num"):
            return None, None
        return bits, rest[0] if len(rest) == 1 else Expr("and", rest)
    if expr.op == "!=" and expr.args[0].op in ("&", "field") \
            and expr.args[1].op == "num" and expr.args[1].value == 0:
        return expr.args[0], None
    return None, None


def excluded(expr: Expr, path: Path) -> Optional[int]:
    """The one value that the field at @path may not have."""
    if expr.op != "!=" or expr.args[1].op != "num" or \
            expr.args[0].op != "field" or expr.args[0].path != path:
        return None
    return expr.args[1].value


def narrow(at: int, size: int, mask: int, value: int) -> str:
    """A load as wide as the bits need; it gives zero if they are right."""
    half, full = size * 4, (1 << size * 8) - 1
    if size > 1 and mask >> half == 0:
        return narrow(at, size // 2, mask, value)
    if size > 1 and mask & (1 << half) - 1 == 0:
        return narrow(at + size // 2, size // 2, mask >> half, value >> half)
    text = f"luser_le{size * 8}({at_text('at', at)})"
    text = text if size == 8 else f"(uint64_t){text}"
    low = (mask & -mask).bit_length() - 1
    if low and mask == full >> low << low:
        text, value = f"({text} >> {low})", value >> low
    elif mask != full:
        text = f"({text} & {literal(mask)})"
    return f"({text} ^ {literal(value)})" if value else text


class Case:
    """The records that have one arm, or that have none."""

    def __init__(self, pages: PageDecoder, arm: Optional[Arm]) -> None:
        self.pages = pages
        self.host = pages.host
        self.arm = arm
        self.name = pages.name + (f"_{arm.name}" if arm else "") + "_run"
        self.check = PageCheck(self.host.struct)
        merger = Merger(self.host.struct)
        for number, rule in enumerate(self.host.struct.rules):
            if rule not in merger.merged and not self.says_arm(rule):
                self.check.add(rule, number)
        if pages.choice and arm:
            self.add_arm(merger, pages.choice.field, arm)
        self.add_free(merger)
        self.add_nested()
        if pages.is_deep:
            size = f"{self.host.struct.size}, " if self.host.has_section else ""
            self.check.fails.append(f"!{self.host.name}_sound(at, "
                                    f"{size}&reader->env)")
        self.fixed = [narrow(base, 8, mask, value) for base, (mask, value)
                      in sorted(merger.words.items()) if mask]
        self.bad = [self.reference(field) for field in pages.references]

    @property
    def tag(self) -> str:
        return literal(self.arm.tag) if self.arm else ""

    @property
    def told(self) -> List[str]:
        """What holds if @in has this arm, in its usual place."""
        field = self.pages.choice.field if self.pages.choice else None
        choice = field.choice if field else None
        if not field or not choice or not self.arm or not self.arm.struct:
            return []
        tag = "in->" + ".".join(local(part.name) for part in choice.tag)
        return [f"{tag} == {self.tag}"] + [
            f"in->{local(part.name)} == {literal(value)}"
            for part, value in ((choice.offset, field.offset),
                                (choice.size, self.arm.struct.size)) if part]

    @property
    def gaps(self) -> List[str]:
        """Stores of zeros where the host struct has bytes but no member."""
        spans = list(covered(self.host.members, 0))
        if self.pages.choice and self.arm and self.arm.struct:
            spans += covered(Host(self.arm.struct).members,
                             self.pages.choice.field.offset)
        at, stores = 0, []
        for start, end in sorted(spans) + [(self.host.struct.size, 0)]:
            stores += zeros(at, start)
            at = max(at, end)
        return stores

    def says_arm(self, rule: Rule) -> bool:
        """A rule that holds because the record has this arm."""
        choice = self.pages.choice.field.choice if self.pages.choice else None
        if choice is None:
            return False
        if len(choice.tag) == 1 and rule.derived and \
                rule.field is choice.tag[0]:
            return True
        other = excluded(rule.expr, choice.tag) if rule.expr else None
        return self.arm is not None and other not in (None, self.arm.tag)

    def add_arm(self, merger: Merger, field: Field, arm: Arm) -> None:
        choice = field.choice
        if choice is None or arm.struct is None:
            return
        for part, value in ((choice.offset, field.offset),
                            (choice.size, arm.struct.size)):
            if part:
                self.fix(merger, (part,), value)
        self.fix(merger, choice.tag, arm.tag)
        self.check.prefix = (field,)
        for number, rule in enumerate(arm.struct.rules):
            bits = fixed_bits(rule.expr) if rule.expr else None
            if not bits or not merger.add(
                    Bits((field,) + bits.path, bits.mask, bits.value)):
                self.check.add(rule, 100 + number)
        self.check.prefix = ()

    def fix(self, merger: Merger, path: Path, value: int) -> None:
        """A field has one value; if no word has all of it, by itself."""
        if not merger.add(Bits(path, path[-1].mask, value)):
            self.check.fails.append(
                f"{self.check.local_field(path)} != {literal(value)}")

    def add_free(self, merger: Merger) -> None:
        """A free slot holds no record, whatever the rules say of it."""
        free = self.host.struct.empty
        if isinstance(free, Expr):
            bits = fixed_bits(negate(free))
            if not bits or not merger.add(bits):
                self.check.refuse(free, "sound_free")
        elif free and not any(value for _, value in merger.words.values()):
            self.check.fails.append(
                f"luser_zero(at, {self.host.struct.size})")

    def add_nested(self) -> None:
        """Nested structs have rules of their own; a section lies inside."""
        for member in self.host.members:
            if member.kind == "struct":
                self.check.fails += [
                    "!" + test.replace("env)", "&reader->env)")
                    for test in nested(self.check, member.field)]
        for member in self.host.choices:
            choice = member.field.choice
            if choice and choice.offset and choice.size and not member.arms:
                parts = [self.check.local_field((part,))
                         for part in (choice.offset, choice.size)]
                self.check.fails.append(
                    f"!luser_section({', '.join(parts)}, "
                    f"{member.field.offset}, 0, {self.host.struct.size})")

    def reference(self, field: Field) -> str:
        """That a reference leads to no record."""
        value = self.check.local_field((field,))
        text = f"!luser_slots_live(&{slots_of(field)}_, {value})"
        if field.link and field.link.nullable:
            none = literal(field.link.none or 0)
            return f"({value} != {none} && {text})"
        return text

    @property
    def wrong(self) -> List[str]:
        """Each true for a record that is not sound, or not this arm's."""
        fixed = " | ".join(self.fixed + self.check.zero)
        return self.check.fails + (
            [f"({fixed}) != 0"] if fixed else []) + self.bad

    @property
    def special(self) -> str:
        """The enum of the root that there is a loop for each value of."""
        names = [name for name, field in self.check.roots.items()
                 if field.names and not field.names.is_flags]
        return names[0] if names else ""

    @property
    def special_values(self) -> List[str]:
        names = self.check.roots[self.special].names if self.special else None
        return [literal(item.value)
                for item in names.items.values()] if names else []


class PageDecoder:
    """Everything that the template wants to know about one array."""

    def __init__(self, abi: Abi, array: Array, host: Host) -> None:
        self.array = array
        self.host = host
        self.name = f"luser_{ident(abi.id)}_{array.name}"
        self.references = [field for field in host.struct.fields
                           if field.kind == "INDEX" and field.link]
        self.choice: Optional[Member] = next(
            (m for m in host.choices if m.arms), None)
        arms: List[Optional[Arm]] = list(self.choice.arms) \
            if self.choice else [None]
        self.cases = [Case(self, arm) for arm in arms]

    @property
    def is_deep(self) -> bool:
        """There are rules that no loop knows: of what arms have in them."""
        choices = [member.arms for member in self.host.choices if member.arms]
        return len(choices) > 1 or any(
            field.struct or field.choice for arms in choices for arm in arms
            if arm.struct for field in arm.struct.fields)

    @property
    def slots(self) -> List[str]:
        """The arrays that records refer to, each once."""
        return list(dict.fromkeys(slots_of(f) for f in self.references))

    @property
    def tag(self) -> str:
        """The value that tells the arms of record @i apart."""
        choice = self.choice.field.choice if self.choice else None
        return load_text("at", choice.tag) if choice else ""

    @property
    def args(self) -> List[str]:
        return ["const struct luser_array_reader *reader"] + [
            f"const struct luser_slots *{name}" for name in self.slots]

    @property
    def same_layout(self) -> List[str]:
        """All true where the host struct is what lies in memory."""
        struct, name = self.host.struct, f"struct {self.host.name}"
        return ["LUSER_IS_LITTLE_ENDIAN",
                f"sizeof({name}) == {struct.size}"] + [
            f"offsetof({name}, {member.name}) == {member.field.offset}"
            for member in self.host.members]

    @property
    def may_be_same(self) -> bool:
        return all(flat(field) for field in self.host.struct.fields)

    @property
    def may_be_put(self) -> bool:
        """Its cases say all about where there are members."""
        arms = [member for member in self.host.choices if member.arms]
        return self.may_be_same and len(arms) <= 1


def covered(members: List[Member], base: int) -> Iterator[Tuple[int, int]]:
    """The bytes that members other than choices have, up to but not the end."""
    for member in members:
        field = member.field
        if not field.choice:
            start = base + field.offset
            yield start, start + field.size * field.count


def zeros(at: int, end: int) -> Iterator[str]:
    """Stores that clear the bytes up to @end, as few as there can be."""
    for size in (8, 4, 2, 1):
        while end - at >= size:
            end -= size
            yield f"luser_set_le{size * 8}({at_text('at', end)}, 0);"


def slots_of(field: Field) -> str:
    return local(field.link.array.name) \
        if field.link and field.link.array else ""


def flat(field: Field) -> bool:
    """A host struct has it as memory has it, if its offset is the same."""
    if field.struct or field.bits:
        return False
    arms = field.choice.arms if field.choice else []
    return all(natural(arm.struct) for arm in arms if arm.struct)


def natural(struct: Struct) -> bool:
    """A compiler would lay it out the same way, padding included."""
    return all(flat(field) and not field.choice and
               (field.kind == "PAD" or field.offset % min(field.size, 8) == 0)
               for field in struct.fields)


def page_decoders(abi: Abi) -> List[PageDecoder]:
    """The arrays whose pages can be decoded without looking elsewhere."""
    return list(_decoders(abi))


def _decoders(abi: Abi) -> Iterator[PageDecoder]:
    hosts = {id(host.struct): host for host in make_hosts(abi)}
    for array in abi.arrays.values():
        host = hosts.get(id(array.record))
        if host and not host.foreign and host.members:
            yield PageDecoder(abi, array, host)
