# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Packages of other Debian releases, fetched without touching the system's apt.

The mirror is the one that the system's own sources name.
"""

import fcntl
import functools
import subprocess
from pathlib import Path

from .say import Failed, output, say, tail

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITES = ("trixie-backports", "sid")


def mirror() -> str:
    found = output(["apt-get", "indextargets", "--format", "$(REPO_URI)",
                    "Codename: bookworm", "Label: Debian"]).split()
    if not found:
        raise Failed("apt names no mirror of Debian bookworm")
    return found[0]


class Archive:
    def __init__(self, root: Path) -> None:
        self.root = root / "apt"
        self.sources = self.root / "sources.list"
        self.lists = self.root / "lists"

    def _apt(self, command: str, *args: str) -> list[str]:
        options = {
            "Dir::Etc::sourcelist": self.sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State::lists": self.lists,
            "Dir::Cache": self.root / "cache",
            "Acquire::Languages": "none",
            "Acquire::PDiffs": "false",
            # A mirror may be a snapshot; signatures are still checked.
            "Acquire::Check-Valid-Until": "false",
            "APT::Sandbox::User": "root",
        }
        argv = [command, "-q"]
        for name, value in options.items():
            argv += ["-o", f"{name}={value}"]
        return argv + list(args)

    @functools.cache
    def update(self) -> None:
        """Ask the mirror once per run; old lists will do if it is away."""
        for sub in (self.lists / "partial", self.root / "cache/archives"):
            sub.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._update()

    def _update(self) -> None:
        base = mirror()
        self.sources.write_text("".join(
            f"{kind} [signed-by={KEYRING}] {base} {suite} main\n"
            for suite in SUITES for kind in ("deb", "deb-src")))
        say("asking the Debian mirror what it has")
        log = self.root / "update.log"
        with log.open("w") as out:
            done = subprocess.run(
                self._apt("apt-get", "update", "--error-on=any"),
                stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, check=False)
        if done.returncode and not any(self.lists.glob("*_InRelease")):
            raise Failed(f"apt-get update:\n{tail(log)}")
        if done.returncode:
            say("the mirror does not answer; its lists of the last time count")

    def _versions(self, package: str, kind: str) -> list[str]:
        """Newest first."""
        self.update()
        rows = output(self._apt("apt-cache", "madison", package))
        split = [[part.strip() for part in row.split("|")]
                 for row in rows.splitlines()]
        found = [version for _, version, origin in split
                 if origin.endswith(kind)]
        if not found:
            raise Failed(f"no package {package} in {' or '.join(SUITES)}")
        return found

    def version(self, package: str) -> str:
        return self._versions(package, "Packages")[0]

    def source_version(self, package: str) -> str:
        return self.source_versions(package)[0]

    def source_versions(self, package: str) -> list[str]:
        """All that the mirror lists; not all of them may be there."""
        return self._versions(package, "Sources")

    def download(self, package: str, version: str, into: Path) -> Path:
        """Fetch and verify one binary package."""
        say(f"fetching {package} {version}")
        output(self._apt("apt-get", "download", f"{package}={version}"), into)
        return next(into.glob("*.deb"))

    def download_source(self, package: str, version: str, into: Path) -> Path:
        """Fetch and verify a source package; returns its .dsc."""
        say(f"fetching the source of {package} {version}")
        output(self._apt("apt-get", "source", "--download-only",
                         f"{package}={version}"), into)
        return next(into.glob("*.dsc"))

    def download_tar(self, package: str, version: str, into: Path) -> Path:
        """Fetch and verify what upstream released, and nothing of Debian's."""
        say(f"fetching the source of {package} {version}")
        output(self._apt("apt-get", "source", "--download-only", "--tar-only",
                         f"{package}={version}"), into)
        return next(into.glob("*.orig.tar.*"))
