/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The findings of one walk, kept for the list at the end. */
#ifndef LUO_DUMP_FINDINGS_H
#define LUO_DUMP_FINDINGS_H

#include <luser/audit.h>

/**
 * struct kept_finding - a struct luser_finding that outlives the walk
 * @check: what it belongs to
 * @path: the object's path
 * @field: the name of struct luser_finding, or NULL
 */
struct kept_finding {
	enum luser_severity severity;
	const struct luser_check *check;
	char *rule;
	char *text;
	char *path;
	char *field;
	uint64_t phys;
	char *found;
	char *expected;
};

/* Of each severity: hostile memory can break a rule in every record. */
#define FINDINGS_KEPT 1000

/**
 * struct findings - what was found in one handover
 * @list:     what is kept
 * @nr:       how many
 * @left_out: how many are only counted
 * @count:    of each severity, all of them
 * @skipped:  which checks could not be done, and why
 * @nr_skipped: how many
 */
struct findings {
	struct kept_finding *list;
	size_t nr;
	size_t left_out;
	size_t count[LUSER_ERROR + 1];
	struct kept_finding *skipped;
	size_t nr_skipped;
};

/* luser_path() in a buffer that fits. The caller frees it. */
char *path_text(const struct luser_node *node);

/* "note", "warning" or "error". */
const char *severity_name(enum luser_severity severity);

/* "2 errors, 1 warning", or "nothing found". The caller frees it. */
char *findings_count_text(const size_t *count);

/* Takes @path over. True if a copy is kept, false if it is only counted. */
bool findings_add(struct findings *findings,
		  const struct luser_check *check,
		  const struct luser_finding *finding, char *path);

/* Keep that a check could not be done. */
void findings_skip(struct findings *findings, const struct luser_check *check,
		   const struct luser_finding *finding);

void findings_free(struct findings *findings);

#endif /* LUO_DUMP_FINDINGS_H */
