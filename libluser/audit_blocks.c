// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The preserved blocks, by address: the ranges of a map do not say orders. */
#include <stdlib.h>

#include "audit_internal.h"

bool runs_add(struct runs *runs, uint64_t start, uint64_t len, uint32_t order)
{
	size_t room = runs->room ? runs->room * 2 : 64;
	struct run *v = runs->v;

	if (runs->nr == runs->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return false;
		runs->v = v;
		runs->room = room;
	}
	v[runs->nr++] = (struct run){ start, len, order };
	runs->sorted = false;
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct run *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

void runs_sort(struct runs *runs)
{
	if (runs->nr && !runs->sorted)
		qsort(runs->v, runs->nr, sizeof(*runs->v), by_start);
	runs->sorted = true;
}

const struct run *runs_at(const struct runs *runs, uint64_t phys)
{
	size_t low = 0, high = runs->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct run *run = &runs->v[mid];

		if (phys < run->start)
			high = mid;
		else if (phys - run->start >= run->len)
			low = mid + 1;
		else
			return run;
	}
	return NULL;
}
