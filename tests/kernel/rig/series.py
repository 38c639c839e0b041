# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A kernel tree with the series of kernel/ in it."""

import subprocess
import tempfile
from pathlib import Path

from .cache import Cache, digest
from .say import Failed, output
from .source import Source

ROOT = Path(__file__).resolve().parents[3]
SERIES = ROOT / "kernel"
# What the kernel with the series has beyond the usual.
CONFIG = Path(__file__).resolve().parent.parent / "series.config"


def _digest(temp: Path) -> str:
    """Of what the series makes of a tree."""
    (temp / "include/linux").mkdir(parents=True)
    for name in ("Kbuild", "Makefile"):
        (temp / name).touch()
    output([SERIES / "install", "--force", "--files", temp])
    added = sorted(path for path in temp.glob("**/*") if path.is_file())
    return digest(*added, SERIES / "series",
                  *sorted((SERIES / "patches").iterdir()))


def patched_source(cache: Cache, source: Source) -> Source:
    # Hard links will do: kernel/install replaces files.
    def install(into: Path) -> None:
        output(["cp", "-al", source.tree, into / "tree"])
        output([SERIES / "install", into / "tree"])

    with tempfile.TemporaryDirectory(prefix="luser-") as temp:
        key = {"source": source.version, "series": _digest(Path(temp)),
               "recipe": digest(Path(__file__))}
    path = cache.entry("patched", key, install)
    return Source(path / "tree", f"{source.version}+{path.name}")


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


def export(source: Source, into: Path) -> list[Path]:
    """The series as mails, without the cover letter."""
    done = subprocess.run([SERIES / "export", source.tree, into],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"kernel/export: {done.stderr}")
    return sorted(into.glob("*.patch"))[1:]


def apply_mails(source: Source, into: Path) -> Path:
    """A repository of what the series changes, with its mails applied."""
    repo = into / "repo"
    mails = export(source, into / "mails")
    for name in changed():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_bytes((source.tree / name).read_bytes())
    _git(into, "init", "-q", repo)
    _git(repo, "add", "-A")
    _git(repo, "commit", "-q", "-m", "the kernel's own")
    _git(repo, "am", "-q", *mails)
    return repo
