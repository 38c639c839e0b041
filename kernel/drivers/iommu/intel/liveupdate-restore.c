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
#include "../iommu-pages.h"
#include "../liveupdate-check.h"

/*
 * Entries.
 */

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
	if (!intel_lu_entry_is(iommu, context, ser))
		return "its entry is not as recorded";
	if (lu_reserve_id(iommu, ser->domain_id))
		return "its domain id cannot be reserved";
	__set_bit(sid, iommu->restored->entries);
	iommu_liveupdate_confirm(ser);
	return NULL;
}

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

/*
 * Root and context tables.
 */

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

	if (!intel_lu_translates(iommu))
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
	if (ser || intel_lu_translates(iommu))
		pr_err("%s %s, its devices are blocked\n", iommu->name, why);
	intel_lu_refuse_entries(iommu);
	if (!intel_lu_translates(iommu) ||
	    sm_supported(iommu) == !!(rtaddr & DMA_RTADDR_SMT))
		return true;
	intel_liveupdate_stop(iommu);
	return false;
}
