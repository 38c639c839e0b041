# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Schemas against a real kernel: what differs."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional, Set, Tuple

from .kerneldocs import other_versions, unknown_names
from .kernelimage import KernelImage
from .kerneltree import KernelTree, Value
from .kerneltypes import Record, Types
from .knames import item_macro
from .model import Abi, Field, Releases, Struct

PAGE_SHIFT = "PAGE_SHIFT"
DEFAULT_SHIFT = 12


@dataclass(frozen=True)
class Finding:
    """One thing in which a kernel and a schema differ.

    Where `documentation` is set, the kernel contradicts itself.
    """

    abi: str
    what: str
    schema: Optional[str]
    kernel: Optional[str]
    documentation: bool = False
    place: str = ""


@dataclass
class Result:
    """What was compared, and what came out."""

    release: str
    abis: List[str]
    findings: List[Finding]
    compared: int = 0
    unseen: List[str] = field(default_factory=list)  # structs without types


class Comparer:
    """Holds one ABI to what was seen of a kernel."""

    def __init__(self, abi: Abi, types: Types, shift: int,
                 release: str) -> None:
        self.abi = abi
        self.release = release
        self.types = types
        self.shift = shift
        self.compared = 0
        self.unseen: List[str] = []

    def finding(self, what: str, schema: object, kernel: object) -> Finding:
        return Finding(self.abi.id, what,
                       None if schema is None else str(schema),
                       None if kernel is None else str(kernel))

    def is_there(self, since: Optional[str]) -> bool:
        """Whether the release has what is there @since another one."""
        return since is None or Releases(since).have(self.release)

    def structs(self, all_there: bool) -> Iterator[Finding]:
        """@all_there: a compiler did not leave out what it did not need."""
        for struct in self.abi.structs.values():
            if not struct.in_kernel or not self.is_there(struct.since):
                continue
            found = [list(self.record(struct, record)) for record
                     in self.types.structs.get(struct.name, [])]
            if found or all_there:
                self.compared += 1 + len(struct.fields)
            if found:
                yield from min(found, key=len)
            elif all_there:
                yield self.finding(f"struct {struct.name}", "there", None)
            else:
                self.unseen.append(struct.name)

    def record(self, struct: Struct, record: Record) -> Iterator[Finding]:
        """A struct of the schema, and one of the kernel with its name."""
        name = struct.name
        if not struct.fills_page and struct.size != record.size:
            yield self.finding(f"size of {name}", struct.size, record.size)
        for field in struct.fields:
            yield from self.field(f"{name}.{field.name}", field, record)
        known = {field.name for field in struct.fields} | {
            field.unit for field in struct.fields}
        for member in record.members.keys() - known:
            yield self.finding(f"{name}.{member}", None, "there")

    def field(self, path: str, field: Field, record: Record) \
            -> Iterator[Finding]:
        member = record.members.get(field.name)
        if member is None:
            if field.kind != "PAD":
                yield self.finding(path, "there", None)
            return
        at = 8 * field.offset + field.bit
        if at != member.at:
            yield self.finding(f"offset of {path} in bits", at, member.at)
        bits = field.bits or 8 * field.bytes
        if not field.rest and bits != member.bits:
            yield self.finding(f"size of {path} in bits", bits, member.bits)

    def wanted(self) -> Dict[str, Value]:
        """Macros and enumerators, with the values that the schema says."""
        abi, shift = self.abi, self.shift
        wanted: Dict[str, Value] = {}
        for constant in abi.constants.values():
            if not self.is_there(constant.since):
                continue
            name = constant.name + "(0)" * constant.numbered
            wanted[name] = 1 << shift if constant.is_page_size else \
                f"{constant.value}0" if constant.numbered else constant.value
        for names in abi.names.values():
            for item in names.items.values():
                if item.macro or item.uapi:
                    wanted[item_macro(names, item)] = item.value
        return {**wanted, **self.tree_numbers()}

    def tree_numbers(self) -> Dict[str, Value]:
        """Under the names that the newest header has for them."""
        wanted: Dict[str, Value] = {}
        for tree in self.abi.trees.values():
            if tree.kernel:
                wanted[tree.kernel.key_bits] = tree.key_bits.at(self.shift)
                wanted[tree.kernel.table_bits] = tree.table_bits.at(self.shift)
                wanted[tree.kernel.leaf_bits] = tree.leaf_bits.at(self.shift)
                wanted[tree.kernel.levels] = tree.levels(self.shift)
        return wanted

    def values(self, found: Dict[str, Value], all_there: bool) \
            -> Iterator[Finding]:
        """@all_there: what was not found is not there."""
        renamed = self.tree_numbers()
        for name, value in self.wanted().items():
            is_there = found.get(name, self.types.values.get(name))
            must = all_there and name not in renamed
            self.compared += is_there is not None or must
            if is_there is None and must:
                yield self.finding(name, value, None)
            elif is_there is not None and is_there != value:
                yield self.finding(name, value, is_there)

    def strings(self) -> Set[str]:
        """What a kernel must write and read: names, keys, versions."""
        abi = self.abi
        wanted = {abi.key, abi.identity_value}
        for node in abi.nodes.values():
            if not self.is_there(node.properties.since):
                continue
            for item in node.properties.fields:
                wanted |= {item.name, item.const}
            wanted |= {child.name for child in node.children
                       if self.is_there(child.node.properties.since)}
        return {text for text in wanted if isinstance(text, str)}


def of_release(abis: List[Abi], release: str) -> List[Abi]:
    """The versions that a release of Linux writes."""
    return [abi for abi in abis
            if abi.releases and abi.releases.have(release)]


def check_image(image: KernelImage, abis: List[Abi]) -> Result:
    """Schemas against a vmlinux."""
    release = image.release()
    wanted = of_release(abis, release)
    result = Result(release, [abi.id for abi in wanted], [])
    files = sorted({source.file for abi in wanted for source in abi.sources
                    if source.file.endswith(".c")})
    types = image.types(files)
    for abi in wanted:
        comparer = Comparer(abi, types, DEFAULT_SHIFT, release)
        result.findings += comparer.structs(False)
        result.findings += comparer.values({}, False)
        result.unseen += comparer.unseen
        strings = sorted(comparer.strings())
        result.findings += [comparer.finding("string", text, None)
                            for text in strings if not image.has(text)]
        result.compared += comparer.compared + len(strings)
    return result


class TreeCheck:
    """Schemas against the source of a kernel."""

    def __init__(self, tree: KernelTree, abis: List[Abi]) -> None:
        self.tree = tree
        self.release = tree.release()
        self.abis = of_release(abis, self.release)
        self.result = Result(self.release, [abi.id for abi in self.abis], [])

    def run(self) -> Result:
        strings: Set[str] = set()
        for abi in self.abis:
            self.abi(abi)
            strings |= {constant.value for constant in abi.constants.values()
                        if isinstance(constant.value, str)}
        for file in list(self.tree.seen):
            strings |= self.tree.look(file).strings
        self.documentation(strings)
        return self.result

    def files(self, abi: Abi) -> Tuple[List[str], List[str]]:
        """Of the files that the schema names, those that are there."""
        named = [source.file for source in abi.sources if source.kernel]
        if abi.kernel:
            named.append(abi.kernel.header)
        for constant in abi.constants.values():
            if constant.header:
                inside = f"include/{constant.header}"
                named.append(inside if self.tree.has(inside)
                             else constant.header)
        unique = list(dict.fromkeys(
            file for file in named if file.endswith((".c", ".h"))))
        return ([file for file in unique if self.tree.has(file)],
                [file for file in unique if not self.tree.has(file)])

    def abi(self, abi: Abi) -> None:
        files, absent = self.files(abi)
        findings = [Finding(abi.id, f"file {file}", "there", None)
                    for file in absent if not files]
        types = Types()
        found: Dict[str, Value] = {}
        strings: Set[str] = set()
        shift = self.shift(files)
        comparer = Comparer(abi, types, shift, self.release)
        kinds = {name: type(value)
                 for name, value in comparer.wanted().items()}
        for file in files:
            seen = self.tree.look(file)
            _merge(types, seen.types)
            strings |= seen.strings
            found.update(self.tree.values(file, kinds))
        findings += comparer.structs(True)
        findings += comparer.values(found, True)
        wanted = comparer.strings()
        findings += [comparer.finding("string", text, None)
                     for text in sorted(wanted - strings)]
        self.result.compared += comparer.compared + len(wanted)
        self.result.findings += findings

    def shift(self, files: List[str]) -> int:
        for file in files:
            found = self.tree.values(file, {PAGE_SHIFT: int}).get(PAGE_SHIFT)
            if isinstance(found, int):
                return found
        return DEFAULT_SHIFT

    def documentation(self, strings: Set[str]) -> None:
        files = sorted(self.tree.seen)
        path = self.tree.path
        for place, word, really in other_versions(path, files, strings):
            self.contradiction(place, word, really)
        known: Set[str] = set()
        for file in files:
            known |= self.tree.look(file).known
        for file in files:
            for place, name in unknown_names(
                    path, file, self.tree.look(file).own, known) \
                    if file.endswith(".h") else ():
                self.contradiction(place, name, None)

    def contradiction(self, place: Tuple[str, int], word: str,
                      really: Optional[str]) -> None:
        self.result.findings.append(Finding(
            "", word, None, really, True, f"{place[0]}:{place[1]}"))


def _merge(types: Types, more: Types) -> None:
    for records in more.structs.values():
        for record in records:
            types.add(record)
    types.values.update(more.values)


def check_tree(tree: KernelTree, abis: List[Abi]) -> Result:
    """Schemas against the source of a kernel."""
    return TreeCheck(tree, abis).run()
