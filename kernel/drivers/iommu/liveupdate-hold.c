// SPDX-License-Identifier: GPL-2.0-only

/*
 * Live update, the new kernel: the memory that a restored domain maps.
 *
 * The old kernel's iommufd had it pinned. Until a restored domain is freed, its
 * pages must neither move nor be freed, whatever happens to their files.
 */

#define pr_fmt(fmt)	"iommu: live update: " fmt

#include <linux/generic_pt/iommu.h>
#include <linux/iommu.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "liveupdate.h"

/**
 * struct lu_hold - References to the pages that a domain maps.
 * @is_known: Whether pages of such a mapping may be accessed.
 * @arg:      For @is_known.
 * @nr:       How many references.
 */
struct lu_hold {
	bool (*is_known)(const struct address_space *mapping, void *arg);
	void *arg;
	u64 nr;
};

/* Once it is held, a page keeps its place, even if its file loses it. */
static bool lu_hold_folio(const struct lu_hold *hold, phys_addr_t phys)
{
	struct page *page = pfn_to_online_page(PHYS_PFN(phys));
	struct folio *folio;

	if (!page)
		return false;
	folio = page_folio(page);
	if (!folio_try_get(folio))
		return false;
	if (page_folio(page) == folio &&
	    hold->is_known(READ_ONCE(folio->mapping), hold->arg))
		return true;
	folio_put(folio);
	return false;
}

/* The part of a folio that is left from an address on. */
static size_t lu_folio_rest(phys_addr_t phys)
{
	struct folio *folio = page_folio(phys_to_page(phys));

	return folio_size(folio) - (phys - PFN_PHYS(folio_pfn(folio)));
}

static int lu_hold_block(phys_addr_t phys, size_t size, void *arg)
{
	struct lu_hold *hold = arg;
	size_t done;

	for (; size; phys += done, size -= done) {
		if (!lu_hold_folio(hold, phys)) {
			pr_err("%#llx is mapped, and of no file\n", (u64)phys);
			return -EBADMSG;
		}
		hold->nr++;
		done = min(size, lu_folio_rest(phys));
	}
	return 0;
}

/* Goes the same way as lu_hold_block(), as far as that went. */
static int lu_release_block(phys_addr_t phys, size_t size, void *arg)
{
	struct lu_hold *hold = arg;
	size_t done;

	for (; size; phys += done, size -= done) {
		if (!hold->nr)
			return -ENOENT;
		hold->nr--;
		done = min(size, lu_folio_rest(phys));
		folio_put(page_folio(phys_to_page(phys)));
	}
	return 0;
}

/**
 * iommu_liveupdate_release - Undo iommu_liveupdate_hold()
 * @domain: The domain, which maps what it mapped then.
 * @nr:     What that returned.
 */
void iommu_liveupdate_release(struct iommu_domain *domain, u64 nr)
{
	struct pt_iommu *pt = iommupt_from_domain(domain);
	struct lu_hold hold = { .nr = nr };

	pt->ops->visit_mapped(pt, lu_release_block, &hold);
}

/**
 * iommu_liveupdate_hold - Hold the pages that a domain maps
 * @domain:   The domain, which was handed over.
 * @is_known: Whether pages of such a mapping may be mapped.
 * @arg:      For @is_known.
 * @nr:       Receives how many references that are.
 *
 * Return: 0, or -EBADMSG if something else is mapped; then nothing is held.
 */
int iommu_liveupdate_hold(struct iommu_domain *domain,
			  bool (*is_known)(const struct address_space *mapping,
					   void *arg),
			  void *arg, u64 *nr)
{
	struct lu_hold hold = { .is_known = is_known, .arg = arg };
	struct pt_iommu *pt = iommupt_from_domain(domain);
	int err;

	err = pt->ops->visit_mapped(pt, lu_hold_block, &hold);
	if (err)
		iommu_liveupdate_release(domain, hold.nr);
	else
		*nr = hold.nr;
	return err;
}
