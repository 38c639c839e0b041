// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "save_index.h"

#define FIRST_BITS 8

static size_t bucket_of(const struct save_index *index, uint64_t phys)
{
	/* Fibonacci hashing: pages in a row go to different buckets. */
	return (size_t)((phys / SAVE_INDEX_PAGE * 0x9e3779b97f4a7c15) >>
			(64 - index->bits));
}

static uint32_t first_in(const struct save_index *index, uint64_t phys)
{
	if (!index->buckets)
		return SAVE_INDEX_NONE;
	return index->buckets[bucket_of(index, phys)];
}

static const struct save_piece *holder(const struct save_index *index,
				       uint64_t phys)
{
	uint32_t i = first_in(index, phys);

	for (; i != SAVE_INDEX_NONE; i = index->pieces[i].next) {
		const struct save_piece *piece = &index->pieces[i];

		if (phys >= piece->phys && phys - piece->phys < piece->len)
			return piece;
	}
	return NULL;
}

static uint64_t end_of_gap(const struct save_index *index, uint64_t phys,
			   uint64_t end)
{
	uint32_t i = first_in(index, phys);

	for (; i != SAVE_INDEX_NONE; i = index->pieces[i].next) {
		const struct save_piece *piece = &index->pieces[i];

		if (piece->phys > phys && piece->phys < end)
			end = piece->phys;
	}
	return end;
}

bool save_index_gap(const struct save_index *index, uint64_t phys, uint64_t end,
		    uint64_t *gap, uint64_t *gap_end)
{
	const struct save_piece *piece;

	while (phys < end && (piece = holder(index, phys)))
		phys = piece->phys + piece->len;
	if (phys >= end)
		return false;
	*gap = phys;
	*gap_end = end_of_gap(index, phys, end);
	return true;
}

static void link_piece(struct save_index *index, uint32_t i)
{
	struct save_piece *piece = &index->pieces[i];
	uint32_t *bucket = &index->buckets[bucket_of(index, piece->phys)];

	piece->next = *bucket;
	*bucket = i;
}

/* As many buckets as pieces fit in: both double together. */
static bool grow(struct save_index *index)
{
	unsigned int bits = index->bits ? index->bits + 1 : FIRST_BITS;
	size_t count = (size_t)1 << bits;
	struct save_piece *pieces;
	uint32_t *buckets;
	size_t i;

	if (bits > 31)
		return false;
	pieces = reallocarray(index->pieces, count, sizeof(*pieces));
	if (!pieces)
		return false;
	index->pieces = pieces;
	buckets = malloc(count * sizeof(*buckets));
	if (!buckets)
		return false;
	free(index->buckets);
	index->buckets = buckets;
	index->bits = bits;
	for (i = 0; i < count; i++)
		buckets[i] = SAVE_INDEX_NONE;
	for (i = 0; i < index->nr_pieces; i++)
		link_piece(index, (uint32_t)i);
	return true;
}

bool save_index_add(struct save_index *index, uint64_t phys, uint32_t len,
		    uint64_t at)
{
	size_t n = index->nr_pieces;

	if ((!index->bits || n == (size_t)1 << index->bits) && !grow(index))
		return false;
	index->pieces[n] = (struct save_piece){
		.phys = phys, .at = at, .len = len,
	};
	link_piece(index, (uint32_t)n);
	index->nr_pieces++;
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct save_piece *x = a;
	const struct save_piece *y = b;

	return (x->phys > y->phys) - (x->phys < y->phys);
}

void save_index_sort(struct save_index *index)
{
	if (index->nr_pieces)
		qsort(index->pieces, index->nr_pieces, sizeof(*index->pieces),
		      by_address);
}

const struct save_piece *save_index_find(const struct save_index *index,
					 uint64_t phys)
{
	size_t low = 0;
	size_t high = index->nr_pieces;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct save_piece *piece = &index->pieces[mid];

		if (phys < piece->phys)
			high = mid;
		else if (phys - piece->phys >= piece->len)
			low = mid + 1;
		else
			return piece;
	}
	return NULL;
}

void save_index_free(struct save_index *index)
{
	free(index->pieces);
	free(index->buckets);
}
