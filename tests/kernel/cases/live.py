# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""luo-dump inside the machine, on the kernel that is running."""

from rig.lab import Lab, Result
from rig.scenario import RESERVATION
from rig.shown import Handover, handovers, the_handover
from rig.suite import case

NAMES = {"LUO", "memblock", "kexec-metadata", "kho_test"}


def _plain(text: str) -> str:
    return " ".join(text.split())


def _sound(result: Result, role: str) -> Handover:
    shown = the_handover(result.json(), role)
    assert not shown.errors(), "\n".join(shown.errors())
    assert result.status == 0, f"exit status {result.status}"
    assert shown.live, "it does not say that this is live"
    return shown


def _check_old(lab: Lab, label: str) -> None:
    result = lab.heard(lab.update.heard, f"{label}-json")
    shown = _sound(result, "out")
    assert not handovers(result.json(), "in"), "nobody handed this kernel any"
    assert shown.subtrees() == NAMES, f"subtrees are {shown.subtrees()}"
    assert list(shown.reservations()) == [RESERVATION]
    assert not shown.sessions(), "sessions are there before the reboot"
    (why,) = shown.findings("not-yet")
    assert "before the reboot" in why, f"it has no sessions because: {why}"
    (cut,) = shown.findings("root-fdt")
    assert "cut short" in cut, f"out/fdt is not whole because: {cut}"
    tree = lab.heard(lab.update.heard, f"{label}-tree").stdout
    for text in (why, cut):
        assert _plain(text.partition(": ")[2]) in _plain(tree), tree


@case("live-old-idle", "luo-dump")
def idle(lab: Lab) -> None:
    """running old kernel, nothing preserved yet: subtrees, no sessions"""
    _check_old(lab, "idle")


@case("live-old", "luo-dump")
def old(lab: Lab) -> None:
    """running old kernel, all preserved: says that sessions come later"""
    _check_old(lab, "old")


def check_new(lab: Lab, shown: Handover) -> None:
    """What a booted kernel still has of what it was handed."""
    assert shown.subtrees() == NAMES, f"subtrees are {shown.subtrees()}"
    assert list(shown.reservations()) == [RESERVATION]
    assert shown.metadata() == (lab.kernel.release, 1), f"{shown.metadata()}"
    (why,) = [one["why"] for one in shown.stale() if one["abi"] == "luo-v5"]
    assert "frees it" in why, f"LUO is stale because: {why}"
    assert not shown.sessions() and not shown.flbs(), \
        "freed memory is shown as fact"


@case("live-new", "luo-dump")
def new(lab: Lab) -> None:
    """running new kernel: what it was handed, the LUO root as stale"""
    result = lab.heard(lab.update.heard, "new-json")
    check_new(lab, _sound(result, "in"))
    assert not _sound(result, "out").sessions()


@case("live-kcore", "luo-dump")
def kcore(lab: Lab) -> None:
    """running new kernel, found in /proc/kcore without any help"""
    result = lab.heard(lab.update.heard, "kcore")
    check_new(lab, _sound(result, "in"))


@case("live-no-debugfs", "luo-dump")
def no_debugfs(lab: Lab) -> None:
    """running new kernel without debugfs: found by its boot parameters"""
    result = lab.heard(lab.update.heard, "no-debugfs")
    check_new(lab, _sound(result, "in"))
    assert "debugfs" in result.stderr, result.stderr


@case("live-nobody", "luo-dump")
def nobody(lab: Lab) -> None:
    """running new kernel as nobody: status 2, and what is missing"""
    for label in ("nobody", "no-debugfs-nobody"):
        result = lab.heard(lab.update.heard, label)
        assert result.status == 2, f"{label}: status {result.status}"
        assert not result.stdout, f"{label}: {result.stdout}"
        assert "root" in result.stderr, f"{label}: {result.stderr}"


@case("live-lockdown", "luo-dump")
def lockdown(lab: Lab) -> None:
    """locked down kernel: says so, and shows what debugfs has"""
    result = lab.heard(lab.locked, "locked-json")
    shown = the_handover(result.json(), "in")
    assert shown.subtrees() == NAMES, f"subtrees are {shown.subtrees()}"
    assert list(shown.reservations()) == [RESERVATION]
    assert shown.metadata() == (lab.kernel.release, 1)
    assert not shown.sessions()
    notes = " ".join(result.json()["notes"])
    assert "lock" in notes and "/proc/kcore" in notes, notes
