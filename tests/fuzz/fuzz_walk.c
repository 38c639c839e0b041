// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The walk over a whole handover. What the walk shows of an input, by the
 * schemas, is where the mutator changes it.
 */
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>

#include "flat.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* More is not memory that one machine would have handed over. */
#define MAX_SPAN (UINT64_C(1) << 30)

/**
 * struct input - an input's parts
 * @pages: each with its address in front of it
 */
struct input {
	struct flat flat;
	const uint8_t *pages;
	size_t nr;
	uint32_t page_size;
};

static bool parse(struct input *in, const uint8_t *data, size_t size)
{
	if (size < sizeof(in->flat))
		return false;
	memcpy(&in->flat, data, sizeof(in->flat));
	if (memcmp(in->flat.magic, FLAT_MAGIC, sizeof(in->flat.magic)) ||
	    (in->flat.page_shift != 12 && in->flat.page_shift != 14 &&
	     in->flat.page_shift != 16))
		return false;
	in->page_size = 1u << in->flat.page_shift;
	in->pages = data + sizeof(in->flat);
	in->nr = (size - sizeof(in->flat)) / (8 + in->page_size);
	return in->nr;
}

static const uint8_t *page_of(const struct input *in, size_t i, uint64_t *phys)
{
	const uint8_t *at = in->pages + i * (8 + in->page_size);

	memcpy(phys, at, sizeof(*phys));
	return at + sizeof(*phys);
}

static bool take(struct replay *r, const struct input *in)
{
	uint64_t first = UINT64_MAX, last = 0, phys;

	for (size_t i = 0; i < in->nr; i++) {
		page_of(in, i, &phys);
		first = phys < first ? phys : first;
		last = phys > last ? phys : last;
	}
	if (last - first > MAX_SPAN || last > UINT64_MAX - in->page_size)
		return false;
	replay_room(r, first, last - first + in->page_size, in->page_size);
	for (size_t i = 0; i < in->nr; i++) {
		const uint8_t *page = page_of(in, i, &phys);

		memcpy(replay_at(r, phys), page, in->page_size);
	}
	replay_from(r, in->flat.root);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;
	struct replay r;

	if (!parse(&in, data, size) || !take(&r, &in))
		return -1;
	replay_close(&r);
	return 0;
}

static const struct struct_place *any_struct(const struct replay *r)
{
	return r->nr_structs ? &r->structs[(size_t)rand() % r->nr_structs] :
			       NULL;
}

static void flip_bit(const struct replay *r)
{
	const struct luser_range *read = &r->reads[(size_t)rand() %
						   r->nr_reads];

	*replay_at(r, read->start + (uint64_t)rand() % read->len) ^=
		(uint8_t)(1 << rand() % 8);
}

/* Bytes that were read are replaced by what the fuzzer likes. */
static void scribble(const struct replay *r)
{
	const struct luser_range *read = &r->reads[(size_t)rand() %
						   r->nr_reads];
	uint64_t at = (uint64_t)rand() % read->len;
	uint64_t left = read->len - at;

	LLVMFuzzerMutate(replay_at(r, read->start + at), left < 8 ? left : 8,
			 left < 64 ? left : 64);
}

static uint64_t special(const struct replay *r, uint64_t was)
{
	const uint64_t values[] = {
		0, 1, 2, 8, 63, 64, 255, UINT16_MAX, UINT32_MAX, UINT64_MAX,
		was + 1, was - 1, was * 2, was + r->page_size,
		was - r->page_size,
		r->reads[(size_t)rand() % r->nr_reads].start,
	};

	return values[(size_t)rand() % (sizeof(values) / sizeof(values[0]))];
}

static void set_field(const struct replay *r)
{
	const struct struct_place *place = any_struct(r);
	const struct luser_field *field;
	uint8_t *at;

	if (!place || !place->type->nr_fields)
		return;
	field = &place->type->fields[rand() % place->type->nr_fields];
	if ((field->kind != LUSER_UINT && field->kind != LUSER_PHYS &&
	     field->kind != LUSER_INDEX) ||
	    field->offset + field->size > place->size)
		return;
	at = replay_at(r, place->phys);
	luser_field_set(field, at, 0,
			special(r, luser_field_get(field, at, 0)));
}

/* One struct over another. */
static void copy_struct(const struct replay *r)
{
	const struct struct_place *from = any_struct(r), *to = any_struct(r);

	if (from && from->size == to->size)
		memmove(replay_at(r, to->phys), replay_at(r, from->phys),
			to->size);
}

static void change(const struct replay *r)
{
	static void (*const ways[])(const struct replay *r) = {
		flip_bit, scribble, set_field, set_field, copy_struct,
	};

	ways[(size_t)rand() % (sizeof(ways) / sizeof(ways[0]))](r);
}

static void put_back(const struct replay *r, const struct input *in,
		     uint8_t *data)
{
	for (size_t i = 0; i < in->nr; i++) {
		uint64_t phys;
		const uint8_t *page = page_of(in, i, &phys);

		memcpy(data + (page - data), replay_at(r, phys),
		       in->page_size);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	struct input in;
	struct replay r;

	srand(seed);
	if (!parse(&in, data, size) || !take(&r, &in))
		return LLVMFuzzerMutate(data, size, max_size);
	do {
		if (r.nr_reads)
			change(&r);
	} while (rand() % 3);
	if (rand() % 4)
		for (size_t i = 0; i < r.nr_sealed; i++)
			replay_seal(&r, &r.sealed[i]);
	put_back(&r, &in, data);
	replay_close(&r);
	return size;
}
