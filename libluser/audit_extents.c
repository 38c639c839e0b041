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

/*
 * Where some overlap, the last one that starts before an address is not always
 * the one that has it: of each and all before it, the one that ends last.
 */
static bool note_far(struct extents *extents)
{
	size_t far = 0;

	extents->far = reallocarray(NULL, extents->nr, sizeof(*extents->far));
	if (!extents->far)
		return false;
	for (size_t i = 0; i < extents->nr; i++) {
		if (extent_last(&extents->v[i]) > extent_last(&extents->v[far]))
			far = i;
		extents->far[i] = far;
	}
	return true;
}

bool extents_sort(struct extents *extents)
{
	struct extent *v = extents->v;
	bool overlap = false;

	if (extents->nr)
		qsort(v, extents->nr, sizeof(*v), by_start);
	for (size_t i = 1; i < extents->nr; i++)
		overlap |= v[i].start <= extent_last(&v[i - 1]);
	return !overlap || note_far(extents);
}

/* How many start before an address, or with @too also at it. */
static size_t count_to(const struct extents *extents, uint64_t phys, bool too)
{
	size_t low = 0, high = extents->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		uint64_t start = extents->v[mid].start;

		if (start < phys || (too && start == phys))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/*
 * One that has an address, or NULL. It is the one that starts last; of those
 * that start together, the first; if that has it not, the one that ends last.
 */
const struct extent *extents_at(const struct extents *extents, uint64_t phys)
{
	size_t nr = count_to(extents, phys, true);
	const struct extent *extent;

	if (!nr)
		return NULL;
	extent =
		&extents->v[count_to(extents, extents->v[nr - 1].start, false)];
	if (phys > extent_last(extent) && extents->far)
		extent = &extents->v[extents->far[nr - 1]];
	return phys > extent_last(extent) ? NULL : extent;
}

/* The first one that starts behind an address, or NULL. */
const struct extent *extents_behind(const struct extents *extents,
				    uint64_t phys)
{
	size_t nr = count_to(extents, phys, true);

	return nr < extents->nr ? &extents->v[nr] : NULL;
}

void extents_free(struct extents *extents)
{
	free(extents->v);
	free(extents->far);
}
