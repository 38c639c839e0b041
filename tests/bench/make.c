// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Makes the dumps of large handovers that luo-dump is measured on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static int usage(void)
{
	fputs("usage: bench_make devices COUNT FILE\n"
	      "       bench_make full|random|alternating|sparse LEAVES FILE\n",
	      stderr);
	return 2;
}

static bool is_pattern(const char *word)
{
	static const char *const patterns[] = {"full", "random", "alternating",
					       "sparse"};
	bool found = false;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		found |= !strcmp(patterns[i], word);
	return found;
}

int main(int argc, char **argv)
{
	struct luser_error err = {.message = "no memory"};
	enum luser_code code;
	uint32_t count;

	if (argc != 4 || (strcmp(argv[1], "devices") && !is_pattern(argv[1])))
		return usage();
	count = (uint32_t)strtoul(argv[2], NULL, 10);
	if (is_pattern(argv[1]))
		code = bench_save_map(argv[3], argv[1], count, &err);
	else
		code = bench_save_devices(argv[3], count, &err);
	if (code == LUSER_OK)
		return 0;
	fprintf(stderr, "bench_make: %s\n", err.message);
	return 1;
}
