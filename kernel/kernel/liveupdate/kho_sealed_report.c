// SPDX-License-Identifier: GPL-2.0-only

/*
 * Sealed pages: saying what is at fault.
 */

#include <linux/sprintf.h>

#include "kho_sealed_internal.h"

/* Report a fault at @offset of @place. */
void kho_report(const struct kho_walk *walk,
		const struct kho_place *place, size_t offset,
		const char *rule, u64 found, const char *expected)
{
	struct kho_fault fault = {
		.array = walk->type->name,
		.where = place->where,
		.index = place->index,
		.phys = place->phys + offset,
		.rule = rule,
		.found = found,
		.expected = expected,
	};

	walk->check->ops->report(walk->check->ctx, &fault);
}

void kho_report_number(const struct kho_walk *walk,
		       const struct kho_place *place, size_t offset,
		       const char *rule, u64 found, const char *relation,
		       u64 number)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "%s%#llx", relation,
		 (unsigned long long)number);
	kho_report(walk, place, offset, rule, found, expected);
}
