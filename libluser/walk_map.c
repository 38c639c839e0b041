// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The map of preserved memory: reading its pieces, and adding up its blocks.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <luser/le.h>

#include "walk_map.h"

void map_report(struct map *map, uint64_t phys, const char *rule,
		const char *text, uint64_t found, const char *expected)
{
	char buf[32];

	map->whole = false;
	snprintf(buf, sizeof(buf), "0x%" PRIx64, found);
	walk_finding(map->w, &(struct luser_finding){
				     .severity = LUSER_ERROR,
				     .rule = rule,
				     .text = text,
				     .node = &map->node,
				     .phys = phys,
				     .found = buf,
				     .expected = expected,
			     });
}

void map_tell(struct map *map, const struct luser_map_part *part)
{
	struct walk *w = map->w;

	if (w->visitor->map_part && !w->silent)
		w->visitor->map_part(w->ctx, part);
}

/* Blocks [first, first + count) of one order, for who wants to know them. */
static void tell_blocks(struct map *map, uint32_t order, uint64_t first,
			uint64_t count)
{
	uint32_t shift = map->w->env.page_shift + order;

	map_tell(map, &(struct luser_map_part){
			      .kind = LUSER_PART_BLOCKS,
			      .phys = first << shift,
			      .order = order,
			      .count = count,
			      .len = count << shift,
		      });
}

static void add_up(struct map *map, uint32_t order, uint64_t count)
{
	map->found.blocks[order] += count;
	map->found.pages += count << order;
}

static void add_all(struct map *map, uint32_t order, uint64_t first)
{
	tell_blocks(map, order, first, MAP_BITS);
	add_up(map, order, MAP_BITS);
	if (!block_set_add_full(map->found.set, order, first >> SPAN_NUMBER))
		map->w->code = LUSER_NOMEM;
}

/* Where blocks in a row are to be told of. */
struct place {
	struct map *map;
	uint32_t order;
	uint64_t first;
};

static void tell_run(void *ctx, uint64_t first, uint64_t count)
{
	const struct place *place = ctx;

	tell_blocks(place->map, place->order, place->first + first, count);
}

/* Mostly, either no block is preserved in a row, or each. */
static bool are_alike(const uint8_t *bits)
{
	uint64_t first = luser_le64(bits);

	return (!first || !~first) && !memcmp(bits, bits + 8, SPAN_SIZE - 8);
}

void map_add_bits(struct map *map, uint32_t order, uint64_t first,
		  const uint8_t *bits)
{
	uint64_t count = 0;

	if (are_alike(bits)) {
		if (bits[0])
			add_all(map, order, first);
		return;
	}
	if (map->w->visitor->map_part)
		map_runs(bits, SPAN_BITS, tell_run,
			 &(struct place){ map, order, first });
	if (!block_set_add(map->found.set, order, first >> SPAN_NUMBER, bits,
			   &count))
		map->w->code = LUSER_NOMEM;
	add_up(map, order, count);
}

const uint8_t *map_read(struct map *map, uint64_t phys, uint8_t *buf,
			size_t len)
{
	struct walk *w = map->w;
	const uint8_t *view;

	if (walk_claim(w, &map->node, NULL, phys, len)) {
		view = luser_mem_view(w->mem, phys, len);
		if (view)
			walk_count(w, len);
		else if (walk_read(w, &map->node, NULL, phys, buf, len))
			view = buf;
		if (view)
			return view;
	}
	map->whole = false;
	return NULL;
}

void map_runs(const uint8_t *bitmap, uint64_t bits, map_run *run, void *ctx)
{
	uint64_t start = 0;
	bool in_run = false;

	for (uint64_t at = 0; at < bits; at += 64) {
		uint64_t word = luser_le64(bitmap + at / 8);
		uint64_t edges = word ^ (word << 1 | in_run);

		while (edges) {
			uint64_t bit = at + (uint64_t)__builtin_ctzll(edges);

			if (in_run)
				run(ctx, start, bit - start);
			start = bit;
			in_run = !in_run;
			edges &= edges - 1;
		}
	}
	if (in_run)
		run(ctx, start, bits - start);
}
