# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Compile the kernel's users of the ABI with other headers, and compare."""

from dataclasses import dataclass
from pathlib import Path

from .overlay import ABI, overlay
from .pahole import blocks
from .say import Failed, output, say
from .tree import Tree


@dataclass(frozen=True)
class Compiled:
    """One object: its types, and its data, where the names are."""
    types: dict[str, str]
    data: list[str]


def _data(path: Path) -> list[str]:
    """The sections with constants and variables, in hexadecimal."""
    sections = output(["objdump", "-s", path]).split("Contents of section ")
    return [one for one in sections if one.startswith((".rodata", ".data"))]


def _compiled(path: Path) -> Compiled:
    return Compiled(blocks(path), _data(path))


def compile_users(tree: Tree, include: Path | None = None) \
        -> dict[str, Compiled]:
    """All users of the ABI, with the kernel's own headers or with others."""
    users = tree.users()
    noise = tree.build(users, include)
    if noise:
        raise Failed(f"the compiler complains:\n{noise}")
    return {name: _compiled(tree.path / name) for name in users}


def _check_used(tree: Tree, users: list[str], include: Path,
                names: set[str]) -> None:
    """Each replaced header was read, and none of those it replaces."""
    seen = [path for name in users for path in tree.headers_of(name)]
    wrong = {p for p in seen if p.name in names and include not in p.parents}
    if wrong:
        raise Failed("not replaced: " + ", ".join(map(str, sorted(wrong))))
    unread = names - {p.name for p in seen}
    if unread:
        raise Failed("nobody includes " + ", ".join(sorted(unread)))


def _differences(before: dict[str, Compiled],
                 after: dict[str, Compiled]) -> list[str]:
    out = []
    for obj, was in before.items():
        now = after[obj]
        for name in sorted(was.types.keys() | now.types.keys()):
            old, new = was.types.get(name), now.types.get(name)
            if old != new:
                out.append(f"{obj}: {name}:\n{old or 'absent'}\nbecomes\n"
                           f"{new or 'absent'}")
        if was.data != now.data:
            out.append(f"{obj}: a string or other data becomes another")
    return out


def replace_headers(tree: Tree, before: dict[str, Compiled],
                    headers: dict[str, str], into: Path) -> list[str]:
    """What ours change of the users: types as pahole sees them, and data.

    before are the users as they are; headers those that the kernel has too,
    by name.
    """
    include = into / "include"
    own = tree.kernel.source.tree / "include"
    for name, kept in overlay(headers, own, include).items():
        say(f"{ABI / name}: kept of the kernel's own: {kept}")
    after = compile_users(tree, include)
    _check_used(tree, list(after), include, set(headers))
    return _differences(before, after)
