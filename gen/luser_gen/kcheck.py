# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The check that a kernel makes before it believes its predecessor.

What is checked is data for kernel/liveupdate/kho_sealed_check.c; only the rules
become code. So an ABI must be made of chains of sealed pages, with the root in
one of them, and of records without anything nested in them but sections.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Optional, Tuple

from .errors import Report
from .expr import may_fault
from .kchecktext import ENV_TEXT
from .model import Abi, Arm, Array, Choice, Field, Link, Rule, Struct

HEADER = "kho_page_hdr_ser"  # what kho_sealed_chain.c knows
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


def link_of(item: Field, kind: str) -> Optional[Link]:
    return item.link if item.link and item.link.kind == kind else None


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
