# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Everything the tests share, made when the first of them asks for it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .apt import Archive
from .cache import Cache
from .guest import guest_init
from .kernel import Kernel, linux_kernel
from .once import once
from .say import Failed, say
from .scenario import CORNERS, HUGE, PLAIN
from .source import Source, linux_source
from .update import Bench, Update, live_update, locked_update
from .vm import Heard


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
    def __init__(self, cache: Cache, work: Path,
                 luo_dump: Path | None) -> None:
        self.cache = cache
        self.archive = Archive(cache.root)
        self.work = work
        self.luo_dump = luo_dump

    @once
    def source(self) -> Source:
        return linux_source(self.cache, self.archive)

    @once
    def kernel(self) -> Kernel:
        return linux_kernel(self.cache, self.source)

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
