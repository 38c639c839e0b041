# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""All schemas of some folders, in the order of their uses."""
from __future__ import annotations

from pathlib import Path
from typing import Dict, List

from .build import Builder
from .candidates import rank
from .conversions import add_conversions
from .errors import Report
from .expr import fields_of
from .extend import Extension
from .lint import lint, one_header
from .load import Document, read_document, read_json_schema, validate
from .model import Abi


def finish_extension(abi: Abi, base: Abi, document: Document,
                     report: Report) -> None:
    """Note since when fields exist, and which bit says so."""
    abi.extends = base
    if abi.kernel and abi.kernel.current and base.kernel:
        base.kernel.current = False  # the extension holds all of it
    for name, struct in abi.structs.items():
        old = base.structs.get(name)
        for field in struct.fields:
            if old and old.find(field.name) is None:
                field.since = struct.size
        for rule in struct.rules:
            new = [f for f in fields_of(rule.expr) if f.since] \
                if rule.expr else []
            rule.field = new[0] if new else rule.field
    text = document.data.get("feature", "")
    name, _, flag = text.partition(".")
    bits = abi.root.find(name) if abi.root else None
    if bits and bits.names and flag in bits.names.items:
        abi.feature = bits
        abi.feature_mask = bits.names.items[flag].value
    else:
        report.error(document.where("feature"),
                     "an extension names a flag of the root as its feature")


class Family:
    """Every schema under some folders."""

    def __init__(self, folders: List[Path], json_schema: Path) -> None:
        self.schema = read_json_schema(json_schema)
        self.report = Report()
        self.documents: Dict[str, Document] = {}
        self.abis: Dict[str, Abi] = {}
        self.open: List[str] = []
        for path in sorted({p for folder in folders
                            for p in folder.glob("**/*.yaml")}):
            self.add(read_document(path, self.schema), path)
        self.report.check()

    def add(self, document: Document, path: Path) -> None:
        name = f"{document.data['abi']}-{document.data['version']}"
        if path.stem != name:
            self.report.error(document.where("abi"),
                              f"the file of {name} is called {name}.yaml")
        if name in self.documents:
            self.report.error(document.where("abi"), f"{name} is there twice")
        self.documents[name] = document

    def load(self) -> List[Abi]:
        """All ABIs, sorted by id."""
        for name in sorted(self.documents):
            self.need(name)
        abis = [self.abis[name] for name in sorted(self.abis)]
        report = Report()
        for abi in abis:
            lint(abi, self.documents[abi.id], report)
        rank(abis, self.documents, report)
        add_conversions(abis, self.documents, report)
        one_header(abis, self.documents, report)
        report.check()
        return abis

    def need(self, name: str) -> None:
        if name in self.abis:
            return
        document = self.documents[name]
        self.open.append(name)
        for key in ("uses", "extends"):
            wanted = document.data.get(key, [])
            for other in [wanted] if isinstance(wanted, str) else wanted:
                self.other(document, key, other)
        self.open.pop()
        base = document.data.get("extends")
        if base:
            merged = Extension(self.documents[base], document).merge()
            validate(merged, self.schema, merged=True)
            self.documents[name] = merged
            abi = Builder(merged, self.abis).build()
            finish_extension(abi, self.abis[base], document, self.report)
            self.report.check()
        else:
            abi = Builder(document, self.abis).build()
        self.abis[name] = abi

    def other(self, document: Document, key: str, other: str) -> None:
        report = Report()
        if other not in self.documents:
            report.error(document.where(key), f"there is no schema {other}")
        elif other in self.open:
            report.error(document.where(key), f"{other} needs this one too")
        report.check()
        self.need(other)
