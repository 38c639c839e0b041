// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The walk over a whole handover. FUZZ_ABI is how the ids of those ABIs start
 * whose objects are changed; with FUZZ_MAP it is their map instead.
 */
#include <stdlib.h>

#include "target.h"

#ifndef FUZZ_MAP
#define FUZZ_MAP false
#endif

const struct focus target_focus = {.abi = FUZZ_ABI, .map = FUZZ_MAP};

/*
 * Twice: what is behind a checksum is not reached if the sum is wrong. The
 * second time it is read in place, which is to change nothing.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flat_input in;
	struct replay r;

	if (!flat_parse(&in, data, size) || !flat_take(&r, &in))
		return 0;
	flat_seal(&r);
	if (replay_walk(&r).sum != r.sound.sum && !r.nr_sealed)
		abort();
	replay_close(&r);
	return 0;
}
