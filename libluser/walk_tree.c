// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The map of preserved memory: a radix tree whose keys are blocks.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <luser/le.h>

#include "walk_internal.h"

#define MAX_LEVELS 8

/**
 * struct climb - one tree being read
 * @node:  the tree
 * @pages: a page buffer per level, leaf first
 * @map:   what was found
 * @odd:   the last leaf with a key that is no block's
 * @whole: nothing was unreadable or wrong
 */
struct climb {
	struct walk *w;
	struct luser_node node;
	uint32_t key_bits;
	uint32_t table_bits;
	uint32_t leaf_bits;
	uint32_t order_bit;
	uint8_t *pages[MAX_LEVELS];
	struct luser_map map;
	uint64_t odd;
	bool whole;
};

static void report(struct climb *climb, uint64_t phys, const char *rule,
		   const char *text, uint64_t found, const char *expected)
{
	char buf[32];

	climb->whole = false;
	snprintf(buf, sizeof(buf), "0x%" PRIx64, found);
	walk_finding(climb->w, &(struct luser_finding){
				       .severity = LUSER_ERROR,
				       .rule = rule,
				       .text = text,
				       .node = &climb->node,
				       .phys = phys,
				       .found = buf,
				       .expected = expected,
			       });
}

/* A leaf can have thousands of them: the first one is told. */
static void report_key(struct climb *climb, uint64_t phys, uint64_t key)
{
	if (climb->odd != phys)
		report(climb, phys, "order", "a key that is no block's", key,
		       "a key with an order that a kernel has");
	climb->odd = phys;
}

/* Blocks [key, key + count) of one order. */
static void add_blocks(struct climb *climb, uint64_t phys, uint64_t key,
		       uint64_t count)
{
	uint32_t top = 63 - (uint32_t)__builtin_clzll(key);
	uint32_t order = climb->order_bit - top;
	uint32_t shift = climb->w->env.page_shift + order;

	if (top > climb->order_bit || order > LUSER_MAX_ORDER) {
		report_key(climb, phys, key);
		return;
	}
	climb->map.blocks[order] += count;
	climb->map.pages += count << order;
	if (!luser_ranges_add(&climb->w->preserved,
			      (key ^ UINT64_C(1) << top) << shift,
			      count << shift))
		climb->w->code = LUSER_NOMEM;
}

/* A run of set bits; only the first leaf holds keys of several orders. */
static void add_run(struct climb *climb, uint64_t phys, uint64_t key,
		    uint64_t count)
{
	if (!key) {
		report_key(climb, phys, key);
		key++;
		count--;
	}
	while (count) {
		uint64_t room = key ? (UINT64_C(2)
				       << (63 - __builtin_clzll(key))) - key :
				      0;
		uint64_t n = count < room ? count : room;

		add_blocks(climb, phys, key, n);
		key += n;
		count -= n;
	}
}

static void read_leaf(struct climb *climb, uint64_t phys, const uint8_t *page,
		      uint64_t prefix)
{
	uint64_t bits = UINT64_C(1) << climb->leaf_bits;
	uint64_t start = 0;
	bool in_run = false;

	for (uint64_t at = 0; at < bits; at += 64) {
		uint64_t word = luser_le64(page + at / 8);
		uint64_t edges = word ^ (word << 1 | in_run);

		while (edges) {
			uint64_t bit =
				at + (uint64_t)__builtin_ctzll(edges);

			if (in_run)
				add_run(climb, phys, prefix + start,
					bit - start);
			start = bit;
			in_run = !in_run;
			edges &= edges - 1;
		}
	}
	if (in_run)
		add_run(climb, phys, prefix + start, bits - start);
}

static bool read_node(struct climb *climb, uint64_t from, uint64_t phys,
		      uint8_t *page)
{
	struct walk *w = climb->w;

	if (phys % w->env.page_size) {
		report(climb, from, "page-alignment",
		       "the address of a page is not aligned", phys,
		       "a multiple of the page size");
		return false;
	}
	if (walk_claim(w, &climb->node, NULL, phys, w->env.page_size) &&
	    walk_read(w, &climb->node, NULL, phys, page, w->env.page_size))
		return true;
	climb->whole = false;
	return false;
}

static void read_level(struct climb *climb, uint64_t from, uint64_t phys,
		       uint32_t level, uint64_t prefix)
{
	uint8_t *page = climb->pages[level];
	uint64_t entries = UINT64_C(1) << climb->table_bits;
	uint32_t shift =
		climb->leaf_bits + (level ? level - 1 : 0) * climb->table_bits;

	if (walk_over(climb->w) || !read_node(climb, from, phys, page))
		return;
	if (!level) {
		read_leaf(climb, phys, page, prefix);
		return;
	}
	for (uint64_t i = 0; i < entries; i++) {
		uint64_t child = luser_le64(page + i * 8);

		if (!child)
			continue;
		if ((prefix + (i << shift)) >> climb->key_bits)
			report(climb, phys + i * 8, "key",
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
	       climb->table_bits + 1;
}

static bool make_pages(struct climb *climb, uint32_t levels)
{
	for (uint32_t i = 0; i < levels; i++) {
		climb->pages[i] = malloc(climb->w->env.page_size);
		if (!climb->pages[i])
			climb->w->code = LUSER_NOMEM;
	}
	return !walk_over(climb->w);
}

static void finish_map(struct climb *climb, uint64_t phys)
{
	struct walk *w = climb->w;
	uint64_t twice = luser_ranges_merge(&w->preserved);

	if (twice)
		report(climb, phys, "preserved-twice",
		       "memory is preserved under two orders", twice,
		       "each byte once");
	climb->map.bytes = climb->map.pages << w->env.page_shift;
	climb->map.ranges = w->preserved.v;
	climb->map.nr_ranges = w->preserved.nr;
	w->mapped = climb->whole;
}

static void climb_init(struct climb *climb, struct walk *w,
		       const struct luser_tree *tree)
{
	uint32_t shift = w->env.page_shift;

	climb->w = w;
	climb->key_bits = luser_linear(tree->key_bits, shift);
	climb->table_bits = luser_linear(tree->table_bits, shift);
	climb->leaf_bits = luser_linear(tree->leaf_bits, shift);
	climb->order_bit = luser_linear(tree->order_bit, shift);
	climb->odd = LUSER_NO_PHYS;
	climb->whole = true;
}

void walk_tree(struct walk *w, const struct luser_node *parent,
	       const struct luser_field *field, const struct luser_tree *tree,
	       uint64_t phys)
{
	struct climb climb = {
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
	uint32_t levels;

	climb_init(&climb, w, tree);
	levels = levels_of(&climb);
	if (walk_is_stale(w, tree->freed)) {
		climb.node.kind = LUSER_NODE_STALE;
		climb.node.why = tree->freed;
	} else if (levels <= MAX_LEVELS && make_pages(&climb, levels)) {
		read_level(&climb, parent->phys, phys, levels - 1, 0);
		finish_map(&climb, phys);
		climb.node.map = &climb.map;
	}
	if (walk_enter(w, &climb.node))
		walk_leave(w, &climb.node);
	for (uint32_t i = 0; i < MAX_LEVELS; i++)
		free(climb.pages[i]);
}
