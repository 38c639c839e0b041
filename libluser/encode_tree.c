// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing the map of preserved memory.
 */
#include <luser/encode.h>
#include <luser/le.h>

#include "error_internal.h"

/**
 * struct plant - a tree being written
 * @root:   its root, 0 while there is none
 * @levels: pages on the way to a bit, the leaf included
 */
struct plant {
	struct luser_image *image;
	struct luser_error *err;
	uint32_t page_shift;
	uint32_t table_bits;
	uint32_t leaf_bits;
	uint32_t order_bit;
	uint32_t levels;
	uint64_t root;
};

static uint64_t key_of(const struct plant *plant,
		       const struct luser_block *block)
{
	return block->phys >> (plant->page_shift + block->order) |
	       UINT64_C(1) << (plant->order_bit - block->order);
}

static enum luser_code add_node(const struct plant *plant, uint64_t *phys)
{
	return luser_image_alloc(plant->image, 0, false, phys, plant->err);
}

static uint8_t *node_at(const struct plant *plant, uint64_t phys)
{
	return luser_image_at(plant->image, phys,
			      luser_image_page_size(plant->image));
}

/* Goes one level down, through a new node where there was none. */
static enum luser_code descend(const struct plant *plant, uint64_t key,
			       uint32_t level, uint64_t *phys)
{
	uint32_t shift = plant->leaf_bits + (level - 1) * plant->table_bits;
	uint64_t entries = UINT64_C(1) << plant->table_bits;
	uint64_t entry = key >> shift & (entries - 1);
	uint8_t *at = node_at(plant, *phys) + entry * 8;
	enum luser_code code = LUSER_OK;
	uint64_t child = luser_le64(at);

	if (!child) {
		code = add_node(plant, &child);
		if (code != LUSER_OK)
			return code;
		luser_set_le64(at, child);
	}
	*phys = child;
	return LUSER_OK;
}

static enum luser_code add_key(const struct plant *plant, uint64_t key)
{
	uint64_t bit = key & ((UINT64_C(1) << plant->leaf_bits) - 1);
	uint64_t phys = plant->root;
	enum luser_code code;
	uint8_t *at;

	for (uint32_t level = plant->levels - 1; level; level--) {
		code = descend(plant, key, level, &phys);
		if (code != LUSER_OK)
			return code;
	}
	at = node_at(plant, phys) + bit / 8;
	*at |= (uint8_t)(1u << bit % 8);
	return LUSER_OK;
}

static void measure(struct plant *plant, const struct luser_tree *tree)
{
	uint32_t shift = plant->page_shift;
	uint32_t above = luser_linear(tree->key_bits, shift);

	plant->table_bits = luser_linear(tree->table_bits, shift);
	plant->leaf_bits = luser_linear(tree->leaf_bits, shift);
	plant->order_bit = luser_linear(tree->order_bit, shift);
	above -= plant->leaf_bits;
	plant->levels = 1 + (above + plant->table_bits - 1) / plant->table_bits;
}

enum luser_code luser_encode_tree(struct luser_image *image,
				  const struct luser_tree *tree, uint64_t *phys,
				  struct luser_error *err)
{
	struct plant plant = {
		.image = image,
		.err = err,
		.page_shift = (uint32_t)__builtin_ctz(
			luser_image_page_size(image)),
	};
	const struct luser_block *blocks;
	enum luser_code code;
	size_t count;

	measure(&plant, tree);
	code = add_node(&plant, &plant.root);
	blocks = luser_image_blocks(image, &count);
	for (size_t i = 0; code == LUSER_OK && i < count; i++)
		code = add_key(&plant, key_of(&plant, &blocks[i]));
	if (code == LUSER_OK)
		*phys = plant.root;
	return code;
}
