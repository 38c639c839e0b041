// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: context entries that an old kernel left.
 */

#include <linux/pci.h>

#include "liveupdate.h"
#include "pasid.h"

/* What of a context entry depends on the device's capabilities */
#define CONTEXT_TT_MASK		GENMASK_ULL(3, 2)

/*
 * Of legacy mode. An entry's address width is the level of its top table,
 * less one.
 */
bool intel_lu_context_is(const struct context_entry *context,
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

/**
 * intel_lu_entry_is - Compare a device's entry with its record
 * @iommu:   The unit.
 * @context: The context entry.
 * @ser:     The record.
 *
 * Return: true if it is as recorded.
 */
bool intel_lu_entry_is(struct intel_iommu *iommu,
		       const struct context_entry *context,
		       const struct iommu_device_ser *ser)
{
	const struct iommu_domain_ser *domain = iommu_liveupdate_domain(ser);

	if (sm_supported(iommu))
		return intel_lu_pasid_is(iommu, context, ser, domain);
	return intel_lu_context_is(context, ser, domain);
}

/* Who does not have ATS must not use addresses as translated ones. */
bool intel_lu_ats_fits(const struct device_domain_info *info)
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
