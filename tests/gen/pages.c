// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Decodes the page of records that its argument is, in hex, as the schema in
 * test_pages.py has them, and prints the numbers of those that are no records.
 */
#include <stdio.h>

#include <luser/abi/slots-v1-pages.h>

#define MAX 8

static void tell(void *ctx, uint64_t index, const struct luser_error *err)
{
	(void)ctx;
	(void)err;
	printf("%u is broken\n", (unsigned int)index);
}

static uint32_t unhex(const char *text, uint8_t *bytes)
{
	uint32_t n = 0;
	unsigned int byte;

	for (; sscanf(text, "%2x", &byte) == 1; text += 2)
		bytes[n++] = (uint8_t)byte;
	return n;
}

int main(int argc, char **argv)
{
	static uint8_t records[MAX * LUSER_SLOTS_V1_SLOT_SIZE];
	struct luser_slots_v1_slot out[MAX];
	struct luser_array_reader reader = {
		.array = luser_slots_v1_slots_array(),
		.env = { .page_size = 4096, .page_shift = 12 },
		.records = records,
		.stride = LUSER_SLOTS_V1_SLOT_SIZE,
	};

	if (argc != 2 || strlen(argv[1]) > sizeof(records) * 2)
		return 2;
	reader.used = unhex(argv[1], records) / reader.stride;
	printf("%u of %u\n",
	       luser_slots_v1_slots_decode_page(&reader, out, tell, NULL),
	       reader.used);
	return 0;
}
