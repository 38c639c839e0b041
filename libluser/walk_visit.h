/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Records that are being walked, wherever they are: in the pages of an array,
 * in those of a page list, or in a property of a device tree.
 */
#ifndef LUSER_WALK_VISIT_H
#define LUSER_WALK_VISIT_H

#include "walk_internal.h"

/**
 * struct visit - one array being walked
 * @w:       the walk
 * @owner:   the struct with the address of the array
 * @field:   the field with that address
 * @node:    the array
 * @loaded:  what is kept for references, or NULL
 * @tally:   what was found so far
 * @unique:  what is kept of the records to find those that are there twice
 * @users:   to whom its records refer, where that is counted
 * @told:    something is wrong with its pages, so records may be missing
 * @widened: one record, zero-extended to what its schema knows, or NULL
 * @plained: the records' struct, once it was looked at
 * @plain:   how to test them at once; NULL if they lead to other objects
 */
struct visit {
	struct walk *w;
	const struct luser_node *owner;
	const struct luser_field *field;
	struct luser_node node;
	struct walk_loaded *loaded;
	struct luser_tally tally;
	struct walk_unique unique;
	struct walk_users users;
	bool told;
	uint8_t *widened;
	const struct luser_struct *plained;
	struct plain *plain;
};

/* walk_visit.c */
struct visit visit_begin(struct walk *w, const struct luser_node *owner,
			 const struct luser_field *field);
void visit_end(struct visit *visit);
bool visit_claim(struct visit *visit, uint64_t phys, uint64_t len);
bool visit_open(struct visit *visit, struct luser_array_reader *reader,
		const struct luser_array *array, uint64_t phys);
/* False if the slot is free. */
bool visit_record(struct visit *visit, const uint8_t *at, uint32_t stride,
		  uint64_t phys, uint64_t index);

#endif /* LUSER_WALK_VISIT_H */
