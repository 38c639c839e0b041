# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A machine's way through one kernel after the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .guest import initramfs, line
from .machine import MEMORY, Machine
from .update import MOUNTS, Bench
from .vm import Heard, Vm

Script = Sequence[str]
BANNER = "Linux version "


@dataclass(frozen=True)
class Arrived:
    """What was heard of all kernels, and what each said on its console."""
    heard: Heard
    consoles: list[str]

    def text(self, label: str) -> str:
        return self.heard.files[label].decode()


@contextmanager
def standing(vm: Vm) -> Iterator[None]:
    """The machine stands meanwhile."""
    vm.gdb.interrupt()
    vm.gdb.wait_stop()
    yield
    vm.gdb.resume()


def nested(bench: Bench, cmdlines: Sequence[str], scripts: Sequence[Script]) \
        -> bytes:
    """The first of several kernels' archives; the others are inside."""
    archive = initramfs(bench.init, [*MOUNTS, *scripts[-1], line("done")],
                        bench.luo_dump, selftest=bench.selftest)
    for script, cmdline in zip(scripts[-2::-1], cmdlines[:0:-1]):
        archive = initramfs(
            bench.init, [*MOUNTS, *script, line("kexec", cmdline)],
            bench.luo_dump, (bench.kernel, archive), bench.selftest)
    return archive


@dataclass
class Trip:
    """One script for each kernel; all but the last kexec into the next.

    at says what to do when a script waits, by label; handover, when a kernel
    stands in the function that stop names.
    """
    bench: Bench
    machine: Machine
    scripts: Sequence[Script]
    more: str = ""              # on the first kernel's command line
    next_cmdline: str = ""      # of the kernels after it, if another
    traces: Sequence[str] = ()  # events of QEMU to count
    stop: str = "machine_kexec"

    def _cmdlines(self) -> list[str]:
        first = f"{self.machine.cmdline} {self.more}".strip()
        later = self.next_cmdline or first
        return [first] + [later] * (len(self.scripts) - 1)

    def run(self, at: Mapping[str, Callable[[Vm], None]] | None = None,
            handover: Callable[[Vm], None] | None = None) -> Arrived:
        cmdlines = self._cmdlines()
        archive = nested(self.bench, cmdlines, self.scripts)
        stop = self.bench.kernel.symbol(self.stop)

        def event(label: str) -> None:
            if label != "kexec":
                (at or {})[label](vm)
            elif handover:
                vm.gdb.wait_stop()
                handover(vm)
                vm.gdb.pass_breakpoint(stop)

        with Vm(self.bench.kernel, archive, cmdlines[0],
                tuple(self.machine.argv()), MEMORY, self.traces) as vm:
            if handover:
                vm.gdb.breakpoint(stop)
            vm.gdb.resume()
            heard = vm.run(event)
            _, *consoles = vm.console().split(BANNER)
        return Arrived(heard, consoles)
