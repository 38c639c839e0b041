// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The mutator of libFuzzer's targets, as AFL++ calls one. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fuzzer.h"

/**
 * struct afl - what AFL++ hands to each call
 * @input: what it was given last, changed
 */
struct afl {
	uint8_t *input;
	size_t room;
};

void *afl_custom_init(void *afl_state, unsigned int seed);
void afl_custom_deinit(void *ctx);
size_t afl_custom_fuzz(void *ctx, uint8_t *buf, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max_size);

void *afl_custom_init(void *afl_state, unsigned int seed)
{
	(void)afl_state;
	srand(seed);
	return calloc(1, sizeof(struct afl));
}

void afl_custom_deinit(void *ctx)
{
	struct afl *afl = ctx;

	free(afl->input);
	free(afl);
}

static bool make_room(struct afl *afl, size_t size)
{
	uint8_t *input;

	if (size <= afl->room)
		return true;
	input = realloc(afl->input, size);
	if (!input)
		return false;
	afl->input = input;
	afl->room = size;
	return true;
}

/* 0 has AFL++ go on without this mutation. */
size_t afl_custom_fuzz(void *ctx, uint8_t *buf, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max_size)
{
	struct afl *afl = ctx;

	(void)other;
	(void)other_size;
	if (size > max_size || !make_room(afl, size))
		return 0;
	memcpy(afl->input, buf, size);
	*out = afl->input;
	return LLVMFuzzerCustomMutator(afl->input, size, max_size,
				       (unsigned int)rand());
}
