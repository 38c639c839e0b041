// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update, the new kernel: devices, from when they are found in the records
 * until they are claimed, let go or removed.
 */

#define pr_fmt(fmt)	"iommu: live update: " fmt

#include <linux/cleanup.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>

#include "iommu-priv.h"
#include "liveupdate.h"
#include "liveupdate-incoming.h"

static unsigned long lu_key(u32 segment, u16 bdf)
{
	return (unsigned long)segment << 16 | bdf;
}

static struct iommu_lu_in_device *iommu_lu_find(struct device *dev)
{
	struct pci_dev *pdev;

	lockdep_assert_held(&iommu_lu_in.lock);
	if (!iommu_lu_in.found || !dev_is_pci(dev))
		return NULL;
	pdev = to_pci_dev(dev);
	return xa_load(&iommu_lu_in.devices,
		       lu_key(pci_domain_nr(pdev->bus), pci_dev_id(pdev)));
}

/* It has a record, or should have one. Known ones stay as they are. */
int iommu_lu_add_device(u32 segment, u16 bdf,
			const struct iommu_device_ser *ser, gfp_t gfp)
{
	struct iommu_lu_in_device *in = kzalloc_obj(*in, gfp);
	int err;

	if (!in)
		return -ENOMEM;

	in->ser = ser;
	err = xa_insert(&iommu_lu_in.devices, lu_key(segment, bdf), in, gfp);
	if (err)
		kfree(in);
	return err;
}

/* Whether a device belongs to a domain: what is in quarantine does not. */
static bool lu_is_of(const struct iommu_lu_in_device *in, u32 index)
{
	return index == IOMMU_LU_ALL ||
	       (in->ser && !in->why && in->ser->domain == index);
}

/* Whether some device of a domain is not what its record says */
bool iommu_lu_is_refused(u32 index)
{
	struct iommu_lu_in_device *in;
	unsigned long key;

	xa_for_each(&iommu_lu_in.devices, key, in) {
		if (in->ser && in->ser->domain == index &&
		    (in->why || !in->confirmed))
			return true;
	}
	return false;
}

/*
 * Those that do not belong to live update any more.
 */

/* Whoever did not come must not use tables that are freed next. */
static void lu_forget_device(struct iommu_lu_in_device *in)
{
	struct iommu_device *iommu = NULL;

	if (in->confirmed)
		iommu = xa_load(&iommu_lu_in.iommus, in->ser->iommu);
	if (iommu)
		iommu->ops->liveupdate->forget_device(iommu, in->ser);
	kfree(in);
}

/* Those that are not there; they are like any other device from now on. */
void iommu_lu_forget_devices(u32 index)
{
	struct iommu_lu_in_device *in;
	unsigned long key;

	xa_for_each(&iommu_lu_in.devices, key, in) {
		if (in->dev || !lu_is_of(in, index))
			continue;
		xa_erase(&iommu_lu_in.devices, key);
		lu_forget_device(in);
	}
}

/* Some device that still belongs to live update, with a reference. */
static struct device *lu_any_device(u32 index)
{
	struct iommu_lu_in_device *in;
	unsigned long key;

	guard(mutex)(&iommu_lu_in.lock);
	xa_for_each(&iommu_lu_in.devices, key, in) {
		if (in->dev && lu_is_of(in, index))
			return get_device(in->dev);
	}
	return NULL;
}

/* Groups are locked before what was handed over, so not under its lock. */
void iommu_lu_shut_off_devices(u32 index, const char *why)
{
	struct device *dev;

	while ((dev = lu_any_device(index))) {
		iommu_group_shut_off(dev, why);
		put_device(dev);
	}
}

/* Those that nobody claimed go back to their default domains. */
void iommu_lu_let_go_of_devices(u32 index)
{
	struct device *dev;

	while ((dev = lu_any_device(index))) {
		iommu_group_let_go(dev);
		iommu_liveupdate_removed(dev);
		put_device(dev);
	}
}

/*
 * For drivers.
 */

/**
 * iommu_liveupdate_device - What the old kernel said of a device
 * @iommu: The IOMMU that it is behind.
 * @bdf:   Its bus, device and function, in the segment of the IOMMU.
 *
 * Return: The record, NULL if there is none that can be believed, or if it is
 * behind another IOMMU.
 */
const struct iommu_device_ser *
iommu_liveupdate_device(const struct iommu_ser *iommu, u16 bdf)
{
	struct iommu_lu_in_device *in;

	guard(mutex)(&iommu_lu_in.lock);
	in = xa_load(&iommu_lu_in.devices, lu_key(iommu->segment, bdf));
	if (!in || !in->ser ||
	    iommu_lu_iommu(&iommu_lu_in.view, in->ser->iommu) != iommu)
		return NULL;
	return in->ser;
}

/**
 * iommu_liveupdate_confirm - Say that a device's entry is as recorded
 * @ser: The device's record.
 */
void iommu_liveupdate_confirm(const struct iommu_device_ser *ser)
{
	struct iommu_lu_in_device *in;

	guard(mutex)(&iommu_lu_in.lock);
	in = xa_load(&iommu_lu_in.devices, lu_key(ser->segment, ser->bdf));
	if (in)
		in->confirmed = true;
}

/**
 * iommu_liveupdate_refuse - Say that a device cannot be taken over
 * @segment: PCI segment.
 * @bdf:     Bus, device and function.
 * @why:     What is wrong, a string that lives for ever.
 *
 * Its entry was cleared. It is put into quarantine when it is probed.
 */
void iommu_liveupdate_refuse(u32 segment, u16 bdf, const char *why)
{
	struct iommu_lu_in_device *in;

	guard(mutex)(&iommu_lu_in.lock);
	if (__ratelimit(&iommu_lu_messages))
		pr_err("%04x:%02x:%02x.%d: %s\n", segment, PCI_BUS_NUM(bdf),
		       PCI_SLOT(bdf), PCI_FUNC(bdf), why);
	/* One that is not known would be free for all. */
	iommu_lu_add_device(segment, bdf, NULL, GFP_KERNEL | __GFP_NOFAIL);
	in = xa_load(&iommu_lu_in.devices, lu_key(segment, bdf));
	in->why = why;
}

/*
 * For the core.
 */

/**
 * iommu_liveupdate_knows - Whether a device was handed over
 * @dev: The device, which is being probed.
 *
 * Return: true if it was, or should have been.
 */
bool iommu_liveupdate_knows(struct device *dev)
{
	guard(mutex)(&iommu_lu_in.lock);
	/* The IOMMU's driver may not know of live update. */
	iommu_lu_load();
	return iommu_lu_find(dev);
}

static struct iommu_domain *lu_take_over(struct device *dev,
					 struct iommu_lu_in_device *in)
{
	const struct iommu_liveupdate_ops *ops = dev_iommu_ops(dev)->liveupdate;
	struct iommu_lu_restored *restored;
	int err;

	if (!ops)
		return ERR_PTR(-EOPNOTSUPP);
	if (in->why || !in->ser || !in->confirmed)
		return ERR_PTR(-EBADMSG);

	restored = iommu_lu_restore(dev, in->ser->domain);
	if (IS_ERR(restored))
		return ERR_CAST(restored);

	err = ops->restore_device(dev, restored->domain, in->ser);
	return err ? ERR_PTR(err) : restored->domain;
}

/**
 * iommu_liveupdate_take_over - Get the domain that a device had
 * @dev: The device, which is being probed and was handed over.
 *
 * Return: The domain, to be attached instead of the default domain, or an
 * ERR_PTR(): the device is to be put into quarantine.
 */
struct iommu_domain *iommu_liveupdate_take_over(struct device *dev)
{
	struct iommu_lu_in_device *in;

	guard(mutex)(&iommu_lu_in.lock);
	in = iommu_lu_find(dev);
	if (!in)
		return ERR_PTR(-ENOENT);

	in->dev = dev;
	return lu_take_over(dev, in);
}

/**
 * iommu_liveupdate_quarantine - Shut a device off
 * @dev: The device, which was handed over and cannot be taken over.
 * @why: What is wrong, a string that lives for ever.
 */
void iommu_liveupdate_quarantine(struct device *dev, const char *why)
{
	const struct iommu_liveupdate_ops *ops = dev_iommu_ops(dev)->liveupdate;
	struct iommu_lu_in_device *in;

	guard(mutex)(&iommu_lu_in.lock);
	if (dev_is_pci(dev))
		pci_clear_master(to_pci_dev(dev));
	if (ops)
		ops->block_device(dev);

	in = iommu_lu_find(dev);
	if (!in)
		return;
	in->dev = dev;
	in->confirmed = false;
	if (!in->why)
		in->why = why;
	dev_err(dev, "in quarantine until the live update is finished: %s\n",
		in->why);
}

/**
 * iommu_liveupdate_unprobed - A device could not be probed
 * @dev: The device, which is in quarantine. It still is when it is probed
 *	again.
 */
void iommu_liveupdate_unprobed(struct device *dev)
{
	struct iommu_lu_in_device *in;

	guard(mutex)(&iommu_lu_in.lock);
	in = iommu_lu_find(dev);
	if (in)
		in->dev = NULL;
}

/**
 * iommu_liveupdate_removed - A device does not belong to live update any more
 * @dev: The device.
 */
void iommu_liveupdate_removed(struct device *dev)
{
	struct iommu_lu_in_device *in;

	guard(mutex)(&iommu_lu_in.lock);
	in = iommu_lu_find(dev);
	if (!in || in->dev != dev)
		return;
	xa_erase(&iommu_lu_in.devices,
		 lu_key(pci_domain_nr(to_pci_dev(dev)->bus),
			pci_dev_id(to_pci_dev(dev))));
	kfree(in);
}
