/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What was said, in one number: FNV-1a,
 * http://www.isthe.com/chongo/tech/comp/fnv/
 */
#ifndef FNV_H
#define FNV_H

#include <stddef.h>
#include <stdint.h>

#define FNV_START UINT64_C(0xcbf29ce484222325)

static inline void fnv_add(uint64_t *sum, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++)
		*sum = (*sum ^ at[i]) * UINT64_C(0x100000001b3);
}

#endif /* FNV_H */
