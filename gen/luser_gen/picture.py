# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Pictures in plain characters of what leads to what in memory."""
from __future__ import annotations

from typing import Iterator, List, Tuple

from .model import Abi, Array, Field, Link, Node, PageList, Struct, Tree

Lines = List[str]
Lead = Tuple[str, Field]  # a field that leads somewhere, and its path


def layout(abi: Abi, abis: List[Abi]) -> Lines:
    """From the root down; for pages without a root, one page."""
    drawing = Drawing()
    if abi.root_node:
        return drawing.nodes(abi)
    if abi.root_array:
        return drawing.pages(abi.root_array)
    if abi.root:
        lines = drawing.struct(abi.root)
        return lines if len(lines) > 1 else []
    lists = [s for s in abi.structs.values() if s.page_list]
    lines = [line for struct in lists for line in drawing.struct(struct)]
    headers = [s for s in abi.structs.values() if _starts_pages(s, abis)]
    return lines or [line for struct in headers for line in
                     chain(struct.name, ["records", "..."], "next")]


def _starts_pages(struct: Struct, abis: List[Abi]) -> bool:
    return any(array.header is struct for abi in abis
               for array in abi.arrays.values())


def box(rows: Lines) -> Lines:
    """Rows in a frame; an empty one is a line across."""
    width = max(map(len, rows))
    edge = f"+-{'-' * width}-+"
    middle = [f"| {row:{width}} |" if row else edge for row in rows]
    return [edge, *middle, edge]


def chain(header: str, rows: Lines, following: str) -> Lines:
    """A page with a header; @following names the link to the next one."""
    lines = box(([f"struct {header}", ""] if header else []) + rows)
    if following:
        gap = " " * (len(following) + 6)
        lines[0] += gap + "+-----"
        lines[1] += f" --{following}-> | ..."
        lines[2] += gap + "+-----"
    return lines


def page(array: Array) -> Lines:
    """One page of an array, and the link to the next one."""
    record = array.record
    word = f"struct {record.name}" if record.in_kernel else \
        f"u{record.size * 8} {record.fields[0].name}"
    single = array.max_pages == 1 and not array.is_table
    linked = array.next.name if array.next and not single else ""
    return chain(array.header.name,
                 [word] if single else [word, word, "..."], linked)


class Drawing:
    """One picture; what it shows once it does not show again."""

    def __init__(self) -> None:
        self.shown: List[int] = []

    def first_time(self, thing: object) -> bool:
        if id(thing) in self.shown:
            return False
        self.shown.append(id(thing))
        return True

    def nodes(self, abi: Abi) -> Lines:
        """A device tree: each property that leads somewhere."""
        leads: List[Lead] = []
        for name, node in named_nodes(abi):
            leads += [(f"{name}: {path}", field)
                      for path, field in leading(node.properties)]
        return ["flattened device tree", *self.leads(leads)]

    def struct(self, struct: Struct) -> Lines:
        return [f"struct {struct.name}", *self.below(struct)]

    def pages(self, array: Array) -> Lines:
        """The pages of an array, and what its records lead to."""
        return page(array) + self.below(array.record)

    def below(self, struct: Struct) -> Lines:
        return self.leads(list(leading(struct)))

    def leads(self, leads: List[Lead]) -> Lines:
        lines: Lines = ["|"] if leads else []
        for i, (path, field) in enumerate(leads):
            text, inner = self.target(field)
            last = i + 1 == len(leads)
            bar = "    " if last else "|   "
            lines += [f"+-- {path} --> {text}"]
            inner += [""] if inner and not last else []
            lines += [(bar + line).rstrip() for line in inner]
        return lines

    def target(self, field: Field) -> Tuple[str, Lines]:
        """Where a field leads: in words, and as a picture."""
        if field.holds:
            record = field.holds.record
            lists = field.struct.page_list if field.struct else None
            return (f"array of struct {record.name}",
                    self.page_list(lists, record) if lists else [])
        link = field.link
        assert link
        if link.kind == "STRUCT" and link.struct:
            new = self.first_time(link.struct)
            return (f"struct {link.struct.name}",
                    self.below(link.struct) if new else [])
        if link.kind == "ARRAY" and link.array:
            new = self.first_time(link.array)
            shape = "chain of pages" if link.array.next else "table"
            return (f"{link.array.name}, a {shape}",
                    self.pages(link.array) if new else [])
        if link.tree and link.tree.chunks and self.first_time(link.tree):
            return words(link), [*page(link.tree.chunks.array), "|",
                                 f"+-- {link.tree.chunks.bitmap.name} --> "
                                 "a bitmap"]
        return words(link), []

    def page_list(self, lists: PageList, record: Struct) -> Lines:
        """The list of the pages, and what they hold together."""
        word = f"struct {record.name}"
        inner = box([word, word, "..."]) + self.below(record)
        if not self.first_time(lists):
            return inner
        field = lists.chunks.record.fields[0].name
        return [*page(lists.chunks), "|",
                f"+-- {field} --> a piece of the array",
                *["    " + line for line in inner]]


def words(link: Link) -> str:
    """A target that has no picture of its own."""
    if link.kind == "DISPATCH" and link.dispatch:
        by = link.dispatch.by
        return f"ABI named by {by.name}" if by else "ABI of the node's name"
    if link.kind in ("INDEX", "RECORD") and link.array:
        how = "by index" if link.kind == "INDEX" else "by address"
        return f"one of {link.array.name}, {how}"
    if link.kind == "TREE" and link.tree:
        kind = "bitmaps" if link.tree.chunks else "radix tree"
        return f"{kind} {link.tree.name}"
    if link.page_table:
        return "page tables"
    return link.words or "preserved memory"


def tree_levels(tree: Tree, page_shift: int) -> Lines:
    """The levels of a tree from its root down, and their bits of a key."""
    assert tree.kernel
    width, step = tree.key_bits.at(page_shift), tree.table_bits.at(page_shift)
    low = tree.leaf_bits.at(page_shift)
    rows = [(tree.kernel.leaf, low - 1, 0)]
    while low < width:
        rows.append((tree.kernel.table, min(low + step, width) - 1, low))
        low += step
    texts = [f"level {level}: struct {name}, bits {high}:{bottom} of the key"
             for level, (name, high, bottom) in enumerate(rows)]
    framed = [row for text in reversed(texts) for row in (text, "")]
    return box(framed[:-1])


def leading(struct: Struct, prefix: str = "") -> Iterator[Lead]:
    """The fields that lead somewhere, nested ones too."""
    for field in struct.fields:
        path = prefix + field.name
        if field.link or field.holds:
            yield path, field
        elif field.struct:
            yield from leading(field.struct, f"{path}.")
        for arm in field.choice.arms if field.choice else []:
            if arm.struct:
                yield from leading(arm.struct, f"{path}.{arm.name}.")


def named_nodes(abi: Abi) -> Iterator[Tuple[str, Node]]:
    """The nodes with what they are called in the tree."""
    if not abi.root_node:
        return
    queue: List[Tuple[str, Node]] = [("/", abi.root_node)]
    while queue:
        name, node = queue.pop(0)
        yield name, node
        queue += [(f"{name.rstrip('/')}/{child.name or _any(child.node)}",
                   child.node) for child in node.children]


def _any(node: Node) -> str:
    """What stands for a name that the ABI does not fix."""
    return f"<{node.name}>"




def device_tree(abi: Abi) -> Lines:
    """The device tree in the notation of its source."""
    if not abi.root_node:
        return []
    return ["/ {", *_node(abi.root_node), "};"]


def _node(node: Node) -> Lines:
    lines = [f"    {field.name} = {_value(field)};"
             for field in node.properties.fields]
    for child in node.children:
        lines += ["", f"    {child.name or _any(child.node)} {{",
                  *["    " + line if line else line
                    for line in _node(child.node)],
                  "    };"]
    return lines


def _value(field: Field) -> str:
    if field.kind == "STRING":
        return f'"{field.const}"' if field.const is not None else '"..."'
    if field.kind == "BYTES" or field.struct:
        return "[...]"
    return f"<u{field.size * 8}>"
