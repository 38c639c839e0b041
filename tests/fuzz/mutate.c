// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A mutator that knows the ABIs: what the walk shows of an input, by the
 * descriptors, is where it is changed. The generator makes those of the
 * schemas, and they hold all that these say of a struct's fields.
 */
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>

#include "places.h"

static size_t any(size_t nr)
{
	return (size_t)rand() % nr;
}

static const struct luser_range *any_range(const struct places *p)
{
	return &p->ranges[any(p->nr_ranges)];
}

static void flip_bit(const struct places *p)
{
	const struct luser_range *range = any_range(p);

	*replay_at(p->r, range->start + any(range->len)) ^=
		(uint8_t)(1 << any(8));
}

/* A fuzzer is not compiled with MemorySanitizer, which may be there. */
#pragma weak __msan_unpoison
void __msan_unpoison(const volatile void *at, size_t len);

/* Bytes are replaced by what the fuzzer likes. */
static void scribble(const struct places *p)
{
	const struct luser_range *range = any_range(p);
	uint64_t offset = any(range->len);
	uint64_t left = range->len - offset;
	uint8_t *at = replay_at(p->r, range->start + offset);

	left = left < 64 ? left : 64;
	LLVMFuzzerMutate(at, left < 8 ? left : 8, left);
	if (__msan_unpoison)
		__msan_unpoison(at, left);
}

static uint64_t special(const struct places *p, uint64_t was)
{
	const uint64_t values[] = {
		0, 1, 2, 8, 63, 64, 255, 4096, UINT16_MAX, UINT32_MAX,
		UINT64_MAX, UINT64_MAX - 4095, was + 1, was - 1, was * 2,
		was / 2, was ^ UINT64_C(1) << any(64), was + p->r->page_size,
		was - p->r->page_size, any_range(p)->start,
		any_range(p)->start & ~(uint64_t)(p->r->page_size - 1),
	};

	return values[any(sizeof(values) / sizeof(values[0]))];
}

/* An integer of any size, at its alignment; zeros seldom say much. */
static void set_word(const struct places *p)
{
	const struct luser_range *range = any_range(p);
	size_t size = (size_t)1 << any(4);
	uint64_t word = 0;
	uint8_t *at;

	if (range->len < size)
		return;
	for (int tries = 0; !word && tries < 16; tries++) {
		at = replay_at(p->r, range->start +
					     any(range->len / size) * size);
		memcpy(&word, at, size);
	}
	word = special(p, word);
	memcpy(at, &word, size);
}

static const struct luser_struct *inside(const struct luser_field *field)
{
	const struct luser_choice *choice = field->choice;

	if (field->kind == LUSER_STRUCT)
		return field->type;
	if (field->kind == LUSER_UNION && choice->nr_arms)
		return choice->arms[any(choice->nr_arms)].type;
	return NULL;
}

/* Any field of a struct, or of one that is nested in it, and what it is in. */
static const struct luser_field *any_field(const struct luser_struct *type,
					   struct struct_place *in)
{
	const struct luser_field *field = NULL;

	while (type && type->nr_fields) {
		field = &type->fields[any(type->nr_fields)];
		if (field->count == LUSER_REST_OF_PAGE ||
		    field->offset > in->size ||
		    field->size > in->size - field->offset)
			return NULL;
		type = inside(field);
		if (type) {
			in->phys += field->offset;
			in->size = field->size;
		}
	}
	return field;
}

/* What a field may be told to hold, its own words among it. */
static uint64_t value_for(const struct places *p,
			  const struct luser_field *field, uint64_t was)
{
	const struct luser_names *names = field->names;

	if (names && names->nr_items && any(2)) {
		uint64_t value = names->items[any(names->nr_items)].value;

		return names->is_flags ? was ^ value : value;
	}
	return special(p, was);
}

static void set_field(const struct places *p)
{
	const struct luser_field *field;
	struct struct_place in;
	uint8_t *at;

	if (!p->nr_structs)
		return;
	in = p->structs[any(p->nr_structs)];
	field = any_field(in.type, &in);
	if (!field || field->size > 8)
		return;
	at = replay_at(p->r, in.phys);
	luser_field_set(field, at, 0,
			value_for(p, field, luser_field_get(field, at, 0)));
}

/* One struct over another: two of one kind that are equal. */
static void copy_struct(const struct places *p)
{
	for (int tries = 0; p->nr_structs && tries < 8; tries++) {
		const struct struct_place *from = &p->structs[any(p->nr_structs)];
		const struct struct_place *to = &p->structs[any(p->nr_structs)];

		if (from == to || from->type != to->type ||
		    from->size != to->size)
			continue;
		memmove(replay_at(p->r, to->phys), replay_at(p->r, from->phys),
			to->size);
		return;
	}
}

static void change(const struct places *p)
{
	static void (*const ways[])(const struct places *p) = {
		flip_bit, scribble, set_word, set_field, set_field, copy_struct,
	};

	ways[any(sizeof(ways) / sizeof(ways[0]))](p);
}

/* Three times of four, checksums are right afterwards. */
static void change_some(struct replay *r)
{
	struct places p;

	places_find(&p, r, &target_focus);
	do {
		if (p.nr_ranges)
			change(&p);
	} while (any(3));
	places_free(&p);
	if (any(4))
		flat_seal(r);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	struct flat_input in;
	struct replay r;

	srand(seed);
	if (!flat_parse(&in, data, size) || !flat_load(&r, &in))
		return LLVMFuzzerMutate(data, size, max_size);
	change_some(&r);
	flat_put_back(&r, &in, data);
	replay_close(&r);
	return size;
}
