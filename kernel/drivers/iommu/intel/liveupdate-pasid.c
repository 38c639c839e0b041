// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: PASID tables.
 *
 * Only requests without PASID are preserved. Their entry is the first one of
 * the first table that a PASID directory leads to. So the directory and this
 * table are preserved, and nothing else in them outlives the handover.
 */

#include <linux/bitfield.h>
#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "liveupdate.h"
#include "pasid.h"
#include "../iommu-pages.h"
#include "../liveupdate-check.h"

/* Bits of a context entry that depend on the device's capabilities */
#define CONTEXT_DTE		BIT_ULL(2)
#define CONTEXT_PDTS		GENMASK_ULL(11, 9)

/* Bytes of a directory with room for PASIDs up to a number */
static size_t lu_dir_size(u32 max_pasid)
{
	return (max_pasid >> PASID_PDE_SHIFT) * sizeof(struct pasid_dir_entry);
}

/**
 * intel_lu_preserve_pasid - Preserve a device's entry for no PASID
 * @info: The device.
 * @ser:  What is written down of it.
 *
 * Return: 0 or a negative errno.
 */
int intel_lu_preserve_pasid(struct device_domain_info *info,
			    struct iommu_device_intel_ser *ser)
{
	struct pasid_table *pasids = info->pasid_table;
	struct pasid_entry *table = get_pasid_table_from_pde(pasids->table);
	int err;

	if (!table)
		return -EINVAL;
	err = iommu_preserve_pages(pasids->table);
	if (err)
		return err;
	err = iommu_preserve_pages(table);
	if (err) {
		iommu_unpreserve_pages(pasids->table);
		return err;
	}
	ser->pasid_dir = virt_to_phys(pasids->table);
	ser->max_pasid = pasids->max_pasid;
	return 0;
}

/**
 * intel_lu_unpreserve_pasid - Undo intel_lu_preserve_pasid()
 * @info: The device.
 */
void intel_lu_unpreserve_pasid(struct device_domain_info *info)
{
	struct pasid_table *pasids = info->pasid_table;

	iommu_unpreserve_pages(get_pasid_table_from_pde(pasids->table));
	iommu_unpreserve_pages(pasids->table);
}

/**
 * intel_lu_scrub_pasid - Clear all but the entry for no PASID
 * @iommu:   The unit. What it caches is still to be invalidated.
 * @context: The context entry, which is present. It does not allow page
 *	requests any more, which the next kernel could not answer at first.
 */
void intel_lu_scrub_pasid(struct intel_iommu *iommu,
			  struct context_entry *context)
{
	struct pasid_dir_entry *dir = phys_to_virt(context->lo & VTD_PAGE_MASK);
	struct pasid_entry *table = get_pasid_table_from_pde(dir);
	u32 nr = get_pasid_dir_size(context);

	context_clear_sm_pre(context);
	__iommu_flush_cache(iommu, context, sizeof(*context));

	for (u32 i = 1; i < nr; i++)
		WRITE_ONCE(dir[i].val, 0);
	__iommu_flush_cache(iommu, dir, nr * sizeof(*dir));

	for (u32 i = 1; i < PASID_TBL_ENTRIES; i++) {
		pasid_clear_present(&table[i]);
		pasid_clear_entry(&table[i]);
	}
	__iommu_flush_cache(iommu, table, PASID_TBL_ENTRIES * sizeof(*table));
}

/*
 * The new kernel.
 */

/* The only directories that drivers make have a power of two of pages. */
static bool lu_context_is(const struct context_entry *context,
			  const struct iommu_device_intel_ser *ser)
{
	u64 lo = context->lo & ~(CONTEXT_DTE | CONTEXT_PASIDE);
	size_t size = lu_dir_size(ser->max_pasid);

	return ser->max_pasid <= PASID_MAX && size >= SZ_4K &&
	       is_power_of_2(size) &&
	       lo == (ser->pasid_dir | 1 |
		      FIELD_PREP(CONTEXT_PDTS, ilog2(size) - 10)) &&
	       !memchr_inv(&context->hi, 0,
			   intel_lu_entry_size(true) - sizeof(context->lo)) &&
	       iommu_pages_preserved(ser->pasid_dir, size);
}

/* The first table of a directory that leads to no other, or NULL */
static struct pasid_entry *
lu_only_table(const struct iommu_device_intel_ser *ser)
{
	struct pasid_dir_entry *dir = phys_to_virt(ser->pasid_dir);
	u64 first = dir[0].val;

	if (memchr_inv(&dir[1], 0, lu_dir_size(ser->max_pasid) - sizeof(*dir)))
		return NULL;
	if (!(first & PASID_PTE_PRESENT) ||
	    !iommu_pages_preserved(first & ~PASID_PTE_PRESENT, SZ_4K))
		return NULL;
	return phys_to_virt(first & ~PASID_PTE_PRESENT);
}

static void lu_recorded_entry(struct intel_iommu *iommu, struct pasid_entry *pe,
			      const struct iommu_device_ser *ser,
			      const struct iommu_domain_ser *domain)
{
	pasid_clear_entry(pe);
	pasid_set_domain_id(pe, ser->domain_id);
	pasid_set_page_snoop(pe, !(domain->features & IOMMU_LU_INCOHERENT));
	if (domain->format == IOMMU_TABLE_FORMAT_VTD_SECOND) {
		pasid_set_slptr(pe, domain->top_table);
		pasid_set_address_width(pe, domain->top_level - 1);
		pasid_set_translation_type(pe, PASID_ENTRY_PGTT_SL_ONLY);
	} else {
		pasid_set_flptr(pe, domain->top_table);
		pasid_set_flpm(pe, domain->top_level == 4);
		pasid_set_address_width(pe, iommu->agaw);
		pasid_set_translation_type(pe, PASID_ENTRY_PGTT_FL_ONLY);
		if (domain->features & IOMMU_LU_FORCE_SNOOP)
			pasid_set_pgsnp(pe);
	}
	pasid_set_present(pe);
}

/**
 * intel_lu_pasid_is - Compare a device's tables with its record
 * @iommu:   The unit.
 * @context: The context entry.
 * @ser:     The record.
 * @domain:  The record of its domain.
 *
 * Return: true if the entry for no PASID is as recorded, and is the only one.
 */
bool intel_lu_pasid_is(struct intel_iommu *iommu,
		       const struct context_entry *context,
		       const struct iommu_device_ser *ser,
		       const struct iommu_domain_ser *domain)
{
	const struct iommu_device_intel_ser *intel = iommu_lu_device_intel(ser);
	struct pasid_entry *table;
	struct pasid_entry pe;

	if (!intel || !lu_context_is(context, intel))
		return false;
	table = lu_only_table(intel);
	if (!table)
		return false;
	lu_recorded_entry(iommu, &pe, ser, domain);
	return !memcmp(&table[0], &pe, sizeof(pe)) &&
	       !memchr_inv(&table[1], 0,
			   (PASID_TBL_ENTRIES - 1) * sizeof(pe));
}

/* The entry was found to be as recorded. Is it what this kernel would write? */
static bool lu_context_fits(const struct device_domain_info *info,
			    const struct context_entry *context,
			    const struct iommu_device_intel_ser *ser,
			    size_t size)
{
	return !!(context->lo & CONTEXT_DTE) == info->ats_supported &&
	       !!(context->lo & CONTEXT_PASIDE) == !!info->pasid_supported &&
	       lu_dir_size(ser->max_pasid) == size;
}

/* Page requests were not allowed while nobody could answer. */
static void lu_allow_page_requests(struct device_domain_info *info,
				   struct context_entry *context)
{
	struct intel_iommu *iommu = info->iommu;

	context_set_sm_pre(context);
	__iommu_flush_cache(iommu, context, sizeof(*context));
	iommu->flush.flush_context(iommu, 0, intel_lu_sid(info),
				   DMA_CCMD_MASK_NOBIT, DMA_CCMD_DEVICE_INVL);
}

/* Take over a directory and its only table, which is returned. */
static struct pasid_entry *lu_take_pages(struct pasid_dir_entry *dir,
					 size_t size)
{
	phys_addr_t table;

	/* They were preserved, unless another device has the same. */
	if (!iommu_pages_preserved(virt_to_phys(dir), size))
		return NULL;
	table = dir[0].val & ~PASID_PTE_PRESENT;
	if (!iommu_pages_preserved(table, SZ_4K))
		return NULL;
	iommu_restore_pages(virt_to_phys(dir), size, false);
	return iommu_restore_pages(table, SZ_4K, false);
}

/**
 * intel_lu_free_pasid - Free the PASID tables of a device that did not come
 * @ser: The device, whose entry was as recorded and is cleared.
 */
void intel_lu_free_pasid(const struct iommu_device_ser *ser)
{
	const struct iommu_device_intel_ser *intel = iommu_lu_device_intel(ser);
	struct pasid_dir_entry *dir = phys_to_virt(intel->pasid_dir);
	struct pasid_entry *table;

	table = lu_take_pages(dir, lu_dir_size(intel->max_pasid));
	if (!table)
		return;
	iommu_free_pages(table);
	iommu_free_pages(dir);
}

/**
 * intel_liveupdate_pasid_dir - Take over the PASID directory of a device
 * @info: The device, which is being probed.
 * @size: Bytes of the directory that it would get.
 *
 * Return: The directory, which its context entry leads to, or NULL if the
 * device is to get a new one.
 */
struct pasid_dir_entry *
intel_liveupdate_pasid_dir(struct device_domain_info *info, size_t size)
{
	const struct iommu_device_ser *ser = intel_lu_arrived(info);
	const struct iommu_device_intel_ser *intel;
	struct intel_iommu *iommu = info->iommu;
	struct context_entry *context;
	struct pasid_dir_entry *dir;

	if (!ser)
		return NULL;
	intel = iommu_lu_device_intel(ser);
	dir = phys_to_virt(intel->pasid_dir);
	context = iommu_context_addr(iommu, info->bus, info->devfn, 0);
	if (!lu_context_fits(info, context, intel, size) ||
	    !lu_take_pages(dir, size)) {
		intel_lu_drop_entry(iommu, intel_lu_sid(info));
		iommu_liveupdate_refuse(ser->segment, ser->bdf,
					"its PASID directory does not fit");
		return NULL;
	}
	if (info->pri_supported)
		lu_allow_page_requests(info, context);
	return dir;
}
