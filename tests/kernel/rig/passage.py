# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""One kernel of the matrix hands over to another, or to itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .guest import initramfs, line
from .kernel import Kernel
from .releases import Release, returned
from .say import Failed
from .scenario import Session, preserve, take_back
from .update import KHO, MOUNTS
from .vm import Heard, Vm

LIVEUPDATE = "/dev/liveupdate"
# The old kernel's last words.
STARTING = "Starting new kernel"


@dataclass(frozen=True)
class Side:
    """One of the two kernels, and the programs for it."""
    release: Release
    kernel: Kernel
    init: Path
    luo_dump: Path | None = None


@dataclass(frozen=True)
class Passage:
    heard: Heard        # from both
    console: str        # what both said
    end: str            # "done", or why it went no further


def _old_script(old: Side, new: Side,
                sessions: Iterable[Session]) -> list[str]:
    script = [*MOUNTS, *preserve(tuple(sessions))]
    if old.release.finalize:
        script.append(line("write", f"{KHO}/out/finalize", "1"))
    return [*script, line("kexec", new.release.cmdline)]


def _new_script(old: Side, new: Side,
                sessions: tuple[Session, ...]) -> list[str]:
    # What is misread may be endless: it is looked at only where it is kept.
    script = [*MOUNTS, line("probe", "kho", f"{KHO}/in/fdt")]
    if old == new:
        script += [line("tree", "new", KHO), line("wait", "booted")]
    if old == new and new.luo_dump:
        script += [line("run", label, 0, "/bin/luo-dump", *how, KHO)
                   for label, how in (("tree", ()), ("json", ("--json",)))]
    script.append(line("probe", "luo", LIVEUPDATE))
    return [*script, *take_back(sessions), line("done")]


def hand_over(old: Side, new: Side, sessions: tuple[Session, ...],
              handover: Path | None = None,
              booted: Path | None = None) -> Passage:
    """Dumps are made where a path for them is given."""
    back = returned(old.release, sessions)
    second = initramfs(new.init, _new_script(old, new, back), new.luo_dump)
    first = initramfs(old.init, _old_script(old, new, sessions), None,
                      (new.kernel, second))
    with Vm(old.kernel, first, old.release.cmdline + " nokaslr",
            memory=old.release.memory) as vm:
        def at(place: str) -> None:
            if place == "kexec" and handover:
                vm.gdb.wait_stop()
                vm.qmp.dump(handover)
                vm.gdb.detach()
            elif place == "booted" and booted:
                vm.qmp.dump(booted)

        if handover:
            vm.gdb.breakpoint(old.kernel.symbol("machine_kexec"))
            vm.gdb.resume()
        else:
            vm.start()
        try:
            heard, end = vm.run(at), "done"
        except Failed as error:
            if STARTING not in vm.console():
                raise
            heard, end = vm.heard, str(error).splitlines()[0]
        return Passage(heard, vm.console(), end)
