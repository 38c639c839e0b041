// SPDX-License-Identifier: GPL-2.0-only

/*
 * What the new kernel makes of entries that it finds: those of the old kernel are
 * taken over, all else is not.
 */

#include <kunit/test.h>
#include <linux/module.h>

#include "liveupdate-kunit.h"
#include "pasid.h"

static bool test_is_taken(struct intel_lu_test *lu)
{
	return intel_lu_pasid_is(&lu->iommu, lu->context, &lu->ser,
				 &lu->dom_ser);
}

/* What a kernel leaves of a device with this domain */
static void test_leave(struct intel_lu_test *lu, u16 format)
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
	struct intel_lu_test *lu = test->priv;

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
	struct intel_lu_test *lu = test->priv;

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
	struct intel_lu_test *lu = test->priv;

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

/* In legacy mode, all but what depends on the device's capabilities counts. */
static void lu_test_legacy_bits(struct kunit *test)
{
	struct intel_lu_test *lu = test->priv;

	test_leave(lu, IOMMU_TABLE_FORMAT_VTD_SECOND);
	lu->context[0].lo = lu->dom_ser.top_table | 1;
	lu->context[0].hi = (u64)lu->ser.domain_id << 8 | 2;
	for (u32 i = 0; i < 128; i++) {
		u64 *word = &lu->context[0].lo + i / 64;

		*word ^= BIT_ULL(i % 64);
		KUNIT_EXPECT_EQ_MSG(test, i == 2,
				    intel_lu_context_is(lu->context, &lu->ser,
							&lu->dom_ser),
				    "bit %u", i);
		*word ^= BIT_ULL(i % 64);
	}
	KUNIT_EXPECT_TRUE(test, intel_lu_context_is(lu->context, &lu->ser,
						    &lu->dom_ser));
	lu->dom_ser.format = IOMMU_TABLE_FORMAT_X86_64;
	KUNIT_EXPECT_FALSE(test, intel_lu_context_is(lu->context, &lu->ser,
						     &lu->dom_ser));
}

static void lu_test_pasid_tables(struct kunit *test)
{
	struct intel_lu_test *lu = test->priv;
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
	struct intel_lu_test *lu = test->priv;

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
	struct intel_lu_test *lu = test->priv;

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

static struct kunit_case entry_test_cases[] = {
	KUNIT_CASE(lu_test_entry),
	KUNIT_CASE(lu_test_entry_bits),
	KUNIT_CASE(lu_test_context_bits),
	KUNIT_CASE(lu_test_legacy_bits),
	KUNIT_CASE(lu_test_pasid_tables),
	KUNIT_CASE(lu_test_other_record),
	KUNIT_CASE(lu_test_scrub),
	{}
};

static struct kunit_suite entry_test_suite = {
	.name = "intel-iommu-liveupdate-entries",
	.init = intel_lu_test_init,
	.exit = intel_lu_test_exit,
	.test_cases = entry_test_cases,
};

kunit_test_suite(entry_test_suite);

MODULE_DESCRIPTION("Tests of live update of VT-d: entries");
MODULE_LICENSE("GPL");
