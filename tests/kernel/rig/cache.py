# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Results that are slow to make, kept outside the checkout.

An entry is named by what it was made from, so one made from anything else is
never taken for it. It is made under another name and renamed when complete.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from .say import Failed, say


def default_root() -> Path:
    if os.environ.get("LUSER_CACHE"):
        return Path(os.environ["LUSER_CACHE"])
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "luser"


def digest(*parts: Path) -> str:
    """One hash over the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part.read_bytes()).digest())
    return total.hexdigest()


class Cache:
    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root.resolve()

    def entry(self, kind: str, key: Mapping[str, str],
              make: Callable[[Path], None]) -> Path:
        """The directory that make() fills for this key, made if missing."""
        text = json.dumps(dict(key), sort_keys=True, indent=1)
        name = f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        path = self.root / name
        with (self.root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                return path
            part = self.root / f"{name}.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            say(f"making {kind} in {path}")
            try:
                make(part)
            except Failed:
                if not any(part.iterdir()):
                    part.rmdir()
                raise
            (part / "key.json").write_text(text + "\n")
            part.rename(path)
        return path
