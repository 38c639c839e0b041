# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Compile the kernel's users of the ABI with other headers, and compare."""

from pathlib import Path

from .overlay import ABI, overlay
from .pahole import blocks
from .say import Failed, say
from .tree import Tree


def _types(tree: Tree, users: list[str]) -> dict[str, dict[str, str]]:
    return {name: blocks(tree.path / name) for name in users}


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


def _differences(before: dict[str, dict[str, str]],
                 after: dict[str, dict[str, str]]) -> list[str]:
    out = []
    for obj, types in before.items():
        for name in sorted(types.keys() | after[obj].keys()):
            old, new = types.get(name), after[obj].get(name)
            if old != new:
                out.append(f"{obj}: {name}:\n{old or 'absent'}\nbecomes\n"
                           f"{new or 'absent'}")
    return out


def replace_headers(tree: Tree, headers: dict[str, str],
                    into: Path) -> list[str]:
    """Differences in pahole's view of the users; all that ours change.

    headers are those that the kernel has too, by name.
    """
    users = tree.users()
    include = into / "include"
    own = tree.kernel.source.tree / "include"
    for name, kept in overlay(headers, own, include).items():
        say(f"{ABI / name}: kept of the kernel's own: {kept}")
    noise = tree.build(users)
    before = _types(tree, users)
    noise += tree.build(users, include)
    if noise:
        raise Failed(f"the compiler complains:\n{noise}")
    _check_used(tree, users, include, set(headers))
    return _differences(before, _types(tree, users))
