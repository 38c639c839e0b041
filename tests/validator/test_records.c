// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Records: what follows from a damaged one, what no two share, and how users
 * get at the sound ones.
 */
#include <stdlib.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/iommufd-v2.h>

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

/* How many records have a value in a field. */
static uint32_t referring(int array, const char *field,
			  uint64_t value)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < s.arrays[array].slots; i++)
		nr += !state_is_free(i) &&
		      state_get(&s, array, i, field) == value;
	return nr;
}

START_TEST(damaged_domain)
{
	uint32_t devices = referring(STATE_DEVICES, "domain", 2);
	uint32_t hwpts = referring(STATE_HWPTS, "domain", 2);

	ck_assert_uint_gt(devices, 0);
	ck_assert_uint_gt(hwpts, 0);
	state_set(&s, STATE_DOMAINS, 2, "format", 0);
	state_seal(&s);
	checked_run(&c, &s);
	checked_count(&c, 1 + devices + hwpts);
	ck_assert_str_eq(c.faults[0].rule, "format-known");
	for (uint32_t i = 1; i < c.nr; i++) {
		ck_assert_str_eq(c.faults[i].rule, "unsound-record");
		ck_assert_uint_eq(c.faults[i].found, 2);
	}
	checked_lost(&c, STATE_DEVICES, devices);
	checked_lost(&c, STATE_HWPTS, hwpts);
	checked_lost(&c, STATE_IOMMUS, 0);
}
END_TEST

START_TEST(damaged_iommu)
{
	uint32_t devices = referring(STATE_DEVICES, "iommu", 1);

	state_set(&s, STATE_IOMMUS, 1, "base", 1);
	state_seal(&s);
	checked_run(&c, &s);
	checked_count(&c, 1 + devices);
	checked_lost(&c, STATE_DEVICES, devices);
	checked_lost(&c, STATE_DOMAINS, 0);
	checked_lost(&c, STATE_HWPTS, 0);
}
END_TEST

/* The devices of all domains in a lost page are lost with it. */
START_TEST(page_of_domains)
{
	state_page(&s, STATE_DOMAINS, 0)[PAGE_SIZE / 2] ^= 1;
	checked_run(&c, &s);
	ck_assert_str_eq(c.faults[0].rule, "checksum");
	ck_assert_str_eq(c.faults[1].rule, "unsound-record");
	for (uint32_t i = 0; i < s.arrays[STATE_DEVICES].slots; i++)
		ck_assert_ptr_null(iommu_lu_device(&c.iommu, i));
	ck_assert(!c.iommu.devices.incomplete);
}
END_TEST

/**
 * struct twin - two records that may not be
 * @array: where
 * @rule:  what they break
 * @field: what is made equal, or unequal
 * @other: the second field, or NULL
 */
struct twin {
	int array;
	const char *rule;
	const char *field;
	const char *other;
};

static const struct twin twins[] = {
	{STATE_IOMMUS, "one-base", "base", NULL},
	{STATE_DOMAINS, "one-top-table", "top_table", NULL},
	{STATE_DEVICES, "one-bdf", "bdf", "segment"},
	{STATE_HWPTS, "one-token", "token", NULL},
	{STATE_HWPTS, "one-domain", "domain", NULL},
};

static void copy(const struct twin *twin, const char *field, uint32_t from,
		 uint32_t to)
{
	if (field)
		state_set(&s, twin->array, to, field,
			  state_get(&s, twin->array, from, field));
}

START_TEST(the_same_twice)
{
	const struct twin *twin = &twins[_i];
	uint32_t last = state_last(&s, twin->array);
	uint32_t other = last - 1 - state_is_free(last - 1);

	copy(twin, twin->field, last, other);
	copy(twin, twin->other, last, other);
	state_seal(&s);
	checked_run(&c, &s);
	checked_count(&c, 2 + (twin->array == STATE_DOMAINS)); /* an HWPT's */
	checked_says(&c, 0, s.arrays[twin->array].array->name,
		     KHO_FAULT_RECORD, other,
		     state_record_phys(&s, twin->array, other), twin->rule);
	checked_says(&c, 1, s.arrays[twin->array].array->name,
		     KHO_FAULT_RECORD, last,
		     state_record_phys(&s, twin->array, last), twin->rule);
	checked_lost(&c, twin->array, 2);
	ck_assert(test_bit(last, checked_array(&c, twin->array)->damaged));
}
END_TEST

START_TEST(nothing_but_twins)
{
	uint32_t last = state_last(&s, STATE_IOMMUS);

	for (uint32_t i = 0; i + 1 < last; i++)
		memset(state_record(&s, STATE_IOMMUS, i), 0,
		       LUSER_IOMMU_V2_IOMMU_SIZE);
	state_set(&s, STATE_IOMMUS, last, "base",
		  state_get(&s, STATE_IOMMUS, last - 1, "base"));
	state_seal(&s);
	checked_run(&c, &s);
	ck_assert_str_eq(c.faults[0].rule, "one-base");
	ck_assert_str_eq(c.faults[1].rule, "one-base");
	ck_assert_uint_eq(checked_sound(&c, STATE_IOMMUS), 0);
}
END_TEST

/* A schema's promise about all records asks for a case here. */
START_TEST(each_promise_has_a_case)
{
	static const char *const others[] = {"one-domain", "one-domain-id"};
	size_t known = ARRAY_SIZE(twins) + ARRAY_SIZE(others), nr = 0;

	for (int k = 0; k < STATE_ARRAYS; k++)
		nr += s.arrays[k].array->nr_unique;
	ck_assert_uint_eq(nr, known);
}
END_TEST

/* Devices 0 and 1 have the domain 0, on different units. */
static void share_unit(const char *field, uint64_t value)
{
	state_set(&s, STATE_DEVICES, 6, "iommu", 0);
	state_set(&s, STATE_DEVICES, 6, field, value);
	state_seal(&s);
	checked_run(&c, &s);
}

START_TEST(domain_id_of_two_domains)
{
	uint64_t id = state_get(&s, STATE_DEVICES, 0, "domain_id");

	share_unit("domain_id", id);
	checked_count(&c, 2);
	checked_says(&c, 0, "devices", KHO_FAULT_RECORD, 0,
		     state_record_phys(&s, STATE_DEVICES, 0), "one-domain");
	ck_assert_uint_eq(c.faults[1].index, 6);
	checked_lost(&c, STATE_DEVICES, 2);
}
END_TEST

START_TEST(domain_with_two_ids)
{
	share_unit("domain", state_get(&s, STATE_DEVICES, 0, "domain"));
	checked_count(&c, 2);
	checked_says(&c, 0, "devices", KHO_FAULT_RECORD, 0,
		     state_record_phys(&s, STATE_DEVICES, 0), "one-domain-id");
	checked_lost(&c, STATE_DEVICES, 2);
}
END_TEST

START_TEST(domain_shared_by_devices)
{
	state_set(&s, STATE_DEVICES, 6, "domain_id",
		  state_get(&s, STATE_DEVICES, 0, "domain_id"));
	share_unit("domain", state_get(&s, STATE_DEVICES, 0, "domain"));
	checked_is_sound(&c);
}
END_TEST

/* Free slots are no records, though all of them are the same. */
START_TEST(freed)
{
	for (uint32_t i = 30; i < 40; i++)
		memset(state_record(&s, STATE_DEVICES, i), 0,
		       LUSER_IOMMU_V2_DEVICE_SIZE);
	state_seal(&s);
	checked_run(&c, &s);
	checked_count(&c, 0);
	checked_lost(&c, STATE_DEVICES, 10);
	ck_assert_ptr_null(iommu_lu_device(&c.iommu, 30));
	ck_assert(!test_bit(30, c.iommu.devices.damaged));
}
END_TEST

START_TEST(looking_up)
{
	const struct iommu_device_ser *device;
	const struct iommu_ser *unit;
	uint32_t last = state_last(&s, STATE_DEVICES);

	checked_run(&c, &s);
	for (uint32_t i = 0; i <= last; i++) {
		device = iommu_lu_device(&c.iommu, i);
		ck_assert_int_eq(device == NULL, state_is_free(i));
		if (device)
			ck_assert_ptr_eq(device,
					 state_record(&s, STATE_DEVICES, i));
	}
	ck_assert_ptr_null(iommu_lu_device(&c.iommu, last + 1));
	ck_assert_ptr_null(iommu_lu_device(&c.iommu, UINT32_MAX));
	unit = iommu_lu_iommu(&c.iommu, 2);
	ck_assert_ptr_null(iommu_lu_iommu_intel(unit));
	ck_assert_ptr_eq(iommu_lu_iommu_smmuv3(unit), &unit->driver);
	device = iommu_lu_device(&c.iommu, 1);
	ck_assert_ptr_eq(iommu_lu_device_intel(device), &device->driver);
	ck_assert_ptr_null(iommu_lu_device_smmuv3(device));
	ck_assert_uint_eq(iommu_lu_domain(&c.iommu, 3)->nr_tables, 4);
	ck_assert_uint_eq(iommufd_lu_hwpt(&c.file, 3)->token, 0x1003);
	ck_assert_uint_eq(c.iommu.root.nr_devices, last + 1);
	ck_assert_uint_eq(c.file.root.nr_hwpts, s.arrays[STATE_HWPTS].slots);
}
END_TEST

/* A later kernel adds fields, and says so in a bit that this one ignores. */
START_TEST(longer_records)
{
	uint32_t last = state_last(&s, STATE_DEVICES);

	state_lengthen(&s, STATE_IOMMUS, 8, 0xa5);
	state_lengthen(&s, STATE_DOMAINS, 16, 0xa5);
	state_lengthen(&s, STATE_DEVICES, 24, 0xa5);
	state_set(&s, STATE_ROOT, 0, "compat", UINT64_C(1) << 63);
	state_seal_iommu(&s);
	checked_run(&c, &s);
	checked_is_sound(&c);
	ck_assert_uint_eq(c.iommu.devices.stride,
			  LUSER_IOMMU_V2_DEVICE_SIZE + 24);
	ck_assert_mem_eq(iommu_lu_device(&c.iommu, last),
			 state_record(&s, STATE_DEVICES, last),
			 LUSER_IOMMU_V2_DEVICE_SIZE);
}
END_TEST

/* In a longer record a section may lie elsewhere, but not anywhere. */
START_TEST(section_out_of_line)
{
	uint32_t last = state_last(&s, STATE_DEVICES);
	uint64_t offset = state_get(&s, STATE_DEVICES, last, "driver_offset");

	state_set(&s, STATE_DEVICES, last, "driver_offset", offset + 4);
	state_lengthen(&s, STATE_DEVICES, 8, 0);
	state_seal_iommu(&s);
	checked_run(&c, &s);
	checked_count(&c, 1);
	ck_assert_str_eq(c.faults[0].rule, "section");
	ck_assert_uint_eq(c.faults[0].found, offset + 4);
	checked_lost(&c, STATE_DEVICES, 1);
}
END_TEST

START_TEST(section_elsewhere)
{
	uint64_t offset = state_get(&s, STATE_DEVICES, 0, "driver_offset");
	const struct iommu_device_intel_ser *section;
	uint8_t *at;

	state_lengthen(&s, STATE_DEVICES, 8, 0);
	at = luser_image_at(s.handover.image,
			    state_get(&s, STATE_ROOT, 0, "devices"),
			    PAGE_SIZE) +
	     s.arrays[STATE_DEVICES].array->header->size;
	memmove(at + offset + 8, at + offset, 16);
	handover_set(s.arrays[STATE_DEVICES].array->record, at, "driver_offset",
		     offset + 8);
	state_seal_iommu(&s);
	checked_run(&c, &s);
	checked_count(&c, 0);
	section = iommu_lu_device_intel(iommu_lu_device(&c.iommu, 0));
	ck_assert_ptr_eq(section, at + offset + 8);
}
END_TEST

START_TEST(unknown_incompatible)
{
	state_set(&s, STATE_ROOT, 0, "incompat", UINT64_C(1) << 40);
	state_set(&s, STATE_ROOT, 0, "mode", 99);
	state_seal(&s);
	checked_run(&c, &s);
	ck_assert_int_eq(c.err, -EOPNOTSUPP);
	ck_assert_uint_eq(c.iommu.devices.nr_slots, 0);
	checked_lost(&c, STATE_HWPTS, checked_made(&c, STATE_HWPTS));
}
END_TEST

/* Each allocation fails once. */
START_TEST(no_memory)
{
	unsigned int calls;

	shim_memory = (struct shim_memory){0};
	checked_run(&c, &s);
	checked_is_sound(&c);
	checked_release(&c);
	calls = shim_memory.calls;
	ck_assert_uint_gt(calls, 10);
	for (unsigned int i = 1; i <= calls; i++) {
		shim_memory = (struct shim_memory){.fail_at = i};
		checked_run(&c, &s);
		ck_assert(c.err == -ENOMEM || c.file_err == -ENOMEM);
		ck_assert(c.err != -ENOMEM || !c.iommu.root_page.nr_pages);
		checked_release(&c);
	}
	shim_memory = (struct shim_memory){0};
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("records");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, damaged_domain);
	tcase_add_test(tc, damaged_iommu);
	tcase_add_test(tc, page_of_domains);
	tcase_add_loop_test(tc, the_same_twice, 0, ARRAY_SIZE(twins));
	tcase_add_test(tc, nothing_but_twins);
	tcase_add_test(tc, each_promise_has_a_case);
	tcase_add_test(tc, domain_id_of_two_domains);
	tcase_add_test(tc, domain_with_two_ids);
	tcase_add_test(tc, domain_shared_by_devices);
	tcase_add_test(tc, freed);
	tcase_add_test(tc, looking_up);
	tcase_add_test(tc, longer_records);
	tcase_add_test(tc, section_out_of_line);
	tcase_add_test(tc, section_elsewhere);
	tcase_add_test(tc, unknown_incompatible);
	tcase_add_test(tc, no_memory);
	return run_case("records", tc);
}
