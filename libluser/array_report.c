// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What is wrong with the page that is being read.
 */
#include <inttypes.h>
#include <stdio.h>

#include <luser/format.h>

#include "array_internal.h"

void array_report(struct luser_array_reader *r,
		  const struct luser_problem *problem)
{
	if (r->ops && r->ops->report)
		r->ops->report(r->ctx, problem);
}

void array_report_field(struct luser_array_reader *r, const char *rule,
			const char *check, const char *text, const struct luser_field *field,
			const char *expected)
{
	char found[80];

	luser_format_value(field, r->page, 0, &r->env, found, sizeof(found));
	array_report(r, &(struct luser_problem){
				.rule = rule,
				.check = check,
				.text = text,
				.field = field,
				.phys = r->phys + field->offset,
				.found = found,
				.expected = expected,
			});
}

void array_report_number(struct luser_array_reader *r, const char *rule,
			 const char *check, const char *text, const struct luser_field *field,
			 const char *relation, uint64_t number)
{
	char expected[80];

	snprintf(expected, sizeof(expected), "%s%" PRIu64, relation, number);
	array_report_field(r, rule, check, text, field, expected);
}

void array_report_page(struct luser_array_reader *r, const char *rule,
		       const char *text, const char *found,
		       const char *expected)
{
	array_report(r, &(struct luser_problem){
				.rule = rule,
				.text = text,
				.phys = r->phys,
				.found = found,
				.expected = expected,
			});
}
