// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The map of preserved memory, from its leaves to ranges of pages.
 */
#include <luser/walk.h>

#include "passes.h"

#define LEAVES 8192

struct map {
	struct bench_map made;
	struct luser_root root;
	struct hand hand;
	uint64_t found;
};

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct map *map = ctx;

	if (node->kind == LUSER_NODE_TREE)
		map->found = node->map->pages + node->map->nr_ranges;
	return LUSER_ENTER;
}

static uint64_t walk(void *ctx)
{
	static const struct luser_visitor visitor = {.enter = enter};
	const struct luser_walk_options options = {
		.page_size = BENCH_PAGE_SIZE,
	};
	struct map *map = ctx;

	map->found = 0;
	luser_walk(map->made.mem, &map->root, &options, &visitor, map, NULL);
	return map->found;
}

static uint64_t by_hand(void *ctx)
{
	const struct map *map = ctx;

	return hand_map(&map->hand, map->made.map, map->made.levels);
}

bool measure_map(const char *pattern, struct bench_tally *tally)
{
	struct map map = {0};
	struct bench_pass passes[] = {
		{"hand", BENCH_HAND, by_hand, &map},
		{"luser", BENCH_LUSER, walk, &map},
	};

	if (bench_map(&map.made, pattern, LEAVES) != LUSER_OK)
		return false;
	map.root = (struct luser_root){
		.role = LUSER_ROLE_UNKNOWN,
		.why = "made here",
		.phys = map.made.fdt,
	};
	map.hand = (struct hand){
		.memory = map.made.memory,
		.base = map.made.base,
		.size = map.made.size,
	};
	bench_measure(&(struct bench_work){
			      .name = "map",
			      .order = pattern,
			      .units = map.made.pages,
			      .expect = by_hand(&map),
			      .passes = passes,
			      .nr_passes = 2,
		      }, tally);
	bench_map_free(&map.made);
	return true;
}
