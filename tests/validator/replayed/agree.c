// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>

#include "agree.h"
#include "verdict.h"

/**
 * struct view - what both judges see
 * @r:    memory
 * @told: the map, which is what the library read: a kernel has it from elsewhere
 */
struct view {
	const struct replay *r;
	struct told told;
};

static const void *at(void *ctx, uint64_t phys, uint64_t size)
{
	const struct replay *r = ((struct view *)ctx)->r;

	if (phys < r->base || phys - r->base > r->len ||
	    size > r->len - (phys - r->base))
		return NULL;
	return replay_at(r, phys);
}

static bool preserved(void *ctx, uint64_t phys, uint64_t size)
{
	const struct told *told = &((struct view *)ctx)->told;

	for (size_t i = 0; i < told->nr_map; i++)
		if (phys >= told->map[i].start &&
		    phys - told->map[i].start < told->map[i].len)
			return size <=
			       told->map[i].len - (phys - told->map[i].start);
	return false;
}

/* The view's memory is the subject's as long as both live. */
static struct subject begin(struct view *view, const struct agree *agree)
{
	const struct subject subject = {
		.at = at,
		.preserved = preserved,
		.ctx = view,
		.root = agree->root,
		.file_root = agree->file_root,
	};

	view->r = agree->r;
	told_run(&view->told, &subject, agree->r->mem, agree->r->root);
	return subject;
}

bool agree_begin(struct agree *agree, struct replay *r)
{
	struct view view;
	bool several;

	*agree = (struct agree){.r = r};
	if (r->page_size != PAGE_SIZE)
		return false;
	begin(&view, agree);
	agree->root = view.told.subject.root;
	agree->file_root = view.told.subject.file_root;
	several = view.told.several;
	told_release(&view.told);
	return agree->root && agree->file_root && !several;
}

void agree_now(const struct agree *agree, const char *how)
{
	struct checked checked = {0};
	struct subject subject;
	struct view view;
	char why[160];

	subject = begin(&view, agree);
	checked_subject(&checked, &subject);
	if (verdict_differs(&checked, &view.told, why, sizeof(why))) {
		fprintf(stderr, "%s: %s\n", how, why);
		abort();
	}
	told_release(&view.told);
	checked_release(&checked);
}
