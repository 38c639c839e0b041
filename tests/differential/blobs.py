# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Blobs: which ABI one is of, and how its root is read.

Where several layouts share a name and the first bytes do not tell them apart,
which one was chosen is taken from luo-dump: the interpreter does not rank, it
tests which ones there are to rank, and decodes the one that was chosen.
"""
from __future__ import annotations

from typing import Any, Dict, List, Optional

from arrays import Reader
from core import Object
from memory import HEADER, MAGIC, device_tree
from schema import WORD, Abi, Field, Struct
from trees import Trees, Tree
from values import key_text

MAX_BLOB = 16 << 20
HANDLE = 256


class Blob:
    """Where one is, and what is known of it."""

    def __init__(self, parent: Optional[Object], one: Optional[str],
                 phys: int, place: int, abis: List[Abi]) -> None:
        self.parent, self.field, self.phys = parent, one, phys
        self.place = place
        self.abis = abis
        self.at = b""
        self.size = 0
        self.sized = False

    def node(self, kind: str, abi: Optional[Abi]) -> Object:
        return Object(kind, self.parent, abi, self.phys)


class Blobs(Trees):
    """How blobs are found, fetched, and told apart."""

    def known(self, registry: str, key: Optional[str]) -> List[Abi]:
        return [abi for name, abi in self.loader.carried.get(registry, [])
                if key in (None, name)]

    def handover(self, phys: int) -> None:
        """The whole of it, from the root's device tree on."""
        self.blob(Blob(None, None, phys, phys, self.known("root", None)))

    def dispatch(self, node: Object, struct: Struct, one: Field, base: int,
                 phys: int) -> None:
        data = one.data["to"]["dispatch"]
        by, size = data["by"], data.get("size")
        key = str(node.name) if by == "$name" else \
            key_text(struct.find(by), node.at, base)
        place = node.place(base + one.offset)
        blob = Blob(node, node.name_of(one, base), phys, place,
                    self.known(data["registry"], key))
        if size == "$fdt":
            self.fetch_tree(blob)
            return
        if size:
            length = struct.find(size)
            blob.size = length.get(node.at, base)
            if not 0 < blob.size <= MAX_BLOB:
                self.error(node, node.name_of(length, base), "blob-size",
                           node.place(base + length.offset))
                return
            blob.sized = True
        self.blob(blob)

    def fetch_tree(self, blob: Blob) -> None:
        """A device tree says in its header how long it is."""
        node, one, phys, place = blob.parent, blob.field, blob.phys, blob.place
        assert node
        if not self.claim(node, one, phys, HEADER, place):
            return
        head = self.read(node, one, phys, HEADER, place)
        if head is None:
            return
        if int.from_bytes(head[:4], "big") != MAGIC:
            self.error(node, one, "no-fdt", place)
            return
        size = int.from_bytes(head[4:8], "big")
        if not 0 < size <= MAX_BLOB:
            self.error(node, one, "blob-size", place)
            return
        self.expect_preserved(node, one, phys, size, place)
        rest: Optional[bytes] = b""
        if size > HEADER:
            if not self.claim(node, one, phys + HEADER, size - HEADER, place):
                return
            rest = self.read(node, one, phys + HEADER, size - HEADER, place)
        if rest is not None:
            blob.at, blob.size = (head + rest)[:size], size
            blob.sized = True
            self.decode_blob(blob)

    def root_bytes(self, abi: Abi) -> int:
        if abi.carrier == "memory" and not abi.root_array:
            return abi.root.size
        return self.env.page_size

    def needed(self, blob: Blob) -> int:
        """What any of the ABIs looks at, where nothing tells the size."""
        return max((self.env.page_size if abi.root.data.get("tail") == "zero"
                    else self.root_bytes(abi) for abi in blob.abis),
                   default=0)

    def blob(self, blob: Blob) -> None:
        if any(abi.carrier == "handle" for abi in blob.abis):
            blob.at = blob.phys.to_bytes(8, "little")
            blob.size, blob.sized, blob.phys = 8, True, WORD
            self.decode_blob(blob)
            return
        if not blob.sized:
            blob.size = self.needed(blob)
        if not blob.size:
            self.handle(blob)
            return
        node = blob.parent or blob.node("unknown", None)
        if not self.claim_blob(blob, node, 0, self.sure(blob)):
            return
        self.expect_preserved(node, blob.field, blob.phys, blob.size,
                              blob.place)
        found = self.read(node, blob.field, blob.phys, blob.size, blob.place)
        if found is not None:
            blob.at = found
            self.decode_blob(blob)

    def sure(self, blob: Blob) -> int:
        """Bytes that are the root's, whatever ABI it is."""
        if blob.sized:
            return blob.size
        return min([blob.size, *map(self.root_bytes, blob.abis)])

    def claim_blob(self, blob: Blob, node: Object, start: int,
                   end: int) -> bool:
        return start >= end or self.claim(
            node, blob.field, blob.phys + start, end - start, blob.place)

    def handle(self, blob: Blob) -> None:
        """No ABI has the name; preserved memory is worth a look."""
        phys, blob.phys = blob.phys, WORD
        if self.mapped and self.have(phys, HANDLE) \
                and self.take(phys, HANDLE):
            found = self.dump.read(phys, HANDLE)
            if found is not None:
                blob.phys, blob.at, blob.size = phys, found, HANDLE
        self.unknown(blob)

    def unknown(self, blob: Blob) -> None:
        node = blob.node("unknown", None)
        node.has_bytes, node.size = blob.size > 0, blob.size
        if not self.enter(node):
            return
        if blob.size:
            node.json["data"] = blob.at[:blob.size].hex()
        self.tell("warning", node, None, "unknown-abi", node.phys)

    # Which ABI

    def may_be(self, blob: Blob, abi: Abi) -> bool:
        at = blob.at
        identity = abi.data.get("identity")
        if abi.carrier == "fdt":
            tree = device_tree(at)
            if tree is None:
                return False
            found = tree.get(identity["field"]) if identity else None
            return not identity or found is not None and \
                found.value[-1:] == b"\0" and found.value.split(b"\0")[0] \
                == abi_text(abi, identity).encode()
        base = 0
        if abi.root_array:
            base = abi.arrays[abi.root_array].header_size
        if blob.size < base + abi.root.size:
            return False
        if not identity:
            return True
        one = abi.root.find(identity["field"])
        if "string" not in identity:
            return one.get(at, base) == abi.number(identity["number"])
        start = base + one.offset
        return at[start:start + one.size].split(b"\0")[0] == \
            abi_text(abi, identity).encode()[:one.size]

    def decode_blob(self, blob: Blob) -> None:
        room = self.needed(blob)
        padded = blob.at + bytes(max(0, room - len(blob.at)))
        blob.at = padded[:blob.size]
        found = [abi for abi in blob.abis if self.may_be(blob, abi)]
        blob.at = padded
        if not found:
            self.unknown(blob)
            return
        abi = found[0]
        if len(found) > 1:
            chosen = self.chosen(blob, found)
            if chosen is None:
                return
            abi = chosen
        node = blob.parent or blob.node("unknown", None)
        if not blob.sized and blob.phys != WORD and not self.claim_blob(
                blob, node, self.sure(blob), self.root_bytes(abi)):
            return
        if abi.carrier == "fdt":
            tree = device_tree(padded[:blob.size])
            assert tree
            self.tree_node(Tree(abi, blob.phys), tree, abi.root,
                           blob.parent, None)
        else:
            self.root(blob, abi)

    def chosen(self, blob: Blob, found: List[Abi]) -> Optional[Abi]:
        above = blob.parent.path if blob.parent else ""
        told = self.oracle.get((above, blob.phys))
        if told is None or sorted(one["abi"] for one in told) != \
                sorted(abi.id for abi in found):
            self.tell("disagreement", blob.node("unknown", None), None,
                      "candidates", blob.phys)
            return None
        return next(self.loader.abis[one["abi"]] for one in told
                    if one["shown"])

    # Roots

    def root(self, blob: Blob, abi: Abi) -> None:
        saved = self.env, self.root_header, self.outer
        self.outer = len(self.loaded)
        node = blob.node("struct", abi)
        node.type, node.has_bytes = abi.root, True
        node.size = blob.size if blob.sized else abi.root.size
        if abi.root_array:
            self.root_page(blob, abi, node)
        else:
            node.at = blob.at[:max(node.size, abi.root.size)]
            self.env = self.env._replace(root=node.at[:node.size])
            self.root_header = None
            self.struct(node)
        self.env, self.root_header, self.outer = saved

    def root_page(self, blob: Blob, abi: Abi, node: Object) -> None:
        """One record in a page with a header; a page behind is too many."""
        array = abi.arrays[str(abi.root_array)]

        def report(rule: str, _one: Optional[Field], phys: int) -> None:
            self.error(node, None, rule, phys)

        def fetch(phys: int, length: int) -> Optional[bytes]:
            start = phys - blob.phys
            found = blob.at[start:start + length] if start >= 0 else b""
            return found if len(found) == length else None

        reader = Reader(self, array, blob.phys, report, lambda *_: True, fetch)
        for page in reader.pages():
            if page.used != 1:
                return
            self.root_header = blob.at
            node.phys += array.header_size
            node.at = reader.record(page, 0)
            node.size = len(node.at)
            self.env = self.env._replace(root=node.at)
            self.struct(node)


def abi_text(abi: Abi, identity: Dict[str, Any]) -> str:
    return abi.text(identity["string"])
