/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * luser_field_get() and luser_field_phys() without a call, for where they are
 * called for each page or record, and what a path through structs leads to.
 */
#ifndef LUSER_FIELD_VALUE_H
#define LUSER_FIELD_VALUE_H

#include <luser/abi.h>
#include <luser/error.h>
#include <luser/le.h>

static inline uint64_t field_unit(const uint8_t *at, uint32_t size)
{
	switch (size) {
	case 1:
		return luser_le8(at);
	case 2:
		return luser_le16(at);
	case 4:
		return luser_le32(at);
	default:
		return luser_le64(at);
	}
}

static inline uint64_t field_value(const struct luser_field *field,
				   const uint8_t *at, uint32_t i)
{
	uint64_t unit = field_unit(
		at + field->offset + (size_t)i * field->size, field->size);

	if (!field->bits || field->bits == 64)
		return unit;
	return unit >> field->bit & ((UINT64_C(1) << field->bits) - 1);
}

/* The last field of a path, NULL-ended; @offset: of the struct that has it. */
static inline const struct luser_field *
field_at_path(const struct luser_field *const *path, uint32_t *offset)
{
	*offset = 0;
	for (; path[1]; path++)
		*offset += path[0]->offset;
	return path[0];
}

static inline uint64_t field_phys(const struct luser_field *field,
				  const uint8_t *at,
				  const struct luser_env *env)
{
	uint64_t value = field_value(field, at, 0);

	if (field->format != LUSER_PFN)
		return value << field->shift;
	if (value > UINT64_MAX >> env->page_shift)
		return LUSER_NO_PHYS;
	return value << env->page_shift;
}

#endif /* LUSER_FIELD_VALUE_H */
