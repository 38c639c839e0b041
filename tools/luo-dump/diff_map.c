// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include "diff_map.h"

static void next_other(struct range_cursor *cursor)
{
	if (!luser_map_next(cursor->set->out, &cursor->out, &cursor->other))
		cursor->other.len = 0;
}

struct range_cursor range_set_begin(const struct range_set *set)
{
	struct range_cursor cursor = { .set = set };

	next_other(&cursor);
	return cursor;
}

static void take(struct range_cursor *cursor, uint64_t len,
		 struct luser_range *range)
{
	*range = (struct luser_range){ cursor->left.start, len };
	cursor->left.start += len;
	cursor->left.len -= len;
}

bool range_set_next(struct range_cursor *cursor, struct luser_range *range)
{
	struct luser_range *left = &cursor->left, *other = &cursor->other;

	while (left->len ||
	       luser_map_next(cursor->set->in, &cursor->in, left)) {
		uint64_t inside = left->start - other->start;

		if (!other->len || (other->start > left->start &&
				    other->start - left->start >= left->len)) {
			take(cursor, left->len, range);
			return true;
		}
		if (other->start > left->start) {
			take(cursor, other->start - left->start, range);
			return true;
		}
		if (inside >= other->len)
			next_other(cursor);
		else if (other->len - inside < left->len)
			take(cursor, other->len - inside, range);
		else
			left->len = 0;
	}
	return false;
}

static struct range_set only_in(const struct luser_map *in,
				const struct luser_map *out)
{
	struct range_set set = { .in = in, .out = out };
	struct range_cursor cursor = range_set_begin(&set);
	struct luser_range range;

	while (range_set_next(&cursor, &range)) {
		set.nr++;
		if (__builtin_add_overflow(set.bytes, range.len, &set.bytes))
			set.bytes = UINT64_MAX;
	}
	return set;
}

struct map_change map_compare(const struct luser_map *a,
			      const struct luser_map *b, bool addresses)
{
	static const struct luser_map none;
	struct map_change change = { 0 };

	if (!a)
		a = &none;
	if (!b)
		b = &none;
	change.a = *a;
	change.b = *b;
	change.removed = only_in(a, b);
	change.added = only_in(b, a);
	change.any = memcmp(a->blocks, b->blocks, sizeof(a->blocks)) ||
		     a->bytes != b->bytes ||
		     (addresses && (change.removed.nr || change.added.nr));
	return change;
}
