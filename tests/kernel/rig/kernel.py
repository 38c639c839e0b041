# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A kernel the tests boot, and the build directory it came from."""

import re
from dataclasses import dataclass
from pathlib import Path

from .cache import Cache
from .kbuild import COMMON, X86, Target, build_kernel, config_lines
from .say import Failed
from .source import Source


@dataclass(frozen=True)
class Kernel:
    source: Source
    target: Target
    out: Path           # the build directory (O=)
    release: str

    @property
    def headers(self) -> Path:
        """The kernel's own headers for user space."""
        return self.out / "usr/include"

    @property
    def image(self) -> Path:
        return self.out / self.target.image

    def symbol(self, name: str) -> int:
        """Link address of a symbol; where it runs with nokaslr."""
        text = (self.out / "System.map").read_text()
        found = re.search(rf"^([0-9a-f]+) \w {name}$", text, re.M)
        if not found:
            raise Failed(f"no symbol {name} in System.map")
        return int(found[1], 16)


def linux_kernel(cache: Cache, source: Source, *more: Path,
                 target: Target = X86) -> Kernel:
    """The kernel of a source tree; more are fragments beyond the usual."""
    fragments = (COMMON, target.fragment, *more)
    # Minutes: it is made again only if something else would come of it.
    key = {"source": source.version, "arch": target.arch,
           "compiler": target.compiler, "goals": " ".join(target.goals),
           "config": " ".join(config_lines(fragments, source.series))}
    path = cache.entry("kernel", key, lambda into: build_kernel(
        target, source, fragments, into))
    release = (path / "out/include/config/kernel.release").read_text().strip()
    return Kernel(source, target, path / "out", release)
