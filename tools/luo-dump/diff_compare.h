/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Two handovers, object by object: what differs goes to a form of output. */
#ifndef LUO_DUMP_DIFF_COMPARE_H
#define LUO_DUMP_DIFF_COMPARE_H

#include "diff_fields.h"

enum difference {
	DIFFERENCE_ADDED,
	DIFFERENCE_REMOVED,
	DIFFERENCE_CHANGED,
};

/**
 * struct held - records of one kind that an object leads to
 */
struct held {
	const char *name;
	uint64_t records;
};

/**
 * struct told - an object that is not the same in both
 * @kind:     how
 * @path:     where it is: in the first handover, or in the second if added
 * @new_path: where it is in the second, if that is another path; or NULL
 * @changes:  what differs; for CHANGED only
 * @side:     for the others: who has it, and; for CHANGED, who has something
 *            behind it that the other one has not, or NULL
 * @object:   as which number
 * @held:     what is below it
 */
struct told {
	enum difference kind;
	const char *path;
	const char *new_path;
	const struct changes *changes;
	const struct side *side;
	uint32_t object;
	const struct held *held;
	size_t nr_held;
};

/**
 * struct diff_counts - how two handovers differ
 * @count:     objects, of each kind
 * @elsewhere: bytes that both preserve, at different addresses, if that does
 *             not count
 * @selected:  objects with the path that was asked for
 */
struct diff_counts {
	uint64_t count[DIFFERENCE_CHANGED + 1];
	uint64_t elsewhere;
	uint64_t selected;
};

/**
 * struct diff_view - one form of output
 * @begin:  before everything else
 * @start:  two handovers are compared
 * @object: an object differs
 * @more:   of an array, so many records are not told, by kind
 * @finish: they were compared
 * @alone:  a handover that the other file has no counterpart of
 * @end:    after everything else; @same if nothing differed
 */
struct diff_view {
	void (*begin)(struct diff_view *view);
	void (*start)(struct diff_view *view, const struct side *a,
		      const struct side *b);
	void (*object)(struct diff_view *view, const struct told *told);
	void (*more)(struct diff_view *view, const char *path,
		     const uint64_t *left_out);
	void (*finish)(struct diff_view *view,
		       const struct diff_counts *counts);
	void (*alone)(struct diff_view *view, const char *path,
		      const struct luser_root *root, bool second);
	void (*end)(struct diff_view *view, bool same);
};

/* True if an object differs. */
bool is_different(const struct diff_counts *counts);

/* True if something could not be read, or is damaged. */
bool has_doubts(const struct side *side);

/**
 * compare() - tell what differs between two handovers
 * @a, @b:     matched
 * @settings:  from the command line
 * @view:      is told
 *
 * Return: how many objects differ.
 */
struct diff_counts compare(struct side *a, struct side *b,
			   const struct settings *settings,
			   struct diff_view *view);

#endif /* LUO_DUMP_DIFF_COMPARE_H */
