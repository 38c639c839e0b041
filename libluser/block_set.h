/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Preserved blocks: a set that takes no more memory than the bitmaps it was
 * read from, whatever is in them, and little where they are simple.
 */
#ifndef LUSER_BLOCK_SET_H
#define LUSER_BLOCK_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <luser/walk.h>

#include "pool.h"
#include "ranges.h"

/* Blocks of one order are kept so many at a time. */
#define SPAN_BITS   4096
#define SPAN_SIZE   (SPAN_BITS / 8)
#define SPAN_WORDS  (SPAN_BITS / 64)
#define SPAN_NUMBER 12

/**
 * struct bit_run - blocks in a row
 * @first, @last: numbers in their span
 */
struct bit_run {
	uint16_t first;
	uint16_t last;
};

/**
 * struct span - some of SPAN_BITS blocks of one order, not none
 * @number: that of the first block, by SPAN_BITS
 * @nr:     runs that are listed; 0: there are too many
 * @blocks: in it
 * @nr_runs: that they make up
 * @one:    the only run
 * @runs:   of more than one, in the set's pool
 * @words:  of too many, there too: a bit for each block
 */
struct span {
	uint64_t number;
	uint32_t nr;
	uint16_t blocks;
	uint16_t nr_runs;
	union {
		struct bit_run one;
		struct bit_run *runs;
		uint64_t *words;
	};
};

/**
 * struct layer - the blocks of one order
 * @v:        sorted when the set is finished, each number once
 * @unsorted: not each number is larger than the one before
 */
struct layer {
	struct span *v;
	size_t nr;
	size_t room;
	bool unsorted;
};

/**
 * struct luser_block_set - blocks of all orders
 * @refs:       how many hold it
 * @page_shift: of the kernel that has them
 * @layers:     by order
 * @pool:       what their spans have
 * @nr_ranges:  when finished: the blocks merged
 * @pages:      and what is in them
 * @longs:      those of many pieces, which would take long to look up
 */
struct luser_block_set {
	uint32_t refs;
	uint32_t page_shift;
	struct layer layers[LUSER_MAX_ORDER + 1];
	struct pool pool;
	uint64_t nr_ranges;
	uint64_t pages;
	struct luser_ranges longs;
};

/* block_set.c: making one */
struct luser_block_set *block_set_new(uint32_t page_shift);

/*
 * The blocks of a span: all of them, or those that have their bit set. Spans may
 * come in any order, and more than once. False without memory.
 */
bool block_set_add_full(struct luser_block_set *set, uint32_t order,
			uint64_t number);

/* @nr: how many have. */
bool block_set_add(struct luser_block_set *set, uint32_t order, uint64_t number,
		   const uint8_t bits[SPAN_SIZE], uint64_t *nr);

/* No more is added, and the rest may be called; false without memory. */
bool block_set_finish(struct luser_block_set *set);

/* A number that sets with the same blocks make of @sum; others do not. */
uint64_t block_set_sum(const struct luser_block_set *set, uint64_t sum);

/* A set is made with one hold, and freed with the last; it may be NULL. */
struct luser_block_set *block_set_hold(struct luser_block_set *set);
void block_set_drop(struct luser_block_set *set);

/* block_span.c: blocks of one order */

/*
 * Of a bit for each block, low ones first, of which one is set; false without
 * memory.
 */
bool span_pack(struct pool *pool, struct span *span,
	       const uint8_t bits[SPAN_SIZE]);

/* What is set in @bits stays so. */
void span_unpack(const struct span *span, uint8_t bits[SPAN_SIZE]);
void span_set(uint8_t bits[SPAN_SIZE], uint32_t first, uint32_t count);

/* The next run; @at is 0 at first. False after the last one. */
bool span_next(const struct span *span, uint32_t *at, struct bit_run *run);

/* The last one. */
struct bit_run span_last(const struct span *span);

/* The run that has @bit, from there or further on, or the next one behind it. */
bool span_next_from(const struct span *span, uint32_t bit, struct bit_run *run);

/* block_ranges.c: the blocks in the order of their addresses */
bool block_set_count(struct luser_block_set *set);

/* All pages that there are have more bytes than 64 bits count. */
static inline uint64_t page_bytes(uint64_t pages, uint32_t page_shift)
{
	return pages >> (64 - page_shift) ? UINT64_MAX : pages << page_shift;
}

/* block_find.c: asking, also for no set */

/*
 * How many bytes from @phys on, of @len, are preserved or are not, as the first
 * one is. All are inside the address space, and @len is not 0.
 */
uint64_t block_set_alike(const struct luser_block_set *set, uint64_t phys,
			 uint64_t len, bool *preserved);

/* Whether all bytes of [phys, phys + len) are preserved; 0 is taken for 1. */
bool block_set_have(const struct luser_block_set *set, uint64_t phys,
		    uint64_t len);

/* The order of the block that an address is in; the lowest of several. */
bool block_set_order(const struct luser_block_set *set, uint64_t phys,
		     uint32_t *order);

#endif /* LUSER_BLOCK_SET_H */
