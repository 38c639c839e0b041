# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the reference page of an ABI says."""
from __future__ import annotations

from typing import Callable, Iterator, List, Tuple

from .model import PAGE_SHIFTS, Abi, Array, Constant, Rule, Source, Tree
from .rst import code, escape, number
from .targets import Mapping
from .trees import Chunks

Rows = List[Tuple[str, ...]]

ORIGINS = {
    "mainline": "Part of Linux",
    "proposed": "Posted for Linux, never merged",
    "luser": "Defined here",
}
CARRIERS = {
    "memory": "Structs in memory, little-endian",
    "fdt": "A flattened device tree; its integers are in the machine's byte "
           "order",
    "handle": "The value that is an address elsewhere",
}
UNKNOWN = {
    "report": "Other bits are an error.",
    "ignore": "Readers ignore other bits.",
    "refuse": "Readers that meet another bit refuse the whole object.",
}
PAGE_HEADS = [f"{1 << (shift - 10)} KiB" for shift in PAGE_SHIFTS]


def facts(abi: Abi, abis: List[Abi]) -> Iterator[Tuple[str, str]]:
    """What there is to know at first, as a list of fields."""
    yield "Origin", ORIGINS[abi.origin]
    if abi.kernels and abi.origin == "mainline":
        yield "Releases", abi.kernels
    yield "Carrier", CARRIERS[abi.carrier]
    if abi.registry == "root":
        yield "Found", "At the address that the old kernel hands over"
    elif abi.registry and abi.key:
        yield "Found", f"In {code(abi.registry)} under {code(abi.key)}"
    if abi.identity:
        told = abi.identity_value
        yield "Told by", (f"{code(abi.identity.name)} is " + (
            number(told) if isinstance(told, int) else code(f'"{told}"')))
    if abi.module:
        yield "Handler", f"It may be in the kernel module {code(abi.module)}"
    if abi.refused:
        yield "Another version", escape(abi.refused)
    if abi.misread:
        yield "Another layout", escape(abi.misread)
    for other in abis:
        kernel = other.kernel
        if kernel and kernel.current and abi.id in [other.id,
                                                    *kernel.provides]:
            yield "Kernel header", code(kernel.header)
    if abi.uses:
        yield "Uses", ", ".join(code(other.id) for other in abi.uses)
    if abi.extends:
        yield "Extends", code(abi.extends.id)
    if abi.replaces:
        yield "Replaces", (f"{code(abi.replaces.id)}, of the same name; what "
                           "the rules allow tells them apart")


def growth(abi: Abi) -> str:
    """What may be different in a later version."""
    text = ("The layout is frozen. A change of it is a new version, with a "
            "schema of its own.")
    if any(array.stride for array in abi.arrays.values()):
        text += (" Records may grow at their end: a reader takes the fields "
                 "that it knows, and steps by the size that the page's header "
                 "says.")
    if abi.extends and abi.feature:
        flag = next(name for name, item in abi.feature.names.items.items()
                    if item.value == abi.feature_mask) \
            if abi.feature.names else ""
        text += (f" This version adds to {code(abi.extends.id)}; "
                 f"{code(abi.feature.name + '.' + flag)} in the root says that "
                 "it was used.")
    return text


def source(item: Source) -> str:
    """Where a fact comes from."""
    where = item.file if not (item.kernel or item.posting) \
        else code(item.file)
    before = f"Linux {item.kernel}, " if item.kernel else \
        f"{escape(item.posting)}, " if item.posting else ""
    symbol = f", {code(item.symbol)}" if item.symbol else ""
    note = f": {escape(item.note)}" if item.note else ""
    return before + where + symbol + note


def rule(item: Rule) -> str:
    """What holds, for a person and as an expression."""
    otherwise = " Otherwise nothing more is read." if item.refuse else ""
    return f"{escape(item.doc)}{otherwise} {code(item.that)}"


def value(constant: Constant) -> str:
    if constant.is_page_size:
        return "page size"
    if isinstance(constant.value, int):
        return number(constant.value)
    return code(f'"{constant.value}"') + " and a number" * constant.numbered


def constant(item: Constant) -> str:
    """What it is, and where else it is defined."""
    where = f" Defined in {code(item.header)}." if item.header else ""
    return escape(item.doc) + where


def trees(tree: Tree) -> Rows:
    """The numbers of a tree for each page size."""
    rows: List[Tuple[str, Callable[[int], int]]] = [
        ("Bits of a key", tree.key_bits.at),
        ("Entries of a table", lambda s: 1 << tree.table_bits.at(s)),
        ("Bits of a leaf", lambda s: 1 << tree.leaf_bits.at(s)),
        ("Bit that says order 0", tree.order_bit.at),
        ("Levels", tree.levels)]
    if tree.chunks:
        rows = [("Bits of a bitmap", lambda s: 1 << tree.leaf_bits.at(s))]
    return [(name, *[str(at(shift)) for shift in PAGE_SHIFTS])
            for name, at in rows]


def chunks(found: Chunks) -> str:
    """How the bitmaps of a tree are found."""
    return (f"The records of {code(found.array.name)} list the bitmaps: "
            f"{code(found.bitmap.name)} is the address of one, and "
            f"{code(found.start.name)} the address of the block that its "
            f"first bit stands for. {code(found.order.name)} in the header is "
            "the order of the blocks.")


def capacities(abi: Abi) -> Rows:
    """Records in a page, for each page size."""
    return [(code(array.name), str(array.record.size),
             *[str(array.capacity(shift)) for shift in PAGE_SHIFTS])
            for array in abi.arrays.values()]


def array_facts(array: Array) -> Iterator[str]:
    """What holds for an array and its pages, in sentences."""
    yield from shape(array)
    if array.stride:
        yield (f"{code(array.stride.name)} is the size of a record, equal in "
               "all pages.")
    if array.min_count:
        yield "No page is without a record."
    if array.full:
        yield "All pages but the last are full."
    if array.max_pages > 1 and not array.table_pages:
        yield f"There are at most {array.max_pages} pages."
    if array.total:
        path = ".".join(field.name for field in array.total)
        yield f"{code(path)} of the owner counts the records of all pages."
    if array.free == "zero":
        yield "A slot whose bytes are all zero is free."
    elif array.free:
        yield f"A slot is free if {code(array.free)}."
    if array.freed:
        yield escape(array.freed)
    for unique in array.unique:
        yield escape(unique.doc)
    if array.users:
        path = ".".join(field.name for field in array.users)
        yield f"{code(path)} counts the records that refer to this one."
    for field, expected in array.expect:
        yield f"{code(field.name)} is {number(expected)}."
    for field in array.same:
        yield f"{code(field.name)} is the same in every page and in the root's."
    if array.checksum and array.sealed:
        yield (f"{code(array.checksum.name)} is the CRC32C of the page once "
               f"{code(array.sealed.name)} says that it is sealed.")


def shape(array: Array) -> Iterator[str]:
    header = f"{code('struct ' + array.header.name)}, and then records of " \
        if array.header.name else "Records of "
    record = code(f"struct {array.record.name}")
    yield f"{header}{record}." if array.is_table else \
        f"Each page is {header.replace(', and', ' and')}{record}."
    if array.next and array.max_pages > 1:
        yield f"{code(array.next.name)} is the address of the next page."
    if array.pages:
        yield (f"The pages are contiguous; {code(array.pages.name)} says how "
               "many there are.")
    if array.table_pages:
        yield f"There are {array.table_pages} pages, contiguous."
    if array.count:
        yield f"{code(array.count.name)} counts the records of a page." \
            if not array.is_table else \
            f"{code(array.count.name)} counts the records."
    elif not array.by_total:
        yield "An all-zero record ends a page."


def pairs(mapping: Mapping) -> Rows:
    """The fields that say the same, then what is set on the way."""
    rows = [(code(here), code(there)) for here, there in mapping.pairs]
    rows += [(f"{code(one.field)} = {one.word or one.value}", "-")
             for one in mapping.set_here]
    return rows + [("-", f"{code(one.field)} = {one.word or one.value}")
                   for one in mapping.set_there]


def listed(names: List[str]) -> str:
    return ", ".join(code(name) for name in names)
