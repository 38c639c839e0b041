/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Many numbers made one, by which it can be told that they are the same.
 */
#ifndef LUSER_MIX_H
#define LUSER_MIX_H

#include <stdint.h>

/*
 * Values are multiplied by what only @sum tells. With a factor that is known,
 * another value differs by what is known too, and the next one can undo that.
 */
static inline uint64_t luser_mix(uint64_t sum, uint64_t value)
{
	uint64_t factor = (sum << 32 | sum >> 32) ^
			  UINT64_C(0x9e3779b97f4a7c15);
	__extension__ unsigned __int128 product = sum ^ value;

	product *= factor;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif /* LUSER_MIX_H */
