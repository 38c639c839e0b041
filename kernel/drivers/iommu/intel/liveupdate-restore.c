// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: the new kernel.
 *
 * Every present entry is compared with the records before the root and context
 * tables are taken over. What is taken over of a device waits for it to come:
 * its entry, its domain id and, in scalable mode, its PASID tables.
 */

#define pr_fmt(fmt)	"DMAR: live update: " fmt

#include <linux/cleanup.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "liveupdate.h"
#include "pasid.h"
#include "../iommu-pages.h"
#include "../liveupdate-check.h"

/* What of a context entry depends on the device's capabilities */
#define CONTEXT_TT_MASK		GENMASK_ULL(3, 2)

/*
 * Entries.
 */

/* An entry's address width is the level of its top table, less one. */
static bool lu_context_is(const struct context_entry *context,
			  const struct iommu_device_ser *ser,
			  const struct iommu_domain_ser *domain)
{
	u64 lo = domain->top_table | 1;
	u64 hi = (u64)ser->domain_id << 8 | (domain->top_level - 1);
	u64 type = context->lo & CONTEXT_TT_MASK;

	return domain->format == IOMMU_TABLE_FORMAT_VTD_SECOND &&
	       (context->lo & ~CONTEXT_TT_MASK) == lo && context->hi == hi &&
	       (type == CONTEXT_TT_MULTI_LEVEL << 2 ||
		type == CONTEXT_TT_DEV_IOTLB << 2);
}

static bool lu_entry_is(struct intel_iommu *iommu,
			const struct context_entry *context,
			const struct iommu_device_ser *ser)
{
	const struct iommu_domain_ser *domain = iommu_liveupdate_domain(ser);

	if (sm_supported(iommu))
		return intel_lu_pasid_is(iommu, context, ser, domain);
	return lu_context_is(context, ser, domain);
}

/* A domain has the same id for all its devices behind a unit. */
static int lu_reserve_id(struct intel_iommu *iommu, u32 id)
{
	int ret;

	if (id < IDA_START_DID || id >= iommu->max_domain_id)
		return -EBADMSG;
	guard(mutex)(&iommu->did_lock);
	if (test_bit(id, iommu->restored->ids))
		return 0;
	ret = ida_alloc_range(&iommu->domain_ida, id, id, GFP_KERNEL);
	if (ret < 0)
		return ret;
	__set_bit(id, iommu->restored->ids);
	return 0;
}

static const char *lu_take_entry(struct intel_iommu *iommu, u16 sid,
				 const struct context_entry *context,
				 const struct iommu_device_ser *ser)
{
	if (!ser)
		return "its context entry belongs to no record";
	if (!lu_entry_is(iommu, context, ser))
		return "its entry is not as recorded";
	if (lu_reserve_id(iommu, ser->domain_id))
		return "its domain id cannot be reserved";
	__set_bit(sid, iommu->restored->entries);
	iommu_liveupdate_confirm(ser);
	return NULL;
}

/**
 * intel_lu_drop_entry - Clear the context entry of a device that is not used
 * @iommu: The unit.
 * @sid:   The source id.
 */
void intel_lu_drop_entry(struct intel_iommu *iommu, u16 sid)
{
	struct context_entry *context;

	context = iommu_context_addr(iommu, PCI_BUS_NUM(sid), sid & 0xff, 0);
	if (!context || !context_present(context))
		return;
	intel_lu_clear_entry(iommu, context);
	iommu->flush.flush_context(iommu, 0, 0, 0, DMA_CCMD_GLOBAL_INVL);
	if (sm_supported(iommu))
		qi_flush_pasid_cache(iommu, 0, QI_PC_GLOBAL, 0);
	iommu->flush.flush_iotlb(iommu, 0, 0, 0, DMA_TLB_GLOBAL_FLUSH);
}

/*
 * Root and context tables.
 */

/* What belongs to nobody who was preserved must not stay. */
static void lu_take_table(struct intel_iommu *iommu,
			  const struct iommu_ser *ser, u32 half)
{
	u64 root = *intel_lu_root(iommu->root_entry, half);
	bool scalable = sm_supported(iommu);

	for (u32 i = 0; i < intel_lu_nr_entries(scalable); i++) {
		u16 sid = intel_lu_half_sid(half, i);
		struct context_entry *context;
		const char *why;

		context = intel_lu_entry(scalable, root, i);
		if (!context_present(context))
			continue;
		why = lu_take_entry(iommu, sid, context,
				    iommu_liveupdate_device(ser, sid));
		if (!why)
			continue;
		intel_lu_clear_entry(iommu, context);
		iommu_liveupdate_refuse(iommu->segment, sid, why);
	}
}

static bool lu_half_is_sound(struct root_entry *root, u32 half, bool scalable)
{
	u64 val = *intel_lu_root(root, half);

	if (!(val & 1) || (!scalable && half & 1) ||
	    (val & ~1ULL) == virt_to_phys(root) ||
	    !iommu_pages_preserved(val & ~1ULL, SZ_4K))
		return false;
	for (u32 other = 0; other < half; other++) {
		if (*intel_lu_root(root, other) == val)
			return false;
	}
	return true;
}

/*
 * No context table may be missing, be there twice, be the root table, or be
 * somebody else's.
 */
static bool lu_root_is_sound(struct root_entry *root, u32 nr_tables,
			     bool scalable)
{
	for (u32 half = 0; half < INTEL_LU_HALVES; half++) {
		if (!*intel_lu_root(root, half))
			continue;
		if (!nr_tables-- || !lu_half_is_sound(root, half, scalable))
			return false;
	}
	return !nr_tables;
}

static const char *lu_check_unit(struct intel_iommu *iommu,
				 const struct iommu_ser *ser)
{
	const struct iommu_intel_ser *intel = iommu_lu_iommu_intel(ser);
	u64 rtaddr = readq(iommu->reg + DMAR_RTADDR_REG);
	bool scalable = sm_supported(iommu);

	if (!intel || ser->segment != iommu->segment ||
	    intel->cap != iommu->cap || intel->ecap != iommu->ecap)
		return "is another unit";
	if (scalable != !!(rtaddr & DMA_RTADDR_SMT) ||
	    scalable != (iommu_liveupdate_mode() == IOMMU_MODE_SCALABLE))
		return "is run in another mode";
	if ((rtaddr & VTD_PAGE_MASK) != intel->root_table)
		return "has another root table";
	if (!iommu_pages_preserved(intel->root_table, SZ_4K))
		return "has a root table that is not preserved";
	if (!lu_root_is_sound(phys_to_virt(intel->root_table),
			      intel->nr_context_tables, scalable))
		return "has a root table that is not sound";
	return NULL;
}

/*
 * All of it was checked, and everything is preserved. All of it is taken over
 * before an entry may lead to one of these tables.
 */
static void lu_take_root(struct intel_iommu *iommu,
			 const struct iommu_ser *ser)
{
	struct root_entry *root;

	root = iommu_restore_pages(iommu_lu_iommu_intel(ser)->root_table,
				   SZ_4K, false);
	iommu->root_entry = root;
	for (u32 half = 0; half < INTEL_LU_HALVES; half++) {
		u64 val = *intel_lu_root(root, half);

		if (val)
			iommu_restore_pages(val & VTD_PAGE_MASK, SZ_4K, false);
	}
	for (u32 half = 0; half < INTEL_LU_HALVES; half++) {
		if (*intel_lu_root(root, half))
			lu_take_table(iommu, ser, half);
	}
}

/*
 * What is not taken over.
 */

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

static bool lu_translates(struct intel_iommu *iommu)
{
	return readl(iommu->reg + DMAR_GSTS_REG) & DMA_GSTS_TES;
}

static void lu_refuse_entry(struct intel_iommu *iommu, u16 sid)
{
	iommu_liveupdate_refuse(iommu->segment, sid, "its unit is refused");
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
	if (!iommu_liveupdate_incoming() || !lu_translates(iommu))
		return;
	lu_walk_entries(iommu, lu_stop_entry);
}

static struct intel_lu_in *lu_in_alloc(struct intel_iommu *iommu)
{
	struct intel_lu_in *in;

	return kvzalloc(struct_size(in, ids,
				    BITS_TO_LONGS(iommu->max_domain_id)),
			GFP_KERNEL);
}

static const char *lu_take_unit(struct intel_iommu *iommu,
				const struct iommu_ser *ser)
{
	struct intel_lu_in *in;
	const char *why;

	if (!lu_translates(iommu))
		return "does not translate";
	if (!ser)
		return "has no record";
	why = lu_check_unit(iommu, ser);
	if (why)
		return why;

	in = lu_in_alloc(iommu);
	if (!in || iommu_liveupdate_restored(ser, &iommu->iommu)) {
		kvfree(in);
		return "cannot be restored without memory";
	}
	iommu->restored = in;
	lu_take_root(iommu, ser);
	return NULL;
}

/**
 * intel_liveupdate_restore - Take over what the old kernel left of a unit
 * @iommu: The unit, which has no root table in this kernel yet.
 *
 * If that can be done, the unit has a root table then. If not, it is to get an
 * empty one, which blocks its devices.
 *
 * Return: true if translation stays as it is; false if it must be switched off,
 * because the mode cannot be changed otherwise. Then the devices are stopped.
 */
bool intel_liveupdate_restore(struct intel_iommu *iommu)
{
	const struct iommu_ser *ser = iommu_liveupdate_iommu(iommu->reg_phys);
	u64 rtaddr = readq(iommu->reg + DMAR_RTADDR_REG);
	const char *why = lu_take_unit(iommu, ser);

	if (!why) {
		pr_info("%s goes on translating for preserved devices\n",
			iommu->name);
		return true;
	}

	/* The old kernel switches off those that nothing was preserved of. */
	if (ser || lu_translates(iommu))
		pr_err("%s %s, its devices are blocked\n", iommu->name, why);
	lu_walk_entries(iommu, lu_refuse_entry);
	if (!lu_translates(iommu) ||
	    sm_supported(iommu) == !!(rtaddr & DMA_RTADDR_SMT))
		return true;
	intel_liveupdate_stop(iommu);
	return false;
}

/*
 * Devices.
 */

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

/* Who does not have ATS must not use addresses as translated ones. */
static bool lu_ats_fits(const struct device_domain_info *info)
{
	u64 type = info->ats_supported ? CONTEXT_TT_DEV_IOTLB :
					 CONTEXT_TT_MULTI_LEVEL;
	struct context_entry *context;

	/* That of scalable mode was compared with its PASID directory. */
	if (sm_supported(info->iommu))
		return true;
	context = iommu_context_addr(info->iommu, info->bus, info->devfn, 0);
	return context && (context->lo & CONTEXT_TT_MASK) == type << 2;
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
	if (!lu_ats_fits(dev_info))
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
