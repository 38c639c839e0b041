// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Integers in memory, and what the tests of rules are made of: any bytes, which
 * end where an integer ends, and any numbers.
 */
#include <luser/rule_ops.h>

#include "any.h"
#include "field_value.h"

static void read_each(void)
{
	luser_le8(any_bytes(1));
	luser_le16(any_bytes(2));
	luser_le32(any_bytes(4));
	luser_le64(any_bytes(8));
}

static void write_each(uint64_t value)
{
	luser_set_le8(any_bytes(1), (uint8_t)value);
	luser_set_le16(any_bytes(2), (uint16_t)value);
	luser_set_le32(any_bytes(4), (uint32_t)value);
	luser_set_le64(any_bytes(8), value);
}

/* Each part of an integer that a field may be. */
static void read_fields(void)
{
	for (uint32_t size = 1; size <= 8; size *= 2)
		for (uint8_t bits = 0; bits <= 8 * size; bits++) {
			const struct luser_field field = {
				.offset = 5,
				.size = size,
				.bits = bits,
				.bit = (uint8_t)any_number(
					0, bits ? 8 * size - bits : 0),
			};
			uint32_t i = (uint32_t)any_number(0, 3);

			field_value(&field, any_bytes(5 + 4 * size), i);
		}
}

static void look_at_bytes(void)
{
	for (uint32_t size = 0; size <= 32; size++) {
		luser_zero(any_bytes(size), size);
		luser_terminated(any_bytes(size), size);
	}
	luser_same_text(any_bytes(5), "text", 5);
}

static void count(uint64_t a, uint64_t b)
{
	bool sound = true;

	luser_unless((unsigned int)any_number(0, 63), any_number(0, 1));
	luser_div(a, b, &sound);
	luser_mod(a, b, &sound);
	luser_shl(a, b);
	luser_shr(a, b);
}

/* A section that is said to lie in a record does. */
static void find_sections(void)
{
	for (uint64_t size = 0; size <= 64; size++)
		for (uint64_t need = 8; need <= 24; need += 16) {
			const uint8_t *at = any_bytes(size);
			uint64_t offset = any_number(0, UINT64_MAX);
			uint64_t length = any_number(0, UINT64_MAX);

			if (luser_section(offset, length, 0, need, size))
				luser_le64(at + offset + need - 8);
		}
}

static void look_at_root(bool has_root)
{
	const struct luser_env env = any_env(has_root);
	const uint8_t *root = luser_root(&env, ROOT_NEEDED);

	if (root)
		luser_le16(root + ROOT_NEEDED - 2);
	luser_no_rules(any_bytes(0), &env);
}

int main(void)
{
	read_each();
	write_each(any_number(0, UINT64_MAX));
	read_fields();
	look_at_bytes();
	count(any_number(0, UINT64_MAX), any_number(0, UINT64_MAX));
	find_sections();
	look_at_root(false);
	look_at_root(true);
	return 0;
}
