// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A kernel and libluser agree on what is sound, whatever damage that damage.h
 * knows is done to the sealed pages of a dump.
 *
 * usage: damaged DUMP [EACH]
 *
 * With EACH, only every EACH-th damage is done.
 */
#include <stdio.h>
#include <stdlib.h>

#include "agree.h"
#include "damage.h"

/**
 * struct count - how many were judged, and how many of them were not sound
 */
struct count {
	struct agree agree;
	size_t nr;
	size_t found;
};

static void judge(void *ctx, struct replay *r, const char *how)
{
	struct count *count = ctx;

	agree_now(&count->agree, how);
	count->nr++;
	count->found += replay_walk(r).sum != r->sound.sum;
}

int main(int argc, char **argv)
{
	size_t each = argc == 3 ? strtoul(argv[2], NULL, 10) : 1;
	struct count count = {.nr = 0};
	struct replay r;

	if (argc < 2 || argc > 3 || !each) {
		fprintf(stderr, "usage: damaged DUMP [EACH]\n");
		return 2;
	}
	replay_open(&r, argv[1]);
	if (!agree_begin(&count.agree, &r)) {
		fprintf(stderr, "%s: nothing that a kernel checks\n", argv[1]);
		return 2;
	}
	replay_keep_sealed(&r);
	agree_now(&count.agree, "as it is");
	damage_bits(&r, each, judge, &count);
	damage_words(&r, each, judge, &count);
	printf("%zu damaged dumps judged alike, %zu of them with findings\n",
	       count.nr, count.found);
	replay_close(&r);
	return !count.found;
}
