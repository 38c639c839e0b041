# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A sparse that understands Linux 7.3, built from Debian's source package.

Debian 12 has 0.6.4, for which kbuild switches checking off.
"""

from pathlib import Path

from .apt import Archive
from .cache import Cache, digest
from .kbuild import X86
from .say import output

PACKAGE = "sparse"


def _build(archive: Archive, version: str, into: Path) -> None:
    fetched, source = into / "fetched", into / "source"
    fetched.mkdir()
    dsc = archive.download_source(PACKAGE, version, fetched)
    output(["dpkg-source", "--no-check", "-x", dsc, source])
    # Debian names a compiler that Debian 12 does not have.
    output(["make", "-C", source, "CC=gcc", "sparse"])


def sparse(cache: Cache, archive: Archive) -> Path:
    version = archive.source_version(PACKAGE)
    key = {"package": PACKAGE, "version": version, "compiler": X86.compiler,
           "recipe": digest(Path(__file__))}
    path = cache.entry("sparse", key,
                       lambda into: _build(archive, version, into))
    return path / "source/sparse"
