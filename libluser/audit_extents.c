// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What objects have, gathered while the walk goes by, and sorted in the end. */
#include <stdlib.h>

#include "audit_internal.h"

/* Whether @next only goes on where @last ends. */
static bool continues(const struct extent *last, const struct extent *next)
{
	if (last->owner != next->owner || last->field != next->field ||
	    last->kind != next->kind || last->start + last->len != next->start)
		return false;
	if (next->index == LUSER_NO_INDEX || last->index == LUSER_NO_INDEX)
		return next->index == last->index;
	return next->len == last->unit &&
	       next->index == last->index + last->len / last->unit;
}

bool extents_add(struct extents *extents, const struct extent *extent)
{
	size_t room = extents->room ? extents->room * 2 : 64;
	struct extent *v = extents->v;

	if (extents->nr && continues(&v[extents->nr - 1], extent)) {
		v[extents->nr - 1].len += extent->len;
		return true;
	}
	if (extents->nr == extents->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return false;
		extents->v = v;
		extents->room = room;
	}
	v[extents->nr++] = *extent;
	return true;
}

/* Of those that start together, the longest is first, then the oldest owner. */
static int by_start(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	return (x->owner > y->owner) - (x->owner < y->owner);
}

void extents_sort(struct extents *extents)
{
	if (extents->nr)
		qsort(extents->v, extents->nr, sizeof(*extents->v), by_start);
}

/* How many start at or before an address. */
static size_t count_to(const struct extents *extents, uint64_t phys)
{
	size_t low = 0, high = extents->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (extents->v[mid].start <= phys)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/*
 * The last one that starts at or before an address, if it has it; of those that
 * start together, the first.
 */
const struct extent *extents_at(const struct extents *extents, uint64_t phys)
{
	size_t low = count_to(extents, phys);

	while (low > 1 && extents->v[low - 2].start == extents->v[low - 1].start)
		low--;
	if (!low || phys - extents->v[low - 1].start >= extents->v[low - 1].len)
		return NULL;
	return &extents->v[low - 1];
}

/* The first one that starts behind an address, or NULL. */
const struct extent *extents_behind(const struct extents *extents,
				    uint64_t phys)
{
	size_t nr = count_to(extents, phys);

	return nr < extents->nr ? &extents->v[nr] : NULL;
}
