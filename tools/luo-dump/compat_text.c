// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <luser/format.h>

#include "compat_text.h"
#include "json.h"
#include "util.h"

/* Where the names of objects stand, below a verdict. */
#define COLUMN 12

/* Objects that a person sees of those that are alike. */
#define MAX_PATHS 8

/* Kinds of objects that a person sees. */
#define MAX_GROUPS 256

const char *answer_of(enum verdict worst)
{
	if (worst > VERDICT_UNKNOWN)
		return "no";
	return worst == VERDICT_UNKNOWN ? "unknown" : "yes";
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_ACCEPTED] = "accepted",
		[VERDICT_UNKNOWN] = "unknown",
		[VERDICT_LOST] = "lost",
		[VERDICT_REFUSED] = "refused",
		[VERDICT_MISREAD] = "misread",
	};

	return names[verdict];
}

static enum style style_of(enum verdict verdict)
{
	if (verdict > VERDICT_UNKNOWN)
		return STYLE_ERROR;
	return verdict == VERDICT_UNKNOWN ? STYLE_WARNING : STYLE_GOOD;
}

static void put_line(const struct paper *paper, const char *name, char *text)
{
	fprintf(paper->out, "%-*s", COLUMN, name);
	print_wrapped(paper->out, COLUMN, COLUMN, text);
	free(text);
}

void compat_text_kernel(const struct paper *paper, const struct kernel *kernel)
{
	const struct unpacked *image = &kernel->image;
	char *path = escaped(kernel->path);

	put_line(paper, "kernel",
		 xprintf("%s: Linux %s", path,
			 kernel->release ? kernel->release :
					   "of an unknown release"));
	put_line(paper, "image",
		 xprintf("%s, %s, %s", image->format,
			 image->compression ? image->compression :
					      "not compressed",
			 kernel->btf ? "with the layout of its structs (BTF)" :
				       "without the layout of its structs "
				       "(BTF)"));
	free(path);
}

static void put_heading(const struct paper *paper, const struct handover *h)
{
	bool placed = h->root->phys != LUSER_NO_PHYS;
	size_t errors = h->findings.count[LUSER_ERROR];
	char size[32] = "unknown size";
	char *where = placed ? xprintf(" at 0x%" PRIx64, h->root->phys) :
			       xstrdup("");

	if (h->page_size)
		luser_format_size(h->page_size, size, sizeof(size));
	put_line(paper, "handover",
		 xprintf("%s%s, pages of %s", role_name(h->root->role), where,
			 size));
	free(where);
	if (h->live)
		put_line(paper, "live",
			 xstrdup("The kernel still runs: what it writes at the "
				 "reboot only is not judged."));
	if (errors)
		put_line(paper, "damaged",
			 xprintf("%zu error%s found in it; luo-dump without "
				 "compat shows what is wrong.", errors,
				 errors == 1 ? " was" : "s were"));
}

static bool is_alike(const struct object *a, const struct object *b)
{
	return a->verdict == b->verdict && a->possible == b->possible &&
	       a->abi == b->abi &&
	       a->effect == b->effect && a->registry == b->registry &&
	       !strcmp(a->why, b->why);
}

/* "root", "LUO", "LUO/sessions[vm-0]/files[0x1], and 3 more" */
static char *paths_text(const struct objects *objects, size_t first)
{
	struct text_file file;
	size_t nr = 0;

	text_open(&file);
	for (size_t i = first; i < objects->nr; i++) {
		const struct object *object = &objects->list[i];

		if (!is_alike(object, &objects->list[first]))
			continue;
		if (nr++ < MAX_PATHS)
			fprintf(file.out, "%s%s", nr > 1 ? ", " : "",
				*object->path ? object->path : "root");
	}
	if (nr > MAX_PATHS)
		fprintf(file.out, ", and %zu more", nr - MAX_PATHS);
	return text_close(&file);
}

static void put_below(const struct paper *paper, const char *text)
{
	fprintf(paper->out, "%*s", COLUMN, "");
	print_wrapped(paper->out, COLUMN, COLUMN, text);
}

static void put_group(const struct paper *paper, const struct objects *objects,
		      size_t first)
{
	const struct object *object = &objects->list[first];
	const char *name = object->abi ? object->abi->id : object->key;
	char *paths = paths_text(objects, first);
	char *text = xprintf("%s%s: %s", object->possible ? "perhaps " : "",
			     name ? name : "not known", paths);

	paper_style(paper, style_of(object->verdict));
	fprintf(paper->out, "%-*s", COLUMN, verdict_name(object->verdict));
	paper_style(paper, STYLE_NONE);
	print_wrapped(paper->out, COLUMN, COLUMN, text);
	if (paper->verbose || object->verdict != VERDICT_ACCEPTED)
		put_below(paper, object->why);
	if (object->effect)
		put_below(paper, object->effect);
	free(text);
	free(paths);
}

/* The first of those that are alike speaks for all. */
static bool is_first(const struct objects *objects, const size_t *firsts,
		     size_t nr, size_t i)
{
	for (size_t j = 0; j < nr; j++)
		if (is_alike(&objects->list[firsts[j]], &objects->list[i]))
			return false;
	return true;
}

static void put_rest(const struct paper *paper, size_t more, size_t left_out)
{
	if (more)
		put_line(paper, "and",
			 xprintf("%zu objects more, which --json lists", more));
	if (left_out)
		put_line(paper, "and",
			 xprintf("%zu objects more, which were only counted",
				 left_out));
}

void compat_text_handover(const struct paper *paper,
			  const struct handover *handover,
			  const struct objects *objects)
{
	size_t firsts[MAX_GROUPS];
	size_t nr = 0, i;

	put_heading(paper, handover);
	fputc('\n', paper->out);
	for (i = 0; i < objects->nr && nr < MAX_GROUPS; i++) {
		if (!is_first(objects, firsts, nr, i))
			continue;
		firsts[nr++] = i;
		put_group(paper, objects, i);
	}
	put_rest(paper, objects->nr - i, objects->left_out);
	fputc('\n', paper->out);
}

void compat_text_end(const struct paper *paper, enum verdict worst,
		     const size_t *count)
{
	static const char *const answers[] = {
		"yes", "cannot tell", "no", "no", "no",
	};
	const char *separator = ": ";

	paper_style(paper, style_of(worst));
	fputs(answers[worst], paper->out);
	paper_style(paper, STYLE_NONE);
	for (int i = VERDICT_MISREAD; i >= VERDICT_ACCEPTED; i--) {
		if (!count[i])
			continue;
		fprintf(paper->out, "%s%zu %s", separator, count[i],
			verdict_name((enum verdict)i));
		separator = ", ";
	}
	fputc('\n', paper->out);
}
