/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#ifndef GROW_H
#define GROW_H

#include <stdio.h>
#include <stdlib.h>

/* Room in a list of @nr entries for one more; ends the program without memory. */
static inline void *grow(void *list, size_t nr, size_t size)
{
	if (nr & (nr - 1))
		return list;
	list = reallocarray(list, nr ? 2 * nr : 1, size);
	if (list)
		return list;
	fprintf(stderr, "no memory\n");
	abort();
}

#endif /* GROW_H */
