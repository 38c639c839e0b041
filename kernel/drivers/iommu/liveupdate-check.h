/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * iommu-v2: The IOMMUs, domains and devices whose translation goes on. What is
 * left of it after it was checked.
 *
 * Made by luser-gen from iommu-v2.yaml. Do not edit.
 */

#ifndef __DRIVERS_IOMMU_LIVEUPDATE_CHECK_H
#define __DRIVERS_IOMMU_LIVEUPDATE_CHECK_H

#include <linux/kho/abi/iommu.h>
#include <linux/kho_sealed_page.h>
#include <linux/types.h>

/**
 * struct iommu_lu_view - What iommu-v2 handed over
 * @root: A copy of the root.
 * @root_page: The page that it is in.
 * @iommus: The IOMMUs.
 * @domains: The domains.
 * @devices: The devices.
 */
struct iommu_lu_view {
	struct iommu_root_ser root;
	struct kho_sealed_array root_page;
	struct kho_sealed_array iommus;
	struct kho_sealed_array domains;
	struct kho_sealed_array devices;
};

int iommu_lu_check(u64 phys, const struct kho_sealed_ops *ops, void *ctx,
		   struct iommu_lu_view *view);
void iommu_lu_release(struct iommu_lu_view *view);

/**
 * iommu_lu_iommu - One of the iommus
 * @view: What was handed over.
 * @index: Any number.
 *
 * Return: The record, NULL if there is none or if it is not sound.
 */
static inline const struct iommu_ser *
iommu_lu_iommu(const struct iommu_lu_view *view, u32 index)
{
	return kho_sealed_record(&view->iommus, index);
}

/**
 * iommu_lu_iommu_intel - The intel section of a sound record
 * @ser: The record.
 *
 * Return: The section, NULL if it is another one.
 */
static inline const struct iommu_intel_ser *
iommu_lu_iommu_intel(const struct iommu_ser *ser)
{
	if (ser->driver_type != IOMMU_DRIVER_INTEL)
		return NULL;
	return (const void *)((const u8 *)ser + ser->driver_offset);
}

/**
 * iommu_lu_iommu_smmuv3 - The smmuv3 section of a sound record
 * @ser: The record.
 *
 * Return: The section, NULL if it is another one.
 */
static inline const struct iommu_smmuv3_ser *
iommu_lu_iommu_smmuv3(const struct iommu_ser *ser)
{
	if (ser->driver_type != IOMMU_DRIVER_SMMUV3)
		return NULL;
	return (const void *)((const u8 *)ser + ser->driver_offset);
}

/**
 * iommu_lu_domain - One of the domains
 * @view: What was handed over.
 * @index: Any number.
 *
 * Return: The record, NULL if there is none or if it is not sound.
 */
static inline const struct iommu_domain_ser *
iommu_lu_domain(const struct iommu_lu_view *view, u32 index)
{
	return kho_sealed_record(&view->domains, index);
}

/**
 * iommu_lu_device - One of the devices
 * @view: What was handed over.
 * @index: Any number.
 *
 * Return: The record, NULL if there is none or if it is not sound.
 */
static inline const struct iommu_device_ser *
iommu_lu_device(const struct iommu_lu_view *view, u32 index)
{
	return kho_sealed_record(&view->devices, index);
}

/**
 * iommu_lu_device_intel - The intel section of a sound record
 * @ser: The record.
 *
 * Return: The section, NULL if it is another one.
 */
static inline const struct iommu_device_intel_ser *
iommu_lu_device_intel(const struct iommu_device_ser *ser)
{
	if (ser->driver_type != IOMMU_DRIVER_INTEL)
		return NULL;
	return (const void *)((const u8 *)ser + ser->driver_offset);
}

/**
 * iommu_lu_device_smmuv3 - The smmuv3 section of a sound record
 * @ser: The record.
 *
 * Return: The section, NULL if it is another one.
 */
static inline const struct iommu_device_smmuv3_ser *
iommu_lu_device_smmuv3(const struct iommu_device_ser *ser)
{
	if (ser->driver_type != IOMMU_DRIVER_SMMUV3)
		return NULL;
	return (const void *)((const u8 *)ser + ser->driver_offset);
}

#endif /* __DRIVERS_IOMMU_LIVEUPDATE_CHECK_H */
