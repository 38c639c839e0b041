// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Records that follow their struct in memory.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "walk_visit.h"

/* More than what a kernel preserves at once. */
#define MAX_BYTES (UINT64_C(16) << 20)

static void visit_all(struct visit *visit, const uint8_t *bytes, uint64_t count)
{
	uint64_t phys = visit->node.phys;
	uint32_t size = visit->tally.stride;

	for (uint64_t i = 0; i < count && !walk_over(visit->w); i++)
		visit_record(visit, bytes + i * size, size,
			     phys == LUSER_NO_PHYS ? phys : phys + i * size, i);
}

static void fetch_all(struct visit *visit, uint64_t count)
{
	uint64_t len = count * visit->tally.stride;
	uint64_t phys = visit->node.phys;
	struct walk *w = visit->w;
	uint8_t *bytes;

	if (!count || !walk_claim(w, &visit->node, NULL, phys, len))
		return;
	walk_preserved(w, &visit->node, NULL, phys, len);
	bytes = malloc(len);
	if (!bytes)
		w->code = LUSER_NOMEM;
	else if (walk_read(w, &visit->node, NULL, phys, bytes, len))
		visit_all(visit, bytes, count);
	visit->tally.pages = (len - 1) / w->env.page_size + 1;
	free(bytes);
}

static bool fits(struct walk *w, const struct luser_node *parent,
		 const struct luser_holds *holds, uint64_t count, uint64_t room)
{
	uint64_t most = room / holds->record->size;
	char found[24], expected[32];

	if (count <= most)
		return true;
	snprintf(found, sizeof(found), "%" PRIu64, count);
	snprintf(expected, sizeof(expected), "<= %" PRIu64, most);
	walk_error(w, parent, holds->count, "count",
		   "more records than there is room for", found, expected);
	return false;
}

void walk_following(struct walk *w, const struct luser_node *parent,
		    const struct luser_field *field, const uint8_t *at)
{
	const struct luser_holds *holds = field->holds;
	uint64_t count = luser_field_get(holds->count, at, 0);
	uint64_t offset = (uint64_t)(at - parent->bytes) + field->offset;
	bool here = parent->size > offset;
	struct visit visit = visit_begin(w, parent, field);

	if (!fits(w, parent, holds, count,
		  here ? parent->size - offset : MAX_BYTES))
		return;
	visit.node.phys = parent->phys == LUSER_NO_PHYS ?
				  LUSER_NO_PHYS : parent->phys + offset;
	visit.node.type = holds->record;
	visit.node.tally = &visit.tally;
	visit.tally.stride = holds->record->size;
	visit.tally.capacity = (uint32_t)(w->env.page_size /
					  visit.tally.stride);
	if (walk_enter(w, &visit.node)) {
		if (here)
			visit_all(&visit, parent->bytes + offset, count);
		else
			fetch_all(&visit, count);
		walk_leave(w, &visit.node);
	}
	visit_end(&visit);
}
