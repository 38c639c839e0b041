// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing the map of preserved memory as a radix tree.
 */
#include <inttypes.h>

#include <luser/encode.h>
#include <luser/le.h>

#include "encode_internal.h"
#include "error_internal.h"

void luser_tree_begin(struct luser_tree_writer *writer,
		      struct luser_image *image, const struct luser_tree *tree)
{
	uint32_t shift =
		(uint32_t)__builtin_ctz(luser_image_page_size(image));
	uint32_t above = luser_linear(tree->key_bits, shift);

	*writer = (struct luser_tree_writer){
		.image = image,
		.page_shift = shift,
		.table_bits = luser_linear(tree->table_bits, shift),
		.leaf_bits = luser_linear(tree->leaf_bits, shift),
		.order_bit = luser_linear(tree->order_bit, shift),
	};
	above -= writer->leaf_bits;
	writer->levels = 1 + (above + writer->table_bits - 1) /
				     writer->table_bits;
}

static enum luser_code add_node(const struct luser_tree_writer *writer,
				uint64_t *phys, struct luser_error *err)
{
	size_t len = luser_image_page_size(writer->image);
	uint64_t address;
	enum luser_code code =
		luser_image_alloc(writer->image, 0, false, &address, err);

	if (code != LUSER_OK)
		return code;
	if (!luser_image_at(writer->image, address, len))
		return luser_fail_place(err, address);
	*phys = address;
	return LUSER_OK;
}

/* Goes one level down, through a new node where there was none. */
static enum luser_code descend(const struct luser_tree_writer *writer,
			       uint64_t key, uint32_t level, uint64_t *phys,
			       struct luser_error *err)
{
	uint32_t shift = writer->leaf_bits + (level - 1) * writer->table_bits;
	uint64_t entries = UINT64_C(1) << writer->table_bits;
	uint64_t entry = key >> shift & (entries - 1);
	uint8_t *at = luser_image_at(writer->image, *phys + entry * 8, 8);
	enum luser_code code = LUSER_OK;
	uint64_t child = luser_le64(at);

	if (!child) {
		code = add_node(writer, &child, err);
		if (code != LUSER_OK)
			return code;
		luser_set_le64(at, child);
	}
	*phys = child;
	return LUSER_OK;
}

enum luser_code luser_tree_add_page(struct luser_tree_writer *writer,
				    uint32_t level, uint64_t key,
				    uint64_t *phys, struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	uint64_t at;

	if (level >= writer->levels || key >> writer->order_bit > 1)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "the map has no page of level %" PRIu32
				  " for key 0x%" PRIx64, level, key);
	if (!writer->root)
		code = add_node(writer, &writer->root, err);
	at = writer->root;
	for (uint32_t i = writer->levels - 1; code == LUSER_OK && i > level;
	     i--)
		code = descend(writer, key, i, &at, err);
	if (code == LUSER_OK)
		*phys = at;
	return code;
}

enum luser_code luser_tree_add(struct luser_tree_writer *writer,
			       const struct luser_block *block,
			       struct luser_error *err)
{
	uint64_t key = block->phys >> (writer->page_shift + block->order) |
		       UINT64_C(1) << (writer->order_bit - block->order);
	uint64_t bit = key & ((UINT64_C(1) << writer->leaf_bits) - 1);
	enum luser_code code;
	uint64_t phys;

	code = luser_tree_add_page(writer, 0, key, &phys, err);
	if (code == LUSER_OK)
		*luser_image_at(writer->image, phys + bit / 8, 1) |=
			(uint8_t)(1u << bit % 8);
	return code;
}

enum luser_code luser_encode_tree(struct luser_image *image,
				  const struct luser_tree *tree, uint64_t *phys,
				  struct luser_error *err)
{
	struct luser_tree_writer writer;
	const struct luser_block *blocks;
	enum luser_code code;
	uint64_t root;
	size_t count;

	if (tree->chunks)
		return luser_encode_bitmaps(image, tree, phys, err);
	luser_tree_begin(&writer, image, tree);
	code = luser_tree_add_page(&writer, writer.levels - 1, 0, &root, err);
	blocks = luser_image_blocks(image, &count);
	for (size_t i = 0; code == LUSER_OK && i < count; i++)
		code = luser_tree_add(&writer, &blocks[i], err);
	if (code == LUSER_OK)
		*phys = root;
	return code;
}
