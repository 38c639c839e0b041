# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Progress on standard error, and commands whose output goes to a log."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

EVERY = 20.0


class Failed(Exception):
    """Something the rig needs did not work; the text says what."""


def say(text: str) -> None:
    print(f"# {text}", file=sys.stderr, flush=True)


def tail(path: Path, lines: int = 30) -> str:
    text = path.read_text(errors="replace").splitlines()
    return "\n".join("    " + line for line in text[-lines:])


def run_logged(what: str, argv: Sequence[str | Path], log: Path,
               cwd: Path | None = None,
               env: Mapping[str, str] | None = None) -> None:
    """Run argv, its output to log; a line of progress now and then."""
    started = said = time.monotonic()
    count = 0
    with log.open("a") as out, subprocess.Popen(
            [str(a) for a in argv], cwd=cwd, env=env, text=True,
            errors="replace", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            out.write(line)
            count += 1
            now = time.monotonic()
            if now - said >= EVERY:
                said = now
                say(f"{what}: {now - started:.0f} s, {count} steps")
    if process.returncode:
        raise Failed(f"{what}: exit status {process.returncode}\n"
                     f"{tail(log)}")


def output(argv: Sequence[str | Path], cwd: Path | None = None) -> str:
    """What argv prints; Failed with its complaint if it fails."""
    done = subprocess.run([str(a) for a in argv], cwd=cwd, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)
    if done.returncode:
        raise Failed(f"{argv[0]}: exit status {done.returncode}\n"
                     f"{done.stderr.strip()}")
    return done.stdout
