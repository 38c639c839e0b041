// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A walk from one sound struct to the next: some bytes are made others, and if
 * the decoder does not take that, it is undone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "round_trips.h"

/* For each sound struct that is wanted: most of them take less. */
#define TRIES 8

/**
 * struct trip - the struct that was reached
 * @at:     its bytes
 * @first, @second: as they are written
 * @out, @again: as it is decoded
 * @random: never 0
 */
struct trip {
	const struct decoder *decoder;
	const struct luser_env *env;
	uint64_t tag;
	uint8_t *at;
	uint8_t *first;
	uint8_t *second;
	size_t len;
	uint8_t *out;
	uint8_t *again;
	uint64_t random;
};

/* Marsaglia's xorshift64. */
static uint64_t draw(struct trip *t)
{
	t->random ^= t->random << 13;
	t->random ^= t->random >> 7;
	t->random ^= t->random << 17;
	return t->random;
}

/* Anything, a small number, or one bit turned. */
static uint64_t draw_value(struct trip *t, uint64_t was)
{
	uint64_t value = draw(t);

	switch (draw(t) % 3) {
	case 0:
		return value;
	case 1:
		return value % 17;
	default:
		return was ^ UINT64_C(1) << value % 64;
	}
}

static bool decodes(struct trip *t, const uint8_t *at, uint8_t *out)
{
	/* What lies between the members is compared too. */
	memset(out, 0, t->decoder->size);
	return t->decoder->decode(at, t->len, t->tag, t->env, out, NULL) ==
	       LUSER_OK;
}

static void write_out(struct trip *t, const uint8_t *out, uint8_t *at)
{
	memset(at, 0, t->len);
	t->decoder->pack(out, t->len, t->tag, at);
}

static void must(bool that, const struct trip *t, const char *what)
{
	if (that)
		return;
	fprintf(stderr, "%s: %s\n", t->decoder->name, what);
	abort();
}

static void go_round(struct trip *t)
{
	write_out(t, t->out, t->first);
	must(decodes(t, t->first, t->again), t, "what is written is not sound");
	must(!memcmp(t->out, t->again, t->decoder->size), t,
	     "what is written is something else");
	write_out(t, t->again, t->second);
	must(!memcmp(t->first, t->second, t->len), t,
	     "the same is written in two ways");
}

/* Whether some bytes can be others. */
static bool step(struct trip *t)
{
	size_t width = (size_t)1 << draw(t) % 4, at = draw(t) % t->len;
	uint64_t was = 0, value;

	if (width > t->len - at)
		width = t->len - at;
	memcpy(&was, t->at + at, width);
	value = draw_value(t, was);
	memcpy(t->at + at, &value, width);
	if (decodes(t, t->at, t->out))
		return true;
	memcpy(t->at + at, &was, width);
	return false;
}

static void *allocate(size_t len)
{
	void *bytes = malloc(len);

	if (!bytes)
		abort();
	return bytes;
}

size_t round_trips(const struct decoder *d, const uint8_t *at, size_t len,
		   uint64_t tag, const struct luser_env *env, size_t nr)
{
	struct trip t = {
		.decoder = d,
		.env = env,
		.tag = tag,
		.at = allocate(len),
		.first = allocate(len),
		.second = allocate(len),
		.len = len,
		.out = allocate(d->size),
		.again = allocate(d->size),
		.random = 1,
	};
	size_t done = 0;

	memcpy(t.at, at, len);
	for (size_t i = 0; i < TRIES * nr && done < nr; i++)
		if (step(&t)) {
			go_round(&t);
			done++;
		}
	free(t.at);
	free(t.first);
	free(t.second);
	free(t.out);
	free(t.again);
	return done;
}
