// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The root FDT of a dump, as an input for fuzz_fdt.
 * usage: take_fdt DUMP INPUT
 */
#include <libfdt.h>
#include <stdio.h>

#include "replay.h"

int main(int argc, char **argv)
{
	const void *fdt;
	struct replay r;
	bool written;
	FILE *out;

	if (argc != 3) {
		fprintf(stderr, "usage: take_fdt DUMP INPUT\n");
		return 2;
	}
	out = fopen(argv[2], "wb");
	if (!out) {
		perror(argv[2]);
		return 2;
	}
	replay_open(&r, argv[1]);
	fdt = replay_at(&r, r.root->phys);
	written = fwrite(fdt, fdt_totalsize(fdt), 1, out) == 1;
	replay_close(&r);
	return fclose(out) || !written;
}
