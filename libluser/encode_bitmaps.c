// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing the map of preserved memory as bitmaps, which an array lists.
 */
#include <inttypes.h>

#include <luser/encode.h>
#include <luser/walk.h>

#include "encode_internal.h"
#include "error_internal.h"

void luser_bitmaps_begin(struct luser_bitmaps_writer *writer,
			 struct luser_image *image,
			 const struct luser_tree *tree)
{
	*writer = (struct luser_bitmaps_writer){
		.image = image,
		.tree = tree,
		.page_shift = (uint32_t)__builtin_ctz(
			luser_image_page_size(image)),
	};
	writer->bits = luser_linear(tree->leaf_bits, writer->page_shift);
	luser_array_begin(&writer->chunks, image, tree->chunks->array, NULL, 0);
	writer->chunks.is_scratch = true;
}

enum luser_code luser_bitmaps_add_chunk(struct luser_bitmaps_writer *writer,
					uint32_t order,
					struct luser_error *err)
{
	enum luser_code code;

	if (order > LUSER_MAX_ORDER)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "no block has order %" PRIu32, order);
	code = luser_array_add_page(&writer->chunks, err);
	if (code == LUSER_OK) {
		writer->order = order;
		luser_field_set(writer->tree->chunks->order,
				writer->chunks.page, 0, order);
	}
	return code;
}

/* Sets the bits of the blocks that the bitmap is for. */
static void fill(const struct luser_bitmaps_writer *writer, uint64_t start,
		 uint8_t *bitmap)
{
	uint32_t shift = writer->page_shift + writer->order;
	const struct luser_block *blocks;
	size_t count;

	blocks = luser_image_blocks(writer->image, &count);
	for (size_t i = 0; i < count; i++) {
		uint64_t bit = (blocks[i].phys - start) >> shift;

		if (blocks[i].order == writer->order &&
		    blocks[i].phys >= start && bit >> writer->bits == 0)
			bitmap[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

enum luser_code luser_bitmaps_add(struct luser_bitmaps_writer *writer,
				  uint64_t start, struct luser_error *err)
{
	const struct luser_chunks *chunks = writer->tree->chunks;
	uint64_t len = UINT64_C(1) << (writer->bits - 3);
	struct luser_slot slot;
	enum luser_code code;
	uint8_t *bitmap;
	uint64_t phys;

	code = luser_image_alloc(writer->image,
				 luser_order_of(writer->image, len), false,
				 &phys, err);
	if (code != LUSER_OK)
		return code;
	bitmap = luser_image_at(writer->image, phys, len);
	if (!bitmap)
		return luser_fail_place(err, phys);
	code = luser_array_add(&writer->chunks, &slot, err);
	if (code != LUSER_OK)
		return code;
	luser_field_set(chunks->order, writer->chunks.page, 0, writer->order);
	luser_field_set(chunks->start, slot.at, 0, start);
	luser_field_set(chunks->bitmap, slot.at, 0, phys);
	fill(writer, start, bitmap);
	return LUSER_OK;
}

/* The lowest address of a block of the order, from @from on. */
static bool next_block(const struct luser_bitmaps_writer *writer,
		       uint32_t order, uint64_t from, uint64_t *phys)
{
	const struct luser_block *blocks;
	bool found = false;
	size_t count;

	blocks = luser_image_blocks(writer->image, &count);
	for (size_t i = 0; i < count; i++)
		if (blocks[i].order == order && blocks[i].phys >= from &&
		    (!found || blocks[i].phys < *phys)) {
			*phys = blocks[i].phys;
			found = true;
		}
	return found;
}

static enum luser_code add_order(struct luser_bitmaps_writer *writer,
				 uint32_t order, struct luser_error *err)
{
	uint32_t shift = writer->bits + writer->page_shift + order;
	enum luser_code code = LUSER_OK;
	uint64_t phys = 0, start = 0;
	bool first = true;

	while (code == LUSER_OK && next_block(writer, order, start, &phys)) {
		start = phys >> shift << shift;
		if (first)
			code = luser_bitmaps_add_chunk(writer, order, err);
		first = false;
		if (code == LUSER_OK)
			code = luser_bitmaps_add(writer, start, err);
		start += UINT64_C(1) << shift;
		if (!start)
			break;
	}
	return code;
}

enum luser_code luser_encode_bitmaps(struct luser_image *image,
				     const struct luser_tree *tree,
				     uint64_t *phys, struct luser_error *err)
{
	struct luser_bitmaps_writer writer;
	enum luser_code code = LUSER_OK;

	luser_bitmaps_begin(&writer, image, tree);
	for (uint32_t order = 0; code == LUSER_OK && order <= LUSER_MAX_ORDER;
	     order++)
		code = add_order(&writer, order, err);
	if (code == LUSER_OK)
		*phys = writer.chunks.first;
	return code;
}
