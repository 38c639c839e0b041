# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""From a document to the model."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

from .arrays import ArrayMaker, start_array
from .derive import derived_rules
from .errors import Report
from .expr import ExprError, Parser, fields_of
from .fields import FieldMaker
from .layout import Layout
from .links import Chooser, Linker, page_list
from .load import Document, Path_
from .model import (PAGE_SHIFTS, Abi, Child, Constant, Kernel, Name, Names,
                    Node, Releases, Rule, Source, Struct)
from .page_tables import page_format
from .scope import Scope
from .trees import check_leaf, link_chunks, start_tree

MAX_RULES = 64
HANDLE_SIZE = 8  # the bytes of an address
# Keys of a set of flags that are no flags, and the attributes they set.
RESERVED = {"unknown": "unknown", "all": "all_macro"}


class Builder:
    """Builds one ABI."""

    def __init__(self, document: Document, known: Dict[str, Abi]) -> None:
        self.data = document.data
        self.report = Report()
        data = document.data
        self.abi = Abi(f"{data['abi']}-{data['version']}", data["abi"],
                       data["version"], data["summary"], data["doc"].strip(),
                       data["origin"], data["carrier"],
                       document.where("abi"), document.file,
                       data.get("title", data["summary"]))
        self.abi.uses = [known[i] for i in data.get("uses", [])]
        self.scope = Scope(document, self.abi, self.report)

    def build(self) -> Abi:
        self.head()
        self.vocabulary()
        self.start_structs()
        self.report.check()
        self.fields()
        self.report.check()
        self.links()
        self.report.check()
        layout = Layout(self.report)
        layout.abi(self.abi)
        if self.abi.carrier == "handle" and self.abi.root \
                and self.abi.root.size != HANDLE_SIZE:
            self.report.error(self.abi.root.where,
                              f"a handle has {HANDLE_SIZE} bytes")
        self.arrays()
        self.identity()
        self.report.check()
        self.rules()
        self.report.check()
        return self.abi

    def section(self, key: str) -> Dict[str, Any]:
        found: Dict[str, Any] = self.data.get(key, {})
        return found

    def head(self) -> None:
        abi, data = self.abi, self.data
        abi.sources = [Source(s.get("kernel"), s.get("posting"),
                              s.get("file") or s["document"],
                              s.get("symbol"), s.get("note"))
                       for s in data["source"]]
        self.releases()
        carried = self.section("carried-by")
        abi.registry, abi.key = carried.get("registry"), carried.get("key")
        abi.module = carried.get("module")
        abi.refused, abi.misread = data.get("refused"), data.get("misread")
        abi.breaks = self.section("breaks")
        abi.docs = list(self.scope.doc.find_all("doc"))
        abi.freed = self.section("freed").get("doc")
        if "kernel" in data:
            k = data["kernel"]
            abi.kernel = Kernel(k["header"], k["current"], k["includes"],
                                k.get("provides", []), k.get("validator"))

    def releases(self) -> None:
        """Which releases write it; what it cites is among them."""
        data = self.data.get("releases")
        if data is None:
            if self.abi.origin == "mainline":
                self.report.error(self.scope.where("origin"), "what is in "
                                  "mainline has releases")
            return
        found = self.abi.releases = Releases(data["first"], data.get("last"))
        if not found.have(found.first):
            self.report.error(self.scope.where("releases", "last"),
                              f"{found.last} comes before {found.first}")
        for i, source in enumerate(self.abi.sources):
            if source.kernel and not found.have(source.kernel):
                self.report.error(self.scope.where("source", i),
                                  f"{source.kernel} is none of its releases")

    def vocabulary(self) -> None:
        abi = self.abi
        for name, c in self.section("constants").items():
            abi.constants[name] = Constant(
                name, c["doc"], self.scope.where("constants", name),
                c["value"], c.get("from"), c.get("numbered", False),
                c.get("since"))
        for name, items in self.section("enums").items():
            abi.names[name] = self.names("enums", name, items)
        for name, items in self.section("flags").items():
            if name in abi.names:
                self.report.error(self.scope.where("flags", name),
                                  f"{name} is an enum too")
            abi.names[name] = self.names("flags", name, items)
        for name, t in self.section("trees").items():
            abi.trees[name] = start_tree(self.scope, name, t)
            check_leaf(self.scope, abi.trees[name], "chunks" in t, PAGE_SHIFTS)
        for name, data in self.section("page-formats").items():
            abi.page_formats[name] = page_format(self.scope, name, data)

    def names(self, key: str, name: str, items: Dict[str, Any]) -> Names:
        result = Names(name, self.scope.where(key, name), {}, key == "flags")
        for item, data in items.items():
            if item in ("unknown", "all"):
                setattr(result, RESERVED[item], data)
                continue
            value = 1 << data["bit"] if result.is_flags else data["value"]
            result.items[item] = Name(item, data["doc"], value,
                                      data.get("macro"), data.get("uapi"))
        return result

    def start_structs(self) -> None:
        """Empty ones first, so that fields can name them."""
        for name, data in self.section("structs").items():
            self.abi.structs[name] = Struct(
                name, data["doc"].strip(), self.scope.where("structs", name),
                self.abi, packed=data.get("packed", True),
                declared_size=data.get("size"),
                in_kernel=data.get("kernel", True),
                zero_tail=data.get("tail") == "zero", since=data.get("since"))
        for name, data in self.section("nodes").items():
            where = self.scope.where("nodes", name)
            struct = Struct(name, data["doc"].strip(), where, self.abi,
                            node=True, since=data.get("since"))
            self.abi.nodes[name] = Node(name, where, struct)
        for name, data in self.section("nodes").items():
            for i, child in enumerate(data.get("children", [])):
                node = self.abi.nodes.get(child["node"])
                if node is None:
                    self.report.error(
                        self.scope.where("nodes", name, "children", i, "node"),
                        f"there is no node {child['node']}")
                else:
                    self.abi.nodes[name].children.append(
                        Child(child.get("name"), node))
        self.root()

    def root(self) -> None:
        root = self.data.get("root")
        where = self.scope.where("root")
        if isinstance(root, dict):
            return
        if root is not None and self.abi.carrier == "fdt":
            self.abi.root_node = self.abi.nodes.get(root)
        elif root is not None:
            self.abi.root = self.abi.structs.get(root)
        if root and not (self.abi.root or self.abi.root_node):
            self.report.error(where, f"there is no root {root}")

    def tables(self) -> Any:
        """Each struct, with its data and where that is."""
        for name, struct in self.abi.structs.items():
            yield (struct, self.data["structs"][name],
                   ("structs", name), "fields")
        for name, node in self.abi.nodes.items():
            yield (node.properties, self.data["nodes"][name],
                   ("nodes", name), "properties")

    def fields(self) -> None:
        for struct, data, path, key in self.tables():
            struct.fields = FieldMaker(self.scope, struct,
                                       path + (key,)).make_all(data[key])
            struct.group = data.get("group")
            if "label" in data:
                struct.label = struct.find(data["label"])
                if struct.label is None:
                    self.report.error(self.scope.where(*path, "label"),
                                      f"there is no field {data['label']}")
        for name, data in self.section("arrays").items():
            array = start_array(self.scope, name, data)
            if array:
                self.abi.arrays[name] = array
        root = self.data.get("root")
        if isinstance(root, dict):
            array = self.scope.array(root["array"], self.scope.where("root"))
            self.abi.root_array = array
            self.abi.root = array.record if array else None

    def links(self) -> None:
        for name, data in self.section("page-lists").items():
            page_list(self.scope, name, data)
        linkers = []
        for struct, data, path, key in self.tables():
            linker = Linker(self.scope, struct, data[key], path + (key,))
            linker.link_all()
            linkers.append(linker)
        for linker in linkers:
            Chooser(linker).choose_all()
        for name, data in self.section("trees").items():
            link_chunks(self.scope, self.abi.trees[name], data)

    def arrays(self) -> None:
        for name, array in self.abi.arrays.items():
            maker = ArrayMaker(self.scope, array, self.data["arrays"][name])
            maker.make()
            maker.total([self.abi] + self.abi.uses)
            maker.counted()

    def identity(self) -> None:
        data = self.data.get("identity")
        if data is None:
            return
        top = self.abi.root or (self.abi.root_node
                                and self.abi.root_node.properties)
        self.abi.identity = top.find(data["field"]) if top else None
        self.abi.identity_value = data.get("string", data.get("number"))
        if self.abi.identity is None:
            self.report.error(self.scope.where("identity", "field"),
                              f"the root has no field {data['field']}")

    def rules(self) -> None:
        for struct, data, path, _key in self.tables():
            struct.rules = derived_rules(struct)
            for key, rules in (("rules", struct.rules),
                               ("hints", struct.hints)):
                for name, rule in data.get(key, {}).items():
                    self.rule(struct, rules, rule, path + (key, name))
            names = [rule.name for rule in struct.rules]
            for rule in struct.rules:
                if names.count(rule.name) > 1:
                    self.report.error(rule.where,
                                      f"rule {rule.name} is there twice")
            if len(names) > MAX_RULES:
                self.report.error(struct.where, f"struct {struct.name} has "
                                  f"{len(names)} rules, more than {MAX_RULES}")

    def rule(self, struct: Struct, rules: List[Rule], data: Dict[str, Any],
             path: Path_) -> None:
        try:
            expr = Parser(self.scope, struct).parse(data["that"])
        except ExprError as error:
            self.report.error(self.scope.where(*path, "that"), str(error))
            return
        about = fields_of(expr)
        rules.append(Rule(
            str(path[-1]), " ".join(data["that"].split()), data["doc"].strip(),
            self.scope.where(*path), about[0] if len(about) == 1 else None,
            data.get("refuse", False), False, data.get("check", "rule"), expr))
