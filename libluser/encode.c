// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing fields and structs.
 */
#include <inttypes.h>
#include <string.h>

#include <luser/encode.h>
#include <luser/le.h>

#include "encode_internal.h"
#include "error_internal.h"
#include "field_value.h"

static void store(uint8_t *at, uint32_t size, uint64_t value)
{
	switch (size) {
	case 1:
		at[0] = (uint8_t)value;
		break;
	case 2:
		luser_set_le16(at, (uint16_t)value);
		break;
	case 4:
		luser_set_le32(at, (uint32_t)value);
		break;
	default:
		luser_set_le64(at, value);
	}
}

void luser_field_set(const struct luser_field *field, uint8_t *at, uint32_t i,
		     uint64_t value)
{
	uint64_t mask;

	at += field->offset + (size_t)i * field->size;
	if (field->bits && field->bits < 64) {
		mask = ((UINT64_C(1) << field->bits) - 1) << field->bit;
		value = (value << field->bit & mask) |
			(field_unit(at, field->size) & ~mask);
	}
	store(at, field->size, value);
}

const struct luser_field *luser_struct_field(const struct luser_struct *type,
					     const char *name)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (!strcmp(type->fields[i].name, name))
			return &type->fields[i];
	return NULL;
}

static void fix_field(const struct luser_field *field, uint8_t *at)
{
	const struct luser_fixed *fixed = field->fixed;

	if (field->kind == LUSER_STRUCT && field->count != LUSER_REST_OF_PAGE)
		for (uint32_t i = 0; i < field->count; i++)
			luser_struct_fix(field->type,
					 at + field->offset +
						 (size_t)i * field->size);
	if (!fixed)
		return;
	if (fixed->string)
		memcpy(at + field->offset, fixed->string,
		       strnlen(fixed->string, field->size));
	else
		luser_field_set(field, at, 0, fixed->number);
}

void luser_struct_fix(const struct luser_struct *type, uint8_t *at)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		fix_field(&type->fields[i], at);
}

void luser_struct_init(const struct luser_struct *type, uint8_t *at)
{
	memset(at, 0, type->size);
	luser_struct_fix(type, at);
}

uint32_t luser_order_of(const struct luser_image *image, uint64_t len)
{
	uint32_t order = 0;

	while (order <= LUSER_IMAGE_MAX_ORDER &&
	       (uint64_t)luser_image_page_size(image) << order < len)
		order++;
	return order;
}

enum luser_code luser_fail_place(struct luser_error *err, uint64_t phys)
{
	return luser_fail(err, LUSER_ARGUMENT, phys,
			  "what goes to 0x%" PRIx64 " does not fit there",
			  phys);
}

enum luser_code luser_encode_with_room(struct luser_image *image,
				       const struct luser_struct *type,
				       uint64_t room, uint64_t *phys,
				       uint8_t **at, struct luser_error *err)
{
	uint64_t len = type->size + room;
	enum luser_code code;
	uint64_t address;
	uint8_t *bytes;

	if (room > UINT64_MAX - type->size)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "no memory has room for that");
	code = luser_image_alloc(image, luser_order_of(image, len), true,
				 &address, err);
	if (code != LUSER_OK)
		return code;
	bytes = luser_image_at(image, address, len);
	if (!bytes)
		return luser_fail_place(err, address);
	luser_struct_init(type, bytes);
	*phys = address;
	*at = bytes;
	return LUSER_OK;
}

enum luser_code luser_encode_struct(struct luser_image *image,
				    const struct luser_struct *type,
				    uint64_t *phys, uint8_t **at,
				    struct luser_error *err)
{
	return luser_encode_with_room(image, type, 0, phys, at, err);
}

enum luser_code luser_encode_root(struct luser_image *image,
				  const struct luser_abi *abi,
				  struct luser_encoded_root *root,
				  struct luser_error *err)
{
	struct luser_array_writer writer;
	struct luser_slot slot;
	enum luser_code code;

	if (!abi->root)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "%s has no root struct", abi->id);
	if (abi->root_array) {
		luser_array_begin(&writer, image, abi->root_array, NULL, 1);
		code = luser_array_add(&writer, &slot, err);
		if (code == LUSER_OK)
			*root = (struct luser_encoded_root){
				writer.first, writer.page, slot.at};
		return code;
	}
	root->header = NULL;
	return luser_encode_struct(image, abi->root, &root->phys, &root->at,
				   err);
}
