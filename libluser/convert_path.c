// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include <luser/encode.h>

#include "convert_path.h"

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

static const struct luser_struct *
enter_arm(struct luser_image *image, const struct luser_field *field,
	  const char **path, uint8_t **at)
{
	const struct luser_choice *choice = field->choice;
	size_t len = strcspn(*path, ".");
	const struct luser_arm *arm = arm_at(choice, *path, len);
	uint64_t offset = field->offset;

	if (!arm || !is_chosen(image, choice, arm, *at))
		return NULL;
	if (choice->offset)
		offset = luser_field_get(choice->offset, *at, 0);
	/* Sections that lie elsewhere are not converted. */
	if (offset != field->offset)
		return NULL;
	*at += offset;
	*path += len + ((*path)[len] == '.');
	return arm->type;
}

static uint64_t flag_at(const struct luser_field *field, const char *name)
{
	for (uint16_t i = 0; field->names && i < field->names->nr_items; i++)
		if (!strcmp(field->names->items[i].name, name))
			return field->names->items[i].value;
	return 0;
}

bool luser_place_find(struct luser_image *image,
		      const struct luser_struct *type, uint8_t *at,
		      const char *path, struct luser_place *place)
{
	while (type) {
		size_t len = strcspn(path, ".");
		const struct luser_field *field = field_at(type, path, len);

		if (!field)
			return false;
		path += len;
		if (!*path++) {
			*place = (struct luser_place){field, at, 0};
			return true;
		}
		if (field->choice) {
			type = enter_arm(image, field, &path, &at);
		} else if (field->type) {
			type = field->type;
			at += field->offset;
		} else {
			*place = (struct luser_place){field, at,
						      flag_at(field, path)};
			return place->mask;
		}
	}
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
