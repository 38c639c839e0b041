// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <luser/format.h>

#include "diff_text.h"
#include "diff_text_object.h"
#include "util.h"

/* Where the lines of the heading start. */
#define COLUMN 8

static struct diff_text *text_of(struct diff_view *view)
{
	return (struct diff_text *)view;
}

static void begin(struct diff_view *view)
{
	(void)view;
}

static const char *role_text(enum luser_role role)
{
	static const char *const roles[] = {
		[LUSER_ROLE_IN] = "incoming handover",
		[LUSER_ROLE_OUT] = "outgoing handover",
		[LUSER_ROLE_OLD] = "old handover",
	};

	return role == LUSER_ROLE_UNKNOWN ? "handover" : roles[role];
}

static char *release_text(const struct handover *h)
{
	char release[80];
	char *name, *text;

	if (!h->mem || !luser_mem_vmcoreinfo(h->mem, "OSRELEASE", release,
					     sizeof(release)))
		return xstrdup("");
	name = escaped(release);
	text = xprintf(", Linux %s", name);
	free(name);
	return text;
}

static void put_line(const struct diff_text *text, char *line)
{
	fprintf(text->paper.out, "%*s", COLUMN, "");
	print_wrapped(text->paper.out, COLUMN, COLUMN, line);
	free(line);
}

static char *root_text(const struct handover *h)
{
	char *release = release_text(h), *text;
	char *place = h->root->phys == LUSER_NO_PHYS
			      ? xstrdup("root at an unknown address")
			      : xprintf("root at 0x%" PRIx64, h->root->phys);
	char size[32] = "unknown size";

	if (h->page_size)
		luser_format_size(h->page_size, size, sizeof(size));
	text = xprintf("%s, pages of %s%s%s", place, size, release,
		       h->live ? ", live" : "");
	free(place);
	free(release);
	return text;
}

static void put_side(const struct diff_text *text, const char *name,
		     const struct side *side)
{
	const struct handover *h = &side->snapshot.handover;
	char *head = xprintf("%s of %s", role_text(h->root->role), side->path);

	paper_style(&text->paper, STYLE_TITLE);
	fprintf(text->paper.out, "%-*s", COLUMN, name);
	print_wrapped(text->paper.out, COLUMN, COLUMN, head);
	paper_style(&text->paper, STYLE_NONE);
	free(head);
	put_line(text, root_text(h));
	if (has_doubts(side)) {
		char *counts = findings_count_text(h->findings.count);

		put_line(text, xprintf("%s: what is damaged or cannot be read "
				       "may differ%s%s",
				       counts, *side->input->cut ? ". " : "",
				       side->input->cut));
		free(counts);
	}
}

static void object(struct diff_view *view, const struct told *told)
{
	diff_text_object(text_of(view), told);
}

static void start(struct diff_view *view, const struct side *a,
		  const struct side *b)
{
	struct diff_text *text = text_of(view);

	if (text->nr++)
		fputc('\n', text->paper.out);
	text->a = a;
	text->b = b;
	put_side(text, "first", a);
	put_side(text, "second", b);
	fputc('\n', text->paper.out);
}

/* "1 object added, 2 removed" */
static char *counts_text(const uint64_t *count, const char *what)
{
	static const char *const names[] = { "added", "removed", "changed" };
	struct text_file file;
	const char *between = "";

	text_open(&file);
	for (int i = 0; i <= DIFFERENCE_CHANGED; i++) {
		char *number;

		if (!count[i])
			continue;
		number = *between ? number_text(count[i])
				  : count_text(count[i], what);
		fprintf(file.out, "%s%s %s", between, number, names[i]);
		free(number);
		between = ", ";
	}
	return text_close(&file);
}

static void more(struct diff_view *view, const char *path,
		 const uint64_t *left_out)
{
	struct diff_text *text = text_of(view);
	char *counts = counts_text(left_out, "more record");
	char *line = xprintf("%s: %s (--records=all)", path, counts);

	fputs("... ", text->paper.out);
	print_wrapped(text->paper.out, 4, 4, line);
	free(line);
	free(counts);
}

static void put_elsewhere(const struct diff_text *text, uint64_t bytes)
{
	char *size = size_text(bytes);
	char *line = xprintf("As much memory is preserved, but %s of it "
			     "elsewhere (--addresses shows where).",
			     size);

	print_wrapped(text->paper.out, 0, 0, line);
	free(line);
	free(size);
}

static void finish(struct diff_view *view, const struct diff_counts *counts)
{
	struct diff_text *text = text_of(view);
	bool different = is_different(counts);
	bool doubts = has_doubts(text->a) || has_doubts(text->b);
	char *sums = counts_text(counts->count, "object");

	if (different)
		fputc('\n', text->paper.out);
	if (counts->elsewhere)
		put_elsewhere(text, counts->elsewhere);
	paper_style(&text->paper, different ? STYLE_WARNING : STYLE_GOOD);
	fputs(different ? "different" : "same", text->paper.out);
	paper_style(&text->paper, STYLE_NONE);
	fprintf(text->paper.out, "%s%s%s\n",
		!different && doubts ? ", as far as it could be read" : "",
		different ? ": " : "", sums);
	free(sums);
}

static void alone(struct diff_view *view, const char *path,
		  const struct luser_root *root, bool second)
{
	struct diff_text *text = text_of(view);
	char *line = xprintf("only the %s has the %s: %s",
			     second ? "second" : "first", role_text(root->role),
			     path);

	if (text->nr++)
		fputc('\n', text->paper.out);
	print_wrapped(text->paper.out, 0, 4, line);
	free(line);
}

static void end(struct diff_view *view, bool same)
{
	(void)view;
	(void)same;
}

struct diff_view *diff_text_view(const struct settings *settings)
{
	struct diff_text *text = xcalloc(1, sizeof(*text));

	*text = (struct diff_text){
		.view = { begin, start, object, more, finish, alone, end },
		.settings = settings,
		.paper = { .out = stdout,
			   .color = style_wanted(settings->color),
			   .verbose = settings->verbose },
	};
	return &text->view;
}
