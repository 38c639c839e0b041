/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live update of IOMMUs: the translation of preserved devices goes on while a
 * new kernel takes over.
 */

#ifndef _LINUX_IOMMU_LIVEUPDATE_H
#define _LINUX_IOMMU_LIVEUPDATE_H

#include <linux/errno.h>
#include <linux/kho/abi/iommu.h>
#include <linux/types.h>

struct address_space;
struct device;
struct iommu_device;
struct iommu_domain;
struct iommu_lu_device;
struct iommu_lu_restored;
struct kho_sealed_array;
struct kho_sealed_ops;
struct liveupdate_file_handler;

/**
 * struct iommu_liveupdate_ops - What an IOMMU driver does for live update
 * @mode:              Old kernel: how the IOMMU is run, an IOMMU_MODE_ value.
 *                     IOMMUs that are run in another way than the first one
 *                     that is preserved are refused.
 * @preserve_iommu:    Old kernel: preserve what leads to the tables of devices,
 *                     and describe the IOMMU. Called for the first device that
 *                     is preserved behind it. @ser stays valid, and may be
 *                     changed, until @unpreserve_iommu.
 * @unpreserve_iommu:  Old kernel: undo @preserve_iommu, after the last device.
 * @preserve_domain:   Old kernel: say what the domain's tables are made of, or
 *                     refuse the domain. The tables themselves are preserved by
 *                     the caller.
 * @preserve_device:   Old kernel: preserve what is only the device's own, and
 *                     describe it. It is attached to @domain.
 * @unpreserve_device: Old kernel: undo @preserve_device.
 * @restore_domain:    New kernel: make a domain of the tables that are left,
 *                     for a device, or for none if it is only to be freed.
 * @restore_device:    New kernel: let @domain be attached to the device under
 *                     the domain id that it had. Called before it is attached.
 * @release_domain:    New kernel: the domain, which is not attached any more,
 *                     gives back the domain ids of @restore_device.
 * @forget_device:     New kernel: the device did not come. Clear its entry, and
 *                     flush it from the caches, because the domain's tables are
 *                     freed next. Give back what was only the device's own.
 * @release_iommu:     New kernel: give back what was kept until now. All devices
 *                     that did not come were forgotten.
 * @block_device:      New kernel: clear the device's entry, whatever is in it,
 *                     and flush it from the caches.
 *
 * What cannot be preserved is refused with -EOPNOTSUPP. What an old kernel left
 * was checked against the ABI's schema, but not against the hardware: if it
 * does not fit, -EBADMSG. All may sleep.
 */
struct iommu_liveupdate_ops {
	u16 (*mode)(struct iommu_device *iommu);
	int (*preserve_iommu)(struct iommu_device *iommu,
			      struct iommu_ser *ser);
	void (*unpreserve_iommu)(struct iommu_device *iommu);
	int (*preserve_domain)(struct iommu_domain *domain,
			       struct iommu_domain_ser *ser);
	int (*preserve_device)(struct device *dev, struct iommu_domain *domain,
			       struct iommu_device_ser *ser);
	void (*unpreserve_device)(struct device *dev);

	struct iommu_domain *
	(*restore_domain)(struct iommu_device *iommu, struct device *dev,
			  const struct iommu_domain_ser *ser);
	int (*restore_device)(struct device *dev, struct iommu_domain *domain,
			      const struct iommu_device_ser *ser);
	void (*release_domain)(struct iommu_domain *domain);
	void (*forget_device)(struct iommu_device *iommu,
			      const struct iommu_device_ser *ser);
	void (*release_iommu)(struct iommu_device *iommu);
	void (*block_device)(struct device *dev);
};

#ifdef CONFIG_IOMMU_LIVEUPDATE

/* For file handlers */
int iommu_liveupdate_register(struct liveupdate_file_handler *handler);
void iommu_liveupdate_unregister(struct liveupdate_file_handler *handler);

/* The old kernel, for file handlers */
int iommu_liveupdate_may_preserve(struct iommu_domain *domain);
int iommu_liveupdate_preserve_domain(struct iommu_domain *domain, u32 *index);
void iommu_liveupdate_unpreserve_domain(struct iommu_domain *domain);
struct iommu_lu_device *
iommu_liveupdate_preserve_device(struct device *dev,
				 struct iommu_domain *domain);
void iommu_liveupdate_unpreserve_device(struct iommu_lu_device *lu);
int iommu_liveupdate_check_device(struct iommu_lu_device *lu);
void iommu_liveupdate_lost(struct device *dev);

/* The new kernel, for file handlers */
extern const struct kho_sealed_ops iommu_liveupdate_check_ops;
const struct kho_sealed_array *iommu_liveupdate_domains(void);
struct iommu_lu_restored *
iommu_liveupdate_get_domain(u32 index,
			    bool (*is_known)(const struct address_space *mapping,
					     void *arg),
			    void *arg);
struct iommu_domain *
iommu_liveupdate_restored_domain(const struct iommu_lu_restored *restored);
void iommu_liveupdate_put_domain(struct iommu_lu_restored *restored);
int iommu_liveupdate_claim(struct device *dev, struct iommu_domain *domain,
			   void *owner);
void iommu_liveupdate_finish_domain(u32 index);
void iommu_liveupdate_forget_pages(const struct kho_sealed_array *array);
void iommu_liveupdate_free_pages(const struct kho_sealed_array *array);

/* The old kernel, for drivers */
bool iommu_liveupdate_frozen(void);

/* The new kernel, for drivers */
bool iommu_liveupdate_incoming(void);
u16 iommu_liveupdate_mode(void);
const struct iommu_ser *iommu_liveupdate_iommu(u64 base);
const struct iommu_device_ser *
iommu_liveupdate_device(const struct iommu_ser *iommu, u16 bdf);
const struct iommu_domain_ser *
iommu_liveupdate_domain(const struct iommu_device_ser *ser);
int iommu_liveupdate_restored(const struct iommu_ser *ser,
			      struct iommu_device *iommu);
void iommu_liveupdate_confirm(const struct iommu_device_ser *ser);
void iommu_liveupdate_refuse(u32 segment, u16 bdf, const char *why);

#else /* !CONFIG_IOMMU_LIVEUPDATE */

static inline void iommu_liveupdate_lost(struct device *dev)
{
}

static inline bool iommu_liveupdate_incoming(void)
{
	return false;
}

#endif /* CONFIG_IOMMU_LIVEUPDATE */

#endif /* _LINUX_IOMMU_LIVEUPDATE_H */
