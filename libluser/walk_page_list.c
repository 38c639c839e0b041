// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Page lists: scattered pages, and the records that they hold together.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "walk_visit.h"

/**
 * struct content - the records that a page list's pages hold
 * @left:   records still to come
 * @buffer: one page
 */
struct content {
	struct visit *visit;
	uint64_t left;
	uint64_t index;
	uint8_t *buffer;
};

static bool content_page(struct content *content, uint64_t phys)
{
	struct visit *visit = content->visit;
	struct walk *w = visit->w;
	uint32_t size = visit->node.type->size;
	uint64_t fit = w->env.page_size / size;

	if (!walk_read(w, &visit->node, NULL, phys, content->buffer,
		       w->env.page_size))
		return false;
	visit->tally.pages++;
	for (uint64_t i = 0; i < fit && content->left && !walk_over(w); i++) {
		visit_record(visit, content->buffer + i * size, size,
			     phys + i * size, content->index++);
		content->left--;
	}
	return true;
}

/* Where one page is not to be had, neither is the rest of its block. */
static void content_block(struct content *content, uint64_t phys,
			  uint64_t pages)
{
	struct visit *visit = content->visit;
	uint64_t page_size = visit->w->env.page_size;
	uint64_t fit = page_size / visit->node.type->size;
	uint64_t k = 0, lost;

	if (visit_claim(visit, phys, pages * page_size))
		while (k < pages && content->left && !walk_over(visit->w) &&
		       content_page(content, phys + k * page_size))
			k++;
	lost = (pages - k) * fit;
	content->index += lost;
	content->left -= content->left < lost ? content->left : lost;
}

/* True if there can be a block where the entry says. */
static bool check_entry(struct visit *visit, const struct luser_struct *type,
			uint64_t phys, const uint8_t *at)
{
	struct luser_node node = {
		.parent = &visit->node,
		.kind = LUSER_NODE_STRUCT,
		.index = LUSER_NO_INDEX,
		.phys = phys,
		.bytes = at,
		.size = type->size,
		.type = type,
		.env = visit->node.env,
	};
	uint64_t block = luser_field_get(&type->fields[0], at, 0);
	bool refuse = false;

	walk_rules(visit->w, &node, type, at, type->size, &refuse);
	return !refuse && !(block & (visit->w->env.page_size - 1));
}

static void content_chunk(struct content *content,
			  const struct luser_array_reader *reader,
			  uint64_t order)
{
	const struct luser_struct *type = reader->array->record;
	uint32_t header = reader->array->header->size;

	for (uint32_t i = 0; i < reader->used && !walk_over(content->visit->w);
	     i++) {
		uint64_t offset = (uint64_t)i * reader->stride;
		const uint8_t *at = reader->records + offset;

		if (check_entry(content->visit, type,
				reader->phys + header + offset, at) &&
		    content->left)
			content_block(content,
				      luser_field_get(&type->fields[0], at, 0),
				      UINT64_C(1) << order);
	}
}

static void check_blocks(struct visit *visit, uint64_t pages, uint64_t order,
			 uint64_t blocks)
{
	char found[48], expected[48];

	if (pages >> order == blocks)
		return;
	snprintf(found, sizeof(found), "%" PRIu64 " blocks of order %" PRIu64,
		 blocks, order);
	snprintf(expected, sizeof(expected), "%" PRIu64 " pages", pages);
	walk_error(visit->w, visit->owner, visit->field, "page-list",
		   "the list has another number of pages than it says", found,
		   expected);
}

/* Records that do not fit in the pages there are cannot be there. */
static uint64_t check_count(struct visit *visit, uint64_t count, uint64_t pages)
{
	uint64_t fit = visit->w->env.page_size / visit->node.type->size;
	char found[24], expected[40];

	if (count <= pages * fit)
		return count;
	snprintf(found, sizeof(found), "%" PRIu64, count);
	snprintf(expected, sizeof(expected), "<= %" PRIu64, pages * fit);
	walk_error(visit->w, visit->owner, visit->field->holds->count, "count",
		   "more records than fit in the pages", found, expected);
	return 0;
}

static void read_list(struct visit *visit, const struct luser_page_list *list,
		      const uint8_t *at, uint64_t count)
{
	uint64_t pages = luser_field_get(list->pages, at, 0);
	uint64_t order = luser_field_get(list->order, at, 0);
	struct content content = { .visit = visit };
	struct luser_array_reader reader;
	uint64_t blocks = 0;

	if (order > LUSER_MAX_ORDER)
		return;
	content.left = check_count(visit, count, pages);
	content.buffer = malloc(visit->w->env.page_size);
	if (!content.buffer) {
		visit->w->code = LUSER_NOMEM;
		return;
	}
	if (visit_open(visit, &reader, list->chunks, visit->node.phys)) {
		while (!walk_over(visit->w) && luser_array_next(&reader)) {
			content_chunk(&content, &reader, order);
			blocks += reader.used;
		}
		luser_array_close(&reader);
		check_blocks(visit, pages, order, blocks);
	}
	free(content.buffer);
}

void walk_page_list(struct walk *w, const struct luser_node *parent,
		    const struct luser_field *field, const uint8_t *at)
{
	const struct luser_page_list *list = field->type->page_list;
	const uint8_t *list_at = at + field->offset;
	uint64_t count = luser_field_get(field->holds->count, at, 0);
	struct visit visit = visit_begin(w, parent, field);

	visit.node.phys = luser_field_get(list->first, list_at, 0);
	visit.node.type = field->holds->record;
	visit.node.tally = &visit.tally;
	visit.tally.stride = visit.node.type->size;
	visit.tally.capacity =
		(uint32_t)(w->env.page_size / visit.tally.stride);
	if (!visit.node.phys && !count &&
	    !luser_field_get(list->pages, list_at, 0))
		return;
	if (visit.node.phys && walk_no_memory(w, parent, field))
		return;
	if (walk_enter(w, &visit.node)) {
		read_list(&visit, list, list_at, count);
		walk_leave(w, &visit.node);
	}
	visit_end(&visit);
}
