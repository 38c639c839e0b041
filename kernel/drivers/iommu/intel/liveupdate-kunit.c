// SPDX-License-Identifier: GPL-2.0-only

/*
 * A device and its tables as an old kernel leaves them, for tests.
 */

#include <kunit/static_stub.h>
#include <linux/slab.h>

#include "liveupdate-kunit.h"
#include "pasid.h"
#include "../iommu-pages.h"

static bool test_preserved(phys_addr_t phys, size_t size)
{
	struct intel_lu_test *lu = kunit_get_current_test()->priv;

	return phys != lu->lost;
}

static void *test_restore(phys_addr_t phys, size_t size, bool incoherent)
{
	return test_preserved(phys, size) ? phys_to_virt(phys) : NULL;
}

int intel_lu_test_init(struct kunit *test)
{
	struct intel_lu_test *lu = kunit_kzalloc(test, sizeof(*lu), GFP_KERNEL);

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

void intel_lu_test_exit(struct kunit *test)
{
	struct intel_lu_test *lu = test->priv;

	if (lu->domain) {
		pt_iommu_deinit(&lu->domain->iommu);
		kfree(lu->domain);
	}
	iommu_free_pages(lu->memory);
	iommu_free_pages(lu->dir);
	iommu_free_pages(lu->table);
}
