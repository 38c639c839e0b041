// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Records that fill a property of a device tree.
 */
#include <inttypes.h>
#include <stdio.h>

#include "walk_visit.h"

static void check_total(struct walk *w, const struct luser_node *node,
			const struct luser_field *field, uint64_t there)
{
	uint64_t total = luser_field_get(field, node->bytes, 0);
	char found[24], expected[24];

	if (total == there)
		return;
	snprintf(found, sizeof(found), "%" PRIu64, total);
	snprintf(expected, sizeof(expected), "%" PRIu64, there);
	walk_error(w, node, field, "total",
		   "the count differs from what the property holds", found,
		   expected);
}

void walk_property(struct walk *w, const struct luser_node *node,
		   const struct luser_field *field, uint64_t phys,
		   const uint8_t *bytes, size_t len)
{
	uint32_t size = field->holds->record->size;
	struct visit visit = visit_begin(w, node, field);
	uint64_t count = len / size;

	visit.node.phys = phys;
	visit.node.type = field->holds->record;
	visit.node.tally = &visit.tally;
	visit.tally.stride = size;
	visit.tally.capacity = (uint32_t)count;
	if (walk_enter(w, &visit.node)) {
		for (uint64_t i = 0; i < count && !walk_over(w); i++)
			visit_record(&visit, bytes + i * size, size,
				     phys == LUSER_NO_PHYS ? phys
							   : phys + i * size,
				     i);
		check_total(w, node, field->holds->count, count);
		walk_leave(w, &visit.node);
	}
	visit_end(&visit);
}
