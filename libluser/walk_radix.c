// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The map of preserved memory as a radix tree, whose keys are blocks.
 */
#include <stdlib.h>

#include <luser/le.h>

#include "walk_map.h"

#define MAX_LEVELS 8

/**
 * struct climb - one tree being read
 * @map:    what is being gathered
 * @pages:  a page buffer per level, leaf first
 * @phys:   the leaf that is being read, and
 * @prefix: what its keys have in common
 * @odd:    the last leaf with a key that is no block's
 */
struct climb {
	struct map *map;
	uint32_t key_bits;
	uint32_t table_bits;
	uint32_t leaf_bits;
	uint32_t order_bit;
	uint8_t *pages[MAX_LEVELS];
	uint64_t phys;
	uint64_t prefix;
	uint64_t odd;
};

/*
 * The order of the blocks with keys like @key, whose upper bits say it; what is
 * below the highest one is the number of the block.
 */
static bool order_of(struct climb *climb, uint64_t key, uint32_t *order,
		     uint64_t *block)
{
	uint32_t top;

	if (!key)
		return false;
	top = 63 - (uint32_t)__builtin_clzll(key);
	*order = climb->order_bit - top;
	*block = key ^ UINT64_C(1) << top;
	return top <= climb->order_bit && *order <= LUSER_MAX_ORDER;
}

/* A leaf can have thousands of them: the first one is told. */
static void odd_run(void *ctx, uint64_t first, uint64_t count)
{
	struct climb *climb = ctx;

	(void)count;
	if (climb->odd != climb->phys)
		map_report(climb->map, climb->phys, "order",
			   "a key that is no block's", climb->prefix + first,
			   "a key with an order that a kernel has");
	climb->odd = climb->phys;
}

/*
 * All keys of a leaf have the same order. Not those of the first leaf, but with
 * pages of up to 64 KiB, these are of orders that no kernel has.
 */
static void read_leaf(struct climb *climb, uint64_t phys, const uint8_t *page,
		      uint64_t prefix)
{
	uint64_t bits = UINT64_C(1) << climb->leaf_bits;
	uint64_t block;
	uint32_t order;

	climb->phys = phys;
	climb->prefix = prefix;
	if (!order_of(climb, prefix, &order, &block)) {
		map_runs(page, bits, odd_run, climb);
		return;
	}
	for (uint64_t at = 0; at < bits; at += MAP_BITS)
		map_add_bits(climb->map, order, block + at, page + at / 8);
}

static const uint8_t *read_node(struct climb *climb, uint64_t from,
				uint64_t phys, uint8_t *page)
{
	struct map *map = climb->map;
	uint64_t page_size = map->w->env.page_size;

	if (!(phys % page_size))
		return map_read(map, phys, page, page_size);
	map_report(map, from, "page-alignment",
		   "the address of a page is not aligned", phys,
		   "a multiple of the page size");
	return NULL;
}

static void read_level(struct climb *climb, uint64_t from, uint64_t phys,
		       uint32_t level, uint64_t prefix)
{
	const uint8_t *page;
	uint64_t entries = UINT64_C(1) << climb->table_bits;
	uint32_t shift =
		climb->leaf_bits + (level ? level - 1 : 0) * climb->table_bits;

	if (walk_over(climb->map->w))
		return;
	page = read_node(climb, from, phys, climb->pages[level]);
	if (!page)
		return;
	map_tell(climb->map, &(struct luser_map_part){
				     .kind = LUSER_PART_TABLE,
				     .phys = phys,
				     .level = level,
				     .key = prefix,
				     .len = climb->map->w->env.page_size,
			     });
	if (!level) {
		read_leaf(climb, phys, page, prefix);
		return;
	}
	for (uint64_t i = 0; i < entries; i++) {
		uint64_t child = luser_le64(page + i * 8);

		if (!child)
			continue;
		if ((prefix + (i << shift)) >> climb->key_bits)
			map_report(climb->map, phys + i * 8, "key",
				   "an entry beyond the widest key", i,
				   "zero in entries that no key selects");
		else
			read_level(climb, phys + i * 8, child, level - 1,
				   prefix + (i << shift));
	}
}

static uint32_t levels_of(const struct climb *climb)
{
	return (climb->key_bits - climb->leaf_bits + climb->table_bits - 1) /
		       climb->table_bits +
	       1;
}

static bool make_pages(struct climb *climb, uint32_t levels)
{
	for (uint32_t i = 0; i < levels; i++) {
		climb->pages[i] = malloc(climb->map->w->env.page_size);
		if (!climb->pages[i])
			climb->map->w->code = LUSER_NOMEM;
	}
	return !walk_over(climb->map->w);
}

static void climb_init(struct climb *climb, struct map *map)
{
	const struct luser_tree *tree = map->tree;
	uint32_t shift = map->w->env.page_shift;

	*climb = (struct climb){
		.map = map,
		.key_bits = luser_linear(tree->key_bits, shift),
		.table_bits = luser_linear(tree->table_bits, shift),
		.leaf_bits = luser_linear(tree->leaf_bits, shift),
		.order_bit = luser_linear(tree->order_bit, shift),
		.odd = LUSER_NO_PHYS,
	};
}

void map_radix(struct map *map)
{
	struct climb climb;
	uint32_t levels;

	climb_init(&climb, map);
	levels = levels_of(&climb);
	if (levels <= MAX_LEVELS && make_pages(&climb, levels))
		read_level(&climb, map->node.parent->phys, map->node.phys,
			   levels - 1, 0);
	for (uint32_t i = 0; i < MAX_LEVELS; i++)
		free(climb.pages[i]);
}
