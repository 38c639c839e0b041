// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Preserved memory in the order of addresses: the blocks of all orders, merged
 * into ranges as they are asked for.
 */
#include "block_set.h"

/* A range of more pieces is noted, so that it is found at once. */
#define MANY_PIECES 16

/* The next blocks in a row of one order. */
static bool step(const struct luser_block_set *set,
		 struct luser_map_piece *piece)
{
	const struct layer *layer = &set->layers[piece->order];
	struct bit_run run;

	for (; piece->span < layer->nr; piece->span++, piece->at = 0) {
		const struct span *span = &layer->v[piece->span];
		uint64_t base = span->number << SPAN_NUMBER;

		piece->is_first = !piece->at;
		if (!span_next(span, &piece->at, &run))
			continue;
		piece->start = (base + run.first) << piece->order;
		piece->end = (base + run.last + 1) << piece->order;
		return true;
	}
	return false;
}

static void begin(const struct luser_block_set *set,
		  struct luser_map_cursor *cursor)
{
	cursor->begun = true;
	for (uint32_t i = 0; i <= LUSER_MAX_ORDER; i++) {
		struct luser_map_piece *piece = &cursor->pieces[cursor->nr];

		piece->order = i;
		cursor->nr += step(set, piece);
	}
}

static struct luser_map_piece *lowest(struct luser_map_cursor *cursor)
{
	struct luser_map_piece *found = cursor->nr ? cursor->pieces : NULL;

	for (uint32_t i = 1; i < cursor->nr; i++)
		if (cursor->pieces[i].start < found->start)
			found = &cursor->pieces[i];
	return found;
}

static void advance(const struct luser_block_set *set,
		    struct luser_map_cursor *cursor,
		    struct luser_map_piece *piece)
{
	if (!step(set, piece))
		*piece = cursor->pieces[--cursor->nr];
}

/*
 * The length of a range is a number of 64 bits, which all of the address space
 * has not: no range reaches across its middle.
 */
static bool continues(const struct luser_block_set *set, uint64_t end,
		      uint64_t start)
{
	return start < end ||
	       (start == end && start != UINT64_C(1) << (63 - set->page_shift));
}

bool luser_map_next(const struct luser_map *map,
		    struct luser_map_cursor *cursor, struct luser_range *range)
{
	const struct luser_block_set *set = map->set;
	struct luser_map_piece *piece;
	uint64_t start, end;

	if (set && !cursor->begun)
		begin(set, cursor);
	piece = lowest(cursor);
	if (!piece)
		return false;
	start = piece->start;
	end = piece->end;
	do {
		if (piece->end > end)
			end = piece->end;
		advance(set, cursor, piece);
		piece = lowest(cursor);
	} while (piece && continues(set, end, piece->start));
	range->start = start << set->page_shift;
	range->len = (end - start) << set->page_shift;
	return true;
}

/**
 * struct count - ranges being counted
 * @start, @end: of the last one so far, in pages
 * @nr_pieces: of it
 */
struct count {
	struct luser_block_set *set;
	uint64_t start;
	uint64_t end;
	uint64_t nr_pieces;
	bool nomem;
};

static void end_range(struct count *count)
{
	struct luser_block_set *set = count->set;
	uint32_t shift = set->page_shift;

	if (count->nr_pieces > MANY_PIECES &&
	    !luser_ranges_add(&set->longs, count->start << shift,
			      (count->end - count->start) << shift))
		count->nomem = true;
	count->nr_pieces = 0;
}

static void add_piece(struct count *count, uint64_t start, uint64_t end)
{
	if (!count->nr_pieces || !continues(count->set, count->end, start)) {
		end_range(count);
		count->start = start;
		count->end = start;
		count->set->nr_ranges++;
	}
	count->nr_pieces++;
	if (end <= count->end)
		return;
	count->set->pages += end - count->end;
	count->end = end;
}

/* Whether a piece is the first of a span, and no other order has any there. */
static bool is_alone(const struct count *count,
		     const struct luser_map_cursor *cursor,
		     const struct luser_map_piece *piece,
		     const struct span *span)
{
	uint64_t end = (span->number + 1) << SPAN_NUMBER << piece->order;

	if (!piece->is_first || piece->start < count->end)
		return false;
	for (uint32_t i = 0; i < cursor->nr; i++)
		if (&cursor->pieces[i] != piece &&
		    cursor->pieces[i].start < end)
			return false;
	return true;
}

/* All of a span at once, whose first run @piece is. */
static void add_span(struct count *count, struct luser_map_piece *piece,
		     const struct span *span)
{
	struct luser_block_set *set = count->set;
	uint64_t base = span->number << SPAN_NUMBER;
	struct bit_run last;

	add_piece(count, piece->start, piece->end);
	piece->span++;
	piece->at = 0;
	if (span->nr_runs == 1)
		return;
	end_range(count);
	last = span_last(span);
	set->nr_ranges += span->nr_runs - 1U;
	set->pages += ((uint64_t)span->blocks << piece->order) -
		      (piece->end - piece->start);
	count->start = (base + last.first) << piece->order;
	count->end = (base + last.last + 1) << piece->order;
	count->nr_pieces = 1;
}

bool block_set_count(struct luser_block_set *set)
{
	struct luser_map_cursor cursor = { 0 };
	struct count count = { .set = set };
	struct luser_map_piece *piece;

	begin(set, &cursor);
	while ((piece = lowest(&cursor))) {
		const struct span *span =
			&set->layers[piece->order].v[piece->span];

		if (is_alone(&count, &cursor, piece, span))
			add_span(&count, piece, span);
		else
			add_piece(&count, piece->start, piece->end);
		advance(set, &cursor, piece);
	}
	end_range(&count);
	return !count.nomem;
}
