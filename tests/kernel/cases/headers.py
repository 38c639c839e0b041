# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Our headers in the place of the kernel's own."""

import tempfile
from pathlib import Path

from rig.lab import Lab
from rig.overlay import ABI
from rig.replace import replace_headers
from rig.suite import case


def _own(lab: Lab) -> dict[str, str]:
    where = lab.source.tree / "include" / ABI
    return {path.name: path.read_text() for path in where.glob("*.h")}


def _replace(lab: Lab, headers: dict[str, str]) -> list[str]:
    with tempfile.TemporaryDirectory(dir=lab.work) as into:
        return replace_headers(lab.tree, lab.users, headers, Path(into))


@case("replace-self")
def replace_self(lab: Lab) -> None:
    """replacing headers: copies change nothing, a moved field and a name do"""
    headers = _own(lab)
    assert not _replace(lab, headers), "a copy makes a difference"
    text = headers["memfd.h"]
    moved = text.replace("\tu64 pos;\n\tu64 size;\n",
                         "\tu64 size;\n\tu64 pos;\n")
    assert moved != text, "memfd.h is not what it was"
    found = _replace(lab, headers | {"memfd.h": moved})
    assert any("memfd_luo_ser" in each for each in found), \
        "a moved field goes unnoticed"
    renamed = text.replace('"memfd-v2"', '"memfd-v9"')
    assert renamed != text, "memfd.h is not what it was"
    assert _replace(lab, headers | {"memfd.h": renamed}), \
        "another compatible string goes unnoticed"


@case("replace", "generated")
def replace(lab: Lab) -> None:
    """the kernel's users compile with ours, to the same types and data"""
    own = _own(lab)
    ours = {name: text for name, text in lab.headers.items() if name in own}
    missing = own.keys() - ours.keys()
    assert not missing, "no header of ours for " + ", ".join(sorted(missing))
    found = _replace(lab, ours)
    assert not found, "\n".join(found)


@case("together", "generated")
def together(lab: Lab) -> None:
    """our headers compile together, with the IOMMU's own, and each alone"""
    names = [str(ABI / name) for name in sorted(lab.headers)]
    files = {"luser_all": ["linux/iommu.h", "linux/iommufd.h", *names]}
    files |= {f"luser_{Path(name).stem}": [name] for name in names}
    objects = [lab.tree.put(name, "".join(f"#include <{h}>\n" for h in list_))
               for name, list_ in files.items()]
    noise = lab.tree.build(objects, lab.include)
    assert not noise, noise
