# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The Linux source trees the tests build, each named by its series: "7.3"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .apt import Archive
from .cache import Cache, digest
from .say import Failed, output, say

# The series the mirror has a package of; of others it has old releases, as
# upstream made them.
PACKAGED = ("7.2", "7.3")


@dataclass(frozen=True)
class Source:
    tree: Path
    version: str

    @property
    def series(self) -> str:
        return ".".join(self.version.split(".")[:2])


def _unpack(tar: Path, into: Path) -> None:
    say("unpacking the kernel source")
    (into / "tree").mkdir()
    output(["tar", "-xJf", tar, "--strip-components=1", "-C", into / "tree"])
    tar.unlink()


def _entry(cache: Cache, package: str, version: str,
           make: Callable[[Path], None]) -> Source:
    key = {"package": package, "version": version,
           "recipe": digest(Path(__file__))}
    return Source(cache.entry("source", key, make) / "tree", version)


def _packaged(cache: Cache, archive: Archive, series: str) -> Source:
    package = f"linux-source-{series}"
    version = archive.version(package)

    def make(into: Path) -> None:
        deb = archive.download(package, version, into)
        output(["dpkg-deb", "-x", deb, into / "deb"])
        deb.unlink()
        _unpack(into / f"deb/usr/src/{package}.tar.xz", into)
        output(["rm", "-r", into / "deb"])

    return _entry(cache, package, version, make)


def _numbers(version: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", version)]


def _released(cache: Cache, archive: Archive, series: str) -> Source:
    """The newest point release that the mirror still has."""
    listed = {v for v in archive.source_versions("linux")
              if v.startswith(f"{series}.")}
    for version in sorted(listed, key=_numbers, reverse=True):
        try:
            return _entry(cache, "linux", version, lambda into: _unpack(
                archive.download_tar("linux", version, into), into))
        except Failed as error:
            say(f"not there: {error}".splitlines()[0])
    raise Failed(f"the mirror has no Linux {series} any more")


def linux_source(cache: Cache, archive: Archive, series: str) -> Source:
    if series in PACKAGED:
        return _packaged(cache, archive, series)
    return _released(cache, archive, series)
