// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Damage of every kind that damage.h knows, and what the walk says of it,
 * counted by rule.
 *
 * usage: outcomes DUMP [EACH]
 *
 * With EACH, only every EACH-th damage is done.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"

/**
 * struct outcome - what damage came to, so many times
 */
struct outcome {
	char what[64];
	uint64_t times;
};

#define MAX_OUTCOMES 512

/**
 * struct outcomes - those so far
 */
struct outcomes {
	struct outcome list[MAX_OUTCOMES];
	size_t nr;
};

static void name(char *what, size_t room, const char *how,
		 const struct verdict *v, const struct verdict *sound)
{
	static const char *const words[] = {"note", "warning", "error"};
	enum luser_severity worst = v->nr[LUSER_ERROR] ? LUSER_ERROR :
				    v->nr[LUSER_WARNING] ? LUSER_WARNING :
							   LUSER_NOTE;

	if (v->sum == sound->sum)
		snprintf(what, room, "%s unnoticed", how);
	else if (!memcmp(v->nr, sound->nr, sizeof(v->nr)) && !*v->rule)
		snprintf(what, room, "%s other layout", how);
	else
		snprintf(what, room, "%s %s %s", how, words[worst], v->rule);
}

static void count(void *ctx, struct replay *r, const char *how)
{
	struct outcomes *all = ctx;
	struct verdict verdict = replay_walk(r);
	char what[sizeof(all->list[0].what)];
	size_t i;

	name(what, sizeof(what), how, &verdict, &r->sound);
	for (i = 0; i < all->nr && strcmp(all->list[i].what, what); i++)
		;
	if (i == MAX_OUTCOMES)
		abort();
	if (i == all->nr)
		memcpy(all->list[all->nr++].what, what, sizeof(what));
	all->list[i].times++;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct outcome *)a)->what,
		      ((const struct outcome *)b)->what);
}

static void report(struct outcomes *all)
{
	qsort(all->list, all->nr, sizeof(all->list[0]), by_name);
	for (size_t i = 0; i < all->nr; i++)
		printf("%8" PRIu64 " %s\n", all->list[i].times,
		       all->list[i].what);
}

int main(int argc, char **argv)
{
	size_t each = argc == 3 ? strtoul(argv[2], NULL, 10) : 1;
	static struct outcomes all;
	struct replay r;

	if (argc < 2 || argc > 3 || !each) {
		fprintf(stderr, "usage: outcomes DUMP [EACH]\n");
		return 2;
	}
	replay_open(&r, argv[1]);
	damage_bits(&r, each, count, &all);
	damage_words(&r, each, count, &all);
	damage_cuts(&r, each, count, &all);
	report(&all);
	replay_close(&r);
	return 0;
}
