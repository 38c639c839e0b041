// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Whether memory has more than one owner, or is used and has none. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_internal.h"
#include "text.h"

/* Those that were told first have a lower number. */
static void tell_twice(struct luser_audit *audit, const struct extent *a,
		       const struct extent *b)
{
	const struct extent *later = a->owner > b->owner ? a : b;
	const struct extent *first = later == a ? b : a;
	bool guess = a->kind == LUSER_EXTENT_GUESS ||
		     b->kind == LUSER_EXTENT_GUESS;
	uint64_t last = extent_last(a) < extent_last(b) ? extent_last(a) : extent_last(b);
	char *path = audit_path(audit, first, b->start);
	char name[EXTENT_NAME], found[512];

	if (!path) {
		audit->nomem = true;
		return;
	}
	snprintf(found, sizeof(found),
		 "%" PRIu64 " bytes at 0x%" PRIx64 ", which are %s%s%s's too",
		 last - b->start + 1, b->start, path,
		 *path && first->field ? "/" : "",
		 first->field ? extent_name(first, name)
		 : *path      ? ""
			      : "the root");
	free(path);
	audit_tell(audit, later,
		   &(struct luser_finding){
			   .severity = guess ? LUSER_WARNING : LUSER_ERROR,
			   .rule = "claimed-twice",
			   .text = "this memory has two owners, or one that "
				   "leads to it twice",
			   .phys = b->start,
			   .found = found,
			   .expected = "memory of its own",
		   });
}

void audit_overlaps(struct luser_audit *audit)
{
	const struct extents *owned = &audit->owned;
	size_t far = 0;

	for (size_t i = 1; i < owned->nr; i++) {
		if (owned->v[i].start <= extent_last(&owned->v[far]))
			tell_twice(audit, &owned->v[far], &owned->v[i]);
		if (extent_last(&owned->v[i]) > extent_last(&owned->v[far]))
			far = i;
	}
}

/* What is not preserved was told by the walk. */
void audit_used(struct luser_audit *audit)
{
	for (size_t i = 0; i < audit->used.nr; i++) {
		const struct extent *used = &audit->used.v[i];
		char found[32];

		if (extents_at(&audit->owned, used->start) ||
		    !block_set_have(audit->map.set, used->start, used->len))
			continue;
		snprintf(found, sizeof(found), "0x%" PRIx64, used->start);
		audit_tell(audit, used,
			   &(struct luser_finding){
				   .severity = audit->unknown ? LUSER_WARNING
							      : LUSER_ERROR,
				   .rule = "used-unowned",
				   .text = "it leads to memory that nobody has",
				   .phys = used->start,
				   .found = found,
				   .expected = "memory that some object has",
			   });
	}
}
