// SPDX-License-Identifier: GPL-2.0-only

/*
 * What the new kernel makes of entries and page tables that it finds: those
 * of the old kernel are taken over, all else is not.
 *
 * That pages are preserved, which only another kernel can have done, is made
 * up; everything else is real.
 */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "iommu.h"
#include "liveupdate.h"
#include "pasid.h"
#include "../iommu-pages.h"

#define TEST_IOVA	0x40000000UL
#define TEST_PAGES	3

/**
 * struct lu_test - Tables as an old kernel leaves them.
 * @iommu:   The unit, which has no registers.
 * @info:    The device.
 * @iommus:  What the device's struct has of the IOMMU.
 * @pdev:    The device.
 * @domain:  What it is attached to.
 * @memory:  What the domain maps, TEST_PAGES times.
 * @context: The context entry.
 * @dir:     The PASID directory.
 * @table:   The PASID table.
 * @lost:    Nothing is preserved at this address.
 * @dom_ser: The record of the domain.
 * @ser:     The record of the device.
 */
struct lu_test {
	struct intel_iommu iommu;
	struct device_domain_info info;
	struct dev_iommu iommus;
	struct pci_dev pdev;
	struct dmar_domain *domain;
	void *memory;
	struct context_entry context[2];
	struct pasid_dir_entry *dir;
	struct pasid_entry *table;
	u64 lost;
	struct iommu_domain_ser dom_ser;
	struct iommu_device_ser ser;
};

static bool test_preserved(phys_addr_t phys, size_t size)
{
	struct lu_test *lu = kunit_get_current_test()->priv;

	return phys != lu->lost;
}

static void *test_restore(phys_addr_t phys, size_t size, bool incoherent)
{
	return test_preserved(phys, size) ? phys_to_virt(phys) : NULL;
}

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
	struct lu_test *lu = test->priv;
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
	struct lu_test *lu = test->priv;
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

static int lu_test_init(struct kunit *test)
{
	struct lu_test *lu = kunit_kzalloc(test, sizeof(*lu), GFP_KERNEL);

	if (!lu)
		return -ENOMEM;
	test->priv = lu;
	lu->iommu.agaw = 2;
	lu->info.iommu = &lu->iommu;
	lu->pdev.dev.iommu = &lu->iommus;
	lu->iommus.priv = &lu->info;
	set_dev_node(&lu->pdev.dev, NUMA_NO_NODE);
	lu->memory = iommu_alloc_pages_sz(GFP_KERNEL, SZ_4K);
	lu->dir = iommu_alloc_pages_sz(GFP_KERNEL, SZ_4K);
	lu->table = iommu_alloc_pages_sz(GFP_KERNEL, SZ_4K);
	KUNIT_ASSERT_TRUE(test, lu->memory && lu->dir && lu->table);
	kunit_activate_static_stub(test, iommu_pages_preserved,
				   test_preserved);
	kunit_activate_static_stub(test, iommu_memory_preserved,
				   test_preserved);
	kunit_activate_static_stub(test, iommu_restore_pages, test_restore);
	return 0;
}

static void test_free(struct dmar_domain *domain)
{
	if (!domain)
		return;
	pt_iommu_deinit(&domain->iommu);
	kfree(domain);
}

static void lu_test_exit(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	test_free(lu->domain);
	iommu_free_pages(lu->memory);
	iommu_free_pages(lu->dir);
	iommu_free_pages(lu->table);
}

/*
 * Domains.
 */

static void test_restored(struct kunit *test, u16 format)
{
	struct lu_test *lu = test->priv;
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
	struct lu_test *lu = test->priv;

	test_restored(test, IOMMU_TABLE_FORMAT_X86_64);
	KUNIT_EXPECT_TRUE(test, lu->dom_ser.features & IOMMU_LU_SIGN_EXTEND);
}

static u64 *test_top(struct lu_test *lu)
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
	struct lu_test *lu = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(err),
			    intel_lu_restore_domain(&lu->iommu.iommu,
						    &lu->pdev.dev,
						    &lu->dom_ser));
}

static void test_damaged(struct kunit *test, u16 format)
{
	struct lu_test *lu = test->priv;
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
	struct lu_test *lu = test->priv;

	test_damaged(test, IOMMU_TABLE_FORMAT_X86_64);
	lu->dom_ser.features &= ~IOMMU_LU_SIGN_EXTEND;
	test_refused(test, -EBADMSG);
}

static void lu_test_unsupported(struct kunit *test)
{
	struct iommu_domain_ser ser = {};
	struct lu_test *lu = test->priv;
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

/*
 * Entries.
 */

static bool test_is_taken(struct lu_test *lu)
{
	return intel_lu_pasid_is(&lu->iommu, lu->context, &lu->ser,
				 &lu->dom_ser);
}

/* What a kernel leaves of a device with this domain */
static void test_leave(struct lu_test *lu, u16 format)
{
	u32 max_pasid = SZ_4K << 3;

	lu->dom_ser = (struct iommu_domain_ser){
		.top_table = 0x123000,
		.format = format,
		.top_level = 3,
	};
	lu->ser = (struct iommu_device_ser){
		.domain_id = 77,
		.driver_type = IOMMU_DRIVER_INTEL,
		.driver_offset = offsetof(struct iommu_device_ser, driver),
		.driver_size = sizeof(lu->ser.driver.intel),
		.driver.intel.pasid_dir = virt_to_phys(lu->dir),
		.driver.intel.max_pasid = max_pasid,
	};
	memset(lu->context, 0, sizeof(lu->context));
	lu->context[0].lo = virt_to_phys(lu->dir) | context_pdts(2) | 1;
	memset(lu->dir, 0, SZ_4K);
	lu->dir[0].val = virt_to_phys(lu->table) | PASID_PTE_PRESENT;
	memset(lu->table, 0, SZ_4K);
	pasid_set_domain_id(lu->table, 77);
	pasid_set_page_snoop(lu->table, true);
	pasid_set_address_width(lu->table, 2);
	if (format == IOMMU_TABLE_FORMAT_VTD_SECOND) {
		pasid_set_slptr(lu->table, 0x123000);
		pasid_set_translation_type(lu->table, PASID_ENTRY_PGTT_SL_ONLY);
	} else {
		pasid_set_flptr(lu->table, 0x123000);
		pasid_set_translation_type(lu->table, PASID_ENTRY_PGTT_FL_ONLY);
	}
	pasid_set_present(lu->table);
}

static void lu_test_entry(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));
	/* What depends on the device's capabilities is compared later. */
	lu->context[0].lo |= BIT_ULL(2) | CONTEXT_PASIDE;
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));

	test_leave(lu, IOMMU_TABLE_FORMAT_X86_64);
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));
	lu->dom_ser.features = IOMMU_LU_FORCE_SNOOP;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	pasid_set_pgsnp(lu->table);
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));
	lu->dom_ser.top_level = 4;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	pasid_set_flpm(lu->table, 1);
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));
}

/* Each bit of the entry counts, in either stage. */
static void test_each_bit(struct kunit *test, u16 format)
{
	struct lu_test *lu = test->priv;

	test_leave(lu, format);
	for (u32 i = 0; i < 512; i++) {
		lu->table[0].val[i / 64] ^= BIT_ULL(i % 64);
		KUNIT_EXPECT_FALSE_MSG(test, test_is_taken(lu), "bit %u", i);
		lu->table[0].val[i / 64] ^= BIT_ULL(i % 64);
	}
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));
}

static void lu_test_entry_bits(struct kunit *test)
{
	test_each_bit(test, IOMMU_TABLE_FORMAT_VTD_SECOND);
	test_each_bit(test, IOMMU_TABLE_FORMAT_X86_64);
}

static void lu_test_context_bits(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	for (u32 i = 0; i < 256; i++) {
		u64 *word = &lu->context[0].lo + i / 64;

		if (i == 2 || i == 3)
			continue;
		*word ^= BIT_ULL(i % 64);
		KUNIT_EXPECT_FALSE_MSG(test, test_is_taken(lu), "bit %u", i);
		*word ^= BIT_ULL(i % 64);
	}
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));
}

static void lu_test_pasid_tables(struct kunit *test)
{
	struct lu_test *lu = test->priv;
	struct iommu_device_intel_ser *intel = &lu->ser.driver.intel;

	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->lost = intel->pasid_dir;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	lu->lost = virt_to_phys(lu->table);
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	lu->lost = 0;

	lu->dir[511].val = lu->dir[0].val;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	lu->dir[511].val = 0;
	lu->dir[0].val &= ~PASID_PTE_PRESENT;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	lu->dir[0].val |= PASID_PTE_PRESENT;
	lu->table[63].val[0] = lu->table[0].val[0];
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	lu->table[63].val[0] = 0;
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));

	for (u64 max = 1; max <= U32_MAX; max *= 2) {
		intel->max_pasid = max;
		KUNIT_EXPECT_EQ(test, test_is_taken(lu), max == SZ_4K << 3);
	}
	intel->max_pasid = 0;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	intel->max_pasid = (SZ_4K << 3) + 64;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
}

static void lu_test_other_record(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->ser.domain_id++;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->dom_ser.top_table += SZ_4K;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->dom_ser.top_level--;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->dom_ser.features = IOMMU_LU_INCOHERENT;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->ser.driver_type = IOMMU_DRIVER_SMMUV3;
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
}

/* All that was there for other PASIDs is gone after the handover. */
static void lu_test_scrub(struct kunit *test)
{
	struct lu_test *lu = test->priv;

	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->iommu.ecap = BIT_ULL(0);
	lu->context[0].lo |= BIT_ULL(4);
	lu->dir[1].val = lu->dir[0].val;
	lu->dir[511].val = lu->dir[0].val;
	lu->table[1] = lu->table[0];
	lu->table[63] = lu->table[0];
	KUNIT_EXPECT_FALSE(test, test_is_taken(lu));
	intel_lu_scrub_pasid(&lu->iommu, lu->context);
	KUNIT_EXPECT_TRUE(test, test_is_taken(lu));
}

static struct kunit_case lu_test_cases[] = {
	KUNIT_CASE(lu_test_second_stage),
	KUNIT_CASE(lu_test_first_stage),
	KUNIT_CASE(lu_test_second_stage_damaged),
	KUNIT_CASE(lu_test_first_stage_damaged),
	KUNIT_CASE(lu_test_unsupported),
	KUNIT_CASE(lu_test_entry),
	KUNIT_CASE(lu_test_entry_bits),
	KUNIT_CASE(lu_test_context_bits),
	KUNIT_CASE(lu_test_pasid_tables),
	KUNIT_CASE(lu_test_other_record),
	KUNIT_CASE(lu_test_scrub),
	{}
};

static struct kunit_suite lu_test_suite = {
	.name = "intel-iommu-liveupdate",
	.init = lu_test_init,
	.exit = lu_test_exit,
	.test_cases = lu_test_cases,
};

kunit_test_suite(lu_test_suite);

MODULE_DESCRIPTION("Tests of live update of VT-d");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("GENERIC_PT_IOMMU");
