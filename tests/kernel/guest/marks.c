// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Commands on what of an iommufd is handed over: mark, unmark, lookup. */
#include "guest.h"
#include "iommu_liveupdate_utils.h"

#ifdef IOMMU_LIVEUPDATE_MARK	/* only a kernel with the series has it */

/* mark HWPT TOKEN */
static int do_mark(const struct words *w)
{
	struct object *hwpt = object_find(w->at[1]);

	return iommufd_mark(hwpt->iommufd->fd, hwpt->id,
			    words_number(w->at[2]));
}

/* unmark HWPT */
static int do_unmark(const struct words *w)
{
	struct object *hwpt = object_find(w->at[1]);

	return iommufd_unmark(hwpt->iommufd->fd, hwpt->id);
}

/* lookup NAME IOMMUFD TOKEN */
static int do_lookup(const struct words *w)
{
	struct object *iommufd = object_find(w->at[2]);
	uint32_t id;
	int err = iommufd_lookup(iommufd->fd, words_number(w->at[3]), &id);

	return object_in(iommufd, w->at[1], id, err);
}

#endif /* IOMMU_LIVEUPDATE_MARK */

const struct command mark_commands[] = {
#ifdef IOMMU_LIVEUPDATE_MARK
	{ "mark", 2, .attempt = do_mark },
	{ "unmark", 1, .attempt = do_unmark },
	{ "lookup", 3, .attempt = do_lookup },
#endif
	{ 0 }
};
