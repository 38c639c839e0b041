/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * One handover from root to end: what is in it goes to a view.
 *
 * A view is one form of output. It is told of the objects in the order of the
 * walk, and at the end what they add up to.
 */
#ifndef LUO_DUMP_DUMP_H
#define LUO_DUMP_DUMP_H

#include <luser/walk.h>

#include "findings.h"
#include "options.h"

/**
 * struct total - all arrays of one name together
 */
struct total {
	const char *name;
	uint64_t records;
	uint64_t empty;
	uint64_t pages;
};

/**
 * struct handover - what is known of a handover after the walk
 * @root:     where it started
 * @mem:      memory, or NULL
 * @live:     it was read while it may have changed
 * @page_size: of the kernel that wrote it; 0 if not even the root was read
 * @totals:   its arrays
 * @has_map:  its map of preserved memory was read, and @map has the sums
 * @unknown:  no schema describes its root
 * @stale:    paths of what was given back, or NULL
 * @findings: what is wrong
 * @sums:     whose the preserved memory is, if it was checked
 * @selected: objects with the path that was asked for
 */
struct handover {
	const struct luser_root *root;
	struct luser_mem *mem;
	bool live;
	uint64_t page_size;
	struct total *totals;
	size_t nr_totals;
	bool has_map;
	struct luser_map map;
	bool unknown;
	char *stale;
	struct findings findings;
	struct luser_audit_sums sums;
	uint64_t selected;
};

/**
 * struct view - one form of output
 * @begin:   before everything else
 * @start:   a handover begins; only root, mem and live are known
 * @enter, @leave: as struct luser_visitor has them, for what is to be shown
 * @finding: about any object
 * @finish:  the handover is complete
 * @end:     after everything else; gets the exit status that the handovers ask
 *           for, and returns that of the program
 * @map_part, @table_part: as struct luser_visitor has them; may be NULL
 */
struct view {
	void (*begin)(struct view *view);
	void (*start)(struct view *view, const struct handover *handover);
	void (*enter)(struct view *view, const struct luser_node *node);
	void (*leave)(struct view *view, const struct luser_node *node);
	void (*finding)(struct view *view, const struct luser_finding *finding);
	void (*finish)(struct view *view, const struct handover *handover);
	int (*end)(struct view *view, int status);
	void (*map_part)(struct view *view, const struct luser_map_part *part);
	void (*table_part)(struct view *view, const struct luser_node *node,
			   const struct luser_table_part *part);
};

/**
 * dump() - walk one handover and show it
 * @handover: root, mem and live are set; receives the rest
 * @settings: from the command line
 * @view:     is shown it
 *
 * Return: false if the walk could not be finished; why was said.
 */
bool dump(struct handover *handover, const struct settings *settings,
	  struct view *view);

/* What dump() put into it. */
void handover_free(struct handover *handover);

#endif /* LUO_DUMP_DUMP_H */
