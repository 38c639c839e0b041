# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The kernel the tests boot, and the build directory it came from."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .cache import Cache, digest
from .say import Failed, output, run_logged, say
from .source import Source

FRAGMENT = Path(__file__).resolve().parent.parent / "kernel.config"


@dataclass(frozen=True)
class Kernel:
    source: Source
    out: Path           # the build directory (O=)
    release: str

    @property
    def headers(self) -> Path:
        """The kernel's own headers for user space."""
        return self.out / "usr/include"

    @property
    def image(self) -> Path:
        return self.out / "arch/x86/boot/bzImage"

    def symbol(self, name: str) -> int:
        """Link address of a symbol; where it runs with nokaslr."""
        text = (self.out / "System.map").read_text()
        found = re.search(rf"^([0-9a-f]+) \w {name}$", text, re.M)
        if not found:
            raise Failed(f"no symbol {name} in System.map")
        return int(found[1], 16)


def make_argv(source: Source, out: Path, *args: str) -> list[str]:
    return ["make", "-C", str(source.tree), f"O={out}",
            f"-j{len(os.sched_getaffinity(0))}", *args]


def compiler() -> str:
    return "; ".join(output([tool, "--version"]).splitlines()[0]
                     for tool in ("gcc", "ld"))


def _configure(source: Source, fragments: Sequence[Path], out: Path,
               log: Path) -> None:
    """allnoconfig and the fragments."""
    fragment = out.parent / "config"
    fragment.write_text("".join(path.read_text() for path in fragments))
    run_logged("kernel configuration",
               make_argv(source, out, f"KCONFIG_ALLCONFIG={fragment}",
                         "allnoconfig"), log)
    # Kconfig drops what it cannot have without a word.
    have = set((out / ".config").read_text().splitlines())
    lost = [line for line in fragment.read_text().splitlines()
            if line.startswith("CONFIG_") and line not in have]
    if lost:
        raise Failed("the kernel's Kconfig drops " + ", ".join(lost))


def _build(source: Source, fragments: Sequence[Path], into: Path) -> None:
    out, log = into / "out", into / "log"
    out.mkdir()
    _configure(source, fragments, out, log)
    say(f"building Linux {source.version}, some minutes")
    run_logged("kernel build", make_argv(source, out, "bzImage"), log)
    run_logged("kernel headers", make_argv(source, out, "headers"), log)


def linux_kernel(cache: Cache, source: Source, *more: Path) -> Kernel:
    """The kernel of a source tree; more are fragments beyond kernel.config."""
    fragments = (FRAGMENT, *more)
    key = {"source": source.version, "config": digest(*fragments),
           "compiler": compiler(),
           "recipe": digest(Path(__file__))}
    path = cache.entry("kernel", key,
                       lambda into: _build(source, fragments, into))
    release = (path / "out/include/config/kernel.release").read_text().strip()
    return Kernel(source, path / "out", release)
