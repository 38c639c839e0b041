// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Telling what an audit finds, about objects that are gone by then. */
#include <inttypes.h>
#include <stdlib.h>

#include "audit_internal.h"

static size_t put_path(const struct luser_audit *audit,
		       const struct extent *extent, uint64_t phys, char *buf,
		       size_t size)
{
	struct luser_text text = { .buf = buf, .size = size };
	uint64_t record = extent->unit ? (phys - extent->start) / extent->unit :
					 0;

	if (size)
		buf[0] = '\0';
	owners_path(&audit->owners, extent->owner, &text);
	if (extent->index != LUSER_NO_INDEX)
		luser_text_add(&text, "[%" PRIu64 "]", extent->index + record);
	return text.len;
}

/* Whose an address is; the caller frees it. NULL without memory. */
char *audit_path(const struct luser_audit *audit, const struct extent *extent,
		 uint64_t phys)
{
	size_t size = put_path(audit, extent, phys, NULL, 0) + 1;
	char *path = malloc(size);

	if (path)
		put_path(audit, extent, phys, path, size);
	return path;
}

const char *extent_name(const struct extent *extent, char *buf)
{
	struct luser_text text = { .buf = buf, .size = EXTENT_NAME };

	walk_field_name(&text, extent->type, extent->field);
	return buf;
}

/* @finding has no node; its field is set from the extent. */
void audit_tell(struct luser_audit *audit, const struct extent *extent,
		const struct luser_finding *finding)
{
	struct luser_finding whole = *finding;
	char *path = audit_path(audit, extent, finding->phys);
	char name[EXTENT_NAME] = "";

	if (!path) {
		audit->nomem = true;
		return;
	}
	whole.field = extent->field;
	whole.name = extent->field ? extent_name(extent, name) : NULL;
	audit->report(audit->ctx, &(struct luser_audit_finding){
					  .check = luser_check_of(&whole),
					  .path = path,
					  .finding = &whole,
				  });
	free(path);
}

void audit_skip(struct luser_audit *audit, const char *rule, const char *text,
		const char *expected)
{
	const struct luser_finding finding = {
		.severity = LUSER_NOTE,
		.rule = rule,
		.text = text,
		.phys = LUSER_NO_PHYS,
		.found = "nothing that says so",
		.expected = expected,
	};

	audit->report(audit->ctx, &(struct luser_audit_finding){
					  .check = luser_check_of(&finding),
					  .skipped = true,
					  .path = "",
					  .finding = &finding,
				  });
}

bool luser_audit_owner(const struct luser_audit *audit, uint64_t phys,
		       struct luser_range *range, char *buf, size_t len)
{
	const struct extent *extent = extents_at(&audit->owned, phys);

	if (!extent)
		return false;
	if (range)
		*range = (struct luser_range){ extent->start, extent->len };
	if (range && extent->unit) {
		range->start +=
			(phys - extent->start) / extent->unit * extent->unit;
		range->len = extent->unit;
	}
	put_path(audit, extent, phys, buf, len);
	return true;
}
