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

#define pr_fmt(fmt) "iommufd: live update: " fmt

#include <linux/cleanup.h>
#include <linux/file.h>
#include <linux/iommu-liveupdate.h>
#include <linux/kho/abi/iommufd.h>
#include <linux/kho_sealed_table.h>
#include <linux/liveupdate.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <uapi/linux/fcntl.h>

#include "io_pagetable.h"
#include "iommufd_private.h"

/* Without these, mapped pages can get lost from a memfd. */
#define IOMMUFD_LU_SEALS	(F_SEAL_SEAL | F_SEAL_GROW | F_SEAL_SHRINK)

/**
 * struct iommufd_lu_device - A device that is preserved.
 * @list: In iommufd_lu_out::devices.
 * @lu:   What the IOMMU core knows it by.
 */
struct iommufd_lu_device {
	struct list_head list;
	struct iommu_lu_device *lu;
};

/**
 * struct iommufd_lu_hwpt - An HWPT that is preserved.
 * @list:       In iommufd_lu_out::hwpts.
 * @hwpt:       The HWPT, with a reference.
 * @nr_devices: Preserved devices that are attached to it.
 */
struct iommufd_lu_hwpt {
	struct list_head list;
	struct iommufd_hwpt_paging *hwpt;
	u32 nr_devices;
};

/**
 * struct iommufd_lu_out - What an iommufd hands over.
 * @ictx:    The iommufd.
 * @session: The session, while it is being preserved.
 * @root:    The root page.
 * @ser:     The root, in it.
 * @records: The records of HWPTs.
 * @hwpts:   The HWPTs.
 * @devices: Their devices.
 */
struct iommufd_lu_out {
	struct iommufd_ctx *ictx;
	struct luo_session *session;
	struct kho_sealed_table root;
	struct iommufd_root_ser *ser;
	struct kho_sealed_table records;
	struct list_head hwpts;
	struct list_head devices;
};

/*
 * HWPTs.
 */

static struct folio *lu_mapped_folio(struct iopt_area *area, unsigned long iova)
{
	phys_addr_t phys = iommu_iova_to_phys(area->storage_domain, iova);

	return phys ? page_folio(phys_to_page(phys)) : NULL;
}

/* The pages that are mapped must be those that the memfd takes along. */
static int lu_check_pages(struct iopt_area *area)
{
	struct address_space *mapping = area->pages->file->f_mapping;
	pgoff_t index = area->pages->start / PAGE_SIZE + iopt_area_index(area);
	unsigned long iova = iopt_area_iova(area);
	unsigned long nr;

	while (iova <= iopt_area_last_iova(area)) {
		struct folio *folio = lu_mapped_folio(area, iova);

		if (!folio || folio->mapping != mapping ||
		    !folio_contains(folio, index))
			return -ESTALE;
		nr = folio_next_index(folio) - index;
		if (check_add_overflow(iova, nr * PAGE_SIZE, &iova))
			return 0;
		index += nr;
	}
	return 0;
}

static int lu_check_area(struct iopt_area *area, void *arg)
{
	struct iommufd_lu_out *out = arg;
	struct file *file;
	int seals;
	u64 token;

	if (area->pages->type != IOPT_ADDRESS_FILE)
		return -EOPNOTSUPP;

	file = area->pages->file;
	seals = memfd_get_seals(file);
	if (seals < 0 || (seals & IOMMUFD_LU_SEALS) != IOMMUFD_LU_SEALS)
		return -EPERM;
	if (liveupdate_session_token(out->session, file, &token))
		return -EXDEV;
	return lu_check_pages(area);
}

static int lu_add_record(struct iommufd_lu_out *out,
			 struct iommufd_hwpt_paging *hwpt)
{
	struct iommufd_hwpt_ser *ser;
	u32 domain, index;
	int rc;

	rc = iommu_liveupdate_preserve_domain(hwpt->common.domain, &domain);
	if (rc)
		return rc;

	ser = kho_sealed_table_add(&out->records, &index);
	if (IS_ERR(ser)) {
		iommu_liveupdate_unpreserve_domain(hwpt->common.domain);
		return PTR_ERR(ser);
	}
	ser->token = hwpt->lu_token;
	ser->domain = domain;
	ser->flags = IOMMUFD_LU_LIVE;
	return 0;
}

static int lu_preserve_hwpt(struct iommufd_lu_out *out,
			    struct iommufd_hwpt_paging *hwpt)
{
	struct iommufd_lu_hwpt *lu __free(kfree) = kzalloc_obj(*lu);
	int rc;

	if (!lu)
		return -ENOMEM;

	rc = iopt_freeze(&hwpt->ioas->iopt, lu_check_area, out);
	if (rc)
		return rc;
	rc = lu_add_record(out, hwpt);
	if (rc) {
		iopt_unfreeze(&hwpt->ioas->iopt);
		return rc;
	}

	refcount_inc(&hwpt->common.obj.users);
	WRITE_ONCE(hwpt->lu_preserved, true);
	lu->hwpt = hwpt;
	list_add_tail(&no_free_ptr(lu)->list, &out->hwpts);
	return 0;
}

static void lu_unpreserve_hwpts(struct iommufd_lu_out *out)
{
	struct iommufd_lu_hwpt *lu, *next;

	list_for_each_entry_safe_reverse(lu, next, &out->hwpts, list) {
		struct iommufd_hwpt_paging *hwpt = lu->hwpt;

		WRITE_ONCE(hwpt->lu_preserved, false);
		iommu_liveupdate_unpreserve_domain(hwpt->common.domain);
		iopt_unfreeze(&hwpt->ioas->iopt);
		refcount_dec(&hwpt->common.obj.users);
		kfree(lu);
	}
}

static int lu_preserve_hwpts(struct iommufd_lu_out *out)
{
	struct iommufd_hwpt_paging *hwpt;
	unsigned long index = 0;
	int rc = 0;

	while (!rc && (hwpt = iommufd_next_hwpt(out->ictx, &index))) {
		if (hwpt->lu_marked)
			rc = lu_preserve_hwpt(out, hwpt);
		iommufd_put_object(out->ictx, &hwpt->common.obj);
	}
	if (!rc && list_empty(&out->hwpts))
		rc = -ENODATA;
	return rc;
}

/*
 * Devices.
 */

static struct iommufd_device *lu_next_device(struct iommufd_ctx *ictx,
					     unsigned long *index)
{
	struct iommufd_object *obj;

	obj = iommufd_next_object(ictx, index, IOMMUFD_OBJ_DEVICE);
	return obj ? container_of(obj, struct iommufd_device, obj) : NULL;
}

static struct iommufd_lu_hwpt *
lu_find_hwpt(struct iommufd_lu_out *out, const struct iommufd_hw_pagetable *hwpt)
{
	struct iommufd_lu_hwpt *lu;

	list_for_each_entry(lu, &out->hwpts, list) {
		if (&lu->hwpt->common == hwpt)
			return lu;
	}
	return NULL;
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
	hwpt = lu_find_hwpt(out, attach->hwpt);
	return hwpt ? lu_preserve_device(out, idev, hwpt) : 0;
}

static int lu_preserve_devices(struct iommufd_lu_out *out)
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

static void lu_unpreserve_devices(struct iommufd_lu_out *out)
{
	struct iommufd_lu_device *device, *next;

	list_for_each_entry_safe_reverse(device, next, &out->devices, list) {
		iommu_liveupdate_unpreserve_device(device->lu);
		kfree(device);
	}
	lu_release_devices(out->ictx);
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
	lu_unpreserve_devices(out);
	lu_unpreserve_hwpts(out);
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
	rc = lu_preserve_hwpts(out);
	if (!rc)
		rc = lu_preserve_devices(out);
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
	struct iommufd_lu_device *device;
	int rc;

	list_for_each_entry(device, &out->devices, list) {
		rc = iommu_liveupdate_check_device(device->lu);
		if (rc)
			return rc;
	}
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
