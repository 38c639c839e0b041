# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The Linux source tree the tests build."""

from dataclasses import dataclass
from pathlib import Path

from .apt import Archive
from .cache import Cache, digest
from .say import output, say

PACKAGE = "linux-source-7.3"


@dataclass(frozen=True)
class Source:
    tree: Path
    version: str


def _unpack(archive: Archive, version: str, into: Path) -> None:
    deb = archive.download(PACKAGE, version, into)
    say("unpacking the kernel source")
    output(["dpkg-deb", "-x", deb, into / "deb"])
    deb.unlink()
    tar = into / f"deb/usr/src/{PACKAGE}.tar.xz"
    (into / "tree").mkdir()
    output(["tar", "-xJf", tar, "--strip-components=1", "-C", into / "tree"])
    output(["rm", "-r", into / "deb"])


def linux_source(cache: Cache, archive: Archive) -> Source:
    version = archive.version(PACKAGE)
    key = {"package": PACKAGE, "version": version,
           "recipe": digest(Path(__file__))}
    path = cache.entry("source", key,
                       lambda into: _unpack(archive, version, into))
    return Source(path / "tree", version)
