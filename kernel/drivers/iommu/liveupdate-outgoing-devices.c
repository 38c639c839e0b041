// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update, the old kernel: preserving devices, and with them their IOMMUs.
 */

#include <linux/cleanup.h>
#include <linux/iommu.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "iommu-priv.h"
#include "liveupdate.h"
#include "liveupdate-outgoing.h"

/**
 * struct iommu_lu_iommu - An IOMMU that is preserved.
 * @index: Its record.
 * @users: Preserved devices behind it.
 */
struct iommu_lu_iommu {
	u32 index;
	u32 users;
};

/**
 * struct iommu_lu_device - A device that is preserved.
 * @dev:    The device, with a reference.
 * @domain: What it is attached to.
 * @index:  Its record.
 * @lost:   It has no record any more: it was released meanwhile.
 */
struct iommu_lu_device {
	struct device *dev;
	struct iommu_domain *domain;
	u32 index;
	bool lost;
};

/*
 * IOMMUs.
 */

static int lu_iommu_add(struct iommu_lu_out *out, struct iommu_device *iommu,
			struct iommu_lu_iommu *lu)
{
	u16 mode = iommu->ops->liveupdate->mode(iommu);
	struct iommu_ser *ser;
	int err;

	if (!out->iommus.nr_slots)
		out->ser->mode = mode;
	else if (out->ser->mode != mode)
		return -EOPNOTSUPP;

	ser = kho_sealed_table_add(&out->iommus, &lu->index);
	if (IS_ERR(ser))
		return PTR_ERR(ser);

	err = iommu->ops->liveupdate->preserve_iommu(iommu, ser);
	if (err) {
		kho_sealed_table_del(&out->iommus, lu->index);
		return err;
	}
	ser->flags = IOMMU_LU_LIVE;
	return 0;
}

static int lu_iommu_get(struct iommu_lu_out *out, struct iommu_device *iommu)
{
	struct iommu_lu_iommu *lu __free(kfree) = NULL;
	int err;

	if (iommu->liveupdate) {
		iommu->liveupdate->users++;
		return 0;
	}

	lu = kzalloc_obj(*lu);
	if (!lu)
		return -ENOMEM;
	err = lu_iommu_add(out, iommu, lu);
	if (err)
		return err;

	lu->users = 1;
	iommu->liveupdate = no_free_ptr(lu);
	return 0;
}

static void lu_iommu_put(struct iommu_lu_out *out, struct iommu_device *iommu)
{
	struct iommu_lu_iommu *lu = iommu->liveupdate;

	if (--lu->users)
		return;

	iommu->ops->liveupdate->unpreserve_iommu(iommu);
	kho_sealed_table_del(&out->iommus, lu->index);
	iommu->liveupdate = NULL;
	kfree(lu);
}

/*
 * Devices.
 */

static int lu_device_describe(struct device *dev, struct iommu_domain *domain,
			      struct iommu_device_ser *ser)
{
	struct iommu_device *iommu = dev->iommu->iommu_dev;
	struct pci_dev *pdev = to_pci_dev(dev);
	int err;

	err = iommu->ops->liveupdate->preserve_device(dev, domain, ser);
	if (err)
		return err;

	ser->domain = domain->liveupdate->index;
	ser->iommu = iommu->liveupdate->index;
	ser->segment = pci_domain_nr(pdev->bus);
	ser->bdf = pci_dev_id(pdev);
	ser->flags = IOMMU_LU_LIVE;
	return 0;
}

static int lu_device_add(struct iommu_lu_out *out, struct device *dev,
			 struct iommu_lu_device *lu)
{
	struct iommu_device *iommu = dev->iommu->iommu_dev;
	struct iommu_device_ser *ser;
	int err;

	err = lu_iommu_get(out, iommu);
	if (err)
		return err;

	ser = kho_sealed_table_add(&out->devices, &lu->index);
	if (IS_ERR(ser)) {
		err = PTR_ERR(ser);
		goto err_put_iommu;
	}

	err = lu_device_describe(dev, lu->domain, ser);
	if (err)
		goto err_del;

	lu->domain->liveupdate->users++;
	return 0;

err_del:
	kho_sealed_table_del(&out->devices, lu->index);
err_put_iommu:
	lu_iommu_put(out, iommu);
	return err;
}

static void lu_device_del(struct iommu_lu_out *out, struct device *dev)
{
	struct iommu_device *iommu = dev->iommu->iommu_dev;
	struct iommu_lu_device *lu = dev->iommu->liveupdate;

	iommu->ops->liveupdate->unpreserve_device(dev);
	kho_sealed_table_del(&out->devices, lu->index);
	lu_iommu_put(out, iommu);
	lu->domain->liveupdate->users--;
	lu->lost = true;
	dev->iommu->liveupdate = NULL;
}

static int lu_device_preserve(struct iommu_lu_out *out, struct device *dev,
			      struct iommu_lu_device *lu)
{
	int err;

	err = iommu_group_may_preserve(dev, lu->domain);
	if (err)
		return err;
	err = lu_device_add(out, dev, lu);
	if (err)
		return err;
	dev->iommu->liveupdate = lu;

	/* A device that joined the group meanwhile did not see this one. */
	err = iommu_group_may_preserve(dev, lu->domain);
	if (err)
		lu_device_del(out, dev);
	return err;
}

/**
 * iommu_liveupdate_preserve_device - Preserve a device
 * @dev:    The device. It stays attached to @domain until it is unpreserved.
 * @domain: The domain, which was preserved before.
 *
 * Context: As iommu_liveupdate_preserve_domain().
 * Return: What iommu_liveupdate_unpreserve_device() takes, or an ERR_PTR():
 *
 *	* -EPERM: nobody owns the device for DMA from user space
 *	* -EINVAL: it is not attached to the domain, or that is not preserved
 *	* -EBUSY: it is preserved, or the live update is on its way
 *	* -EOPNOTSUPP: it is not alone in its group, uses PASIDs, is no PCI
 *	  device, or its IOMMU's driver cannot preserve it
 */
struct iommu_lu_device *
iommu_liveupdate_preserve_device(struct device *dev,
				 struct iommu_domain *domain)
{
	struct iommu_lu_out *out __free(iommu_lu_out_put) = iommu_lu_out_get();
	struct iommu_lu_device *lu __free(kfree) = NULL;
	int err;

	if (IS_ERR(out))
		return ERR_CAST(out);
	if (!dev_is_pci(dev) || !dev_iommu_ops(dev)->liveupdate)
		return ERR_PTR(-EOPNOTSUPP);
	lu = kzalloc_obj(*lu);
	if (!lu)
		return ERR_PTR(-ENOMEM);

	guard(mutex)(&out->lock);
	if (dev->iommu->liveupdate || out->frozen)
		return ERR_PTR(-EBUSY);
	if (!domain->liveupdate)
		return ERR_PTR(-EINVAL);

	lu->domain = domain;
	err = lu_device_preserve(out, dev, lu);
	if (err)
		return ERR_PTR(err);
	lu->dev = get_device(dev);
	return no_free_ptr(lu);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_preserve_device, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_unpreserve_device - Undo iommu_liveupdate_preserve_device()
 * @lu: What that returned. If the device was lost meanwhile, only this is left.
 */
void iommu_liveupdate_unpreserve_device(struct iommu_lu_device *lu)
{
	struct iommu_lu_out *out __free(iommu_lu_out_put) = iommu_lu_out_get();

	if (WARN_ON(IS_ERR(out)))
		return;

	scoped_guard(mutex, &out->lock) {
		if (!lu->lost)
			lu_device_del(out, lu->dev);
	}
	put_device(lu->dev);
	kfree(lu);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_unpreserve_device, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_check_device - Whether a device is still preserved
 * @lu: What iommu_liveupdate_preserve_device() returned.
 *
 * For the freezing of a file.
 *
 * Return: 0, or -ENODEV if the device was lost; the log says which.
 */
int iommu_liveupdate_check_device(struct iommu_lu_device *lu)
{
	struct iommu_lu_out *out __free(iommu_lu_out_put) = iommu_lu_out_get();

	if (IS_ERR(out))
		return PTR_ERR(out);

	guard(mutex)(&out->lock);
	if (!lu->lost)
		return 0;
	dev_err(lu->dev, "live update: it was closed or removed\n");
	return -ENODEV;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_check_device, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_lost - A device is given up by its user, or goes away
 * @dev: The device. If it is preserved, its file cannot be frozen any more.
 *
 * If all is frozen, the next kernel does not find the device among those that
 * are preserved.
 */
void iommu_liveupdate_lost(struct device *dev)
{
	struct iommu_lu_out *out __free(iommu_lu_out_put) = iommu_lu_out_get();

	if (IS_ERR(out))
		return;

	guard(mutex)(&out->lock);
	if (!dev->iommu || !dev->iommu->liveupdate)
		return;
	dev_warn(dev, "live update: given up while it is preserved\n");
	if (out->frozen)
		iommu_lu_out_unseal(out);
	lu_device_del(out, dev);
	if (out->frozen)
		iommu_lu_out_seal(out);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_lost, "IOMMUFD_INTERNAL");
