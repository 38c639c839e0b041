/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* A root device tree, as a test's kernel would have written it. */
#ifndef FDT_FIXTURE_H
#define FDT_FIXTURE_H

#include <check.h>
#include <libfdt.h>
#include <stdint.h>
#include <string.h>

#include <luser/le.h>

#define FIXTURE_COMPATIBLE "root-v1"
#define FIXTURE_GENERATION "generation"

/* Writes a tree with two children into @buf, and returns its size. */
static inline size_t fixture_fdt(void *buf, size_t size, const char *compatible,
				 uint64_t generation)
{
	static const char *const child[] = { "alpha", "beta" };
	int bad = fdt_create(buf, (int)size);
	uint8_t number[8];
	size_t i;

	luser_set_le64(number, generation);
	bad |= fdt_finish_reservemap(buf);
	bad |= fdt_begin_node(buf, "");
	bad |= fdt_property(buf, "compatible", compatible,
			    (int)strlen(compatible) + 1);
	bad |= fdt_property(buf, FIXTURE_GENERATION, number, sizeof(number));
	for (i = 0; i < 2; i++) {
		bad |= fdt_begin_node(buf, child[i]);
		bad |= fdt_property(buf, "data", &i, sizeof(i));
		bad |= fdt_end_node(buf);
	}
	bad |= fdt_end_node(buf);
	bad |= fdt_finish(buf);
	ck_assert_int_eq(bad, 0);
	return fdt_totalsize(buf);
}

#endif /* FDT_FIXTURE_H */
