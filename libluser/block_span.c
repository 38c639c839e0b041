// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Preserved blocks of one order, some thousand in a row.
 */
#include <string.h>

#include <luser/le.h>

#include "block_set.h"

/* More take more room than a bit for each block. */
#define MAX_RUNS (SPAN_SIZE / sizeof(struct bit_run))

_Static_assert(SPAN_SIZE <= POOL_MAX_PIECE, "a span's words are a piece");

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

_Static_assert(SPAN_WORDS == 64, "a bit for each word");

/*
 * The bits that differ from those before them, and which words have any: asked
 * word by word, that is a branch that nothing predicts.
 */
static uint64_t find_changes(const uint8_t bits[SPAN_SIZE],
			     uint64_t changes[SPAN_WORDS])
{
	uint64_t before = 0, changing = 0;

	for (uint32_t i = 0; i < SPAN_WORDS; i++) {
		uint64_t word = luser_le64(bits + i * 8);

		changes[i] = word ^ (word << 1 | before);
		before = word >> 63;
		changing |= (uint64_t)(changes[i] != 0) << i;
	}
	return changing;
}

/*
 * Where runs begin and end, in turn: where a bit changes. How many that are;
 * more than 2 * MAX_RUNS if there are too many.
 */
static uint32_t take_edges(const uint8_t bits[SPAN_SIZE],
			   uint16_t edges[MAX_EDGES])
{
	uint64_t changes[SPAN_WORDS];
	uint64_t left = find_changes(bits, changes);
	uint32_t nr = 0;

	for (; left && nr <= 2 * MAX_RUNS; left &= left - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(left);

		for (uint64_t at = changes[i]; at; at &= at - 1)
			edges[nr++] = (uint16_t)(i * 64 + (uint32_t)
						 __builtin_ctzll(at));
	}
	if (nr % 2 && nr <= 2 * MAX_RUNS)
		edges[nr++] = SPAN_BITS;
	return nr;
}

static bool keep_words(struct pool *pool, struct span *span,
		       const uint8_t bits[SPAN_SIZE])
{
	uint64_t *words = pool_take(pool, SPAN_SIZE);

	if (!words)
		return false;
	for (size_t i = 0; i < SPAN_WORDS; i++)
		words[i] = luser_le64(bits + i * 8);
	span->nr = 0;
	span->blocks = (uint16_t)span_count(words);
	span->nr_runs = (uint16_t)span_count_runs(words);
	span->words = words;
	return true;
}

bool span_pack(struct pool *pool, struct span *span,
	       const uint8_t bits[SPAN_SIZE])
{
	uint16_t edges[MAX_EDGES];
	uint32_t nr = take_edges(bits, edges), blocks = 0;
	struct bit_run *runs = &span->one;

	if (nr > 2 * MAX_RUNS)
		return keep_words(pool, span, bits);
	if (nr > 2)
		runs = pool_take(pool, nr / 2 * sizeof(*runs));
	if (!runs)
		return false;
	for (uint32_t i = 0; i < nr / 2; i++) {
		uint16_t end = edges[2 * i + 1];

		runs[i].first = edges[2 * i];
		runs[i].last = (uint16_t)(end - 1);
		blocks += end - runs[i].first;
	}
	span->nr = nr / 2;
	span->nr_runs = (uint16_t)span->nr;
	span->blocks = (uint16_t)blocks;
	if (nr > 2)
		span->runs = runs;
	return true;
}

void span_set(uint8_t bits[SPAN_SIZE], uint32_t first, uint32_t count)
{
	while (count) {
		uint8_t *at = bits + first / 64 * 8;
		uint32_t room = 64 - first % 64;
		uint32_t n = count < room ? count : room;

		luser_set_le64(at, luser_le64(at) |
			       ~UINT64_C(0) >> (64 - n) << first % 64);
		first += n;
		count -= n;
	}
}

void span_unpack(const struct span *span, uint8_t bits[SPAN_SIZE])
{
	struct bit_run run;
	uint32_t at = 0;

	while (span_next(span, &at, &run))
		span_set(bits, run.first, run.last - run.first + 1U);
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

/* Words have many runs, so that there is an end below the last one. */
static struct bit_run last_of_words(const uint64_t words[SPAN_WORDS])
{
	struct bit_run run;
	uint32_t word = SPAN_WORDS - 1, bit;

	while (!words[word])
		word--;
	bit = word * 64 + 63 - (uint32_t)__builtin_clzll(words[word]);
	run.last = (uint16_t)bit;
	while (words[(bit - 1) / 64] >> (bit - 1) % 64 & 1)
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
