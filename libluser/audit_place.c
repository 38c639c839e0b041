// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Whether what is preserved, and what objects have, is where it can be. */
#include <inttypes.h>
#include <stdio.h>

#include "audit_internal.h"

/**
 * struct place - one rule about where memory is
 * @ranges: sorted and merged
 * @inside: memory has to be in one of them; else in none
 */
struct place {
	struct luser_audit *audit;
	struct luser_ranges ranges;
	bool inside;
	const char *rule;
	const char *text;
	const char *what;
};

/* The first of the sorted ranges that ends behind an address, or NULL. */
static const struct luser_range *range_after(const struct luser_ranges *ranges,
					     uint64_t phys)
{
	size_t low = 0, high = ranges->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct luser_range *r = &ranges->v[mid];

		if (r->start + (r->len - 1) < phys)
			low = mid + 1;
		else
			high = mid;
	}
	return low < ranges->nr ? &ranges->v[low] : NULL;
}

static void tell(struct place *place, const struct extent *extent,
		 uint64_t phys, const struct luser_range *range)
{
	char found[32], expected[96];

	snprintf(found, sizeof(found), "0x%" PRIx64, phys);
	if (range)
		snprintf(expected, sizeof(expected),
			 "%s, which is 0x%" PRIx64 " to 0x%" PRIx64,
			 place->what, range->start,
			 range->start + (range->len - 1));
	else
		snprintf(expected, sizeof(expected), "%s", place->what);
	audit_tell(place->audit, extent,
		   &(struct luser_finding){
			   .severity = LUSER_ERROR,
			   .rule = place->rule,
			   .text = place->text,
			   .phys = phys,
			   .found = found,
			   .expected = expected,
		   });
}

static void check(struct place *place, const struct extent *extent)
{
	const struct luser_range *range =
		range_after(&place->ranges, extent->start);
	uint64_t last = extent->start + (extent->len - 1);
	uint64_t phys = extent->start;

	if (!place->inside) {
		if (!range || range->start > last)
			return;
		if (phys < range->start)
			phys = range->start;
		tell(place, extent, phys, range);
		return;
	}
	/* Ranges that touch each other go on without a gap. */
	for (; range && range->start <= phys;
	     range = range_after(&place->ranges, phys)) {
		if (last - range->start < range->len)
			return;
		phys = range->start + range->len;
	}
	tell(place, extent, phys, NULL);
}

/* What objects have, and what nobody has but the map. */
static void check_all(struct place *place, const struct luser_ranges *owned)
{
	struct luser_audit *audit = place->audit;
	struct leaks leaks = leaks_of(audit, owned);
	struct luser_range leak;

	for (size_t i = 0; i < audit->owned.nr; i++)
		if (audit->owned.v[i].kind != LUSER_EXTENT_GUESS)
			check(place, &audit->owned.v[i]);
	while (leaks_next(&leaks, &leak))
		check(place, &(struct extent){
				     .start = leak.start,
				     .len = leak.len,
				     .index = LUSER_NO_INDEX,
				     .owner = audit->map_owner,
			     });
}

static void check_place(struct place *place, const struct luser_range *ranges,
			size_t nr, const struct luser_ranges *owned)
{
	bool good = true;

	for (size_t i = 0; i < nr; i++)
		if (ranges[i].len &&
		    ranges[i].len - 1 <= UINT64_MAX - ranges[i].start)
			good &= luser_ranges_add(
				&place->ranges, ranges[i].start, ranges[i].len);
	if (good) {
		luser_ranges_merge(&place->ranges);
		check_all(place, owned);
	}
	place->audit->nomem |= !good;
	luser_ranges_free(&place->ranges);
}

static void check_scratch(struct luser_audit *audit,
			  const struct luser_ranges *owned)
{
	struct place place = {
		.audit = audit,
		.rule = "in-scratch",
		.text = "the next kernel boots in this memory, and overwrites "
			"it",
		.what = "memory outside of the scratch area",
	};

	if (audit->root->nr_scratch)
		check_place(&place, audit->root->scratch,
			    audit->root->nr_scratch, owned);
	else
		audit_skip(audit, place.rule,
			   "where the scratch areas are is not known",
			   "the boot record or device tree of a kernel that was "
			   "booted with it, or debugfs");
}

static void check_ram(struct luser_audit *audit,
		      const struct luser_ranges *owned)
{
	struct place place = {
		.audit = audit,
		.inside = true,
		.rule = "not-ram",
		.text = "there is no RAM at this address",
		.what = "RAM",
	};
	const struct luser_range *ranges;
	size_t nr;

	if (!audit->mem || !luser_mem_is_all(audit->mem)) {
		audit_skip(
			audit, place.rule,
			"where the machine has RAM is not known",
			"a dump of all memory");
		return;
	}
	ranges = luser_mem_ranges(audit->mem, &nr);
	check_place(&place, ranges, nr, owned);
}

void audit_places(struct luser_audit *audit, const struct luser_ranges *owned)
{
	check_scratch(audit, owned);
	check_ram(audit, owned);
}
