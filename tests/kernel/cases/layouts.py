# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The schemas' layouts against those in the kernel's own headers."""

from rig.lab import Lab
from rig.layouts import Schema, schema_layouts
from rig.pahole import Field, Layout
from rig.scenario import PAGE
from rig.suite import case

# Nodes of the map of preserved memory: one page each, whatever is in them.
MAP = {"kho_radix_node", "kho_radix_leaf"}
# Records that are the elements of an array in a struct of the kernel.
ELEMENTS = {"kho_vmalloc_page": ("kho_vmalloc_chunk", "phys")}


def _to_page_end(schema: Schema, name: str) -> Layout:
    """A struct on pages of 4 KiB, its last field as long as there is room."""
    layout = schema.structs[name]
    fields = {}
    for member, at in layout.fields.items():
        if f"{name}.{member}" in schema.open:
            at = Field(at.offset, PAGE - at.offset)
            layout = Layout(PAGE)
        fields[member] = at
    return Layout(layout.size, fields)


def _differences(schema: Schema, kernel: dict[str, Layout]) -> list[str]:
    out = []
    for name in schema.structs.keys() - ELEMENTS.keys():
        ours, theirs = _to_page_end(schema, name), kernel.get(name, Layout())
        if ours.size != theirs.size:
            out.append(f"{name}: {ours.size} bytes, kernel {theirs.size}")
        for member in ours.fields.keys() | theirs.fields.keys():
            here, there = ours.fields.get(member), theirs.fields.get(member)
            if here != there:
                out.append(f"{name}.{member}: {here}, kernel {there}")
    return sorted(out)


@case("layouts")
def layouts(lab: Lab) -> None:
    """all fields of all mainline schemas are where the kernel has them"""
    release = ".".join(lab.kernel.release.split(".")[:2])
    schema, kernel = schema_layouts(release), lab.layouts
    found = _differences(schema, kernel)
    assert not found, "\n".join(found)
    undescribed = kernel.keys() - schema.structs.keys()
    assert undescribed == MAP, f"no schema describes {undescribed - MAP}"
    for name in MAP:
        assert kernel[name].size == PAGE, f"{name} is not a page"
    for name, (struct, member) in ELEMENTS.items():
        size = schema.structs[name].size * schema.per_page[name]
        assert size == kernel[struct].fields[member].size, f"{name}: {size}"


@case("layouts-self")
def layouts_self(lab: Lab) -> None:
    """comparing layouts: a change in any field of any struct is seen"""
    kernel = lab.layouts
    schema = Schema(structs=kernel)
    assert not _differences(schema, kernel)
    for name, layout in kernel.items():
        for member, at in layout.fields.items():
            moved = Field(at.offset + 1, at.size, at.bit_offset, at.bits)
            changed = Layout(layout.size, layout.fields | {member: moved})
            found = _differences(schema, kernel | {name: changed})
            assert len(found) == 1 and f"{name}.{member}" in found[0], found
