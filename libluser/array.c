// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Reading an array page by page.
 */
#include <stdlib.h>
#include <string.h>

#include "array_internal.h"
#include "field_value.h"
#include "mem_internal.h"

uint32_t luser_struct_min_size(const struct luser_struct *type)
{
	uint32_t size = 0;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];
		uint32_t end = field->offset + field->size * field->count;

		if (field->count == LUSER_REST_OF_PAGE)
			return type->size;
		if (!field->since && end > size)
			size = end;
	}
	return size;
}

/* Any page but the last must be full, or later indices would lie. */
static void check_full(struct luser_array_reader *r)
{
	if (r->array->full && r->next && r->used != r->capacity &&
	    r->array->count)
		array_report_number(r, "page-not-full", NULL,
				    "a page that is not the last has room left",
				    r->array->count, "", r->capacity);
}

enum luser_code luser_array_open(struct luser_array_reader *reader,
				 struct luser_mem *mem,
				 const struct luser_array *array, uint64_t phys,
				 const struct luser_env *env, bool frozen,
				 const struct luser_array_ops *ops, void *ctx)
{
	uint8_t *buffer;

	if (env->page_size & (env->page_size - 1) ||
	    env->page_size <= array->header->size)
		return LUSER_ARGUMENT;
	buffer = malloc(env->page_size);
	if (!buffer)
		return LUSER_NOMEM;
	*reader = (struct luser_array_reader){
		.array = array,
		.env = *env,
		.mem = mem,
		.ops = ops,
		.ctx = ctx,
		.buffer = buffer,
		.next = phys,
		.frozen = frozen,
		.least = luser_struct_min_size(array->record),
	};
	reader->env.record_size = array->record->size;
	return LUSER_OK;
}

void luser_array_expect_total(struct luser_array_reader *reader, uint64_t total)
{
	reader->total = total;
}

void luser_array_expect_same(struct luser_array_reader *reader,
			     const uint64_t *same)
{
	memcpy(reader->same, same, sizeof(reader->same));
	reader->has_same = true;
}

/* The records that come next, to be prefetched; nobody looks at them yet. */
static const uint8_t *peek(const struct luser_array_reader *r)
{
	const struct luser_mem_ops *ops = r->mem->ops;
	const uint8_t *page = NULL;

	if (r->next && ops->view && !(r->next & (r->env.page_size - 1)))
		page = ops->view(r->mem, r->next, r->env.page_size);
	return page ? page + r->array->header->size : NULL;
}

bool luser_array_next(struct luser_array_reader *r)
{
	if (!r->next)
		return false;
	r->phys = r->next;
	r->next = 0;
	r->used = 0;
	if (!array_claim(r) || !array_fetch(r) || !array_check(r))
		return false;
	if (r->array->next)
		r->next = field_value(r->array->next, r->page, 0);
	r->ahead = peek(r);
	check_full(r);
	r->slot = r->nr_pages++ * r->capacity;
	r->nr_used += r->used;
	return true;
}

void luser_array_close(struct luser_array_reader *reader)
{
	free(reader->buffer);
	reader->buffer = NULL;
}
