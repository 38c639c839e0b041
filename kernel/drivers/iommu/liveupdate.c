// SPDX-License-Identifier: GPL-2.0-only

/**
 * DOC: IOMMU live update
 *
 * The IOMMU core hands over the devices whose translation goes on, the domains
 * that they are attached to, and the IOMMUs that they are behind. What it hands
 * over is described in include/linux/kho/abi/iommu.h.
 *
 * A file handler registers with iommu_liveupdate_register(). When it preserves
 * a file, it preserves domains and then the devices attached to them; when the
 * file is unpreserved, it undoes this in reverse. IOMMUs come and go with their
 * devices. When all files are frozen the pages are sealed, and nothing changes
 * any more unless the live update is aborted.
 *
 * Only devices that somebody owns for DMA from user space are preserved, and
 * only if they are alone in their group.
 */

#define pr_fmt(fmt)	"iommu: live update: " fmt

#include <linux/cleanup.h>
#include <linux/generic_pt/iommu.h>
#include <linux/iommu.h>
#include <linux/kho_sealed_table.h>
#include <linux/liveupdate.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "iommu-priv.h"
#include "liveupdate.h"

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
 * struct iommu_lu_domain - A domain that is preserved.
 * @index: Its record.
 * @users: Preserved devices attached to it.
 */
struct iommu_lu_domain {
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

/* Read by drivers while the machine goes down, where nothing can change it. */
static bool iommu_lu_frozen;

static void lu_out_free(struct iommu_lu_out *out)
{
	kho_sealed_table_destroy(&out->devices);
	kho_sealed_table_destroy(&out->domains);
	kho_sealed_table_destroy(&out->iommus);
	kho_sealed_table_destroy(&out->root);
	mutex_destroy(&out->lock);
	kfree(out);
}

static struct iommu_lu_out *lu_out_alloc(void)
{
	struct iommu_lu_out *out = kzalloc_obj(*out);
	u32 index;

	if (!out)
		return ERR_PTR(-ENOMEM);

	mutex_init(&out->lock);
	kho_sealed_table_init(&out->root, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_ROOT,
			      sizeof(struct iommu_root_ser), 1);
	kho_sealed_table_init(&out->iommus, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_IOMMUS,
			      sizeof(struct iommu_ser), IOMMU_LU_MAX_PAGES);
	kho_sealed_table_init(&out->domains, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_DOMAINS,
			      sizeof(struct iommu_domain_ser),
			      IOMMU_LU_MAX_PAGES);
	kho_sealed_table_init(&out->devices, IOMMU_LU_MAGIC,
			      IOMMU_ARRAY_KIND_DEVICES,
			      sizeof(struct iommu_device_ser),
			      IOMMU_LU_MAX_PAGES);

	out->ser = kho_sealed_table_add(&out->root, &index);
	if (IS_ERR(out->ser)) {
		void *err = out->ser;

		lu_out_free(out);
		return err;
	}
	out->ser->page_size = PAGE_SIZE;
	out->ser->mode = IOMMU_MODE_LEGACY;

	return out;
}

static int lu_flb_preserve(struct liveupdate_flb_op_args *args)
{
	struct iommu_lu_out *out = lu_out_alloc();

	if (IS_ERR(out))
		return PTR_ERR(out);

	args->obj = out;
	args->data = kho_sealed_table_phys(&out->root);
	return 0;
}

static void lu_flb_unpreserve(struct liveupdate_flb_op_args *args)
{
	lu_out_free(args->obj);
}

static void lu_out_seal(struct iommu_lu_out *out)
{
	u64 handover = liveupdate_number();

	out->ser->iommus = kho_sealed_table_phys(&out->iommus);
	out->ser->domains = kho_sealed_table_phys(&out->domains);
	out->ser->devices = kho_sealed_table_phys(&out->devices);
	out->ser->nr_iommus = out->iommus.nr_slots;
	out->ser->nr_domains = out->domains.nr_slots;
	out->ser->nr_devices = out->devices.nr_slots;
	kho_sealed_table_seal(&out->iommus, handover);
	kho_sealed_table_seal(&out->domains, handover);
	kho_sealed_table_seal(&out->devices, handover);
	kho_sealed_table_seal(&out->root, handover);
}

static void lu_out_unseal(struct iommu_lu_out *out)
{
	kho_sealed_table_unseal(&out->root);
	kho_sealed_table_unseal(&out->devices);
	kho_sealed_table_unseal(&out->domains);
	kho_sealed_table_unseal(&out->iommus);
}

static int lu_flb_freeze(struct liveupdate_flb_op_args *args)
{
	struct iommu_lu_out *out = args->obj;

	guard(mutex)(&out->lock);
	lu_out_seal(out);
	out->frozen = true;
	WRITE_ONCE(iommu_lu_frozen, true);
	return 0;
}

static void lu_flb_unfreeze(struct liveupdate_flb_op_args *args)
{
	struct iommu_lu_out *out = args->obj;

	guard(mutex)(&out->lock);
	WRITE_ONCE(iommu_lu_frozen, false);
	out->frozen = false;
	lu_out_unseal(out);
}

static int lu_flb_retrieve(struct liveupdate_flb_op_args *args)
{
	iommu_liveupdate_retrieve();
	args->obj = NULL;
	return 0;
}

static void lu_flb_finish(struct liveupdate_flb_op_args *args)
{
	iommu_liveupdate_finish();
}

static const struct liveupdate_flb_ops lu_flb_ops = {
	.preserve = lu_flb_preserve,
	.unpreserve = lu_flb_unpreserve,
	.freeze = lu_flb_freeze,
	.unfreeze = lu_flb_unfreeze,
	.retrieve = lu_flb_retrieve,
	.finish = lu_flb_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_flb lu_flb = {
	.ops = &lu_flb_ops,
	.compatible = IOMMU_LU_COMPATIBLE,
};

/**
 * iommu_liveupdate_register - Hand over IOMMU state with files of a handler
 * @handler: The handler, which is registered. Its files may preserve domains
 *	and devices.
 *
 * Return: 0, or a negative errno of liveupdate_register_flb().
 */
int iommu_liveupdate_register(struct liveupdate_file_handler *handler)
{
	return liveupdate_register_flb(handler, &lu_flb);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_register, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_unregister - Undo iommu_liveupdate_register()
 * @handler: The handler.
 */
void iommu_liveupdate_unregister(struct liveupdate_file_handler *handler)
{
	liveupdate_unregister_flb(handler, &lu_flb);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_unregister, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_frozen - Whether preserved devices are really handed over
 *
 * For drivers, when they shut down an IOMMU.
 *
 * Return: true if the next kernel takes over.
 */
bool iommu_liveupdate_frozen(void)
{
	return READ_ONCE(iommu_lu_frozen);
}

static struct iommu_lu_out *lu_out_get(void)
{
	void *out;
	int err;

	err = liveupdate_flb_get_outgoing(&lu_flb, &out);
	return err ? ERR_PTR(err) : out;
}

static void lu_out_put(struct iommu_lu_out *out)
{
	if (!IS_ERR_OR_NULL(out))
		liveupdate_flb_put_outgoing(&lu_flb);
}

DEFINE_FREE(lu_out_put, struct iommu_lu_out *, lu_out_put(_T))

/*
 * Domains.
 */

static int lu_domain_describe(struct iommu_domain *domain,
			      struct iommu_domain_ser *ser)
{
	const struct iommu_liveupdate_ops *ops = domain->owner->liveupdate;
	struct pt_iommu *pt = iommupt_from_domain(domain);
	int err;

	err = ops->preserve_domain(domain, ser);
	if (!err)
		err = pt->ops->preserve(pt, ser);
	if (!err)
		ser->flags = IOMMU_LU_LIVE;
	return err;
}

static int lu_domain_add(struct iommu_lu_out *out, struct iommu_domain *domain,
			 struct iommu_lu_domain *lu)
{
	struct iommu_domain_ser *ser;
	int err;

	ser = kho_sealed_table_add(&out->domains, &lu->index);
	if (IS_ERR(ser))
		return PTR_ERR(ser);

	err = lu_domain_describe(domain, ser);
	if (err)
		kho_sealed_table_del(&out->domains, lu->index);
	return err;
}

static bool lu_domain_can(struct iommu_domain *domain)
{
	struct pt_iommu *pt = iommupt_from_domain(domain);

	return pt && pt->ops->preserve && domain->owner &&
	       domain->owner->liveupdate;
}

/**
 * iommu_liveupdate_may_preserve - Whether a domain can be preserved
 * @domain: The domain.
 *
 * Lets a user know early. Nothing is preserved.
 *
 * Return: 0, or -EOPNOTSUPP.
 */
int iommu_liveupdate_may_preserve(struct iommu_domain *domain)
{
	struct iommu_domain_ser ser = {};

	if (!liveupdate_enabled() || !lu_domain_can(domain))
		return -EOPNOTSUPP;
	return domain->owner->liveupdate->preserve_domain(domain, &ser);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_may_preserve, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_preserve_domain - Preserve a domain
 * @domain: The domain. Its mappings must not change until it is unpreserved.
 * @index:  Receives the number of its record.
 *
 * Context: While a file is preserved whose handler is registered with
 * iommu_liveupdate_register(). May sleep.
 * Return: 0, -EOPNOTSUPP if this kind of domain cannot be preserved, -EBUSY if
 * it is or if the live update is on its way, or another negative errno.
 */
int iommu_liveupdate_preserve_domain(struct iommu_domain *domain, u32 *index)
{
	struct iommu_lu_out *out __free(lu_out_put) = lu_out_get();
	struct iommu_lu_domain *lu __free(kfree) = NULL;
	int err;

	if (IS_ERR(out))
		return PTR_ERR(out);
	if (!lu_domain_can(domain))
		return -EOPNOTSUPP;

	guard(mutex)(&out->lock);
	if (domain->liveupdate || out->frozen)
		return -EBUSY;

	lu = kzalloc_obj(*lu);
	if (!lu)
		return -ENOMEM;
	err = lu_domain_add(out, domain, lu);
	if (err)
		return err;

	*index = lu->index;
	domain->liveupdate = no_free_ptr(lu);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_preserve_domain, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_unpreserve_domain - Undo iommu_liveupdate_preserve_domain()
 * @domain: The domain. Its devices were unpreserved before.
 */
void iommu_liveupdate_unpreserve_domain(struct iommu_domain *domain)
{
	struct iommu_lu_out *out __free(lu_out_put) = lu_out_get();
	struct pt_iommu *pt = iommupt_from_domain(domain);
	struct iommu_lu_domain *lu = domain->liveupdate;

	if (WARN_ON(IS_ERR(out) || !lu || lu->users))
		return;

	guard(mutex)(&out->lock);
	pt->ops->unpreserve(pt);
	kho_sealed_table_del(&out->domains, lu->index);
	domain->liveupdate = NULL;
	kfree(lu);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_unpreserve_domain, "IOMMUFD_INTERNAL");

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
	struct iommu_lu_out *out __free(lu_out_put) = lu_out_get();
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
	struct iommu_lu_out *out __free(lu_out_put) = lu_out_get();

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
	struct iommu_lu_out *out __free(lu_out_put) = lu_out_get();

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
	struct iommu_lu_out *out __free(lu_out_put) = lu_out_get();

	if (IS_ERR(out))
		return;

	guard(mutex)(&out->lock);
	if (!dev->iommu || !dev->iommu->liveupdate)
		return;
	dev_warn(dev, "live update: given up while it is preserved\n");
	if (out->frozen)
		lu_out_unseal(out);
	lu_device_del(out, dev);
	if (out->frozen)
		lu_out_seal(out);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_lost, "IOMMUFD_INTERNAL");
