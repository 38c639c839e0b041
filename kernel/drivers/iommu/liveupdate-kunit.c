// SPDX-License-Identifier: GPL-2.0-only

/*
 * What is written for the next kernel is what the next kernel reads.
 *
 * Needs a kernel that was booted with KHO switched on.
 */

#include <kunit/test.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho_sealed_table.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "liveupdate.h"
#include "liveupdate-check.h"

#define HANDOVER	7

/**
 * struct lu_test - What is handed over, and what the check says of it.
 * @root:    The root page.
 * @ser:     The root.
 * @iommus:  The IOMMUs.
 * @domains: The domains.
 * @devices: The devices.
 * @view:    What the check leaves.
 * @rule:    The first rule that is broken; empty if none is.
 * @checked: @view is to be released.
 */
struct lu_test {
	struct kho_sealed_table root;
	struct iommu_root_ser *ser;
	struct kho_sealed_table iommus;
	struct kho_sealed_table domains;
	struct kho_sealed_table devices;
	struct iommu_lu_view view;
	char rule[32];
	bool checked;
};

static bool lu_test_preserved(void *ctx, u64 phys, u64 size)
{
	return true;
}

static const void *lu_test_map(void *ctx, u64 phys, u64 size)
{
	return phys_to_virt(phys);
}

static void lu_test_report(void *ctx, const struct kho_fault *fault)
{
	struct lu_test *lu = ctx;

	if (!lu->rule[0])
		strscpy(lu->rule, fault->rule);
}

static const struct kho_sealed_ops lu_test_ops = {
	.map = lu_test_map,
	.preserved = lu_test_preserved,
	.report = lu_test_report,
};

static void lu_test_each(struct lu_test *lu,
			 void (*fn)(struct kho_sealed_table *table))
{
	fn(&lu->root);
	fn(&lu->iommus);
	fn(&lu->domains);
	fn(&lu->devices);
}

static void lu_test_seal_one(struct kho_sealed_table *table)
{
	kho_sealed_table_seal(table, HANDOVER);
}

static void lu_test_seal(struct lu_test *lu)
{
	lu->ser->iommus = kho_sealed_table_phys(&lu->iommus);
	lu->ser->domains = kho_sealed_table_phys(&lu->domains);
	lu->ser->devices = kho_sealed_table_phys(&lu->devices);
	lu->ser->nr_iommus = lu->iommus.nr_slots;
	lu->ser->nr_domains = lu->domains.nr_slots;
	lu->ser->nr_devices = lu->devices.nr_slots;
	lu_test_each(lu, lu_test_seal_one);
}

/* Returns what iommu_lu_check() does. */
static int lu_test_check(struct lu_test *lu)
{
	lu->rule[0] = '\0';
	if (lu->checked)
		iommu_lu_release(&lu->view);
	lu->checked = true;
	return iommu_lu_check(kho_sealed_table_phys(&lu->root), &lu_test_ops,
			      lu, &lu->view);
}

static void lu_test_add_iommu(struct kunit *test)
{
	struct lu_test *lu = test->priv;
	struct iommu_ser *ser;
	u32 index;

	ser = kho_sealed_table_add(&lu->iommus, &index);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ser);
	ser->base = 0xfed90000 + index * SZ_4K;
	ser->flags = IOMMU_LU_LIVE;
	ser->driver_type = IOMMU_DRIVER_INTEL;
	ser->driver_offset = offsetof(struct iommu_ser, driver);
	ser->driver_size = sizeof(ser->driver.intel);
	ser->driver.intel.root_table = SZ_4K;
}

static void lu_test_add_domain(struct kunit *test)
{
	struct lu_test *lu = test->priv;
	struct iommu_domain_ser *ser;
	u32 index;

	ser = kho_sealed_table_add(&lu->domains, &index);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ser);
	ser->top_table = (u64)(index + 1) * SZ_4K;
	ser->format = IOMMU_TABLE_FORMAT_VTD_SECOND;
	ser->flags = IOMMU_LU_LIVE;
	ser->top_level = 2;
	ser->va_bits = 39;
	ser->oa_bits = 52;
	ser->granule_shift = 12;
	ser->nr_tables = 1;
	ser->driver_type = IOMMU_DRIVER_INTEL;
	ser->driver_offset = sizeof(*ser);
}

static struct iommu_device_ser *lu_test_add_device(struct kunit *test, u16 bdf)
{
	struct lu_test *lu = test->priv;
	struct iommu_device_ser *ser;
	u32 index;

	ser = kho_sealed_table_add(&lu->devices, &index);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ser);
	ser->bdf = bdf;
	ser->flags = IOMMU_LU_LIVE;
	ser->domain_id = 2;
	ser->driver_type = IOMMU_DRIVER_INTEL;
	ser->driver_offset = offsetof(struct iommu_device_ser, driver);
	ser->driver_size = sizeof(ser->driver.intel);
	return ser;
}

static int lu_test_init(struct kunit *test)
{
	struct lu_test *lu;
	u32 index;

	KUNIT_ASSERT_TRUE_MSG(test, kho_is_enabled(), "KHO is off");
	lu = kunit_kzalloc(test, sizeof(*lu), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, lu);
	test->priv = lu;
	kho_sealed_table_init(&lu->root, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_ROOT, sizeof(*lu->ser), 1);
	kho_sealed_table_init(&lu->iommus, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_IOMMUS,
			      sizeof(struct iommu_ser), 2);
	kho_sealed_table_init(&lu->domains, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_DOMAINS,
			      sizeof(struct iommu_domain_ser), 2);
	kho_sealed_table_init(&lu->devices, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_DEVICES,
			      sizeof(struct iommu_device_ser), 3);
	lu->ser = kho_sealed_table_add(&lu->root, &index);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, lu->ser);
	lu->ser->page_size = PAGE_SIZE;
	lu->ser->mode = IOMMU_MODE_LEGACY;
	lu_test_add_iommu(test);
	lu_test_add_domain(test);
	return 0;
}

static void lu_test_exit(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	if (!lu)
		return;
	iommu_lu_release(&lu->view);
	lu_test_each(lu, kho_sealed_table_destroy);
}

static void lu_test_round_trip(struct kunit *test)
{
	struct lu_test *lu = test->priv;
	const struct iommu_device_ser *ser;

	for (u32 i = 0; i <= IOMMU_LU_DEVICES_PER_PAGE; i++)
		lu_test_add_device(test, i);
	KUNIT_EXPECT_EQ(test, lu->devices.nr_pages, 2);
	lu_test_seal(lu);
	KUNIT_ASSERT_EQ(test, lu_test_check(lu), 0);
	KUNIT_EXPECT_STREQ(test, lu->rule, "");
	for (u32 i = 0; i <= IOMMU_LU_DEVICES_PER_PAGE; i++) {
		ser = iommu_lu_device(&lu->view, i);
		KUNIT_ASSERT_NOT_NULL(test, ser);
		KUNIT_EXPECT_EQ(test, ser->bdf, i);
	}
	KUNIT_EXPECT_NULL(test, iommu_lu_device(&lu->view,
						IOMMU_LU_DEVICES_PER_PAGE + 1));
}

static void lu_test_slots(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	for (u32 i = 0; i <= IOMMU_LU_DEVICES_PER_PAGE; i++)
		lu_test_add_device(test, i);
	kho_sealed_table_del(&lu->devices, 3);
	KUNIT_EXPECT_EQ(test, lu->devices.nr_pages, 2);
	lu_test_seal(lu);
	KUNIT_EXPECT_EQ(test, lu_test_check(lu), 0);
	KUNIT_EXPECT_NULL(test, iommu_lu_device(&lu->view, 3));
	KUNIT_EXPECT_NOT_NULL(test, iommu_lu_device(&lu->view, 4));

	lu_test_each(lu, kho_sealed_table_unseal);
	KUNIT_EXPECT_PTR_EQ(test, lu_test_add_device(test, 0x1000),
			    kho_sealed_table_record(&lu->devices, 3));
	kho_sealed_table_del(&lu->devices, IOMMU_LU_DEVICES_PER_PAGE);
	KUNIT_EXPECT_EQ(test, lu->devices.nr_pages, 1);
	lu_test_seal(lu);
	KUNIT_EXPECT_EQ(test, lu_test_check(lu), 0);
	KUNIT_EXPECT_STREQ(test, lu->rule, "");
}

static void lu_test_full(struct kunit *test)
{
	struct lu_test *lu = test->priv;
	u32 index;

	for (u32 i = 1; i < 2 * IOMMU_LU_IOMMUS_PER_PAGE; i++)
		lu_test_add_iommu(test);
	KUNIT_EXPECT_PTR_EQ(test, kho_sealed_table_add(&lu->iommus, &index),
			    ERR_PTR(-ENOSPC));
	KUNIT_EXPECT_EQ(test, lu->iommus.nr_pages, 2);
}

static void lu_test_unsealed(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	lu_test_seal(lu);
	kho_sealed_table_unseal(&lu->root);
	KUNIT_EXPECT_EQ(test, lu_test_check(lu), -EBADMSG);
	KUNIT_EXPECT_STREQ(test, lu->rule, "unsealed");
}

static void lu_test_checksum(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	lu_test_add_device(test, 8);
	lu_test_seal(lu);
	((struct iommu_device_ser *)
	 kho_sealed_table_record(&lu->devices, 0))->bdf++;
	KUNIT_EXPECT_EQ(test, lu_test_check(lu), 0);
	KUNIT_EXPECT_STREQ(test, lu->rule, "checksum");
	KUNIT_EXPECT_NULL(test, iommu_lu_device(&lu->view, 0));
	KUNIT_EXPECT_NOT_NULL(test, iommu_lu_domain(&lu->view, 0));
}

static void lu_test_twice(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	lu_test_add_device(test, 8);
	lu_test_add_device(test, 9);
	lu_test_add_device(test, 8);
	lu_test_seal(lu);
	KUNIT_EXPECT_EQ(test, lu_test_check(lu), 0);
	KUNIT_EXPECT_STREQ(test, lu->rule, "one-bdf");
	KUNIT_EXPECT_NULL(test, iommu_lu_device(&lu->view, 0));
	KUNIT_EXPECT_NOT_NULL(test, iommu_lu_device(&lu->view, 1));
	KUNIT_EXPECT_NULL(test, iommu_lu_device(&lu->view, 2));
}

static void lu_test_dangling(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	struct iommu_device_ser *ser = lu_test_add_device(test, 8);

	ser->domain = 1;
	lu_test_seal(lu);
	KUNIT_EXPECT_EQ(test, lu_test_check(lu), 0);
	KUNIT_EXPECT_STREQ(test, lu->rule, "empty-record");
	KUNIT_EXPECT_NULL(test, iommu_lu_device(&lu->view, 0));

	ser->domain = IOMMU_LU_DOMAINS_PER_PAGE;
	lu_test_seal(lu);
	KUNIT_EXPECT_EQ(test, lu_test_check(lu), 0);
	KUNIT_EXPECT_STREQ(test, lu->rule, "no-such-record");
	KUNIT_EXPECT_NULL(test, iommu_lu_device(&lu->view, 0));
}

/* A page is read by one, and is nobody's table meanwhile. */
static void lu_test_read_once(struct kunit *test)
{
	const struct kho_sealed_ops *ops = &iommu_liveupdate_check_ops;
	struct lu_test *lu = test->priv;
	u64 phys = kho_sealed_table_phys(&lu->root);
	struct kho_sealed_page page = { .phys = phys };
	struct kho_sealed_array array = { .pages = &page, .nr_pages = 1 };

	KUNIT_EXPECT_FALSE(test, iommu_liveupdate_reads(phys, PAGE_SIZE));
	KUNIT_EXPECT_PTR_EQ(test, ops->map(NULL, phys, PAGE_SIZE),
			    (const void *)phys_to_virt(phys));
	KUNIT_EXPECT_NULL(test, ops->map(NULL, phys, PAGE_SIZE));
	KUNIT_EXPECT_TRUE(test, iommu_liveupdate_reads(phys, 1));
	KUNIT_EXPECT_TRUE(test, iommu_liveupdate_reads(phys - PAGE_SIZE,
						       SZ_2M));
	KUNIT_EXPECT_FALSE(test, iommu_liveupdate_reads(phys - PAGE_SIZE,
							PAGE_SIZE));
	KUNIT_EXPECT_FALSE(test, iommu_liveupdate_reads(phys + PAGE_SIZE,
							PAGE_SIZE));
	iommu_liveupdate_forget_pages(&array);
	KUNIT_EXPECT_FALSE(test, iommu_liveupdate_reads(phys, PAGE_SIZE));
}

static struct kunit_case lu_test_cases[] = {
	KUNIT_CASE(lu_test_round_trip),
	KUNIT_CASE(lu_test_slots),
	KUNIT_CASE(lu_test_full),
	KUNIT_CASE(lu_test_unsealed),
	KUNIT_CASE(lu_test_checksum),
	KUNIT_CASE(lu_test_twice),
	KUNIT_CASE(lu_test_dangling),
	KUNIT_CASE(lu_test_read_once),
	{}
};

static struct kunit_suite lu_test_suite = {
	.name = "iommu-liveupdate",
	.init = lu_test_init,
	.exit = lu_test_exit,
	.test_cases = lu_test_cases,
};

kunit_test_suite(lu_test_suite);

MODULE_DESCRIPTION("Tests of IOMMU live update");
MODULE_LICENSE("GPL");
