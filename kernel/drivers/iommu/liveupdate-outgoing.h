/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live update, the old kernel: what is handed over, between liveupdate.c, which
 * has all of it, liveupdate-outgoing-domains.c and liveupdate-outgoing-devices.c.
 */

#ifndef __DRIVERS_IOMMU_LIVEUPDATE_OUTGOING_H
#define __DRIVERS_IOMMU_LIVEUPDATE_OUTGOING_H

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/kho/abi/iommu.h>
#include <linux/kho_sealed_table.h>
#include <linux/mutex.h>

/**
 * struct iommu_lu_domain - A domain that is preserved.
 * @index: Its record.
 * @users: Preserved devices attached to it.
 */
struct iommu_lu_domain {
	u32 index;
	u32 users;
};

/**
 * struct iommu_lu_out - What is handed over.
 * @lock:    Protects all of it, and what hangs on domains, devices and IOMMUs.
 * @root:    The root page.
 * @ser:     The root, in it.
 * @iommus:  The IOMMUs.
 * @domains: The domains.
 * @devices: The devices.
 * @frozen:  All pages are sealed.
 */
struct iommu_lu_out {
	struct mutex lock; /* Protects all of it */
	struct kho_sealed_table root;
	struct iommu_root_ser *ser;
	struct kho_sealed_table iommus;
	struct kho_sealed_table domains;
	struct kho_sealed_table devices;
	bool frozen;
};

/* In liveupdate.c */
struct iommu_lu_out *iommu_lu_out_get(void);
void iommu_lu_out_put(struct iommu_lu_out *out);
void iommu_lu_out_seal(struct iommu_lu_out *out);
void iommu_lu_out_unseal(struct iommu_lu_out *out);

DEFINE_FREE(iommu_lu_out_put, struct iommu_lu_out *, iommu_lu_out_put(_T))

#endif /* __DRIVERS_IOMMU_LIVEUPDATE_OUTGOING_H */
