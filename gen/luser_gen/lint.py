# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Rules for schemas, each of which some real ABI had to learn.

A rule looks at one ABI and yields what breaks it. An ABI that was defined
elsewhere may break a rule if it says so, with the reason, under `breaks`; one
of ours may not. A rule that is listed there must really be broken.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Tuple

from .errors import Report, Where
from .host import own_tag
from .layout import PAGE, natural_alignment
from .load import Document
from .model import PAGE_SHIFTS, Abi, Field, Struct

Finding = Tuple[Where, str]
Test = Callable[[Abi], Iterator[Finding]]


@dataclass(frozen=True)
class LintRule:
    """A rule: its name, why there is one, and the test."""

    name: str
    why: str
    test: Test


def _fields(abi: Abi) -> Iterator[Tuple[Struct, Field]]:
    for struct in abi.structs.values():
        for field in struct.fields:
            yield struct, field


def bitfield(abi: Abi) -> Iterator[Finding]:
    seen = set()
    for struct, field in _fields(abi):
        if field.unit and (struct.name, field.unit) not in seen:
            seen.add((struct.name, field.unit))
            yield field.where, f"{field.unit} is made of bit-fields"


def fixed_width(abi: Abi) -> Iterator[Finding]:
    for _struct, field in _fields(abi):
        if field.c:
            yield field.where, f"{field.name} is stored as {field.c}"


def pointer(abi: Abi) -> Iterator[Finding]:
    for _struct, field in _fields(abi):
        if field.kind == "POINTER":
            yield field.where, f"{field.name} is a pointer"
        if field.khoser:
            yield field.where, (f"{field.name} is a union of an address and "
                                "a pointer")


def unaligned(abi: Abi) -> Iterator[Finding]:
    for _struct, field in _fields(abi):
        if field.offset % natural_alignment(field):
            yield field.where, (f"{field.name} is at offset {field.offset}, "
                                f"no multiple of {natural_alignment(field)}")


def odd_size(abi: Abi) -> Iterator[Finding]:
    for struct in abi.structs.values():
        if struct.size % struct.natural:
            yield struct.where, (f"struct {struct.name} has {struct.size} "
                                 f"bytes, no multiple of {struct.natural}")


def tag_elsewhere(abi: Abi) -> Iterator[Finding]:
    for _struct, field in _fields(abi):
        if field.choice and field.choice.via:
            yield field.where, (f"what {field.name} holds is said by another "
                                "record")


def phys_align(abi: Abi) -> Iterator[Finding]:
    for _struct, field in _fields(abi):
        if field.link and field.link.kind not in ("DISPATCH", "INDEX") \
                and field.link.unsaid and field.format != "pfn":
            yield field.where, f"{field.name} says no alignment"


def string_end(abi: Abi) -> Iterator[Finding]:
    for _struct, field in _fields(abi):
        if field.kind == "STRING" and not field.terminated:
            yield field.where, f"{field.name} may end without a NUL"


def version_first(abi: Abi) -> Iterator[Finding]:
    """The first bytes say which version it is."""
    if abi.registry is None or abi.extends is not None:
        return
    where = abi.where
    if abi.root_array is not None:
        if not any(field.offset == 0 for field, _ in abi.root_array.expect):
            yield where, "the root page starts with no magic number"
    elif abi.root is not None:
        if abi.identity is None or abi.identity.offset != 0:
            yield where, "the first field of the root says no version"
    elif abi.identity is None:
        yield where, "the root node says no version"


def page_fit(abi: Abi) -> Iterator[Finding]:
    for array in abi.arrays.values():
        if array.capacity(PAGE_SHIFTS[0]) < 1:
            yield array.where, (f"no record of {array.name} fits in a page "
                                f"of {PAGE} bytes")


def distinct_values(abi: Abi) -> Iterator[Finding]:
    for names in abi.names.values():
        seen: Dict[int, str] = {}
        for item in names.items.values():
            if item.value in seen:
                yield names.where, (f"{item.name} and {seen[item.value]} of "
                                    f"{names.name} are the same")
            seen[item.value] = item.name


def names_fit(abi: Abi) -> Iterator[Finding]:
    for _struct, field in _fields(abi):
        names = field.names
        for item in names.items.values() if names else []:
            if names and item.value > field.mask:
                yield field.where, (f"{item.name} of {names.name} does not "
                                    f"fit in {field.name}")


def doc_sentence(abi: Abi) -> Iterator[Finding]:
    for where, text in abi.docs:
        word = text.split()[0]
        if not text.rstrip().endswith((".", ":", ")")) \
                or (word.isalpha() and word[0].islower()):
            yield where, "a doc is made of sentences"


def unsealed(abi: Abi) -> Iterator[Finding]:
    for array in abi.arrays.values():
        if abi.origin == "luser" and array.checksum is None:
            yield array.where, f"pages of {array.name} have no checksum"


def unused(abi: Abi) -> Iterator[Finding]:
    """What nothing names; a schema that only others use names nothing."""
    if abi.root is None and abi.root_node is None:
        return
    used = _used(abi)
    for struct in abi.structs.values():
        if id(struct) not in used:
            yield struct.where, f"struct {struct.name} is not used"
    for array in abi.arrays.values():
        if id(array) not in used:
            yield array.where, f"array {array.name} is not used"
    for tree in abi.trees.values():
        if id(tree) not in used:
            yield tree.where, f"tree {tree.name} is not used"
    for made in abi.page_formats.values():
        if id(made) not in used:
            yield made.where, f"page format {made.name} is not used"


def _used(abi: Abi) -> Dict[int, Any]:
    """Everything that the root leads to."""
    found: Dict[int, Any] = {}

    def visit(thing: Any) -> None:
        if thing is None or id(thing) in found:
            return
        found[id(thing)] = thing
        for part in getattr(thing, "fields", []):
            visit_field(part)
        for name in ("record", "header", "properties"):
            visit(getattr(thing, name, None))
        for child in getattr(thing, "children", []):
            visit(child.node)
        if isinstance(thing, Struct) and thing.page_list:
            visit(thing.page_list.chunks)

    def visit_field(field: Field) -> None:
        visit(field.struct)
        if field.link:
            visit(field.link.struct)
            visit(field.link.array)
            visit(field.link.tree)
            for made in field.link.page_table.formats \
                    if field.link.page_table else []:
                visit(made)
            if field.link.tree and field.link.tree.chunks:
                visit(field.link.tree.chunks.array)
        if field.holds:
            visit(field.holds.record)
        for arm in field.choice.arms if field.choice else []:
            visit(arm.struct)

    visit(abi.root)
    visit(abi.root_array)
    visit(abi.root_node)
    return found


RULES: List[LintRule] = [
    LintRule("bitfield", "where the bits of a bit-field lie is up to the "
             "compiler", bitfield),
    LintRule("fixed-width", "the width of int and enum is up to the compiler",
             fixed_width),
    LintRule("pointer", "a pointer means nothing to another kernel", pointer),
    LintRule("unaligned", "each field lies at a multiple of its own size",
             unaligned),
    LintRule("odd-size", "records stay aligned behind each other", odd_size),
    LintRule("tag-elsewhere", "a record can be read without another one",
             tag_elsewhere),
    LintRule("phys-align", "an address says what it is a multiple of",
             phys_align),
    LintRule("string-end", "a string ends with a NUL", string_end),
    LintRule("version-first", "the first bytes say which version follows",
             version_first),
    LintRule("page-fit", "a record fits in the smallest page", page_fit),
    LintRule("distinct-values", "an item can be told from the others",
             distinct_values),
    LintRule("names-fit", "a value fits in the field that it is for",
             names_fit),
    LintRule("unsealed", "damage to a page is seen", unsealed),
    LintRule("doc-sentence", "it becomes a comment and a page of prose",
             doc_sentence),
    LintRule("unused", "what is described is reached", unused),
]


def _inner(field: Field) -> List[Struct]:
    """The structs that it is, or may be."""
    arms = field.choice.arms if field.choice else []
    return [struct for struct in
            [field.struct, *(arm.struct for arm in arms)] if struct]


def _paths(field: Field) -> Iterator[str]:
    """A field and all that is in it."""
    yield field.name
    for struct in _inner(field):
        for part in struct.fields:
            yield from (f"{field.name}.{path}" for path in _paths(part))


def own_name(abi: Abi) -> Iterator[Finding]:
    """Code that is generated calls the value of a.b a_b."""
    root = [f"root.{path}" for field in abi.root.fields
            for path in _paths(field)] if abi.root else []
    for struct in abi.structs.values():
        seen = {path.replace(".", "_"): path for path in root}
        for field in struct.fields:
            for path in _paths(field):
                other = seen.setdefault(path.replace(".", "_"), path)
                if other != path:
                    yield field.where, (f"{path} and {other} have the same "
                                        "name in C")


def own_parts(abi: Abi) -> Iterator[Finding]:
    """Only a record knows how large it is, and what it refers to."""
    for _struct, field in _fields(abi):
        for part in (part for inner in _inner(field) for part in inner.fields):
            if part.choice and (part.choice.offset or not own_tag(part.choice)):
                yield field.where, (f"{field.name}.{part.name} is a section, "
                                    "or another object tells what it is: only "
                                    "a record itself has such fields")


def one_header(abis: List[Abi], documents: Dict[str, Document],
               report: Report) -> None:
    """A kernel header is made of one schema."""
    seen: Dict[str, Abi] = {}
    for abi in abis:
        if abi.kernel is None or not abi.kernel.current:
            continue
        header = abi.kernel.header
        if header in seen:
            report.error(documents[abi.id].where("kernel", "current"),
                         f"{seen[header].id} is current in {header} too")
        seen[header] = abi


def lint(abi: Abi, document: Document, report: Report) -> None:
    """Hold @abi to all rules, but those that it is known to break."""
    known = {rule.name for rule in RULES}
    for name in abi.breaks:
        where = document.where("breaks", name)
        if name not in known:
            report.error(where, f"there is no lint rule {name}; there are: "
                         + ", ".join(sorted(known)))
        elif abi.origin == "luser":
            report.error(where, "a schema of ours breaks no rule")
    for rule in RULES:
        findings = list(rule.test(abi))
        if rule.name in abi.breaks:
            if not findings:
                report.error(document.where("breaks", rule.name),
                             f"{rule.name} is not broken")
            continue
        for where, text in findings:
            report.error(where, f"{text} ({rule.name}: {rule.why})")
    for where, text in [*own_name(abi), *own_parts(abi)]:
        report.error(where, text)
