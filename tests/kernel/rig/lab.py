# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Everything the tests share, made when the first of them asks for it."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .apt import Archive
from .cache import Cache
from .gates import (Check, checkpatch_check, kernel_doc_check,
                    sparse_check)
from .guest import guest_init, iommu_selftest
from .kernel import Kernel, linux_kernel
from .layouts import kernel_layouts
from .once import once
from .overlay import ABI
from .pahole import Layout
from .replace import Compiled, compile_users
from .say import Failed, say
from .scenario import CORNERS, HUGE, PLAIN
from .series import CONFIG, patched_source
from .source import Source, linux_source
from .sparse import sparse
from .tree import Tree
from .update import Bench, Update, live_update, locked_update
from .vm import Heard


# What is not generated.
OURS = Path(__file__).resolve().parents[3] / "kernel"


@dataclass(frozen=True)
class Result:
    """One run of luo-dump."""
    status: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        try:
            return json.loads(self.stdout)
        except ValueError as error:
            raise Failed(f"luo-dump --json: {error}; on standard error: "
                         f"{self.stderr.strip()}") from None


class Lab:
    def __init__(self, cache: Cache, work: Path, luo_dump: Path | None,
                 generated: Path | None) -> None:
        self.cache = cache
        self.archive = Archive(cache.root)
        self.work = work
        self.luo_dump = luo_dump
        self.generated = generated

    @once
    def source(self) -> Source:
        return linux_source(self.cache, self.archive, "7.3")

    @once
    def kernel(self) -> Kernel:
        return linux_kernel(self.cache, self.source)

    @once
    def tree(self) -> Tree:
        return Tree(self.kernel, self.work / "tree")

    @once
    def users(self) -> dict[str, Compiled]:
        """The users of the ABI, compiled with the kernel's own headers."""
        return compile_users(self.tree)

    @once
    def layouts(self) -> dict[str, Layout]:
        """Every struct that the kernel's ABI headers define."""
        return kernel_layouts(self.tree)

    @once
    def ours(self) -> Path:
        """What we have for a kernel tree as it is, by its paths there."""
        assert self.generated
        root = self.work / "ours"
        # What is in drivers/ needs the patches, too.
        shutil.copytree(OURS, root, ignore=shutil.ignore_patterns(
            "install", "patches", "drivers"))
        shutil.copytree(self.generated, root, dirs_exist_ok=True)
        return root

    @property
    def include(self) -> Path:
        return self.ours / "include"

    @once
    def headers(self) -> dict[str, str]:
        """The generated ABI headers, by file name."""
        found = {path.name: path.read_text()
                 for path in (self.include / ABI).glob("*.h")}
        if not found:
            raise Failed(f"no headers in {self.include / ABI}")
        return found

    def gate(self, name: str) -> Check:
        match name:
            case "sparse":
                return sparse_check(self.tree,
                                    sparse(self.cache, self.archive))
            case "checkpatch":
                return checkpatch_check(self.kernel)
            case "kernel-doc":
                return kernel_doc_check(self.kernel)
        raise Failed(f"no gate {name}")

    @once
    def bench(self) -> Bench:
        return Bench(self.kernel, guest_init(self.cache, self.kernel),
                     self.luo_dump)

    @once
    def update(self) -> Update:
        say("a live update with everything in it")
        return live_update(self.bench, CORNERS, HUGE, self.work)

    @once
    def locked(self) -> Heard:
        say("a live update into a locked down kernel")
        return locked_update(self.bench, PLAIN)

    @once
    def patched_source(self) -> Source:
        """The source tree with the series in it."""
        return patched_source(self.cache, self.source)

    @once
    def patched(self) -> Kernel:
        return linux_kernel(self.cache, self.patched_source, CONFIG)

    @once
    def patched_bench(self) -> Bench:
        return Bench(self.patched, guest_init(self.cache, self.patched),
                     self.luo_dump,
                     iommu_selftest(self.cache, self.patched,
                                    self.patched_source.tree))

    @staticmethod
    def heard(heard: Heard, label: str) -> Result:
        """What luo-dump said inside the machine."""
        return Result(heard.exits[label],
                      heard.files[f"{label}.stdout"].decode(),
                      heard.files[f"{label}.stderr"].decode())

    def dump(self, *args: str | Path) -> Result:
        """Run luo-dump here, on a file."""
        assert self.luo_dump
        done = subprocess.run([self.luo_dump, *args], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              check=False)
        return Result(done.returncode, done.stdout, done.stderr)
