#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The pages that the series' KUnit tests read are what luo-build makes now.

With UPDATE=1 they are written anew.
"""

import os
import unittest
from collections.abc import Iterator
from pathlib import Path

from elf import Dump
from tool import Case, build, objects, run_json

KERNEL = Path(__file__).resolve().parents[2] / "kernel"
DESCRIPTION = KERNEL / "damage-pages.yaml"
HEADER = KERNEL / "drivers/iommu/liveupdate-damage-pages.h"
PAGE = 4096

TEXT = """\
/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What an old kernel left, and where, as luser's encoder writes it.
 *
 * Made by luo-build from damage-pages.yaml. Do not edit.
 */

#ifndef __DRIVERS_IOMMU_LIVEUPDATE_DAMAGE_PAGES_H
#define __DRIVERS_IOMMU_LIVEUPDATE_DAMAGE_PAGES_H

#include <linux/types.h>

#define DAMAGE_PAGE_SIZE	{size}

{pages}
/**
 * struct damage_page - A page.
 * @array: What is in it.
 * @phys:  Its address.
 * @bytes: How it starts; the rest is zero.
 * @size:  How many bytes that are.
 */
struct damage_page {{
	const char *array;
	u64 phys;
	const u8 *bytes;
	u32 size;
}};

static const struct damage_page damage_pages[] = {{
{table}}};

#endif /* __DRIVERS_IOMMU_LIVEUPDATE_DAMAGE_PAGES_H */
"""


def arrays(path: Path) -> Iterator[tuple[str, int]]:
    """Each array of the IOMMU state, and where its one page is."""
    # The page tables are not in it, which luo-dump tells.
    found = run_json(path, status=1)
    root = next(objects(found, type="iommu_root_ser"))
    yield "root", int(root["phys"], 0) // PAGE * PAGE
    for array in root["children"]:
        assert array["pages"] == 1, array
        yield array["name"], int(array["phys"], 0)


def rows(data: bytes) -> str:
    return "".join(
        "\t" + " ".join(f"0x{byte:02x}," for byte in data[at:at + 8]) + "\n"
        for at in range(0, len(data), 8))


def header(path: Path) -> str:
    """A dump's pages as a header of the kernel."""
    dump = Dump.read(path)
    pages = table = ""
    for name, phys in arrays(path):
        data = dump.get(phys, PAGE).rstrip(b"\0")
        pages += f"static const u8 {name}_page[] = {{\n{rows(data)}}};\n\n"
        table += (f'\t{{ "{name}", {phys:#x}, {name}_page, '
                  f"sizeof({name}_page) }},\n")
    return TEXT.format(size=PAGE, pages=pages.rstrip("\n") + "\n", table=table)


class KernelPages(Case):
    def test_pages(self) -> None:
        path = self.dir / "handover.elf"
        build(DESCRIPTION, path)
        made = header(path)
        if os.environ.get("UPDATE"):
            HEADER.write_text(made)
        self.assertEqual(made, HEADER.read_text())


if __name__ == "__main__":
    unittest.main()
