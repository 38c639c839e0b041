// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The generated decoder of each struct on damaged ones: each is a trial. One that
 * it takes is written, and read, as the same again; so are ROUND-TRIPS others
 * that are made of it.
 *
 * usage: decoders ROUND-TRIPS DUMP...
 *
 * The structs are those that walks of the dumps show; one that none shows is
 * made of zeros. Of the hints about a struct, each must be so for some of them
 * and not for others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"
#include "round_trips.h"
#include "struct_damage.h"
#include "struct_trial.h"

#define MAX_DECODERS 512
#define MAX_TAG 4
/* Of one type in one dump; more of them show nothing new. */
#define MAX_SHOWN 2
/* Of one type in all dumps: these take long. */
#define MAX_PAIRED 8

/**
 * struct state - what is known of a decoder
 * @shown: structs that it was tried on
 * @paired: those of which pairs of fields were damaged, in all dumps
 * @sound: that it took
 * @round_trips: that were made of one that it took
 * @likely, @unlikely: hints that some of those it took were so, or not so
 */
static struct state {
	size_t shown;
	size_t paired;
	size_t sound;
	size_t round_trips;
	uint64_t likely;
	uint64_t unlikely;
} states[MAX_DECODERS];

/* For each decoder. */
static size_t nr_round_trips;

static struct state *state_of(const struct trial *t)
{
	return &states[t->decoder - decoders];
}

static void look_at_hints(struct trial *t)
{
	const struct luser_struct *type = t->decoder->type();
	uint64_t unlikely = type->unlikely ? type->unlikely(t->buf, t->env) : 0;

	state_of(t)->unlikely |= unlikely;
	state_of(t)->likely |= ~unlikely;
}

static void take(struct trial *t, uint64_t tag)
{
	look_at_hints(t);
	if (!state_of(t)->sound++)
		state_of(t)->round_trips =
			round_trips(t->decoder, t->buf, t->len, tag, t->env,
				    nr_round_trips);
}

static void try(void *ctx)
{
	struct trial *t = ctx;

	for (uint64_t tag = 0; tag < (t->decoder->tagged ? MAX_TAG : 1); tag++)
		if (trial_decode(t, tag, true) == LUSER_OK)
			take(t, tag);
}

/* The first @len bytes of a struct; NULL is zeros. */
static void try_length(const struct decoder *d, const uint8_t *bytes,
		       size_t len, const struct luser_env *env)
{
	struct luser_env rootless = *env;
	struct trial t = {
		.decoder = d,
		.env = env,
		.buf = trial_room(len),
		.len = len,
		.out = trial_room(d->size),
		.again = trial_room(d->size),
		.packed = trial_room(len),
	};

	const struct damaged damaged = {d->type(), t.buf, len, try, &t};

	if (bytes)
		memcpy(t.buf, bytes, len);
	try(&t);
	damage_bytes(&damaged);
	/* As if nobody knew the root. */
	rootless.root = NULL;
	t.env = &rootless;
	try(&t);
	t.env = env;
	if (len == d->type()->size && state_of(&t)->paired++ < MAX_PAIRED)
		damage_pairs(&damaged);
	free(t.buf);
	free(t.out);
	free(t.again);
	free(t.packed);
}

static void try_decoder(const struct decoder *d, const uint8_t *bytes,
			size_t len, const struct luser_env *env)
{
	size_t size = d->type()->size;

	if (size > len || states[d - decoders].shown == MAX_SHOWN)
		return;
	states[d - decoders].shown++;
	try_length(d, bytes, len, env);
	if (len > size)
		try_length(d, bytes, size, env);
	try_length(d, bytes, size - 1, env);
}

/* As what it is, and as the structs of its name in other layouts. */
static void try_struct(const struct luser_struct *type, const uint8_t *bytes,
		       size_t len, const struct luser_env *env)
{
	for (const struct decoder *d = decoders; d->name; d++)
		if (!strcmp(d->type()->name, type->name))
			try_decoder(d, bytes, len, env);
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		if (field->kind == LUSER_STRUCT && field->count == 1)
			try_struct(field->type, bytes + field->offset,
				   field->size, env);
	}
}

/* In front of the records of each page. */
static void try_header(struct luser_mem *mem, const struct luser_node *node)
{
	const struct luser_struct *type = node->array->header;
	uint8_t *bytes = trial_room(type->size);

	if (luser_mem_read(mem, node->phys, bytes, type->size, NULL) ==
	    LUSER_OK)
		try_struct(type, bytes, type->size, node->env);
	free(bytes);
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	if (node->kind == LUSER_NODE_ARRAY && node->array)
		try_header(ctx, node);
	if (node->kind == LUSER_NODE_STRUCT && node->bytes &&
	    node->size >= node->type->size)
		try_struct(node->type, node->bytes, node->size, node->env);
	return LUSER_ENTER;
}

static void search(const char *path)
{
	static const struct luser_visitor visitor = {.enter = enter};
	struct luser_walk_options options = {0};
	struct replay r;

	for (size_t i = 0; i < MAX_DECODERS; i++)
		states[i].shown = 0;
	replay_open(&r, path);
	luser_mem_observe(r.mem, NULL, NULL);
	options.page_size = r.page_size;
	if (luser_walk(r.mem, r.root, &options, &visitor, r.mem, NULL))
		abort();
	replay_close(&r);
}

/* What no dump has. */
static void make_up(const struct decoder *d)
{
	static const struct luser_env env = {
		.page_size = 4096,
		.page_shift = 12,
	};

	try_length(d, NULL, d->type()->size, &env);
	try_length(d, NULL, d->type()->size - 1, &env);
}

static bool says_nothing(const struct decoder *d)
{
	const struct luser_struct *type = d->type();
	const struct state *state = &states[d - decoders];

	if (!state->sound)
		printf("%s: takes nothing\n", d->name);
	else if (state->round_trips < nr_round_trips)
		printf("%s: only %zu round trips\n", d->name,
		       state->round_trips);
	for (uint16_t i = 0; i < type->nr_hints; i++)
		if (!(state->likely & state->unlikely & UINT64_C(1) << i)) {
			printf("%s: always or never %s\n", d->name,
			       type->hints[i].name);
			return true;
		}
	return !state->sound || state->round_trips < nr_round_trips;
}

int main(int argc, char **argv)
{
	size_t nr, made_up = 0, never = 0;

	if (argc < 2)
		return 2;
	nr_round_trips = (size_t)strtoul(argv[1], NULL, 10);
	for (int i = 2; i < argc; i++)
		search(argv[i]);
	for (nr = 0; decoders[nr].name; nr++) {
		if (!states[nr].sound) {
			make_up(&decoders[nr]);
			made_up++;
		}
		never += says_nothing(&decoders[nr]);
	}
	printf("%zu decoders, %zu of them on structs made of zeros\n", nr,
	       made_up);
	return never != 0;
}
