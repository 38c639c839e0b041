// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Damaged pages and chains: what is reported, and what is lost.
 */

#include <luser/abi/iommu-v2.h>

#include "checked.h"
#include "run_case.h"

static struct state s;
static struct checked c;

static void setup(void)
{
	memset(&c, 0, sizeof(c));
	state_begin(&s, false);
}

static void teardown(void)
{
	checked_release(&c);
	state_end(&s);
}

/* The arrays, root pages not among them. */
static const int arrays[] = {
	STATE_IOMMUS,
	STATE_DOMAINS,
	STATE_DEVICES,
	STATE_HWPTS,
};

#define NR_ARRAYS ((int)(sizeof(arrays) / sizeof(arrays[0])))

static const char *name_of(int array)
{
	return s.arrays[array].array->name;
}

/* Records that a page was made with. */
static uint32_t made_in(int array, uint32_t page)
{
	const struct luser_array *type = s.arrays[array].array;
	uint32_t capacity = (uint32_t)(PAGE_SIZE - type->header->size) /
			    type->record->size;
	uint32_t nr = 0;

	for (uint32_t i = page * capacity; i < (page + 1) * capacity; i++)
		nr += i < s.arrays[array].slots && !state_is_free(i);
	return nr;
}

static uint32_t made_from(int array, uint32_t page)
{
	uint32_t nr = 0;

	for (; page < s.arrays[array].nr; page++)
		nr += made_in(array, page);
	return nr;
}

static uint64_t header_phys(int array, uint32_t page,
			    const char *field)
{
	const struct luser_struct *type = s.arrays[array].array->header;

	return s.arrays[array].phys[page] +
	       luser_struct_field(type, field)->offset;
}

/* The first report is about a page; those that follow from it come later. */
static void says_page(int array, uint32_t page, const char *field,
		      const char *rule)
{
	uint64_t phys = field ? header_phys(array, page, field) :
				s.arrays[array].phys[page];

	checked_says(&c, 0, name_of(array), KHO_FAULT_PAGE, page, phys, rule);
}

/* Nothing refers to devices and HWPTs, so nothing follows from their loss. */
static void says_alone(int array)
{
	if (array == STATE_DEVICES || array == STATE_HWPTS)
		checked_count(&c, 1);
}

START_TEST(wrong_sum)
{
	int array = arrays[_i];

	for (uint32_t page = 0; page < s.arrays[array].nr; page++) {
		state_page(&s, array, page)[PAGE_SIZE - 1] ^= 0x40;
		checked_run(&c, &s);
		says_page(array, page, "crc", "checksum");
		says_alone(array);
		checked_lost(&c, array, made_in(array, page));
		ck_assert(checked_array(&c, array)->pages[page].lost);
		ck_assert(checked_array(&c, array)->incomplete);
		checked_release(&c);
		state_restore(&s);
	}
}
END_TEST

START_TEST(unsealed)
{
	int array = arrays[_i];

	for (uint32_t page = 0; page < s.arrays[array].nr; page++) {
		state_set_header(&s, array, page, "flags", 0);
		state_set_header(&s, array, page, "crc", 0);
		checked_run(&c, &s);
		says_page(array, page, "flags", "unsealed");
		says_alone(array);
		checked_lost(&c, array, made_in(array, page));
		checked_release(&c);
		state_restore(&s);
	}
}
END_TEST

/* A header that says that the page is something else. */
static void other_page(int array, const char *field,
		       uint64_t value, const char *rule)
{
	for (uint32_t k = 0; k < 2 * s.arrays[array].nr; k++) {
		uint32_t page = k / 2;

		state_set_header(&s, array, page, field, value);
		if (k % 2)
			state_seal_page(&s, array, page);
		checked_run(&c, &s);
		says_page(array, page, field, rule);
		says_alone(array);
		checked_lost(&c, array, made_from(array, page));
		ck_assert(checked_array(&c, array)->incomplete);
		checked_release(&c);
		state_restore(&s);
	}
}

START_TEST(wrong_header)
{
	int array = arrays[_i];

	other_page(array, "magic", 0x12345678, "magic");
	other_page(array, "kind", 1, "kind");
	other_page(array, "handover", HANDOVER_NUMBER - 1, "handover");
	other_page(array, "record_size", 8, "record-size");
	other_page(array, "record_size", 0x10000, "record-size");
}
END_TEST

/* With its sum right, such a page costs its own records only. */
static void wrong_count(int array, uint32_t page, uint64_t value,
			const char *rule)
{
	state_set_header(&s, array, page, "nr_used", value);
	state_seal_page(&s, array, page);
	checked_run(&c, &s);
	says_page(array, page, "nr_used", rule);
	says_alone(array);
	checked_lost(&c, array, made_in(array, page));
	checked_release(&c);
	state_restore(&s);
}

START_TEST(counts)
{
	int array = arrays[_i];
	uint32_t last = s.arrays[array].nr - 1;

	for (uint32_t page = 0; page <= last; page++) {
		wrong_count(array, page, 0x10000, "count");
		wrong_count(array, page, 0xffffffff, "count");
		wrong_count(array, page, 0, "count");
		if (page < last)
			wrong_count(array, page, 3, "page-not-full");
	}
}
END_TEST

/* One slot less than the root says: which of the two is right? */
START_TEST(count_of_last_page)
{
	int array = arrays[_i];
	uint32_t last = s.arrays[array].nr - 1;
	uint64_t used = luser_field_get(
		luser_struct_field(s.arrays[array].array->header, "nr_used"),
		state_page(&s, array, last), 0);

	state_set_header(&s, array, last, "nr_used", used - 1);
	state_seal_page(&s, array, last);
	checked_run(&c, &s);
	ck_assert_str_eq(c.faults[0].rule, "total");
	ck_assert_int_eq(c.faults[0].where, KHO_FAULT_ARRAY);
	ck_assert_str_eq(c.faults[0].array, name_of(array));
	checked_lost(&c, array, checked_made(&c, array));
}
END_TEST

START_TEST(gone)
{
	int array = arrays[_i / 2];
	bool hide = _i % 2;

	for (uint32_t page = 0; page < s.arrays[array].nr; page++) {
		uint64_t phys = s.arrays[array].phys[page];

		c.hidden = hide ? phys : 0;
		c.unpreserved = hide ? 0 : phys;
		checked_run(&c, &s);
		says_page(array, page, NULL,
			  hide ? "unreadable" : "not-preserved");
		says_alone(array);
		checked_lost(&c, array, made_from(array, page));
		checked_release(&c);
	}
}
END_TEST

/* Each page leads back to each one before it, and to itself. */
START_TEST(loops)
{
	int array = arrays[_i];

	for (uint32_t page = 0; page < s.arrays[array].nr; page++)
		for (uint32_t to = 0; to <= page; to++) {
			uint64_t phys = s.arrays[array].phys[to];

			state_set_header(&s, array, page, "next", phys);
			state_seal(&s);
			checked_run(&c, &s);
			checked_says(&c, 0, name_of(array), KHO_FAULT_PAGE,
				     page + 1, phys, "read-twice");
			ck_assert_uint_eq(checked_array(&c, array)->nr_pages,
					  page + 1);
			ck_assert(checked_array(&c, array)->incomplete);
			checked_release(&c);
			state_restore(&s);
		}
}
END_TEST

/* The pages before the one that leads back are where they should be. */
START_TEST(loop_at_the_end)
{
	int array = arrays[_i];
	uint32_t last = s.arrays[array].nr - 1;

	state_set_header(&s, array, last, "next", s.arrays[array].phys[0]);
	state_seal(&s);
	checked_run(&c, &s);
	/* The last page is not full and yet leads on. */
	checked_lost(&c, array, made_in(array, last));
}
END_TEST

START_TEST(into_another_array)
{
	int array = arrays[_i];
	int other = arrays[(_i + 1) % NR_ARRAYS];
	uint64_t phys = s.arrays[other].phys[0];

	state_set_header(&s, array, 0, "next", phys);
	state_seal(&s);
	checked_run(&c, &s);
	ck_assert_str_eq(c.faults[0].array, name_of(array));
	ck_assert_uint_eq(c.faults[0].index, 1);
	ck_assert_uint_eq(checked_array(&c, array)->nr_pages, 1);
}
END_TEST

/* A page is missing: what is behind it would have other numbers. */
static void cut_short(int array, uint64_t next, bool seal)
{
	state_set_header(&s, array, 0, "next", next);
	if (seal)
		state_seal(&s);
	checked_run(&c, &s);
	if (!seal)
		says_page(array, 0, "crc", "checksum");
	ck_assert_str_eq(c.faults[!seal].rule, "total");
	checked_lost(&c, array, checked_made(&c, array));
	checked_release(&c);
	state_restore(&s);
}

START_TEST(missing_page)
{
	cut_short(STATE_DEVICES, 0, _i);
	cut_short(STATE_DEVICES, s.arrays[STATE_DEVICES].phys[2], _i);
	cut_short(STATE_DOMAINS, 0, _i);
}
END_TEST

/* With the root's sum right, it is as good as the pages. */
START_TEST(wrong_total)
{
	const char *const totals[] = {"nr_iommus", "nr_domains", "nr_devices",
				      "nr_hwpts"};
	int array = arrays[_i];
	int root = array == STATE_HWPTS ? STATE_FILE_ROOT :
						       STATE_ROOT;

	state_set(&s, root, 0, totals[_i], s.arrays[array].slots + 1);
	state_seal(&s);
	checked_run(&c, &s);
	checked_says(&c, 0, name_of(array), KHO_FAULT_ARRAY, 0,
		     state_record_phys(&s, root, 0) +
			     luser_struct_field(s.arrays[root].array->record,
						totals[_i])
				     ->offset,
		     "total");
	says_alone(array);
	ck_assert_uint_eq(c.faults[0].found, s.arrays[array].slots + 1);
	checked_lost(&c, array, checked_made(&c, array));
}
END_TEST

static void root_refused(int root, const char *rule)
{
	checked_run(&c, &s);
	ck_assert_str_eq(c.faults[0].rule, rule);
	ck_assert_str_eq(c.faults[0].array, "root");
	ck_assert_int_eq(root == STATE_ROOT ? c.err : c.file_err, -EBADMSG);
	ck_assert_uint_eq(checked_array(&c, root)->nr_pages, 0);
	if (root == STATE_ROOT)
		ck_assert_int_eq(c.file_err, 0);
	checked_release(&c);
	state_restore(&s);
	c.hidden = 0;
	c.unpreserved = 0;
}

static void wrong_root(int root, const char *field,
		       uint64_t value, const char *rule)
{
	state_set_header(&s, root, 0, field, value);
	state_seal(&s);
	root_refused(root, rule);
}

START_TEST(damaged_root)
{
	int root = _i ? STATE_FILE_ROOT : STATE_ROOT;
	int other = _i ? STATE_ROOT : STATE_FILE_ROOT;

	state_record(&s, root, 0)[40] ^= 1;
	root_refused(root, "checksum");
	c.hidden = s.arrays[root].phys[0];
	root_refused(root, "unreadable");
	c.unpreserved = s.arrays[root].phys[0];
	root_refused(root, "not-preserved");
	state_set_header(&s, root, 0, "flags", 0);
	state_set_header(&s, root, 0, "crc", 0);
	root_refused(root, "unsealed");
	wrong_root(root, "magic", 1, "magic");
	wrong_root(root, "kind", 2, "kind");
	wrong_root(root, "nr_used", 2, "nr_used");
	wrong_root(root, "nr_used", 0, "nr_used");
	wrong_root(root, "record_size", 8, "record-size");
	wrong_root(root, "next", s.arrays[root].phys[0], "read-twice");
	wrong_root(root, "next", s.arrays[other].phys[0], "chain-length");
}
END_TEST

/* Where a root is, is not to be believed either. */
START_TEST(root_elsewhere)
{
	static const struct {
		uint64_t phys;
		const char *rule;
	} places[] = {
		{0, "unreadable"},
		{0x10000, "not-preserved"},
		{0x10008, "page-alignment"},
		{UINT64_MAX - PAGE_SIZE + 1, "not-preserved"},
	};
	uint64_t phys = s.arrays[STATE_ROOT].phys[0];

	s.arrays[STATE_ROOT].phys[0] = places[_i].phys;
	checked_run(&c, &s);
	s.arrays[STATE_ROOT].phys[0] = phys;
	ck_assert_int_eq(c.err, -EBADMSG);
	checked_says(&c, 0, "root", KHO_FAULT_PAGE, 0, places[_i].phys,
		     places[_i].rule);
}
END_TEST

START_TEST(no_records_at_all)
{
	const char *const fields[] = {"iommus",    "domains",	 "devices",
				      "nr_iommus", "nr_domains", "nr_devices"};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		state_set(&s, STATE_ROOT, 0, fields[i], 0);
	state_seal(&s);
	checked_run(&c, &s);
	ck_assert_int_eq(c.err, 0);
	ck_assert_uint_eq(checked_sound(&c, STATE_DEVICES), 0);
	ck_assert(!c.iommu.devices.incomplete);
	ck_assert_ptr_null(iommu_lu_device(&c.iommu, 0));
	ck_assert_str_eq(c.faults[0].rule, "no-such-record");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("pages");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, wrong_sum, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, unsealed, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, wrong_header, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, counts, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, count_of_last_page, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, gone, 0, 2 * NR_ARRAYS);
	tcase_add_loop_test(tc, loops, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, loop_at_the_end, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, into_another_array, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, missing_page, 0, 2);
	tcase_add_loop_test(tc, wrong_total, 0, NR_ARRAYS);
	tcase_add_loop_test(tc, damaged_root, 0, 2);
	tcase_add_loop_test(tc, root_elsewhere, 0, 4);
	tcase_add_test(tc, no_records_at_all);
	return run_case("pages", tc);
}
