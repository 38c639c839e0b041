// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "seed.h"

int main(int argc, char **argv)
{
	struct replay r;
	bool written;
	FILE *out;

	if (argc != 3) {
		fprintf(stderr, "usage: %s DUMP INPUT\n", argv[0]);
		return 2;
	}
	out = fopen(argv[2], "wb");
	if (!out) {
		perror(argv[2]);
		return 2;
	}
	replay_open(&r, argv[1]);
	written = seed_write(out, &r);
	replay_close(&r);
	return fclose(out) || !written;
}
