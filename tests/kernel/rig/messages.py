# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the kernel's checkers say of the files that the series touches.

A file of the series must be silent; one of the kernel's own must say no more
than it did.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from .cache import Cache, digest
from .kbuild import COMMON, X86, configure, make_argv
from .say import Failed, run_logged, say
from .series import CONFIG
from .source import Source

# "drivers/iommu/iommu.c:12:3: warning: ..."; the line moves.
PLACE = re.compile(r"^(?:\.\./)*(?:.*?/tree/)?([\w./-]+\.[ch]):[\d:]+ *", re.M)


def new_messages(before: str, after: str) -> list[str]:
    """Those that come, by file, whatever the line."""
    def count(text: str) -> Counter[str]:
        return Counter(PLACE.sub(r"\1: ", row) for row in text.splitlines()
                       if PLACE.match(row))
    return sorted((count(after) - count(before)).elements())


def kernel_doc(source: Source, files: Sequence[str]) -> str:
    done = subprocess.run(
        ["/usr/bin/python3", "-B", source.tree / "scripts/kernel-doc",
         "-none", "-Wall",
         *(name for name in files if (source.tree / name).exists())],
        cwd=source.tree, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise Failed(f"kernel-doc: exit status {done.returncode}:\n"
                     f"{done.stdout}")
    return done.stdout


FRAGMENTS = (COMMON, X86.fragment, CONFIG)


def _compile(source: Source, objects: Sequence[str], sparse: Path,
             into: Path) -> None:
    out, log = into / "out", into / "log"
    out.mkdir()
    # Without the series, not all of it can be had.
    configure(X86, source, FRAGMENTS, out, log, lost=True)
    run_logged("kernel preparation",
               make_argv(X86, source, out, "prepare"), log)
    say(f"{len(objects)} objects with W=1 and sparse")
    done = subprocess.run(
        make_argv(X86, source, out, "-s", "W=1", "C=2", f"CHECK={sparse}",
                  *objects),
        text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise Failed(f"the kernel does not compile:\n{done.stdout}")
    (into / "messages").write_text(done.stdout)


def compiler_messages(cache: Cache, source: Source, files: Sequence[str],
                      sparse: Path) -> str:
    """W=1 and sparse on these C files, but for programs in tools/."""
    objects = [name.replace(".c", ".o") for name in files
               if name.endswith(".c") and not name.startswith("tools/")
               and (source.tree / name).exists()]
    key = {"source": source.version, "objects": " ".join(objects),
           "config": digest(*FRAGMENTS), "sparse": str(sparse),
           "recipe": digest(Path(__file__))}
    path = cache.entry("messages", key, lambda into: _compile(
        source, objects, sparse, into))
    return (path / "messages").read_text()


Checker = Callable[[Source, Sequence[str]], str]


def compared(check: Checker, before: Source, after: Source,
             changed: Sequence[str], added: Sequence[str]) -> list[str]:
    return new_messages(check(before, changed),
                        check(after, [*changed, *added]))
