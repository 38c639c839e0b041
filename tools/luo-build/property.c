// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "util.h"

/* The largest blob that a kernel preserves at once, and then some. */
#define MAX_PROPERTY (UINT64_C(16) << 20)

static uint64_t count_records(struct build *b, const yaml_node_t *list)
{
	uint64_t count = 0;

	for (size_t i = 0; i < sequence_length(b->doc, list); i++)
		count += repeat_of(b, sequence_at(b->doc, list, i));
	return count;
}

static void put_records(struct build *b, const struct luser_struct *type,
			uint8_t *at, const yaml_node_t *list)
{
	uint64_t turn = b->turn;

	for (size_t i = 0; i < sequence_length(b->doc, list); i++) {
		const yaml_node_t *record = sequence_at(b->doc, list, i);
		uint64_t repeat = repeat_of(b, record);

		for (b->turn = 0; b->turn < repeat; b->turn++) {
			luser_struct_init(type, at);
			put_struct(b, type, at, type->size, record);
			at += type->size;
		}
		b->turn = turn;
	}
}

void put_property(struct build *b, const struct luser_field *field,
		  uint8_t *owner, const yaml_node_t *value)
{
	const struct luser_struct *type = field->holds->record;
	uint64_t count = count_records(b, value);
	struct property property = {
		.owner = owner,
		.field = field,
		.len = (size_t)count * type->size,
	};

	if (count > MAX_PROPERTY / type->size)
		fail_at(b->doc, value, "no property is as large as this");
	property.bytes = xcalloc(property.len, 1);
	put_records(b, type, property.bytes, value);
	luser_field_set(field->holds->count, owner, 0, count);
	b->properties = grow(b->properties, b->nr_properties,
			     sizeof(*b->properties));
	b->properties[b->nr_properties++] = property;
}

const struct property *property_of(const struct build *b, const uint8_t *owner,
				   const struct luser_field *field)
{
	for (size_t i = 0; i < b->nr_properties; i++)
		if (b->properties[i].owner == owner &&
		    b->properties[i].field == field)
			return &b->properties[i];
	return NULL;
}

static bool follows(const struct luser_field *field)
{
	return field->holds && !field->type->page_list;
}

/* What has to be allocated before the struct is written. */
uint64_t room_behind(struct build *b, const struct luser_struct *type,
		     const yaml_node_t *value)
{
	const yaml_node_t *list;
	uint64_t room = 0;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		list = follows(field) ? lookup(b->doc, value, field->name) :
					NULL;
		if (list)
			room += count_records(b, list) * field->type->size;
	}
	return room;
}

void put_behind(struct build *b, const struct luser_struct *type, uint8_t *at)
{
	const struct property *property;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		if (!follows(&type->fields[i]))
			continue;
		property = property_of(b, at, &type->fields[i]);
		if (property)
			memcpy(at + type->fields[i].offset, property->bytes,
			       property->len);
	}
}

void free_properties(struct build *b)
{
	for (size_t i = 0; i < b->nr_properties; i++)
		free(b->properties[i].bytes);
	free(b->properties);
}
