// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update, the old kernel: preserving domains.
 */

#include <linux/cleanup.h>
#include <linux/generic_pt/iommu.h>
#include <linux/iommu.h>
#include <linux/liveupdate.h>
#include <linux/slab.h>

#include "iommu-priv.h"
#include "liveupdate.h"
#include "liveupdate-outgoing.h"

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
	struct iommu_lu_out *out __free(iommu_lu_out_put) = iommu_lu_out_get();
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
	struct iommu_lu_out *out __free(iommu_lu_out_put) = iommu_lu_out_get();
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
