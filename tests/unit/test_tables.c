// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Page tables of a domain: what is written is what a walk tells, and what a
 * table cannot have is not written.
 */
#include <stdio.h>
#include <string.h>

#include <luser/abi/iommu-v2.h>
#include <luser/le.h>
#include <luser/walk.h>

#include "handover.h"
#include "run_case.h"

#define PAGE  UINT64_C(4096)
#define SIGN  LUSER_IOMMU_V2_DOMAIN_FEATURES_SIGN_EXTEND
#define PARTS 32

static struct handover h;
static struct luser_encoded_root root;
static struct luser_iommu_v2_domain domain;
static uint8_t *record;
static uint64_t guest;
static struct luser_tables_writer writer;

/* What the walk told. */
static struct luser_table_part tables[PARTS], runs[PARTS];
static size_t nr_tables, nr_runs, nr_findings;
static char rule[32];
static uint64_t wrong_at;
static struct luser_mapped mapped;

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	(void)ctx;
	(void)node;
	return LUSER_ENTER;
}

static void leave(void *ctx, const struct luser_node *node)
{
	(void)ctx;
	if (node->kind == LUSER_NODE_PAGE_TABLES)
		mapped = *node->mapped;
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	(void)ctx;
	if (finding->severity != LUSER_ERROR)
		return;
	snprintf(rule, sizeof(rule), "%s", finding->rule);
	wrong_at = finding->phys;
	nr_findings++;
}

static void table_part(void *ctx, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	(void)ctx;
	ck_assert_int_eq(node->kind, LUSER_NODE_PAGE_TABLES);
	ck_assert_uint_lt(part->is_table ? nr_tables : nr_runs, PARTS);
	if (part->is_table)
		tables[nr_tables++] = *part;
	else
		runs[nr_runs++] = *part;
}

static const struct luser_visitor visitor = {
	.enter = enter,
	.leave = leave,
	.finding = finding,
	.table_part = table_part,
};

static const struct luser_page_format *format_of(const uint8_t *at)
{
	const struct luser_field *top =
		luser_struct_field(luser_iommu_v2_domain_type(), "top_table");

	return luser_page_table_format(top->link->page_table, at);
}

/* One domain, and tables that are still empty. */
static void begin(uint16_t format, uint8_t top_level, uint8_t va_bits,
		  uint32_t features)
{
	domain = (struct luser_iommu_v2_domain){
		.format = format,
		.flags = LUSER_IOMMU_V2_RECORD_FLAGS_LIVE,
		.top_level = top_level,
		.va_bits = va_bits,
		.oa_bits = 52,
		.granule_shift = 12,
		.features = features,
		.driver_type = LUSER_IOMMU_V2_DRIVER_INTEL,
		.driver_offset = LUSER_IOMMU_V2_DOMAIN_DRIVER_OFFSET,
	};
	luser_iommu_v2_domain_pack(&domain, luser_iommu_v2_domain_type()->size,
				   record);
	luser_tables_begin(&writer, h.image, format_of(record), top_level);
}

static enum luser_code map(uint64_t iova, uint64_t phys, uint64_t len,
			   uint32_t shift, bool write)
{
	return luser_tables_map(&writer, iova, phys, len, shift,
				luser_tables_bits(writer.format, true, write),
				NULL);
}

static void set_up(void)
{
	struct luser_iommu_v2_root state = {
		.page_size = PAGE,
		.mode = LUSER_IOMMU_V2_MODE_LEGACY,
	};
	struct luser_array_writer domains;
	struct luser_slot slot;

	nr_tables = nr_runs = nr_findings = 0;
	handover_begin(&h, PAGE, 0);
	ck_assert_int_eq(luser_image_alloc(h.image, 10, true, &guest, NULL),
			 LUSER_OK);
	luser_encode_root(h.image, &luser_abi_iommu_v2, &root, NULL);
	handover_set(luser_abi_iommu_v2.root_array->header, root.header,
		     "handover", HANDOVER_NUMBER);
	luser_iommu_v2_root_pack(&state, root.at);
	luser_array_begin(&domains, h.image, luser_iommu_v2_domains_array(),
			  root.header, 0);
	ck_assert_int_eq(luser_array_add(&domains, &slot, NULL), LUSER_OK);
	record = slot.at;
	ck_assert_int_eq(luser_array_link(&domains, luser_abi_iommu_v2.root,
					  root.at),
			 LUSER_OK);
}

static void tear_down(void)
{
	handover_end(&h);
}

/* Ends the handover, whose domain counts so many tables, and walks it. */
static void walk(uint64_t count)
{
	const struct luser_struct *type = luser_iommu_v2_domain_type();
	struct luser_mem *mem;

	handover_set(type, record, "top_table", writer.root);
	handover_set(type, record, "nr_tables", count);
	ck_assert_int_eq(luser_encode_seal(h.image, &luser_abi_iommu_v2,
					   root.phys, true, NULL),
			 LUSER_OK);
	handover_add_flb(&h, luser_abi_iommu_v2.key, root.phys);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &h.root, NULL, &visitor, NULL, NULL),
			 LUSER_OK);
	luser_mem_close(mem);
}

static void check_run(size_t i, uint64_t iova, uint64_t phys, uint64_t len,
		      uint32_t shift, bool write)
{
	ck_assert_uint_lt(i, nr_runs);
	ck_assert_uint_eq(runs[i].iova, iova);
	ck_assert_uint_eq(runs[i].phys, phys);
	ck_assert_uint_eq(runs[i].len, len);
	ck_assert_uint_eq(runs[i].shift, shift);
	ck_assert(runs[i].read);
	ck_assert_int_eq(runs[i].write, write);
}

static void finds(const char *name, uint64_t phys)
{
	ck_assert_uint_eq(nr_findings, 1);
	ck_assert_str_eq(rule, name);
	ck_assert_uint_eq(wrong_at, phys);
}

/* Pages that go on in the next table are one run; other sizes are another. */
START_TEST(sound)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0x1ff000, guest, 2 * PAGE, 12, true), LUSER_OK);
	ck_assert_int_eq(map(0x400000, guest, 0x200000, 21, true), LUSER_OK);
	ck_assert_int_eq(map(0x7fffffe000, guest, PAGE, 12, true), LUSER_OK);
	ck_assert_int_eq(map(0x7ffffff000, guest + PAGE, PAGE, 12, false),
			 LUSER_OK);
	walk(writer.tables);
	ck_assert_uint_eq(nr_findings, 0);
	ck_assert_uint_eq(nr_runs, 4);
	check_run(0, 0x1ff000, guest, 2 * PAGE, 12, true);
	check_run(1, 0x400000, guest, 0x200000, 21, true);
	check_run(2, 0x7fffffe000, guest, PAGE, 12, true);
	check_run(3, 0x7ffffff000, guest + PAGE, PAGE, 12, false);
	ck_assert_uint_eq(mapped.tables, writer.tables);
	ck_assert_uint_eq(mapped.pages, 5);
	ck_assert_uint_eq(mapped.bytes, 4 * PAGE + 0x200000);
	ck_assert_uint_eq(mapped.runs, 4);
}

/* Each table is told before what it leads to, with what it covers. */
START_TEST(tables_by_level)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0x40200000, guest, PAGE, 12, true), LUSER_OK);
	walk(writer.tables);
	ck_assert_uint_eq(nr_tables, 3);
	for (unsigned int i = 0; i < 3; i++) {
		ck_assert_uint_eq(tables[i].level, 2 - i);
		ck_assert_uint_eq(tables[i].len, UINT64_C(1)
							 << (12 + 9 * (3 - i)));
	}
	ck_assert_uint_eq(tables[0].phys, writer.root);
	ck_assert_uint_eq(tables[0].iova, 0);
	ck_assert_uint_eq(tables[1].iova, 0x40000000);
	ck_assert_uint_eq(tables[2].iova, 0x40200000);
}

/* What a table does not allow, nothing below it does: two runs, not one. */
START_TEST(what_a_table_forbids)
{
	const uint64_t allowed = (uint64_t)_i;
	uint8_t *top;

	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0x3ffff000, guest, 2 * PAGE, 12, true), LUSER_OK);
	top = luser_image_at(h.image, writer.root, 8);
	luser_set_le64(top, (luser_le64(top) & ~UINT64_C(3)) | allowed);
	walk(writer.tables);
	ck_assert_uint_eq(nr_findings, 0);
	ck_assert_uint_eq(nr_runs, 2);
	ck_assert_uint_eq(runs[0].read, allowed & 1);
	ck_assert_uint_eq(runs[0].write, allowed >> 1);
	check_run(1, 0x40000000, guest + PAGE, PAGE, 12, true);
}

/* The last page of the address space, below addresses that are extended. */
START_TEST(last_page)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_X86_64, 3, 13, SIGN);
	ck_assert_int_eq(map(0, guest, PAGE, 12, true), LUSER_OK);
	ck_assert_int_eq(map(-PAGE, guest, PAGE, 12, true), LUSER_OK);
	walk(writer.tables);
	ck_assert_uint_eq(nr_findings, 0);
	check_run(0, 0, guest, PAGE, 12, true);
	check_run(1, -PAGE, guest, PAGE, 12, true);
}

/* Six levels have more entries than there are addresses. */
START_TEST(all_levels)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_AMD_V1, 5, 64, 0);
	ck_assert_int_eq(map(-PAGE, guest, PAGE, 12, true), LUSER_OK);
	ck_assert_int_eq(map(0, guest, 0x4000, 13, true), LUSER_OK);
	walk(writer.tables);
	ck_assert_uint_eq(nr_findings, 0);
	check_run(0, 0, guest, 0x4000, 13, true);
	check_run(1, -PAGE, guest, PAGE, 12, true);
	ck_assert_uint_eq(tables[0].len, UINT64_MAX);
}

static void set_entry(uint64_t table, unsigned int index, uint64_t value)
{
	luser_set_le64(luser_image_at(h.image, table + index * 8, 8), value);
}

/* Entries of the top table lead to itself: it is read once. */
START_TEST(loop)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0, guest, PAGE, 12, true), LUSER_OK);
	set_entry(writer.root, 1, writer.root | 3);
	walk(1000);
	finds("read-twice", writer.root);
	ck_assert_uint_eq(nr_tables, 3);
}

START_TEST(bad_entry)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0, guest, PAGE, 12, true), LUSER_OK);
	set_entry(writer.root, 5, 0x800);
	set_entry(writer.root, 6, 0x800);
	walk(writer.tables);
	finds("half-present", writer.root + 5 * 8);
	check_run(0, 0, guest, PAGE, 12, true);
}

/* Nothing of what no table has is written somewhere else. */
START_TEST(not_written)
{
	const uint64_t top = UINT64_C(1) << 52;

	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0x8000000000, guest, PAGE, 12, true),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(map(-PAGE, guest, 2 * PAGE, 12, true), LUSER_ARGUMENT);
	ck_assert_int_eq(map(0, top - PAGE, 2 * PAGE, 12, true),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(map(0, guest, -PAGE, 12, true), LUSER_ARGUMENT);
	ck_assert_int_eq(map(0, guest, PAGE, 13, true), LUSER_ARGUMENT);
	ck_assert_uint_eq(writer.tables, 0);
	ck_assert_int_eq(map(0, top - PAGE, PAGE, 12, true), LUSER_OK);
	ck_assert_int_eq(map(0, guest, PAGE, 12, true), LUSER_ARGUMENT);
}

static enum luser_code add_page(uint32_t level)
{
	uint64_t phys;

	return luser_tables_add_page(&writer, level, 0, 0, &phys, NULL);
}

START_TEST(no_such_level)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(add_page(3), LUSER_ARGUMENT);
	luser_tables_begin(&writer, h.image, writer.format,
			   writer.format->max_top + 1u);
	ck_assert_int_eq(add_page(1), LUSER_ARGUMENT);
	luser_tables_begin(&writer, h.image, writer.format,
			   writer.format->min_top - 1u);
	ck_assert_int_eq(add_page(0), LUSER_ARGUMENT);
	ck_assert_uint_eq(writer.tables, 0);
}

/* Neither through a large page nor over small ones. */
START_TEST(something_is_in_the_way)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0, 0, UINT64_C(1) << 21, 21, true), LUSER_OK);
	ck_assert_int_eq(map(0, guest, PAGE, 12, true), LUSER_ARGUMENT);
	ck_assert_int_eq(map(UINT64_C(1) << 21, guest, PAGE, 12, true),
			 LUSER_OK);
	ck_assert_int_eq(map(UINT64_C(1) << 21, 0, UINT64_C(1) << 21, 21, true),
			 LUSER_ARGUMENT);
}

/* All ones, and a size that only entries of the level below can have. */
static const uint64_t sized[] = {
	0x600ffffffffffe01, 0x6000000000000e01, 0x6000000000003e01,
};

START_TEST(size_that_no_page_of_the_level_has)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_AMD_V1, 1, 30, 0);
	ck_assert_int_eq(add_page(1), LUSER_OK);
	set_entry(writer.root, 3, sized[_i]);
	walk(1);
	finds("page-size", writer.root + 3 * 8);
}

/* None are mapped, or there are no such. */
START_TEST(odd_pages)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(map(0, guest, 0, 12, true), LUSER_OK);
	ck_assert_int_eq(map(0, guest, PAGE, 64, true), LUSER_ARGUMENT);
	ck_assert_int_eq(map(0, -PAGE, 2 * PAGE, 12, true), LUSER_ARGUMENT);
	ck_assert_uint_eq(writer.tables, 0);
}

/* One table is counted; there are three more side by side. */
START_TEST(more_tables_than_counted_are_told_once)
{
	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	for (uint64_t i = 0; i < 3; i++)
		ck_assert_int_eq(map(i << 30, guest, PAGE, 12, true), LUSER_OK);
	walk(1);
	ck_assert_uint_eq(nr_findings, 1);
	ck_assert_str_eq(rule, "table-count");
	ck_assert_uint_eq(nr_tables, 1);
}

/* The last page of an image, and a bit of what is behind it. */
START_TEST(table_that_does_not_fit)
{
	const uint64_t base = UINT64_C(1) << 32;
	struct luser_image *image;

	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(luser_image_new(base, 16 * PAGE, PAGE, &image, NULL),
			 LUSER_OK);
	luser_tables_begin(&writer, image, writer.format, 2);
	luser_image_place(image, base + 15 * PAGE + 8);
	ck_assert_int_eq(add_page(2), LUSER_ARGUMENT);
	ck_assert_uint_eq(writer.tables, 0);
	luser_image_free(image);
}

START_TEST(no_room_for_tables)
{
	uint64_t phys;

	begin(LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND, 2, 39, 0);
	ck_assert_int_eq(add_page(2), LUSER_OK);
	while (luser_image_alloc(h.image, 0, false, &phys, NULL) == LUSER_OK)
		;
	ck_assert_int_eq(map(0, guest, PAGE, 12, true), LUSER_NOMEM);
	luser_tables_begin(&writer, h.image, writer.format, 2);
	ck_assert_int_eq(add_page(2), LUSER_NOMEM);
	ck_assert_uint_eq(writer.tables, 0);
}

int main(void)
{
	TCase *tc = tcase_create("tables");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, sound);
	tcase_add_test(tc, tables_by_level);
	tcase_add_loop_test(tc, what_a_table_forbids, 1, 3);
	tcase_add_test(tc, last_page);
	tcase_add_test(tc, all_levels);
	tcase_add_test(tc, loop);
	tcase_add_test(tc, bad_entry);
	tcase_add_test(tc, not_written);
	tcase_add_test(tc, no_such_level);
	tcase_add_test(tc, something_is_in_the_way);
	tcase_add_loop_test(tc, size_that_no_page_of_the_level_has, 0, 3);
	tcase_add_test(tc, odd_pages);
	tcase_add_test(tc, more_tables_than_counted_are_told_once);
	tcase_add_test(tc, table_that_does_not_fit);
	tcase_add_test(tc, no_room_for_tables);
	return run_case("tables", tc);
}
