# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Templates into files. Each kind of output has one template."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import jinja2

from . import (checks, csource, ctext, dictionary, fieldpage, host, kcheck,
               kchecktext, kheader, knames, ktext, model, page, pages, picture,
               rst, versions)
from .model import Abi
from .symbols import Symbols

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@dataclass(frozen=True)
class Kind:
    """A kind of output: its template, and the file for each ABI.

    Where `path` gives None, the ABI has no such file. A kind with `single`
    has one file for all ABIs.
    """

    name: str
    template: str
    about: str
    path: Callable[[Optional[Abi]], Optional[str]]
    single: bool = False


KINDS: List[Kind] = [
    Kind("tables", "tables.c.j2", "descriptor tables and rules, per schema",
         lambda abi: f"abi/{abi.id}.c" if abi else None),
    Kind("registry", "registry.c.j2", "the list of all ABIs",
         lambda abi: "abi/registry.c", True),
    Kind("shared", "tables.h.j2", "what the tables share with each other",
         lambda abi: "abi/tables.h", True),
    Kind("types", "types.h.j2", "host structs with unpack, pack and decode",
         lambda abi: f"include/luser/abi/{abi.id}.h" if abi else None),
    Kind("pages", "pages.h.j2", "decoders of pages of records",
         lambda abi: f"include/luser/abi/{abi.id}-pages.h"
         if abi and pages.page_decoders(abi) else None),
    Kind("kernel", "kernel_header.h.j2", "kernel headers, by their path there",
         lambda abi: f"kernel/{abi.kernel.header}"
         if abi and abi.kernel and abi.kernel.current else None),
    Kind("check", "kernel_check.c.j2", "the checks that a kernel makes",
         lambda abi: kcheck.placed(kcheck.source_path(abi))),
    Kind("check-header", "kernel_check.h.j2", "what declares them",
         lambda abi: kcheck.placed(kcheck.header_path(abi))),
    Kind("doc", "abi_page.rst.j2", "a reference page for each schema",
         lambda abi: f"doc/{abi.id}.rst" if abi else None),
    Kind("versions", "versions.rst.j2", "which release has which versions",
         lambda abi: "doc/versions.rst", True),
    Kind("dictionary", "dictionary.j2", "words of the ABIs, for fuzzers",
         lambda abi: "fuzz/luser.dict", True),
]


@dataclass(frozen=True)
class Output:
    """One file to be written."""

    kind: Kind
    path: str
    abi: Optional[Abi]


def environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)
    for name in ("ident", "local", "cstr", "comment", "fill", "one_line",
                 "argument"):
        env.filters[name] = getattr(csource, name)
    env.filters["literal"] = ctext.literal
    env.filters["mask"] = ctext.mask
    env.filters["release"] = ctext.release
    env.globals.update(
        make_check=checks.make_check, make_value=checks.make_value,
        dictionary=dictionary, key_text=checks.key_text,
        load_text=checks.load_text,
        signature=csource.signature,
        make_hosts=host.make_hosts, host_name=host.host_name,
        names_macro=host.names_macro, page_shifts=model.PAGE_SHIFTS,
        fieldpage=fieldpage, kcheck=kcheck, kchecktext=kchecktext,
        kheader=kheader, knames=knames, ktext=ktext, page=page,
        page_decoders=pages.page_decoders, picture=picture, rst=rst,
        slots_of=pages.slots_of, versions=versions)
    return env


class Emitter:
    """Writes the outputs for some ABIs."""

    def __init__(self, abis: List[Abi]) -> None:
        self.abis = abis
        self.symbols = Symbols(abis)
        self.env = environment()

    def outputs(self, only: List[str]) -> Iterator[Output]:
        """Every file of the wanted kinds, in a fixed order."""
        for kind in KINDS:
            if only and kind.name not in only:
                continue
            abis: List[Optional[Abi]] = [None] if kind.single \
                else list(self.abis)
            for abi in abis:
                path = kind.path(abi)
                if path is not None:
                    yield Output(kind, path, abi)

    def text(self, output: Output) -> str:
        values: Dict[str, Any] = {"abis": self.abis, "symbols": self.symbols}
        if output.abi:
            values["abi"] = output.abi
        return self.env.get_template(output.kind.template).render(values)

    def write(self, folder: Path, only: List[str]) -> List[str]:
        """Write what changed; the paths of those files."""
        changed = []
        for output in self.outputs(only):
            path = folder / output.path
            data = self.text(output).encode()
            if path.exists() and path.read_bytes() == data:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            changed.append(output.path)
        return changed
