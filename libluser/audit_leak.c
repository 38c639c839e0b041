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
	uint64_t pages, block = 1;
	uint32_t order;

	*first = extent->start >> shift;
	pages = last - *first + 1;
	if (block_set_order(audit->map.set, extent->start, &order))
		block <<= order;
	return *first & (block - 1) || block < pages ? pages : block;
}

/* All addresses are more than the length of one range can say. */
static bool add_pages(struct luser_ranges *owned, uint64_t start,
		      uint64_t pages, uint32_t shift)
{
	uint64_t half = pages / 2 << shift;

	if (pages << shift)
		return luser_ranges_add(owned, start, pages << shift);
	return luser_ranges_add(owned, start, half) &&
	       luser_ranges_add(owned, start + half, half);
}

void audit_owned(struct luser_audit *audit, struct luser_ranges *owned)
{
	uint32_t shift = audit->page_shift;
	uint64_t first, pages;

	for (size_t i = 0; i < audit->owned.nr; i++) {
		pages = pages_of(audit, &audit->owned.v[i], &first);
		if (!add_pages(owned, first << shift, pages, shift))
			audit->nomem = true;
	}
	luser_ranges_merge(owned);
}

struct leaks leaks_of(const struct luser_audit *audit,
		      const struct luser_ranges *owned)
{
	return (struct leaks){ .map = &audit->map, .owned = owned };
}

/* Passes over all owned ranges that end before the map's range goes on. */
static const struct luser_range *owned_next(struct leaks *leaks)
{
	const struct luser_ranges *owned = leaks->owned;

	for (; leaks->number < owned->nr; leaks->number++) {
		const struct luser_range *range = &owned->v[leaks->number];

		if (range->start + (range->len - 1) < leaks->left.start)
			continue;
		return range->start <=
				       leaks->left.start + (leaks->left.len - 1)
			       ? range
			       : NULL;
	}
	return NULL;
}

static void take(struct leaks *leaks, uint64_t len, struct luser_range *range)
{
	*range = (struct luser_range){ leaks->left.start, len };
	leaks->left.start += len;
	leaks->left.len -= len;
}

bool leaks_next(struct leaks *leaks, struct luser_range *range)
{
	struct luser_range *left = &leaks->left;

	while (left->len ||
	       luser_map_next(leaks->map, &leaks->cursor, left)) {
		const struct luser_range *owned = owned_next(leaks);
		uint64_t covered;

		if (!owned || owned->start > left->start) {
			take(leaks, owned ? owned->start - left->start :
					    left->len, range);
			return true;
		}
		covered = owned->len - (left->start - owned->start);
		take(leaks, covered < left->len ? covered : left->len, range);
	}
	return false;
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

void audit_leaks(struct luser_audit *audit, const struct luser_ranges *owned,
		 struct luser_audit_sums *sums)
{
	struct leaks leaks = leaks_of(audit, owned);
	uint32_t shift = audit->page_shift;
	uint64_t pages = 0;
	struct luser_range leak;

	if (!audit->has_map) {
		audit_skip(audit, "no-owner",
			   "what is preserved is not known",
			   "a map of preserved memory");
		return;
	}
	while (leaks_next(&leaks, &leak)) {
		pages += leak.len >> shift;
		sums->leaks++;
		tell(audit, &leak);
	}
	sums->preserved = page_bytes(audit->map.set->pages, shift);
	sums->leaked = page_bytes(pages, shift);
	sums->owned = page_bytes(audit->map.set->pages - pages, shift);
}
