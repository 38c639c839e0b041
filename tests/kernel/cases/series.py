# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The series of kernel/: how it is kept, and a kernel that has it."""

import subprocess
import tempfile
from pathlib import Path

from rig.guest import line
from rig.lab import Lab
from rig.machine import Machine
from rig.scenario import PLAIN, preserve, take_back
from rig.series import SERIES, apply_mails, changed
from rig.series_gates import GATES
from rig.shown import the_handover
from rig.suite import case
from rig.trip import Trip
from rig.update import KHO, dump
from rig.vm import Heard

# Where struct luo_ser has the addresses of sessions and FLBs.
SESSIONS, FLBS = slice(16, 24), slice(24, 32)
NOTHING = bytes(8)


@case("series-install")
def install(lab: Lab) -> None:
    """kernel/install does nothing to a tree that has the series"""
    done = subprocess.run([SERIES / "install", lab.patched_source.tree],
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), \
        f"{done.returncode}: {done.stdout}{done.stderr}"


@case("series-mails")
def mails(lab: Lab) -> None:
    """the mails of kernel/export make the same of the kernel's own files"""
    with tempfile.TemporaryDirectory(dir=lab.work) as temp:
        repo = apply_mails(lab.source, Path(temp))
        for name in changed():
            ours = (lab.patched_source.tree / name).read_bytes()
            assert (repo / name).read_bytes() == ours, name


@case("series-gates")
def gates(lab: Lab) -> None:
    """checkpatch, kernel-doc, W=1 and sparse say nothing new of the series"""
    for name in ("checkpatch", "kernel-doc", "compiler"):
        noise = GATES[name](lab)
        assert not noise, f"{name}:\n" + "\n".join(noise)


def _check_kept(lab: Lab, heard: Heard) -> None:
    """luo-dump shows all that was handed over until it is given back."""
    booted = the_handover(lab.heard(heard, "booted-json").json(), "in")
    assert not booted.errors(), "\n".join(booted.errors())
    found = {name: {file.memfd for file in files}
             for name, files in booted.sessions().items()}
    assert found == {one.name: set(one.files) for one in PLAIN}, found
    finished = the_handover(lab.heard(heard, "finished-json").json(), "in")
    assert not finished.errors(), "\n".join(finished.errors())
    assert not finished.sessions() and not finished.flbs()


@case("series-update", "luo-dump")
def update(lab: Lab) -> None:
    """with an IOMMU and nothing of it preserved: as without the series"""
    machine = Machine()
    group = f"/sys/bus/pci/devices/{machine.bdf(0)}/iommu_group/type"
    heard = Trip(lab.patched_bench, machine, [preserve(PLAIN), [
        dump("booted-json", "--json", KHO), line("tree", "booted", KHO),
        line("send", "translation", group), *take_back(PLAIN),
        dump("finished-json", "--json", KHO),
        line("tree", "finished", KHO)]]).run().heard
    _check_kept(lab, heard)
    files = heard.files
    assert files["translation"].strip() == b"DMA-FQ", files["translation"]
    before = files["booted/in/sub_fdts/LUO"]
    assert NOTHING not in (before[SESSIONS], before[FLBS]), before.hex()
    after = files["finished/in/sub_fdts/LUO"]
    assert after[:16] == before[:16], "what is left is not what was there"
    assert after[SESSIONS] == after[FLBS] == NOTHING, \
        "what was freed is still named"
