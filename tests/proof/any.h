/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What may be anything: bytes, and what rules may look at.
 */
#ifndef ANY_H
#define ANY_H

#include "__fc_builtin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <luser/abi.h>

#define MAX_BYTES 131200

static uint8_t any_buffer[MAX_BYTES];

/* @size bytes of any content. Behind them is nothing. */
static uint8_t *any_bytes(size_t size)
{
	uint8_t *at = any_buffer + MAX_BYTES - size;

	Frama_C_make_unknown((char *)at, size);
	return at;
}

static uint64_t any_number(uint64_t least, uint64_t most)
{
	return Frama_C_unsigned_long_interval(least, most);
}

/* As many bytes of a root as the rules of iommu-v2 need, and one less. */
#define ROOT_NEEDED 22

static uint8_t any_root[ROOT_NEEDED];

/* Any page size, and a root of any content, or one that is too short, or none. */
static struct luser_env any_env(bool has_root)
{
	struct luser_env env = {
		.page_size = any_number(0, UINT64_MAX),
		.page_shift = (uint32_t)any_number(0, 63),
		.capacity = (uint32_t)any_number(0, UINT32_MAX),
		.record_size = (uint32_t)any_number(0, UINT32_MAX),
		.root_size = (uint32_t)any_number(
			has_root ? ROOT_NEEDED : 0,
			has_root ? UINT32_MAX : ROOT_NEEDED - 1),
	};

	Frama_C_make_unknown((char *)any_root, sizeof(any_root));
	if (has_root)
		env.root = any_root;
	else if (any_number(0, 1))
		env.root = any_root + 1;
	return env;
}

/*
 * Bytes of a record in a page: as many as the schema says of one of them, fewer,
 * and more. The smallest record ends behind driver_size of a device.
 */
#define NR_PAGE_STRIDES 6

static const uint32_t page_strides[NR_PAGE_STRIDES] = { 26, 32, 33, 48, 56, 64 };

#endif /* ANY_H */
