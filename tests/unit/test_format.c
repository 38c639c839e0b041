// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Values as text, and which rule of a struct does not hold.
 */
#include <stdlib.h>
#include <string.h>

#include <luser/abi/luo-v5.h>
#include <luser/abi/memfd-v2.h>
#include <luser/check.h>
#include <luser/encode.h>
#include <luser/format.h>

#include "run_case.h"

static const struct luser_env env = {.page_size = 4096, .page_shift = 12};

static const struct {
	uint64_t bytes;
	const char *text;
} sizes[] = {
	{0, "0 B"},
	{1023, "1023 B"},
	{1024, "1 KiB"},
	{1536, "1.5 KiB"},
	{1 << 20, "1 MiB"},
	{UINT64_C(5) << 40, "5 TiB"},
	{UINT64_C(1) << 60, "1024 PiB"},
	{UINT64_MAX, "16383.9 PiB"},
};
#define NR_SIZES ((int)(sizeof(sizes) / sizeof(sizes[0])))

START_TEST(size_is_in_the_largest_unit)
{
	char text[32];

	ck_assert_uint_eq(luser_format_size(sizes[_i].bytes, text,
					    sizeof(text)),
			  strlen(sizes[_i].text));
	ck_assert_str_eq(text, sizes[_i].text);
}
END_TEST

START_TEST(escapes_are_not_cut)
{
	static const char whole[] = "a\\x0ab\\\\";
	char text[16];

	for (size_t size = 0; size <= sizeof(whole); size++) {
		memset(text, 'z', sizeof(text));
		ck_assert_uint_eq(luser_escape("a\nb\\", 4, text, size),
				  sizeof(whole) - 1);
		ck_assert_int_eq(text[size], 'z');
		if (!size)
			continue;
		ck_assert_uint_lt(strlen(text), size);
		ck_assert(!strncmp(text, whole, strlen(text)));
		/* Of the escape all is there or nothing. */
		ck_assert_uint_eq(strlen(text) > 1, size > 5);
	}
}
END_TEST

/* What fits is the beginning of all of it. */
static void format_field(const struct luser_field *field, const uint8_t *at)
{
	char whole[4096], cut[12];
	size_t len = luser_format_value(field, at, 0, &env, whole,
					sizeof(whole));

	ck_assert_uint_eq(strlen(whole), len);
	ck_assert_uint_eq(luser_format_value(field, at, 0, &env, NULL, 0),
			  len);
	for (size_t size = 1; size <= sizeof(cut); size++) {
		ck_assert_uint_eq(luser_format_value(field, at, 0, &env, cut,
						     size),
				  len);
		ck_assert_uint_lt(strlen(cut), size);
		ck_assert(!strncmp(cut, whole, strlen(cut)));
	}
}

static void format_struct(const struct luser_struct *type)
{
	uint8_t *at = calloc(1, type->size + 65536);

	ck_assert_ptr_nonnull(at);
	for (int byte = 0; byte < 256; byte += 51) {
		memset(at, byte, type->size + 65536);
		for (uint16_t i = 0; i < type->nr_fields; i++)
			format_field(&type->fields[i], at);
	}
	free(at);
}

START_TEST(every_field_fits_in_any_room)
{
	size_t count;
	const struct luser_abi *const *abis = luser_abis(&count);

	for (size_t i = 0; i < count; i++)
		for (uint16_t k = 0; k < abis[i]->nr_structs; k++)
			format_struct(abis[i]->structs[k]);
}
END_TEST

START_TEST(index_of_nothing_is_none)
{
	const struct luser_field field = {
		.kind = LUSER_INDEX,
		.size = 4,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_INDEX,
			.nullable = true,
			.none = UINT32_MAX,
		},
	};
	uint8_t at[4];
	char text[32];

	luser_field_set(&field, at, 0, UINT32_MAX);
	luser_format_value(&field, at, 0, &env, text, sizeof(text));
	ck_assert_str_eq(text, "none");
	luser_field_set(&field, at, 0, 5);
	luser_format_value(&field, at, 0, &env, text, sizeof(text));
	ck_assert_str_eq(text, "5");
}
END_TEST

START_TEST(page_frame_beyond_all_memory_is_no_address)
{
	const struct luser_field *pfn =
		luser_struct_field(luser_memfd_v2_luo_folio_type(), "pfn");
	uint8_t at[64];

	memset(at, 0xff, sizeof(at));
	ck_assert_int_eq(pfn->format, LUSER_PFN);
	ck_assert_uint_gt(luser_field_phys(pfn, at, &env), UINT64_MAX >> 12);
	luser_field_set(pfn, at, 0, 3);
	ck_assert_uint_eq(luser_field_phys(pfn, at, &env), 3 << 12);
}
END_TEST

START_TEST(struct_that_is_cut_is_no_struct)
{
	const struct luser_struct *type = luser_luo_v5_luo_type();
	struct luser_error err;
	uint8_t at[64];

	luser_struct_init(type, at);
	ck_assert_int_eq(luser_struct_explain(type, at, type->size, 0, &env,
					      &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_struct_explain(type, at, type->size - 1, 0, &env,
					      &err),
			 LUSER_FORMAT);
	ck_assert_ptr_nonnull(strstr(err.message, "32 bytes, and there are 31"));
}
END_TEST

START_TEST(broken_rule_is_named)
{
	const struct luser_struct *type = luser_luo_v5_luo_type();
	struct luser_error err;
	uint8_t at[64];

	luser_struct_init(type, at);
	at[16] = 8;
	ck_assert_int_eq(luser_struct_explain(type, at, type->size, 0, &env,
					      &err),
			 LUSER_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message,
				     "luo_ser.sessions_pa: rule "
				     "sessions-pa-aligned does not hold"));
}
END_TEST

START_TEST(absent_field_is_not_found)
{
	ck_assert_ptr_null(luser_struct_field(luser_luo_v5_luo_type(), "luo"));
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("format");

	tcase_add_loop_test(tc, size_is_in_the_largest_unit, 0, NR_SIZES);
	tcase_add_test(tc, escapes_are_not_cut);
	tcase_add_test(tc, every_field_fits_in_any_room);
	tcase_add_test(tc, index_of_nothing_is_none);
	tcase_add_test(tc, page_frame_beyond_all_memory_is_no_address);
	tcase_add_test(tc, struct_that_is_cut_is_no_struct);
	tcase_add_test(tc, broken_rule_is_named);
	tcase_add_test(tc, absent_field_is_not_found);
	return run_case("format", tc);
}
