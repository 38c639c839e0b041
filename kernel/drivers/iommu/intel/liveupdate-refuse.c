// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: units that cannot be taken over, and whose devices are
 * blocked or stopped.
 */

#define pr_fmt(fmt)	"DMAR: live update: " fmt

#include <linux/pci.h>

#include "liveupdate.h"
#include "../iommu-pages.h"

/* Whether a unit translates, now that this kernel finds it. */
bool intel_lu_translates(struct intel_iommu *iommu)
{
	return readl(iommu->reg + DMAR_GSTS_REG) & DMA_GSTS_TES;
}

static void lu_walk_table(struct intel_iommu *iommu, u32 half, u64 root,
			  bool scalable,
			  void (*fn)(struct intel_iommu *iommu, u16 sid))
{
	if (!(root & 1) || !iommu_pages_preserved(root & VTD_PAGE_MASK, SZ_4K))
		return;
	for (u32 i = 0; i < intel_lu_nr_entries(scalable); i++) {
		if (context_present(intel_lu_entry(scalable, root, i)))
			fn(iommu, intel_lu_half_sid(half, i));
	}
}

/* Whoever has an entry was preserved. Look for them as far as that is safe. */
static void lu_walk_entries(struct intel_iommu *iommu,
			    void (*fn)(struct intel_iommu *iommu, u16 sid))
{
	u64 rtaddr = readq(iommu->reg + DMAR_RTADDR_REG);
	struct root_entry *root = phys_to_virt(rtaddr & VTD_PAGE_MASK);
	bool scalable = rtaddr & DMA_RTADDR_SMT;

	if (!iommu_pages_preserved(rtaddr & VTD_PAGE_MASK, SZ_4K))
		return;
	for (u32 half = 0; half < INTEL_LU_HALVES; half++) {
		if (scalable || !(half & 1))
			lu_walk_table(iommu, half, *intel_lu_root(root, half),
				      scalable, fn);
	}
}

static void lu_refuse_entry(struct intel_iommu *iommu, u16 sid)
{
	iommu_liveupdate_refuse(iommu->segment, sid, "its unit is refused");
}

/**
 * intel_lu_refuse_entries - Refuse all devices that the old kernel left running
 * @iommu: The unit, which gets an empty root table next.
 */
void intel_lu_refuse_entries(struct intel_iommu *iommu)
{
	lu_walk_entries(iommu, lu_refuse_entry);
}

static void lu_stop_entry(struct intel_iommu *iommu, u16 sid)
{
	struct pci_dev *pdev;

	pdev = pci_get_domain_bus_and_slot(iommu->segment, PCI_BUS_NUM(sid),
					   sid & 0xff);
	if (!pdev)
		return;
	pci_clear_master(pdev);
	pci_err(pdev, "bus mastering is off: it was preserved, and %s is switched off\n",
		iommu->name);
	pci_dev_put(pdev);
}

/**
 * intel_liveupdate_stop - Stop the devices that the old kernel left running
 * @iommu: The unit. Its translation is about to be switched off.
 */
void intel_liveupdate_stop(struct intel_iommu *iommu)
{
	if (!iommu_liveupdate_incoming() || !intel_lu_translates(iommu))
		return;
	lu_walk_entries(iommu, lu_stop_entry);
}
