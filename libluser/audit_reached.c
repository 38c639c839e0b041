// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Whether devices reach what they may: what page tables map is memory of the
 * group of objects that has the page tables.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_internal.h"

/*
 * Any number of page tables may map the same memory, of any number of owners.
 * So often what is mapped and what is owned is looked at, and so much more.
 */
#define OFTEN 16
#define MORE  (UINT64_C(1) << 24)

/**
 * struct wrong - memory that is mapped and should not be
 * @bytes: of all of it; 0: there is none
 * @phys:  the first
 * @owner: who has it, or NULL
 */
struct wrong {
	uint64_t bytes;
	uint64_t phys;
	const struct extent *owner;
};

/**
 * struct reached - what is wrong with what some page tables map
 * @first, @end: that, by input address: which of all runs
 * @use:     the first group that has them, or NULL
 * @unowned: nobody has it
 * @other:   somebody else has it
 */
struct reached {
	struct luser_audit *audit;
	const struct reach_tables *tables;
	size_t first;
	size_t end;
	const struct reach_use *use;
	struct wrong unowned;
	struct wrong other;
};

/* One group may refer to the same page tables any number of times. */
static int by_index(const void *a, const void *b)
{
	const struct reach_use *x = a, *y = b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->link > y->link) - (x->link < y->link);
}

static void sort_uses(struct reach *reach)
{
	size_t nr = 0;

	if (reach->nr_uses)
		qsort(reach->uses, reach->nr_uses, sizeof(*reach->uses),
		      by_index);
	for (size_t i = 0; i < reach->nr_uses; i++)
		if (!nr || by_index(&reach->uses[nr - 1], &reach->uses[i]))
			reach->uses[nr++] = reach->uses[i];
	reach->nr_uses = nr;
}

/*
 * The first of the sorted uses of the tables by @group or by those behind it;
 * NULL: none is.
 */
static const struct reach_use *find_use(const struct luser_audit *audit,
					const struct reach_tables *tables,
					uint32_t group)
{
	const struct reach_use key = { .index = tables->index, .group = group };
	const struct reach *reach = &audit->reach;
	size_t low = 0, high = reach->nr_uses;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_index(&reach->uses[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < reach->nr_uses && reach->uses[low].index == key.index;
	     low++)
		if (tables->array && walk_links_to(reach->uses[low].link,
						   tables->abi, tables->array))
			return &reach->uses[low];
	return NULL;
}

/* Whether devices may reach what somebody has. */
static bool may_reach(const struct reached *r, const struct extent *owner)
{
	uint32_t group = owners_group(&r->audit->owners, owner->owner);
	const struct reach_use *use;

	if (!owner->field || !owner->field->link ||
	    !owner->field->link->reachable)
		return false;
	use = find_use(r->audit, r->tables, group);
	return use && use->group == group;
}

/* What certainly is somebody's is told rather than what may be. */
static void add(struct wrong *wrong, uint64_t phys, uint64_t bytes,
		const struct extent *owner)
{
	if (!wrong->bytes ||
	    (wrong->owner && wrong->owner->kind == LUSER_EXTENT_GUESS &&
	     owner->kind != LUSER_EXTENT_GUESS)) {
		wrong->phys = phys;
		wrong->owner = owner;
	}
	wrong->bytes += bytes;
}

/* What is not preserved was told by the walk. */
static void add_unowned(struct reached *r, uint64_t phys, uint64_t len)
{
	const struct luser_block_set *set = r->audit->map.set;

	while (len) {
		bool preserved;
		uint64_t bytes = block_set_alike(set, phys, len, &preserved);

		if (preserved)
			add(&r->unowned, phys, bytes, NULL);
		phys += bytes;
		len -= bytes;
	}
}

/*
 * How much from an address on has the same owner, or none. What is behind a
 * small object in its page is that object's too.
 */
static uint64_t stretch(const struct luser_audit *audit, uint64_t phys,
			const struct extent *owner)
{
	const struct extent *next = extents_behind(&audit->owned, phys);
	uint64_t page = UINT64_C(1) << audit->page_shift;
	uint64_t bytes = UINT64_MAX - phys;

	if (owner) {
		bytes = (extent_last(owner) | (page - 1)) - phys;
		bytes += bytes != UINT64_MAX;
	}
	if (next && next->start - phys < bytes)
		bytes = next->start - phys;
	return bytes;
}

static void judge_range(struct reached *r, const struct luser_range *range)
{
	uint64_t phys = range->start, left = range->len;

	while (left && r->audit->reach.left) {
		const struct extent *owner = extents_at(&r->audit->owned, phys);
		uint64_t bytes = stretch(r->audit, phys, owner);

		if (bytes > left)
			bytes = left;
		if (!owner)
			add_unowned(r, phys, bytes);
		else if (r->use && !may_reach(r, owner))
			add(&r->other, phys, bytes, owner);
		r->audit->reach.left--;
		phys += bytes;
		left -= bytes;
	}
}

/* Any number of runs may be of the same memory, which is judged once. */
static void judge_runs(struct reached *r)
{
	const struct reach_run *runs = r->audit->reach.runs;
	struct luser_ranges ranges = { 0 };
	bool ok = true;

	for (size_t i = r->first; ok && i < r->end; i++)
		ok = luser_ranges_add(&ranges, runs[i].phys, runs[i].len);
	if (ok)
		luser_ranges_merge(&ranges);
	for (size_t i = 0; ok && i < ranges.nr; i++)
		judge_range(r, &ranges.v[i]);
	r->audit->nomem |= !ok;
	luser_ranges_free(&ranges);
}

/* The first input address that leads to what is mapped. */
static uint64_t iova_of(const struct reached *r, uint64_t phys)
{
	const struct reach_run *run = &r->audit->reach.runs[r->first];

	while (phys < run->phys || phys - run->phys >= run->len)
		run++;
	return run->iova + (phys - run->phys);
}

/* The tables' own place in a path; memory has the address that is found. */
static void tell(struct reached *r, const struct wrong *wrong,
		 struct luser_finding *finding, const char *whose)
{
	const struct extent tables = {
		.start = wrong->phys,
		.index = LUSER_NO_INDEX,
		.owner = r->tables->owner,
	};
	char found[512];

	snprintf(found, sizeof(found),
		 "0x%" PRIx64 " for IOVA 0x%" PRIx64 ", which is %s; %" PRIu64
		 " bytes in all",
		 wrong->phys, iova_of(r, wrong->phys), whose, wrong->bytes);
	finding->phys = wrong->phys;
	finding->found = found;
	audit_tell(r->audit, &tables, finding);
}

static void tell_unowned(struct reached *r)
{
	const struct luser_audit *audit = r->audit;
	bool unsure = audit->reach.strange || audit->stale || audit->errors;
	char expected[64] = "memory that some object has";

	if (r->use)
		snprintf(expected, sizeof(expected), "memory of their %s",
			 r->use->what);
	if (r->unowned.bytes)
		tell(r, &r->unowned,
		     &(struct luser_finding){
			     .severity = unsure ? LUSER_WARNING : LUSER_ERROR,
			     .rule = "reaches-unowned",
			     .text = "devices reach memory that no object has",
			     .expected = expected,
		     },
		     "nobody's");
}

static void tell_other(struct reached *r)
{
	const struct wrong *wrong = &r->other;
	const struct luser_field *field;
	char *owner, *group;
	char name[EXTENT_NAME], whose[360], text[96], expected[160];

	if (!wrong->bytes)
		return;
	field = wrong->owner->field;
	owner = audit_path(r->audit, wrong->owner, wrong->phys);
	group = audit_path(r->audit,
			   &(struct extent){
				   .owner = r->use->group,
				   .index = LUSER_NO_INDEX,
			   },
			   0);
	if (owner && group) {
		snprintf(whose, sizeof(whose), "%s%s%s's", owner,
			 field ? "/" : "",
			 field ? extent_name(wrong->owner, name) : "");
		snprintf(expected, sizeof(expected),
			 "memory that %s gives to devices", group);
		snprintf(text, sizeof(text),
			 "devices reach memory that is not of their %s",
			 r->use->what);
		tell(r, wrong,
		     &(struct luser_finding){
			     .severity = wrong->owner->kind ==
							 LUSER_EXTENT_GUESS
						 ? LUSER_WARNING
						 : LUSER_ERROR,
			     .rule = "reaches-other",
			     .text = text,
			     .expected = expected,
		     },
		     whose);
	}
	r->audit->nomem |= !owner || !group;
	free(owner);
	free(group);
}

/* Returns false if no group has the tables. */
static bool judge(struct luser_audit *audit, size_t i)
{
	const struct reach *reach = &audit->reach;
	const struct reach_tables *tables = &reach->tables[i];
	struct reached r = {
		.audit = audit,
		.tables = tables,
		.first = tables->first,
		.end = i + 1 < reach->nr_tables ? tables[1].first
						: reach->nr_runs,
		.use = find_use(audit, tables, 0),
	};

	judge_runs(&r);
	tell_unowned(&r);
	tell_other(&r);
	return r.use;
}

void audit_reached(struct luser_audit *audit)
{
	struct reach *reach = &audit->reach;
	bool known = true;

	if (reach->nr_tables && !audit->has_map) {
		audit_skip(audit, "reaches-other",
			   "what is preserved is not known",
			   "a map of preserved memory");
		return;
	}
	sort_uses(reach);
	reach->left = (reach->nr_runs + audit->owned.nr) * OFTEN + MORE;
	for (size_t i = 0; i < reach->nr_tables; i++)
		known &= judge(audit, i);
	if (!reach->left)
		audit_skip(audit, "reaches-other",
			   "page tables map the same memory so often that not "
			   "all could be looked at",
			   "fewer of them");
	if (!known)
		audit_skip(audit, "reaches-other",
			   "whose devices use some page tables is not known",
			   "an object that refers to them");
}
