/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What a walk tells, kept for a test to look at. */
#ifndef WALK_LOG_H
#define WALK_LOG_H

#include <luser/walk.h>

#define WALK_LOG_ROOM 64

/**
 * struct walk_told - a finding
 */
struct walk_told {
	enum luser_severity severity;
	char rule[32];
	char path[160];
	char found[160];
	uint64_t phys;
};

/**
 * struct walk_weighed - an object that could have had several layouts
 */
struct walk_weighed {
	char path[160];
	const struct luser_abi *abi;
	struct luser_candidate all[6];
	size_t nr;
};

/**
 * struct walk_log - a walk's findings, and how much it visited
 * @told:     the first findings
 * @nr:       all of them
 * @nr_bad:   of them errors and warnings
 * @weighed:  the first objects with several candidates
 * @nr_weighed: all of them
 * @nodes:    objects by kind
 * @records:  records in all arrays
 * @empty:    slots that hold nothing
 * @page_size: as the walk took it to be
 */
struct walk_log {
	struct walk_told told[WALK_LOG_ROOM];
	size_t nr;
	size_t nr_bad;
	struct walk_weighed weighed[8];
	size_t nr_weighed;
	size_t nodes[LUSER_NODE_STALE + 1];
	uint64_t records;
	uint64_t empty;
	uint64_t page_size;
};

/* Walks, and checks that each object that was entered was left. */
enum luser_code walk_log(struct walk_log *log, struct luser_mem *mem,
			 const struct luser_root *root,
			 const struct luser_walk_options *options);

/* Fails the test if there is a finding but notes, and says which. */
void walk_log_is_sound(const struct walk_log *log);

/* The candidate with this id of the first object that has several. */
const struct luser_candidate *walk_log_candidate(const struct walk_log *log,
						 const char *id);

/* The first finding of a rule; fails the test if there is none. */
const struct walk_told *walk_log_find(const struct walk_log *log,
				      const char *rule);

#endif /* WALK_LOG_H */
