/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * In front of each file: the compiler's builtins in C that EVA follows.
 */
#ifndef PLAIN_H
#define PLAIN_H

#include "__fc_builtin.h"

/*
 * The lowest one of a number that is not 0: it is not above the highest. Any of
 * those that are left is taken, the right one among them.
 */
static inline int plain_ctzll(unsigned long long number)
{
	int zeros = 0;

	/*@ assert is_not_0: number != 0; */
	/*@ loop unroll 64; */
	while (number >> zeros > 1 && Frama_C_interval(0, 1))
		zeros++;
	return zeros;
}

#define __builtin_ctzll(number) plain_ctzll(number)
#define __builtin_expect(condition, value) (condition)
#define __builtin_prefetch(at) ((void)(at))

#endif /* PLAIN_H */
