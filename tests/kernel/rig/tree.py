# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A copy of the kernel's build directory, to compile single objects in.

Headers put before the kernel's own replace them. Kbuild sees to it that an
object is made again when the way it is made has changed.
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from .kbuild import make_argv
from .kernel import Kernel
from .say import Failed, output

ABI = "include/linux/kho/abi/"
# Where a C file of ours is compiled as one of the kernel's own.
HOME = "kernel/liveupdate"


class Tree:
    def __init__(self, kernel: Kernel, path: Path) -> None:
        output(["cp", "-a", kernel.out, path])
        self.kernel = kernel
        self.path = path

    def put(self, name: str, text: str) -> str:
        """Add a C file; returns the object to build from it."""
        (self.path / HOME / f"{name}.c").write_text(text)
        return f"{HOME}/{name}.o"

    def build(self, objects: Iterable[str], include: Path | None = None,
              cflags: str = "-g", checker: Path | None = None) -> str:
        """Compile, include before all other headers; returns complaints."""
        objects = list(objects)
        for name in objects:
            (self.path / name).unlink(missing_ok=True)
        first = f" -I{include}" if include else ""
        args = ["-s", f"NOSTDINC_FLAGS=-nostdinc{first}", f"KCFLAGS={cflags}"]
        if checker:
            args += ["C=2", f"CHECK={checker}"]
        done = subprocess.run(
            make_argv(self.kernel.target, self.kernel.source, self.path,
                      *args, *objects),
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise Failed(f"the kernel does not compile:\n{done.stdout}")
        return done.stdout

    def headers_of(self, name: str) -> list[Path]:
        """The ABI headers that an object was compiled with."""
        path = self.path / name
        text = (path.parent / f".{path.name}.cmd").read_text()
        found = re.findall(rf"\s(\S*{ABI}\w+\.h)\b", text)
        return [Path(name) for name in dict.fromkeys(found)]

    def users(self) -> list[str]:
        """All objects of this kernel that include an ABI header."""
        names = []
        for cmd in sorted(self.path.glob("**/.*.o.cmd")):
            if ABI in cmd.read_text():
                path = cmd.with_name(cmd.name[1:-len(".cmd")])
                names.append(str(path.relative_to(self.path)))
        return names
