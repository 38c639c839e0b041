// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Records that say where in a file their memory is: in order, none over another
 * one, and none behind the end.
 */
#include <inttypes.h>
#include <stdio.h>

#include "audit_internal.h"

/**
 * struct ordered - one of them
 * @holds: the records' place among their fields, and the end
 * @node:  the record
 * @at:    its memory
 * @place: where in the file it is, in pages
 */
struct ordered {
	struct luser_audit *audit;
	const struct luser_holds *holds;
	const struct luser_node *node;
	const struct extent *at;
	uint64_t place;
};

static void tell(const struct ordered *o, const char *rule, const char *text,
		 const char *relation, uint64_t limit)
{
	struct extent record = *o->at;
	char found[24], expected[48];

	record.field = o->holds->place;
	record.unit = 0;
	snprintf(found, sizeof(found), "%" PRIu64, o->place);
	snprintf(expected, sizeof(expected), "%s %" PRIu64, relation, limit);
	audit_tell(o->audit, &record,
		   &(struct luser_finding){
			   .severity = LUSER_ERROR,
			   .rule = rule,
			   .text = text,
			   .phys = walk_field_phys(o->node, o->holds->place),
			   .found = found,
			   .expected = expected,
		   });
}

/* Pages before the end of the file that the records are of. */
static uint64_t pages_of(const struct ordered *o)
{
	const struct luser_node *array = o->node->parent;
	uint64_t page = UINT64_C(1) << o->audit->page_shift;
	uint64_t size = luser_field_get(
		o->holds->end, walk_field_owner(array->parent, array->field),
		0);

	return (size >> o->audit->page_shift) + !!(size & (page - 1));
}

static void check(const struct ordered *o, struct audit_frame *array)
{
	uint64_t end = pages_of(o);
	uint64_t pages = ((o->at->len - 1) >> o->audit->page_shift) + 1;

	if (array->next && o->place <= array->place)
		tell(o, "not-ascending",
		     "the record is not behind the one before it", ">",
		     array->place);
	else if (o->place < array->next)
		tell(o, "overlap", "the record starts inside of the one before",
		     ">=", array->next);
	if (o->place >= end)
		tell(o, "beyond-end", "the record starts behind the end", "<",
		     end);
	array->place = o->place;
	array->next = o->place > UINT64_MAX - pages ? UINT64_MAX
						    : o->place + pages;
}

void audit_order(struct luser_audit *audit, const struct luser_extent *told,
		 const struct extent *extent)
{
	const struct luser_node *node = told->node;
	const struct luser_node *array = node->parent;
	struct audit_frame *frame = array ? audit_frame_of(audit, array) : NULL;
	struct ordered o = { .audit = audit, .node = node, .at = extent };

	if (!frame || node->index == LUSER_NO_INDEX || !told->field ||
	    !array->field || !array->field->holds ||
	    !array->field->holds->place || !array->parent)
		return;
	o.holds = array->field->holds;
	o.place = luser_field_get(o.holds->place, node->bytes, 0);
	check(&o, frame);
}
