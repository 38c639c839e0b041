// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: legacy mode, second-stage tables.
 *
 * At the handover, translation stays on and only the context entries of
 * preserved devices stay present. The new kernel compares every present entry
 * with the records before it takes over the root and context tables.
 */

#define pr_fmt(fmt)	"DMAR: live update: " fmt

#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/iommu-liveupdate.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "iommu.h"
#include "../iommu-pages.h"
#include "../liveupdate-check.h"

#define INTEL_LU_BUSES		256
#define INTEL_LU_SOURCES	BIT(16)

/* What of a context entry is compared: all that the hardware looks at. */
#define CONTEXT_LO_MASK		(VTD_PAGE_MASK | GENMASK_ULL(1, 0))
#define CONTEXT_HI_MASK		(GENMASK_ULL(23, 8) | GENMASK_ULL(2, 0))
#define CONTEXT_TT_MASK		GENMASK_ULL(3, 2)

/**
 * struct intel_liveupdate - A unit that is preserved.
 * @ser:     Its record.
 * @devices: Preserved devices on each bus.
 * @keep:    The source ids whose entries stay.
 */
struct intel_liveupdate {
	struct iommu_ser *ser;
	u16 devices[INTEL_LU_BUSES];
	DECLARE_BITMAP(keep, INTEL_LU_SOURCES);
};

static struct intel_iommu *to_intel_iommu(struct iommu_device *iommu)
{
	return container_of(iommu, struct intel_iommu, iommu);
}

static struct context_entry *root_context(struct root_entry *root)
{
	return phys_to_virt(root->lo & VTD_PAGE_MASK);
}

/*
 * The old kernel.
 */

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
	struct intel_liveupdate *lu __free(kfree) = NULL;
	int err;

	if (sm_supported(iommu) || iommu->copied_tables)
		return -EOPNOTSUPP;

	lu = kzalloc_obj(*lu);
	if (!lu)
		return -ENOMEM;
	err = iommu_preserve_pages(iommu->root_entry);
	if (err)
		return err;

	lu_describe_iommu(iommu, ser);
	lu->ser = ser;
	iommu->liveupdate = no_free_ptr(lu);
	return 0;
}

static void intel_lu_unpreserve_iommu(struct iommu_device *iommu_dev)
{
	struct intel_iommu *iommu = to_intel_iommu(iommu_dev);

	iommu_unpreserve_pages(iommu->root_entry);
	kfree(iommu->liveupdate);
	iommu->liveupdate = NULL;
}

static int intel_lu_preserve_domain(struct iommu_domain *domain,
				    struct iommu_domain_ser *ser)
{
	struct dmar_domain *dmar_domain = to_dmar_domain(domain);

	if (!intel_domain_is_ss_paging(dmar_domain) ||
	    dmar_domain->nested_parent || domain->dirty_ops ||
	    domain->iopf_handler)
		return -EOPNOTSUPP;

	ser->format = IOMMU_TABLE_FORMAT_VTD_SECOND;
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

/* A context table is preserved with the first device on its bus. */
static int lu_get_bus(struct intel_iommu *iommu, u8 bus)
{
	struct intel_liveupdate *lu = iommu->liveupdate;
	struct root_entry *root = &iommu->root_entry[bus];
	int err;

	if (!(root->lo & 1))
		return -EINVAL;
	if (!lu->devices[bus]) {
		err = iommu_preserve_pages(root_context(root));
		if (err)
			return err;
		lu->ser->driver.intel.nr_context_tables++;
	}
	lu->devices[bus]++;
	return 0;
}

static void lu_put_bus(struct intel_iommu *iommu, u8 bus)
{
	struct intel_liveupdate *lu = iommu->liveupdate;

	if (--lu->devices[bus])
		return;
	iommu_unpreserve_pages(root_context(&iommu->root_entry[bus]));
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

	err = lu_get_bus(iommu, info->bus);
	if (err)
		return err;

	__set_bit(PCI_DEVID(info->bus, info->devfn), iommu->liveupdate->keep);
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

	__clear_bit(PCI_DEVID(info->bus, info->devfn),
		    iommu->liveupdate->keep);
	lu_put_bus(iommu, info->bus);
}

/*
 * The handover. Nothing else runs any more.
 */

static void lu_clear(struct intel_iommu *iommu, struct context_entry *context)
{
	context_clear_present(context);
	context_clear_entry(context);
	__iommu_flush_cache(iommu, context, sizeof(*context));
}

static void lu_clear_unpreserved(struct intel_iommu *iommu, u8 bus)
{
	struct context_entry *context = root_context(&iommu->root_entry[bus]);

	for (u32 devfn = 0; devfn < 256; devfn++) {
		if (context_present(&context[devfn]) &&
		    !test_bit(PCI_DEVID(bus, devfn), iommu->liveupdate->keep))
			lu_clear(iommu, &context[devfn]);
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
	struct intel_liveupdate *lu = iommu->liveupdate;

	if (!iommu_liveupdate_frozen() || !lu)
		return false;

	for (u32 bus = 0; bus < INTEL_LU_BUSES; bus++) {
		struct root_entry *root = &iommu->root_entry[bus];

		if (!(root->lo & 1))
			continue;
		if (lu->devices[bus]) {
			lu_clear_unpreserved(iommu, bus);
			continue;
		}
		root->lo = 0;
		__iommu_flush_cache(iommu, root, sizeof(*root));
	}

	iommu_flush_write_buffer(iommu);
	iommu->flush.flush_context(iommu, 0, 0, 0, DMA_CCMD_GLOBAL_INVL);
	iommu->flush.flush_iotlb(iommu, 0, 0, 0, DMA_TLB_GLOBAL_FLUSH);
	return true;
}

/*
 * The new kernel.
 */

/* An entry's address width is the level of its top table, less one. */
static bool lu_entry_is(const struct context_entry *context,
			const struct iommu_device_ser *ser)
{
	const struct iommu_domain_ser *domain = iommu_liveupdate_domain(ser);
	u64 lo = domain->top_table | 1;
	u64 hi = (u64)ser->domain_id << 8 | (domain->top_level - 1);
	u64 type = context->lo & CONTEXT_TT_MASK;

	return (context->lo & CONTEXT_LO_MASK) == lo &&
	       (context->hi & CONTEXT_HI_MASK) == hi &&
	       (type == CONTEXT_TT_MULTI_LEVEL << 2 ||
		type == CONTEXT_TT_DEV_IOTLB << 2);
}

/* A domain has the same id for all its devices behind a unit. */
static int lu_reserve_id(struct intel_iommu *iommu, u32 id)
{
	int ret;

	if (id < IDA_START_DID || id >= iommu->max_domain_id)
		return -EBADMSG;
	guard(mutex)(&iommu->did_lock);
	if (test_bit(id, iommu->restored_ids))
		return 0;
	ret = ida_alloc_range(&iommu->domain_ida, id, id, GFP_KERNEL);
	if (ret < 0)
		return ret;
	__set_bit(id, iommu->restored_ids);
	return 0;
}

static const char *lu_take_entry(struct intel_iommu *iommu,
				 const struct context_entry *context,
				 const struct iommu_device_ser *ser)
{
	if (!ser)
		return "its context entry belongs to no record";
	if (!lu_entry_is(context, ser))
		return "its context entry is not as recorded";
	if (lu_reserve_id(iommu, ser->domain_id))
		return "its domain id cannot be reserved";
	iommu_liveupdate_confirm(ser);
	return NULL;
}

/* What belongs to nobody who was preserved must not stay. */
static void lu_take_table(struct intel_iommu *iommu,
			  const struct iommu_ser *ser, u8 bus)
{
	struct context_entry *context = root_context(&iommu->root_entry[bus]);

	for (u32 devfn = 0; devfn < 256; devfn++) {
		u16 bdf = PCI_DEVID(bus, devfn);
		const char *why;

		if (!context_present(&context[devfn]))
			continue;
		why = lu_take_entry(iommu, &context[devfn],
				    iommu_liveupdate_device(ser, bdf));
		if (!why)
			continue;
		lu_clear(iommu, &context[devfn]);
		iommu_liveupdate_refuse(iommu->segment, bdf, why);
	}
}

/* No context table may be missing, be there twice, or be somebody else's. */
static bool lu_root_is_sound(const struct root_entry *root, u32 nr_tables)
{
	for (u32 bus = 0; bus < INTEL_LU_BUSES; bus++) {
		if (root[bus].hi || (!(root[bus].lo & 1) && root[bus].lo))
			return false;
		if (!root[bus].lo)
			continue;
		if (!nr_tables-- ||
		    !iommu_pages_preserved(root[bus].lo & ~1ULL, SZ_4K))
			return false;
		for (u32 other = 0; other < bus; other++) {
			if (root[other].lo == root[bus].lo)
				return false;
		}
	}
	return !nr_tables;
}

static const char *lu_check_unit(struct intel_iommu *iommu,
				 const struct iommu_ser *ser)
{
	const struct iommu_intel_ser *intel = iommu_lu_iommu_intel(ser);
	u64 rtaddr = readq(iommu->reg + DMAR_RTADDR_REG);

	if (!intel || ser->segment != iommu->segment ||
	    intel->cap != iommu->cap || intel->ecap != iommu->ecap)
		return "is another unit";
	if (sm_supported(iommu) || (rtaddr & DMA_RTADDR_SMT))
		return "is run in another mode";
	if ((rtaddr & VTD_PAGE_MASK) != intel->root_table)
		return "has another root table";
	if (!iommu_pages_preserved(intel->root_table, SZ_4K))
		return "has a root table that is not preserved";
	if (!lu_root_is_sound(phys_to_virt(intel->root_table),
			      intel->nr_context_tables))
		return "has a root table that is not sound";
	return NULL;
}

/* All of it was checked, and everything is preserved. */
static void lu_take_root(struct intel_iommu *iommu,
			 const struct iommu_ser *ser)
{
	bool incoherent = !ecap_coherent(iommu->ecap);
	struct root_entry *root;

	root = iommu_restore_pages(iommu_lu_iommu_intel(ser)->root_table,
				   SZ_4K, incoherent);
	iommu->root_entry = root;
	for (u32 bus = 0; bus < INTEL_LU_BUSES; bus++) {
		if (!root[bus].lo)
			continue;
		iommu_restore_pages(root[bus].lo & VTD_PAGE_MASK, SZ_4K,
				    incoherent);
		lu_take_table(iommu, ser, bus);
	}
}

static void lu_walk_table(struct intel_iommu *iommu, u16 first, u64 entry,
			  bool scalable,
			  void (*fn)(struct intel_iommu *iommu, u16 bdf))
{
	u64 phys = entry & VTD_PAGE_MASK;
	const struct context_entry *context = phys_to_virt(phys);
	u32 nr = scalable ? 128 : 256;

	if (!(entry & 1) || !iommu_pages_preserved(phys, SZ_4K))
		return;
	for (u32 i = 0; i < nr; i++) {
		if (context[scalable ? 2 * i : i].lo & 1)
			fn(iommu, first + i);
	}
}

/* Whoever has an entry was preserved. Look for them as far as that is safe. */
static void lu_walk_entries(struct intel_iommu *iommu,
			    void (*fn)(struct intel_iommu *iommu, u16 bdf))
{
	u64 rtaddr = readq(iommu->reg + DMAR_RTADDR_REG);
	const struct root_entry *root = phys_to_virt(rtaddr & VTD_PAGE_MASK);
	bool scalable = rtaddr & DMA_RTADDR_SMT;

	if (!iommu_pages_preserved(rtaddr & VTD_PAGE_MASK, SZ_4K))
		return;
	for (u32 bus = 0; bus < INTEL_LU_BUSES; bus++) {
		lu_walk_table(iommu, PCI_DEVID(bus, 0), root[bus].lo, scalable,
			      fn);
		if (scalable)
			lu_walk_table(iommu, PCI_DEVID(bus, 128), root[bus].hi,
				      scalable, fn);
	}
}

static void lu_refuse_entry(struct intel_iommu *iommu, u16 bdf)
{
	iommu_liveupdate_refuse(iommu->segment, bdf, "its unit is refused");
}

static void lu_stop_entry(struct intel_iommu *iommu, u16 bdf)
{
	struct pci_dev *pdev;

	pdev = pci_get_domain_bus_and_slot(iommu->segment, PCI_BUS_NUM(bdf),
					   bdf & 0xff);
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
	if (!iommu_liveupdate_incoming() ||
	    !(readl(iommu->reg + DMAR_GSTS_REG) & DMA_GSTS_TES))
		return;
	lu_walk_entries(iommu, lu_stop_entry);
}

/**
 * intel_liveupdate_restore - Take over what the old kernel left of a unit
 * @iommu: The unit. It translates, and has no root table in this kernel yet.
 *
 * If that can be done, the unit has a root table then. If not, it is to get an
 * empty one, which blocks its devices.
 *
 * Return: true if translation stays on; false if it must be switched off,
 * because the mode cannot be changed otherwise. Then the devices are stopped.
 */
bool intel_liveupdate_restore(struct intel_iommu *iommu)
{
	u64 rtaddr = readq(iommu->reg + DMAR_RTADDR_REG);
	const struct iommu_ser *ser = iommu_liveupdate_iommu(iommu->reg_phys);
	unsigned long *ids = bitmap_zalloc(iommu->max_domain_id, GFP_KERNEL);
	const char *why = "has no record";

	if (ser)
		why = lu_check_unit(iommu, ser);
	if (!ids)
		why = "cannot be restored without memory";
	if (why) {
		pr_err("%s %s, its devices are blocked\n", iommu->name, why);
		lu_walk_entries(iommu, lu_refuse_entry);
		bitmap_free(ids);
		if (sm_supported(iommu) == !!(rtaddr & DMA_RTADDR_SMT))
			return true;
		intel_liveupdate_stop(iommu);
		return false;
	}

	iommu->restored_ids = ids;
	lu_take_root(iommu, ser);
	iommu_liveupdate_restored(ser, &iommu->iommu);
	pr_info("%s goes on translating for preserved devices\n", iommu->name);
	return true;
}

static void lu_domain_config(const struct iommu_domain_ser *ser,
			     struct pt_iommu_vtdss_cfg *cfg)
{
	cfg->top_level = ser->top_level;
	cfg->common.hw_max_vasz_lg2 = ser->va_bits;
	cfg->common.hw_max_oasz_lg2 = ser->oa_bits;
	cfg->common.features = BIT(PT_FEAT_FLUSH_RANGE);
	if (ser->features & IOMMU_LU_INCOHERENT)
		cfg->common.features |= BIT(PT_FEAT_DMA_INCOHERENT);
	if (ser->features & IOMMU_LU_FORCE_SNOOP)
		cfg->common.features |= BIT(PT_FEAT_VTDSS_FORCE_COHERENCE);
}

static struct iommu_domain *
intel_lu_restore_domain(struct device *dev, const struct iommu_domain_ser *ser)
{
	struct device_domain_info *info = dev_iommu_priv_get(dev);
	struct pt_iommu_vtdss_cfg cfg = {};
	struct dmar_domain *dmar_domain;
	int err;

	if (ser->format != IOMMU_TABLE_FORMAT_VTD_SECOND)
		return ERR_PTR(-EOPNOTSUPP);

	dmar_domain = paging_domain_alloc();
	if (IS_ERR(dmar_domain))
		return ERR_CAST(dmar_domain);

	dmar_domain->iommu.iommu_device = dev;
	dmar_domain->iommu.nid = dev_to_node(dev);
	dmar_domain->domain.ops = &intel_ss_paging_domain_ops;
	dmar_domain->force_snooping = ser->features & IOMMU_LU_FORCE_SNOOP;
	lu_domain_config(ser, &cfg);
	err = pt_iommu_vtdss_restore(&dmar_domain->sspt, &cfg, ser);
	if (err) {
		kfree(dmar_domain);
		return ERR_PTR(err);
	}

	paging_domain_fit_second_stage(dmar_domain, info->iommu);
	return &dmar_domain->domain;
}

/* Live update is a user of the domain id, so that it outlives a reset. */
static int intel_lu_restore_device(struct device *dev,
				   struct iommu_domain *domain,
				   const struct iommu_device_ser *ser)
{
	struct dmar_domain *dmar_domain = to_dmar_domain(domain);
	struct device_domain_info *dev_info = dev_iommu_priv_get(dev);
	struct intel_iommu *iommu = dev_info->iommu;
	struct iommu_domain_info *info __free(kfree) = kzalloc_obj(*info);
	int err;

	if (!info)
		return -ENOMEM;

	guard(mutex)(&iommu->did_lock);
	if (xa_load(&dmar_domain->iommu_array, iommu->seq_id))
		return 0;
	if (!iommu->restored_ids ||
	    !test_bit(ser->domain_id, iommu->restored_ids))
		return -EBADMSG;

	info->refcnt = 1;
	info->did = ser->domain_id;
	info->iommu = iommu;
	err = xa_err(xa_store(&dmar_domain->iommu_array, iommu->seq_id, info,
			      GFP_KERNEL));
	if (err)
		return err;
	__clear_bit(ser->domain_id, iommu->restored_ids);
	retain_and_null_ptr(info);
	return 0;
}

static void intel_lu_release_domain(struct iommu_domain *domain)
{
	struct dmar_domain *dmar_domain = to_dmar_domain(domain);
	struct iommu_domain_info *info;
	unsigned long seq_id;

	xa_for_each(&dmar_domain->iommu_array, seq_id, info)
		domain_detach_iommu(dmar_domain, info->iommu);
}

static void intel_lu_release_iommu(struct iommu_device *iommu_dev)
{
	struct intel_iommu *iommu = to_intel_iommu(iommu_dev);
	unsigned long id;

	scoped_guard(mutex, &iommu->did_lock) {
		for_each_set_bit(id, iommu->restored_ids,
				 iommu->max_domain_id)
			ida_free(&iommu->domain_ida, id);
	}
	bitmap_free(iommu->restored_ids);
	iommu->restored_ids = NULL;
}

static void intel_lu_block_device(struct device *dev)
{
	struct device_domain_info *info = dev_iommu_priv_get(dev);

	if (!sm_supported(info->iommu) && !dev_is_real_dma_subdevice(dev))
		domain_context_clear(info);
}

const struct iommu_liveupdate_ops intel_liveupdate_ops = {
	.preserve_iommu = intel_lu_preserve_iommu,
	.unpreserve_iommu = intel_lu_unpreserve_iommu,
	.preserve_domain = intel_lu_preserve_domain,
	.preserve_device = intel_lu_preserve_device,
	.unpreserve_device = intel_lu_unpreserve_device,
	.restore_domain = intel_lu_restore_domain,
	.restore_device = intel_lu_restore_device,
	.release_domain = intel_lu_release_domain,
	.release_iommu = intel_lu_release_iommu,
	.block_device = intel_lu_block_device,
};
