// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update, the new kernel: domains, restored for the first device that
 * comes, given to those who retrieve a file, and given back.
 */

#define pr_fmt(fmt)	"iommu: live update: " fmt

#include <linux/cleanup.h>
#include <linux/iommu.h>
#include <linux/slab.h>

#include "iommu-priv.h"
#include "liveupdate.h"
#include "liveupdate-incoming.h"

static struct iommu_lu_restored *
lu_restored_alloc(struct device *dev, const struct iommu_domain_ser *ser)
{
	struct iommu_device *iommu = dev->iommu->iommu_dev;
	struct iommu_lu_restored *restored = kzalloc_obj(*restored);
	struct iommu_domain *domain;

	if (!restored)
		return ERR_PTR(-ENOMEM);

	domain = iommu_domain_restore(iommu, dev, ser);
	if (IS_ERR(domain)) {
		kfree(restored);
		return ERR_CAST(domain);
	}
	restored->domain = domain;
	refcount_set(&restored->users, 1);
	return restored;
}

/* The domain that devices share is restored for the first of them. */
struct iommu_lu_restored *iommu_lu_restore(struct device *dev, u32 index)
{
	struct iommu_lu_restored *restored =
		xa_load(&iommu_lu_in.domains, index);
	int err;

	if (xa_is_value(restored))
		return ERR_PTR(-(long)xa_to_value(restored));
	if (restored)
		return restored;

	/* A domain that a device uses already could not be freed. */
	err = xa_reserve(&iommu_lu_in.domains, index, GFP_KERNEL);
	if (err)
		return ERR_PTR(err);

	restored = lu_restored_alloc(dev,
				     iommu_lu_domain(&iommu_lu_in.view, index));
	if (IS_ERR(restored))
		pr_err("domain %u: %pe\n", index, restored);
	/* That it failed is remembered, because some of it may be taken over. */
	xa_store(&iommu_lu_in.domains, index,
		 IS_ERR(restored) ? xa_mk_value(-PTR_ERR(restored)) :
				    (void *)restored, GFP_KERNEL);
	return restored;
}

/**
 * iommu_liveupdate_domain - What the old kernel said of a device's domain
 * @ser: The device.
 *
 * Return: The domain.
 */
const struct iommu_domain_ser *
iommu_liveupdate_domain(const struct iommu_device_ser *ser)
{
	return iommu_lu_domain(&iommu_lu_in.view, ser->domain);
}

/*
 * For file handlers.
 */

/**
 * iommu_liveupdate_domains - The domains that the old kernel left
 *
 * For the check of records that refer to them.
 *
 * Return: The array; empty if what was handed over is refused. It is valid
 * until the file is finished.
 */
const struct kho_sealed_array *iommu_liveupdate_domains(void)
{
	guard(mutex)(&iommu_lu_in.lock);
	iommu_lu_load();
	return &iommu_lu_in.view.domains;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_domains, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_get_domain - Get a domain that was handed over
 * @index:    Any number.
 * @is_known: Tells the files that may be mapped: those that were preserved with
 *	the domain, and that are retrieved.
 * @arg:      For @is_known.
 *
 * What is mapped stays where it is until the domain is freed. A domain is of
 * one file, and given out once.
 *
 * Return: The domain, for iommu_liveupdate_put_domain(); NULL if it is refused,
 * if no device came that it was attached to, if somebody else has it, or if
 * other pages are mapped than those of these files. Then its devices are put
 * into quarantine.
 */
struct iommu_lu_restored *
iommu_liveupdate_get_domain(u32 index,
			    bool (*is_known)(const struct address_space *mapping,
					     void *arg),
			    void *arg)
{
	struct iommu_lu_restored *restored;

	scoped_guard(mutex, &iommu_lu_in.lock) {
		restored = xa_load(&iommu_lu_in.domains, index);
		if (!restored || xa_is_value(restored) || restored->taken)
			return NULL;
		restored->taken = true;
		if (!iommu_liveupdate_hold(restored->domain, is_known, arg,
					   &restored->nr_held)) {
			refcount_inc(&restored->users);
			return restored;
		}
	}
	iommu_lu_shut_off_devices(index, "its domain maps what is of no file");
	return NULL;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_get_domain, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_restored_domain - The domain itself
 * @restored: What iommu_liveupdate_get_domain() returned.
 *
 * Return: The domain, in which nothing may be mapped or unmapped.
 */
struct iommu_domain *
iommu_liveupdate_restored_domain(const struct iommu_lu_restored *restored)
{
	return restored->domain;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_restored_domain, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_put_domain - Undo iommu_liveupdate_get_domain()
 * @restored: The domain, to which the caller attached no device any more.
 *
 * The last one frees the domain, with all its tables.
 */
void iommu_liveupdate_put_domain(struct iommu_lu_restored *restored)
{
	struct iommu_domain *domain = restored->domain;

	if (!refcount_dec_and_test(&restored->users))
		return;
	iommu_liveupdate_release(domain, restored->nr_held);
	domain->owner->liveupdate->release_domain(domain);
	iommu_domain_free(domain);
	kfree(restored);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_put_domain, "IOMMUFD_INTERNAL");

/* No device came that would have had its tables restored. */
static void lu_free_tables(u32 index)
{
	const struct iommu_domain_ser *ser =
		iommu_lu_domain(&iommu_lu_in.view, index);
	struct iommu_domain *domain;
	struct iommu_device *iommu;
	unsigned long any = 0;

	iommu = xa_find(&iommu_lu_in.iommus, &any, ULONG_MAX, XA_PRESENT);
	if (!iommu || !ser)
		return;
	domain = iommu_domain_restore(iommu, NULL, ser);
	if (!IS_ERR(domain))
		iommu_domain_free(domain);
}

/* Once. What is refused stays reserved. */
static void lu_give_back(u32 index, bool refused)
{
	struct iommu_lu_restored *restored =
		xa_load(&iommu_lu_in.domains, index);

	if (xa_is_value(restored))
		return;
	xa_store(&iommu_lu_in.domains, index, xa_mk_value(ENODEV), GFP_KERNEL);
	if (restored)
		iommu_liveupdate_put_domain(restored);
	else if (!refused)
		lu_free_tables(index);
}

/**
 * iommu_liveupdate_finish_domain - Give back a domain that was handed over
 * @index: The number of its record, which is sound.
 *
 * Devices that are attached to it and that nobody claimed go back to their
 * default domain.
 */
void iommu_liveupdate_finish_domain(u32 index)
{
	bool refused;

	/* Who comes after this is not attached to it any more. */
	scoped_guard(mutex, &iommu_lu_in.lock) {
		refused = iommu_lu_is_refused(index);
		iommu_lu_forget_devices(index);
	}
	iommu_lu_let_go_of_devices(index);

	guard(mutex)(&iommu_lu_in.lock);
	lu_give_back(index, refused);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_finish_domain, "IOMMUFD_INTERNAL");
