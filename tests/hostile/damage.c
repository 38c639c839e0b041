// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>

#include "damage.h"

#define RUN 32
#define NAME 80

/**
 * struct damage - who looks at it, and at how much
 * @each: one of so many is done
 * @nr:   those so far, done or not
 */
struct damage {
	struct replay *r;
	size_t each;
	damage_seen *seen;
	void *ctx;
	size_t nr;
};

static bool is_next(struct damage *d)
{
	return d->nr++ % d->each == 0;
}

static void look(const struct damage *d, uint64_t phys)
{
	const struct sealed_page *page = replay_sealed(d->r, phys);

	d->seen(d->ctx, d->r, "raw");
	if (!page)
		return;
	replay_seal(d->r, page);
	d->seen(d->ctx, d->r, "sealed");
}

/* After damage was taken back. */
static void seal(const struct damage *d, uint64_t phys)
{
	const struct sealed_page *page = replay_sealed(d->r, phys);

	if (page)
		replay_seal(d->r, page);
}

static void flip(const struct damage *d, uint64_t phys, uint8_t bit)
{
	uint8_t *at = replay_at(d->r, phys);

	*at ^= bit;
	look(d, phys);
	*at ^= bit;
	seal(d, phys);
}

/* Whether there are but zeros as far as RUN bytes on both sides. */
static bool is_dull(const struct replay *r, const struct luser_range *read,
		    uint64_t at)
{
	static const uint8_t zeros[2 * RUN + 1];

	return at >= RUN && at + RUN < read->len &&
	       !memcmp(replay_at(r, read->start + at - RUN), zeros,
		       sizeof(zeros));
}

void damage_bits(struct replay *r, size_t each, damage_seen *seen, void *ctx)
{
	struct damage d = {.r = r, .each = each, .seen = seen, .ctx = ctx};

	for (size_t i = 0; i < r->nr_reads; i++) {
		const struct luser_range *read = &r->reads[i];

		for (uint64_t at = 0; at < read->len * 8; at++)
			if (!is_dull(r, read, at / 8) && is_next(&d))
				flip(&d, read->start + at / 8,
				     (uint8_t)(1 << at % 8));
	}
}

static void overwrite(struct damage *d, uint64_t phys, uint8_t byte, size_t len)
{
	uint8_t *at = replay_at(d->r, phys);
	uint8_t was[NAME];

	if (!is_next(d))
		return;
	memcpy(was, at, len);
	memset(at, byte, len);
	look(d, phys);
	memcpy(at, was, len);
	seal(d, phys);
}

static void overwrite_stretches(struct damage *d)
{
	for (size_t i = 0; i < d->r->nr_reads; i++) {
		const struct luser_range *read = &d->r->reads[i];

		for (uint64_t at = 0; at < read->len; at += 4) {
			uint64_t left = read->len - at;

			if (is_dull(d->r, read, at))
				continue;
			overwrite(d, read->start + at, 0, left < 8 ? left : 8);
			overwrite(d, read->start + at, 'x',
				  left < NAME ? left : NAME);
		}
	}
}

static void set(struct damage *d, const struct luser_field *field,
		uint64_t phys, uint32_t i, uint64_t value)
{
	uint8_t *at = replay_at(d->r, phys);
	uint64_t was = luser_field_get(field, at, i);

	if (!is_next(d))
		return;
	luser_field_set(field, at, i, value);
	look(d, phys + field->offset);
	luser_field_set(field, at, i, was);
	seal(d, phys + field->offset);
}

static void set_each(struct damage *d, const struct luser_field *field,
		     uint64_t phys, uint32_t i)
{
	uint64_t was = luser_field_get(field, replay_at(d->r, phys), i);
	const uint64_t values[] = {
		0, 1, 2, 3, 4, 5, 8, 16, 63, 64, 255, 4096, 65535, UINT32_MAX,
		UINT64_MAX, UINT64_MAX - 4095, was + 1, was - 1, was * 2,
		was / 2, was + d->r->page_size, was - d->r->page_size,
	};

	for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++)
		set(d, field, phys, i, values[v]);
}

static void set_struct(struct damage *d, const struct luser_struct *type,
		       uint64_t phys, size_t size);

static void set_field(struct damage *d, const struct luser_field *field,
		      uint64_t phys)
{
	for (uint32_t i = 0; i < field->count; i++) {
		if (field->kind == LUSER_UINT || field->kind == LUSER_PHYS ||
		    field->kind == LUSER_INDEX)
			set_each(d, field, phys, i);
		else if (field->kind == LUSER_STRUCT)
			set_struct(d, field->type,
				   phys + field->offset +
				   (uint64_t)i * field->size, field->size);
	}
}

static void set_struct(struct damage *d, const struct luser_struct *type,
		       uint64_t phys, size_t size)
{
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		if (field->count != LUSER_REST_OF_PAGE && field->since <= size &&
		    field->offset + field->size <= size)
			set_field(d, field, phys);
	}
}

static void set_values(struct damage *d)
{
	for (size_t i = 0; i < d->r->nr_structs; i++)
		set_struct(d, d->r->structs[i].type, d->r->structs[i].phys,
			   d->r->structs[i].size);
}

/* One thing is there twice. */
static void repeat(struct damage *d, const struct struct_place *one,
		   const struct struct_place *next)
{
	uint8_t *at = replay_at(d->r, next->phys), *was;

	if (next->size != one->size || !is_next(d))
		return;
	was = malloc(one->size);
	if (!was)
		abort();
	memcpy(was, at, one->size);
	memcpy(at, replay_at(d->r, one->phys), one->size);
	look(d, next->phys);
	memcpy(at, was, one->size);
	seal(d, next->phys);
	free(was);
}

static void repeat_structs(struct damage *d)
{
	const struct struct_place *one = d->r->structs, *next;
	const struct struct_place *end = one + d->r->nr_structs;

	for (; one != end; one++) {
		for (next = one + 1; next != end && next->type != one->type;)
			next++;
		if (next != end)
			repeat(d, one, next);
	}
}

void damage_words(struct replay *r, size_t each, damage_seen *seen, void *ctx)
{
	struct damage d = {.r = r, .each = each, .seen = seen, .ctx = ctx};

	overwrite_stretches(&d);
	set_values(&d);
	repeat_structs(&d);
}

/* Memory that is cut has no checksums to make right. */
static void cut(struct damage *d, uint64_t start, uint64_t end, const char *how)
{
	if (start == end || !is_next(d))
		return;
	replay_limit(d->r, start, end);
	d->seen(d->ctx, d->r, how);
}

void damage_cuts(struct replay *r, size_t each, damage_seen *seen, void *ctx)
{
	struct damage d = {.r = r, .each = each, .seen = seen, .ctx = ctx};
	uint64_t end = r->base + r->len;

	for (size_t i = 0; i < r->nr_reads; i++) {
		const struct luser_range *read = &r->reads[i];

		for (uint64_t at = 0; at < read->len; at++) {
			if (is_dull(r, read, at))
				continue;
			cut(&d, r->base, read->start + at, "ends");
			cut(&d, read->start + at + 1, end, "starts");
		}
	}
	replay_limit(r, r->base, end);
}
