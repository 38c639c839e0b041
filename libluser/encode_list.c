// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing records into scattered blocks of pages, and the list of the blocks.
 */
#include <string.h>

#include <luser/encode.h>

#include "encode_internal.h"
#include "error_internal.h"

void luser_list_begin(struct luser_list_writer *writer,
		      struct luser_image *image,
		      const struct luser_field *field, uint8_t *at,
		      uint32_t order)
{
	*writer = (struct luser_list_writer){
		.image = image,
		.field = field,
		.at = at,
		.order = order,
	};
	luser_array_begin(&writer->chunks, image,
			  field->type->page_list->chunks, NULL, 0);
}

enum luser_code luser_list_add_chunk(struct luser_list_writer *writer,
				     struct luser_error *err)
{
	return luser_array_add_page(&writer->chunks, err);
}

enum luser_code luser_list_add_block(struct luser_list_writer *writer,
				     struct luser_error *err)
{
	const struct luser_array *chunks = writer->chunks.array;
	size_t len = (size_t)luser_image_page_size(writer->image)
		     << writer->order;
	struct luser_slot slot;
	enum luser_code code;
	uint8_t *block;
	uint64_t phys;

	code = luser_image_alloc(writer->image, writer->order, true, &phys,
				 err);
	if (code != LUSER_OK)
		return code;
	/* Before the list takes a page, which may be the next one. */
	block = luser_image_at(writer->image, phys, len);
	if (!block)
		return luser_fail_place(err, phys);
	code = luser_array_add(&writer->chunks, &slot, err);
	if (code != LUSER_OK)
		return code;
	writer->block = block;
	writer->phys = phys;
	writer->used = 0;
	luser_field_set(&chunks->record->fields[0], slot.at, 0, phys);
	return LUSER_OK;
}

/* A record does not cross from one page into the next. */
enum luser_code luser_list_add(struct luser_list_writer *writer,
			       struct luser_slot *slot,
			       struct luser_error *err)
{
	uint32_t page_size = luser_image_page_size(writer->image);
	uint32_t size = writer->field->holds->record->size;
	uint32_t fit = page_size / size;
	enum luser_code code = LUSER_OK;
	uint64_t offset;

	if (!writer->block || writer->used == (uint64_t)fit << writer->order)
		code = luser_list_add_block(writer, err);
	if (code != LUSER_OK)
		return code;
	offset = writer->used / fit * page_size + writer->used % fit * size;
	writer->used++;
	*slot = (struct luser_slot){
		.at = writer->block + offset,
		.index = writer->total++,
		.phys = writer->phys + offset,
	};
	luser_struct_init(writer->field->holds->record, slot->at);
	return LUSER_OK;
}

void luser_list_end(const struct luser_list_writer *writer)
{
	const struct luser_field *field = writer->field;
	const struct luser_page_list *list = field->type->page_list;
	uint8_t *at = writer->at + field->offset;

	luser_field_set(list->first, at, 0, writer->chunks.first);
	luser_field_set(list->pages, at, 0,
			writer->chunks.total << writer->order);
	luser_field_set(list->order, at, 0, writer->order);
	luser_field_set(field->holds->count, writer->at, 0, writer->total);
}

enum luser_code luser_encode_page_list(struct luser_image *image,
				       const struct luser_field *field,
				       uint8_t *at, const void *records,
				       uint64_t count, uint32_t order,
				       struct luser_error *err)
{
	uint32_t size = field->holds->record->size;
	struct luser_list_writer writer;
	enum luser_code code = LUSER_OK;
	const uint8_t *from = records;
	struct luser_slot slot;

	luser_list_begin(&writer, image, field, at, order);
	for (uint64_t i = 0; i < count; i++, from += size) {
		code = luser_list_add(&writer, &slot, err);
		if (code != LUSER_OK)
			return code;
		memcpy(slot.at, from, size);
	}
	luser_list_end(&writer);
	return LUSER_OK;
}
