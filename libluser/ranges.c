// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Collecting stretches of memory, merging them, and asking about them.
 */
#include <stdlib.h>

#include "ranges.h"

static bool make_room(struct luser_ranges *ranges)
{
	size_t room = ranges->room ? ranges->room * 2 : 64;
	struct luser_range *v;

	if (ranges->nr < ranges->room)
		return true;
	v = reallocarray(ranges->v, room, sizeof(*v));
	if (!v)
		return false;
	ranges->v = v;
	ranges->room = room;
	return true;
}

bool luser_ranges_add(struct luser_ranges *ranges, uint64_t start, uint64_t len)
{
	struct luser_range *last;

	if (ranges->nr) {
		last = &ranges->v[ranges->nr - 1];
		/* Nothing follows a range that ends at the last address. */
		if (start && last->start + last->len == start &&
		    last->len + len) {
			last->len += len;
			return true;
		}
	}
	if (!make_room(ranges))
		return false;
	ranges->v[ranges->nr++] = (struct luser_range){start, len};
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct luser_range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

uint64_t luser_ranges_merge(struct luser_ranges *ranges)
{
	struct luser_range *v = ranges->v;
	uint64_t twice = 0;
	size_t out = 0;

	if (!ranges->nr)
		return 0;
	qsort(v, ranges->nr, sizeof(*v), by_start);
	for (size_t i = 1; i < ranges->nr; i++) {
		uint64_t last = v[out].start + (v[out].len - 1);
		uint64_t over = last >= v[i].start ? last - v[i].start + 1 : 0;
		uint64_t rest;

		if (over > v[i].len)
			over = v[i].len;
		rest = v[i].len - over;
		twice += over;
		if ((over || last + 1 == v[i].start) && v[out].len + rest)
			v[out].len += rest;
		else
			v[++out] =
				(struct luser_range){ v[i].start + over, rest };
	}
	ranges->nr = out + 1;
	return twice;
}

const struct luser_range *luser_ranges_at(const struct luser_ranges *ranges,
					  uint64_t phys)
{
	size_t low = 0, high = ranges->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct luser_range *r = &ranges->v[mid];

		if (phys < r->start)
			high = mid;
		else if (phys - r->start >= r->len)
			low = mid + 1;
		else
			return r;
	}
	return NULL;
}

void luser_ranges_free(struct luser_ranges *ranges)
{
	free(ranges->v);
	*ranges = (struct luser_ranges){0};
}
