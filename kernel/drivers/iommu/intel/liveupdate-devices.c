// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: what was taken over of devices, and waits for them.
 */

#include <linux/cleanup.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "liveupdate.h"
#include "pasid.h"

static bool lu_stop_waiting(struct device_domain_info *info)
{
	struct intel_iommu *iommu = info->iommu;

	guard(mutex)(&iommu->did_lock);
	return iommu->restored &&
	       __test_and_clear_bit(intel_lu_sid(info),
				    iommu->restored->entries);
}

/**
 * intel_lu_arrived - A device comes whose entry was taken over
 * @info: The device.
 *
 * Return: The device's record the first time, NULL if nothing waits for it.
 */
const struct iommu_device_ser *intel_lu_arrived(struct device_domain_info *info)
{
	const struct iommu_ser *ser;

	if (!lu_stop_waiting(info))
		return NULL;
	ser = iommu_liveupdate_iommu(info->iommu->reg_phys);
	return ser ? iommu_liveupdate_device(ser, intel_lu_sid(info)) : NULL;
}

/* Live update is a user of the domain id, so that it outlives a reset. */
int intel_lu_restore_device(struct device *dev, struct iommu_domain *domain,
			    const struct iommu_device_ser *ser)
{
	struct dmar_domain *dmar_domain = to_dmar_domain(domain);
	struct device_domain_info *dev_info = dev_iommu_priv_get(dev);
	struct intel_iommu *iommu = dev_info->iommu;
	struct iommu_domain_info *info __free(kfree) = kzalloc_obj(*info);
	int err;

	if (!info)
		return -ENOMEM;
	if (!intel_lu_ats_fits(dev_info))
		return -EBADMSG;

	guard(mutex)(&iommu->did_lock);
	if (!iommu->restored)
		return -EBADMSG;
	__clear_bit(intel_lu_sid(dev_info), iommu->restored->entries);
	if (xa_load(&dmar_domain->iommu_array, iommu->seq_id))
		return 0;
	if (!test_bit(ser->domain_id, iommu->restored->ids))
		return -EBADMSG;

	info->refcnt = 1;
	info->did = ser->domain_id;
	info->iommu = iommu;
	err = xa_err(xa_store(&dmar_domain->iommu_array, iommu->seq_id, info,
			      GFP_KERNEL));
	if (err)
		return err;
	__clear_bit(ser->domain_id, iommu->restored->ids);
	retain_and_null_ptr(info);
	return 0;
}

void intel_lu_release_domain(struct iommu_domain *domain)
{
	struct dmar_domain *dmar_domain = to_dmar_domain(domain);
	struct iommu_domain_info *info;
	unsigned long seq_id;

	xa_for_each(&dmar_domain->iommu_array, seq_id, info)
		domain_detach_iommu(dmar_domain, info->iommu);
}

void intel_lu_forget_device(struct iommu_device *iommu_dev,
			    const struct iommu_device_ser *ser)
{
	struct intel_iommu *iommu = to_intel_iommu(iommu_dev);

	guard(mutex)(&iommu->did_lock);
	if (!iommu->restored ||
	    !__test_and_clear_bit(ser->bdf, iommu->restored->entries))
		return;
	intel_lu_drop_entry(iommu, ser->bdf);
	if (sm_supported(iommu))
		intel_lu_free_pasid(ser);
}

void intel_lu_release_iommu(struct iommu_device *iommu_dev)
{
	struct intel_iommu *iommu = to_intel_iommu(iommu_dev);
	struct intel_lu_in *in;
	unsigned long nr;

	guard(mutex)(&iommu->did_lock);
	in = iommu->restored;
	for_each_set_bit(nr, in->ids, iommu->max_domain_id)
		ida_free(&iommu->domain_ida, nr);
	kvfree(in);
	iommu->restored = NULL;
}

void intel_lu_block_device(struct device *dev)
{
	struct device_domain_info *info = dev_iommu_priv_get(dev);

	if (dev_is_real_dma_subdevice(dev))
		return;
	lu_stop_waiting(info);
	if (sm_supported(info->iommu))
		intel_pasid_tear_down_entry(info->iommu, dev, IOMMU_NO_PASID,
					    false);
	else
		domain_context_clear(info);
}
