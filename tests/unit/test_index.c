// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Finding numbers by number.
 */
#include <check.h>

#include <luser/index.h>

#include "run_case.h"

#define MANY 100000

/* All of them different, in no order, with neighbours and far ones. */
static uint64_t key(uint64_t i)
{
	return i % 3 ? i : i * UINT64_C(0x9e3779b97f4a7c15);
}

START_TEST(test_empty)
{
	struct luser_index index = {0};

	ck_assert_uint_eq(luser_index_find(&index, 0), 0);
	luser_index_expect(&index, 0);
	luser_index_free(&index);
}
END_TEST

START_TEST(test_many)
{
	struct luser_index index = {0};

	for (uint64_t i = 0; i < MANY; i++) {
		struct luser_index_entry *entry =
			luser_index_at(&index, key(i));

		ck_assert_ptr_nonnull(entry);
		ck_assert_uint_eq(entry->key, key(i));
		ck_assert_uint_eq(entry->value, 0);
		entry->value = i + 1;
	}
	ck_assert_uint_eq(index.nr, MANY);
	ck_assert_uint_ge(index.room, 2 * MANY);
	for (uint64_t i = 0; i < MANY; i++) {
		luser_index_expect(&index, key(i));
		ck_assert_uint_eq(luser_index_find(&index, key(i)), i + 1);
	}
	ck_assert_uint_eq(luser_index_find(&index, UINT64_MAX), 0);
	luser_index_free(&index);
	ck_assert_uint_eq(luser_index_find(&index, key(1)), 0);
}
END_TEST

START_TEST(test_again)
{
	struct luser_index index = {0};

	luser_index_at(&index, 5)->value = 1;
	luser_index_at(&index, 5)->value++;
	ck_assert_uint_eq(index.nr, 1);
	ck_assert_uint_eq(luser_index_find(&index, 5), 2);
	luser_index_free(&index);
}
END_TEST

START_TEST(test_reserve)
{
	struct luser_index index = {0};
	const struct luser_index_entry *entries;

	ck_assert_int_eq(luser_index_reserve(&index, MANY), LUSER_OK);
	entries = index.entries;
	for (uint64_t i = 0; i < MANY; i++)
		luser_index_at(&index, key(i))->value = 1;
	ck_assert_int_eq(luser_index_reserve(&index, MANY), LUSER_OK);
	ck_assert_ptr_eq(index.entries, entries);
	ck_assert_int_eq(luser_index_reserve(&index, UINT64_MAX), LUSER_NOMEM);
	ck_assert_uint_eq(luser_index_find(&index, key(7)), 1);
	luser_index_free(&index);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("index");

	tcase_add_test(tcase, test_empty);
	tcase_add_test(tcase, test_many);
	tcase_add_test(tcase, test_again);
	tcase_add_test(tcase, test_reserve);
	return run_case("index", tcase);
}
