/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live update, inside of the IOMMU core: between what hands over
 * (liveupdate-outgoing-*.c), what takes over (liveupdate-incoming*.c),
 * liveupdate-hold.c, which keeps mapped memory in place, and iommu.c, which has
 * the groups.
 */

#ifndef __DRIVERS_IOMMU_LIVEUPDATE_H
#define __DRIVERS_IOMMU_LIVEUPDATE_H

#include <linux/iommu-liveupdate.h>

#ifdef CONFIG_IOMMU_LIVEUPDATE

/* In iommu.c */
int iommu_group_may_preserve(struct device *dev, struct iommu_domain *domain);
struct iommu_domain *
iommu_domain_restore(struct iommu_device *iommu, struct device *dev,
		     const struct iommu_domain_ser *ser);
void iommu_group_shut_off(struct device *dev, const char *why);
void iommu_group_let_go(struct device *dev);

/* In liveupdate-hold.c */
int iommu_liveupdate_hold(struct iommu_domain *domain,
			  bool (*is_known)(const struct address_space *mapping,
					   void *arg),
			  void *arg, u64 *nr);
void iommu_liveupdate_release(struct iommu_domain *domain, u64 nr);

/* In liveupdate-incoming.c */
bool iommu_liveupdate_reads(phys_addr_t phys, size_t size);
void iommu_liveupdate_retrieve(void);
void iommu_liveupdate_finish(void);

/* In liveupdate-incoming-devices.c */
bool iommu_liveupdate_knows(struct device *dev);
struct iommu_domain *iommu_liveupdate_take_over(struct device *dev);
void iommu_liveupdate_quarantine(struct device *dev, const char *why);
void iommu_liveupdate_unprobed(struct device *dev);
void iommu_liveupdate_removed(struct device *dev);

#else /* !CONFIG_IOMMU_LIVEUPDATE */

static inline bool iommu_liveupdate_reads(phys_addr_t phys, size_t size)
{
	return false;
}

static inline bool iommu_liveupdate_knows(struct device *dev)
{
	return false;
}

static inline struct iommu_domain *
iommu_liveupdate_take_over(struct device *dev)
{
	return NULL;
}

static inline void iommu_liveupdate_quarantine(struct device *dev,
					       const char *why)
{
}

static inline void iommu_liveupdate_unprobed(struct device *dev)
{
}

static inline void iommu_liveupdate_removed(struct device *dev)
{
}

#endif /* CONFIG_IOMMU_LIVEUPDATE */

#endif /* __DRIVERS_IOMMU_LIVEUPDATE_H */
