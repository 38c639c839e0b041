/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live update, the new kernel: what was handed over, between
 * liveupdate-incoming.c, which reads it, liveupdate-incoming-devices.c and
 * liveupdate-incoming-domains.c.
 */

#ifndef __DRIVERS_IOMMU_LIVEUPDATE_INCOMING_H
#define __DRIVERS_IOMMU_LIVEUPDATE_INCOMING_H

#include <linux/mutex.h>
#include <linux/ratelimit_types.h>
#include <linux/refcount.h>
#include <linux/xarray.h>

#include "liveupdate-check.h"

/* For all domains, and for devices that belong to none. */
#define IOMMU_LU_ALL	U32_MAX

/**
 * struct iommu_lu_in_device - A device that was, or should have been, handed over.
 * @ser:       Its record, NULL if it has none that can be believed.
 * @dev:       The device, from when it is probed until it does not belong to
 *	live update any more.
 * @why:       Why it is in quarantine; NULL if it is not.
 * @confirmed: Its entry in the hardware is as recorded.
 */
struct iommu_lu_in_device {
	const struct iommu_device_ser *ser;
	struct device *dev;
	const char *why;
	bool confirmed;
};

/**
 * struct iommu_lu_restored - A domain that was handed over.
 * @domain:  The domain.
 * @users:   Who has it, live update among them until it is finished.
 * @taken:   Some file has it.
 * @nr_held: References to the pages that it maps.
 */
struct iommu_lu_restored {
	struct iommu_domain *domain;
	refcount_t users;
	bool taken;
	u64 nr_held;
};

/**
 * struct iommu_lu_in - What was handed over.
 * @lock:    Protects all of it.
 * @loaded:  It was looked for.
 * @found:   There is something, sound or not. Stays set.
 * @view:    What of it is sound. Empty if nothing is.
 * @devices: struct iommu_lu_in_device, by PCI segment and BDF.
 * @domains: struct iommu_lu_restored, by number, once restored; an error if
 *	that failed, or when it was given back.
 * @iommus:  struct iommu_device, by number, once restored.
 * @records: By number, the pages that are read as records of any kind.
 */
struct iommu_lu_in {
	struct mutex lock; /* Protects all of it */
	bool loaded;
	bool found;
	struct iommu_lu_view view;
	struct xarray devices;
	struct xarray domains;
	struct xarray iommus;
	struct xarray records;
};

extern struct iommu_lu_in iommu_lu_in;
extern struct ratelimit_state iommu_lu_messages;

/* In liveupdate-incoming.c */
void iommu_lu_load(void);

/* In liveupdate-incoming-devices.c */
int iommu_lu_add_device(u32 segment, u16 bdf,
			const struct iommu_device_ser *ser, gfp_t gfp);
bool iommu_lu_is_refused(u32 index);
void iommu_lu_forget_devices(u32 index);
void iommu_lu_shut_off_devices(u32 index, const char *why);
void iommu_lu_let_go_of_devices(u32 index);

/* In liveupdate-incoming-domains.c */
struct iommu_lu_restored *iommu_lu_restore(struct device *dev, u32 index);

#endif /* __DRIVERS_IOMMU_LIVEUPDATE_INCOMING_H */
