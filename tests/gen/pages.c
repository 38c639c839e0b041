// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Decodes a page of three records, of which the middle one is zeros, as the
 * schema in test_pages.py has them; prints how many are records.
 */
#include <stdio.h>

#include <luser/abi/slots-v1-pages.h>

static void tell(void *ctx, uint64_t index, const struct luser_error *err)
{
	(void)ctx;
	(void)err;
	printf("%u is broken\n", (unsigned int)index);
}

int main(void)
{
	static const uint8_t records[3 * 8] = { [0] = 1, [16] = 1 };
	struct luser_slots_v1_slot out[3];
	const struct luser_array_reader reader = {
		.array = luser_slots_v1_slots_array(),
		.env = { .page_size = 4096, .page_shift = 12 },
		.records = records,
		.used = 3,
		.stride = 8,
		.capacity = 3,
	};

	printf("%u of 3 are records\n",
	       luser_slots_v1_slots_decode_page(&reader, out, tell, NULL));
	return 0;
}
