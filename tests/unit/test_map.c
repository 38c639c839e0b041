// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Maps of preserved memory: the ranges that a walk merges the blocks into, beside
 * those that come out of setting a bit for each page.
 */
#include <endian.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include <luser/le.h>
#include <luser/walk.h>

#include "handover.h"
#include "run_case.h"

#define PAGE  UINT64_C(4096)
#define LEAF  32768
#define PAGES (2 * LEAF)

/**
 * struct naive - what is preserved, page by page
 * @pages:  whether each is
 * @blocks: blocks by order
 * @twice:  pages that were preserved before
 */
struct naive {
	bool pages[PAGES];
	uint64_t blocks[LUSER_MAX_ORDER + 1];
	uint64_t twice;
};

static struct handover h;
static struct naive naive;
static uint64_t map;
static uint64_t random_state;

static void setup(void)
{
	uint64_t value;
	void *fdt;

	memset(&naive, 0, sizeof(naive));
	random_state = 1;
	handover_begin(&h, PAGE, 0);
	map = handover_page(&h);
	handover_finish(&h);
	value = htole64(map);
	fdt = luser_image_at(h.image, h.root.phys, PAGE);
	ck_assert_int_eq(fdt_setprop_inplace(fdt, 0, "preserved-memory-map",
					     &value, sizeof(value)),
			 0);
}

static void teardown(void)
{
	handover_end(&h);
}

static uint64_t draw(uint64_t below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1;
	return (random_state >> 33) % below;
}

static uint8_t *at_phys(uint64_t phys)
{
	return luser_image_at(h.image, phys, 1);
}

/* The leaf of a key, in a tree of five tables with 512 entries each. */
static uint64_t leaf_of(uint64_t key)
{
	uint64_t at = map;

	for (int shift = 15 + 4 * 9; shift >= 15; shift -= 9) {
		uint8_t *entry = at_phys(at + (key >> shift & 0x1ff) * 8);

		if (!luser_le64(entry))
			luser_set_le64(entry, handover_page(&h));
		at = luser_le64(entry);
	}
	return at;
}

/* Preserves a block in the map, and in the other one. */
static void add(uint32_t order, uint64_t block)
{
	uint64_t key = (UINT64_C(1) << (52 - order)) + block;
	uint8_t *bits = at_phys(leaf_of(key) + key % LEAF / 8);
	uint64_t page = block << order;

	if (*bits >> key % 8 & 1)
		return;
	*bits |= (uint8_t)(1 << key % 8);
	naive.blocks[order]++;
	for (uint64_t i = page; i < page + (UINT64_C(1) << order); i++) {
		naive.twice += naive.pages[i];
		naive.pages[i] = true;
	}
}

static bool next_naive(uint64_t *at, struct luser_range *range)
{
	uint64_t start = *at, end;

	while (start < PAGES && !naive.pages[start])
		start++;
	for (end = start; end < PAGES && naive.pages[end];)
		end++;
	*at = end;
	*range = (struct luser_range){start * PAGE, (end - start) * PAGE};
	return start < PAGES;
}

static uint64_t pages_by_order(void)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i <= LUSER_MAX_ORDER; i++)
		pages += naive.blocks[i] << i;
	return pages;
}

static void compare(const struct luser_map *other)
{
	struct luser_map_cursor cursor = {0};
	struct luser_range range, expected;
	uint64_t at = 0, nr = 0;

	ck_assert_int_eq(memcmp(other->blocks, naive.blocks,
				sizeof(naive.blocks)),
			 0);
	ck_assert_uint_eq(other->pages, pages_by_order());
	ck_assert_uint_eq(other->bytes, pages_by_order() * PAGE);
	while (next_naive(&at, &expected)) {
		ck_assert(luser_map_next(other, &cursor, &range));
		ck_assert_uint_eq(range.start, expected.start);
		ck_assert_uint_eq(range.len, expected.len);
		nr++;
	}
	ck_assert(!luser_map_next(other, &cursor, &range));
	ck_assert_uint_eq(other->nr_ranges, nr);
}

/**
 * struct kept - what a walk says
 * @map:   its map, kept
 * @twice: what it found preserved under two orders, in bytes
 */
struct kept {
	struct luser_map map;
	uint64_t twice;
};

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct kept *kept = ctx;

	if (node->kind != LUSER_NODE_TREE)
		return LUSER_ENTER;
	compare(node->map);
	kept->map = luser_map_keep(node->map);
	return LUSER_ENTER;
}

static void finding(void *ctx, const struct luser_finding *one)
{
	struct kept *kept = ctx;

	if (!strcmp(one->rule, "preserved-twice"))
		kept->twice = strtoull(one->found, NULL, 16);
}

/* What comes out is the same during the walk and after it. */
static void walk_and_compare(void)
{
	static const struct luser_visitor visitor = {
		.enter = enter,
		.finding = finding,
	};
	struct kept kept = {0};
	struct luser_mem *mem;

	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &h.root, NULL, &visitor, &kept, NULL),
			 LUSER_OK);
	luser_mem_close(mem);
	compare(&kept.map);
	ck_assert_uint_eq(kept.twice, naive.twice * PAGE);
	luser_map_drop(&kept.map);
	ck_assert_ptr_null(kept.map.set);
}

START_TEST(nothing)
{
	walk_and_compare();
}
END_TEST

START_TEST(every_page)
{
	for (uint64_t i = 0; i < PAGES; i++)
		add(0, i);
	walk_and_compare();
}
END_TEST

START_TEST(every_other_page)
{
	for (uint64_t i = 0; i < PAGES; i += 2)
		add(0, i + (uint64_t)_i);
	walk_and_compare();
}
END_TEST

/* An eighth of all, and fewer. */
START_TEST(any_pages)
{
	for (uint64_t i = 0; i < PAGES; i++)
		if (draw(UINT64_C(1) << 4 * _i) < 2)
			add(0, i);
	walk_and_compare();
}
END_TEST

/* Larger blocks and smaller ones, side by side, with gaps or without. */
START_TEST(any_blocks)
{
	uint64_t page = 0;

	while (page < PAGES) {
		uint32_t order = (uint32_t)draw(12);

		while (page & ((UINT64_C(1) << order) - 1) ||
		       page + (UINT64_C(1) << order) > PAGES)
			order--;
		if (draw(10) >= 4 * (uint64_t)_i)
			add(order, page >> order);
		page += UINT64_C(1) << order;
	}
	walk_and_compare();
}
END_TEST

/* Dense in one order, and another one begins or ends in the midst of it. */
START_TEST(blocks_beside_dense_ones)
{
	for (uint64_t i = 0; i < PAGES; i++)
		if (i / 4096 % 3 && draw(2))
			add(0, i);
	for (uint64_t i = 0; i < PAGES >> 3; i++)
		if (!(i / 512 % 3) && (draw(2) || !(i % 512)))
			add(3, i);
	ck_assert_uint_eq(naive.twice, 0);
	walk_and_compare();
}
END_TEST

START_TEST(blocks_twice)
{
	for (uint64_t i = 0; i < PAGES; i += 2)
		if (draw(3))
			add(0, i);
	for (int i = 0; i < 50; i++) {
		uint32_t order = (uint32_t)draw(12);

		add(order, draw(PAGES >> order));
	}
	ck_assert_uint_gt(naive.twice, 0);
	walk_and_compare();
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("map");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing);
	tcase_add_test(tc, every_page);
	tcase_add_loop_test(tc, every_other_page, 0, 2);
	tcase_add_loop_test(tc, any_pages, 1, 4);
	tcase_add_loop_test(tc, any_blocks, 0, 3);
	tcase_add_test(tc, blocks_beside_dense_ones);
	tcase_add_test(tc, blocks_twice);
	return run_case("map", tc);
}
