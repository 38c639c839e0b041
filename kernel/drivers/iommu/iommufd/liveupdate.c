// SPDX-License-Identifier: GPL-2.0-only

/**
 * DOC: iommufd live update
 *
 * User space marks HWPTs, each with a token. When the iommufd is preserved in a
 * session, its marked HWPTs are, and with them all devices that are attached to
 * one of them. Their mappings must be of sealed memfds that were preserved
 * earlier in the same session. Until the session is closed or the next kernel
 * boots, nothing of this changes: mapping and unmapping, attaching and
 * detaching, and destroying fail with -EBUSY. A device can still be closed, or
 * go away; then the live update fails when it freezes the file.
 *
 * What is handed over is described in include/linux/kho/abi/iommufd.h; the
 * tables and the devices are handed over by the IOMMU core.
 */

#include <linux/cleanup.h>
#include <linux/iommu-liveupdate.h>
#include <linux/liveupdate.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "iommufd_private.h"
#include "liveupdate-outgoing.h"

void iommufd_liveupdate_init_ctx(struct iommufd_ctx *ictx)
{
	mutex_init(&ictx->lu_lock);
}

void iommufd_liveupdate_free_ctx(struct iommufd_ctx *ictx)
{
	if (ictx->lu_in)
		iommufd_liveupdate_free_in(ictx->lu_in);
	mutex_destroy(&ictx->lu_lock);
}

/*
 * The file.
 */

static void lu_out_free(struct iommufd_lu_out *out)
{
	iommufd_lu_unpreserve_devices(out);
	iommufd_lu_unpreserve_hwpts(out);
	kho_sealed_table_destroy(&out->records);
	kho_sealed_table_destroy(&out->root);
	kfree(out);
}

static struct iommufd_lu_out *lu_out_alloc(struct iommufd_ctx *ictx,
					   struct luo_session *session)
{
	struct iommufd_lu_out *out = kzalloc_obj(*out);
	u32 index;
	void *err;

	if (!out)
		return ERR_PTR(-ENOMEM);

	out->ictx = ictx;
	out->session = session;
	INIT_LIST_HEAD(&out->hwpts);
	INIT_LIST_HEAD(&out->devices);
	kho_sealed_table_init(&out->root, IOMMUFD_LU_MAGIC,
			      IOMMUFD_ARRAY_KIND_ROOT,
			      sizeof(struct iommufd_root_ser), 1);
	kho_sealed_table_init(&out->records, IOMMUFD_LU_MAGIC,
			      IOMMUFD_ARRAY_KIND_HWPTS,
			      sizeof(struct iommufd_hwpt_ser),
			      IOMMUFD_LU_MAX_PAGES);

	out->ser = kho_sealed_table_add(&out->root, &index);
	if (!IS_ERR(out->ser))
		return out;
	err = out->ser;
	kho_sealed_table_destroy(&out->root);
	kfree(out);
	return err;
}

static bool lu_can_preserve(struct liveupdate_file_handler *handler,
			    struct file *file)
{
	return iommufd_file_is_ctx(file);
}

static int lu_preserve(struct liveupdate_file_op_args *args)
{
	struct iommufd_ctx *ictx = args->file->private_data;
	struct iommufd_lu_out *out;
	int rc;

	out = lu_out_alloc(ictx, args->session);
	if (IS_ERR(out))
		return PTR_ERR(out);

	guard(mutex)(&ictx->lu_lock);
	rc = iommufd_lu_preserve_hwpts(out);
	if (!rc)
		rc = iommufd_lu_preserve_devices(out);
	if (rc) {
		lu_out_free(out);
		return rc;
	}

	out->ser->hwpts = kho_sealed_table_phys(&out->records);
	out->ser->nr_hwpts = out->records.nr_slots;
	ictx->lu_out = out;
	args->private_data = out;
	args->serialized_data = kho_sealed_table_phys(&out->root);
	return 0;
}

static void lu_unpreserve(struct liveupdate_file_op_args *args)
{
	struct iommufd_lu_out *out = args->private_data;
	struct iommufd_ctx *ictx = out->ictx;

	guard(mutex)(&ictx->lu_lock);
	ictx->lu_out = NULL;
	lu_out_free(out);
}

static int lu_freeze(struct liveupdate_file_op_args *args)
{
	struct iommufd_lu_out *out = args->private_data;
	int rc = iommufd_lu_check_devices(out);

	if (rc)
		return rc;
	kho_sealed_table_seal(&out->records, liveupdate_number());
	kho_sealed_table_seal(&out->root, liveupdate_number());
	return 0;
}

static void lu_unfreeze(struct liveupdate_file_op_args *args)
{
	struct iommufd_lu_out *out = args->private_data;

	kho_sealed_table_unseal(&out->root);
	kho_sealed_table_unseal(&out->records);
}

static const struct liveupdate_file_ops iommufd_lu_ops = {
	.can_preserve = lu_can_preserve,
	.preserve = lu_preserve,
	.unpreserve = lu_unpreserve,
	.freeze = lu_freeze,
	.unfreeze = lu_unfreeze,
	.retrieve = iommufd_liveupdate_retrieve,
	.can_finish = iommufd_liveupdate_can_finish,
	.finish = iommufd_liveupdate_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler iommufd_lu_handler = {
	.ops = &iommufd_lu_ops,
	.compatible = IOMMUFD_LU_COMPATIBLE,
};

/* Without live update there is nothing to be done, and nothing is wrong. */
int iommufd_liveupdate_init(void)
{
	int rc;

	rc = liveupdate_register_file_handler(&iommufd_lu_handler);
	if (rc)
		return rc == -EOPNOTSUPP ? 0 : rc;
	rc = iommu_liveupdate_register(&iommufd_lu_handler);
	if (rc)
		liveupdate_unregister_file_handler(&iommufd_lu_handler);
	return rc;
}

void iommufd_liveupdate_exit(void)
{
	if (!liveupdate_enabled())
		return;
	iommu_liveupdate_unregister(&iommufd_lu_handler);
	liveupdate_unregister_file_handler(&iommufd_lu_handler);
}

MODULE_ALIAS_LIVEUPDATE_FILE(IOMMUFD_LU_COMPATIBLE);
