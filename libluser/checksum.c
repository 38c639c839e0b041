// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The checksum of sealed pages.
 */
#include <string.h>

#include <isa-l/crc.h>

#include <luser/array.h>

static uint32_t add(uint32_t crc, const uint8_t *bytes, size_t len)
{
	/* The library's prototype lacks const; it does not write. */
	return crc32_iscsi((unsigned char *)bytes, (int)len, crc);
}

uint32_t luser_page_checksum(const struct luser_array *array,
			     const uint8_t *page, size_t len)
{
	static const uint8_t zero[8];
	size_t at = array->checksum->offset;
	size_t after = at + array->checksum->size;
	uint32_t crc = UINT32_MAX;

	crc = add(crc, page, at);
	crc = add(crc, zero, array->checksum->size);
	crc = add(crc, page + after, len - after);
	return ~crc;
}
