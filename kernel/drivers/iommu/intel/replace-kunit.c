// SPDX-License-Identifier: GPL-2.0-only

/*
 * Entries that are replaced while the hardware uses them.
 *
 * Somebody else looks at the entry all the time, as the hardware does, and
 * each invalidation looks as well: there is always one of the two entries, and
 * when the caches are invalidated it is the new one.
 */

#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "iommu.h"
#include "pasid.h"
#include "../iommu-pages.h"

#define TEST_SID	PCI_DEVID(1, 0x08)
#define TEST_ROUNDS	2000

/**
 * struct replace_test - An entry, and who looks at it.
 * @iommu:   Its unit, which has no registers.
 * @info:    Its device.
 * @iommus:  What the device's struct has of the IOMMU.
 * @pdev:    The device.
 * @pasids:  Its PASID directory.
 * @domains: What it is attached to in turn.
 * @entry:   The entry.
 * @words:   What each domain makes of it.
 * @target:  The domain that it is to be attached to.
 * @looks:   How often somebody looked.
 * @torn:    The entry was neither.
 * @early:   Caches were invalidated while it still was the old one.
 * @flushes: How often the IOTLB was invalidated.
 * @flushed: Domain id of the last time.
 */
struct replace_test {
	struct intel_iommu iommu;
	struct device_domain_info info;
	struct dev_iommu iommus;
	struct pci_dev pdev;
	struct pasid_table pasids;
	struct dmar_domain *domains[2];
	u64 *entry;
	u128 words[2];
	unsigned int target;
	unsigned int looks;
	bool torn;
	bool early;
	unsigned int flushes;
	u16 flushed;
};

/* All 128 bits at once */
static u128 test_read(u64 *entry)
{
	u128 val = 0;

	try_cmpxchg128((u128 *)entry, &val, val);
	return val;
}

static struct replace_test *to_test(struct intel_iommu *iommu)
{
	return container_of(iommu, struct replace_test, iommu);
}

static void test_look(struct replace_test *rt)
{
	u128 val = test_read(rt->entry);

	if (val != rt->words[0] && val != rt->words[1])
		WRITE_ONCE(rt->torn, true);
}

static int test_watch(void *opaque)
{
	struct replace_test *rt = opaque;

	while (!kthread_should_stop()) {
		test_look(rt);
		WRITE_ONCE(rt->looks, rt->looks + 1);
		cond_resched();
	}
	return 0;
}

static void test_flush(struct intel_iommu *iommu)
{
	struct replace_test *rt = to_test(iommu);

	test_look(rt);
	rt->early |= test_read(rt->entry) != rt->words[rt->target];
}

static void test_flush_context(struct intel_iommu *iommu, u16 did, u16 sid,
			       u8 fm, u64 type)
{
	test_flush(iommu);
}

static void test_flush_iotlb(struct intel_iommu *iommu, u16 did, u64 addr,
			     unsigned int size_order, u64 type)
{
	struct replace_test *rt = to_test(iommu);

	test_flush(iommu);
	rt->flushes++;
	rt->flushed = did;
}

static struct dmar_domain *test_domain(struct kunit *test, u16 did)
{
	struct pt_iommu_vtdss_cfg cfg = {
		.common.hw_max_vasz_lg2 = 48,
		.common.hw_max_oasz_lg2 = 52,
		.common.features = BIT(PT_FEAT_FLUSH_RANGE),
		.top_level = 3,
	};
	struct replace_test *rt = test->priv;
	struct iommu_domain_info *info;
	struct dmar_domain *domain;

	domain = paging_domain_alloc();
	KUNIT_ASSERT_FALSE(test, IS_ERR(domain));
	domain->iommu.nid = NUMA_NO_NODE;
	domain->domain.ops = &intel_ss_paging_domain_ops;
	KUNIT_ASSERT_EQ(test, pt_iommu_vtdss_init(&domain->sspt, &cfg,
						  GFP_KERNEL), 0);
	info = kunit_kzalloc(test, sizeof(*info), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, info);
	info->did = did;
	KUNIT_ASSERT_EQ(test, xa_err(xa_store(&domain->iommu_array,
					      rt->iommu.seq_id, info,
					      GFP_KERNEL)), 0);
	return domain;
}

static void test_make_tables(struct kunit *test)
{
	struct replace_test *rt = test->priv;
	struct root_entry *root;
	void *context;

	root = iommu_alloc_pages_sz(GFP_KERNEL, SZ_4K);
	context = iommu_alloc_pages_sz(GFP_KERNEL, SZ_4K);
	rt->pasids.table = iommu_alloc_pages_sz(GFP_KERNEL, SZ_4K);
	KUNIT_ASSERT_TRUE(test, root && context && rt->pasids.table);
	root[PCI_BUS_NUM(TEST_SID)].lo = virt_to_phys(context) | 1;
	rt->pasids.max_pasid = SZ_4K << 3;
	rt->iommu.root_entry = root;
}

static int replace_test_init(struct kunit *test)
{
	struct replace_test *rt;

	rt = kunit_kzalloc(test, sizeof(*rt), GFP_KERNEL);
	if (!rt)
		return -ENOMEM;
	test->priv = rt;
	/* Coherent, and with second-stage tables; not in scalable mode */
	rt->iommu.ecap = BIT_ULL(0) | BIT_ULL(46);
	rt->iommu.node = NUMA_NO_NODE;
	rt->iommu.flush.flush_context = test_flush_context;
	rt->iommu.flush.flush_iotlb = test_flush_iotlb;
	spin_lock_init(&rt->iommu.lock);
	rt->info.iommu = &rt->iommu;
	rt->info.dev = &rt->pdev.dev;
	rt->info.bus = PCI_BUS_NUM(TEST_SID);
	rt->info.devfn = TEST_SID & 0xff;
	rt->info.pasid_table = &rt->pasids;
	rt->pdev.dev.iommu = &rt->iommus;
	rt->iommus.priv = &rt->info;
	test_make_tables(test);
	rt->domains[0] = test_domain(test, 7);
	rt->domains[1] = test_domain(test, 8);
	return 0;
}

static void replace_test_exit(struct kunit *test)
{
	struct replace_test *rt = test->priv;
	u64 context;

	for (int i = 0; i < ARRAY_SIZE(rt->domains); i++) {
		xa_destroy(&rt->domains[i]->iommu_array);
		pt_iommu_deinit(&rt->domains[i]->iommu);
		kfree(rt->domains[i]);
	}
	context = rt->iommu.root_entry[PCI_BUS_NUM(TEST_SID)].lo;
	iommu_free_pages(phys_to_virt(context & VTD_PAGE_MASK));
	iommu_free_pages(rt->iommu.root_entry);
	iommu_free_pages(get_pasid_table_from_pde(rt->pasids.table));
	iommu_free_pages(rt->pasids.table);
}

static int test_replace_context(struct replace_test *rt)
{
	rt->info.domain = rt->domains[rt->target];
	return domain_context_replace(&rt->info, TEST_SID);
}

static int test_replace_pasid(struct replace_test *rt)
{
	return intel_pasid_replace_second_level(&rt->iommu,
						rt->domains[rt->target],
						&rt->pdev.dev, IOMMU_NO_PASID);
}

/* Learn what each domain makes of the entry. */
static void test_learn(struct kunit *test, int (*fn)(struct replace_test *rt))
{
	struct replace_test *rt = test->priv;

	for (rt->target = 2; rt->target--;) {
		KUNIT_ASSERT_EQ(test, fn(rt), 0);
		rt->words[rt->target] = test_read(rt->entry);
		KUNIT_ASSERT_TRUE(test, rt->words[rt->target] & 1);
	}
	KUNIT_ASSERT_TRUE(test, rt->words[0] != rt->words[1]);
	rt->early = false;
	rt->torn = false;
	rt->flushes = 0;
}

static void test_run(struct kunit *test, int (*fn)(struct replace_test *rt))
{
	struct replace_test *rt = test->priv;
	struct task_struct *watcher;

	watcher = kthread_run(test_watch, rt, "replace-kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(watcher));
	while (!READ_ONCE(rt->looks))
		cond_resched();
	for (u32 i = 1; i <= TEST_ROUNDS; i++) {
		rt->target = i & 1;
		KUNIT_EXPECT_EQ(test, fn(rt), 0);
		KUNIT_EXPECT_EQ(test, rt->flushed, 8 - rt->target);
		if (!(i % 64))
			cond_resched();
	}
	kthread_stop(watcher);
	KUNIT_EXPECT_FALSE(test, rt->torn);
	KUNIT_EXPECT_FALSE(test, rt->early);
	KUNIT_EXPECT_EQ(test, rt->flushes, TEST_ROUNDS);
}

static void replace_test_context(struct kunit *test)
{
	struct replace_test *rt = test->priv;

	rt->entry = &iommu_context_addr(&rt->iommu, PCI_BUS_NUM(TEST_SID),
					TEST_SID & 0xff, 0)->lo;
	/* Something to be replaced */
	rt->entry[0] = 1;
	test_learn(test, test_replace_context);
	test_run(test, test_replace_context);
}

/* With device TLB, only the type of the entry differs. */
static void replace_test_context_ats(struct kunit *test)
{
	struct replace_test *rt = test->priv;

	rt->info.ats_supported = 1;
	replace_test_context(test);
	KUNIT_EXPECT_EQ(test, rt->entry[0] & GENMASK_ULL(3, 2),
			CONTEXT_TT_DEV_IOTLB << 2);
}

static void test_set_up_pasid(struct kunit *test)
{
	struct replace_test *rt = test->priv;
	int err;

	err = intel_pasid_setup_second_level(&rt->iommu, rt->domains[0],
					     &rt->pdev.dev, IOMMU_NO_PASID);
	KUNIT_ASSERT_EQ(test, err, 0);
	rt->entry = get_pasid_table_from_pde(rt->pasids.table)->val;
}

static void replace_test_pasid(struct kunit *test)
{
	struct replace_test *rt = test->priv;

	test_set_up_pasid(test);
	test_learn(test, test_replace_pasid);
	test_run(test, test_replace_pasid);
	KUNIT_EXPECT_NULL(test, memchr_inv(&rt->entry[2], 0, 48));
}

/* What an old kernel left is not written; anything else is not overwritten. */
static void replace_test_pasid_same(struct kunit *test)
{
	struct replace_test *rt = test->priv;
	struct pasid_entry before;
	int err;

	test_set_up_pasid(test);
	memcpy(&before, rt->entry, sizeof(before));
	err = intel_pasid_setup_second_level(&rt->iommu, rt->domains[0],
					     &rt->pdev.dev, IOMMU_NO_PASID);
	KUNIT_EXPECT_EQ(test, err, 0);
	err = intel_pasid_setup_second_level(&rt->iommu, rt->domains[1],
					     &rt->pdev.dev, IOMMU_NO_PASID);
	KUNIT_EXPECT_EQ(test, err, -EBUSY);
	KUNIT_EXPECT_MEMEQ(test, rt->entry, before.val, sizeof(before));
	KUNIT_EXPECT_EQ(test, rt->flushes, 0);
}

static struct kunit_case replace_test_cases[] = {
	KUNIT_CASE(replace_test_context),
	KUNIT_CASE(replace_test_context_ats),
	KUNIT_CASE(replace_test_pasid),
	KUNIT_CASE(replace_test_pasid_same),
	{}
};

static struct kunit_suite replace_test_suite = {
	.name = "intel-iommu-replace",
	.init = replace_test_init,
	.exit = replace_test_exit,
	.test_cases = replace_test_cases,
};

kunit_test_suite(replace_test_suite);

MODULE_DESCRIPTION("Tests of replacing VT-d entries");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("GENERIC_PT_IOMMU");
