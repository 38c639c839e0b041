// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The reader of arrays: what it finds wrong with pages and chains.
 */
#include <stdio.h>
#include <string.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/kho-vmalloc-v1.h>
#include <luser/abi/luo-v5.h>
#include <luser/page.h>

#include "handover.h"
#include "run_case.h"

#define PAGE 4096
#define CAPACITY LUSER_IOMMU_V2_DOMAINS_CAPACITY(PAGE)
#define RECORDS (2 * CAPACITY + 10)

static struct handover h;
static struct luser_mem *mem;
static struct luser_encoded_root root;
static uint64_t pages[3];

/**
 * struct seen - what the reader told
 */
struct seen {
	char rule[32];
	char found[64];
	char expected[64];
	uint64_t phys;
	unsigned int problems;
	unsigned int claims;
	unsigned int pages;
	uint64_t records;
};

static const struct luser_array *domains(void)
{
	return luser_iommu_v2_domains_array();
}

static uint8_t *page(unsigned int i)
{
	return luser_image_at(h.image, pages[i], PAGE);
}

static void seal(bool sealed)
{
	ck_assert_int_eq(luser_encode_seal(h.image, &luser_abi_iommu_v2,
					   root.phys, sealed, NULL),
			 LUSER_OK);
}

/* Three pages of domains, two of them full. */
static void set_up(void)
{
	struct luser_array_writer writer;
	struct luser_slot slot;

	handover_begin(&h, PAGE, 0);
	luser_encode_root(h.image, &luser_abi_iommu_v2, &root, NULL);
	handover_set(luser_abi_iommu_v2.root_array->header, root.header,
		     "handover", HANDOVER_NUMBER);
	luser_array_begin(&writer, h.image, domains(), root.header, 0);
	for (unsigned int i = 0; i < RECORDS; i++) {
		ck_assert_int_eq(luser_array_add(&writer, &slot, NULL),
				 LUSER_OK);
		handover_set(domains()->record, slot.at, "nr_tables", i + 1);
		pages[i / CAPACITY] = slot.phys & ~UINT64_C(0xfff);
	}
	ck_assert_int_eq(luser_array_link(&writer, luser_abi_iommu_v2.root,
					  root.at),
			 LUSER_OK);
	seal(true);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
}

static void tear_down(void)
{
	luser_mem_close(mem);
	handover_end(&h);
}

static void report(void *ctx, const struct luser_problem *problem)
{
	struct seen *seen = ctx;

	if (seen->problems++)
		return;
	seen->phys = problem->phys;
	snprintf(seen->rule, sizeof(seen->rule), "%s", problem->rule);
	snprintf(seen->found, sizeof(seen->found), "%s", problem->found);
	snprintf(seen->expected, sizeof(seen->expected), "%s",
		 problem->expected);
}

static bool claim(void *ctx, uint64_t phys, uint64_t len)
{
	struct seen *seen = ctx;

	ck_assert_uint_eq(len, PAGE);
	ck_assert_uint_eq(phys % PAGE, 0);
	seen->claims++;
	return true;
}

static const struct luser_array_ops ops = {report, claim};

static struct luser_env env_of(void)
{
	return (struct luser_env){.page_size = PAGE, .page_shift = 12};
}

static struct seen read_array(const struct luser_array *array, uint64_t first,
			      bool frozen)
{
	struct luser_env env = env_of();
	struct luser_array_reader reader;
	struct seen seen = {0};

	ck_assert_int_eq(luser_array_open(&reader, mem, array, first, &env,
					  frozen, &ops, &seen),
			 LUSER_OK);
	while (luser_array_next(&reader))
		seen.records += reader.used;
	seen.pages = (unsigned int)reader.nr_pages;
	luser_array_close(&reader);
	return seen;
}

static void set(unsigned int i, const char *name, uint64_t value)
{
	handover_set(domains()->header, page(i), name, value);
}

static uint64_t get(unsigned int i, const char *name)
{
	return luser_field_get(luser_struct_field(domains()->header, name),
			       page(i), 0);
}

START_TEST(sound_chain)
{
	struct seen seen = read_array(domains(), pages[0], true);

	ck_assert_uint_eq(seen.problems, 0);
	ck_assert_uint_eq(seen.pages, 3);
	ck_assert_uint_eq(seen.claims, 3);
	ck_assert_uint_eq(seen.records, RECORDS);
}
END_TEST

START_TEST(no_pages)
{
	struct seen seen = read_array(domains(), 0, true);

	ck_assert_uint_eq(seen.problems, 0);
	ck_assert_uint_eq(seen.pages, 0);
}
END_TEST

START_TEST(slots_count_on_from_page_to_page)
{
	struct luser_env env = env_of();
	struct luser_array_reader reader;
	uint64_t next = 0;

	luser_array_open(&reader, mem, domains(), pages[0], &env, true, NULL,
			 NULL);
	for (unsigned int i = 0; luser_array_next(&reader); i++) {
		ck_assert_uint_eq(reader.slot, i * CAPACITY);
		ck_assert_uint_eq(reader.phys, pages[i]);
		ck_assert_uint_eq(reader.capacity, CAPACITY);
		ck_assert_ptr_eq(reader.records, page(i) + 40);
		next = reader.slot + reader.used;
	}
	luser_array_close(&reader);
	ck_assert_uint_eq(next, RECORDS);
}
END_TEST

/**
 * struct damage - one header field with a wrong value, and what it costs
 * @page:    which page
 * @field:   which field
 * @value:   what it gets
 * @rule:    what is said
 * @records: what is still read
 */
static const struct damage {
	unsigned int page;
	const char *field;
	uint64_t value;
	const char *rule;
	uint64_t records;
} damages[] = {
	{0, "magic", 1, "magic", 0},
	{1, "magic", 1, "magic", CAPACITY},
	{1, "kind", 4, "kind", CAPACITY},
	{1, "handover", 99, "handover", CAPACITY},
	{1, "record_size", 40, "record-size", CAPACITY},
	{0, "record_size", 24, "record-size", 0},
	{0, "record_size", 0, "record-size", 0},
	{0, "record_size", 4064, "record-size", 0},
	{0, "record_size", UINT32_MAX, "record-size", 0},
	{2, "nr_used", 0, "count", RECORDS - 10},
	{2, "nr_used", CAPACITY + 1, "count", RECORDS - 10},
	{2, "nr_used", UINT32_MAX, "count", RECORDS - 10},
	{1, "nr_used", CAPACITY - 1, "page-not-full", RECORDS - 1},
	{1, "next", 0x1001, "next-aligned", RECORDS - 10},
	{1, "next", 0xf000000000000000, "unreadable", RECORDS - 10},
	{1, "version", 2, "version-value", RECORDS},
};

START_TEST(damaged_header)
{
	const struct damage *damage = &damages[_i];
	struct seen seen;

	seal(false);
	set(damage->page, damage->field, damage->value);
	seen = read_array(domains(), pages[0], false);
	ck_assert_str_eq(seen.rule, damage->rule);
	ck_assert_uint_ge(seen.problems, 1);
	ck_assert_uint_eq(seen.records, damage->records);
}
END_TEST

START_TEST(problem_says_what_and_where)
{
	struct seen seen;

	seal(false);
	set(1, "kind", 4);
	seen = read_array(domains(), pages[0], false);
	ck_assert_uint_eq(seen.problems, 1);
	ck_assert_uint_eq(seen.phys, pages[1] + 6);
	ck_assert_str_eq(seen.found, "4");
	ck_assert_str_eq(seen.expected, "3");
}
END_TEST

/* Who asks for no reports reads what others do. */
START_TEST(problems_that_nobody_hears_of)
{
	static const struct luser_array_ops deaf;
	struct luser_env env = env_of();
	struct luser_array_reader reader;
	uint64_t records = 0;

	seal(false);
	set(1, "kind", 4);
	ck_assert_int_eq(luser_array_open(&reader, mem, domains(), pages[0],
					  &env, false, &deaf, NULL),
			 LUSER_OK);
	while (luser_array_next(&reader))
		records += reader.used;
	luser_array_close(&reader);
	ck_assert_uint_eq(records,
			  read_array(domains(), pages[0], false).records);
}
END_TEST

START_TEST(checksum_covers_each_byte)
{
	for (unsigned int at = 0; at < PAGE; at += 37) {
		struct seen seen;

		page(2)[at] ^= 0x10;
		seen = read_array(domains(), pages[0], true);
		ck_assert_msg(seen.problems > 0, "byte %u", at);
		page(2)[at] ^= 0x10;
	}
}
END_TEST

START_TEST(wrong_checksum_does_not_end_the_reading)
{
	struct seen seen;

	page(1)[PAGE - 1] ^= 1;
	seen = read_array(domains(), pages[0], true);
	ck_assert_uint_eq(seen.problems, 1);
	ck_assert_str_eq(seen.rule, "checksum");
	ck_assert_uint_eq(seen.records, RECORDS);
}
END_TEST

START_TEST(checksum_is_the_published_one)
{
	static const uint8_t digits[] = "123456789";
	static const struct luser_field nowhere = {.offset = 9};
	const struct luser_array array = {.checksum = &nowhere};

	ck_assert_uint_eq(luser_page_checksum(&array, digits, 9), 0xe3069283);
}
END_TEST

START_TEST(unsealed_pages_are_for_running_kernels)
{
	struct seen seen;

	seal(false);
	seen = read_array(domains(), pages[0], false);
	ck_assert_uint_eq(seen.problems, 0);
	seen = read_array(domains(), pages[0], true);
	ck_assert_uint_eq(seen.problems, 3);
	ck_assert_str_eq(seen.rule, "unsealed");
	ck_assert_uint_eq(seen.records, RECORDS);
	ck_assert_uint_eq(get(0, "crc"), 0);
}
END_TEST

START_TEST(prescribed_values_count_from_the_first_page)
{
	struct luser_env env = env_of();
	struct luser_array_reader reader;
	const uint64_t same[LUSER_MAX_SAME] = {HANDOVER_NUMBER + 1};
	struct seen seen = {0};

	luser_array_open(&reader, mem, domains(), pages[0], &env, true, &ops,
			 &seen);
	luser_array_expect_same(&reader, same);
	ck_assert(!luser_array_next(&reader));
	luser_array_close(&reader);
	ck_assert_str_eq(seen.rule, "handover");
}
END_TEST

/* Without claims only the limit of pages ends a loop: it is reported. */
START_TEST(loop_ends_at_the_limit)
{
	struct luser_array few = *domains();
	struct seen seen;

	few.max_pages = 100;
	seal(false);
	set(1, "next", pages[0]);
	seen = read_array(&few, pages[0], false);
	ck_assert_str_eq(seen.rule, "chain-length");
	ck_assert_uint_eq(seen.pages, 100);
}
END_TEST

static bool refuse(void *ctx, uint64_t phys, uint64_t len)
{
	(void)len;
	return phys != *(const uint64_t *)ctx;
}

START_TEST(refused_page_ends_the_chain)
{
	static const struct luser_array_ops refusing = {.claim = refuse};
	struct luser_env env = env_of();
	struct luser_array_reader reader;

	luser_array_open(&reader, mem, domains(), pages[0], &env, true,
			 &refusing, &pages[1]);
	ck_assert(luser_array_next(&reader));
	ck_assert(!luser_array_next(&reader));
	ck_assert_uint_eq(reader.nr_pages, 1);
	luser_array_close(&reader);
}
END_TEST

START_TEST(page_size_must_make_sense)
{
	static const uint64_t sizes[] = {0, 1, 32, 5000};
	struct luser_array_reader reader;

	for (unsigned int i = 0; i < 4; i++) {
		struct luser_env env = {.page_size = sizes[i]};

		ck_assert_int_eq(luser_array_open(&reader, mem, domains(), 0,
						  &env, true, NULL, NULL),
				 LUSER_ARGUMENT);
	}
}
END_TEST

START_TEST(list_ends_at_a_zero_record)
{
	const struct luser_array *chunks =
		luser_kho_vmalloc_v1_kho_vmalloc_chunks_array();
	struct luser_array_writer writer;
	struct luser_slot slot;
	struct seen seen;

	luser_array_begin(&writer, h.image, chunks, NULL, 0);
	for (unsigned int i = 0; i < 511 + 3; i++) {
		luser_array_add(&writer, &slot, NULL);
		luser_field_set(&chunks->record->fields[0], slot.at, 0, 4096);
	}
	seen = read_array(chunks, writer.first, true);
	ck_assert_uint_eq(seen.pages, 2);
	ck_assert_uint_eq(seen.records, 514);
	ck_assert_uint_eq(seen.problems, 0);
}
END_TEST

START_TEST(table_says_how_many_pages_it_has)
{
	const struct luser_array *flbs = luser_luo_v5_flbs_array();
	struct luser_array_writer writer;
	struct luser_slot slot;
	struct seen seen;

	luser_array_begin(&writer, h.image, flbs, NULL, 5);
	luser_array_add(&writer, &slot, NULL);
	seen = read_array(flbs, writer.first, true);
	ck_assert_uint_eq(seen.problems, 0);
	ck_assert_uint_eq(seen.records, 1);
	handover_set(flbs->header, luser_image_at(h.image, writer.first, 16),
		     "pgcnt", UINT64_MAX);
	seen = read_array(flbs, writer.first, true);
	ck_assert_str_eq(seen.rule, "table-size");
}
END_TEST

START_TEST(slots_follow_the_array)
{
	struct luser_env env = env_of();
	struct luser_array_reader reader;
	struct luser_slots slots = {0};

	memset(page(1) + 40, 0, LUSER_IOMMU_V2_DOMAIN_SIZE);
	luser_array_open(&reader, mem, domains(), pages[0], &env, false, NULL,
			 NULL);
	while (luser_array_next(&reader))
		ck_assert_int_eq(luser_slots_add(&slots, &reader), LUSER_OK);
	luser_array_close(&reader);
	ck_assert_uint_eq(slots.nr, 3 * CAPACITY);
	for (uint64_t i = 0; i < slots.nr + 2; i++)
		ck_assert_int_eq(luser_slots_live(&slots, i),
				 i < RECORDS && i != CAPACITY);
	luser_slots_free(&slots);
	ck_assert(!luser_slots_live(&slots, 0));
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, sound_chain);
	tcase_add_test(tc, no_pages);
	tcase_add_test(tc, slots_count_on_from_page_to_page);
	tcase_add_loop_test(tc, damaged_header, 0,
			    sizeof(damages) / sizeof(damages[0]));
	tcase_add_test(tc, problem_says_what_and_where);
	tcase_add_test(tc, problems_that_nobody_hears_of);
	tcase_add_test(tc, checksum_covers_each_byte);
	tcase_add_test(tc, wrong_checksum_does_not_end_the_reading);
	tcase_add_test(tc, checksum_is_the_published_one);
	tcase_add_test(tc, unsealed_pages_are_for_running_kernels);
	tcase_add_test(tc, prescribed_values_count_from_the_first_page);
	tcase_add_test(tc, loop_ends_at_the_limit);
	tcase_add_test(tc, refused_page_ends_the_chain);
	tcase_add_test(tc, page_size_must_make_sense);
	tcase_add_test(tc, list_ends_at_a_zero_record);
	tcase_add_test(tc, table_says_how_many_pages_it_has);
	tcase_add_test(tc, slots_follow_the_array);
}

int main(void)
{
	TCase *tc = tcase_create("array");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	add_tests(tc);
	return run_case("array", tc);
}
