// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Maps that are read while there is no memory for what is in them. No kernel
 * makes such: bitmaps come out of order, more than once, and up to the last
 * address.
 */
#include <string.h>

#include <luser/abi/kho-v1.page.h>
#include <luser/encode.h>
#include <luser/le.h>
#include <luser/walk.h>

#include "calls.h"

#define BASE CALLS_BASE
#define PAGE CALLS_PAGE
#define PAGES 64

/* Bits of a bitmap, and the bytes that the blocks of one take. */
#define BITS (8 * PAGE)
#define REACH(order) ((uint64_t)BITS << (12 + (order)))

/* Where the last bitmap of an order starts. */
#define LAST(order) (-REACH(order))

/**
 * struct bitmap - blocks of one order, each with a chunk for itself
 * @start: address of the first
 * @first, @nr: those that are preserved, and
 * @more:  the one that is too, if not 0
 */
struct bitmap {
	uint32_t order;
	uint64_t start;
	uint32_t first;
	uint32_t nr;
	uint32_t more;
};

static void set_bits(uint8_t *bits, uint32_t first, uint32_t nr)
{
	for (uint32_t bit = first; bit < first + nr; bit++)
		bits[bit / 8] |= (uint8_t)(1 << bit % 8);
}

static enum luser_code put_bitmap(struct luser_image *image,
				  struct luser_array_writer *writer,
				  const struct bitmap *from)
{
	struct luser_kho_v1_page_khoser_mem_bitmap_ptr record = {
		.phys_start = from->start,
	};
	struct luser_slot slot;
	enum luser_code code;
	uint8_t *bits;

	code = luser_array_add_page(writer, NULL);
	if (code == LUSER_OK)
		code = luser_array_add(writer, &slot, NULL);
	if (code == LUSER_OK)
		code = luser_image_alloc(image, 0, false, &record.bitmap, NULL);
	if (code != LUSER_OK)
		return code;
	luser_set_le32(writer->page + 8, from->order);
	luser_kho_v1_page_khoser_mem_bitmap_ptr_pack(&record, slot.at);
	bits = luser_image_at(image, record.bitmap, PAGE);
	set_bits(bits, from->first, from->nr);
	if (from->more)
		set_bits(bits, from->more, 1);
	return code;
}

/* The root is in the first page. */
static enum luser_code put_map(struct luser_image *image,
			       const struct bitmap *bitmaps, size_t nr)
{
	struct luser_array_writer writer;
	enum luser_code code;
	uint64_t root;

	code = luser_image_alloc(image, 0, false, &root, NULL);
	luser_array_begin(&writer, image, luser_kho_v1_page_bitmaps_array(),
			  NULL, 0);
	for (size_t i = 0; code == LUSER_OK && i < nr; i++)
		code = put_bitmap(image, &writer, &bitmaps[i]);
	if (code == LUSER_OK)
		calls_put_root(luser_image_at(image, root, PAGE), "kho-v1",
			       writer.first);
	return code;
}

/**
 * struct read - a map, and what a walk says of it
 * @ranges: the first @nr that are preserved
 */
struct read {
	const struct bitmap *bitmaps;
	size_t nr_bitmaps;
	struct sum *sum;
	struct luser_range ranges[16];
	size_t nr;
};

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct luser_map_cursor cursor = {0};
	struct read *read = ctx;

	if (node->map)
		while (read->nr < 16 &&
		       luser_map_next(node->map, &cursor,
				      &read->ranges[read->nr]))
			read->nr++;
	return LUSER_ENTER;
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	const struct read *read = ctx;

	sum_text(read->sum, finding->rule);
	sum_text(read->sum, finding->found);
}

static enum luser_code walk_map(struct luser_image *image, void *ctx)
{
	static const struct luser_visitor visitor = {
		.enter = enter,
		.finding = finding,
	};
	struct read *read = ctx;
	enum luser_code code = put_map(image, read->bitmaps, read->nr_bitmaps);

	if (code != LUSER_OK)
		return code;
	return calls_walk(image, BASE, PAGE, &visitor, read);
}

/* All of a map is had, or it is said that it is not. */
static enum luser_code has_ranges(struct read *read,
				  const struct luser_range *ranges, size_t nr)
{
	enum luser_code code = calls_image(PAGES, walk_map, read);

	must(code != LUSER_OK ||
	     (read->nr == nr &&
	      !memcmp(read->ranges, ranges, nr * sizeof(*ranges))),
	     "a map is not what it should be");
	return code;
}

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Blocks in a row, of a bitmap that starts there. */
#define BLOCKS(order, start, first, nr)                          \
	{                                                        \
		(start) + ((uint64_t)(first) << (12 + (order))), \
		(uint64_t)(nr) << (12 + (order))                 \
	}

/* From behind; the first bitmap comes in two parts. */
enum luser_code call_unsorted_map(struct sum *sum)
{
	static const struct bitmap bitmaps[] = {
		{0, 3 * REACH(0), 0, BITS, 0},
		{0, 2 * REACH(0), 0, BITS, 0},
		{0, REACH(0), 0, BITS, 0},
		{0, 0, 4090, 10, 0},
		{0, 0, 10, 10, 4200},
	};
	static const struct luser_range ranges[] = {
		BLOCKS(0, 0, 10, 10),
		BLOCKS(0, 0, 4090, 10),
		BLOCKS(0, 0, 4200, 1),
		BLOCKS(0, 0, BITS, 3 * BITS),
	};
	struct read read = {
		.bitmaps = bitmaps,
		.nr_bitmaps = NR(bitmaps),
		.sum = sum,
	};

	return has_ranges(&read, ranges, NR(ranges));
}

/* The last bitmaps of a few orders, with another one between them. */
enum luser_code call_last_blocks(struct sum *sum)
{
	static const struct bitmap bitmaps[] = {
		{28, LAST(28), 1, 2, 5},
		{27, LAST(27), 4000, 5000, 0},
		{24, LAST(24), 9, 1, 12},
		{26, 0, 7, 3, 20},
		{28, LAST(28), 5000, 2, 9000},
		{25, LAST(25), 9, 1, 0},
	};
	static const struct luser_range ranges[] = {
		BLOCKS(26, 0, 7, 3),
		BLOCKS(26, 0, 20, 1),
		BLOCKS(28, LAST(28), 1, 2),
		BLOCKS(28, LAST(28), 5, 1),
		BLOCKS(28, LAST(28), 5000, 2),
		BLOCKS(28, LAST(28), 9000, 1),
		BLOCKS(27, LAST(27), 4000, 5000),
		BLOCKS(25, LAST(25), 9, 1),
		BLOCKS(24, LAST(24), 9, 1),
		BLOCKS(24, LAST(24), 12, 1),
	};
	struct read read = {
		.bitmaps = bitmaps,
		.nr_bitmaps = NR(bitmaps),
		.sum = sum,
	};

	return has_ranges(&read, ranges, NR(ranges));
}
