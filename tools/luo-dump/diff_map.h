/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What is different between two maps of preserved memory. */
#ifndef LUO_DUMP_DIFF_MAP_H
#define LUO_DUMP_DIFF_MAP_H

#include <luser/walk.h>

/**
 * struct range_set - ranges that do not overlap, sorted
 */
struct range_set {
	struct luser_range *list;
	size_t nr;
	uint64_t bytes;
};

/**
 * struct map_change - two maps
 * @a, @b:    what they say
 * @removed:  what only the first one preserves
 * @added:    what only the second one preserves
 * @any:      there is something to tell: more or less is preserved, in blocks
 *            of some order; or elsewhere, if addresses count
 */
struct map_change {
	struct luser_map a;
	struct luser_map b;
	struct range_set removed;
	struct range_set added;
	bool any;
};

/**
 * map_compare() - compare two maps
 * @a, @b:     either may be NULL, which is empty
 * @addresses: where the memory is counts too
 *
 * Return: the difference; @a and @b must outlive it. To be given to
 * map_change_free().
 */
struct map_change map_compare(const struct luser_map *a,
			      const struct luser_map *b, bool addresses);

void map_change_free(struct map_change *change);

#endif /* LUO_DUMP_DIFF_MAP_H */
