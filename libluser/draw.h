/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Numbers that nobody who wrote the memory knew.
 */
#ifndef LUSER_DRAW_H
#define LUSER_DRAW_H

#include <stdint.h>
#include <unistd.h>

/* Without random numbers always the same: all works, if not against a foe. */
static inline uint64_t luser_draw(void)
{
	uint64_t number;

	if (getentropy(&number, sizeof(number)))
		number = UINT64_C(0xd6e8feb86659fd93);
	return number;
}

#endif /* LUSER_DRAW_H */
