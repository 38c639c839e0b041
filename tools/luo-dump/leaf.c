// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <luser/format.h>

#include "leaf.h"
#include "util.h"

uint32_t field_count(const struct luser_node *node,
		     const struct luser_field *field, size_t offset)
{
	if (field->count != LUSER_REST_OF_PAGE)
		return field->count;
	return (uint32_t)((node->size - offset) / field->size);
}

static bool in_bytes(const struct luser_node *node,
		     const struct luser_field *field, size_t offset)
{
	size_t start = offset + field->offset;
	size_t count;

	if (start > node->size || !field->size)
		return false;
	count = field_count(node, field, start);
	return count && count <= (node->size - start) / field->size;
}

static bool is_zero_pad(const struct luser_field *field, const uint8_t *at)
{
	size_t len = (size_t)field->size * field->count;

	if (field->bits)
		return !luser_field_get(field, at, 0);
	for (size_t i = 0; i < len; i++)
		if (at[field->offset + i])
			return false;
	return true;
}

bool field_there(const struct luser_node *node, const struct luser_struct *type,
		 uint16_t i, size_t offset)
{
	const struct luser_field *field = &type->fields[i];

	if (field->kind == LUSER_UNION || field->kind == LUSER_SECTION)
		return false;
	/* What follows is shown as objects of their own. */
	if (field->holds && field->count == LUSER_REST_OF_PAGE)
		return false;
	if (node->kind == LUSER_NODE_FDT && type == node->type &&
	    !(node->present >> i & 1))
		return false;
	if (type == node->type && field->since > node->size)
		return false;
	if (!in_bytes(node, field, offset))
		return false;
	return field->kind != LUSER_PAD ||
	       !is_zero_pad(field, node->bytes + offset);
}

struct each {
	const struct luser_node *node;
	leaf_fn *fn;
	void *ctx;
};

static void each_struct(const struct each *each,
			const struct luser_struct *type, size_t offset,
			const char *prefix);

static char *element_name(const char *prefix, const struct luser_field *field,
			  uint32_t i, bool is_array)
{
	const char *dot = *prefix ? "." : "";

	return is_array ? xprintf("%s%s%s[%u]", prefix, dot, field->name, i) :
			  xprintf("%s%s%s", prefix, dot, field->name);
}

static void each_nested(const struct each *each,
			const struct luser_field *field, size_t offset,
			const char *prefix)
{
	uint32_t count = field_count(each->node, field, offset);

	for (uint32_t i = 0; i < count; i++) {
		char *name = element_name(prefix, field, i, count > 1);

		each_struct(each, field->type,
			    offset + (size_t)i * field->size, name);
		free(name);
	}
}

static void each_leaf(const struct each *each, const struct luser_field *field,
		      size_t struct_offset, const char *prefix)
{
	size_t offset = struct_offset + field->offset;
	char *name = element_name(prefix, field, 0, false);

	each->fn(each->ctx, &(struct leaf){
				    .name = name,
				    .field = field,
				    .at = each->node->bytes + struct_offset,
				    .offset = offset,
				    .count = field_count(each->node, field,
							 offset),
			    });
	free(name);
}

static void each_struct(const struct each *each,
			const struct luser_struct *type, size_t offset,
			const char *prefix)
{
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		if (!field_there(each->node, type, i, offset))
			continue;
		if (field->kind == LUSER_STRUCT)
			each_nested(each, field, offset + field->offset,
				    prefix);
		else
			each_leaf(each, field, offset, prefix);
	}
}

void leaf_each(const struct luser_node *node, leaf_fn *fn, void *ctx)
{
	struct each each = { node, fn, ctx };

	if (node->bytes && node->type)
		each_struct(&each, node->type, 0, "");
}

static char *quoted(const char *text)
{
	bool plain = *text && !strpbrk(text, " ,\"");

	return plain ? xstrdup(text) : xprintf("\"%s\"", text);
}

/* Of more than that, a person sees the start. */
#define MAX_BYTES    16
#define MAX_ELEMENTS 16

static char *bytes_text(const struct luser_field *field, const uint8_t *at)
{
	char *size = count_text(field->size, "byte");
	struct text_file file;

	text_open(&file);
	for (uint32_t i = 0; i < MAX_BYTES; i++)
		fprintf(file.out, "%02x", at[field->offset + i]);
	fprintf(file.out, "..., %s", size);
	free(size);
	return text_close(&file);
}

static char *element_text(const struct leaf *leaf, uint32_t i,
			  const struct luser_env *env)
{
	const struct luser_field *field = leaf->field;
	size_t size;
	char *text, *quotes;

	if (field->kind == LUSER_UINT && field->format == LUSER_SIZE)
		return size_text(luser_field_get(field, leaf->at, i));
	if (field->kind == LUSER_BYTES && field->size > MAX_BYTES)
		return bytes_text(field, leaf->at + (size_t)i * field->size);
	size = luser_format_value(field, leaf->at, i, env, NULL, 0) + 1;
	text = xcalloc(size, 1);
	luser_format_value(field, leaf->at, i, env, text, size);
	if (field->kind != LUSER_STRING)
		return text;
	quotes = quoted(text);
	free(text);
	return quotes;
}

char *leaf_text(const struct leaf *leaf, const struct luser_env *env)
{
	bool whole = leaf->count <= MAX_ELEMENTS;
	struct text_file file;

	text_open(&file);
	for (uint32_t i = 0; i < (whole ? leaf->count : MAX_ELEMENTS); i++) {
		char *element = element_text(leaf, i, env);

		fprintf(file.out, "%s%s", i ? " " : "", element);
		free(element);
	}
	if (!whole)
		fprintf(file.out, " ... %u more", leaf->count - MAX_ELEMENTS);
	return text_close(&file);
}
