/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Collecting stretches of memory, merging them, and asking about them.
 */
#ifndef LUSER_RANGES_H
#define LUSER_RANGES_H

#include <luser/mem.h>

/**
 * struct luser_ranges - a growing list of ranges, none of which is empty
 * @v:    the ranges; sorted and merged after luser_ranges_merge()
 * @nr:   how many
 * @room: allocated
 */
struct luser_ranges {
	struct luser_range *v;
	size_t nr;
	size_t room;
};

/**
 * luser_ranges_add() - append a range, joined to the last one if they touch
 *
 * Return: false without memory.
 */
bool luser_ranges_add(struct luser_ranges *ranges, uint64_t start,
		      uint64_t len);

/**
 * luser_ranges_merge() - sort, and join what touches or overlaps
 *
 * All addresses together are more than a length can say: they stay two ranges.
 *
 * Return: bytes that were in more than one range.
 */
uint64_t luser_ranges_merge(struct luser_ranges *ranges);

/** luser_ranges_at() - the merged range that has an address, or NULL */
const struct luser_range *luser_ranges_at(const struct luser_ranges *ranges,
					  uint64_t phys);

/** luser_ranges_free() - forget all */
void luser_ranges_free(struct luser_ranges *ranges);

#endif /* LUSER_RANGES_H */
