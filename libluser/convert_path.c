// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include <luser/encode.h>
#include <luser/rule_ops.h>

#include "convert_path.h"

/**
 * struct inside - a struct on the way to a place
 * @at:   its bytes
 * @size: how many there are
 * @path: what is left of it
 */
struct inside {
	const struct luser_struct *type;
	uint8_t *at;
	uint64_t size;
	const char *path;
};

static bool is_named(const char *name, const char *path, size_t len)
{
	return strlen(name) == len && !strncmp(name, path, len);
}

static const struct luser_field *field_at(const struct luser_struct *type,
					  const char *path, size_t len)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (is_named(type->fields[i].name, path, len))
			return &type->fields[i];
	return NULL;
}

static uint64_t value_of(const struct luser_field *const *path,
			 const uint8_t *at)
{
	for (; path[1]; path++)
		at += path[0]->offset;
	return luser_field_get(path[0], at, 0);
}

static size_t length_of(const struct luser_field *const *path)
{
	size_t len = 0;

	for (; path[1]; path++)
		len += path[0]->offset;
	return len + path[0]->offset + path[0]->size;
}

/* The tag may be in the record that this one refers to. */
static bool tag_of(struct luser_image *image, const struct luser_choice *choice,
		   const uint8_t *at, uint64_t *tag)
{
	if (choice->via)
		at = luser_image_at(image, value_of(choice->via, at),
				    length_of(choice->tag));
	if (!at || choice->in_root)
		return false;
	*tag = value_of(choice->tag, at);
	return true;
}

static bool is_chosen(struct luser_image *image,
		      const struct luser_choice *choice,
		      const struct luser_arm *arm, const uint8_t *at)
{
	uint64_t tag;

	return !image || (tag_of(image, choice, at, &tag) && tag == arm->tag);
}

static const struct luser_arm *arm_at(const struct luser_choice *choice,
				      const char *path, size_t len)
{
	for (uint16_t i = 0; i < choice->nr_arms; i++)
		if (choice->arms[i].type &&
		    is_named(choice->arms[i].name, path, len))
			return &choice->arms[i];
	return NULL;
}

/* What is in the arm, wherever the record has it. */
static enum luser_code enter_arm(struct luser_image *image,
				 const struct luser_field *field,
				 struct inside *in)
{
	const struct luser_choice *choice = field->choice;
	size_t len = strcspn(in->path, ".");
	const struct luser_arm *arm = arm_at(choice, in->path, len);
	uint64_t offset = field->offset, size = field->size;

	if (!arm || !is_chosen(image, choice, arm, in->at))
		return LUSER_NODATA;
	if (choice->offset) {
		offset = luser_field_get(choice->offset, in->at, 0);
		size = luser_field_get(choice->size, in->at, 0);
		if (!luser_section(offset, size, field->offset,
				   arm->type->size, in->size))
			return LUSER_INVALID;
	}
	in->path += len + (in->path[len] == '.');
	in->type = arm->type;
	in->at += offset;
	in->size = size;
	return LUSER_OK;
}

static uint64_t flag_at(const struct luser_field *field, const char *name)
{
	for (uint16_t i = 0; field->names && i < field->names->nr_items; i++)
		if (!strcmp(field->names->items[i].name, name))
			return field->names->items[i].value;
	return 0;
}

/* Into the field that the path begins with, or to it. */
static enum luser_code enter_field(struct luser_image *image, struct inside *in,
				   struct luser_place *place)
{
	size_t len = strcspn(in->path, ".");
	const struct luser_field *field = field_at(in->type, in->path, len);
	const char *rest = in->path + len;

	if (!field || field->since > in->size)
		return LUSER_NODATA;
	in->path = rest + (*rest == '.');
	if (*rest && field->choice)
		return enter_arm(image, field, in);
	if (*rest && field->type) {
		in->type = field->type;
		in->at += field->offset;
		in->size = field->size;
		return LUSER_OK;
	}
	*place = (struct luser_place){field, in->at,
				      *rest ? flag_at(field, in->path) : 0};
	in->type = NULL;
	return LUSER_OK;
}

enum luser_code luser_place_find(struct luser_image *image,
				 const struct luser_struct *type, uint8_t *at,
				 uint64_t size, const char *path,
				 struct luser_place *place)
{
	struct inside in = {type, at, size, path};
	enum luser_code code = LUSER_OK;

	while (code == LUSER_OK && in.type)
		code = enter_field(image, &in, place);
	return code;
}

bool luser_place_used(const struct luser_place *place)
{
	const struct luser_field *field = place->field;

	if (place->mask || field->bits)
		return luser_place_get(place);
	for (uint32_t i = 0; i < field->size * field->count; i++)
		if (place->at[field->offset + i])
			return true;
	return false;
}

uint64_t luser_place_get(const struct luser_place *place)
{
	uint64_t value = luser_field_get(place->field, place->at, 0);

	return place->mask ? (value & place->mask) != 0 : value;
}

void luser_place_set(const struct luser_place *place, uint64_t value)
{
	uint64_t all = luser_field_get(place->field, place->at, 0);

	if (place->mask)
		value = value ? all | place->mask : all & ~place->mask;
	luser_field_set(place->field, place->at, 0, value);
}
