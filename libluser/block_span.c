// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Preserved blocks of one order, some thousand in a row.
 */
#include <string.h>

#include "block_set.h"

/* More take more room than a bit for each block. */
#define MAX_RUNS (SPAN_BITS / 8 / sizeof(struct bit_run))

_Static_assert(SPAN_BITS / 8 <= POOL_MAX_PIECE, "a span's words are a piece");

/* Bytes of a word count up to eight bits each, so that many words add up. */
static uint64_t count_bytes(uint64_t word)
{
	word -= word >> 1 & UINT64_C(0x5555555555555555);
	word = (word & UINT64_C(0x3333333333333333)) +
	       (word >> 2 & UINT64_C(0x3333333333333333));
	return (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
}

static uint32_t span_count(const uint64_t words[SPAN_WORDS])
{
	uint32_t count = 0;

	/* Many words at once: the builtin is a call for each. */
	for (size_t i = 0; i < SPAN_WORDS; i += 16) {
		uint64_t bytes = 0;

		for (size_t k = 0; k < 16; k++)
			bytes += count_bytes(words[i + k]);
		bytes = (bytes & UINT64_C(0x00ff00ff00ff00ff)) +
			(bytes >> 8 & UINT64_C(0x00ff00ff00ff00ff));
		count += (uint32_t)(bytes * UINT64_C(0x0001000100010001) >> 48);
	}
	return count;
}

static uint32_t span_count_runs(const uint64_t words[SPAN_WORDS])
{
	uint64_t firsts[SPAN_WORDS];
	uint64_t before = 0;

	for (size_t i = 0; i < SPAN_WORDS; i++) {
		firsts[i] = words[i] & ~(words[i] << 1 | before);
		before = words[i] >> 63;
	}
	return span_count(firsts);
}

/* The first bit from @bit on that is set, or with @flip ~0, that is not. */
static uint32_t find_bit(const uint64_t words[SPAN_WORDS], uint32_t bit,
			 uint64_t flip)
{
	uint64_t left;

	if (bit == SPAN_BITS)
		return bit;
	left = (words[bit / 64] ^ flip) >> bit % 64;
	if (left)
		return bit + (uint32_t)__builtin_ctzll(left);
	for (uint32_t i = bit / 64 + 1; i < SPAN_WORDS; i++)
		if (words[i] ^ flip)
			return i * 64 +
			       (uint32_t)__builtin_ctzll(words[i] ^ flip);
	return SPAN_BITS;
}

static bool next_run(const uint64_t words[SPAN_WORDS], uint32_t *at,
		     struct bit_run *run)
{
	uint32_t first = find_bit(words, *at, 0);

	if (first == SPAN_BITS)
		return false;
	*at = find_bit(words, first, ~UINT64_C(0));
	run->first = (uint16_t)first;
	run->last = (uint16_t)(*at - 1);
	return true;
}

/* As many as are listed, and what the last word that is looked at has. */
#define MAX_EDGES (2 * MAX_RUNS + 64)

/*
 * Where runs begin and end, in turn: where a bit changes, or just before. How
 * many that are; more than 2 * MAX_RUNS if there are too many.
 */
static uint32_t take_edges(const uint64_t words[SPAN_WORDS],
			   uint16_t edges[MAX_EDGES])
{
	uint64_t before = 0;
	uint32_t nr = 0;

	for (uint32_t i = 0; i < SPAN_WORDS && nr <= 2 * MAX_RUNS; i++) {
		uint64_t changes = words[i] ^ (words[i] << 1 | before);

		before = words[i] >> 63;
		for (; changes; changes &= changes - 1, nr++) {
			uint32_t bit = (uint32_t)__builtin_ctzll(changes);

			edges[nr] = (uint16_t)(i * 64 + bit - nr % 2);
		}
	}
	if (nr % 2 && nr <= 2 * MAX_RUNS)
		edges[nr++] = SPAN_BITS - 1;
	return nr;
}

static void *copy(struct pool *pool, const void *from, size_t size)
{
	void *to = pool_take(pool, size);

	return to ? memcpy(to, from, size) : NULL;
}

static uint16_t count_listed(const uint16_t *edges, uint32_t nr)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < nr; i += 2)
		count += edges[i + 1] - edges[i] + 1U;
	return (uint16_t)count;
}

bool span_pack(struct pool *pool, struct span *span,
	       const uint64_t words[SPAN_WORDS])
{
	uint16_t edges[MAX_EDGES];
	uint32_t nr = take_edges(words, edges);

	if (nr > 2 * MAX_RUNS) {
		span->nr = 0;
		span->blocks = (uint16_t)span_count(words);
		span->nr_runs = (uint16_t)span_count_runs(words);
		return (span->words = copy(pool, words, SPAN_BITS / 8));
	}
	span->nr = nr / 2;
	span->blocks = count_listed(edges, nr);
	span->nr_runs = (uint16_t)span->nr;
	if (nr > 2)
		return (span->runs = copy(pool, edges, nr * sizeof(*edges)));
	span->one = (struct bit_run){ edges[0], edges[1] };
	return true;
}

void span_unpack(const struct span *span, uint64_t words[SPAN_WORDS])
{
	struct bit_run run;
	uint32_t at = 0;

	if (!span->nr) {
		for (size_t i = 0; i < SPAN_WORDS; i++)
			words[i] |= span->words[i];
		return;
	}
	while (span_next(span, &at, &run))
		for (uint32_t bit = run.first; bit <= run.last; bit++)
			words[bit / 64] |= UINT64_C(1) << bit % 64;
}

bool span_next(const struct span *span, uint32_t *at, struct bit_run *run)
{
	if (!span->nr)
		return next_run(span->words, at, run);
	if (*at == span->nr)
		return false;
	*run = span->nr == 1 ? span->one : span->runs[*at];
	++*at;
	return true;
}

static struct bit_run last_of_words(const uint64_t words[SPAN_WORDS])
{
	struct bit_run run;
	uint32_t word = SPAN_WORDS - 1, bit;

	while (!words[word])
		word--;
	bit = word * 64 + 63 - (uint32_t)__builtin_clzll(words[word]);
	run.last = (uint16_t)bit;
	while (bit && words[(bit - 1) / 64] >> (bit - 1) % 64 & 1)
		bit--;
	run.first = (uint16_t)bit;
	return run;
}

struct bit_run span_last(const struct span *span)
{
	if (!span->nr)
		return last_of_words(span->words);
	return span->nr == 1 ? span->one : span->runs[span->nr - 1];
}

bool span_next_from(const struct span *span, uint32_t bit, struct bit_run *run)
{
	/* Words are looked at from a bit on, runs from the first one on. */
	uint32_t at = span->nr ? 0 : bit;

	while (span_next(span, &at, run))
		if (run->last >= bit)
			return true;
	return false;
}
