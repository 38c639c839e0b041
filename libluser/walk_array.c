// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Arrays: their pages, and the records in them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "field_value.h"
#include "walk_visit.h"

static void visit_slot(struct visit *visit,
		       const struct luser_array_reader *reader, uint32_t i)
{
	size_t offset = (size_t)i * reader->stride;
	const uint8_t *at = reader->records + offset;
	uint64_t phys = reader->phys + visit->node.array->header->size + offset;

	if (!visit_record(visit, at, reader->stride, phys, reader->slot + i))
		return;
	if (!walk_unique_add(visit->w, &visit->node, &visit->unique, at,
			     reader->slot + i))
		visit->w->code = LUSER_NOMEM;
	if (visit->users.loaded)
		walk_users_add(visit->w, &visit->users, at);
}

static void visit_page(struct visit *visit,
		       const struct luser_array_reader *reader)
{
	if ((visit->loaded && !walk_load_page(visit->loaded, reader)) ||
	    !walk_unique_page(&visit->unique, reader))
		visit->w->code = LUSER_NOMEM;
	visit->tally.pages += reader->span / reader->env.page_size;
	visit->tally.stride = reader->stride;
	visit->tally.capacity = reader->capacity;
	for (uint32_t i = 0; i < reader->used && !walk_over(visit->w); i++)
		visit_slot(visit, reader, i);
}

void walk_total(struct walk *w, const struct luser_node *node,
		const struct luser_array *array, const uint8_t *owner,
		uint64_t used)
{
	const struct luser_field *const *path = array->total;
	const struct luser_field *field;
	uint32_t offset;
	uint64_t total;
	char found[24], expected[24];

	if (!path)
		return;
	field = field_at_path(path, &offset);
	total = luser_field_get(field, owner + offset, 0);
	if (total == used)
		return;
	snprintf(found, sizeof(found), "%" PRIu64, total);
	snprintf(expected, sizeof(expected), "%" PRIu64, used);
	walk_error(w, node, field, "total",
		   "the count differs from what the pages hold", found,
		   expected);
}

static uint64_t total_of(const struct luser_array *array, const uint8_t *owner)
{
	return array->total ? walk_path_value(array->total, owner) : 0;
}

static void visit_pages(struct visit *visit, const uint8_t *owner)
{
	const struct luser_array *array = visit->node.array;
	struct walk *w = visit->w;
	struct luser_array_reader reader;

	if (!visit_open(visit, &reader, array, visit->node.phys))
		return;
	luser_array_expect_total(&reader, total_of(array, owner));
	visit->node.env = &reader.env;
	visit->users = walk_users_begin(w, array);
	if (walk_enter(w, &visit->node)) {
		while (!walk_over(w) && luser_array_next(&reader))
			visit_page(visit, &reader);
		if (reader.code != LUSER_OK)
			w->code = reader.code;
		if (!array->by_total)
			walk_total(w, visit->owner, array, owner,
				   reader.nr_used);
		walk_unique_check(w, &visit->node, &visit->unique);
		if (!visit->told && !walk_over(w))
			walk_users_check(w, visit->owner, &visit->users);
		walk_leave(w, &visit->node);
	}
	luser_array_close(&reader);
}

static void tell_stale(struct visit *visit)
{
	visit->node.kind = LUSER_NODE_STALE;
	visit->node.why = visit->node.array->freed;
	if (walk_enter(visit->w, &visit->node))
		walk_leave(visit->w, &visit->node);
}

void walk_array(struct walk *w, const struct luser_node *parent,
		const struct luser_field *field, const uint8_t *owner,
		uint64_t phys)
{
	const struct luser_array *array = field->link->array;
	struct visit visit = visit_begin(w, parent, field);

	visit.node.name = array->name;
	visit.node.phys = phys;
	visit.node.array = array;
	visit.node.type = array->record;
	visit.node.tally = &visit.tally;
	if (walk_is_stale(w, array->freed)) {
		tell_stale(&visit);
	} else {
		if (array->referenced)
			visit.loaded = walk_load(w, parent->abi, array);
		visit_pages(&visit, owner);
	}
	visit_end(&visit);
}
