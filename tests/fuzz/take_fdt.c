// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The root FDT of a dump, as an input for fuzz_fdt.
 * usage: take_fdt DUMP INPUT
 */
#include <libfdt.h>

#include "seed.h"

bool seed_write(FILE *out, const struct replay *r)
{
	const void *fdt = replay_at(r, r->root->phys);

	return fwrite(fdt, fdt_totalsize(fdt), 1, out) == 1;
}
