# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""That the rig does what it says: otherwise no other test means anything."""

from rig.lab import Lab
from rig.suite import case

ELF = b"\x7fELF"


@case("update")
def update(lab: Lab) -> None:
    """every memfd comes through a live update as it was"""
    done = lab.update
    files = done.heard.files
    assert "new/in/fdt" in files, "the new kernel was not booted through KHO"
    assert b"luo-v5\0" in files["old/out/sub_fdts/LUO"], "no LUO in out/"
    for path in (done.handover, done.booted):
        with path.open("rb") as dump:
            assert dump.read(4) == ELF, f"{path} is no ELF file"


@case("lockdown")
def lockdown(lab: Lab) -> None:
    """a live update into a locked down kernel works as well"""
    state = lab.locked.files["lockdown"].decode()
    assert "[confidentiality]" in state, f"lockdown is {state.strip()}"
