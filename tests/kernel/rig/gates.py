# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""sparse, checkpatch and kernel-doc, as the kernel's reviewers run them.

Files are named by their path in a kernel tree, below a root. A checker that
does not see a planted fault is not believed when it is silent.
"""

import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from .kernel import Kernel
from .say import Failed
from .tree import Tree

# Complaints about files below a root.
Check = Callable[[Path, Sequence[Path]], str]

INLINE = re.compile(r"^static inline [^;{}()]*?(\w+)\(", re.M)

PATH = Path("include/linux/kho/abi/planted.h")
PLANTED = """\
/* SPDX-License-Identifier: GPL-2.0-only */

#ifndef _LINUX_KHO_ABI_PLANTED_H
#define _LINUX_KHO_ABI_PLANTED_H

#include <linux/types.h>

/**
 * struct planted - A struct with a field that nobody describes.
 * @first: The only one described.
 */
struct planted {
\tu32 first;
\tu32 second ;
};

static inline __le32 planted(u32 value)
{
\treturn value;
}

#endif /* _LINUX_KHO_ABI_PLANTED_H */
"""


def sources(root: Path) -> list[Path]:
    """The C files and headers below a root, relative to it."""
    found = sorted(path.relative_to(root) for path in root.glob("**/*.[ch]"))
    if not found:
        raise Failed(f"no C files in {root}")
    return found


def proven(check: Check, root: Path, files: Sequence[Path]) -> str:
    """Complaints about files, from a checker that sees a planted fault."""
    with tempfile.TemporaryDirectory(prefix="luser-gate-") as temp:
        planted = Path(temp) / PATH
        planted.parent.mkdir(parents=True)
        planted.write_text(PLANTED)
        if PATH.name not in check(Path(temp), [PATH]):
            raise Failed("the checker does not see a planted fault")
    return check(root, files)


def _user(root: Path, path: Path) -> str:
    """A C file that includes path and uses all its inline functions.

    sparse does not look into an inline function that nobody uses.
    """
    if path.parts[0] == "include" and path.suffix == ".h":
        text = f"#include <{path.relative_to('include')}>\n"
    else:
        text = f'#include "{root / path}"\n'
    inlines = INLINE.findall((root / path).read_text())
    uses = "".join(f"\t(void *){name},\n" for name in inlines)
    if uses:
        text += ("extern void *luser_uses[];\n"
                 f"void *luser_uses[] = {{\n{uses}}};\n")
    return text


def sparse_check(tree: Tree, sparse: Path) -> Check:
    """Compile each file of the kernel as one of its own, with C=2."""
    def check(root: Path, files: Sequence[Path]) -> str:
        objects = [tree.put(f"luser_gate_{n}", _user(root, path))
                   for n, path in enumerate(files)
                   if path.parts[0] != "tools"]
        return tree.build(objects, root / "include", checker=sparse)
    return check


def _as_patch(root: Path, path: Path) -> str:
    """A patch that adds the file: checkpatch is stricter with patches."""
    done = subprocess.run(
        ["diff", "-u", "--label", "/dev/null", "--label", f"b/{path}",
         "/dev/null", path],
        cwd=root, text=True, capture_output=True, check=False)
    return (f"Subject: [PATCH] liveupdate: add a file\n\n"
            f"Add {path.name}, to have it looked at.\n---\n{done.stdout}")


def checkpatch_check(kernel: Kernel) -> Check:
    tree = kernel.source.tree

    def check(root: Path, files: Sequence[Path]) -> str:
        text = ""
        for path in files:
            # MAINTAINERS is the matter of a whole series.
            done = subprocess.run(
                [tree / "scripts/checkpatch.pl", "--strict", "--no-signoff",
                 "--quiet", "--no-summary", "--show-types",
                 "--ignore", "FILE_PATH_CHANGES", "-"],
                cwd=tree, input=_as_patch(root, path), text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            if done.returncode or done.stdout:
                text += f"{path}:\n{done.stdout}"
        return text
    return check


def kernel_doc_check(kernel: Kernel) -> Check:
    script = kernel.source.tree / "scripts/kernel-doc"

    def check(root: Path, files: Sequence[Path]) -> str:
        done = subprocess.run(
            ["/usr/bin/python3", "-B", script, "-none", "-Wall", "-Werror",
             *files],
            cwd=root, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False)
        if done.returncode and not done.stdout:
            raise Failed(f"{script}: exit status {done.returncode}")
        return done.stdout
    return check
