# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""One dump: what luo-dump says of its mutants, and what the interpreter does."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from core import Finding
from memory import Dump
from mutants import Mutant, Mutants, Seal
from schema import WORD, Loader
from walk import Walk

SCHEMAS = Path(__file__).resolve().parents[2] / "schema"
ASIDE = {"why", "candidates"}


class Result(NamedTuple):
    name: str
    number: int
    disagreements: List[str]


class Said(NamedTuple):
    """Objects and findings of one handover; None if there is none."""

    tree: Optional[List[Any]]
    findings: List[Finding]
    left_out: int = 0

    def agrees(self, other: Said) -> bool:
        """Of more findings than are kept, those that are kept are there."""
        if self.tree != other.tree:
            return False
        if not self.left_out:
            return self.findings == other.findings
        return not Counter(self.findings) - Counter(other.findings) and \
            len(self.findings) + self.left_out == len(other.findings)


def elements(nodes: List[Any], above: str) -> Iterator[Tuple[str, str, Any]]:
    """Every object of luo-dump's, with its path and its parent's."""
    for node in nodes:
        path = above
        if "index" in node:
            path += f"[{node.get('label') or node['index']}]"
        elif "name" in node:
            path += ("/" if above else "") + node["name"]
        yield above, path, node
        yield from elements(node.get("items") or node.get("children") or [],
                            path)


def to_phys(text: Optional[str]) -> int:
    return WORD if text is None else int(text, 16)


class Image:
    """A dump that is changed in place, for luo-dump in a copy of it."""

    loader: Optional[Loader] = None

    def __init__(self, build: Path, path: Path, folder: Path) -> None:
        Image.loader = Image.loader or Loader(SCHEMAS)
        self.name = path.name
        self.dump = Dump(path.read_bytes())
        copy = folder / path.name
        shutil.copyfile(path, copy)
        sound = subprocess.run(
            [build / "tools/luo-dump/luo-dump", "--json", "--quiet", copy],
            stdout=subprocess.PIPE, check=False)
        handover = json.loads(sound.stdout)["handovers"][-1]
        self.root = to_phys(handover["phys"])
        self.page_size = handover["page_size"]
        self.dump.page_size = self.page_size
        self.process = subprocess.Popen(
            [build / "tests/differential/repeat", copy, "--json", "--quiet",
             f"--root={self.root}", f"--page-size={self.page_size}"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def __enter__(self) -> Image:
        return self

    def __exit__(self, *_args: Any) -> None:
        self.process.communicate()

    def ask(self, mutant: Mutant) -> Tuple[Said, Dict[Any, Any]]:
        """What luo-dump says, and how it told layouts apart."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin and stdout
        stdin.write(mutant.line().encode())
        stdin.flush()
        text = self.until_dot(stdout.fileno())
        if not text:
            return Said(None, []), {}
        handovers = json.loads(text)["handovers"]
        if not handovers:
            return Said(None, []), {}
        handover = handovers[0]
        oracle = self.oracle(handover)
        return self.said(handover), oracle

    def until_dot(self, fd: int) -> bytes:
        """What comes in front of a line with a dot and a digit."""
        text = b""
        while text[-1:] != b"\n" or text[-3:-2] != b"." or \
                text[-4:-3] not in (b"", b"\n"):
            piece = os.read(fd, 1 << 20)
            if not piece:
                raise EOFError("luo-dump ended")
            text += piece
        return text[:-3]

    def said(self, handover: Any) -> Said:
        return Said(handover["tree"], sorted(
            (Finding(*(one[key] for key in Finding._fields))
             for one in handover["findings"]), key=str),
            handover["findings_left_out"])

    def oracle(self, handover: Any) -> Dict[Any, Any]:
        found = {}
        for above, _path, node in elements(handover["tree"], ""):
            if "candidates" in node:
                found[above, to_phys(node["phys"])] = node["candidates"]
            for key in ASIDE:
                node.pop(key, None)
        return found

    def interpret(self, oracle: Dict[Any, Any]) -> Said:
        if self.dump.read(self.root, 1) is None:
            return Said(None, [])
        assert self.loader
        walk = Walk(self.loader, self.dump, oracle, self.dump.page_size)
        walk.handover(self.root)
        return Said(walk.tree, sorted(walk.findings, key=str))

    def both(self, mutant: Mutant) -> Tuple[Said, Said]:
        data, saved = self.dump.data, []
        for at, raw in mutant.patches:
            saved.append((at, bytes(data[at:at + len(raw)])))
            data[at:at + len(raw)] = raw
        self.dump.size = mutant.size
        theirs, oracle = self.ask(mutant)
        ours = self.interpret(oracle)
        for at, raw in reversed(saved):
            data[at:at + len(raw)] = raw
        self.dump.size = len(data)
        return theirs, ours

    def mutants(self) -> Mutants:
        """What the interpreter reads of the sound dump is damaged."""
        reads, seals = [], []
        read = self.dump.read

        def note(phys: int, length: int) -> Optional[bytes]:
            found = self.dump.offset(phys)
            if found and found[1] >= length:
                reads.append((found[0], length))
            return read(phys, length)

        none = Mutant(len(self.dump.data), ())
        _, oracle = self.ask(none)
        self.dump.read = note  # type: ignore[method-assign]
        walk = Walk(self.loader, self.dump, oracle, self.dump.page_size)
        walk.handover(self.root)
        self.dump.read = read  # type: ignore[method-assign]
        for phys, length, at in walk.sealed:
            found = self.dump.offset(phys)
            if found:
                seals.append(Seal(found[0], length, at))
        return Mutants(self.dump, reads, seals)

    def run(self, number: int, seed: int) -> Result:
        mutants = self.mutants()
        wanted = [Mutant(len(self.dump.data), ())]
        wanted += mutants.sample(number, seed) if number >= 0 else \
            map(mutants.make, range(len(mutants)))
        wrong = []
        for mutant in wanted:
            theirs, ours = self.both(mutant)
            if not theirs.agrees(ours):
                wrong.append(f"--- {self.name}: {mutant.line()}"
                             f"{difference(theirs, ours)}")
        return Result(self.name, len(wanted), wrong)


def difference(theirs: Said, ours: Said) -> str:
    lines = []
    for sign, mine, other in (("-", theirs, ours), ("+", ours, theirs)):
        lines += [f"{sign} {one}" for one in mine.findings
                  if one not in other.findings]
    lines += differing(theirs.tree, ours.tree, "")
    return "\n".join(lines[:12])


def differing(theirs: Any, ours: Any, path: str) -> List[str]:
    """Where two trees of JSON differ first."""
    if theirs == ours:
        return []
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return [line for key in [*theirs, *(set(ours) - set(theirs))]
                for line in differing(theirs.get(key), ours.get(key),
                                      f"{path}.{key}")]
    if isinstance(theirs, list) and isinstance(ours, list) \
            and len(theirs) == len(ours):
        return [line for i, (a, b) in enumerate(zip(theirs, ours))
                for line in differing(a, b, f"{path}[{i}]")]
    return [f"  {path}: luo-dump {str(theirs)[:200]}",
            f"  {' ' * len(path)}  here {str(ours)[:200]}"]
