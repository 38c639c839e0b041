// SPDX-License-Identifier: GPL-2.0-only

/**
 * DOC: iommufd live update, the new kernel
 *
 * A retrieved iommufd is a new one, with an object for each HWPT that the old
 * kernel preserved and that is sound. Such an HWPT has no IOAS, and nothing can
 * be mapped in it. The devices that were attached to it go on using it.
 *
 * The memfds that were preserved with it are retrieved with it, and their pages
 * stay where they are as long as such an HWPT maps them.
 *
 * Binding such a device to this iommufd claims it, which touches no hardware.
 * Attaching it to the HWPT is the first that must be done with it, and touches
 * none either. After that it is replaced by an HWPT with mappings.
 *
 * The session is finished when no device uses a restored HWPT any more.
 */

#define pr_fmt(fmt) "iommufd: live update: " fmt

#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/file.h>
#include <linux/iommu-liveupdate.h>
#include <linux/liveupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "iommufd_private.h"
#include "liveupdate-check.h"

/**
 * struct iommufd_lu_in - What was handed over of an iommufd.
 * @view:    What of it is sound.
 * @files:   The mappings of the files that were preserved before it.
 * @refused: Some of it is not, or its domain is not.
 */
struct iommufd_lu_in {
	struct iommufd_lu_view view;
	struct xarray files;
	bool refused;
};

static struct iommufd_hwpt_restored *
to_hwpt_restored(struct iommufd_object *obj)
{
	return container_of(obj, struct iommufd_hwpt_restored, common.obj);
}

static struct iommufd_hwpt_restored *
lu_next_hwpt(struct iommufd_ctx *ictx, unsigned long *index)
{
	struct iommufd_object *obj;

	obj = iommufd_next_object(ictx, index, IOMMUFD_OBJ_HWPT_RESTORED);
	return obj ? to_hwpt_restored(obj) : NULL;
}

void iommufd_liveupdate_free_in(struct iommufd_lu_in *in)
{
	iommu_liveupdate_forget_pages(&in->view.hwpts);
	iommu_liveupdate_forget_pages(&in->view.root_page);
	iommufd_lu_release(&in->view);
	xa_destroy(&in->files);
	kfree(in);
}

static struct iommufd_lu_in *lu_in_load(u64 phys)
{
	struct iommufd_lu_in *in = kzalloc_obj(*in);
	int rc;

	if (!in)
		return ERR_PTR(-ENOMEM);

	xa_init(&in->files);
	rc = iommufd_lu_check(phys, &iommu_liveupdate_check_ops, NULL,
			      iommu_liveupdate_domains(), &in->view);
	if (!rc)
		return in;
	pr_err("the record at %#llx is refused: %pe\n", phys, ERR_PTR(rc));
	kfree(in);
	return ERR_PTR(rc);
}

/*
 * Retrieving.
 */

void iommufd_hwpt_restored_destroy(struct iommufd_object *obj)
{
	iommu_liveupdate_put_domain(to_hwpt_restored(obj)->restored);
}

static void lu_add_file(struct file *file, void *arg)
{
	struct iommufd_lu_in *in = arg;

	/* Without it, what maps this file is refused. */
	xa_store(&in->files, (unsigned long)file->f_mapping,
		 xa_mk_value(0), GFP_KERNEL);
}

static bool lu_is_known(const struct address_space *mapping, void *arg)
{
	struct iommufd_lu_in *in = arg;

	return mapping && xa_load(&in->files, (unsigned long)mapping);
}

static int lu_add_hwpt(struct iommufd_ctx *ictx, struct iommufd_lu_in *in,
		       const struct iommufd_hwpt_ser *ser)
{
	struct iommu_lu_restored *restored;
	struct iommufd_hwpt_restored *hwpt;

	restored = iommu_liveupdate_get_domain(ser->domain, lu_is_known, in);
	if (!restored) {
		pr_err("HWPT %#llx is refused with its domain\n", ser->token);
		in->refused = true;
		return 0;
	}

	hwpt = __iommufd_object_alloc(ictx, hwpt, IOMMUFD_OBJ_HWPT_RESTORED,
				      common.obj);
	if (IS_ERR(hwpt)) {
		iommu_liveupdate_put_domain(restored);
		return PTR_ERR(hwpt);
	}
	hwpt->restored = restored;
	hwpt->token = ser->token;
	hwpt->common.domain = iommu_liveupdate_restored_domain(restored);
	iommufd_object_finalize(ictx, &hwpt->common.obj);
	return 0;
}

static int lu_add_hwpts(struct iommufd_ctx *ictx, struct iommufd_lu_in *in)
{
	const struct kho_sealed_array *hwpts = &in->view.hwpts;
	const struct iommufd_hwpt_ser *ser;
	int rc = 0;

	in->refused = hwpts->incomplete ||
		      !bitmap_empty(hwpts->damaged, hwpts->nr_slots);
	for (u32 i = 0; !rc && i < hwpts->nr_slots; i++) {
		ser = iommufd_lu_hwpt(&in->view, i);
		if (ser)
			rc = lu_add_hwpt(ictx, in, ser);
	}
	return rc;
}

int iommufd_liveupdate_retrieve(struct liveupdate_file_op_args *args)
{
	struct iommufd_lu_in *in;
	struct iommufd_ctx *ictx;
	struct file *file;
	int rc;

	in = lu_in_load(args->serialized_data);
	if (IS_ERR(in))
		return PTR_ERR(in);

	file = iommufd_ctx_getfile();
	if (IS_ERR(file)) {
		iommufd_liveupdate_free_in(in);
		return PTR_ERR(file);
	}

	/* From now on, closing the file undoes everything. */
	ictx = file->private_data;
	ictx->lu_in = in;
	liveupdate_session_earlier(args->session, lu_add_file, in);
	rc = lu_add_hwpts(ictx, in);
	if (rc)
		fput(file);
	else
		args->file = file;
	return rc;
}

/*
 * In use.
 */

static int lu_lookup(struct iommufd_ctx *ictx,
		     struct iommu_liveupdate_lookup *cmd)
{
	struct iommufd_hwpt_restored *hwpt;
	unsigned long index = 0;
	bool found = false;

	lockdep_assert_held(&ictx->lu_lock);
	if (!ictx->lu_in)
		return -ENOENT;

	while (!found && (hwpt = lu_next_hwpt(ictx, &index))) {
		found = hwpt->token == cmd->token;
		if (found)
			cmd->out_hwpt_id = hwpt->common.obj.id;
		iommufd_put_object(ictx, &hwpt->common.obj);
	}
	if (found)
		return 0;
	return ictx->lu_in->refused ? -EBADMSG : -ENOENT;
}

int iommufd_liveupdate_lookup(struct iommufd_ucmd *ucmd)
{
	struct iommu_liveupdate_lookup *cmd = ucmd->cmd;
	int rc;

	scoped_guard(mutex, &ucmd->ictx->lu_lock)
		rc = lu_lookup(ucmd->ictx, cmd);
	return rc ?: iommufd_ucmd_respond(ucmd, sizeof(*cmd));
}

/* Take a device that is attached to one of the HWPTs. */
int iommufd_liveupdate_claim(struct iommufd_device *idev)
{
	struct iommufd_ctx *ictx = idev->ictx;
	struct iommufd_hwpt_restored *hwpt;
	unsigned long index = 0;
	int rc = -EPERM;

	while (rc && (hwpt = lu_next_hwpt(ictx, &index))) {
		rc = iommu_liveupdate_claim(idev->dev, hwpt->common.domain,
					    ictx);
		if (!rc) {
			refcount_inc(&hwpt->common.obj.users);
			idev->lu_restored = &hwpt->common;
		}
		iommufd_put_object(ictx, &hwpt->common.obj);
	}
	return rc;
}

/* It was attached to its HWPT, which is a user itself, or given up. */
void iommufd_liveupdate_unclaim(struct iommufd_device *idev)
{
	if (!idev->lu_restored)
		return;
	refcount_dec(&idev->lu_restored->obj.users);
	idev->lu_restored = NULL;
}

/*
 * Finishing.
 */

bool iommufd_liveupdate_can_finish(struct liveupdate_file_op_args *args)
{
	struct iommufd_hwpt_restored *hwpt;
	struct iommufd_object *obj;
	unsigned long index = 0;
	struct iommufd_ctx *ictx;
	bool unused = true;

	if (!args->file)
		return true;

	ictx = args->file->private_data;
	while (unused && (hwpt = lu_next_hwpt(ictx, &index))) {
		obj = &hwpt->common.obj;
		/* The file is one user, and this is another one. */
		unused = refcount_read(&obj->users) <= 2;
		iommufd_put_object(ictx, obj);
	}
	return unused;
}

/* One that came into use meanwhile stays until nobody uses it any more. */
static void lu_remove_hwpts(struct iommufd_ctx *ictx)
{
	struct iommufd_hwpt_restored *hwpt;
	unsigned long index = 0;

	while ((hwpt = lu_next_hwpt(ictx, &index))) {
		/* Removing it takes one reference, and waits for this. */
		refcount_dec(&hwpt->common.obj.wait_cnt);
		iommufd_object_put_and_try_destroy(ictx, &hwpt->common.obj);
	}
}

static void lu_in_finish(struct iommufd_lu_in *in)
{
	const struct iommufd_hwpt_ser *ser;

	for (u32 i = 0; i < in->view.hwpts.nr_slots; i++) {
		ser = iommufd_lu_hwpt(&in->view, i);
		if (ser)
			iommu_liveupdate_finish_domain(ser->domain);
	}
	iommu_liveupdate_free_pages(&in->view.hwpts);
	iommu_liveupdate_free_pages(&in->view.root_page);
	iommufd_liveupdate_free_in(in);
}

static struct iommufd_lu_in *lu_take_in(struct iommufd_ctx *ictx)
{
	struct iommufd_lu_in *in;

	guard(mutex)(&ictx->lu_lock);
	in = ictx->lu_in;
	ictx->lu_in = NULL;
	return in;
}

void iommufd_liveupdate_finish(struct liveupdate_file_op_args *args)
{
	struct iommufd_lu_in *in;

	if (args->file) {
		lu_remove_hwpts(args->file->private_data);
		in = lu_take_in(args->file->private_data);
	} else {
		in = lu_in_load(args->serialized_data);
	}
	if (!IS_ERR(in))
		lu_in_finish(in);
}
