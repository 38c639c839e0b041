# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The gates of the series: checkpatch, kernel-doc, W=1 and sparse, builds."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from .kbuild import X86, config_lines, make_argv
from .lab import Lab
from .messages import (FRAGMENTS, compared, compiler_messages,
                       kernel_doc)
from .say import Failed, output, run_logged, say
from .series import SERIES, apply_mails, changed, export
from .source import Source
from .sparse import sparse


def added() -> list[str]:
    return output([SERIES / "install", "--list"]).split()


def checkpatch(lab: Lab) -> list[str]:
    """What --strict says of each mail."""
    tree, noise = lab.source.tree, []
    with tempfile.TemporaryDirectory(dir=lab.work) as temp:
        for mail in export(lab.source, Path(temp)):
            # MAINTAINERS is the matter of the whole series.
            done = subprocess.run(
                [tree / "scripts/checkpatch.pl", "--strict", "--no-signoff",
                 "--quiet", "--no-summary", "--show-types",
                 "--ignore", "FILE_PATH_CHANGES", mail],
                cwd=tree, text=True, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, check=False)
            if done.returncode or done.stdout:
                noise.append(f"{mail.name}:\n{done.stdout}")
    return noise


def documentation(lab: Lab) -> list[str]:
    """What kernel-doc says that it did not say before."""
    return compared(kernel_doc, lab.source, lab.patched_source, changed(),
                    [name for name in added() if name.endswith((".c", ".h"))])


def compiler(lab: Lab) -> list[str]:
    """What W=1 and sparse say that they did not say before."""
    checker = sparse(lab.cache, lab.archive)

    def check(source: Source, files: Sequence[str]) -> str:
        return compiler_messages(lab.cache, source, files, checker)
    return compared(check, lab.source, lab.patched_source, changed(), added())


# What can be absent, and what can be a module.
OFF = ("IOMMU_LIVEUPDATE_KUNIT_TEST", "IOMMU_LIVEUPDATE", "LIVEUPDATE",
       "KEXEC_HANDOVER", "IOMMUFD", "VFIO", "INTEL_IOMMU", "IOMMU_SUPPORT")
MODULES = ("IOMMUFD", "VFIO", "VFIO_PCI", "UIO", "UIO_PCI_GENERIC")
# Not needed to see whether it builds, and slow.
SLOW = ("KASAN", "KASAN_INLINE", "PROVE_LOCKING", "DEBUG_ATOMIC_SLEEP",
        "DEBUG_LIST")


def _config(source: Source, off: tuple[str, ...] = (),
            modules: bool = False) -> str:
    absent = {f"CONFIG_{name}" for name in off + SLOW}
    loose = {f"CONFIG_{name}=y" for name in MODULES if modules}
    lines = [f"{line[:-1]}m" if line in loose else line
             for line in config_lines(FRAGMENTS, source.series)
             if line.removesuffix("=y") not in absent]
    return "\n".join(lines + ["CONFIG_MODULES=y"] * modules) + "\n"


def variants(source: Source) -> Iterator[tuple[str, str]]:
    yield "everything on", _config(source)
    for name in OFF:
        yield f"without {name}", _config(source, (name,))
    yield "as modules", _config(source, modules=True)


class Builder:
    """One build directory for all of them: little is built twice.

    What an option made different is as it was once the option is back: then
    ccache has it, which gives the compiler's warnings again.
    """

    def __init__(self, lab: Lab, source: Source, into: Path) -> None:
        self.source, self.into, self.out = source, into, into / "out"
        self.out.mkdir(parents=True)
        self.env = {**os.environ, "CCACHE_DIR": str(lab.cache.root / "ccache"),
                    "CCACHE_BASEDIR": "/", "CCACHE_NOHASHDIR": "1"}

    def _make(self, what: str, log: Path, *args: str) -> None:
        run_logged(what, make_argv(X86, self.source, self.out,
                                   "CC=ccache gcc", *args), log, env=self.env)

    def build(self, what: str, config: str) -> list[str]:
        """Complaints, if there are any."""
        fragment, log = self.into / "config", self.into / "log"
        fragment.write_text(config)
        log.unlink(missing_ok=True)
        say(f"building {what}")
        try:
            self._make("configuration", log, f"KCONFIG_ALLCONFIG={fragment}",
                       "allnoconfig")
            self._make(what, log, "-s", "vmlinux",
                       *(["modules"] if "CONFIG_MODULES=y" in config else []))
        except Failed as error:
            return [f"{what}: {error}"]
        return [f"{what}: {line}" for line in log.read_text().splitlines()
                if "warning:" in line]


def builds(lab: Lab) -> list[str]:
    """Everything on, each option off, and modules."""
    builder = Builder(lab, lab.patched_source, lab.work / "variants")
    return [line for what, config in variants(lab.patched_source)
            for line in builder.build(what, config)]


def commits(lab: Lab) -> list[str]:
    """Each commit of the series."""
    into = lab.work / "commits"
    tree = into / "tree"
    into.mkdir()
    output(["cp", "-al", lab.source.tree, tree])
    repo = apply_mails(lab.source, into)
    git = ("git", "-C", str(repo))
    builder = Builder(lab, Source(tree, lab.source.version), into / "build")
    noise: list[str] = []
    for commit in output([*git, "rev-list", "--reverse", "HEAD"]).split()[1:]:
        output([*git, "checkout", "-q", commit])
        for name in output([*git, "diff", "--name-only", f"{commit}^",
                            commit]).split():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            output(["cp", "--remove-destination", repo / name, tree / name])
        title = output([*git, "log", "-1", "--format=%s", commit]).strip()
        noise += builder.build(title, _config(lab.source))
    return noise


GATES: dict[str, Callable[[Lab], list[str]]] = {
    "checkpatch": checkpatch, "kernel-doc": documentation,
    "compiler": compiler, "builds": builds, "commits": commits,
}
