// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Handovers of kernels with pages of 4, 16 and 64 KiB, in memories that do not
 * say which.
 */
#include <luser/le.h>

#include "forms_iommu.h"
#include "run_case.h"
#include "walk_log.h"

static const uint32_t sizes[] = {4096, 16384, 65536};

static struct handover h;
static struct form_written written;
static struct walk_log told;

/* With and without much in the map, in order and scattered. */
static void make(uint32_t size, uint64_t seed, uint64_t records)
{
	const struct form *form = &forms_iommu[nr_forms_iommu - 1];

	handover_begin(&h, size, seed);
	handover_add_kernel(&h);
	handover_add_session(&h, "vm");
	handover_add_memfd(&h, 1, records);
	form_encode(form, &h, records, &written);
	handover_add_flb(&h, form->abi->key, written.root.phys);
	handover_finish(&h);
}

static void walk(uint32_t said)
{
	struct luser_walk_options options = {.page_size = said};
	struct luser_mem *mem;

	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(walk_log(&told, mem, &h.root, &options), LUSER_OK);
	luser_mem_close(mem);
}

START_TEST(told_by_the_map)
{
	uint32_t size = sizes[_i % 3];

	make(size, (uint64_t)_i, _i < 6 ? 1 : 150);
	walk(0);
	walk_log_is_sound(&told);
	ck_assert_uint_eq(told.page_size, size);
	handover_end(&h);
}
END_TEST

/* What is said counts, even if it is wrong. */
START_TEST(said)
{
	make(sizes[_i], 1, 10);
	walk(sizes[(_i + 1) % 3]);
	ck_assert_uint_eq(told.page_size, sizes[(_i + 1) % 3]);
	ck_assert_uint_gt(told.nr_bad, 0);
	handover_end(&h);
}
END_TEST

/* One entry that leads nowhere: the rest of the map still tells. */
START_TEST(of_no_kernel)
{
	static const uint32_t odd[] = {1, 2048, 5000, 131072};
	struct luser_walk_options options = {.page_size = odd[_i]};
	struct luser_mem *mem;

	make(4096, 1, 1);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(walk_log(&told, mem, &h.root, &options),
			 LUSER_ARGUMENT);
	luser_mem_close(mem);
	handover_end(&h);
}
END_TEST

START_TEST(told_by_a_damaged_map)
{
	uint8_t *table;

	make(sizes[_i], 0, 10);
	table = luser_image_at(h.image, h.map, sizes[_i]);
	luser_set_le64(table + sizes[_i] - 8, 0x123);
	walk(0);
	ck_assert_uint_eq(told.page_size, sizes[_i]);
	ck_assert_uint_gt(told.nr_bad, 0);
	handover_end(&h);
}
END_TEST

START_TEST(of_a_root_that_is_not_there)
{
	make(65536, 1, 1);
	h.root.phys = UINT64_C(1) << 50;
	walk(0);
	ck_assert_uint_eq(told.nr, 1);
	ck_assert_uint_eq(walk_log_find(&told, "unreadable")->phys,
			  h.root.phys);
	handover_end(&h);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("page size");

	tcase_add_loop_test(tc, told_by_the_map, 0, 12);
	tcase_add_loop_test(tc, said, 0, 3);
	tcase_add_loop_test(tc, of_no_kernel, 0, 4);
	tcase_add_loop_test(tc, told_by_a_damaged_map, 0, 3);
	tcase_add_test(tc, of_a_root_that_is_not_there);
	return run_case("page size", tc);
}
