// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"

static bool find_name(const struct luser_names *names, const char *text,
		      uint64_t *ret)
{
	for (uint16_t i = 0; names && i < names->nr_items; i++) {
		if (strcmp(names->items[i].name, text))
			continue;
		*ret = names->items[i].value;
		return true;
	}
	return false;
}

static uint64_t named_integer(struct build *b, const struct luser_field *field,
			      const yaml_node_t *value)
{
	const char *text = scalar_text(b->doc, value);
	uint64_t n = 0;

	if (!parse_number(b->doc, text, &n) && !find_name(field->names, text, &n))
		fail_at(b->doc, value, "'%s' is no value of %s", text,
			field->name);
	return n;
}

static uint64_t flags_at(struct build *b, const struct luser_field *field,
			 const yaml_node_t *value)
{
	uint64_t n = 0;

	for (size_t i = 0; i < sequence_length(b->doc, value); i++)
		n |= named_integer(b, field, sequence_at(b->doc, value, i));
	return n;
}

/* What grows from one repeated record to the next. */
static uint64_t counted(struct build *b, const struct luser_field *field,
			const yaml_node_t *value)
{
	static const char *const keys[] = {"$first", "$step", NULL};
	const yaml_node_t *first = required(b->doc, value, "$first");

	only_keys(b->doc, value, keys);
	return integer_at(b, field, first) +
	       b->turn * number_or(b->doc, value, "$step", 1);
}

uint64_t integer_at(struct build *b, const struct luser_field *field,
		    const yaml_node_t *value)
{
	bool to_memory = field->link && field->link->kind == LUSER_TO_MEMORY;
	uint64_t n;

	if (value->type == YAML_MAPPING_NODE)
		return counted(b, field, value);
	if (value->type == YAML_SEQUENCE_NODE)
		return flags_at(b, field, value);
	if (!to_memory || parse_number(b->doc, scalar_text(b->doc, value), &n))
		return named_integer(b, field, value);
	n = memory_address(b, value);
	return field->format == LUSER_PFN ? n >> b->page_shift :
					    n >> field->shift;
}

static bool fits(const struct luser_field *field, uint64_t n)
{
	uint32_t bits = field->bits ? field->bits : field->size * 8;

	return bits >= 64 || n >> bits == 0;
}

static void put_integer(struct build *b, const struct luser_field *field,
			uint8_t *at, uint32_t i, const yaml_node_t *value)
{
	uint64_t n = integer_at(b, field, value);

	if (!fits(field, n))
		fail_at(b->doc, value, "%" PRIu64 " is too large for %s", n,
			field->name);
	luser_field_set(field, at, i, n);
}

void put_integers(struct build *b, const struct luser_field *field, uint8_t *at,
		  uint32_t count, const yaml_node_t *value)
{
	if (count == 1) {
		put_integer(b, field, at, 0, value);
		return;
	}
	if (sequence_length(b->doc, value) > count)
		fail_at(b->doc, value, "%s has %" PRIu32 " elements",
			field->name, count);
	for (uint32_t i = 0; i < sequence_length(b->doc, value); i++)
		put_integer(b, field, at, i, sequence_at(b->doc, value, i));
}

void put_text(struct build *b, const struct luser_field *field, uint8_t *at,
	      const yaml_node_t *value)
{
	const char *text = scalar_text(b->doc, value);
	size_t room = (size_t)field->size * field->count;
	size_t len = value->data.scalar.length;

	if (len > room)
		fail_at(b->doc, value, "%s has room for %zu bytes", field->name,
			room);
	memset(at + field->offset, 0, room);
	memcpy(at + field->offset, text, len);
}

void put_bytes(struct build *b, uint8_t *at, size_t room,
	       const yaml_node_t *value)
{
	uint8_t *bytes;
	size_t len;

	bytes = bytes_at(b->doc, value, &len);
	if (len > room)
		fail_at(b->doc, value, "there is room for %zu bytes", room);
	memcpy(at, bytes, len);
	free(bytes);
}
