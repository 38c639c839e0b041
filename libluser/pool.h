/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Many small pieces of memory that are given back together.
 */
#ifndef LUSER_POOL_H
#define LUSER_POOL_H

#include <stddef.h>

/**
 * struct pool - pieces of memory
 * @chunk: the one that pieces are taken from; all zero at first
 * @left:  bytes of it that nobody has
 */
struct pool {
	struct pool_chunk *chunk;
	size_t left;
};

/* The largest piece. */
#define POOL_MAX_PIECE 4096

/* For integers of any size, at most POOL_MAX_PIECE bytes; NULL without memory. */
void *pool_take(struct pool *pool, size_t size);

/* All pieces are gone afterwards. */
void pool_free(struct pool *pool);

#endif /* LUSER_POOL_H */
