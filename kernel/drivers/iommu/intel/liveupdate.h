/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live update of VT-d, inside of the driver: liveupdate.c hands over, the others
 * take over, and liveupdate-pasid.c does both for PASID tables.
 */

#ifndef _INTEL_LIVEUPDATE_H_
#define _INTEL_LIVEUPDATE_H_

#include <linux/bitmap.h>
#include <linux/iommu-liveupdate.h>

#include "iommu.h"

/*
 * A root table is halves of entries, each of which may lead to a context table.
 * In legacy mode, the lower half leads to the entries of a whole bus, and the
 * upper half is zero.
 */
#define INTEL_LU_HALVES		512
#define INTEL_LU_SOURCES	BIT(16)

/**
 * struct intel_lu_out - A unit that is preserved.
 * @ser:     Its record.
 * @devices: Preserved devices that each half of a root entry leads to.
 * @keep:    The source ids whose entries stay.
 */
struct intel_lu_out {
	struct iommu_ser *ser;
	u16 devices[INTEL_LU_HALVES];
	DECLARE_BITMAP(keep, INTEL_LU_SOURCES);
};

/**
 * struct intel_lu_in - A unit that was taken over.
 * @entries: The source ids whose entries are as recorded, and whose devices
 *	did not come yet.
 * @ids:     Domain ids of devices that did not come yet.
 */
struct intel_lu_in {
	DECLARE_BITMAP(entries, INTEL_LU_SOURCES);
	unsigned long ids[];
};

static inline struct intel_iommu *to_intel_iommu(struct iommu_device *iommu)
{
	return container_of(iommu, struct intel_iommu, iommu);
}

static inline u16 intel_lu_sid(const struct device_domain_info *info)
{
	return PCI_DEVID(info->bus, info->devfn);
}

/* The number of the half that leads to a device's context entry */
static inline u32 intel_lu_half(bool scalable, u16 sid)
{
	return scalable ? sid >> 7 : PCI_BUS_NUM(sid) << 1;
}

/* The source id of an entry in a half's context table */
static inline u16 intel_lu_half_sid(u32 half, u32 nr)
{
	return (half << 7) + nr;
}

static inline u64 *intel_lu_root(struct root_entry *root, u32 half)
{
	return half & 1 ? &root[half >> 1].hi : &root[half >> 1].lo;
}

/* Entries of a context table */
static inline u32 intel_lu_nr_entries(bool scalable)
{
	return scalable ? 128 : 256;
}

/* An entry has 128 bits in legacy mode and 256 in scalable mode. */
static inline struct context_entry *intel_lu_entry(bool scalable, u64 root,
						   u32 nr)
{
	struct context_entry *context = phys_to_virt(root & VTD_PAGE_MASK);

	return &context[scalable ? 2 * nr : nr];
}

static inline size_t intel_lu_entry_size(bool scalable)
{
	return (scalable ? 2 : 1) * sizeof(struct context_entry);
}

/* In liveupdate.c */
void intel_lu_clear_entry(struct intel_iommu *iommu,
			  struct context_entry *context);

/* In liveupdate-context.c */
bool intel_lu_context_is(const struct context_entry *context,
			 const struct iommu_device_ser *ser,
			 const struct iommu_domain_ser *domain);
bool intel_lu_entry_is(struct intel_iommu *iommu,
		       const struct context_entry *context,
		       const struct iommu_device_ser *ser);
bool intel_lu_ats_fits(const struct device_domain_info *info);
void intel_lu_drop_entry(struct intel_iommu *iommu, u16 sid);

/* In liveupdate-refuse.c */
bool intel_lu_translates(struct intel_iommu *iommu);
void intel_lu_refuse_entries(struct intel_iommu *iommu);

/* In liveupdate-pasid.c */
int intel_lu_preserve_pasid(struct device_domain_info *info,
			    struct iommu_device_intel_ser *ser);
void intel_lu_unpreserve_pasid(struct device_domain_info *info);
void intel_lu_scrub_pasid(struct intel_iommu *iommu,
			  struct context_entry *context);
void intel_lu_free_pasid(const struct iommu_device_ser *ser);
bool intel_lu_pasid_is(struct intel_iommu *iommu,
		       const struct context_entry *context,
		       const struct iommu_device_ser *ser,
		       const struct iommu_domain_ser *domain);

/* In liveupdate-domain.c */
struct iommu_domain *
intel_lu_restore_domain(struct iommu_device *iommu, struct device *dev,
			const struct iommu_domain_ser *ser);

/* In liveupdate-devices.c */
const struct iommu_device_ser *
intel_lu_arrived(struct device_domain_info *info);
int intel_lu_restore_device(struct device *dev, struct iommu_domain *domain,
			    const struct iommu_device_ser *ser);
void intel_lu_release_domain(struct iommu_domain *domain);
void intel_lu_forget_device(struct iommu_device *iommu,
			    const struct iommu_device_ser *ser);
void intel_lu_release_iommu(struct iommu_device *iommu);
void intel_lu_block_device(struct device *dev);

#endif /* _INTEL_LIVEUPDATE_H_ */
