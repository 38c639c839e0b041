# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A kernel of three files, and a schema that describes what is in it."""
import os
import subprocess
from pathlib import Path

SCHEMA = """\
---
abi: tiny
version: v2
summary: What the tiny kernel hands over
doc: It has one of each thing that is compared.
origin: mainline
releases: {first: "7.8"}
source:
  - {kernel: "7.9", file: include/linux/tiny.h}
  - {kernel: "7.9", file: kernel/tiny.c}
carrier: fdt
carried-by: {registry: root, key: tiny-v2}
identity: {field: compatible, string: tiny-v2}
breaks: {bitfield: There is one., unused: Nothing leads to it.}
root: root

constants:
  TINY_COMPATIBLE: {value: tiny-v2, doc: The version.}
  TINY_FLB: {value: tiny-flb-v, numbered: true, doc: A family of names.}
  TINY_MAX: {value: 12, doc: A number.}
  TINY_SIZE: {value: page_size, doc: The page size.}

enums:
  tiny_kind:
    one: {value: 1, macro: TINY_ONE, doc: The only one.}

structs:
  tiny_ser:
    doc: A struct.
    fields:
      name: {type: string, size: 8, doc: A name.}
      kind: {type: u32, enum: tiny_kind, doc: Its kind.}
      nr: {type: u32, doc: A count.}
      place:
        type: bits
        storage: u64
        parts:
          pfn: {bits: 52, doc: Where.}
          flags: {bits: 12, doc: How.}
        doc: Where and how.
      top: {type: phys, align: page, to: memory, doc: An address.}

nodes:
  root:
    doc: The root node.
    properties:
      compatible: {type: string, const: tiny-v2, doc: The version.}
      tiny-map: {type: u64, doc: An address.}
"""
HEADER = """\
#pragma once
/* The ABI is tiny-v2. Older ones use tiny-flb-v0. */
#define TINY_COMPATIBLE "tiny-v2"
#define TINY_FLB(i) "tiny-flb-v" #i
#define TINY_MAX (3 * 4)
#define TINY_SIZE PAGE_SIZE
enum tiny_kind { TINY_ONE = 1 };
union tiny_ptr { u64 phys; void *ptr; };
struct tiny_ser {
	char name[8];
	u32 kind;
	struct { u32 nr; };
	u64 pfn:52;
	u64 flags:12;
	union tiny_ptr top;
} __attribute__((packed));
"""
SOURCE = """\
#include <linux/tiny.h>
const char *const names[] = { "compatible", "tiny-map" };
const char *tiny(struct tiny_ser *at)
{
	return at->kind ? TINY_COMPATIBLE : TINY_FLB(0);
}
"""
MAKEFILE = "# SPDX\nVERSION = 7\nPATCHLEVEL = 9\nSUBLEVEL = 1\n"
FLAGS = "-O2 -std=gnu11 -nostdinc -Iinclude -include include/linux/kconfig.h"


class Kernel:
    """Source and build in one folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.write("Makefile", MAKEFILE)
        self.write("include/linux/kconfig.h", "#define __KERNEL__\n")
        self.write("include/linux/types.h",
                   "typedef unsigned int u32;\n"
                   "typedef unsigned long long u64;\n"
                   "#define PAGE_SHIFT 12\n"
                   "#define PAGE_SIZE (1UL << PAGE_SHIFT)\n")
        self.write("include/linux/tiny.h", HEADER)
        self.write("kernel/tiny.c", SOURCE)
        for name in ("init/main", "kernel/tiny"):
            folder, file = name.split("/")
            self.write(f"{folder}/.{file}.o.cmd",
                       f"savedcmd_{name}.o := {os.environ.get('CC', 'cc')} "
                       f"-Wp,-MMD,{name}.d {FLAGS} -c -o {name}.o {name}.c ; "
                       f"./objtool {name}.o\n\nsource_{name}.o := {name}.c\n")

    def write(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text, old
        self.write(name, text.replace(old, new))

    def vmlinux(self, compiler: str = "cc", *flags: str) -> Path:
        """All in one object: it is not to be run."""
        self.write("all.h", '#include <linux/types.h>\n'
                   '#include <linux/tiny.h>\n'
                   'const char banner[] = "Linux version 7.9.1 (me@here)";\n'
                   'enum tiny_kind tiny_kind;\n')
        out = self.path / "vmlinux"
        subprocess.run([compiler, *flags, *FLAGS.split(), "-include", "all.h",
                        "-g", "-c", "-o", out, "kernel/tiny.c"],
                       cwd=self.path, check=True)
        return out
