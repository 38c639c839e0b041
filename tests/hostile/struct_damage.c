// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "struct_damage.h"

#define LONGEST 64

static void damage_byte(const struct damaged *d, uint8_t *byte)
{
	static const uint8_t values[] = {0, 1, 2, 3, 5, 8, 16, 32, 0xff};
	uint8_t was = *byte;

	for (unsigned int bit = 0; bit < 8; bit++) {
		*byte = (uint8_t)(was ^ 1 << bit);
		d->try(d->ctx);
	}
	for (size_t i = 0; i < sizeof(values); i++) {
		*byte = values[i];
		d->try(d->ctx);
	}
	*byte = was;
}

/* A whole field, or a name. */
static void wipe(const struct damaged *d, size_t at, size_t len)
{
	static const uint8_t values[] = {0, 0xff, 'x'};
	uint8_t was[LONGEST];

	if (d->len - at < len)
		return;
	memcpy(was, d->at + at, len);
	for (size_t i = 0; i < sizeof(values); i++) {
		memset(d->at + at, values[i], len);
		d->try(d->ctx);
	}
	memcpy(d->at + at, was, len);
}

void damage_bytes(const struct damaged *d)
{
	for (size_t at = 0; at < d->len; at++) {
		damage_byte(d, d->at + at);
		for (size_t len = 2; len <= LONGEST; len *= 2)
			wipe(d, at, len);
	}
}

/* Records that follow their struct are no bytes of it. */
static void set_field(const struct damaged *d, const struct luser_field *field,
		      int value)
{
	if (field->offset > d->len || field->size > d->len - field->offset)
		return;
	memset(d->at + field->offset, value < 0 ? 0xff : 0, field->size);
	if (value > 0 && field->size)
		d->at[field->offset] = (uint8_t)value;
}

static void damage_pair(const struct damaged *d, const struct luser_field *a,
			const struct luser_field *b)
{
	static const int values[] = {0, 1, 2, 3, 4, 14, 16, 62, -1};
	const size_t nr = sizeof(values) / sizeof(values[0]);

	for (size_t i = 0; i < nr * nr; i++) {
		set_field(d, a, values[i / nr]);
		set_field(d, b, values[i % nr]);
		d->try(d->ctx);
	}
}

void damage_pairs(const struct damaged *d)
{
	const struct luser_field *a, *b, *end = d->type->fields +
						d->type->nr_fields;
	uint8_t *was = malloc(d->len + 1);

	if (!was)
		abort();
	memcpy(was, d->at, d->len);
	for (a = d->type->fields; a != end; a++)
		for (b = d->type->fields; b != a; b++) {
			damage_pair(d, a, b);
			memcpy(d->at, was, d->len);
		}
	free(was);
}
