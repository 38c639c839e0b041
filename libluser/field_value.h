/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* luser_field_get() without a call, for where it is called for each page. */
#ifndef LUSER_FIELD_VALUE_H
#define LUSER_FIELD_VALUE_H

#include <luser/abi.h>
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

#endif /* LUSER_FIELD_VALUE_H */
