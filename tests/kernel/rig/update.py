# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Complete live updates: boot, preserve, kexec, look, take back."""

from dataclasses import dataclass
from pathlib import Path

from .guest import initramfs, line
from .kernel import Kernel
from .scenario import RESERVATION, Session, preserve, take_back
from .vm import Heard, Vm

DEBUGFS = "/sys/kernel/debug"
KHO = f"{DEBUGFS}/kho"
NOBODY = 65534
# What a kernel sets aside by itself grows with the archive that it boots with.
CMDLINE = ("console=ttyS0 panic=-1 no_timer_check kho=on liveupdate=on "
           "kho_scratch=32M,256M,64M " + RESERVATION.option)
MOUNTS = [line("mount", "proc", "/proc"), line("mount", "sysfs", "/sys"),
          line("mount", "tmpfs", "/tmp"), line("mount", "debugfs", DEBUGFS)]


@dataclass(frozen=True)
class Bench:
    """What every machine is made from."""
    kernel: Kernel
    init: Path
    luo_dump: Path | None
    selftest: Path | None = None        # a static program


def keep(heard: Heard, into: Path) -> Path:
    """Write what the guest sent to files."""
    for name, data in heard.files.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return into


@dataclass(frozen=True)
class Update:
    """What a live update left behind."""
    sessions: tuple[Session, ...]
    large: tuple[Session, ...]      # of these, those of large folios
    heard: Heard
    handover: Path
    booted: Path
    debugfs: Path                   # copy of the new kernel's, at its boot


def dump(label: str, *args: str, uid: int = 0) -> str:
    """A script line that runs luo-dump; its output comes under label."""
    return line("run", label, uid, "/bin/luo-dump", *args)


def looks(prefix: str, bench: Bench, *more: str) -> list[str]:
    """Look at the running kernel in the forms a person would."""
    if not bench.luo_dump:
        return []
    return [dump(f"{prefix}-json", "--json", KHO),
            dump(f"{prefix}-tree", KHO), *more]


def _old_kernel(bench: Bench, sessions: tuple[Session, ...],
                large: tuple[Session, ...]) -> list[str]:
    thp = "/sys/kernel/mm/transparent_hugepage/shmem_enabled"
    script = [*MOUNTS, *looks("idle", bench), *preserve(sessions)]
    if large:
        script += [line("write", thp, "force"), *preserve(large)]
    return [*script, *looks("old", bench), line("tree", "old", KHO),
            line("kexec", CMDLINE)]


def _new_kernel(bench: Bench, sessions: tuple[Session, ...]) -> list[str]:
    script = [*MOUNTS, line("tree", "new", KHO), line("wait", "booted")]
    if bench.luo_dump:
        script += [*looks("new", bench),
                   dump("kcore", "--json", "/proc/kcore"),
                   dump("nobody", "--json", KHO, uid=NOBODY),
                   line("umount", DEBUGFS),
                   dump("no-debugfs", "--json"),
                   dump("no-debugfs-nobody", "--json", uid=NOBODY)]
    return [*script, *take_back(sessions), line("done")]


def live_update(bench: Bench, sessions: tuple[Session, ...],
                large: tuple[Session, ...], into: Path) -> Update:
    """One live update, with the memory at the handover and after the boot.

    The old kernel stops at machine_kexec(), when all it hands over is final
    and nothing is freed; it runs with nokaslr, so that this has a known place.
    """
    kernel, both = bench.kernel, sessions + large
    second = initramfs(bench.init, _new_kernel(bench, both), bench.luo_dump)
    first = initramfs(bench.init, _old_kernel(bench, sessions, large),
                      bench.luo_dump, (kernel, second))
    handover, booted = into / "handover.elf", into / "booted.elf"
    with Vm(kernel, first, CMDLINE + " nokaslr") as vm:
        def at(place: str) -> None:
            if place == "kexec":
                vm.gdb.wait_stop()
                vm.qmp.dump(handover)
                vm.gdb.detach()
            else:
                vm.qmp.dump(booted)

        vm.gdb.breakpoint(kernel.symbol("machine_kexec"))
        vm.gdb.resume()
        heard = vm.run(at)
    return Update(both, large, heard, handover, booted,
                  keep(heard, into / "heard") / "new")


def locked_update(bench: Bench, sessions: tuple[Session, ...]) -> Heard:
    """A live update into a kernel that is locked down."""
    second = initramfs(bench.init, [
        *MOUNTS, line("mount", "securityfs", "/sys/kernel/security"),
        line("send", "lockdown", "/sys/kernel/security/lockdown"),
        *looks("locked", bench), *take_back(sessions), line("done")],
        bench.luo_dump)
    first = initramfs(bench.init, [
        *MOUNTS, *preserve(sessions),
        line("kexec", CMDLINE + " lockdown=confidentiality")],
        None, (bench.kernel, second))
    with Vm(bench.kernel, first, CMDLINE) as vm:
        vm.start()
        return vm.run()
