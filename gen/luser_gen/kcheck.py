# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The check that a kernel makes before it believes its predecessor.

What is checked is data for kernel/liveupdate/kho_sealed_page.c; only the rules
become code. So an ABI must be made of chains of sealed pages, with the root in
one of them, and of records without anything nested in them but sections.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional, Tuple

from .csource import WIDTH, local
from .ctext import Printer, Style
from .errors import Report
from .expr import Expr, may_fault
from .kheader import PAD_TYPES
from .knames import item_macro
from .model import Abi, Arm, Array, Choice, Field, Link, Rule, Struct

Path = Tuple[Field, ...]
ENV_TEXT = {"page_size": "PAGE_SIZE", "page_shift": "PAGE_SHIFT"}
HEADER = "kho_page_hdr_ser"  # what kho_sealed_page.c knows
MAX_STRUCT = 256  # KHO_SEALED_MAX_STRUCT
PLAIN = ("UINT", "PHYS", "INDEX", "PAD")


def has_check(abi: Optional[Abi]) -> bool:
    return bool(abi and abi.kernel and abi.kernel.current
                and abi.kernel.validator)


def source_path(abi: Optional[Abi]) -> Optional[str]:
    """Where the check goes in a kernel tree."""
    if abi is None or abi.kernel is None or not has_check(abi):
        return None
    return abi.kernel.validator


def header_path(abi: Optional[Abi]) -> Optional[str]:
    """What declares it is beside it."""
    path = source_path(abi)
    return path[:-2] + ".h" if path else None


def placed(path: Optional[str]) -> Optional[str]:
    """The same among the outputs."""
    return f"kernel/{path}" if path else None


def min_size(struct: Struct) -> int:
    """Bytes that the struct had in the first schema that has it."""
    return max((f.offset + f.bytes for f in struct.fields if not f.since),
               default=0)


def arms_of(item: Field) -> List[Arm]:
    """The arms with content."""
    return [arm for arm in (item.choice.arms if item.choice else [])
            if arm.struct]


def arm_macro(choice: Choice, arm: Arm) -> str:
    """What the kernel calls the tag of an arm."""
    return item_macro(choice.names, choice.names.items[arm.name])


def link_of(item: Field, kind: str) -> Optional[Link]:
    return item.link if item.link and item.link.kind == kind else None


@dataclass
class Test:
    """The function that tests a struct's rules, for a template."""

    struct: Struct
    loads: Dict[str, str] = field(default_factory=dict)
    lines: List[str] = field(default_factory=list)
    uses_root: bool = False

    def load(self, path: Path) -> str:
        item = path[-1]
        name = local(item.name)
        text = f"ser->{item.name}"
        if item.kind == "PAD" and item.size not in PAD_TYPES:
            text = f"!!memchr_inv({text}, 0, sizeof({text}))"
        self.loads.setdefault(name, text)
        return name

    def root(self, path: Path) -> str:
        self.uses_root = True
        name = local("root_" + path[-1].name)
        self.loads.setdefault(name, f"root->{path[-1].name}")
        return name

    def style(self) -> Style:
        return Style(self.load, self.root, lambda kind, item, text: "",
                     ENV_TEXT.__getitem__, "u64", "kho_sealed_")


def rules_test(struct: Struct) -> Test:
    """All rules of @struct."""
    test = Test(struct)
    for number, rule in enumerate(struct.rules):
        text = Printer(test.style()).text(rule.expr or Expr("num"))
        test.lines.append(unless(number, text))
    return test


def unless(number: int, text: str) -> str:
    """A test with its lines broken where an alternative begins."""
    hang = "\t\t\t\t "
    lines = [f"kho_sealed_unless({number},"]
    width = 15
    for piece in pieces(text):
        if width + len(lines[-1]) + len(piece) + 4 > WIDTH:
            width = 0
            lines.append(hang.expandtabs() + piece)
        else:
            lines[-1] += " " + piece
    return "\n".join(line.replace(hang.expandtabs(), hang)
                     for line in lines) + ")"


def pieces(text: str) -> Iterator[str]:
    """The parts of a condition, each with the operator behind it."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth and text.startswith(("|| ", "&& "), at):
            yield text[start:at + 2]
            start = at + 3
    yield text[start:]


def string(text: str) -> str:
    """A string literal, on a line of its own where it is long."""
    return f' "{text}"' if len(text) < 72 else f'\n\t\t\t"{text}"'


@dataclass
class Checked:
    """An array and the field of the root that leads to it."""

    array: Array
    first: Optional[Field] = None

    @property
    def singular(self) -> str:
        """What one of its records is called: devices, device."""
        return self.array.name.rstrip("s")

    @property
    def sections(self) -> Iterator[Tuple[Choice, Arm]]:
        """What the records have sections for."""
        for item in section_fields(self.array.record):
            for arm in arms_of(item):
                if item.choice:
                    yield item.choice, arm


class KernelCheck:
    """Everything that the two templates need about one ABI."""

    def __init__(self, abi: Abi) -> None:
        self.abi = abi
        self.report = Report()
        self.prefix = f"{abi.name}_lu"
        self.root = self.root_array()
        self.arrays = self.in_order(self.led_to())
        self.own = [c.array for c in self.arrays]
        for array in [self.root] + self.own:
            self.check_array(array)
        self.structs = self.all_structs()
        self.targets = self.all_targets()
        self.foreign = [a for a in self.targets if a not in self.own]
        for struct in self.structs:
            self.check_struct(struct)
        self.report.check()

    @property
    def guard(self) -> str:
        path = (header_path(self.abi) or "").upper()
        return "__" + "".join(c if c.isalnum() else "_" for c in path)

    @property
    def header(self) -> str:
        """The name of the header, as its source includes it."""
        return (header_path(self.abi) or "").rsplit("/", 1)[-1]

    @property
    def abi_header(self) -> str:
        path = self.abi.kernel.header if self.abi.kernel else ""
        return path.replace("include/", "", 1)

    def root_array(self) -> Array:
        if self.abi.root_array is None:
            self.report.error(self.abi.where,
                              "a validator needs a root in a sealed page")
            self.report.check()
        assert self.abi.root_array
        return self.abi.root_array

    def led_to(self) -> List[Checked]:
        found = []
        for item in self.root.record.fields:
            link = link_of(item, "ARRAY")
            if link and link.array:
                found.append(Checked(link.array, item))
        return found

    def in_order(self, left: List[Checked]) -> List[Checked]:
        """Each array behind those that its records refer to."""
        done: List[Checked] = []
        while left:
            waiting = [c.array for c in left]
            ready = [c for c in left
                     if not any(a in waiting for a in refers_to(c.array))]
            if not ready:
                self.report.error(left[0].array.where, "a validator cannot "
                                  "check arrays that refer to each other")
                self.report.check()
            done += ready
            left = [c for c in left if c not in ready]
        return done

    def check_array(self, array: Array) -> None:
        sealed = array.next and array.count and array.stride and \
            array.checksum and (array.full or array.max_pages == 1)
        if not sealed or array.header.name != HEADER or \
                array.free not in (None, "zero"):
            self.report.error(array.where, f"a validator checks chains of "
                              f"sealed pages, and {array.name} is none")
        if len(array.total) > 1:
            self.report.error(array.where, "a validator looks for totals in "
                              "the root")

    def all_structs(self) -> List[Struct]:
        """Headers and arms first, what has them behind."""
        found: List[Struct] = []
        for array in [self.root] + self.own:
            for struct in [array.header, *parts_of(array.record)]:
                if struct not in found:
                    found.append(struct)
        return found

    def memory_fields(self, struct: Struct) -> List[Field]:
        """Addresses of memory; the next page of a chain is another matter."""
        return [f for f in struct.fields
                if link_of(f, "MEMORY") and struct not in self.headers]

    @property
    def headers(self) -> List[Struct]:
        found: List[Struct] = []
        for array in [self.root] + self.own:
            if array.header not in found:
                found.append(array.header)
        return found

    @property
    def arguments(self) -> List[str]:
        """Of the function that checks all."""
        return (["u64 phys", "const struct kho_sealed_ops *ops", "void *ctx"]
                + [f"const struct kho_sealed_array *{self.target(array)}"
                   for array in self.foreign]
                + [f"struct {self.prefix}_view *view"])

    def target(self, array: Array) -> str:
        """An array that records refer to, as that function knows it."""
        if array in self.foreign:
            return f"{array.abi.name}_{array.name}"
        return f"&view->{array.name}"

    def all_targets(self) -> List[Array]:
        found: List[Array] = []
        for struct in self.structs:
            for item in struct.fields:
                link = link_of(item, "INDEX")
                if link and link.array and link.array not in found:
                    found.append(link.array)
        return found

    def check_struct(self, struct: Struct) -> None:
        if struct.size > MAX_STRUCT:
            self.report.error(struct.where, f"struct {struct.name} is larger "
                              "than a validator's largest")
        for item in struct.fields:
            self.check_field(struct, item)
        for rule in struct.rules:
            self.check_rule(rule)

    def check_field(self, struct: Struct, item: Field) -> None:
        is_arm = all(struct is not a.record for a in [self.root] + self.own)
        good = item.kind in PLAIN or (item.kind == "SECTION" and not is_arm)
        if item.choice and (item.choice.in_root or item.choice.via
                            or len(item.choice.tag) > 1):
            good = False
        if item.link and item.link.kind not in ("MEMORY", "INDEX", "ARRAY"):
            good = False
        if not good or item.count != 1 or item.rest or item.bits:
            self.report.error(item.where, f"validators are not built for "
                              f"fields like {item.name}")

    def check_rule(self, rule: Rule) -> None:
        parts = list(rule.expr.walk()) if rule.expr else []
        known = all(p.op != "env" or p.text in ENV_TEXT for p in parts)
        flat = all(len(p.path) < 2 for p in parts)
        if not known or not flat or (rule.expr and may_fault(rule.expr)):
            self.report.error(rule.where, f"validators are not built for "
                              f"rules like {rule.name}")


def parts_of(record: Struct) -> List[Struct]:
    """The structs of its sections, and itself."""
    arms = [arm.struct for f in record.fields for arm in arms_of(f)
            if arm.struct]
    return arms + [record]


def refers_to(array: Array) -> Iterator[Array]:
    """The arrays that the records of @array refer to."""
    for struct in parts_of(array.record):
        for item in struct.fields:
            link = link_of(item, "INDEX")
            if link and link.array:
                yield link.array


def memory_size(item: Field) -> str:
    """Bytes that are known to be there."""
    align = item.link.align if item.link else 1
    return str(align) if align else "PAGE_SIZE"


def index_fields(struct: Struct) -> List[Field]:
    return [f for f in struct.fields if link_of(f, "INDEX")]


def section_fields(struct: Struct) -> List[Field]:
    return [f for f in struct.fields if f.kind == "SECTION"]


def packed_key(fields: List[Field]) -> str:
    """Fields side by side in one number."""
    parts = []
    shift = sum(f.size for f in fields) * 8
    for item in fields:
        shift -= item.size * 8
        load = f"ser->{item.name}"
        parts.append(f"(u64){load} << {shift}" if shift else load)
    return " | ".join(parts)


def macro_of(array: Array, item: Field, value: int) -> str:
    """What the kernel calls the value that a header field has."""
    for names in array.abi.names.values():
        if names.name.endswith(f"_{item.name}"):
            for known in names.items.values():
                if known.value == value:
                    return item_macro(names, known)
    for constant in array.abi.constants.values():
        if constant.value == value and not constant.header and \
                constant.name.lower().endswith(item.name):
            return constant.name
    return str(value)
