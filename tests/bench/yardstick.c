// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "yardstick.h"

uint64_t bench_sum(const uint64_t *words, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += words[i];
	return sum;
}
