// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include <luser/format.h>

#include "json_fields.h"
#include "leaf.h"
#include "util.h"

struct fields {
	struct json *json;
	const struct luser_node *node;
};

static void put_flags(struct json *json, const char *key,
		      const struct luser_names *names, uint64_t value)
{
	uint64_t unknown = value;

	json_open_object(json, key);
	json_number(json, "value", value);
	json_open_list(json, "names");
	for (uint16_t i = 0; i < names->nr_items; i++) {
		uint64_t mask = names->items[i].value;

		if ((value & mask) != mask)
			continue;
		json_text(json, NULL, names->items[i].name);
		unknown &= ~mask;
	}
	json_close_list(json);
	if (unknown)
		json_address(json, "unknown", unknown);
	json_close_object(json);
}

static void put_enum(struct json *json, const char *key,
		     const struct luser_names *names, uint64_t value)
{
	const char *name = NULL;

	for (uint16_t i = 0; i < names->nr_items && !name; i++)
		if (names->items[i].value == value)
			name = names->items[i].name;
	json_open_object(json, key);
	json_number(json, "value", value);
	json_text(json, "name", name);
	json_close_object(json);
}

static void put_formatted(const struct fields *f, const char *key,
			  const struct luser_field *field, const uint8_t *at,
			  uint32_t i)
{
	const struct luser_env *env = f->node->env;
	size_t size = luser_format_value(field, at, i, env, NULL, 0) + 1;
	char *text = xcalloc(size, 1);

	luser_format_value(field, at, i, env, text, size);
	json_text(f->json, key, text);
	free(text);
}

static void put_integer(const struct fields *f, const char *key,
			const struct luser_field *field, const uint8_t *at,
			uint32_t i)
{
	uint64_t value = luser_field_get(field, at, i);

	if (field->names && field->names->is_flags)
		put_flags(f->json, key, field->names, value);
	else if (field->names)
		put_enum(f->json, key, field->names, value);
	else if (field->format == LUSER_HEX || field->format == LUSER_BDF)
		put_formatted(f, key, field, at, i);
	else
		json_number(f->json, key, value);
}

static void put_index(const struct fields *f, const char *key,
		      const struct luser_field *field, const uint8_t *at,
		      uint32_t i)
{
	uint64_t value = luser_field_get(field, at, i);

	if (field->link->nullable && value == field->link->none)
		json_text(f->json, key, NULL);
	else
		json_number(f->json, key, value);
}

static void put_struct(const struct fields *f, const char *key,
		       const struct luser_struct *type, size_t offset);

static void put_value(const struct fields *f, const char *key,
		      const struct luser_field *field, size_t offset,
		      uint32_t i)
{
	const uint8_t *at = f->node->bytes + offset;
	size_t place = offset + field->offset + (size_t)i * field->size;

	switch (field->kind) {
	case LUSER_STRUCT:
		put_struct(f, key, field->type, place);
		break;
	case LUSER_UINT:
		put_integer(f, key, field, at, i);
		break;
	case LUSER_INDEX:
		put_index(f, key, field, at, i);
		break;
	case LUSER_PHYS:
		json_address(f->json, key,
			     field->format == LUSER_PFN ?
				     luser_field_get(field, at, i) :
				     luser_field_phys(field, at, f->node->env));
		break;
	default:
		put_formatted(f, key, field, at, i);
	}
}

static void put_field(const struct fields *f, const char *key,
		      const struct luser_field *field, size_t offset)
{
	uint32_t count = field_count(f->node, field, offset + field->offset);

	if (field->count == 1) {
		put_value(f, key, field, offset, 0);
		return;
	}
	json_open_list(f->json, key);
	for (uint32_t i = 0; i < count; i++)
		put_value(f, NULL, field, offset, i);
	json_close_list(f->json);
}

static void put_struct(const struct fields *f, const char *key,
		       const struct luser_struct *type, size_t offset)
{
	json_open_object(f->json, key);
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (field_there(f->node, type, i, offset))
			put_field(f, type->fields[i].name, &type->fields[i],
				  offset);
	json_close_object(f->json);
}

void json_fields(struct json *json, const struct luser_node *node)
{
	struct fields f = { json, node };

	if (node->bytes && node->type)
		put_struct(&f, "fields", node->type, 0);
}

void json_leaf(struct json *json, const char *key,
	       const struct luser_node *node, const struct leaf *leaf)
{
	struct fields f = { json, node };

	put_field(&f, key, leaf->field, (size_t)(leaf->at - node->bytes));
}
