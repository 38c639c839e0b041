// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The audit of memory at both ends of the address space, and of all of it: what
 * is said to be reserved there may be anything.
 */
#include <endian.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include <luser/abi/kho-v4.h>
#include <luser/audit.h>

#include "handover.h"
#include "run_case.h"

#define PAGE   UINT64_C(4096)
#define MIDDLE (UINT64_C(1) << 63)
#define TOP    (UINT64_MAX - (PAGE - 1))
#define ROOM   16

static struct handover h;
static struct luser_range leaks[ROOM];
static struct luser_range areas[2];
static uint64_t in_scratch[ROOM];
static size_t nr_leaks, nr_in_scratch;
static struct luser_audit_sums sums;

static void report(void *ctx, const struct luser_audit_finding *found)
{
	const struct luser_finding *finding = found->finding;
	uint64_t bytes;

	(void)ctx;
	if (found->skipped)
		return;
	if (!strcmp(finding->rule, "in-scratch")) {
		ck_assert_uint_lt(nr_in_scratch, ROOM);
		in_scratch[nr_in_scratch++] = finding->phys;
	}
	if (strcmp(finding->rule, "no-owner"))
		return;
	ck_assert_uint_lt(nr_leaks, ROOM);
	ck_assert_int_eq(
		sscanf(finding->found, "%*u page%*[s,] %" SCNu64, &bytes), 1);
	leaks[nr_leaks++] = (struct luser_range){ finding->phys, bytes };
}

static void set_up(void)
{
	nr_leaks = nr_in_scratch = 0;
	memset(areas, 0, sizeof(areas));
	handover_begin(&h, PAGE, 0);
}

static void tear_down(void)
{
	handover_end(&h);
}

/* The map once more, with pages that the image does not have. */
static void preserve(const uint64_t *pages, size_t nr)
{
	const struct luser_field *field = luser_struct_field(
		luser_abi_kho_v4.root_node->properties, "preserved-memory-map");
	struct luser_tree_writer writer;
	const struct luser_block *blocks;
	uint64_t value;
	size_t count;

	blocks = luser_image_blocks(h.image, &count);
	luser_tree_begin(&writer, h.image, field->link->tree);
	for (size_t i = 0; i < count; i++)
		ck_assert_int_eq(luser_tree_add(&writer, &blocks[i], NULL),
				 LUSER_OK);
	for (size_t i = 0; i < nr; i++) {
		struct luser_block block = { pages[i], 0 };

		ck_assert_int_eq(luser_tree_add(&writer, &block, NULL),
				 LUSER_OK);
	}
	value = htole64(writer.root);
	ck_assert_int_eq(
		fdt_setprop_inplace(luser_image_at(h.image, h.root.phys, PAGE),
				    0, field->name, &value, sizeof(value)),
		0);
}

/* Pages at both ends and at the middle are preserved beside all else. */
static void audit(const struct luser_range *reserved, size_t nr)
{
	static const uint64_t pages[] = { 0, MIDDLE - PAGE, MIDDLE, TOP };
	struct luser_audit *audit;
	struct luser_mem *mem;

	handover_add_reservations(&h, reserved, nr);
	handover_finish(&h);
	preserve(pages, 4);
	h.root.scratch = areas;
	h.root.nr_scratch = areas[1].len ? 2 : 0;
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_audit_new(mem, &h.root, report, NULL, &audit),
			 LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &h.root, NULL, luser_audit_visitor(),
				    audit, NULL),
			 LUSER_OK);
	ck_assert_int_eq(luser_audit_finish(audit, &sums, NULL), LUSER_OK);
	luser_audit_free(audit);
	luser_mem_close(mem);
}

static void check_leak(size_t i, uint64_t start, uint64_t len)
{
	ck_assert_uint_lt(i, nr_leaks);
	ck_assert_uint_eq(leaks[i].start, start);
	ck_assert_uint_eq(leaks[i].len, len);
}

/* Two pages that touch at the middle are two leaks: see luser_map_next(). */
START_TEST(nothing_is_reserved)
{
	audit(NULL, 0);
	ck_assert_uint_eq(nr_leaks, 4);
	check_leak(0, 0, PAGE);
	check_leak(1, MIDDLE - PAGE, PAGE);
	check_leak(2, MIDDLE, PAGE);
	check_leak(3, TOP, PAGE);
	ck_assert_uint_eq(sums.leaked, 4 * PAGE);
}

START_TEST(the_ends_are_reserved)
{
	static const struct luser_range ends[] = { { TOP, PAGE - 1 },
						   { 1, PAGE - 1 } };

	audit(ends, 2);
	ck_assert_uint_eq(nr_leaks, 2);
	check_leak(0, MIDDLE - PAGE, PAGE);
	check_leak(1, MIDDLE, PAGE);
}

START_TEST(the_middle_is_reserved)
{
	static const struct luser_range middle = { MIDDLE - 1, 2 };

	audit(&middle, 1);
	ck_assert_uint_eq(nr_leaks, 2);
	check_leak(0, 0, PAGE);
	check_leak(1, TOP, PAGE);
}

static const struct luser_range all[][2] = {
	{ { 1, UINT64_MAX } },
	{ { 1, MIDDLE - 1 }, { MIDDLE, MIDDLE } },
	{ { MIDDLE, MIDDLE - 1 }, { 1, MIDDLE + 8 } },
};

/* In one piece, or in two that touch or overlap. */
START_TEST(all_is_reserved)
{
	audit(all[_i], all[_i][1].len ? 2 : 1);
	ck_assert_uint_eq(nr_leaks, 0);
	ck_assert_uint_eq(sums.owned, sums.preserved);
}

/* The first area ends where no other can start. */
START_TEST(scratch_at_both_ends)
{
	static const struct luser_range reserved[] = { { TOP, 1 },
						       { 1, 1 },
						       { PAGE, PAGE } };

	areas[0] = (struct luser_range){ TOP, PAGE };
	areas[1] = (struct luser_range){ 0, PAGE };
	audit(reserved, 3);
	ck_assert_uint_eq(nr_in_scratch, 2);
	ck_assert_uint_eq(in_scratch[0], 1);
	ck_assert_uint_eq(in_scratch[1], TOP);
}

int main(void)
{
	TCase *tc = tcase_create("audit_ranges");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, nothing_is_reserved);
	tcase_add_test(tc, the_ends_are_reserved);
	tcase_add_test(tc, the_middle_is_reserved);
	tcase_add_loop_test(tc, all_is_reserved, 0, 3);
	tcase_add_test(tc, scratch_at_both_ends);
	return run_case("audit_ranges", tc);
}
