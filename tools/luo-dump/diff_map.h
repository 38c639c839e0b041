/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What is different between two maps of preserved memory. */
#ifndef LUO_DUMP_DIFF_MAP_H
#define LUO_DUMP_DIFF_MAP_H

#include <luser/walk.h>

/**
 * struct range_set - what one map has and another has not
 * @in, @out: the maps
 * @nr:       ranges
 * @bytes:    in all of them
 */
struct range_set {
	const struct luser_map *in;
	const struct luser_map *out;
	uint64_t nr;
	uint64_t bytes;
};

/**
 * struct range_cursor - a place in a set
 * @left:  of the last range of the one map, what was not looked at
 * @other: the last range of the other one, of no bytes behind its end
 */
struct range_cursor {
	const struct range_set *set;
	struct luser_map_cursor in;
	struct luser_map_cursor out;
	struct luser_range left;
	struct luser_range other;
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
 * Return: the difference; @a and @b must outlive it.
 */
struct map_change map_compare(const struct luser_map *a,
			      const struct luser_map *b, bool addresses);

/* The ranges of a set, sorted; false after the last one. */
struct range_cursor range_set_begin(const struct range_set *set);
bool range_set_next(struct range_cursor *cursor, struct luser_range *range);

#endif /* LUO_DUMP_DIFF_MAP_H */
