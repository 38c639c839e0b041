// SPDX-License-Identifier: GPL-2.0-only

/*
 * Who may be preserved, and who may be claimed: what no user can try, because
 * VFIO and iommufd own a device before it can be asked for.
 */

#include <kunit/device.h>
#include <kunit/test.h>
#include <linux/iommu.h>
#include <linux/module.h>

#include "liveupdate.h"

static void lu_group_put(void *group)
{
	iommu_group_put(group);
}

static void lu_group_remove(void *dev)
{
	iommu_group_remove_device(dev);
}

/* A device alone in a group, as the DMA API uses it. */
static struct device *lu_group_device(struct kunit *test, const char *name,
				      struct iommu_group *group)
{
	struct device *dev = kunit_device_register(test, name);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_ASSERT_EQ(test, iommu_group_add_device(group, dev), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, lu_group_remove,
							dev), 0);
	return dev;
}

static struct iommu_group *lu_group_alloc(struct kunit *test)
{
	struct iommu_group *group = iommu_group_alloc();

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, group);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, lu_group_put,
							group), 0);
	return group;
}

static void lu_unowned_is_not_preserved(struct kunit *test)
{
	struct iommu_group *group = lu_group_alloc(test);
	struct device *dev = lu_group_device(test, "unowned", group);

	KUNIT_EXPECT_EQ(test, iommu_group_may_preserve(dev, NULL), -EPERM);
}

static void lu_nothing_is_preserved_without_a_file(struct kunit *test)
{
	struct iommu_group *group = lu_group_alloc(test);
	struct device *dev = lu_group_device(test, "no-file", group);
	struct iommu_domain domain = {};
	struct iommu_lu_device *lu;
	u32 index;

	lu = iommu_liveupdate_preserve_device(dev, &domain);
	KUNIT_EXPECT_TRUE(test, IS_ERR(lu));
	KUNIT_EXPECT_NE(test,
			iommu_liveupdate_preserve_domain(&domain, &index), 0);
}

static void lu_not_handed_over_is_not_claimed(struct kunit *test)
{
	struct iommu_group *group = lu_group_alloc(test);
	struct device *dev = lu_group_device(test, "unclaimed", group);
	struct device *alone = kunit_device_register(test, "alone");
	struct iommu_domain domain = {};

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, alone);
	KUNIT_EXPECT_EQ(test, iommu_liveupdate_claim(dev, &domain, test),
			-EPERM);
	KUNIT_EXPECT_EQ(test, iommu_liveupdate_claim(alone, &domain, test),
			-EPERM);
}

static struct kunit_case lu_group_cases[] = {
	KUNIT_CASE(lu_unowned_is_not_preserved),
	KUNIT_CASE(lu_nothing_is_preserved_without_a_file),
	KUNIT_CASE(lu_not_handed_over_is_not_claimed),
	{}
};

static struct kunit_suite lu_group_suite = {
	.name = "iommu-liveupdate-group",
	.test_cases = lu_group_cases,
};

kunit_test_suite(lu_group_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests for who may be handed over");
