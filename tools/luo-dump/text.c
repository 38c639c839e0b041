// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <luser/format.h>

#include "item_text.h"
#include "map_text.h"
#include "table_text.h"
#include "text.h"
#include "util.h"

/* Where the values of the heading stand. */
#define COLUMN 14

struct text_view {
	struct view view;
	const struct settings *settings;
	const struct input *input;
	struct paper paper;
	struct item **tops; /* the selected objects, or the root alone */
	size_t nr_tops;
	struct item *at; /* the innermost object that is being shown */
	size_t nr_shown;
	size_t count[LUSER_ERROR + 1]; /* findings in all handovers */
	struct text_file runs; /* of the page tables that are being shown */
};

static struct text_view *text_of(struct view *view)
{
	return (struct text_view *)view;
}

static void begin(struct view *view)
{
	(void)view;
}

static void start(struct view *view, const struct handover *handover)
{
	(void)view;
	(void)handover;
}

static bool lists_runs(const struct text_view *text,
		       const struct luser_node *node)
{
	return node->kind == LUSER_NODE_PAGE_TABLES && text->settings->iova;
}

static void enter(struct view *view, const struct luser_node *node)
{
	struct text_view *text = text_of(view);
	struct item *item = item_add(text->at, node, text->settings);

	if (!text->at) {
		text->tops = grow(text->tops, text->nr_tops,
				  sizeof(*text->tops));
		text->tops[text->nr_tops++] = item;
	}
	text->at = item;
	if (lists_runs(text, node))
		text_open(&text->runs);
}

static void table_part(struct view *view, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	struct text_view *text = text_of(view);

	if (!part->is_table && lists_runs(text, node))
		table_run_print(text->runs.out, part);
}

static void leave(struct view *view, const struct luser_node *node)
{
	struct text_view *text = text_of(view);

	if (lists_runs(text, node))
		text->at->block = text_close(&text->runs);
	item_complete(text->at, text->settings);
	text->at = text->at->parent;
}

static void finding(struct view *view, const struct luser_finding *finding)
{
	struct item *item = text_of(view)->at;

	while (item && item->node != finding->node)
		item = item->parent;
	if (item)
		item_mark(item, finding);
}

static void put(const struct text_view *text, const char *name,
		const char *value)
{
	fprintf(text->paper.out, "  %-*s", COLUMN - 2, name);
	print_wrapped(text->paper.out, COLUMN, COLUMN, value);
}

static void put_freed(const struct text_view *text, const char *name,
		      char *value)
{
	put(text, name, value);
	free(value);
}

static const char *role_text(enum luser_role role)
{
	switch (role) {
	case LUSER_ROLE_IN:
		return "incoming handover: what this kernel was handed";
	case LUSER_ROLE_OUT:
		return "outgoing handover: what this kernel hands to the next";
	case LUSER_ROLE_OLD:
		return "old handover: left over from an earlier kernel";
	default:
		return "handover, incoming or outgoing is not known";
	}
}

static char *root_text(const struct handover *h)
{
	char *where, *text;
	char size[32];

	where = h->root->phys == LUSER_NO_PHYS ?
			xstrdup("address not known") :
			xprintf("at 0x%" PRIx64, h->root->phys);
	if (!h->page_size)
		return where;
	luser_format_size(h->page_size, size, sizeof(size));
	text = xprintf("%s, pages of %s", where, size);
	free(where);
	return text;
}

static char *memory_text(const struct handover *h)
{
	char release[80];
	char *name, *text;

	if (!h->mem)
		return xstrdup("none: what addresses lead to is not shown");
	if (!luser_mem_vmcoreinfo(h->mem, "OSRELEASE", release,
				  sizeof(release)))
		return xstrdup(luser_mem_format(h->mem));
	name = escaped(release);
	text = xprintf("%s of Linux %s", luser_mem_format(h->mem), name);
	free(name);
	return text;
}

/* "3 sessions, 1 file", from the names that arrays have. */
static void put_total(FILE *out, const struct total *total)
{
	size_t len = strlen(total->name);
	char *number = number_text(total->records);

	if (total->records == 1 && total->name[len - 1] == 's')
		len--;
	fprintf(out, "%s %.*s", number, (int)len, total->name);
	free(number);
}

static char *totals_text(const struct handover *h)
{
	struct text_file file;

	text_open(&file);
	for (size_t i = 0; i < h->nr_totals; i++) {
		fputs(i ? ", " : "", file.out);
		put_total(file.out, &h->totals[i]);
	}
	return text_close(&file);
}

/* Of whole pages, unless they are more than 64 bits can count. */
static uint64_t pages_of(const struct handover *h, uint64_t bytes)
{
	return bytes / h->page_size + !!(bytes % h->page_size);
}

static char *owned_text(const struct handover *h)
{
	const struct luser_audit_sums *sums = &h->sums;
	char *owned = number_text(pages_of(h, sums->owned));
	char *pages = count_text(pages_of(h, sums->preserved), "page");
	char *text = xprintf("%s of %s", owned, pages);

	free(owned);
	free(pages);
	return text;
}

static void put_skipped(const struct text_view *text,
			const struct kept_finding *one, bool first)
{
	put_freed(text, first ? "not checked" : "",
		  xprintf("%s: %s; it takes %s", one->check->name, one->text,
			  one->expected));
}

static void put_heading(const struct text_view *text, const struct handover *h)
{
	paper_style(&text->paper, STYLE_TITLE);
	fprintf(text->paper.out, "%s", role_text(h->root->role));
	paper_style(&text->paper, STYLE_NONE);
	fputc('\n', text->paper.out);
	if (text->settings->select)
		put(text, "shown", text->settings->select);
	put(text, "known by", h->root->why);
	put_freed(text, "root FDT", root_text(h));
	put_freed(text, "memory", memory_text(h));
	if (h->live)
		put(text, "live", "read while the kernel was running: what "
				  "changed meanwhile may be torn");
	if (h->has_map)
		put_freed(text, "preserved", map_text(&h->map));
	if (h->nr_totals)
		put_freed(text, "holds", totals_text(h));
	if (h->stale)
		put_freed(text, "stale",
			  xprintf("%s: given back after the boot, not shown",
				  h->stale));
	if (text->settings->check && h->has_map)
		put_freed(text, "owned", owned_text(h));
	for (size_t i = 0; i < h->findings.nr_skipped; i++)
		put_skipped(text, &h->findings.skipped[i], !i);
	put_freed(text, "findings", findings_count_text(h->findings.count));
}

static void put_finding(const struct text_view *text,
			const struct kept_finding *one)
{
	FILE *out = text->paper.out;
	char *place, *line;

	paper_style(&text->paper, severity_style(one->severity));
	fprintf(out, "  %-*s", COLUMN - 2, severity_name(one->severity));
	paper_style(&text->paper, STYLE_NONE);
	line = xprintf("%s%s%s", one->path,
		       *one->path && one->field ? "/" : "",
		       one->field ? one->field : *one->path ? "" : "root");
	print_wrapped(out, COLUMN, COLUMN, line);
	free(line);
	place = one->phys == LUSER_NO_PHYS ?
			xstrdup("") :
			xprintf("at 0x%" PRIx64 ": ", one->phys);
	line = xprintf("%s%s (%s%s%s)", place, one->text,
		       text->settings->check ? one->check->name : "",
		       text->settings->check ? ": " : "", one->rule);
	free(place);
	fprintf(out, "%*s", COLUMN, "");
	print_wrapped(out, COLUMN, COLUMN, line);
	free(line);
	if (one->severity == LUSER_NOTE)
		return;
	line = xprintf("found %s, expected %s", one->found, one->expected);
	fprintf(out, "%*s", COLUMN, "");
	print_wrapped(out, COLUMN, COLUMN, line);
	free(line);
}

static void put_findings(const struct text_view *text,
			 const struct findings *findings)
{
	if (!findings->nr)
		return;
	fputs("\nfindings\n", text->paper.out);
	for (int severity = LUSER_ERROR; severity >= LUSER_NOTE; severity--)
		for (size_t i = 0; i < findings->nr; i++)
			if ((int)findings->list[i].severity == severity)
				put_finding(text, &findings->list[i]);
	if (findings->left_out)
		fprintf(text->paper.out, "and %zu more like these\n",
			findings->left_out);
}

static void finish(struct view *view, const struct handover *handover)
{
	struct text_view *text = text_of(view);

	if (text->settings->select && !handover->selected)
		return;
	if (text->nr_shown++)
		fputc('\n', text->paper.out);
	for (int i = LUSER_NOTE; i <= LUSER_ERROR; i++)
		text->count[i] += handover->findings.count[i];
	put_heading(text, handover);
	for (size_t i = 0; i < text->nr_tops; i++) {
		fputc('\n', text->paper.out);
		item_print(&text->paper, text->tops[i], 0);
		item_free(text->tops[i]);
	}
	free(text->tops);
	text->tops = NULL;
	text->nr_tops = 0;
	put_findings(text, &handover->findings);
}

static const char *verdict(int status)
{
	if (status == EXIT_UNUSABLE)
		return "no verdict";
	return status == EXIT_SOUND ? "sound" : "not sound";
}

static int end(struct view *view, int status)
{
	struct text_view *text = text_of(view);
	bool sound = status == EXIT_SOUND;
	char *counts = findings_count_text(text->count);

	fputc('\n', text->paper.out);
	if (*text->input->cut)
		print_wrapped(text->paper.out, 0, 2, text->input->cut);
	paper_style(&text->paper, sound ? STYLE_GOOD : STYLE_ERROR);
	fputs(verdict(status), text->paper.out);
	paper_style(&text->paper, STYLE_NONE);
	fprintf(text->paper.out, "%s: %s\n",
		sound && text->count[LUSER_WARNING] ?
			", as far as it could be looked at" : "",
		counts);
	free(counts);
	return status;
}

struct view *text_view(const struct settings *settings,
		       const struct input *input)
{
	struct text_view *text = xcalloc(1, sizeof(*text));

	*text = (struct text_view){
		.view = { begin, start, enter, leave, finding, finish, end,
			  NULL, table_part },
		.settings = settings,
		.input = input,
		.paper = { .out = stdout,
			   .color = style_wanted(settings->color),
			   .verbose = settings->verbose },
	};
	return &text->view;
}
