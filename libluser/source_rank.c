// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which root is which.
 *
 * Memory is not cleared between kernels, so it holds roots and boot records of
 * several: what the running kernel was booted with, what it prepares for the
 * next one, what earlier ones left, and copies that files made. A boot record
 * tells best; then the number of the handover, where an ABI has one.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "source_scan.h"

static enum scan_standing standing_of(const struct scan_root *root)
{
	return root->record ? root->record->standing : SCAN_UNDECIDED;
}

/* Of two records of one root, the one that was booted counts. */
static void find_records(struct scan *scan)
{
	size_t i;
	size_t j;

	for (i = 0; i < scan->nr_roots; i++) {
		struct scan_root *root = &scan->roots[i];

		for (j = 0; j < scan->nr_records; j++) {
			const struct scan_record *record = &scan->records[j];

			if (record->fdt == root->phys &&
			    (!root->record ||
			     record->standing > root->record->standing))
				root->record = record;
		}
	}
}

static int merit(const struct scan_root *root)
{
	return root->record ? 2 + (int)root->record->standing : root->edited;
}

static bool is_better(const struct scan_root *a, const struct scan_root *b)
{
	if (merit(a) != merit(b))
		return merit(a) > merit(b);
	return a->phys < b->phys;
}

static int compare_bytes(const struct scan_root *a, const struct scan_root *b)
{
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->fdt, b->fdt, a->len);
}

/* Of those that are the same, the best one is first. */
static int by_bytes(const void *x, const void *y)
{
	const struct scan_root *a = *(struct scan_root *const *)x;
	const struct scan_root *b = *(struct scan_root *const *)y;
	int order = compare_bytes(a, b);

	return order ? order : is_better(b, a) - is_better(a, b);
}

/* Sorted, as comparing each with each other one takes long if all are alike. */
static bool find_copies(struct scan *scan)
{
	struct scan_root **sorted =
		reallocarray(NULL, scan->nr_roots, sizeof(struct scan_root *));
	size_t i;

	if (!sorted)
		return false;
	for (i = 0; i < scan->nr_roots; i++)
		sorted[i] = &scan->roots[i];
	qsort(sorted, scan->nr_roots, sizeof(struct scan_root *), by_bytes);
	for (i = 1; i < scan->nr_roots; i++) {
		struct scan_root *last = sorted[i - 1];

		if (!compare_bytes(last, sorted[i]))
			sorted[i]->copy_of =
				last->copy_of ? last->copy_of : last;
	}
	free(sorted);
	return true;
}

static bool comparable(const struct scan_root *a, const struct scan_root *b)
{
	return a->counter && b->counter && !strcmp(a->counter, b->counter);
}

static bool competes(const struct scan_root *root, enum scan_standing least)
{
	return !root->copy_of && standing_of(root) >= least;
}

/*
 * The latest of the roots with a standing of at least @least; NULL if there is
 * none, or if nothing tells which of several.
 */
static struct scan_root *latest(struct scan *scan, enum scan_standing least)
{
	struct scan_root *best = NULL;
	size_t i;

	for (i = 0; i < scan->nr_roots; i++) {
		struct scan_root *root = &scan->roots[i];

		if (competes(root, least) &&
		    (!best || root->number > best->number))
			best = root;
	}
	for (i = 0; best && i < scan->nr_roots; i++) {
		const struct scan_root *root = &scan->roots[i];

		if (root != best && competes(root, least) &&
		    (!comparable(root, best) || root->number == best->number))
			return NULL;
	}
	return best;
}

static size_t count_unjudged(const struct scan *scan)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < scan->nr_roots; i++)
		n += scan->roots[i].role == LUSER_ROLE_UNKNOWN;
	return n;
}

static void judge(struct scan *scan, struct scan_root *root,
		  enum luser_role role, const char *why)
{
	root->role = role;
	root->why = luser_source_text(scan->src, "%s", why);
}

static void judge_by_record(struct scan *scan, struct scan_root *root)
{
	bool booted = root->record->standing == SCAN_BOOTED;

	root->role = booted ? LUSER_ROLE_IN : LUSER_ROLE_OUT;
	root->why = luser_source_text(scan->src,
				      "The boot record at 0x%" PRIx64
				      " names it, and %s.", root->record->phys,
				      booted ? "this kernel was booted with it" :
					       "waits for the next kernel");
}

static void judge_by_number(struct scan *scan, struct scan_root *root,
			    const struct scan_root *in)
{
	static const char *const says[] = {
		[LUSER_ROLE_OUT] = "the one after",
		[LUSER_ROLE_OLD] = "none after",
		[LUSER_ROLE_UNKNOWN] = "not the one after",
	};

	if (root->number <= in->number)
		root->role = LUSER_ROLE_OLD;
	else if (root->number - in->number == 1)
		root->role = LUSER_ROLE_OUT;
	root->why = luser_source_text(scan->src,
				      "By %s it is handover %" PRIu64
				      ", %s %" PRIu64
				      " of the incoming root.", root->counter,
				      root->number, says[root->role],
				      in->number);
}

static void judge_copy(struct scan *scan, struct scan_root *root)
{
	root->role = LUSER_ROLE_OLD;
	root->why = luser_source_text(scan->src,
				      "It is a copy of the root at 0x%" PRIx64
				      ".", root->copy_of->phys);
}

static bool has_out(const struct scan *scan)
{
	size_t i;

	for (i = 0; i < scan->nr_roots; i++)
		if (scan->roots[i].role == LUSER_ROLE_OUT)
			return true;
	return false;
}

/* The incoming root is known: the rest is outgoing or old. */
static void judge_beside(struct scan *scan, const struct scan_root *in)
{
	size_t i;

	for (i = 0; i < scan->nr_roots; i++) {
		struct scan_root *root = &scan->roots[i];

		if (root->role == LUSER_ROLE_UNKNOWN && comparable(root, in))
			judge_by_number(scan, root, in);
		else if (root->role == LUSER_ROLE_UNKNOWN &&
			 standing_of(root) == SCAN_STAGED)
			judge_by_record(scan, root);
	}
	for (i = 0; i < scan->nr_roots; i++) {
		struct scan_root *root = &scan->roots[i];

		if (root->role == LUSER_ROLE_UNKNOWN && !has_out(scan) &&
		    count_unjudged(scan) == 1)
			judge(scan, root, LUSER_ROLE_OUT,
			      "It is the only other one, and no kernel was booted with it.");
	}
}

/* No kernel was booted with any: the latest is outgoing. */
static void judge_without_in(struct scan *scan)
{
	struct scan_root *out = latest(scan, SCAN_UNDECIDED);
	size_t i;

	if (!out)
		out = latest(scan, SCAN_STAGED);
	if (!out)
		return;
	if (standing_of(out) == SCAN_STAGED)
		judge_by_record(scan, out);
	else if (count_unjudged(scan) == 1)
		judge(scan, out, LUSER_ROLE_OUT,
		      "It is the only one: a kernel that was booted with one has another for the next.");
	else if (!out->record)
		judge(scan, out, LUSER_ROLE_OUT,
		      "It is the latest, and no boot record says that a kernel was booted with it.");
	for (i = 0; i < scan->nr_roots; i++) {
		struct scan_root *root = &scan->roots[i];

		if (root == out || root->copy_of || !comparable(root, out))
			continue;
		if (out->number - root->number == 1)
			judge(scan, root, LUSER_ROLE_IN,
			      "It is the handover before the latest one.");
		else
			judge(scan, root, LUSER_ROLE_OLD,
			      "Later handovers are there.");
	}
}

enum luser_code scan_rank(struct scan *scan, struct luser_error *err)
{
	struct scan_root *in;
	size_t i;

	find_records(scan);
	if (!find_copies(scan))
		return luser_fail_nomem(err);
	for (i = 0; i < scan->nr_roots; i++) {
		struct scan_root *root = &scan->roots[i];

		judge(scan, root, LUSER_ROLE_UNKNOWN,
		      "Nothing in this memory tells which handover it is.");
		if (root->copy_of)
			judge_copy(scan, root);
	}
	in = latest(scan, SCAN_BOOTED);
	if (in) {
		judge_by_record(scan, in);
		judge_beside(scan, in);
	} else {
		judge_without_in(scan);
	}
	for (i = 0; i < scan->nr_roots; i++)
		if (!scan->roots[i].why)
			return luser_fail_nomem(err);
	return LUSER_OK;
}
