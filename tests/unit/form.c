// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <string.h>

#include "form.h"

static const struct luser_struct *arm_of(const struct luser_field *field,
					 const char *name)
{
	for (uint16_t i = 0; i < field->choice->nr_arms; i++)
		if (!strcmp(field->choice->arms[i].name, name))
			return field->choice->arms[i].type;
	ck_abort_msg("no arm %s in %s", name, field->name);
	return NULL;
}

/* The field of a path; @at is moved to the struct that has it. */
static const struct luser_field *find(const struct luser_struct *type,
				      const char *path, uint8_t **at)
{
	char copy[80], *name, *rest = copy;
	const struct luser_field *field;

	ck_assert_uint_lt(strlen(path), sizeof(copy));
	strcpy(copy, path);
	for (;;) {
		name = strsep(&rest, ".");
		field = luser_struct_field(type, name);
		ck_assert_msg(field, "no field %s in %s", name, type->name);
		if (!rest)
			return field;
		*at += field->offset;
		type = field->choice ? arm_of(field, strsep(&rest, ".")) :
				       field->type;
	}
}

static uint64_t value_of(struct handover *h, const struct form_value *value,
			 uint64_t i, const struct form_written *written)
{
	switch (value->kind) {
	case FORM_PAGE:
		return handover_page(h);
	case FORM_RECORD:
		return written->records[value->value][i % FORM_RECORDS];
	case FORM_PLUS:
		return value->value + i;
	default:
		return value->value;
	}
}

void form_fill(struct handover *h, const struct luser_struct *type,
	       uint8_t *at, const struct form_value *values, uint64_t i,
	       const struct form_written *written)
{
	for (size_t k = 0; k < FORM_VALUES && values[k].path; k++) {
		uint8_t *where = at;
		const struct luser_field *field =
			find(type, values[k].path, &where);

		luser_field_set(field, where, 0,
				value_of(h, &values[k], i, written));
	}
}

static const struct luser_array *array_of(const struct luser_abi *abi,
					  const char *name)
{
	for (uint16_t i = 0; i < abi->nr_arrays; i++)
		if (!strcmp(abi->arrays[i]->name, name))
			return abi->arrays[i];
	return NULL;
}

static void keep_place(struct form_written *written, int k, uint64_t i,
		       uint64_t phys)
{
	if (i < FORM_RECORDS)
		written->records[k][i] = phys;
}

static void write_array(const struct form *form, struct handover *h,
			const struct luser_array *array, uint64_t count, int k,
			struct form_written *written)
{
	struct luser_array_writer writer;
	struct luser_slot slot;

	luser_array_begin(&writer, h->image, array, NULL, 0);
	for (uint64_t i = 0; i < count; i++) {
		ck_assert_int_eq(luser_array_add(&writer, &slot, NULL),
				 LUSER_OK);
		form_fill(h, array->record, slot.at, form->arrays[k].values, i,
			  written);
		keep_place(written, k, i, slot.phys);
	}
	ck_assert_int_eq(luser_array_link(&writer, form->abi->root,
					  written->root.at),
			 LUSER_OK);
}

/* Records behind the root, or in the pages that it lists. */
static void write_held(const struct form *form, struct handover *h,
		       const struct luser_field *field, uint64_t count, int k,
		       struct form_written *written)
{
	static uint8_t bytes[65536];
	const struct luser_struct *type = field->holds->record;
	uint8_t *root = written->root.at;

	ck_assert_uint_le(count * type->size, sizeof(bytes));
	memset(bytes, 0, sizeof(bytes));
	for (uint64_t i = 0; i < count; i++)
		form_fill(h, type, bytes + i * type->size,
			  form->arrays[k].values, i, written);
	luser_field_set(field->holds->count, root, 0, count);
	if (field->type->page_list) {
		ck_assert_int_eq(luser_encode_page_list(h->image, field, root,
							bytes, count, 0, NULL),
				 LUSER_OK);
		return;
	}
	for (uint64_t i = 0; i < count; i++)
		keep_place(written, k, i, written->root.phys + field->offset +
			   i * type->size);
	ck_assert_uint_le(field->offset + count * type->size,
			  luser_image_page_size(h->image));
	memcpy(root + field->offset, bytes, count * type->size);
}

static void write_records(const struct form *form, struct handover *h,
			  uint64_t count, int k, struct form_written *written)
{
	const char *name = form->arrays[k].name;
	const struct luser_array *array = array_of(form->abi, name);

	if (array)
		write_array(form, h, array, count, k, written);
	else
		write_held(form, h, luser_struct_field(form->abi->root, name),
			   count, k, written);
}

void form_encode(const struct form *form, struct handover *h, uint64_t count,
		 struct form_written *ret)
{
	memset(ret, 0, sizeof(*ret));
	ck_assert_int_eq(luser_encode_root(h->image, form->abi, &ret->root,
					   NULL),
			 LUSER_OK);
	form_fill(h, form->abi->root, ret->root.at, form->root, 0, ret);
	for (int k = 0; k < FORM_ARRAYS && form->arrays[k].name; k++)
		write_records(form, h, count, k, ret);
}

void form_carry(const struct form *form, struct handover *h,
		const struct form_written *written)
{
	if (!strcmp(form->abi->registry, "luo-flb")) {
		handover_add_flb(h, form->abi->key, written->root.phys);
		return;
	}
	handover_add_session(h, "vm");
	handover_add_file(h, form->abi->key, written->root.phys, 1);
}
