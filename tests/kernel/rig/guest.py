# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The inside of the test machine: its init program, and scripts for it."""

from collections.abc import Iterable
from pathlib import Path

from .cache import Cache, digest
from .cpio import Initramfs
from .kernel import Kernel
from .program import add_program
from .say import output

ROOT = Path(__file__).resolve().parents[3]
GUEST = ROOT / "tests/kernel/guest"
# What it shares with the kernel's selftest.
SELFTEST = ROOT / "kernel/tools/testing/selftests/iommu"
FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-static")


def guest_init(cache: Cache, kernel: Kernel) -> Path:
    files = sorted([*GUEST.glob("*.[ch]"), *SELFTEST.glob("*.h")])
    headers = [kernel.headers / f"linux/{name}.h"
               for name in ("iommufd", "liveupdate", "vfio")]
    key = {"files": digest(*files), "headers": digest(*headers),
           "compiler": kernel.target.compiler, "recipe": digest(Path(__file__))}

    def build(into: Path) -> None:
        output([f"{kernel.target.cross}gcc", *FLAGS, "-I", kernel.headers,
                "-I", SELFTEST, "-o", into / "init",
                *(f for f in files if f.suffix == ".c")])

    return cache.entry("guest", key, build) / "init"


def iommu_selftest(cache: Cache, kernel: Kernel, source: Path) -> Path:
    """The kernel's own test of the same; source is a kernel tree with it."""
    room = source / "tools/testing/selftests/iommu"
    files = [room / "iommu_liveupdate.c", room / "iommu_liveupdate_utils.h"]
    key = {"files": digest(*files, kernel.headers / "linux/iommufd.h"),
           "compiler": kernel.target.compiler,
           "recipe": digest(Path(__file__))}

    def build(into: Path) -> None:
        output(["gcc", "-O2", "-Wall", "-Werror", "-static",
                "-isystem", kernel.headers, "-o", into / "selftest", files[0]])

    return cache.entry("selftest", key, build) / "selftest"


def word(text: str) -> str:
    """One word of a script line; the guest undoes the escapes."""
    plain = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                "0123456789-_./=:,+")
    return "".join(chr(byte) if chr(byte) in plain else f"%{byte:02x}"
                   for byte in text.encode())


def line(*words: str | int) -> str:
    return " ".join(word(str(w)) for w in words) + "\n"


def initramfs(init: Path, script: Iterable[str], luo_dump: Path | None,
              following: "tuple[Kernel, bytes] | None" = None,
              selftest: Path | None = None) -> bytes:
    """What one kernel starts with; following is what it kexecs into."""
    tree = Initramfs()
    tree.add("/init", init.read_bytes(), 0o755)
    tree.add("/script", "".join(script).encode())
    if luo_dump:
        add_program(tree, "/bin/luo-dump", luo_dump)
    if selftest:
        tree.add_file("/bin/selftest", selftest)
    if following:
        kernel, archive = following
        tree.add("/next/kernel", kernel.image.read_bytes())
        tree.add("/next/initramfs", archive)
    return tree.archive()
