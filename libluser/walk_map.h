/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The map of preserved memory as it is gathered, block by block.
 */
#ifndef LUSER_WALK_MAP_H
#define LUSER_WALK_MAP_H

#include "block_set.h"
#include "walk_internal.h"

/**
 * struct map - one map being read
 * @w:     the walk
 * @node:  the tree
 * @tree:  how it is made
 * @found: what was found, with a set of its own
 * @whole: nothing was unreadable or wrong
 */
struct map {
	struct walk *w;
	struct luser_node node;
	const struct luser_tree *tree;
	struct luser_map found;
	bool whole;
};

/* Bits that map_add_bits() takes at once. */
#define MAP_BITS SPAN_BITS

/* Told of each run of set bits. */
typedef void map_run(void *ctx, uint64_t first, uint64_t count);

/* walk_map.c: what both kinds of maps are made of */
void map_report(struct map *map, uint64_t phys, const char *rule,
		const char *text, uint64_t found, const char *expected);
void map_tell(struct map *map, const struct luser_map_part *part);

/* MAP_BITS blocks of one order; @first is a multiple of that. */
void map_add_bits(struct map *map, uint32_t order, uint64_t first,
		  const uint8_t *bits);

/* Where @len bytes are to be seen: in place, or in @buf; NULL: they cannot. */
const uint8_t *map_read(struct map *map, uint64_t phys, uint8_t *buf,
			size_t len);
void map_runs(const uint8_t *bitmap, uint64_t bits, map_run *run, void *ctx);

/* walk_radix.c: a tree of pages */
void map_radix(struct map *map);

/* walk_bitmaps.c: bitmaps that an array lists */
void map_bitmaps(struct map *map);

#endif /* LUSER_WALK_MAP_H */
