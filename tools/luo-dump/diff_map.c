// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "diff_map.h"
#include "util.h"

static void add(struct range_set *set, uint64_t start, uint64_t len)
{
	set->list = grow(set->list, set->nr, sizeof(*set->list));
	set->list[set->nr++] = (struct luser_range){ start, len };
	set->bytes += len;
}

/* What is left of a range, from @start on, without the ranges of @b. */
static void subtract(struct range_set *set, struct luser_range range,
		     const struct luser_map *b, size_t *k)
{
	uint64_t start = range.start, left = range.len;

	while (*k < b->nr_ranges && left) {
		const struct luser_range *other = &b->ranges[*k];

		if (other->start >= start && other->start - start >= left)
			break;
		if (other->start > start) {
			add(set, start, other->start - start);
			left -= other->start - start;
			start = other->start;
		}
		if (start - other->start < other->len) {
			uint64_t covered = other->len - (start - other->start);

			if (covered >= left)
				return;
			start += covered;
			left -= covered;
		}
		++*k;
	}
	if (left)
		add(set, start, left);
}

static struct range_set only_in(const struct luser_map *a,
				const struct luser_map *b)
{
	struct range_set set = { 0 };
	size_t k = 0;

	for (size_t i = 0; i < a->nr_ranges; i++)
		subtract(&set, a->ranges[i], b, &k);
	return set;
}

struct map_change map_compare(const struct luser_map *a,
			      const struct luser_map *b, bool addresses)
{
	struct map_change change = { 0 };

	if (a)
		change.a = *a;
	if (b)
		change.b = *b;
	change.removed = only_in(&change.a, &change.b);
	change.added = only_in(&change.b, &change.a);
	change.any = memcmp(change.a.blocks, change.b.blocks,
			    sizeof(change.a.blocks)) ||
		     change.a.bytes != change.b.bytes ||
		     (addresses && (change.removed.nr || change.added.nr));
	return change;
}

void map_change_free(struct map_change *change)
{
	free(change->removed.list);
	free(change->added.list);
}
