/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What is different between what two page tables map. */
#ifndef LUO_DUMP_DIFF_TABLES_H
#define LUO_DUMP_DIFF_TABLES_H

#include <luser/walk.h>

/**
 * struct mapped - what page tables map
 * @mapped: how much
 * @runs:   pages of one size and what they allow, by input address; where they
 *          lead only ends one if addresses count
 * @nr:     how many
 */
struct mapped {
	struct luser_mapped mapped;
	struct luser_table_part *runs;
	size_t nr;
};

/**
 * struct tables_change - two page tables
 * @a, @b: what they map
 * @iova:  the first input address that one maps otherwise than the other
 * @any:   there is one
 */
struct tables_change {
	const struct mapped *a;
	const struct mapped *b;
	uint64_t iova;
	bool any;
};

/* Adds the run that follows those that there are. */
void mapped_add(struct mapped *mapped, const struct luser_table_part *run,
		bool addresses);

/**
 * tables_compare() - compare two page tables
 * @addresses: where the memory is counts too
 *
 * Return: the difference; @a and @b must outlive it.
 */
struct tables_change tables_compare(const struct mapped *a,
				    const struct mapped *b, bool addresses);

#endif /* LUO_DUMP_DIFF_TABLES_H */
