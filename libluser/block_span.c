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

uint32_t span_count(const uint64_t words[SPAN_WORDS])
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

/* At most MAX_RUNS + 1 runs; a run begins or ends where a bit changes. */
static uint32_t take_runs(const uint64_t words[SPAN_WORDS],
			  struct bit_run runs[MAX_RUNS + 1])
{
	uint64_t before = 0;
	uint32_t nr = 0;

	for (uint32_t i = 0; i < SPAN_WORDS; i++) {
		uint64_t edges = words[i] ^ (words[i] << 1 | before);

		before = words[i] >> 63;
		for (; edges; edges &= edges - 1) {
			uint32_t bit = i * 64 + (uint32_t)__builtin_ctzll(edges);

			if (words[i] >> bit % 64 & 1)
				runs[nr].first = (uint16_t)bit;
			else
				runs[nr++].last = (uint16_t)(bit - 1);
			if (nr > MAX_RUNS)
				return nr;
		}
	}
	if (before)
		runs[nr++].last = SPAN_BITS - 1;
	return nr;
}

static void *copy(struct pool *pool, const void *from, size_t size)
{
	void *to = pool_take(pool, size);

	return to ? memcpy(to, from, size) : NULL;
}

bool span_pack(struct pool *pool, struct span *span,
	       const uint64_t words[SPAN_WORDS])
{
	struct bit_run runs[MAX_RUNS + 1];
	uint32_t nr = take_runs(words, runs);

	span->nr = nr > MAX_RUNS ? 0 : nr;
	if (!span->nr)
		return (span->words = copy(pool, words, SPAN_BITS / 8));
	if (nr > 1)
		return (span->runs = copy(pool, runs, nr * sizeof(*runs)));
	span->one = runs[0];
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

struct span_sum span_sum(const struct span *span)
{
	const struct bit_run *runs = span->nr == 1 ? &span->one : span->runs;
	struct span_sum sum = { .runs = span->nr };

	if (!span->nr)
		return (struct span_sum){
			.blocks = span_count(span->words),
			.runs = span_count_runs(span->words),
			.last = last_of_words(span->words),
		};
	for (uint32_t i = 0; i < span->nr; i++)
		sum.blocks += runs[i].last - runs[i].first + 1U;
	sum.last = runs[span->nr - 1];
	return sum;
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
