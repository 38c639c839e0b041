/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Many numbers made one, by which it can be told that they are the same.
 */
#ifndef LUSER_MIX_H
#define LUSER_MIX_H

#include <stdint.h>

static inline uint64_t luser_mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

#endif /* LUSER_MIX_H */
