// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Asking about preserved blocks.
 */
#include "block_set.h"

static const struct span *span_of(const struct layer *layer, uint64_t block)
{
	uint64_t number = block >> SPAN_NUMBER;
	size_t low = 0, high = layer->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (layer->v[mid].number == number)
			return &layer->v[mid];
		if (layer->v[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* The page behind the blocks in a row that have @page, or 0. */
static uint64_t run_end(const struct luser_block_set *set, uint32_t order,
			uint64_t page)
{
	uint64_t block = page >> order;
	const struct span *span = span_of(&set->layers[order], block);
	uint32_t end;

	if (!span)
		return 0;
	end = span_run_end(span, block % SPAN_BITS);
	return end ? ((span->number << SPAN_NUMBER) + end) << order : 0;
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

bool block_set_have(const struct luser_block_set *set, uint64_t phys,
		    uint64_t len)
{
	uint64_t page, last;

	if (!set || (len && len - 1 > UINT64_MAX - phys))
		return false;
	page = phys >> set->page_shift;
	last = (phys + (len ? len - 1 : 0)) >> set->page_shift;
	/* What is of many pieces is one of the long ranges: few steps. */
	do {
		page = end_of(set, page);
	} while (page && page <= last);
	return page;
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
