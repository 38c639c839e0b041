# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the source of a kernel says, by the compiler that built it.

Each file that a schema names is compiled as the kernel's build compiles it,
with more lines that name what is looked for.
"""
from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Set, Union

from .errors import UsageError
from .kerneltypes import Types, elffile, from_dwarf

Value = Union[int, str]
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
NEXT_TO = re.compile(r'(?<=[^\\])"[ \t]*"')  # literals that are one
MACRO = re.compile(r"^#define (\w+(?:\([^)]*\))?) ?(.*)$", re.M)
ANY_OBJECT = "init/main.o"  # every kernel has it


@dataclass
class Seen:
    """What is in one file of the source."""

    types: Types = field(default_factory=Types)
    macros: Dict[str, str] = field(default_factory=dict)  # as written
    strings: Set[str] = field(default_factory=set)
    own: Set[str] = field(default_factory=set)  # macros of the file itself


    @property
    def known(self) -> Set[str]:
        """Names that it can use."""
        return {name.partition("(")[0] for name in self.macros} \
            | set(self.types.values)


class KernelTree:
    """A source tree, and the directory that it was built in."""

    def __init__(self, path: Path, build: Optional[Path]) -> None:
        self.path = path.resolve()
        self.build = (build or path).resolve()
        self.seen: Dict[str, Seen] = {}
        if not self._command_file(ANY_OBJECT).exists():
            raise UsageError(f"{self.build} is not where {path} was built: "
                             "name that directory with --build")

    def release(self) -> str:
        """From the first lines of the Makefile."""
        text = (self.path / "Makefile").read_text(encoding="utf-8")
        found = dict(re.findall(r"^(VERSION|PATCHLEVEL) = (\d+)$", text, re.M))
        return f"{found['VERSION']}.{found['PATCHLEVEL']}"

    def has(self, file: str) -> bool:
        return (self.path / file).is_file()

    def look(self, file: str) -> Seen:
        """What @file says."""
        if file not in self.seen:
            with tempfile.TemporaryDirectory() as folder:
                self.seen[file] = self._look(Path(folder), file)
        return self.seen[file]

    def _look(self, folder: Path, file: str) -> Seen:
        seen = Seen()
        text = self._run(folder, file, "", ["-E", "-dD"])
        for name, value in MACRO.findall(text):
            seen.macros[name] = value
        lines = _own_lines(text, file)
        seen.strings = set(STRING.findall(NEXT_TO.sub("", lines)))
        seen.own = {name.partition("(")[0] for name, _ in MACRO.findall(lines)}
        self._run(folder, file, "",
                  ["-g", "-fno-eliminate-unused-debug-types", "-c"])
        seen.types = from_dwarf(folder / "probe.o")
        return seen

    def values(self, file: str, wanted: Dict[str, type]) -> Dict[str, Value]:
        """Values of macros, each of which is a string or a number."""
        macros = {name.partition("(")[0] for name in self.look(file).macros}
        known = {name: kind for name, kind in wanted.items()
                 if name.partition("(")[0] in macros}
        try:
            return self._values(file, known)
        except UsageError:
            found: Dict[str, Value] = {}
            for name, kind in known.items():
                try:
                    found.update(self._values(file, {name: kind}))
                except UsageError:
                    pass  # it has no value of that kind
            return found

    def _values(self, file: str, wanted: Dict[str, type]) -> Dict[str, Value]:
        lines = "".join(
            f"const {'char' if kind is str else 'u64'} luser_value_{i}"
            f"{'[]' if kind is str else ''} = {name};\n"
            for i, (name, kind) in enumerate(wanted.items()))
        if not wanted:
            return {}
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self._run(folder, file, lines, ["-c"])
            data = [_symbol(folder / "probe.o", f"luser_value_{i}")
                    for i in range(len(wanted))]
        return {name: raw.rstrip(b"\0").decode() if kind is str
                else int.from_bytes(raw, "little")
                for (name, kind), raw in zip(wanted.items(), data)}

    def _command_file(self, name: str) -> Path:
        path = self.build / name
        return path.with_name(f".{path.name}.cmd")

    def _command(self, file: str) -> List[str]:
        """How the build compiled @file, or any file, without in and out."""
        command = self._command_file(str(Path(file).with_suffix(".o")))
        if not file.endswith(".c"):
            command = self._command_file(ANY_OBJECT)
        if not command.exists():
            raise UsageError(f"{file} is not part of what was built in "
                             f"{self.build}")
        line = command.read_text(encoding="utf-8").splitlines()[0]
        words = shlex.split(line.partition(":= ")[2].partition(" ; ")[0])
        keep = [word for word in words if not word.startswith("-Wp,-MMD")]
        del keep[keep.index("-o"):keep.index("-o") + 2]
        keep.remove("-c")
        return keep[:-1]

    def _run(self, folder: Path, file: str, more: str,
             flags: List[str]) -> str:
        """Compile @file and @more; what the preprocessor says."""
        probe = folder / "probe.c"
        probe.write_text("#include <linux/types.h>\n"
                         f'#include "{self.path / file}"\n{more}',
                         encoding="utf-8")
        done = subprocess.run(
            [*self._command(file), "-w", *flags, "-o",
             str(folder / ("probe.i" if "-E" in flags else "probe.o")),
             str(probe)], cwd=self.build, capture_output=True, text=True,
            check=False)
        if done.returncode:
            first = next((line for line in done.stderr.splitlines()
                          if "error" in line), "the compiler failed")
            raise UsageError(f"{file} cannot be compiled: {first}")
        return (folder / "probe.i").read_text(encoding="utf-8") \
            if "-E" in flags else ""


def _own_lines(text: str, file: str) -> str:
    """Of what the preprocessor says, what comes from @file itself."""
    result, own = [], False
    for line in text.splitlines():
        if line.startswith("# "):
            own = line.split('"')[1].endswith("/" + file)
        elif own:
            result.append(line)
    return "\n".join(result)


def _symbol(path: Path, name: str) -> bytes:
    """The bytes of a variable in an object file."""
    elf = elffile(path)
    for symbol in elf.get_section_by_name(".symtab").iter_symbols():
        if symbol.name == name:
            data: bytes = elf.get_section(symbol["st_shndx"]).data()
            return data[symbol["st_value"]:][:symbol["st_size"]]
    raise UsageError(f"the compiler left out {name}")
