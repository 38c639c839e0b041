// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Arrays: their pages, and the records in them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk_internal.h"

/**
 * struct visit - one array being walked
 * @owner:   the struct with the address of the array
 * @field:   the field with that address
 * @node:    the array
 * @loaded:  what is kept for references, or NULL
 * @tally:   what was found so far
 * @unique:  what is kept of the records to find those that are there twice
 * @widened: one record, zero-extended to what its schema knows, or NULL
 */
struct visit {
	struct walk *w;
	const struct luser_node *owner;
	const struct luser_field *field;
	struct luser_node node;
	struct walk_loaded *loaded;
	struct luser_tally tally;
	struct walk_unique unique;
	uint8_t *widened;
};

static void report_problem(void *ctx, const struct luser_problem *problem)
{
	struct visit *visit = ctx;

	walk_finding(visit->w, &(struct luser_finding){
				       .severity = LUSER_ERROR,
				       .rule = problem->rule,
				       .text = problem->text,
				       .node = &visit->node,
				       .field = problem->field,
				       .phys = problem->phys,
				       .found = problem->found,
				       .expected = problem->expected,
			       });
}

static bool claim(struct visit *visit, uint64_t phys, uint64_t len)
{
	if (!walk_claim(visit->w, &visit->node, NULL, phys, len))
		return false;
	walk_preserved(visit->w, &visit->node, NULL, phys, len);
	return true;
}

static bool claim_page(void *ctx, uint64_t phys, uint64_t len)
{
	struct visit *visit = ctx;

	if (!claim(visit, phys, len))
		return false;
	walk_count(visit->w, len);
	return true;
}

static const struct luser_array_ops reader_ops = {
	.report = report_problem,
	.claim = claim_page,
};

/* A record that is shorter than its schema knows reads as if zeros followed. */
static const uint8_t *widen(struct visit *visit, const uint8_t *at,
			    uint32_t stride)
{
	uint32_t size = visit->node.type->size;

	if (stride >= size)
		return at;
	if (!visit->widened)
		visit->widened = malloc(size);
	if (!visit->widened) {
		visit->w->code = LUSER_NOMEM;
		return NULL;
	}
	memcpy(visit->widened, at, stride);
	memset(visit->widened + stride, 0, size - stride);
	return visit->widened;
}

static void visit_record(struct visit *visit, const uint8_t *at,
			 uint32_t stride, uint64_t phys, uint64_t index)
{
	struct walk *w = visit->w;
	struct luser_node node = {
		.parent = &visit->node,
		.kind = LUSER_NODE_STRUCT,
		.index = index,
		.phys = phys,
		.size = stride,
		.abi = visit->node.abi,
		.type = visit->node.type,
		.array = visit->node.array,
		.env = visit->node.env,
	};
	char label[80];

	if (luser_record_empty(node.type, at, stride)) {
		visit->tally.empty++;
		return;
	}
	node.bytes = widen(visit, at, stride);
	if (!node.bytes)
		return;
	if (!w->silent) {
		walk_label(&node, label, sizeof(label));
		node.label = *label ? label : NULL;
	}
	walk_struct(w, &node);
	visit->tally.records++;
}

static void visit_page(struct visit *visit,
		       const struct luser_array_reader *reader)
{
	uint64_t phys = reader->phys + visit->node.array->header->size;

	if (visit->loaded && !walk_load_page(visit->loaded, reader))
		visit->w->code = LUSER_NOMEM;
	if (!walk_unique_page(&visit->unique, reader))
		visit->w->code = LUSER_NOMEM;
	visit->tally.stride = reader->stride;
	visit->tally.capacity = reader->capacity;
	for (uint32_t i = 0; i < reader->used && !walk_over(visit->w); i++)
		visit_record(visit,
			     reader->records + (size_t)i * reader->stride,
			     reader->stride, phys + (uint64_t)i * reader->stride,
			     reader->slot + i);
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
	field = walk_path_field(path, &offset);
	total = luser_field_get(field, owner + offset, 0);
	if (total == used)
		return;
	snprintf(found, sizeof(found), "%" PRIu64, total);
	snprintf(expected, sizeof(expected), "%" PRIu64, used);
	walk_error(w, node, field, "total",
		   "the count differs from what the pages hold", found,
		   expected);
}

/* What the root's page says, the pages of all its arrays must say too. */
static void expect_same(struct walk *w, struct luser_array_reader *reader)
{
	uint64_t same[LUSER_MAX_SAME] = {0};

	if (!w->root_header)
		return;
	for (uint16_t i = 0; i < reader->array->nr_same; i++)
		same[i] = luser_field_get(reader->array->same[i],
					  w->root_header, 0);
	luser_array_expect_same(reader, same);
}

static bool open_reader(struct visit *visit, struct luser_array_reader *reader,
			const struct luser_array *array, uint64_t phys)
{
	struct walk *w = visit->w;
	enum luser_code code =
		luser_array_open(reader, w->mem, array, phys, &w->env,
				 walk_is_frozen(w), &reader_ops, visit);

	if (code != LUSER_OK) {
		w->code = code;
		return false;
	}
	expect_same(w, reader);
	return true;
}

static struct luser_node array_node(const struct luser_node *parent,
				    const struct luser_field *field)
{
	return (struct luser_node){
		.parent = parent,
		.kind = LUSER_NODE_ARRAY,
		.index = LUSER_NO_INDEX,
		.abi = parent->abi,
		.field = field,
	};
}

void walk_array(struct walk *w, const struct luser_node *parent,
		const struct luser_field *field, const uint8_t *owner,
		uint64_t phys)
{
	const struct luser_array *array = field->link->array;
	struct luser_array_reader reader;
	struct visit visit = {.w = w, .owner = parent, .field = field};

	visit.node = array_node(parent, field);
	visit.node.name = array->name;
	visit.node.phys = phys;
	visit.node.array = array;
	visit.node.type = array->record;
	visit.node.tally = &visit.tally;
	visit.node.env = &reader.env;
	if (array->referenced)
		visit.loaded = walk_load(w, parent->abi, array);
	if (!open_reader(&visit, &reader, array, phys))
		return;
	if (walk_enter(w, &visit.node)) {
		while (!walk_over(w) && luser_array_next(&reader))
			visit_page(&visit, &reader);
		visit.tally.pages = reader.nr_pages;
		walk_total(w, parent, array, owner, reader.nr_used);
		walk_unique_check(w, &visit.node, &visit.unique);
		walk_leave(w, &visit.node);
	}
	luser_array_close(&reader);
	walk_unique_free(&visit.unique);
	free(visit.widened);
}

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

	if (claim(visit, phys, pages * page_size))
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
	struct content content = {.visit = visit};
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
	if (open_reader(visit, &reader, list->chunks, visit->node.phys)) {
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
	struct visit visit = {.w = w, .owner = parent, .field = field};

	visit.node = array_node(parent, field);
	visit.node.name = field->name;
	visit.node.phys = luser_field_get(list->first, list_at, 0);
	visit.node.type = field->holds->record;
	visit.node.tally = &visit.tally;
	visit.node.env = &w->env;
	visit.tally.stride = visit.node.type->size;
	visit.tally.capacity = (uint32_t)(w->env.page_size / visit.tally.stride);
	if (!visit.node.phys && !count &&
	    !luser_field_get(list->pages, list_at, 0))
		return;
	if (visit.node.phys && walk_no_memory(w, parent, field))
		return;
	if (walk_enter(w, &visit.node)) {
		read_list(&visit, list, list_at, count);
		walk_leave(w, &visit.node);
	}
	free(visit.widened);
}
