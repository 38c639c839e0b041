/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Where in an input a mutator finds something to change. */
#ifndef PLACES_H
#define PLACES_H

#include "target.h"

/**
 * struct places - what the walk shows of a dump, as far as a focus wants it
 * @ranges:  objects, properties, tables, headers of pages
 * @structs: those of them that a descriptor describes
 */
struct places {
	struct replay *r;
	const struct focus *focus;
	struct luser_range *ranges;
	size_t nr_ranges;
	struct struct_place *structs;
	size_t nr_structs;
};

/*
 * Walks the dump and finds them, to be given back with places_free(), and the
 * sealed pages. Where there are none, the ranges are all that a walk reads.
 */
void places_find(struct places *p, struct replay *r,
		 const struct focus *focus);

void places_free(struct places *p);

#endif /* PLACES_H */
