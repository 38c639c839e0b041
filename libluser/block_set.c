// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Gathering the preserved blocks.
 */
#include <stdlib.h>

#include "block_set.h"
#include "mix.h"

struct luser_block_set *block_set_new(uint32_t page_shift)
{
	struct luser_block_set *set = calloc(1, sizeof(*set));

	if (set) {
		set->page_shift = page_shift;
		set->refs = 1;
	}
	return set;
}

static struct span *append(struct layer *layer, uint64_t number)
{
	size_t room = layer->room ? layer->room * 2 : 16;
	struct span *v = layer->v;

	if (layer->nr == layer->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return NULL;
		layer->v = v;
		layer->room = room;
	}
	if (layer->nr && v[layer->nr - 1].number >= number)
		layer->unsorted = true;
	v[layer->nr].number = number;
	return &v[layer->nr];
}

/* All blocks of a span, whose bits need not be looked at. */
bool block_set_add_full(struct luser_block_set *set, uint32_t order,
			uint64_t number)
{
	struct layer *layer = &set->layers[order];
	struct span *span = append(layer, number);

	if (!span)
		return false;
	span->nr = 1;
	span->blocks = SPAN_BITS;
	span->nr_runs = 1;
	span->one = (struct bit_run){ 0, SPAN_BITS - 1 };
	layer->nr++;
	return true;
}

bool block_set_add(struct luser_block_set *set, uint32_t order, uint64_t number,
		   const uint8_t bits[SPAN_SIZE], uint64_t *nr)
{
	struct layer *layer = &set->layers[order];
	struct span *span = append(layer, number);

	if (!span || !span_pack(&set->pool, span, bits))
		return false;
	*nr = span->blocks;
	layer->nr++;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* Spans of one number become one. */
static bool join(struct pool *pool, struct span *into, const struct span *span)
{
	uint8_t bits[SPAN_SIZE] = { 0 };
	struct span joined = { .number = into->number };

	span_unpack(into, bits);
	span_unpack(span, bits);
	if (!span_pack(pool, &joined, bits))
		return false;
	*into = joined;
	return true;
}

static bool sort_layer(struct pool *pool, struct layer *layer)
{
	size_t out = 0;
	bool ok = true;

	if (!layer->unsorted)
		return true;
	layer->unsorted = false;
	qsort(layer->v, layer->nr, sizeof(*layer->v), by_number);
	for (size_t i = 1; i < layer->nr; i++) {
		if (ok && layer->v[i].number == layer->v[out].number) {
			ok = join(pool, &layer->v[out], &layer->v[i]);
			if (ok)
				continue;
		}
		layer->v[++out] = layer->v[i];
	}
	layer->nr = out + 1;
	return ok;
}

bool block_set_finish(struct luser_block_set *set)
{
	bool ok = true;

	for (uint32_t i = 0; i <= LUSER_MAX_ORDER; i++)
		ok = ok && sort_layer(&set->pool, &set->layers[i]);
	return ok && block_set_count(set);
}

static uint64_t mix_span(uint64_t sum, const struct span *span)
{
	struct bit_run run;
	uint32_t at = 0;

	sum = luser_mix(sum, span->number);
	if (!span->nr)
		for (size_t i = 0; i < SPAN_WORDS; i++)
			sum = luser_mix(sum, span->words[i]);
	else
		while (span_next(span, &at, &run))
			sum = luser_mix(sum,
					(uint64_t)run.first << 16 | run.last);
	return sum;
}

uint64_t block_set_sum(const struct luser_block_set *set, uint64_t sum)
{
	sum = luser_mix(sum, set->page_shift);
	for (uint32_t i = 0; i <= LUSER_MAX_ORDER; i++) {
		sum = luser_mix(sum, set->layers[i].nr);
		for (size_t k = 0; k < set->layers[i].nr; k++)
			sum = mix_span(sum, &set->layers[i].v[k]);
	}
	return sum;
}

struct luser_block_set *block_set_hold(struct luser_block_set *set)
{
	if (set)
		set->refs++;
	return set;
}

struct luser_map luser_map_keep(const struct luser_map *map)
{
	block_set_hold(map->set);
	return *map;
}

void luser_map_drop(struct luser_map *map)
{
	block_set_drop(map->set);
	*map = (struct luser_map){ 0 };
}

void block_set_drop(struct luser_block_set *set)
{
	if (!set || --set->refs)
		return;
	for (uint32_t i = 0; i <= LUSER_MAX_ORDER; i++)
		free(set->layers[i].v);
	pool_free(&set->pool);
	luser_ranges_free(&set->longs);
	free(set);
}
