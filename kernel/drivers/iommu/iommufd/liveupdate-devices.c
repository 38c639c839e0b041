// SPDX-License-Identifier: GPL-2.0-only

/* Preserving the devices of an iommufd, and what may be done with them then. */

#include <linux/cleanup.h>
#include <linux/iommu-liveupdate.h>
#include <linux/slab.h>

#include "iommufd_private.h"
#include "liveupdate-outgoing.h"

/**
 * struct iommufd_lu_device - A device that is preserved.
 * @list: In iommufd_lu_out::devices.
 * @lu:   What the IOMMU core knows it by.
 */
struct iommufd_lu_device {
	struct list_head list;
	struct iommu_lu_device *lu;
};

static struct iommufd_device *lu_next_device(struct iommufd_ctx *ictx,
					     unsigned long *index)
{
	struct iommufd_object *obj;

	obj = iommufd_next_object(ictx, index, IOMMUFD_OBJ_DEVICE);
	return obj ? container_of(obj, struct iommufd_device, obj) : NULL;
}

static int lu_preserve_device(struct iommufd_lu_out *out,
			      struct iommufd_device *idev,
			      struct iommufd_lu_hwpt *hwpt)
{
	struct iommufd_lu_device *device __free(kfree) = kzalloc_obj(*device);
	struct iommu_domain *domain = hwpt->hwpt->common.domain;

	if (!device)
		return -ENOMEM;

	device->lu = iommu_liveupdate_preserve_device(idev->dev, domain);
	if (IS_ERR(device->lu))
		return PTR_ERR(device->lu);

	idev->lu_preserved = true;
	hwpt->nr_devices++;
	list_add_tail(&no_free_ptr(device)->list, &out->devices);
	return 0;
}

/* Preserve a device if it is attached to an HWPT that is. */
static int lu_consider_device(struct iommufd_lu_out *out,
			      struct iommufd_device *idev)
{
	struct iommufd_group *igroup = idev->igroup;
	unsigned long pasid = IOMMU_NO_PASID;
	struct iommufd_attach *attach;
	struct iommufd_lu_hwpt *hwpt;

	guard(mutex)(&igroup->lock);
	if (xa_find_after(&igroup->pasid_attach, &pasid, UINT_MAX, XA_PRESENT))
		return -EOPNOTSUPP;
	attach = xa_load(&igroup->pasid_attach, IOMMU_NO_PASID);
	if (!attach || xa_load(&attach->device_array, idev->obj.id) != idev)
		return 0;
	hwpt = iommufd_lu_find_hwpt(out, attach->hwpt);
	return hwpt ? lu_preserve_device(out, idev, hwpt) : 0;
}

int iommufd_lu_preserve_devices(struct iommufd_lu_out *out)
{
	struct iommufd_lu_hwpt *hwpt;
	struct iommufd_device *idev;
	unsigned long index = 0;
	int rc = 0;

	while (!rc && (idev = lu_next_device(out->ictx, &index))) {
		rc = lu_consider_device(out, idev);
		iommufd_put_object(out->ictx, &idev->obj);
	}

	/* Nobody could take over a domain without a device. */
	list_for_each_entry(hwpt, &out->hwpts, list) {
		if (!rc && !hwpt->nr_devices)
			rc = -ENODEV;
	}
	return rc;
}

static void lu_release_devices(struct iommufd_ctx *ictx)
{
	struct iommufd_device *idev;
	unsigned long index = 0;

	while ((idev = lu_next_device(ictx, &index))) {
		scoped_guard(mutex, &idev->igroup->lock)
			idev->lu_preserved = false;
		iommufd_put_object(ictx, &idev->obj);
	}
}

void iommufd_lu_unpreserve_devices(struct iommufd_lu_out *out)
{
	struct iommufd_lu_device *device, *next;

	list_for_each_entry_safe_reverse(device, next, &out->devices, list) {
		iommu_liveupdate_unpreserve_device(device->lu);
		kfree(device);
	}
	lu_release_devices(out->ictx);
}

/* For the freezing: whether all are still there. */
int iommufd_lu_check_devices(struct iommufd_lu_out *out)
{
	struct iommufd_lu_device *device;
	int rc = 0;

	list_for_each_entry(device, &out->devices, list) {
		rc = iommu_liveupdate_check_device(device->lu);
		if (rc)
			break;
	}
	return rc;
}

/*
 * For device.c.
 */

int iommufd_liveupdate_may_attach(struct iommufd_device *idev,
				  struct iommufd_hw_pagetable *hwpt,
				  ioasid_t pasid)
{
	lockdep_assert_held(&idev->igroup->lock);

	if (idev->lu_preserved ||
	    (hwpt_is_paging(hwpt) &&
	     READ_ONCE(to_hwpt_paging(hwpt)->lu_preserved)))
		return -EBUSY;

	/* What the old kernel left is only for those that were attached. */
	if (hwpt->obj.type == IOMMUFD_OBJ_HWPT_RESTORED)
		return idev->lu_restored == hwpt && pasid == IOMMU_NO_PASID ?
			       0 : -EINVAL;
	return idev->lu_restored ? -EBUSY : 0;
}

bool iommufd_liveupdate_may_detach(struct iommufd_device *idev)
{
	guard(mutex)(&idev->igroup->lock);
	return !idev->lu_preserved;
}

void iommufd_liveupdate_detach(struct iommufd_device *idev)
{
	lockdep_assert_held(&idev->igroup->lock);
	if (idev->lu_preserved)
		iommu_liveupdate_lost(idev->dev);
}
