// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update of VT-d: domains of the page tables that an old kernel left.
 */

#include <linux/cleanup.h>
#include <linux/slab.h>

#include "liveupdate.h"

static void lu_common_config(const struct iommu_domain_ser *ser,
			     struct pt_iommu_cfg *cfg)
{
	cfg->hw_max_vasz_lg2 = ser->va_bits;
	cfg->hw_max_oasz_lg2 = ser->oa_bits;
	cfg->features = BIT(PT_FEAT_FLUSH_RANGE);
	if (ser->features & IOMMU_LU_INCOHERENT)
		cfg->features |= BIT(PT_FEAT_DMA_INCOHERENT);
}

static int lu_restore_second_stage(struct dmar_domain *domain,
				   struct intel_iommu *iommu,
				   const struct iommu_domain_ser *ser)
{
	struct pt_iommu_vtdss_cfg cfg = { .top_level = ser->top_level };
	int err;

	lu_common_config(ser, &cfg.common);
	if (ser->features & IOMMU_LU_FORCE_SNOOP)
		cfg.common.features |= BIT(PT_FEAT_VTDSS_FORCE_COHERENCE);
	domain->domain.ops = &intel_ss_paging_domain_ops;
	err = pt_iommu_vtdss_restore(&domain->sspt, &cfg, ser);
	if (!err)
		paging_domain_fit_second_stage(domain, iommu);
	return err;
}

static int lu_restore_first_stage(struct dmar_domain *domain,
				  struct intel_iommu *iommu,
				  const struct iommu_domain_ser *ser)
{
	struct pt_iommu_x86_64_cfg cfg = { .top_level = ser->top_level };
	int err;

	if (!(ser->features & IOMMU_LU_SIGN_EXTEND))
		return -EBADMSG;
	lu_common_config(ser, &cfg.common);
	cfg.common.features |= BIT(PT_FEAT_SIGN_EXTEND);
	domain->domain.ops = &intel_fs_paging_domain_ops;
	err = pt_iommu_x86_64_restore(&domain->fspt, &cfg, ser);
	if (!err)
		paging_domain_fit_first_stage(domain, iommu);
	return err;
}

static int lu_restore_tables(struct dmar_domain *domain,
			     struct intel_iommu *iommu,
			     const struct iommu_domain_ser *ser)
{
	switch (ser->format) {
	case IOMMU_TABLE_FORMAT_VTD_SECOND:
		return lu_restore_second_stage(domain, iommu, ser);
	case IOMMU_TABLE_FORMAT_X86_64:
		return lu_restore_first_stage(domain, iommu, ser);
	}
	return -EOPNOTSUPP;
}

struct iommu_domain *
intel_lu_restore_domain(struct iommu_device *iommu, struct device *dev,
			const struct iommu_domain_ser *ser)
{
	struct dmar_domain *domain = paging_domain_alloc();
	int err;

	if (IS_ERR(domain))
		return ERR_CAST(domain);

	domain->iommu.iommu_device = dev ?: iommu->dev;
	domain->iommu.nid = dev ? dev_to_node(dev) : NUMA_NO_NODE;
	domain->force_snooping = ser->features & IOMMU_LU_FORCE_SNOOP;
	err = lu_restore_tables(domain, to_intel_iommu(iommu), ser);
	if (err) {
		kfree(domain);
		return ERR_PTR(err);
	}
	return &domain->domain;
}
