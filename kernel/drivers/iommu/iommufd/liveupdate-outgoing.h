/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an iommufd hands over, between liveupdate.c, which is the handler of the
 * file, liveupdate-hwpts.c and liveupdate-devices.c.
 */

#ifndef __IOMMUFD_LIVEUPDATE_OUTGOING_H
#define __IOMMUFD_LIVEUPDATE_OUTGOING_H

#include <linux/kho/abi/iommufd.h>
#include <linux/kho_sealed_table.h>
#include <linux/list.h>

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

/* In liveupdate-hwpts.c */
int iommufd_lu_preserve_hwpts(struct iommufd_lu_out *out);
void iommufd_lu_unpreserve_hwpts(struct iommufd_lu_out *out);
struct iommufd_lu_hwpt *
iommufd_lu_find_hwpt(struct iommufd_lu_out *out,
		     const struct iommufd_hw_pagetable *hwpt);

/* In liveupdate-devices.c */
int iommufd_lu_preserve_devices(struct iommufd_lu_out *out);
void iommufd_lu_unpreserve_devices(struct iommufd_lu_out *out);
int iommufd_lu_check_devices(struct iommufd_lu_out *out);

#endif /* __IOMMUFD_LIVEUPDATE_OUTGOING_H */
