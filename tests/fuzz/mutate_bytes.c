// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Where there is no libFuzzer, what the mutator has of it. */
#include <stdlib.h>

#include "fuzzer.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	(void)max_size;
	for (size_t i = 0; i < size; i++)
		if (!(rand() % 4))
			data[i] = (uint8_t)rand();
	return size;
}
