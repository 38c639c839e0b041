// SPDX-License-Identifier: GPL-2.0-only

/* Preserving the marked HWPTs of an iommufd, and freezing what they map. */

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/iommu-liveupdate.h>
#include <linux/liveupdate.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <uapi/linux/fcntl.h>

#include "io_pagetable.h"
#include "iommufd_private.h"
#include "liveupdate-outgoing.h"

/* Without these, mapped pages can get lost from a memfd. */
#define IOMMUFD_LU_SEALS	(F_SEAL_SEAL | F_SEAL_GROW | F_SEAL_SHRINK)

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

void iommufd_lu_unpreserve_hwpts(struct iommufd_lu_out *out)
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

int iommufd_lu_preserve_hwpts(struct iommufd_lu_out *out)
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

struct iommufd_lu_hwpt *
iommufd_lu_find_hwpt(struct iommufd_lu_out *out,
		     const struct iommufd_hw_pagetable *hwpt)
{
	struct iommufd_lu_hwpt *lu;

	list_for_each_entry(lu, &out->hwpts, list) {
		if (&lu->hwpt->common == hwpt)
			return lu;
	}
	return NULL;
}
