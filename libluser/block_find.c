// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Asking about preserved blocks.
 */
#include "block_set.h"

/* The first span that is not before one with this number. */
static size_t span_from(const struct layer *layer, uint64_t number)
{
	size_t low = 0, high = layer->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (layer->v[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct span *span_of(const struct layer *layer, uint64_t block)
{
	uint64_t number = block >> SPAN_NUMBER;
	size_t i = span_from(layer, number);

	return i < layer->nr && layer->v[i].number == number ? &layer->v[i]
							     : NULL;
}

/* The page behind the blocks in a row that have @page, or 0. */
static uint64_t run_end(const struct luser_block_set *set, uint32_t order,
			uint64_t page)
{
	uint64_t block = page >> order;
	const struct span *span = span_of(&set->layers[order], block);
	uint32_t bit = block % SPAN_BITS;
	struct bit_run run;

	if (!span || !span_next_from(span, bit, &run) || run.first > bit)
		return 0;
	return ((span->number << SPAN_NUMBER) + run.last + 1) << order;
}

/* The page up to which all are preserved from @page on, or nearer; or 0. */
static uint64_t end_of(const struct luser_block_set *set, uint64_t page)
{
	const struct luser_range *range =
		luser_ranges_at(&set->longs, page << set->page_shift);
	uint64_t end = 0;

	if (range)
		return ((range->start + (range->len - 1)) >> set->page_shift) +
		       1;
	for (uint32_t i = 0; i <= LUSER_MAX_ORDER; i++) {
		uint64_t other = run_end(set, i, page);

		if (other > end)
			end = other;
	}
	return end;
}

/* The page behind @page, which is in none, where blocks of one order go on. */
static uint64_t run_start(const struct luser_block_set *set, uint32_t order,
			  uint64_t page)
{
	const struct layer *layer = &set->layers[order];
	uint64_t block = page >> order;
	uint64_t number = block >> SPAN_NUMBER;
	struct bit_run run;

	for (size_t i = span_from(layer, number); i < layer->nr; i++) {
		const struct span *span = &layer->v[i];
		uint32_t bit = span->number == number ? block % SPAN_BITS : 0;

		if (span_next_from(span, bit, &run))
			return ((span->number << SPAN_NUMBER) + run.first)
			       << order;
	}
	return UINT64_MAX;
}

/* The same for all orders. */
static uint64_t start_behind(const struct luser_block_set *set, uint64_t page)
{
	uint64_t start = UINT64_MAX;

	for (uint32_t i = 0; i <= LUSER_MAX_ORDER; i++) {
		uint64_t other = run_start(set, i, page);

		if (other < start)
			start = other;
	}
	return start;
}

uint64_t block_set_alike(const struct luser_block_set *set, uint64_t phys,
			 uint64_t len, bool *preserved)
{
	uint64_t page, last, end, next;

	*preserved = false;
	if (!set)
		return len;
	page = phys >> set->page_shift;
	last = (phys + (len - 1)) >> set->page_shift;
	next = end_of(set, page);
	*preserved = next;
	if (!next)
		next = start_behind(set, page);
	/* What is of many pieces is one of the long ranges: few steps. */
	do {
		end = next;
		next = *preserved && end <= last ? end_of(set, end) : 0;
	} while (next);
	return end > last ? len : (end << set->page_shift) - phys;
}

bool block_set_have(const struct luser_block_set *set, uint64_t phys,
		    uint64_t len)
{
	bool preserved;

	len += !len;
	return len - 1 <= UINT64_MAX - phys &&
	       block_set_alike(set, phys, len, &preserved) == len && preserved;
}

bool block_set_order(const struct luser_block_set *set, uint64_t phys,
		     uint32_t *order)
{
	for (uint32_t i = 0; set && i <= LUSER_MAX_ORDER; i++)
		if (run_end(set, i, phys >> set->page_shift)) {
			*order = i;
			return true;
		}
	return false;
}
