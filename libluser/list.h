/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lists that grow.
 */
#ifndef LUSER_LIST_H
#define LUSER_LIST_H

#include <stdlib.h>

/**
 * list_grow() - make room for one more
 * @list: there is always room for a power of two; NULL is empty
 * @nr:   how many it has
 * @size: of one
 *
 * Return: the list, which may have moved; NULL without memory, and then the old
 * one is as it was.
 */
static inline void *list_grow(void *list, size_t nr, size_t size)
{
	return nr & (nr - 1) ? list
			     : reallocarray(list, nr ? nr * 2 : 1, size);
}

#endif /* LUSER_LIST_H */
