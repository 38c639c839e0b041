/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What identifies the objects below two objects, and pairing them by it. */
#ifndef LUO_DUMP_DIFF_KEYS_H
#define LUO_DUMP_DIFF_KEYS_H

#include "diff_match.h"

enum key {
	KEY_NAME, /* name or label */
	KEY_UNIQUE, /* unique_field() */
	KEY_STATE, /* all that is no address and no reference */
};

/**
 * pair() - two objects are the same one
 */
void pair(struct side *a, uint32_t one, struct side *b, uint32_t other);

/**
 * pair_by_key() - pair what has no pair yet below two objects
 * @a, @b: the two handovers
 * @above, @other: the two objects
 * @key:   by this
 */
void pair_by_key(struct side *a, uint32_t above, struct side *b, uint32_t other,
		 enum key key);

/**
 * pair_arrays() - the same for arrays, by their name, where the objects are of
 * different ABIs
 *
 * What has no pair may be between them and the objects: one ABI has the arrays
 * in subnodes of a device tree, another one in a struct.
 */
void pair_arrays(struct side *a, uint32_t above, struct side *b,
		 uint32_t other);

/**
 * pair_blobs() - the same for blobs below the roots, where one is not to be had
 */
void pair_blobs(struct side *a, struct side *b);

/**
 * pair_by_index() - the same for records, by their number
 * @exact: if they have the same bytes
 */
void pair_by_index(struct side *a, uint32_t above, struct side *b,
		   uint32_t other, bool exact);

/**
 * unique_of() - what no two records of an array share
 * @array: or NULL
 *
 * Return: the fields, none of them a reference and ended by NULL; or NULL.
 */
const struct luser_field *const *unique_of(const struct luser_array *array);

/* The same, one by one; or where in a file they are, if they are sorted by it. */
const struct luser_field *unique_field(const struct look *array, size_t i);

#endif /* LUO_DUMP_DIFF_KEYS_H */
