/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the parts of the array reader share.
 */
#ifndef LUSER_ARRAY_INTERNAL_H
#define LUSER_ARRAY_INTERNAL_H

#include <luser/array.h>

/* array_report.c: telling what is wrong with the current page */
void array_report(struct luser_array_reader *r,
		  const struct luser_problem *problem);
void array_report_field(struct luser_array_reader *r, const char *rule,
			const char *check, const char *text, const struct luser_field *field,
			const char *expected);
void array_report_number(struct luser_array_reader *r, const char *rule,
			 const char *check, const char *text, const struct luser_field *field,
			 const char *relation, uint64_t number);
void array_report_page(struct luser_array_reader *r, const char *rule,
		       const char *text, const char *found,
		       const char *expected);

/* array_fetch.c: getting the current page, or the whole table */
bool array_claim(struct luser_array_reader *r);
bool array_fetch(struct luser_array_reader *r);

/* array_check.c: what its header says */
bool array_check(struct luser_array_reader *r);

#endif /* LUSER_ARRAY_INTERNAL_H */
