// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "diff_json.h"
#include "diff_text.h"
#include "select.h"
#include "util.h"

/**
 * struct source - one of the two files, or machines
 * @name:   as the command line calls it: "first"
 * @which:  the handover that is wanted, see --first; or NULL
 * @own:    settings to open it with
 * @path:   escaped, for people
 * @roots:  the handovers to compare
 * @done:   those that were
 */
struct source {
	const char *name;
	const char *which;
	struct settings own;
	char *path;
	struct input input;
	const struct luser_root **roots;
	bool *done;
	size_t nr;
};

struct run {
	const struct settings *settings;
	struct diff_view *view;
	struct source sources[2];
	uint64_t selected;
	size_t nr_compared;
	bool different;
	bool trouble;
};

static const char *const words[] = {
	[LUSER_ROLE_IN] = "in",
	[LUSER_ROLE_OUT] = "out",
	[LUSER_ROLE_OLD] = "old",
};

static bool is_role(const char *which, enum luser_role role)
{
	return role != LUSER_ROLE_UNKNOWN && !strcmp(which, words[role]);
}

/* "in", "out", "old" or the address of a root. */
static bool parse_which(struct source *source)
{
	const char *which = source->which;
	char *end = NULL;

	if (!which || is_role(which, LUSER_ROLE_OLD))
		return true;
	source->own.in = is_role(which, LUSER_ROLE_IN);
	source->own.out = is_role(which, LUSER_ROLE_OUT);
	if (source->own.in || source->own.out)
		return true;
	if (*which >= '0' && *which <= '9')
		source->own.root = strtoull(which, &end, 0);
	if (end && !*end && source->own.root != NOT_GIVEN)
		return true;
	complain("--%s is 'in', 'out', 'old', or the address of a root FDT",
		 source->name);
	return usage();
}

static bool is_wanted(const struct source *source,
		      const struct luser_root *root)
{
	bool old = source->which && is_role(source->which, LUSER_ROLE_OLD);

	return old == (root->role == LUSER_ROLE_OLD);
}

static bool take_roots(struct source *source)
{
	const struct input *input = &source->input;

	source->roots = xcalloc(input->nr_roots, sizeof(*source->roots));
	source->done = xcalloc(input->nr_roots, sizeof(*source->done));
	for (size_t i = 0; i < input->nr_roots; i++)
		if (is_wanted(source, input->roots[i]))
			source->roots[source->nr++] = input->roots[i];
	if (!source->nr)
		complain("%s: there is no handover but old ones: "
			 "--%s=old compares one",
			 source->path, source->name);
	return source->nr;
}

static bool source_open(struct source *source)
{
	const char *path = source->own.path;

	source->path = path ? escaped(path) : xstrdup("this machine");
	source->input.notes.quiet = source->own.quiet;
	return input_open(&source->own, &source->input) && take_roots(source);
}

static void source_close(struct source *source)
{
	input_close(&source->input);
	free(source->roots);
	free(source->done);
	free(source->path);
}

static bool side_take(struct side *side, const struct source *source,
		      const struct luser_root *root)
{
	side->path = source->path;
	side->input = &source->input;
	side->snapshot.handover.root = root;
	side->snapshot.handover.mem = source->input.mem;
	side->snapshot.handover.live = source->input.live;
	if (!snapshot_take(&side->snapshot, &source->own))
		return false;
	refs_init(&side->refs, &side->snapshot);
	if (side->snapshot.handover.unknown)
		complain("%s: the root is of an ABI that --version does not "
			 "list: a newer luo-dump may know it",
			 source->path);
	return true;
}

static void side_free(struct side *side)
{
	refs_free(&side->refs);
	snapshot_free(&side->snapshot);
}

static void compare_sides(struct run *run, struct side *a, struct side *b)
{
	struct diff_counts counts;

	match(a, b, run->settings->addresses);
	run->view->start(run->view, a, b);
	counts = compare(a, b, run->settings, run->view);
	run->view->finish(run->view, &counts);
	run->selected += counts.selected;
	run->different |= is_different(&counts);
	run->trouble |= a->snapshot.handover.unknown ||
			b->snapshot.handover.unknown;
}

static void compare_roots(struct run *run, size_t one, size_t other)
{
	struct source *x = &run->sources[0], *y = &run->sources[1];
	struct side a = { 0 }, b = { 0 };

	if (side_take(&a, x, x->roots[one]) &&
	    side_take(&b, y, y->roots[other]))
		compare_sides(run, &a, &b);
	else
		run->trouble = true;
	side_free(&a);
	side_free(&b);
	x->done[one] = true;
	y->done[other] = true;
	run->nr_compared++;
}

static size_t next_left(const struct source *source, size_t from)
{
	while (from < source->nr && source->done[from])
		from++;
	return from;
}

static size_t nr_left(const struct source *source)
{
	size_t nr = 0;

	for (size_t i = 0; i < source->nr; i++)
		nr += !source->done[i];
	return nr;
}

/* Incoming with incoming, outgoing with outgoing. */
static void compare_same_roles(struct run *run)
{
	struct source *x = &run->sources[0], *y = &run->sources[1];

	for (size_t i = 0; i < x->nr; i++)
		for (size_t k = next_left(y, 0); k < y->nr;
		     k = next_left(y, k + 1))
			if (!x->done[i] &&
			    x->roots[i]->role == y->roots[k]->role)
				compare_roots(run, i, k);
}

static void tell_alone(struct run *run, struct source *source, bool second)
{
	/* Of the other one, a single handover was asked for. */
	if (run->sources[!second].which)
		return;
	for (size_t i = next_left(source, 0); i < source->nr;
	     i = next_left(source, i + 1)) {
		run->view->alone(run->view, source->path, source->roots[i],
				 second);
		run->different = true;
	}
}

static void complain_ambiguous(const struct run *run)
{
	complain("it is not clear which handovers to compare: %s has %zu, %s "
		 "has %zu. --first and --second say which",
		 run->sources[0].path, run->sources[0].nr, run->sources[1].path,
		 run->sources[1].nr);
}

static void compare_all(struct run *run)
{
	struct source *x = &run->sources[0], *y = &run->sources[1];

	compare_same_roles(run);
	if (nr_left(x) == 1 && nr_left(y) == 1)
		compare_roots(run, next_left(x, 0), next_left(y, 0));
	if (!run->nr_compared) {
		complain_ambiguous(run);
		run->trouble = true;
		return;
	}
	tell_alone(run, x, false);
	tell_alone(run, y, true);
}

static void run_open(struct run *run, const struct settings *settings)
{
	struct source *x = &run->sources[0], *y = &run->sources[1];
	bool one_path = !settings->second_path;

	run->settings = settings;
	*x = (struct source){ .name = "first",
			      .which = settings->first,
			      .own = *settings };
	*y = (struct source){ .name = "second",
			      .which = settings->second,
			      .own = *settings };
	if (one_path) {
		/* What its kernel was handed, and what it hands on. */
		x->which = x->which ? x->which : words[LUSER_ROLE_IN];
		y->which = y->which ? y->which : words[LUSER_ROLE_OUT];
		y->own.quiet = true;
		return;
	}
	y->own.path = settings->second_path;
	if (settings->second_memory)
		y->own.memory = settings->second_memory;
	if (settings->second_base != NOT_GIVEN)
		y->own.base = settings->second_base;
}

static bool is_directory_in_vain(const struct settings *own)
{
	return own->memory && own->path && !path_is_directory(own->path);
}

static bool sources_open(struct run *run)
{
	struct source *x = &run->sources[0], *y = &run->sources[1];

	if (!parse_which(x) || !parse_which(y))
		return false;
	/* --memory goes with the one that needs it. */
	if (is_directory_in_vain(&x->own) && !is_directory_in_vain(&y->own))
		x->own.memory = NULL;
	if (is_directory_in_vain(&y->own) && !run->settings->second_memory)
		y->own.memory = NULL;
	return source_open(x) && source_open(y);
}

static int status_of(const struct run *run)
{
	if (run->trouble)
		return EXIT_UNUSABLE;
	return run->different ? EXIT_DIFFERENT : EXIT_SAME;
}

int diff_run(const struct settings *settings)
{
	struct run run = { 0 };

	run_open(&run, settings);
	if (sources_open(&run)) {
		run.view = settings->json ? diff_json_view()
					  : diff_text_view(settings);
		run.view->begin(run.view);
		compare_all(&run);
		if (settings->select && !run.selected && run.nr_compared) {
			complain_not_selected(settings->select);
			run.trouble = true;
		}
		run.view->end(run.view, !run.different && !run.trouble);
		free(run.view);
	} else {
		run.trouble = true;
	}
	source_close(&run.sources[0]);
	source_close(&run.sources[1]);
	return status_of(&run);
}
