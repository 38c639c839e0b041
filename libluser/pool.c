// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Many small pieces of memory that are given back together.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "pool.h"

#define CHUNK (64u << 10)

_Static_assert(POOL_MAX_PIECE <= CHUNK, "a chunk has room for each piece");

struct pool_chunk {
	struct pool_chunk *next;
	uint8_t bytes[CHUNK];
};

static bool add_chunk(struct pool *pool)
{
	struct pool_chunk *chunk = malloc(sizeof(*chunk));

	if (!chunk)
		return false;
	chunk->next = pool->chunk;
	pool->chunk = chunk;
	pool->left = CHUNK;
	return true;
}

void *pool_take(struct pool *pool, size_t size)
{
	size = (size + 7) & ~(size_t)7;
	if (size > pool->left && !add_chunk(pool))
		return NULL;
	pool->left -= size;
	return pool->chunk->bytes + pool->left;
}

void pool_free(struct pool *pool)
{
	struct pool_chunk *chunk = pool->chunk;

	while (chunk) {
		struct pool_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	*pool = (struct pool){0};
}
