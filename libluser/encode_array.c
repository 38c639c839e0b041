// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing an array: chains of pages and contiguous tables.
 */
#include <inttypes.h>
#include <string.h>

#include <luser/array.h>
#include <luser/encode.h>

#include "encode_internal.h"
#include "error_internal.h"
#include "field_value.h"

void luser_array_begin(struct luser_array_writer *writer,
		       struct luser_image *image,
		       const struct luser_array *array, const uint8_t *like,
		       uint64_t room)
{
	uint64_t span = luser_image_page_size(image);
	uint32_t stride = array->record->size;

	if (array->table_pages)
		span *= array->table_pages;

	if (array->pages) {
		uint64_t len = array->header->size + room * stride;

		span = (len + span - 1) / span * span;
	}
	*writer = (struct luser_array_writer){
		.array = array,
		.capacity = (uint32_t)((span - array->header->size) / stride),
		.image = image,
		.like = like,
		.span = span,
		.stride = stride,
	};
}

/* What is so in all pages of the array. */
static void make_header(const struct luser_array_writer *writer, uint8_t *page)
{
	const struct luser_array *array = writer->array;

	luser_struct_init(array->header, page);
	for (uint16_t i = 0; i < array->nr_expect; i++)
		luser_field_set(array->expect[i].field, page, 0,
				array->expect[i].value);
	if (array->stride)
		luser_field_set(array->stride, page, 0, writer->stride);
	if (array->pages)
		luser_field_set(array->pages, page, 0,
				writer->span /
					luser_image_page_size(writer->image));
}

static void init_header(struct luser_array_writer *writer, uint8_t *page)
{
	const struct luser_array *array = writer->array;
	size_t size = array->header->size;
	bool is_kept = size <= sizeof(writer->header);

	if (is_kept && writer->nr_pages > 1)
		memcpy(page, writer->header, size);
	else
		make_header(writer, page);
	if (is_kept && writer->nr_pages == 1)
		memcpy(writer->header, page, size);
	if (writer->like)
		for (uint16_t i = 0; i < array->nr_same; i++)
			luser_field_set(array->same[i], page, 0,
					luser_field_get(array->same[i],
							writer->like, 0));
}

/* A chain grows by pages; a table is all there from the first slot on. */
static bool may_grow(const struct luser_array_writer *writer)
{
	uint64_t pages = writer->span / luser_image_page_size(writer->image);

	if (writer->array->table_pages)
		return !writer->nr_pages;
	if (writer->array->pages)
		return !writer->nr_pages && pages <= writer->array->max_pages;
	return writer->nr_pages < writer->array->max_pages;
}

enum luser_code luser_array_add_page(struct luser_array_writer *writer,
				     struct luser_error *err)
{
	const struct luser_array *array = writer->array;
	enum luser_code code;
	uint8_t *page;
	uint64_t phys;

	if (!may_grow(writer))
		return luser_fail(err, LUSER_ARGUMENT, writer->first,
				  "%s has no room for more than %" PRIu64
				  " records",
				  array->name, writer->total);
	code = luser_image_alloc(writer->image,
				 luser_order_of(writer->image, writer->span),
				 !writer->is_scratch, &phys, err);
	if (code != LUSER_OK)
		return code;
	page = luser_image_at(writer->image, phys, writer->span);
	if (!page)
		return luser_fail_place(err, phys);
	if (writer->nr_pages)
		luser_field_set(array->next, writer->page, 0, phys);
	else
		writer->first = phys;
	writer->page = page;
	writer->phys = phys;
	writer->used = 0;
	writer->nr_pages++;
	init_header(writer, writer->page);
	return LUSER_OK;
}

enum luser_code luser_array_extend(struct luser_array_writer *writer,
				   uint64_t most, struct luser_slot *first,
				   uint32_t *nr, struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	uint64_t offset;
	uint32_t room;

	if (!writer->nr_pages || writer->used == writer->capacity)
		code = luser_array_add_page(writer, err);
	if (code != LUSER_OK)
		return code;
	offset = writer->array->header->size +
		 (uint64_t)writer->used * writer->stride;
	room = writer->capacity - writer->used;
	*nr = most < room ? (uint32_t)most : room;
	writer->used += *nr;
	if (writer->array->count)
		luser_field_set(writer->array->count, writer->page, 0,
				writer->used);
	*first = (struct luser_slot){
		.at = writer->page + offset,
		.index = writer->total,
		.phys = writer->phys + offset,
	};
	writer->total += *nr;
	return LUSER_OK;
}

static enum luser_code take_slot(struct luser_array_writer *writer,
				 struct luser_slot *slot,
				 struct luser_error *err)
{
	uint32_t nr;

	return luser_array_extend(writer, 1, slot, &nr, err);
}

enum luser_code luser_array_add(struct luser_array_writer *writer,
				struct luser_slot *slot,
				struct luser_error *err)
{
	enum luser_code code = take_slot(writer, slot, err);

	if (code == LUSER_OK)
		luser_struct_init(writer->array->record, slot->at);
	return code;
}

enum luser_code luser_array_add_free(struct luser_array_writer *writer,
				     struct luser_error *err)
{
	const struct luser_struct *record = writer->array->record;
	struct luser_slot slot;
	enum luser_code code = take_slot(writer, &slot, err);

	if (code != LUSER_OK ||
	    luser_record_empty(record, slot.at, record->size))
		return code;
	writer->total--;
	writer->used--;
	luser_field_set(writer->array->count, writer->page, 0, writer->used);
	return luser_fail(err, LUSER_ARGUMENT, slot.phys,
			  "a slot of zeros is not free in %s",
			  writer->array->name);
}

static bool leads_to(const struct luser_field *field,
		     const struct luser_array *array)
{
	return field->link && field->link->kind == LUSER_TO_ARRAY &&
	       field->link->array == array;
}

enum luser_code luser_array_link(const struct luser_array_writer *writer,
				 const struct luser_struct *type, uint8_t *at)
{
	const struct luser_array *array = writer->array;
	const struct luser_field *total;
	uint32_t offset;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		if (!leads_to(&type->fields[i], array))
			continue;
		luser_field_set(&type->fields[i], at, 0, writer->first);
		if (!array->total)
			return LUSER_OK;
		total = field_at_path(array->total, &offset);
		luser_field_set(total, at + offset, 0, writer->total);
		return LUSER_OK;
	}
	return LUSER_ARGUMENT;
}
