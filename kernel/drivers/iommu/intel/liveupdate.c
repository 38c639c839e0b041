// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: the old kernel.
 *
 * At the handover, translation stays on and only the context entries of
 * preserved devices stay present. In scalable mode, of their PASID tables only
 * the entry for requests without PASID stays.
 */

#include <linux/cleanup.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "liveupdate.h"
#include "pasid.h"
#include "../iommu-pages.h"

static u16 intel_lu_mode(struct iommu_device *iommu)
{
	return sm_supported(to_intel_iommu(iommu)) ? IOMMU_MODE_SCALABLE :
						     IOMMU_MODE_LEGACY;
}

static void lu_describe_iommu(struct intel_iommu *iommu, struct iommu_ser *ser)
{
	ser->base = iommu->reg_phys;
	ser->segment = iommu->segment;
	ser->driver_type = IOMMU_DRIVER_INTEL;
	ser->driver_offset = offsetof(struct iommu_ser, driver);
	ser->driver_size = sizeof(ser->driver.intel);
	ser->driver.intel.root_table = virt_to_phys(iommu->root_entry);
	ser->driver.intel.cap = iommu->cap;
	ser->driver.intel.ecap = iommu->ecap;
}

static int intel_lu_preserve_iommu(struct iommu_device *iommu_dev,
				   struct iommu_ser *ser)
{
	struct intel_iommu *iommu = to_intel_iommu(iommu_dev);
	struct intel_lu_out *lu __free(kfree) = NULL;
	int err;

	if (iommu->copied_tables)
		return -EOPNOTSUPP;

	lu = kzalloc_obj(*lu);
	if (!lu)
		return -ENOMEM;
	err = iommu_preserve_pages(iommu->root_entry);
	if (err)
		return err;

	lu_describe_iommu(iommu, ser);
	lu->ser = ser;
	iommu->preserved = no_free_ptr(lu);
	return 0;
}

static void intel_lu_unpreserve_iommu(struct iommu_device *iommu_dev)
{
	struct intel_iommu *iommu = to_intel_iommu(iommu_dev);

	iommu_unpreserve_pages(iommu->root_entry);
	kfree(iommu->preserved);
	iommu->preserved = NULL;
}

static int intel_lu_preserve_domain(struct iommu_domain *domain,
				    struct iommu_domain_ser *ser)
{
	struct dmar_domain *dmar_domain = to_dmar_domain(domain);

	if (intel_domain_is_ss_paging(dmar_domain))
		ser->format = IOMMU_TABLE_FORMAT_VTD_SECOND;
	else if (intel_domain_is_fs_paging(dmar_domain))
		ser->format = IOMMU_TABLE_FORMAT_X86_64;
	else
		return -EOPNOTSUPP;
	if (dmar_domain->nested_parent || domain->dirty_ops ||
	    domain->iopf_handler)
		return -EOPNOTSUPP;

	ser->driver_type = IOMMU_DRIVER_INTEL;
	ser->driver_offset = sizeof(*ser);
	if (dmar_domain->force_snooping)
		ser->features |= IOMMU_LU_FORCE_SNOOP;
	return 0;
}

static int lu_count_alias(struct pci_dev *pdev, u16 alias, void *opaque)
{
	unsigned int *nr = opaque;

	(*nr)++;
	return 0;
}

static void *lu_context_table(struct intel_iommu *iommu, u32 half)
{
	return phys_to_virt(*intel_lu_root(iommu->root_entry, half) &
			    VTD_PAGE_MASK);
}

/* A context table is preserved with the first device in it. */
static int lu_get_table(struct intel_iommu *iommu, u16 sid)
{
	u32 half = intel_lu_half(sm_supported(iommu), sid);
	struct intel_lu_out *lu = iommu->preserved;
	int err;

	if (!(*intel_lu_root(iommu->root_entry, half) & 1))
		return -EINVAL;
	if (!lu->devices[half]) {
		err = iommu_preserve_pages(lu_context_table(iommu, half));
		if (err)
			return err;
		lu->ser->driver.intel.nr_context_tables++;
	}
	lu->devices[half]++;
	return 0;
}

static void lu_put_table(struct intel_iommu *iommu, u16 sid)
{
	u32 half = intel_lu_half(sm_supported(iommu), sid);
	struct intel_lu_out *lu = iommu->preserved;

	if (--lu->devices[half])
		return;
	iommu_unpreserve_pages(lu_context_table(iommu, half));
	lu->ser->driver.intel.nr_context_tables--;
}

static int intel_lu_preserve_device(struct device *dev,
				    struct iommu_domain *domain,
				    struct iommu_device_ser *ser)
{
	struct device_domain_info *info = dev_iommu_priv_get(dev);
	struct intel_iommu *iommu = info->iommu;
	unsigned int nr_aliases = 0;
	int err;

	pci_for_each_dma_alias(to_pci_dev(dev), lu_count_alias, &nr_aliases);
	if (nr_aliases != 1 || dev_is_real_dma_subdevice(dev) ||
	    info->segment != iommu->segment)
		return -EOPNOTSUPP;
	if (info->domain != to_dmar_domain(domain))
		return -EINVAL;

	err = lu_get_table(iommu, intel_lu_sid(info));
	if (err)
		return err;
	if (sm_supported(iommu)) {
		err = intel_lu_preserve_pasid(info, &ser->driver.intel);
		if (err) {
			lu_put_table(iommu, intel_lu_sid(info));
			return err;
		}
	}

	__set_bit(intel_lu_sid(info), iommu->preserved->keep);
	ser->domain_id = domain_id_iommu(info->domain, iommu);
	ser->driver_type = IOMMU_DRIVER_INTEL;
	ser->driver_offset = offsetof(struct iommu_device_ser, driver);
	ser->driver_size = sizeof(ser->driver.intel);
	return 0;
}

static void intel_lu_unpreserve_device(struct device *dev)
{
	struct device_domain_info *info = dev_iommu_priv_get(dev);
	struct intel_iommu *iommu = info->iommu;

	__clear_bit(intel_lu_sid(info), iommu->preserved->keep);
	if (sm_supported(iommu))
		intel_lu_unpreserve_pasid(info);
	lu_put_table(iommu, intel_lu_sid(info));
}

/*
 * The handover. Nothing else runs any more.
 */

/**
 * intel_lu_clear_entry - Clear a context entry
 * @iommu:   Its unit. What the unit caches is still to be invalidated.
 * @context: The entry.
 */
void intel_lu_clear_entry(struct intel_iommu *iommu,
			  struct context_entry *context)
{
	size_t size = intel_lu_entry_size(sm_supported(iommu));

	context_clear_present(context);
	memset(context, 0, size);
	__iommu_flush_cache(iommu, context, size);
}

static void lu_scrub_table(struct intel_iommu *iommu, u32 half)
{
	u64 root = *intel_lu_root(iommu->root_entry, half);
	bool scalable = sm_supported(iommu);

	for (u32 i = 0; i < intel_lu_nr_entries(scalable); i++) {
		struct context_entry *context;

		context = intel_lu_entry(scalable, root, i);
		if (!context_present(context))
			continue;
		if (!test_bit(intel_lu_half_sid(half, i),
			      iommu->preserved->keep))
			intel_lu_clear_entry(iommu, context);
		else if (scalable)
			intel_lu_scrub_pasid(iommu, context);
	}
}

/**
 * intel_liveupdate_handover - Leave a unit to the next kernel
 * @iommu: The unit.
 *
 * Return: true if it goes on translating for preserved devices, and for no
 * others; false if there are none.
 */
bool intel_liveupdate_handover(struct intel_iommu *iommu)
{
	struct intel_lu_out *lu = iommu->preserved;

	if (!iommu_liveupdate_frozen() || !lu)
		return false;

	for (u32 half = 0; half < INTEL_LU_HALVES; half++) {
		u64 *root = intel_lu_root(iommu->root_entry, half);

		if (!(*root & 1))
			continue;
		if (lu->devices[half]) {
			lu_scrub_table(iommu, half);
			continue;
		}
		*root = 0;
		__iommu_flush_cache(iommu, root, sizeof(*root));
	}

	iommu_flush_write_buffer(iommu);
	iommu->flush.flush_context(iommu, 0, 0, 0, DMA_CCMD_GLOBAL_INVL);
	if (sm_supported(iommu))
		qi_flush_pasid_cache(iommu, 0, QI_PC_GLOBAL, 0);
	iommu->flush.flush_iotlb(iommu, 0, 0, 0, DMA_TLB_GLOBAL_FLUSH);
	return true;
}

const struct iommu_liveupdate_ops intel_liveupdate_ops = {
	.mode = intel_lu_mode,
	.preserve_iommu = intel_lu_preserve_iommu,
	.unpreserve_iommu = intel_lu_unpreserve_iommu,
	.preserve_domain = intel_lu_preserve_domain,
	.preserve_device = intel_lu_preserve_device,
	.unpreserve_device = intel_lu_unpreserve_device,
	.restore_domain = intel_lu_restore_domain,
	.restore_device = intel_lu_restore_device,
	.release_domain = intel_lu_release_domain,
	.forget_device = intel_lu_forget_device,
	.release_iommu = intel_lu_release_iommu,
	.block_device = intel_lu_block_device,
};
