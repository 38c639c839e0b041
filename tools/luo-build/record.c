// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include "build.h"

/* What is given plainly wins over what is worked out from the rest. */
enum pass {
	PASS_BEFORE, /* plain values: offsets of sections are among them */
	PASS_LINKS,  /* what fields lead to, and what follows from it */
	PASS_AFTER,  /* plain values again */
};

bool is_own_key(const char *key)
{
	return *key == '$';
}

static uint32_t count_of(const struct luser_field *field, size_t size)
{
	if (field->count != LUSER_REST_OF_PAGE)
		return field->count;
	return (uint32_t)((size - field->offset) / field->size);
}

static void put_pass(struct build *b, const struct luser_struct *type,
		     uint8_t *at, size_t size, const yaml_node_t *value,
		     enum pass pass);

static void put_nested(struct build *b, const struct luser_field *field,
		       uint8_t *at, uint32_t count, const yaml_node_t *value,
		       enum pass pass)
{
	at += field->offset;
	if (count == 1) {
		put_pass(b, field->type, at, field->size, value, pass);
		return;
	}
	if (sequence_length(b->doc, value) > count)
		fail_at(b->doc, value, "%s has not so many elements",
			field->name);
	for (size_t i = 0; i < sequence_length(b->doc, value); i++)
		put_pass(b, field->type, at + i * field->size, field->size,
			 sequence_at(b->doc, value, i), pass);
}

static void put_plain(struct build *b, const struct luser_field *field,
		      uint8_t *at, uint32_t count, const yaml_node_t *value)
{
	const yaml_node_t *bytes = lookup(b->doc, value, "$bytes");

	if (bytes)
		put_bytes(b, at + field->offset, (size_t)field->size * count,
			  bytes);
	else if (field->kind == LUSER_STRING)
		put_text(b, field, at, value);
	else if (field->kind == LUSER_BYTES || field->kind == LUSER_PAD)
		put_bytes(b, at + field->offset, (size_t)field->size * count,
			  value);
	else
		put_integers(b, field, at, count, value);
}

static void init_section(const struct luser_field *field, uint8_t *at)
{
	if (!field->choice || !field->choice->offset)
		return;
	luser_field_set(field->choice->offset, at, 0, field->offset);
	luser_field_set(field->choice->size, at, 0, field->size);
}

static const struct luser_arm *arm_at(struct build *b,
				      const struct luser_field *field,
				      const yaml_node_t *value,
				      const yaml_node_t **content)
{
	const char *name;

	if (mapping_length(b->doc, value) != 1)
		fail_at(b->doc, value, "%s holds one of its arms", field->name);
	name = mapping_at(b->doc, value, 0, content);
	for (uint16_t i = 0; i < field->choice->nr_arms; i++)
		if (!strcmp(field->choice->arms[i].name, name))
			return &field->choice->arms[i];
	fail_at(b->doc, value, "%s has no arm '%s'", field->name, name);
}

static void put_choice(struct build *b, const struct luser_field *field,
		       uint8_t *at, size_t size, const yaml_node_t *value)
{
	const yaml_node_t *content;
	const struct luser_arm *arm = arm_at(b, field, value, &content);
	uint64_t offset = field->offset;

	if (!arm->type)
		return;
	if (field->choice->offset)
		offset = luser_field_get(field->choice->offset, at, 0);
	if (offset > size || arm->type->size > size - offset)
		fail_at(b->doc, value, "%s does not fit in its record",
			field->name);
	luser_struct_init(arm->type, at + offset);
	put_struct(b, arm->type, at + offset, arm->type->size, content);
}

static void put_field(struct build *b, const struct luser_struct *type,
		      const struct luser_field *field, uint8_t *at, size_t size,
		      const yaml_node_t *value, enum pass pass)
{
	uint32_t count = count_of(field, size);
	bool linked = field->holds || field->choice || is_linked(b, field, value);

	if (field->kind == LUSER_STRUCT && !field->holds)
		put_nested(b, field, at, count, value, pass);
	else if (linked != (pass == PASS_LINKS))
		return;
	else if (field->holds && field->type->page_list)
		put_page_list(b, field, at, value);
	else if (field->holds)
		put_property(b, field, at, value);
	else if (field->choice)
		put_choice(b, field, at, size, value);
	else if (linked)
		put_link(b, type, field, at, value);
	else
		put_plain(b, field, at, count, value);
}

static void put_pass(struct build *b, const struct luser_struct *type,
		     uint8_t *at, size_t size, const yaml_node_t *value,
		     enum pass pass)
{
	const struct luser_field *field;
	const yaml_node_t *content;

	for (size_t i = 0; i < mapping_length(b->doc, value); i++) {
		const char *key = mapping_at(b->doc, value, i, &content);

		if (is_own_key(key))
			continue;
		field = luser_struct_field(type, key);
		if (!field)
			fail_at(b->doc, content, "%s has no field '%s'",
				type->name, key);
		put_field(b, type, field, at, size, content, pass);
	}
}

void put_struct(struct build *b, const struct luser_struct *type, uint8_t *at,
		size_t size, const yaml_node_t *value)
{
	if (++b->depth > MAX_DEPTH)
		fail_at(b->doc, value, "nested too deep");
	for (uint16_t i = 0; i < type->nr_fields; i++)
		init_section(&type->fields[i], at);
	put_pass(b, type, at, size, value, PASS_BEFORE);
	put_pass(b, type, at, size, value, PASS_LINKS);
	put_pass(b, type, at, size, value, PASS_AFTER);
	b->depth--;
}
