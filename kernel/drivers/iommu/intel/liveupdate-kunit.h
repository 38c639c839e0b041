/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device and its tables as an old kernel leaves them, for tests.
 *
 * That pages are preserved, which only another kernel can have done, is made
 * up; everything else is real.
 */

#ifndef _INTEL_LIVEUPDATE_KUNIT_H
#define _INTEL_LIVEUPDATE_KUNIT_H

#include <kunit/test.h>
#include <linux/pci.h>

#include "iommu.h"
#include "liveupdate.h"

/**
 * struct intel_lu_test - Tables as an old kernel leaves them.
 * @iommu:   The unit, which has no registers.
 * @info:    The device.
 * @iommus:  What the device's struct has of the IOMMU.
 * @pdev:    The device.
 * @domain:  What it is attached to.
 * @memory:  What the domain maps some times.
 * @context: The context entry.
 * @dir:     The PASID directory.
 * @table:   The PASID table.
 * @lost:    Nothing is preserved at this address.
 * @dom_ser: The record of the domain.
 * @ser:     The record of the device.
 */
struct intel_lu_test {
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

int intel_lu_test_init(struct kunit *test);
void intel_lu_test_exit(struct kunit *test);

#endif /* _INTEL_LIVEUPDATE_KUNIT_H */
