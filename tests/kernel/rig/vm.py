# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""One virtual machine, from its start to the guest's "done"."""

import re
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from .gdb import Gdb
from .host_line import HostLine
from .kernel import Kernel
from .qmp import Qmp
from .say import Failed, tail

MEMORY = "1G"
# A guest of which nothing is heard or seen for so long hangs.
PATIENCE = 300.0
# What a kernel says when something is wrong with itself.
SPLAT = re.compile(r"^.*(BUG:|WARNING:|KASAN:|Oops:|kernel BUG at|"
                   r"INFO: task|refcount_t:).*$", re.M)
SOCKETS = ("monitor", "gdb", "host")
# By architecture. Every machine has its console as the first of two 8250
# ports, and the line to the host as the second.
MACHINES = {
    "x86": ("qemu-system-x86_64", "-machine", "q35",
            "-serial", "chardev:console", "-serial", "chardev:host"),
    "arm64": ("qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a76",
              "-device", "pci-serial-2x,chardev1=console,chardev2=host"),
}


@dataclass
class Heard:
    """What the guest told the host."""
    files: dict[str, bytes] = field(default_factory=dict)
    exits: dict[str, int] = field(default_factory=dict)


class Vm:
    def __init__(self, kernel: Kernel, archive: bytes, cmdline: str,
                 more: tuple[str, ...] = (), memory: str = MEMORY,
                 traces: Sequence[str] = ()) -> None:
        self.heard = Heard()
        self._temp = tempfile.TemporaryDirectory(prefix="luser-vm-")
        self.dir = Path(self._temp.name)
        (self.dir / "initramfs").write_bytes(archive)
        self._listen = {name: self._listener(name) for name in SOCKETS}
        self._errors = (self.dir / "errors").open("w")
        self._qemu = subprocess.Popen(
            [*self._argv(kernel, cmdline), "-m", memory,
             *self._traces(traces), *more],
            stdin=subprocess.DEVNULL, stdout=self._errors,
            stderr=self._errors)

    def _listener(self, name: str) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(self.dir / name))
        sock.listen(1)
        sock.settimeout(PATIENCE)
        return sock

    def _argv(self, kernel: Kernel, cmdline: str) -> list[str]:
        argv = [*MACHINES[kernel.target.arch], "-nodefaults",
                "-display", "none", "-no-user-config", "-accel", "tcg",
                "-S", "-no-reboot", "-kernel", str(kernel.image),
                "-initrd", str(self.dir / "initramfs"), "-append", cmdline,
                "-chardev", f"file,id=console,path={self.dir / 'console'}"]
        for name in SOCKETS:
            argv += ["-chardev", f"socket,id={name},path={self.dir / name}"]
        return argv + ["-gdb", "chardev:gdb",
                       "-mon", "chardev=monitor,mode=control"]

    def _traces(self, events: Sequence[str]) -> list[str]:
        if not events:
            return []
        (self.dir / "events").write_text("\n".join(events) + "\n")
        return ["-trace", f"events={self.dir / 'events'}",
                "-D", str(self.dir / "trace")]

    def __enter__(self) -> "Vm":
        try:
            socks = {name: self._accept(name) for name in SOCKETS}
            self.qmp = Qmp(socks["monitor"])
            self.gdb = Gdb(socks["gdb"])
            self._host = HostLine(socks["host"], self.dir / "console")
        except BaseException:
            self._close()
            raise
        return self

    def _accept(self, name: str) -> socket.socket:
        try:
            sock, _ = self._listen[name].accept()
        except TimeoutError:
            raise self._wrong("QEMU did not start") from None
        sock.settimeout(PATIENCE)
        return sock

    def __exit__(self, kind: type[BaseException] | None,
                 value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._close()

    def _close(self) -> None:
        self._qemu.kill()
        self._qemu.wait()
        for sock in self._listen.values():
            sock.close()
        self._errors.close()
        self._temp.cleanup()

    def _wrong(self, text: str) -> Failed:
        for name in ("errors", "console"):
            if (self.dir / name).exists():
                text += f"\n  {name}:\n{tail(self.dir / name)}"
        return Failed(text)

    def console(self) -> str:
        """What the kernels said so far."""
        return (self.dir / "console").read_text(errors="replace")

    def traced(self) -> int:
        """How many of the events that QEMU was to trace there were."""
        path = self.dir / "trace"
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def start(self) -> None:
        self.qmp.command("cont")

    def run(self, at: Callable[[str], None] | None = None) -> Heard:
        """Listen until the guest is done.

        at() is told of each wait, and of "kexec" just before the guest does it.
        """
        try:
            while self._hear(at):
                pass
        except TimeoutError:
            raise self._wrong("the guest hangs") from None
        found = SPLAT.search(self.console())
        if found:
            raise self._wrong(f"the kernel complains: {found[0]}")
        return self.heard

    def _hear(self, at: Callable[[str], None] | None) -> bool:
        words = self._host.words()
        if not words:
            raise self._wrong("the machine stopped")
        match words:
            case ["file", label, size]:
                self.heard.files[label] = self._host.read(int(size))
            case ["exit", label, status]:
                self.heard.exits[label] = int(status)
            case ["wait", label]:
                if at:
                    at(label)
                self._host.answer()
            case ["kexec"]:
                if at:
                    at("kexec")
            case ["done"]:
                return False
            case _:
                raise self._wrong("guest: " + " ".join(words))
        return True
