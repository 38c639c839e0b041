// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Each test in a generated decoder of pages, removed in turn: of some damaged
 * record it must then say otherwise.
 *
 * usage: removal_pages DUMP...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fnv.h"
#include "pages.h"
#include "removed.h"
#include "replay.h"

#define MAX_TESTS 1024
#define NAME 80
#define MAX_KNOWN 128

/**
 * struct state - what is known of a test
 * @wrong:  it was true in this decoding
 * @killed: its removal was noticed
 */
static struct state {
	bool wrong;
	bool killed;
} states[MAX_TESTS];

static size_t off = MAX_TESTS;

static size_t find_test(const char *loop, size_t number)
{
	size_t i = 0;

	while (tests[i].loop && strcmp(tests[i].loop, loop))
		i++;
	return i + number;
}

bool switch_test(const char *loop, size_t number, bool wrong)
{
	size_t i;

	if (!wrong)
		return false;
	i = find_test(loop, number);
	states[i].wrong = true;
	return i != off;
}

/**
 * struct known - an array that was read
 */
struct known {
	const char *name;
	struct luser_slots slots;
};

/**
 * struct pages - the pages of an array, being damaged
 * @slots: what the decoder asks for
 * @out:   room for all records of a page
 * @sum:   over which records it told of as broken
 */
struct pages {
	const struct decoder *decoder;
	struct luser_array_reader reader;
	struct luser_slots slots[4];
	uint8_t *out;
	uint64_t sum;
};

/**
 * struct search - one walk, that comes by arrays
 */
struct search {
	struct replay *r;
	struct known known[MAX_KNOWN];
	size_t nr_known;
};

static void broken(void *ctx, uint64_t index, const struct luser_error *err)
{
	struct pages *p = ctx;

	fnv_add(&p->sum, &index, sizeof(index));
	fnv_add(&p->sum, &err->phys, sizeof(err->phys));
	fnv_add(&p->sum, err->message, strlen(err->message));
}

static uint64_t decode(struct pages *p)
{
	size_t size = p->reader.used * p->decoder->size;
	uint32_t sound;

	p->sum = FNV_START;
	memset(p->out, 0, size);
	sound = p->decoder->decode(&p->reader, p->slots, p->out, broken, p);
	fnv_add(&p->sum, &sound, sizeof(sound));
	fnv_add(&p->sum, p->out, size);
	return p->sum;
}

static void try(struct pages *p)
{
	uint64_t with;

	for (size_t i = 0; tests[i].loop; i++)
		states[i].wrong = false;
	with = decode(p);
	for (size_t i = 0; tests[i].loop; i++) {
		if (!states[i].wrong || states[i].killed)
			continue;
		off = i;
		states[i].killed = decode(p) != with;
		off = MAX_TESTS;
	}
}

/* The reader has a copy of the page, which is ours to damage. */
static void damage(struct pages *p, size_t at)
{
	static const uint8_t values[] = {0, 1, 2, 3, 5, 8, 16, 0xff};
	uint8_t *byte = (uint8_t *)(uintptr_t)p->reader.records + at;
	uint8_t was = *byte;

	for (unsigned int bit = 0; bit < 8; bit++) {
		*byte = (uint8_t)(was ^ 1 << bit);
		try(p);
	}
	for (size_t i = 0; i < sizeof(values); i++) {
		*byte = values[i];
		try(p);
	}
	*byte = was;
}

/* Zeros, ones, and a text that is longer than any name. */
static void wipe(struct pages *p, size_t at, size_t len)
{
	static const uint8_t values[] = {0, 0xff, 'x'};
	uint8_t *bytes = (uint8_t *)(uintptr_t)p->reader.records + at;
	uint8_t was[NAME];

	memcpy(was, bytes, len);
	for (size_t i = 0; i < sizeof(values); i++) {
		memset(bytes, values[i], len);
		try(p);
	}
	memcpy(bytes, was, len);
}

static void damage_records(struct pages *p)
{
	size_t len = (size_t)p->reader.used * p->reader.stride;
	size_t room = (size_t)p->reader.capacity * p->reader.stride;

	for (size_t at = 0; at < len; at++) {
		damage(p, at);
		for (size_t size = 2; size <= 8; size *= 2)
			if (room - at >= size)
				wipe(p, at, size);
		if (room - at >= NAME)
			wipe(p, at, NAME);
	}
}

/* A loop tests also whether the next record is one like those before. */
static void damage_pair(struct pages *p, const uint8_t *record)
{
	uint8_t *records = (uint8_t *)(uintptr_t)p->reader.records;
	uint32_t stride = p->reader.stride;

	memcpy(records, record, stride);
	memcpy(records + stride, record, stride);
	p->reader.used = 2;
	damage_records(p);
}

static void damage_page(struct pages *p)
{
	uint32_t used = p->reader.used, stride = p->reader.stride;
	uint8_t *records = malloc((size_t)used * stride + 1);

	p->out = calloc(used + 2, p->decoder->size);
	if (!p->out || !records)
		abort();
	memcpy(records, p->reader.records, (size_t)used * stride);
	damage_records(p);
	for (uint32_t i = 0; i < used && p->reader.capacity > 1; i++)
		damage_pair(p, records + (size_t)i * stride);
	free(p->out);
	free(records);
}

static const struct decoder *find_decoder(const struct luser_array *array)
{
	size_t nr;
	const struct luser_abi *const *abis = luser_abis(&nr);
	const struct decoder *d;

	for (d = decoders; d->abi; d++)
		for (size_t i = 0; i < nr; i++)
			for (uint16_t j = 0; j < abis[i]->nr_arrays; j++)
				if (abis[i]->arrays[j] == array &&
				    !strcmp(abis[i]->id, d->abi) &&
				    !strcmp(array->name, d->array))
					return d;
	return NULL;
}

/* The array whose first page is at @phys, or NULL. */
static const struct luser_array *array_of(const struct luser_node *node,
					  uint64_t *phys)
{
	const struct luser_page_list *list =
		node->kind == LUSER_NODE_ARRAY && node->field &&
		node->field->type ? node->field->type->page_list : NULL;

	*phys = node->phys;
	if (list)
		return list->chunks;
	if (node->kind == LUSER_NODE_TREE)
		return node->tree->chunks ? node->tree->chunks->array : NULL;
	if (node->kind == LUSER_NODE_ARRAY)
		return node->array;
	if (node->kind != LUSER_NODE_STRUCT || node->index != LUSER_NO_INDEX ||
	    node->type != node->abi->root || !node->abi->root_array)
		return NULL;
	*phys -= node->abi->root_array->header->size;
	return node->abi->root_array;
}

static void find_slots(const struct search *s, struct pages *p)
{
	for (size_t i = 0; p->decoder->slots[i]; i++)
		for (size_t k = 0; k < s->nr_known; k++)
			if (!strcmp(s->known[k].name, p->decoder->slots[i]))
				p->slots[i] = s->known[k].slots;
}

static void damage_array(struct search *s, const struct luser_node *node,
			 const struct luser_array *array, uint64_t phys)
{
	struct pages p = {.decoder = find_decoder(array)};
	struct known *known = &s->known[s->nr_known];

	if (s->nr_known == MAX_KNOWN ||
	    luser_array_open(&p.reader, s->r->mem, array, phys, node->env,
			     false, NULL, NULL) != LUSER_OK)
		return;
	/* Who leads there says how many; one is there at least. */
	luser_array_expect_total(&p.reader, 1);
	if (p.decoder)
		find_slots(s, &p);
	known->name = array->name;
	s->nr_known++;
	while (luser_array_next(&p.reader)) {
		if (luser_slots_add(&known->slots, &p.reader) != LUSER_OK)
			abort();
		if (p.decoder)
			damage_page(&p);
	}
	luser_array_close(&p.reader);
}

/* The same array of the other layouts that the object may have. */
static void damage_others(struct search *s, const struct luser_node *node,
			  uint64_t phys)
{
	const struct luser_node *root = node->parent;

	for (size_t i = 0; root && i < root->nr_candidates; i++) {
		const struct luser_abi *abi = root->candidates[i].abi;

		for (uint16_t j = 0; j < abi->nr_arrays; j++)
			if (abi != node->abi &&
			    !strcmp(abi->arrays[j]->name, node->array->name))
				damage_array(s, node, abi->arrays[j], phys);
	}
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	uint64_t phys;
	const struct luser_array *array = array_of(node, &phys);

	if (array)
		damage_array(ctx, node, array, phys);
	if (array && array == node->array)
		damage_others(ctx, node, phys);
	return LUSER_ENTER;
}

static void search(const char *path)
{
	static const struct luser_visitor visitor = {.enter = enter};
	struct luser_walk_options options = {0};
	struct search s = {0};
	struct replay r;

	replay_open(&r, path);
	luser_mem_observe(r.mem, NULL, NULL);
	s.r = &r;
	options.page_size = r.page_size;
	if (luser_walk(r.mem, r.root, &options, &visitor, &s, NULL))
		abort();
	for (size_t i = 0; i < s.nr_known; i++)
		luser_slots_free(&s.known[i].slots);
	replay_close(&r);
}

static void judge(struct removed *removed)
{
	for (size_t i = 0; tests[i].loop; i++) {
		char name[256];

		snprintf(name, sizeof(name), "%s %s", tests[i].loop,
			 tests[i].text);
		removed_judge(removed, name, states[i].killed);
	}
}

int main(int argc, char **argv)
{
	return removed_main(argc, argv, search, judge);
}
