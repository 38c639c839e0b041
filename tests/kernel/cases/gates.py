# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What a kernel maintainer's tools say of our files for the kernel."""

from rig.gates import proven, sources
from rig.lab import Lab
from rig.suite import case

GATES = ("sparse", "checkpatch", "kernel-doc")


@case("gates-self")
def gates_self(lab: Lab) -> None:
    """each checker sees a planted fault, and likes the kernel's own headers"""
    root = lab.source.tree
    own = [path.relative_to(root)
           for path in sorted(root.glob("include/linux/kho/abi/*.h"))]
    for name in GATES:
        noise = proven(lab.gate(name), root, own)
        assert not noise, f"{name}:\n{noise}"


def _silent(lab: Lab, name: str) -> None:
    noise = proven(lab.gate(name), lab.ours, sources(lab.ours))
    assert not noise, noise


@case("sparse", "generated")
def sparse(lab: Lab) -> None:
    """sparse is silent on our files, and it really runs"""
    _silent(lab, "sparse")


@case("checkpatch", "generated")
def checkpatch(lab: Lab) -> None:
    """checkpatch --strict is silent on our files"""
    _silent(lab, "checkpatch")


@case("kernel-doc", "generated")
def kernel_doc(lab: Lab) -> None:
    """kernel-doc is silent on our files"""
    _silent(lab, "kernel-doc")
