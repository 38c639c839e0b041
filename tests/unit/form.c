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
	ck_abort_msg("no array %s in %s", name, abi->id);
	return NULL;
}

static void write_array(const struct form *form, struct handover *h,
			uint64_t count, int k, struct form_written *written)
{
	const struct luser_array *array =
		array_of(form->abi, form->arrays[k].name);
	struct luser_array_writer writer;
	struct luser_slot slot;

	luser_array_begin(&writer, h->image, array, NULL, 0);
	for (uint64_t i = 0; i < count; i++) {
		ck_assert_int_eq(luser_array_add(&writer, &slot, NULL),
				 LUSER_OK);
		form_fill(h, array->record, slot.at, form->arrays[k].values, i,
			  written);
		if (i < FORM_RECORDS)
			written->records[k][i] = slot.phys;
	}
	ck_assert_int_eq(luser_array_link(&writer, form->abi->root,
					  written->root.at),
			 LUSER_OK);
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
		write_array(form, h, count, k, ret);
}
