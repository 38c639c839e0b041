// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The map of preserved memory as bitmaps, which the chunks of an array list.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "walk_map.h"

/**
 * struct bits - the bitmaps of one map
 * @map:    what is being gathered
 * @chunk:  the reader of the chunks
 * @order:  of the blocks of the chunk that is being read
 * @shift:  logarithm of a block's bytes
 * @start:  address of the first block of the bitmap that is being read
 * @number: logarithm of the bits in a bitmap
 * @bitmap: room for one
 */
struct bits {
	struct map *map;
	struct luser_array_reader chunk;
	uint32_t order;
	uint32_t shift;
	uint64_t start;
	uint32_t number;
	uint8_t *bitmap;
};

static void report_problem(void *ctx, const struct luser_problem *problem)
{
	struct bits *bits = ctx;

	bits->map->whole = false;
	walk_finding(bits->map->w, &(struct luser_finding){
					   .severity = LUSER_ERROR,
					   .rule = problem->rule,
					   .check = problem->check,
					   .text = problem->text,
					   .node = &bits->map->node,
					   .phys = problem->phys,
					   .found = problem->found,
					   .expected = problem->expected,
				   });
}

/* Chunks are not in the map: they are only read once. */
static bool claim_chunk(void *ctx, uint64_t phys, uint64_t len)
{
	struct bits *bits = ctx;
	struct map *map = bits->map;

	if (!walk_claim(map->w, &map->node, NULL, phys, len)) {
		map->whole = false;
		return false;
	}
	walk_count(map->w, len);
	return true;
}

static void add_bitmap(struct bits *bits, const uint8_t *bitmap)
{
	uint64_t first = bits->start >> bits->shift;

	for (uint64_t at = 0; at < UINT64_C(1) << bits->number; at += MAP_BITS)
		map_add_bits(bits->map, bits->order, first + at,
			     bitmap + at / 8);
}

/*
 * True if a bitmap can start at the address: then none of its blocks is beyond
 * the last address.
 */
static bool check_start(struct bits *bits, uint64_t phys)
{
	uint32_t covers = bits->number + bits->shift;
	char expected[48];

	if (!(bits->start & ((UINT64_C(1) << covers) - 1)))
		return true;
	snprintf(expected, sizeof(expected), "a multiple of 2^%" PRIu32,
		 covers);
	map_report(bits->map, phys, "start",
		   "no bitmap of this size starts here", bits->start, expected);
	return false;
}

static bool check_record(struct bits *bits, uint64_t index, uint64_t phys,
			 const uint8_t *at)
{
	const struct luser_struct *type = bits->chunk.array->record;
	struct map *map = bits->map;
	struct luser_node node = {
		.parent = &map->node,
		.kind = LUSER_NODE_STRUCT,
		.index = index,
		.phys = phys,
		.bytes = at,
		.size = type->size,
		.type = type,
		.env = &bits->chunk.env,
	};
	bool refuse = false;

	if (!type->broken(at, node.env))
		return true;
	map->whole = false;
	walk_rules(map->w, &node, type, at, type->size, &refuse);
	return false;
}

static void read_bitmap(struct bits *bits, uint32_t i)
{
	const struct luser_chunks *chunks = bits->map->tree->chunks;
	const struct luser_array_reader *chunk = &bits->chunk;
	const uint8_t *at = chunk->records + (size_t)i * chunk->stride;
	uint64_t phys = chunk->phys + chunk->array->header->size +
			(uint64_t)i * chunk->stride;
	const uint8_t *bitmap;

	if (!check_record(bits, chunk->slot + i, phys, at))
		return;
	bits->start = luser_field_get(chunks->start, at, 0);
	map_tell(bits->map, &(struct luser_map_part){
				    .kind = LUSER_PART_BITMAP,
				    .phys = luser_field_phys(chunks->bitmap, at,
							     &chunk->env),
				    .key = bits->start,
				    .len = UINT64_C(1) << (bits->number - 3),
			    });
	if (!check_start(bits, phys))
		return;
	bitmap = map_read(bits->map,
			  luser_field_phys(chunks->bitmap, at, &chunk->env),
			  bits->bitmap, (size_t)1 << (bits->number - 3));
	if (bitmap)
		add_bitmap(bits, bitmap);
}

static void read_chunk(struct bits *bits)
{
	const struct luser_chunks *chunks = bits->map->tree->chunks;
	uint64_t order = luser_field_get(chunks->order, bits->chunk.page, 0);

	if (order > LUSER_MAX_ORDER) {
		map_report(bits->map, bits->chunk.phys, "order",
			   "no block has this order", order,
			   "an order that a kernel has");
		return;
	}
	bits->order = (uint32_t)order;
	map_tell(bits->map, &(struct luser_map_part){
				    .kind = LUSER_PART_CHUNK,
				    .phys = bits->chunk.phys,
				    .order = bits->order,
				    .len = bits->map->w->env.page_size,
			    });
	bits->shift = bits->map->w->env.page_shift + bits->order;
	for (uint32_t i = 0; i < bits->chunk.used; i++)
		if (!walk_over(bits->map->w))
			read_bitmap(bits, i);
}

static void read_chunks(struct bits *bits)
{
	while (!walk_over(bits->map->w) && luser_array_next(&bits->chunk))
		read_chunk(bits);
	luser_array_close(&bits->chunk);
}

void map_bitmaps(struct map *map)
{
	static const struct luser_array_ops ops = {
		.report = report_problem,
		.claim = claim_chunk,
	};
	struct walk *w = map->w;
	struct bits bits = {
		.map = map,
		.number = luser_linear(map->tree->leaf_bits, w->env.page_shift),
	};

	bits.bitmap = malloc((size_t)1 << (bits.number - 3));
	if (!bits.bitmap ||
	    luser_array_open(&bits.chunk, w->mem, map->tree->chunks->array,
			     map->node.phys, &w->env, true, &ops,
			     &bits) != LUSER_OK)
		w->code = LUSER_NOMEM;
	else
		read_chunks(&bits);
	free(bits.bitmap);
}
