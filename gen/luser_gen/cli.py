# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The command line."""
from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import List, Optional

from . import kernelchecktext
from .diff import Diff, Grade, compare, compare_trees
from .difftext import document, text, worst
from .emit import KINDS, Emitter
from .errors import Report, SchemaError, UsageError
from .family import Family
from .kernelcheck import check_image, check_tree
from .kernelimage import KernelImage
from .kerneltree import KernelTree
from .lint import RULES
from .lock import Lock
from .model import Abi

SCHEMAS = Path(__file__).resolve().parent.parent.parent / "schema"

ABOUT = """\
Turns schemas (one YAML file for each version of an ABI) into C: descriptor
tables, types, kernel headers, checks, and reference pages."""

EXAMPLES = """\
examples:
  luser-gen list
        the ABIs that there are
  luser-gen emit --out build/gen
        write everything that is generated; files that would not change are
        not touched
  luser-gen emit --out build/gen --schema schema --schema ~/mine
        the same, with the schemas of another folder as well
  luser-gen emit --out build/gen --only tables --only registry
        some kinds of output only
  luser-gen lint
        check the schemas
  luser-gen outputs
        the files that emit writes, for a build system

Messages have the form FILE:LINE:COLUMN: error: TEXT. The exit status is 0 if
all is well, 1 if a schema is wrong, 2 if the command line is.
The language of the schemas is described in schema/README.md."""


LOCKING = """\
A version that is recorded in lock.json, beside the schemas, is released: its
layout cannot change any more, and its file cannot go away. emit looks at that
too. A change is made in a new version: a new file, with a new name.

examples:
  luser-gen lock
        fails if a released layout has changed, or a version is not recorded
  luser-gen lock --update
        record new versions; what is recorded already stays as it is"""


COMPARING = """\
OLD and NEW are versions (as list names them), or folders with schemas, whose
versions are compared by name. FOLDER:VERSION is a version of another folder.

A difference is one of
  compatible  documentation; a name for the same bytes; what is appended where
              readers expect it: to records whose size is written down, by an
              extension with its feature, flags that readers pass over, nodes
              of a device tree
  breaking    everything else: a reader of the one version refuses the other,
              or takes it for what it is not

examples:
  luser-gen diff iommu-v1 iommu-v2
        two versions
  luser-gen diff ../before/schema schema
        two trees, for example of two commits
  luser-gen diff --json ../before/schema:iommu-v2 iommu-v2
        one version in two trees, for a script

The exit status is 0 if both are identical, 3 if they are compatible, 4 if they
are not; 1 and 2 are as always."""
CHECKING = """\
KERNEL is a source tree that was built (in place, or elsewhere: --build), or a
vmlinux with DWARF or BTF. Schemas are compared that say that they are of its
release. Of a tree, each file that a schema names as its source is compiled as
the kernel's build compiles it: structs, fields, offsets, sizes, constants and
strings are compared, and comments and documentation are searched for other
versions than the macros have. Of a vmlinux, structs and enumerators are
compared as far as the compiler left them, and strings are looked for among its
constants.

examples:
  luser-gen check-kernel --build ~/build/linux ~/linux
  luser-gen check-kernel --json /usr/lib/debug/boot/vmlinux-7.3

The exit status is 0 if the schemas are right, 3 if only the kernel's
documentation contradicts it, 4 if a schema differs; 1 and 2 are as always."""
STATUS = {Grade.IDENTICAL: 0, Grade.COMPATIBLE: 3, Grade.BREAKING: 4}


def _kinds() -> str:
    width = max(len(kind.name) for kind in KINDS)
    return "kinds of output:\n" + "\n".join(
        f"  {kind.name:{width}}  {kind.about}" for kind in KINDS)


def _folders(args: argparse.Namespace) -> List[Path]:
    return args.schema or [SCHEMAS]


def _load(args: argparse.Namespace) -> List[Abi]:
    return Family(_folders(args), SCHEMAS / "schema.json").load()


def _locks(args: argparse.Namespace, abis: List[Abi]) -> List[Lock]:
    """The lock files, after a look that nothing has changed."""
    locks = [Lock(folder, abis) for folder in _folders(args)]
    report = Report()
    for lock in locks:
        lock.check(report)
    report.check()
    return locks


def _emit(args: argparse.Namespace) -> int:
    abis = _load(args)
    _locks(args, abis)
    for path in Emitter(abis).write(args.out, args.only):
        if args.verbose:
            print(path)
    return 0


def _outputs(args: argparse.Namespace) -> int:
    for output in Emitter(_load(args)).outputs(args.only):
        print(output.path)
    return 0


def _lint(args: argparse.Namespace) -> int:
    for abi in _load(args):
        for name, reason in abi.breaks.items():
            print(f"{abi.id} breaks {name}: {reason}")
    return 0


def _lock(args: argparse.Namespace) -> int:
    status = 0
    for lock in _locks(args, _load(args)):
        if args.update:
            for name in lock.update():
                print(f"{lock.path}: {name} is recorded")
        for name in lock.missing():
            print(f"{lock.path}: {name} is not recorded", file=sys.stderr)
            status = 1
    return status


def _version(args: argparse.Namespace, name: str) -> Abi:
    """VERSION, or FOLDER:VERSION."""
    folder, _, version = name.rpartition(":")
    folders = [Path(folder)] if folder else _folders(args)
    abis = {abi.id: abi for abi in _tree(folders)}
    if version not in abis:
        raise UsageError(f"there is no version {version} in "
                         + ", ".join(map(str, folders)))
    return abis[version]


def _tree(folders: List[Path]) -> List[Abi]:
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder")
    return Family(folders, SCHEMAS / "schema.json").load()


def _differences(args: argparse.Namespace) -> List[Diff]:
    old, new = Path(args.old), Path(args.new)
    if old.is_dir() and new.is_dir():
        return compare_trees(_tree([old]), _tree([new]))
    return [compare(_version(args, args.old), _version(args, args.new))]


def _diff(args: argparse.Namespace) -> int:
    diffs = _differences(args)
    print(document(diffs) if args.json else "\n".join(text(diffs)))
    return STATUS[worst(diffs)]


def _check_kernel(args: argparse.Namespace) -> int:
    path: Path = args.kernel
    abis = _load(args)
    result = check_tree(KernelTree(path, args.build), abis) \
        if path.is_dir() else check_image(KernelImage(path), abis)
    print(kernelchecktext.document(result) if args.json
          else "\n".join(kernelchecktext.text(result)))
    return kernelchecktext.status(result)


def _list(args: argparse.Namespace) -> int:
    abis = _load(args)
    width = max(len(abi.id) for abi in abis)
    for abi in abis:
        print(f"{abi.id:{width}}  {abi.origin:8}  {abi.summary}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="luser-gen", description=ABOUT, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: object, about: str,
                epilog: str = "") -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name, help=about, description=about[0].upper() + about[1:] + ".",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter)
        sub.set_defaults(run=run)
        sub.add_argument("--schema", action="append", type=Path,
                         metavar="DIR", help="a folder with schemas; may be "
                         "given again (default: the project's own)")
        return sub

    def kinds(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--only", action="append", default=[],
                         metavar="KIND", choices=[k.name for k in KINDS],
                         help="this kind of output only; may be given again")

    emit = command("emit", _emit, "write the generated files", _kinds())
    emit.add_argument("--out", required=True, type=Path, metavar="DIR",
                      help="where to; folders are made as needed")
    emit.add_argument("--verbose", action="store_true",
                      help="name the files that changed")
    kinds(emit)
    outputs = command("outputs", _outputs,
                      "list the files that emit writes", _kinds())
    kinds(outputs)
    command("lint", _lint, "check the schemas, and say what foreign ones break",
            "rules:\n" + "\n".join(f"  {rule.name:16} {rule.why}"
                                   for rule in RULES))
    lock = command("lock", _lock, "compare the schemas with the lock files",
                   LOCKING)
    lock.add_argument("--update", action="store_true",
                      help="record the versions that are new")
    diff = command("diff", _diff, "say what differs between two versions",
                   COMPARING)
    diff.add_argument("old", metavar="OLD", help="a version, or a folder")
    diff.add_argument("new", metavar="NEW", help="the same, later")
    diff.add_argument("--json", action="store_true",
                      help="print one JSON document")
    real = command("check-kernel", _check_kernel,
                   "compare the schemas with a real kernel", CHECKING)
    real.add_argument("kernel", metavar="KERNEL", type=Path,
                      help="a source tree, or a vmlinux")
    real.add_argument("--build", metavar="DIR", type=Path,
                      help="where the tree was built (make O=DIR)")
    real.add_argument("--json", action="store_true",
                      help="print one JSON document")
    command("list", _list, "list the ABIs")
    return parser


def main(argv: Optional[List[str]] = None) -> int:
    """Run the command line; the exit status."""
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except SchemaError as error:
        print(error, file=sys.stderr)
        return 1
    except UsageError as error:
        print(f"luser-gen: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"luser-gen: {error}", file=sys.stderr)
        # What is left of the output is not tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
