// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "keep.h"
#include "levels.h"
#include "progress.h"
#include "say.h"
#include "select.h"
#include "util.h"

/* Records that a person sees of an array: with names of their own, without. */
#define NAMED_IN_TEXT	 16
#define NUMBERED_IN_TEXT 4

/**
 * struct frame - an object that was entered and not left
 * @shown:   the view was told
 * @records: entered in it so far
 */
struct frame {
	enum place place;
	bool shown;
	uint64_t records;
};

struct dumper {
	struct handover *handover;
	const struct settings *settings;
	struct view *view;
	struct frame *frames;
	size_t depth;
	struct luser_audit *audit; /* NULL: the handover is only shown */
};

static enum place place_below(const struct dumper *d, const struct frame *above,
			      const struct luser_node *node)
{
	enum place place;
	char *path;

	if (above && above->place != PLACE_ABOVE)
		return above->place;
	if (!d->settings->select)
		return PLACE_INSIDE;
	path = path_text(node);
	place = place_of(path, d->settings->select);
	free(path);
	return place;
}

static uint64_t max_records(const struct dumper *d,
			    const struct luser_node *record)
{
	if (d->settings->records)
		return d->settings->records;
	if (d->settings->json)
		return RECORDS_ALL;
	return record->type->label ? NAMED_IN_TEXT : NUMBERED_IN_TEXT;
}

/* A record beyond the limit is counted and checked, but not shown. */
static bool is_shown(struct dumper *d, struct frame *above, enum place place,
		     const struct luser_node *node)
{
	bool is_record = node->index != LUSER_NO_INDEX;

	if (d->audit)
		return false;
	if (place != PLACE_INSIDE)
		return false;
	if (!above || above->place != PLACE_INSIDE) {
		d->handover->selected++;
		return true;
	}
	if (is_record && above->records++ >= max_records(d, node))
		return false;
	return above->shown;
}

/* No record that follows is shown: what is wrong with one is told anyway. */
static bool is_enough(const struct dumper *d, const struct luser_node *node)
{
	const struct frame *above = d->depth > 1 ? &d->frames[d->depth - 2] :
						   NULL;

	return node->index != LUSER_NO_INDEX && above &&
	       above->place == PLACE_INSIDE &&
	       above->records >= max_records(d, node);
}

static struct total *total_of(struct handover *h, const char *name)
{
	for (size_t i = 0; i < h->nr_totals; i++)
		if (!strcmp(h->totals[i].name, name))
			return &h->totals[i];
	h->totals = grow(h->totals, h->nr_totals, sizeof(*h->totals));
	h->totals[h->nr_totals] = (struct total){ .name = name };
	return &h->totals[h->nr_totals++];
}

static void add_up(struct handover *h, const struct luser_node *node)
{
	struct total *total;

	if (node->kind == LUSER_NODE_TREE && node->map) {
		h->has_map = true;
		h->map = *node->map;
		h->map.set = NULL;
	} else if (node->kind == LUSER_NODE_ARRAY) {
		total = total_of(h, node->name);
		total->records += node->tally->records;
		total->empty += node->tally->empty;
		total->pages += node->tally->pages;
	}
}

static void add_stale(struct handover *h, const struct luser_node *node)
{
	char *path, *all;

	/* Page tables are not given back: the new kernel goes on with them. */
	if (node->mapped)
		return;
	path = path_text(node);
	all = h->stale ? xprintf("%s, %s", h->stale, path) : xstrdup(path);
	free(path);
	free(h->stale);
	h->stale = all;
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct dumper *d = ctx;
	struct frame *above;
	struct frame frame = { 0 };

	d->frames = grow(d->frames, d->depth, sizeof(*d->frames));
	above = d->depth ? &d->frames[d->depth - 1] : NULL;
	if (d->audit)
		luser_audit_visitor()->enter(d->audit, node);
	frame.place = place_below(d, above, node);
	frame.shown = is_shown(d, above, frame.place, node);
	if (frame.shown)
		d->view->enter(d->view, node);
	if (node->kind == LUSER_NODE_ARRAY)
		total_of(d->handover, node->name);
	if (node->kind == LUSER_NODE_UNKNOWN && !node->parent)
		d->handover->unknown = true;
	if (node->kind == LUSER_NODE_STALE)
		add_stale(d->handover, node);
	d->frames[d->depth++] = frame;
	d->handover->page_size = node->env->page_size;
	if (ferror(stdout))
		return LUSER_STOP;
	return is_enough(d, node) ? LUSER_ENOUGH : LUSER_ENTER;
}

static void leave(void *ctx, const struct luser_node *node)
{
	struct dumper *d = ctx;

	if (d->settings->contents && node->kind == LUSER_NODE_TREE)
		keep_contents(d->handover->mem, node->map);
	add_up(d->handover, node);
	if (d->audit)
		luser_audit_visitor()->leave(d->audit, node);
	if (d->frames[--d->depth].shown)
		d->view->leave(d->view, node);
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct dumper *d = ctx;
	char *path;

	if (d->audit) {
		luser_audit_visitor()->finding(d->audit, finding);
		return;
	}
	path = path_text(finding->node);
	if (place_of(path, d->settings->select) != PLACE_INSIDE) {
		free(path);
		return;
	}
	if (findings_add(&d->handover->findings, luser_check_of(finding),
			 finding, path))
		d->view->finding(d->view, finding);
}

/* What the audit passes on of the walk's findings, and what it finds itself. */
static void report(void *ctx, const struct luser_audit_finding *found)
{
	struct dumper *d = ctx;
	struct findings *findings = &d->handover->findings;
	struct luser_finding finding = *found->finding;

	if (!level_of(&d->settings->levels, found->check, &finding.severity))
		return;
	if (found->skipped)
		findings_skip(findings, found->check, &finding);
	else
		findings_add(findings, found->check, &finding,
			     xstrdup(found->path));
}

static void extent(void *ctx, const struct luser_extent *extent)
{
	struct dumper *d = ctx;

	luser_audit_visitor()->extent(d->audit, extent);
}

static void map_part(void *ctx, const struct luser_map_part *part)
{
	struct dumper *d = ctx;

	d->view->map_part(d->view, part);
}

static void table_part(void *ctx, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	struct dumper *d = ctx;

	if (d->audit)
		luser_audit_visitor()->table_part(d->audit, node, part);
	if (d->view->table_part && d->frames[d->depth - 1].shown)
		d->view->table_part(d->view, node, part);
}

/* The walk takes less time where nobody wants to know each detail. */
static struct luser_visitor visitor_of(const struct dumper *d)
{
	return (struct luser_visitor){
		.enter = enter,
		.leave = leave,
		.finding = finding,
		.map_part = d->view->map_part ? map_part : NULL,
		.extent = d->audit ? extent : NULL,
		.table_part = d->audit || d->view->table_part ? table_part :
								NULL,
	};
}

/* Of a machine that runs, nothing needs to be guessed. */
static uint32_t page_size_of(const struct dumper *d)
{
	if (!d->settings->page_size && d->handover->live)
		return (uint32_t)sysconf(_SC_PAGESIZE);
	return (uint32_t)d->settings->page_size;
}

static enum luser_code walk(struct dumper *d, struct luser_error *err)
{
	struct progress progress = { .what = "reading" };
	struct luser_walk_options options = {
		.page_size = page_size_of(d),
		.running = d->handover->live,
		.early = d->settings->early,
		.progress = d->settings->quiet ? NULL : progress_show,
		.progress_ctx = &progress,
	};
	struct luser_visitor visitor = visitor_of(d);
	enum luser_code code;

	code = luser_walk(d->handover->mem, d->handover->root, &options,
			  &visitor, d, err);
	if (code == LUSER_OK && d->audit)
		code = luser_audit_finish(d->audit, &d->handover->sums, err);
	progress_clear(&progress);
	return code;
}

bool dump(struct handover *handover, const struct settings *settings,
	  struct view *view)
{
	struct dumper d = {
		.handover = handover,
		.settings = settings,
		.view = view,
	};
	struct luser_error err;
	enum luser_code code;

	if (settings->check &&
	    luser_audit_new(handover->mem, handover->root, report, &d,
			    &d.audit) != LUSER_OK) {
		complain("%s", luser_code_text(LUSER_NOMEM));
		return false;
	}
	view->start(view, handover);
	code = walk(&d, &err);
	luser_audit_free(d.audit);
	free(d.frames);
	if (code != LUSER_OK) {
		if (code != LUSER_STOPPED)
			complain("%s", err.message);
		return false;
	}
	view->finish(view, handover);
	return true;
}

void handover_free(struct handover *handover)
{
	findings_free(&handover->findings);
	free(handover->stale);
	free(handover->totals);
}
