# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""How a kernel is built: allnoconfig and fragments of configuration.

A line of a fragment may end in "# since 6.19": older series do not have it.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .say import Failed, output, run_logged, say
from .source import Source

ROOM = Path(__file__).resolve().parent.parent
COMMON = ROOM / "kernel.config"
SINCE = re.compile(r"[ \t]*# since ([0-9.]+)$")


@dataclass(frozen=True)
class Target:
    """What a kernel is built for."""
    arch: str           # as the kernel's build calls it
    cross: str          # prefix of the tools
    image: str          # what is booted, below the build directory

    @property
    def goals(self) -> tuple[str, ...]:
        """The kernel, and its headers for user space."""
        return (Path(self.image).name, "headers")

    @property
    def fragment(self) -> Path:
        return ROOM / f"{self.arch}.config"

    @property
    def compiler(self) -> str:
        return "; ".join(
            output([self.cross + tool, "--version"]).splitlines()[0]
            for tool in ("gcc", "ld"))


X86 = Target("x86", "", "arch/x86/boot/bzImage")
ARM64 = Target("arm64", "aarch64-linux-gnu-", "arch/arm64/boot/Image")


def make_argv(target: Target, source: Source, out: Path,
              *args: str) -> list[str]:
    return ["make", "-C", str(source.tree), f"O={out}",
            f"ARCH={target.arch}", f"CROSS_COMPILE={target.cross}",
            f"-j{len(os.sched_getaffinity(0))}", *args]


def _release(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def config_lines(fragments: Sequence[Path], series: str) -> list[str]:
    """What a series can have of fragments."""
    lines = []
    for line in "".join(f.read_text() for f in fragments).splitlines():
        since = SINCE.search(line)
        if not since or _release(since[1]) <= _release(series):
            lines.append(SINCE.sub("", line))
    return lines


def configure(target: Target, source: Source, fragments: Sequence[Path],
              out: Path, log: Path, lost: bool = False) -> None:
    """Make the configuration in out; all of it, or what is not lost."""
    wanted = config_lines(fragments, source.series)
    config = out.parent / "config"
    config.write_text("\n".join(wanted) + "\n")
    run_logged("kernel configuration",
               make_argv(target, source, out, f"KCONFIG_ALLCONFIG={config}",
                         "allnoconfig"), log)
    # Kconfig drops what it cannot have without a word.
    have = set((out / ".config").read_text().splitlines())
    dropped = [line for line in wanted
               if line.startswith("CONFIG_") and line not in have]
    if dropped and not lost:
        raise Failed("the kernel's Kconfig drops " + ", ".join(dropped))


def build_kernel(target: Target, source: Source, fragments: Sequence[Path],
                 into: Path) -> None:
    """Make into/out, the build directory."""
    out, log = into / "out", into / "log"
    out.mkdir()
    configure(target, source, fragments, out, log)
    say(f"building Linux {source.version}, some minutes")
    run_logged("kernel build",
               make_argv(target, source, out, *target.goals), log)
