# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Each kernel of the matrix hands over to itself, and what luo-dump says."""

import json
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from .agreement import check_handover, check_tree, subtrees
from .apt import Archive
from .cache import Cache
from .elf import Elf
from .guest import guest_init
from .kbuild import X86
from .kernel import Kernel, linux_kernel
from .outcome import Outcome, outcome
from .passage import Passage, Side, hand_over
from .releases import RELEASES, Release, carried
from .say import Failed, say
from .scenario import RESERVATION
from .shown import the_handover
from .source import linux_source

# luo-dump could not read it.
UNUSABLE = 2
LUSER_GEN = Path(__file__).resolve().parents[3] / "gen" / "luser-gen"
# luser-gen: the schemas are right, the kernel's documentation is not.
CONTRADICTS = 3


class Matrix:
    def __init__(self, root: Path, luo_dump: Path, work: Path) -> None:
        self.cache = Cache(root)
        self.archive = Archive(root)
        self.luo_dump = luo_dump
        self.work = work

    @cache
    def kernel(self, release: Release) -> Kernel:
        source = linux_source(self.cache, self.archive, release.series)
        return linux_kernel(self.cache, source, target=release.target)

    @cache
    def side(self, release: Release) -> Side:
        # The newest headers know what any of them can do.
        newest = max((r for r in RELEASES if r.target == release.target),
                     key=lambda r: tuple(map(int, r.series.split("."))))
        init = guest_init(self.cache, self.kernel(newest))
        inside = self.luo_dump if release.target is X86 else None
        return Side(release, self.kernel(release), init, inside)

    def handover(self, release: Release) -> Path:
        return self.work / f"{release.name}.handover.elf"

    def booted(self, release: Release) -> Path:
        return self.work / f"{release.name}.booted.elf"

    @cache
    def update(self, release: Release) -> Passage:
        say(f"a live update of Linux {release.name}")
        side = self.side(release)
        return hand_over(side, side, carried(release), self.handover(release),
                         None if side.luo_dump else self.booted(release))

    def luo(self, *args: str | Path) -> str:
        """What luo-dump says of a file here."""
        done = subprocess.run([self.luo_dump, *args], text=True, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode == UNUSABLE:
            raise Failed(f"luo-dump: {done.stderr.strip()}")
        return done.stdout

    def step_update(self, release: Release) -> None:
        """Everything comes through; the guest and the kernel have checked."""
        result = outcome(release, self.update(release))
        assert str(result) == "accepted", f"{result}: {result.why}"

    def _shown(self, release: Release) -> Any:
        self.update(release)
        return the_handover(
            json.loads(self.luo("--json", self.handover(release))), "out")

    def step_dump(self, release: Release) -> None:
        """luo-dump --json on the memory at the handover"""
        shown = self._shown(release)
        with Elf(self.handover(release)) as memory:
            check_handover(shown, release, memory)

    def step_tree(self, release: Release) -> None:
        """luo-dump's tree of it"""
        check_tree(self.luo("--records=all", self.handover(release)),
                   self._shown(release), release)

    def _inside(self, release: Release) -> str:
        """The new kernel's debugfs, and its memory where it cannot look."""
        files = self.update(release).heard.files
        if "json.stdout" in files:
            return files["json.stdout"].decode()
        copy = self.work / f"{release.name}.debugfs"
        for name in (n for n in files if n.startswith("new/")):
            path = copy / name.removeprefix("new/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[name])
        return self.luo("--json", "--memory", self.booted(release), copy)

    def step_inside(self, release: Release) -> None:
        """luo-dump --json in the new kernel"""
        shown = the_handover(json.loads(self._inside(release)), "in")
        assert not shown.errors(), "\n".join(shown.errors())
        missing = subtrees(release) - shown.subtrees()
        assert not missing, f"subtrees are {shown.subtrees()}"
        assert list(shown.reservations()) == [RESERVATION]

    def step_schemas(self, release: Release) -> None:
        """luser-gen check-kernel on its source; says what it contradicts."""
        kernel = self.kernel(release)
        done = subprocess.run(
            [sys.executable, "-B", LUSER_GEN, "check-kernel", "--build",
             kernel.out, kernel.source.tree], text=True, check=False,
            stdin=subprocess.DEVNULL, capture_output=True)
        (self.work / f"{release.name}.check-kernel").write_text(done.stdout)
        assert done.returncode in (0, CONTRADICTS), done.stdout + done.stderr

    def pair(self, old: Release, new: Release) -> Outcome:
        say(f"Linux {old.name} hands over to {new.name}")
        return outcome(old, hand_over(self.side(old), self.side(new),
                                      carried(old)))

    def compat(self, old: Release, new: Release) -> Any:
        """What luo-dump says of it beforehand."""
        self.update(old)
        return json.loads(self.luo("compat", "--json", "--to",
                                   self.kernel(new).image,
                                   self.handover(old)))


STEPS = {"update": Matrix.step_update, "dump": Matrix.step_dump,
         "tree": Matrix.step_tree, "inside": Matrix.step_inside,
         "schemas": Matrix.step_schemas}


def pairs(releases: Iterable[Release]) -> list[tuple[Release, Release]]:
    """All of one architecture, in the order of a table."""
    chosen = [r for r in releases if r.target is X86]
    return [(old, new) for old in chosen for new in chosen]
