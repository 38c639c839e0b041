// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The map of preserved memory.
 */
#include "walk_map.h"

/* From now on addresses are held to this map. */
static void finish_map(struct map *map)
{
	struct walk *w = map->w;
	uint64_t twice;

	if (!block_set_finish(map->found.set)) {
		w->code = LUSER_NOMEM;
		return;
	}
	twice = map->found.pages - map->found.set->pages;
	if (twice)
		map_report(map, map->node.phys, "preserved-twice",
			   "memory is preserved under two orders",
			   page_bytes(twice, w->env.page_shift),
			   "each byte once");
	map->found.bytes = page_bytes(map->found.pages, w->env.page_shift);
	map->found.nr_ranges = map->found.set->nr_ranges;
	map->node.map = &map->found;
	w->mapped = map->whole;
}

static void read_map(struct map *map)
{
	struct walk *w = map->w;

	map->found.set = block_set_new(w->env.page_shift);
	if (!map->found.set) {
		w->code = LUSER_NOMEM;
		return;
	}
	block_set_drop(w->preserved);
	w->preserved = map->found.set;
	if (map->tree->chunks)
		map_bitmaps(map);
	else
		map_radix(map);
	finish_map(map);
}

void walk_tree(struct walk *w, const struct luser_node *parent,
	       const struct luser_field *field, const struct luser_tree *tree,
	       uint64_t phys)
{
	struct map map = {
		.w = w,
		.tree = tree,
		.whole = true,
		.node = {
			.parent = parent,
			.kind = LUSER_NODE_TREE,
			.name = tree->name,
			.index = LUSER_NO_INDEX,
			.phys = phys,
			.abi = parent->abi,
			.tree = tree,
			.field = field,
			.env = &w->env,
		},
	};

	if (walk_is_stale(w, tree->freed)) {
		map.node.kind = LUSER_NODE_STALE;
		map.node.why = tree->freed;
	} else {
		read_map(&map);
	}
	if (walk_enter(w, &map.node))
		walk_leave(w, &map.node);
}
