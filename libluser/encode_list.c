// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing records into scattered blocks of pages, and the list of the blocks.
 */
#include <inttypes.h>
#include <string.h>

#include <luser/encode.h>

#include "error_internal.h"

/**
 * struct content - records on their way into blocks
 * @at:   the next record
 * @left: records to come
 * @size: bytes of one
 */
struct content {
	const uint8_t *at;
	uint64_t left;
	uint32_t size;
};

/* A record does not cross from one page into the next. */
static void fill_page(struct content *content, uint8_t *page, uint32_t len)
{
	uint64_t n = len / content->size;

	if (n > content->left)
		n = content->left;
	memcpy(page, content->at, (size_t)n * content->size);
	content->at += n * content->size;
	content->left -= n;
}

static enum luser_code add_block(struct luser_image *image,
				 struct luser_array_writer *chunks,
				 struct content *content, uint32_t order,
				 struct luser_error *err)
{
	uint32_t page_size = luser_image_page_size(image);
	struct luser_slot slot;
	enum luser_code code;
	uint64_t phys;
	uint8_t *block;

	code = luser_image_alloc(image, order, true, &phys, err);
	if (code == LUSER_OK)
		code = luser_array_add(chunks, &slot, err);
	if (code != LUSER_OK)
		return code;
	luser_field_set(&chunks->array->record->fields[0], slot.at, 0, phys);
	block = luser_image_at(image, phys, (size_t)page_size << order);
	for (uint32_t i = 0; i >> order == 0 && content->left; i++)
		fill_page(content, block + (size_t)i * page_size, page_size);
	return LUSER_OK;
}

enum luser_code luser_encode_page_list(struct luser_image *image,
				       const struct luser_field *field,
				       uint8_t *at, const void *records,
				       uint64_t count, uint32_t order,
				       struct luser_error *err)
{
	const struct luser_page_list *list = field->type->page_list;
	struct content content = {
		.at = records,
		.left = count,
		.size = field->holds->record->size,
	};
	struct luser_array_writer chunks;
	enum luser_code code = LUSER_OK;
	uint8_t *list_at = at + field->offset;

	luser_array_begin(&chunks, image, list->chunks, NULL, 0);
	while (code == LUSER_OK && content.left)
		code = add_block(image, &chunks, &content, order, err);
	if (code != LUSER_OK)
		return code;
	luser_field_set(list->first, list_at, 0, chunks.first);
	luser_field_set(list->pages, list_at, 0, chunks.total << order);
	luser_field_set(list->order, list_at, 0, order);
	luser_field_set(field->holds->count, at, 0, count);
	return LUSER_OK;
}
