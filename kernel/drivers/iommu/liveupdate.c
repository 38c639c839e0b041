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

#include <linux/cleanup.h>
#include <linux/liveupdate.h>
#include <linux/slab.h>

#include "liveupdate.h"
#include "liveupdate-outgoing.h"

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

/* Nothing changes any more, and the next kernel can check it. */
void iommu_lu_out_seal(struct iommu_lu_out *out)
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

void iommu_lu_out_unseal(struct iommu_lu_out *out)
{
	kho_sealed_table_unseal(&out->root);
	kho_sealed_table_unseal(&out->devices);
	kho_sealed_table_unseal(&out->domains);
	kho_sealed_table_unseal(&out->iommus);
}

/*
 * The FLB.
 */

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

static int lu_flb_freeze(struct liveupdate_flb_op_args *args)
{
	struct iommu_lu_out *out = args->obj;

	guard(mutex)(&out->lock);
	iommu_lu_out_seal(out);
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
	iommu_lu_out_unseal(out);
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

/* What is handed over, if anything is: with the first file, it comes to be. */
struct iommu_lu_out *iommu_lu_out_get(void)
{
	void *out;
	int err;

	err = liveupdate_flb_get_outgoing(&lu_flb, &out);
	return err ? ERR_PTR(err) : out;
}

void iommu_lu_out_put(struct iommu_lu_out *out)
{
	if (!IS_ERR_OR_NULL(out))
		liveupdate_flb_put_outgoing(&lu_flb);
}
