// SPDX-License-Identifier: GPL-2.0-only

/*
 * What the new kernel makes of page tables that it finds: those of the old
 * kernel are taken over, all else is not.
 */

#include <kunit/test.h>
#include <linux/module.h>

#include "liveupdate-kunit.h"

#define TEST_IOVA	0x40000000UL
#define TEST_PAGES	3

static struct dmar_domain *test_alloc(struct kunit *test, u16 format)
{
	struct dmar_domain *domain = paging_domain_alloc();
	struct pt_iommu_vtdss_cfg second = { .top_level = 3 };
	struct pt_iommu_x86_64_cfg first = { .top_level = 3 };
	int err;

	KUNIT_ASSERT_FALSE(test, IS_ERR(domain));
	domain->iommu.nid = NUMA_NO_NODE;
	second.common.hw_max_vasz_lg2 = 48;
	second.common.hw_max_oasz_lg2 = 52;
	second.common.features = BIT(PT_FEAT_FLUSH_RANGE);
	first.common = second.common;
	first.common.features |= BIT(PT_FEAT_SIGN_EXTEND);
	if (format == IOMMU_TABLE_FORMAT_X86_64) {
		domain->domain.ops = &intel_fs_paging_domain_ops;
		err = pt_iommu_x86_64_init(&domain->fspt, &first, GFP_KERNEL);
	} else {
		domain->domain.ops = &intel_ss_paging_domain_ops;
		err = pt_iommu_vtdss_init(&domain->sspt, &second, GFP_KERNEL);
	}
	KUNIT_ASSERT_EQ(test, err, 0);
	return domain;
}

static void test_map(struct kunit *test)
{
	struct intel_lu_test *lu = test->priv;
	struct pt_iommu *pt = &lu->domain->iommu;
	size_t mapped = 0;

	for (u32 i = 0; i < TEST_PAGES; i++)
		KUNIT_ASSERT_EQ(test, 0,
				pt->ops->map_range(pt,
						   TEST_IOVA + i * PAGE_SIZE,
						   virt_to_phys(lu->memory),
						   PAGE_SIZE,
						   IOMMU_READ | IOMMU_WRITE,
						   GFP_KERNEL, &mapped));
}

/* The old kernel's part of a domain */
static void test_preserve(struct kunit *test, u16 format)
{
	struct intel_lu_test *lu = test->priv;
	struct iommu_domain *domain;
	struct pt_iommu *pt;

	lu->domain = test_alloc(test, format);
	domain = &lu->domain->domain;
	pt = &lu->domain->iommu;
	test_map(test);
	KUNIT_ASSERT_EQ(test, 0,
			intel_liveupdate_ops.preserve_domain(domain,
							     &lu->dom_ser));
	KUNIT_ASSERT_EQ(test, pt->ops->preserve(pt, &lu->dom_ser), 0);
	pt->ops->unpreserve(pt);
	KUNIT_EXPECT_EQ(test, lu->dom_ser.format, format);
	KUNIT_EXPECT_EQ(test, lu->dom_ser.nr_tables, 4);
}

static void test_restored(struct kunit *test, u16 format)
{
	struct intel_lu_test *lu = test->priv;
	const struct iommu_domain_ops *ops;
	struct iommu_domain *domain;

	test_preserve(test, format);
	domain = intel_lu_restore_domain(&lu->iommu.iommu,
					 &lu->pdev.dev, &lu->dom_ser);
	KUNIT_ASSERT_FALSE(test, IS_ERR(domain));
	ops = domain->ops;
	KUNIT_EXPECT_PTR_EQ(test, ops, lu->domain->domain.ops);
	for (u32 i = 0; i < TEST_PAGES; i++)
		KUNIT_EXPECT_EQ(test, virt_to_phys(lu->memory) + i,
				ops->iova_to_phys(domain, TEST_IOVA + i +
						  i * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, 0,
			ops->iova_to_phys(domain, TEST_IOVA +
					  TEST_PAGES * PAGE_SIZE));
	/* The tables have one owner, as they have with two kernels. */
	kfree(lu->domain);
	lu->domain = to_dmar_domain(domain);
}

static void lu_test_second_stage(struct kunit *test)
{
	test_restored(test, IOMMU_TABLE_FORMAT_VTD_SECOND);
}

static void lu_test_first_stage(struct kunit *test)
{
	struct intel_lu_test *lu = test->priv;

	test_restored(test, IOMMU_TABLE_FORMAT_X86_64);
	KUNIT_EXPECT_TRUE(test, lu->dom_ser.features & IOMMU_LU_SIGN_EXTEND);
}

static u64 *test_top(struct intel_lu_test *lu)
{
	return phys_to_virt(lu->dom_ser.top_table);
}

static u64 test_next(u64 *table)
{
	for (u32 i = 0; i < 512; i++) {
		if (table[i])
			return table[i] & GENMASK_ULL(51, 12);
	}
	return 0;
}

static void test_refused(struct kunit *test, int err)
{
	struct intel_lu_test *lu = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(err),
			    intel_lu_restore_domain(&lu->iommu.iommu,
						    &lu->pdev.dev,
						    &lu->dom_ser));
}

static void test_damaged(struct kunit *test, u16 format)
{
	struct intel_lu_test *lu = test->priv;
	struct iommu_domain_ser sound;
	u64 *top;

	test_preserve(test, format);
	sound = lu->dom_ser;
	top = test_top(lu);

	lu->lost = sound.top_table;
	test_refused(test, -EBADMSG);
	lu->lost = test_next(top);
	test_refused(test, -EBADMSG);
	lu->lost = virt_to_phys(lu->memory);
	test_refused(test, -EBADMSG);
	lu->lost = 0;

	lu->dom_ser.nr_tables--;
	test_refused(test, -EBADMSG);
	lu->dom_ser.nr_tables += 2;
	test_refused(test, -EBADMSG);
	lu->dom_ser = sound;
	lu->dom_ser.granule_shift = 14;
	test_refused(test, -EBADMSG);
	lu->dom_ser = sound;
	lu->dom_ser.format = IOMMU_TABLE_FORMAT_AMD_V1;
	test_refused(test, -EOPNOTSUPP);
	lu->dom_ser = sound;

	/* A loop, and a table in two places */
	lu->dom_ser.nr_tables = 100;
	top[5] = sound.top_table | 3;
	test_refused(test, -EBADMSG);
	top[5] = test_next(top) | 3;
	test_refused(test, -EBADMSG);
	top[5] = 0;
}

static void lu_test_second_stage_damaged(struct kunit *test)
{
	test_damaged(test, IOMMU_TABLE_FORMAT_VTD_SECOND);
}

static void lu_test_first_stage_damaged(struct kunit *test)
{
	struct intel_lu_test *lu = test->priv;

	test_damaged(test, IOMMU_TABLE_FORMAT_X86_64);
	lu->dom_ser.features &= ~IOMMU_LU_SIGN_EXTEND;
	test_refused(test, -EBADMSG);
}

static void lu_test_unsupported(struct kunit *test)
{
	struct iommu_domain_ser ser = {};
	struct intel_lu_test *lu = test->priv;
	struct iommu_domain *domain;

	lu->domain = test_alloc(test, IOMMU_TABLE_FORMAT_VTD_SECOND);
	domain = &lu->domain->domain;
	lu->domain->nested_parent = 1;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			intel_liveupdate_ops.preserve_domain(domain, &ser));
	lu->domain->nested_parent = 0;
	domain->dirty_ops = (void *)lu;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			intel_liveupdate_ops.preserve_domain(domain, &ser));
	domain->dirty_ops = NULL;
	domain->iopf_handler = (void *)lu;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			intel_liveupdate_ops.preserve_domain(domain, &ser));
	domain->iopf_handler = NULL;
}

/* Nobody came who had it: it is only to be freed. */
static void lu_test_no_device(struct kunit *test)
{
	struct intel_lu_test *lu = test->priv;
	struct iommu_domain *domain;

	test_preserve(test, IOMMU_TABLE_FORMAT_VTD_SECOND);
	domain = intel_lu_restore_domain(&lu->iommu.iommu, NULL, &lu->dom_ser);
	KUNIT_ASSERT_FALSE(test, IS_ERR(domain));
	kfree(lu->domain);
	lu->domain = to_dmar_domain(domain);
}

static struct kunit_case domain_test_cases[] = {
	KUNIT_CASE(lu_test_second_stage),
	KUNIT_CASE(lu_test_first_stage),
	KUNIT_CASE(lu_test_second_stage_damaged),
	KUNIT_CASE(lu_test_first_stage_damaged),
	KUNIT_CASE(lu_test_unsupported),
	KUNIT_CASE(lu_test_no_device),
	{}
};

static struct kunit_suite domain_test_suite = {
	.name = "intel-iommu-liveupdate-domains",
	.init = intel_lu_test_init,
	.exit = intel_lu_test_exit,
	.test_cases = domain_test_cases,
};

kunit_test_suite(domain_test_suite);

MODULE_DESCRIPTION("Tests of live update of VT-d: page tables");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("GENERIC_PT_IOMMU");
