// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Which preserved memory is nobody's. */
#include <inttypes.h>
#include <stdio.h>

#include <luser/format.h>

#include "audit_internal.h"

/*
 * Pages that belong to an extent. A block is given back as a whole by whoever
 * knows its start (kho_restore_folio(), kernel/liveupdate/kexec_handover.c),
 * so what is behind a small object in its block is that object's too.
 */
static uint64_t pages_of(const struct luser_audit *audit,
			 const struct extent *extent, uint64_t *first)
{
	uint32_t shift = audit->page_shift;
	uint64_t last = (extent->start + (extent->len - 1)) >> shift;
	const struct run *run = runs_at(&audit->runs, extent->start);
	uint64_t pages, block;

	*first = extent->start >> shift;
	pages = last - *first + 1;
	block = run ? UINT64_C(1) << run->order : 1;
	return *first & (block - 1) || block < pages ? pages : block;
}

static void gather(struct luser_audit *audit, struct luser_ranges *owned)
{
	uint32_t shift = audit->page_shift;
	uint64_t first, pages;

	for (size_t i = 0; i < audit->owned.nr; i++) {
		pages = pages_of(audit, &audit->owned.v[i], &first);
		if (!luser_ranges_add(owned, first << shift, pages << shift))
			audit->nomem = true;
	}
	luser_ranges_merge(owned);
}

static void add(struct luser_audit *audit, struct luser_ranges *leaked,
		uint64_t start, uint64_t end)
{
	if (start < end && !luser_ranges_add(leaked, start, end - start))
		audit->nomem = true;
}

/* What of the map's ranges is in none of the owned ones. */
static void subtract(struct luser_audit *audit,
		     const struct luser_ranges *owned,
		     struct luser_ranges *leaked)
{
	size_t k = 0;

	for (size_t i = 0; i < audit->map.nr; i++) {
		uint64_t at = audit->map.v[i].start;
		uint64_t end = at + audit->map.v[i].len;

		while (k < owned->nr &&
		       owned->v[k].start + owned->v[k].len <= at)
			k++;
		for (size_t m = k; m < owned->nr && owned->v[m].start < end;
		     m++) {
			add(audit, leaked, at, owned->v[m].start);
			at = owned->v[m].start + owned->v[m].len;
		}
		add(audit, leaked, at, end);
	}
}

/* Why some object that nobody saw may have it; NULL: none can. */
static const char *excuse(const struct luser_audit *audit)
{
	if (audit->unknown)
		return "no object is known that has this memory; what no "
		       "schema describes may";
	if (audit->stale)
		return "no object is known that has this memory; what is not "
		       "written yet, or stale, may";
	if (audit->root->phys == LUSER_NO_PHYS)
		return "no object is known that has this memory; the root, "
		       "whose address is not known, may";
	if (audit->errors)
		return "no object is known that has this memory; what is "
		       "damaged may";
	return NULL;
}

static void tell(struct luser_audit *audit, const struct luser_range *range)
{
	const struct extent map = {
		.start = range->start,
		.index = LUSER_NO_INDEX,
		.owner = audit->map_owner,
	};
	const char *why = excuse(audit);
	uint64_t pages = range->len >> audit->page_shift;
	char found[96], size[32];

	luser_format_size(range->len, size, sizeof(size));
	snprintf(found, sizeof(found),
		 "%" PRIu64 " page%s, %" PRIu64 " bytes (%s)", pages,
		 pages == 1 ? "" : "s", range->len, size);
	audit_tell(audit, &map,
		   &(struct luser_finding){
			   .severity = why ? LUSER_WARNING : LUSER_ERROR,
			   .rule = "no-owner",
			   .text = why ? why
				       : "no object has this preserved memory: "
					 "the next kernel can never free it",
			   .phys = range->start,
			   .found = found,
			   .expected = "memory that some object has",
		   });
}

void audit_leaks(struct luser_audit *audit, struct luser_ranges *leaked,
		 struct luser_audit_sums *sums)
{
	struct luser_ranges owned = { 0 };

	if (!audit->has_map) {
		audit_skip(audit, "no-owner",
			   "what is preserved is not known",
			   "a map of preserved memory");
		return;
	}
	gather(audit, &owned);
	subtract(audit, &owned, leaked);
	luser_ranges_free(&owned);
	for (size_t i = 0; i < audit->map.nr; i++)
		sums->preserved += audit->map.v[i].len;
	for (size_t i = 0; i < leaked->nr; i++) {
		sums->leaked += leaked->v[i].len;
		tell(audit, &leaked->v[i]);
	}
	sums->leaks = leaked->nr;
	sums->owned = sums->preserved - sums->leaked;
}
