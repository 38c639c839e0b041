// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The check of a later kernel, which knows more fields, on what an earlier one
 * left.
 */

#include "../checked.h"
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

/* Fields that the old kernel did not know are zero, and break no rule. */
START_TEST(shorter_records)
{
	const struct luser_array *root = s.arrays[STATE_ROOT].array;

	/* What is behind the root is not the root's. */
	state_page(&s, STATE_ROOT, 0)[root->header->size +
				      root->record->size] = 5;
	state_seal(&s);
	checked_run(&c, &s);
	checked_is_sound(&c);
	ck_assert_uint_lt(c.iommu.devices.stride,
			  sizeof(struct iommu_device_ser));
	ck_assert_uint_eq(c.iommu.root.horizon, 0);
	ck_assert_uint_gt(c.iommu.root.nr_devices, 0);
}
END_TEST

/* Older rules hold for them. */
START_TEST(damaged_shorter_record)
{
	uint32_t last = state_last(&s, STATE_DEVICES);

	state_set(&s, STATE_DEVICES, last, "domain_id", 0x10000);
	state_seal(&s);
	checked_run(&c, &s);
	checked_count(&c, 1);
	ck_assert_str_eq(c.faults[0].rule, "domain-id-max");
	checked_lost(&c, STATE_DEVICES, 1);
}
END_TEST

START_TEST(known_fields)
{
	uint32_t made;

	state_lengthen(&s, STATE_DEVICES, 8, 0);
	state_seal_iommu(&s);
	checked_run(&c, &s);
	made = checked_made(&c, STATE_DEVICES);
	checked_count(&c, made);
	ck_assert_str_eq(c.faults[0].rule, "ats-min");
	checked_lost(&c, STATE_DEVICES, made);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("wide");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, shorter_records);
	tcase_add_test(tc, damaged_shorter_record);
	tcase_add_test(tc, known_fields);
	return run_case("wide", tc);
}
