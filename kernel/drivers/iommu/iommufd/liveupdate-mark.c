// SPDX-License-Identifier: GPL-2.0-only

/* Which HWPTs of an iommufd are preserved, and under which token. */

#include <linux/cleanup.h>
#include <linux/iommu-liveupdate.h>
#include <linux/mutex.h>

#include "iommufd_private.h"

static bool lu_token_is_used(struct iommufd_ctx *ictx, u64 token)
{
	struct iommufd_hwpt_paging *hwpt;
	unsigned long index = 0;
	bool used = false;

	while (!used && (hwpt = iommufd_next_hwpt(ictx, &index))) {
		used = hwpt->lu_marked && hwpt->lu_token == token;
		iommufd_put_object(ictx, &hwpt->common.obj);
	}
	return used;
}

static int lu_mark(struct iommufd_ctx *ictx, struct iommufd_hwpt_paging *hwpt,
		   u64 token)
{
	int rc;

	lockdep_assert_held(&ictx->lu_lock);
	if (ictx->lu_out)
		return -EBUSY;
	if (hwpt->lu_marked || lu_token_is_used(ictx, token))
		return -EEXIST;
	if (hwpt->auto_domain || hwpt->nest_parent || hwpt->common.fault)
		return -EOPNOTSUPP;

	rc = iommu_liveupdate_may_preserve(hwpt->common.domain);
	if (rc)
		return rc;
	hwpt->lu_token = token;
	hwpt->lu_marked = true;
	return 0;
}

int iommufd_liveupdate_mark(struct iommufd_ucmd *ucmd)
{
	struct iommu_liveupdate_mark *cmd = ucmd->cmd;
	struct iommufd_hwpt_paging *hwpt;
	int rc;

	hwpt = iommufd_get_hwpt_paging(ucmd, cmd->hwpt_id);
	if (IS_ERR(hwpt))
		return PTR_ERR(hwpt);

	scoped_guard(mutex, &ucmd->ictx->lu_lock)
		rc = lu_mark(ucmd->ictx, hwpt, cmd->token);
	iommufd_put_object(ucmd->ictx, &hwpt->common.obj);
	return rc;
}

static int lu_unmark(struct iommufd_ctx *ictx, struct iommufd_hwpt_paging *hwpt)
{
	lockdep_assert_held(&ictx->lu_lock);
	if (ictx->lu_out)
		return -EBUSY;
	if (!hwpt->lu_marked)
		return -ENOENT;
	hwpt->lu_marked = false;
	return 0;
}

int iommufd_liveupdate_unmark(struct iommufd_ucmd *ucmd)
{
	struct iommu_liveupdate_unmark *cmd = ucmd->cmd;
	struct iommufd_hwpt_paging *hwpt;
	int rc;

	hwpt = iommufd_get_hwpt_paging(ucmd, cmd->hwpt_id);
	if (IS_ERR(hwpt))
		return PTR_ERR(hwpt);

	scoped_guard(mutex, &ucmd->ictx->lu_lock)
		rc = lu_unmark(ucmd->ictx, hwpt);
	iommufd_put_object(ucmd->ictx, &hwpt->common.obj);
	return rc;
}
