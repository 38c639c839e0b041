# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The kernel with the series of kernel/ in it."""

import subprocess
from pathlib import Path

from .cache import Cache, digest
from .kernel import FRAGMENT, Kernel, compiler, make_argv
from .say import Failed, output, run_logged, say
from .source import Source

ROOT = Path(__file__).resolve().parents[3]
SERIES = ROOT / "kernel"
MORE = Path(__file__).resolve().parent.parent / "series.config"


# What is in kernel/ and does not go into a tree.
OTHER = ("README.md", "cover.txt", "export", "import")


def _files() -> list[Path]:
    """All that the patched tree is made of."""
    return sorted(path for room in ("kernel", "gen", "schema")
                  for path in (ROOT / room).glob("**/*")
                  if path.is_file() and path.name not in OTHER
                  and "__pycache__" not in path.parts)


def patched_source(cache: Cache, source: Source) -> Source:
    # Hard links will do: kernel/install replaces files.
    def install(into: Path) -> None:
        output(["cp", "-al", source.tree, into / "tree"])
        output([SERIES / "install", into / "tree"])

    key = {"source": source.version, "series": digest(*_files()),
           "recipe": digest(Path(__file__))}
    path = cache.entry("patched", key, install)
    return Source(path / "tree", f"{source.version}+{path.name}")


def _configure(source: Source, out: Path, log: Path) -> None:
    fragment = out.parent / "config"
    fragment.write_text(FRAGMENT.read_text() + MORE.read_text())
    run_logged("kernel configuration",
               make_argv(source, out, f"KCONFIG_ALLCONFIG={fragment}",
                         "allnoconfig"), log)
    have = (out / ".config").read_text().splitlines()
    lost = [line for line in fragment.read_text().splitlines()
            if line.startswith("CONFIG_") and line not in have]
    if lost:
        raise Failed("the kernel's Kconfig drops " + ", ".join(lost))


def patched_kernel(cache: Cache, source: Source) -> Kernel:
    def build(into: Path) -> None:
        out, log = into / "out", into / "log"
        out.mkdir()
        _configure(source, out, log)
        say("building the patched kernel, some minutes")
        run_logged("kernel build", make_argv(source, out, "bzImage"), log)
        run_logged("kernel headers", make_argv(source, out, "headers"), log)

    key = {"source": source.version, "config": digest(FRAGMENT, MORE),
           "compiler": compiler(), "recipe": digest(Path(__file__))}
    path = cache.entry("kernel", key, build)
    release = (path / "out/include/config/kernel.release").read_text().strip()
    return Kernel(source, path / "out", release)


def _git(repo: Path, *args: str | Path) -> None:
    output(["git", "-C", repo, "-c", "user.name=nobody",
            "-c", "user.email=nobody@localhost", *args])


def changed() -> list[str]:
    """The kernel's own files that the series changes."""
    names = set()
    for patch in (SERIES / "patches").glob("*.patch"):
        names |= {line[6:] for line in patch.read_text().splitlines()
                  if line.startswith("+++ b/")}
    return sorted(names)


def apply_mails(source: Source, into: Path) -> Path:
    """A repository of what the series changes, with its mails applied."""
    mails, repo = into / "mails", into / "repo"
    done = subprocess.run([SERIES / "export", source.tree, mails],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"kernel/export: {done.stderr}")
    for name in changed():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_bytes((source.tree / name).read_bytes())
    _git(into, "init", "-q", repo)
    _git(repo, "add", "-A")
    _git(repo, "commit", "-q", "-m", "the kernel's own")
    _git(repo, "am", "-q", *sorted(mails.glob("*.patch"))[1:])
    return repo
