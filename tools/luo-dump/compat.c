// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "compat.h"
#include "compat_judge.h"
#include "compat_text.h"
#include "json.h"
#include "json_writer.h"
#include "say.h"
#include "util.h"

struct compat_view {
	struct view view;
	const struct settings *settings;
	const struct kernel *kernel;
	const struct kernel *from;
	struct objects objects;
	size_t count[VERDICT_MISREAD + 1]; /* in all handovers */
	enum verdict worst;
	struct paper paper;
	struct json json;
};

static struct compat_view *compat_of(struct view *view)
{
	return (struct compat_view *)view;
}

static void put_kernel(struct json *json, const struct kernel *kernel)
{
	char *path = escaped(kernel->path);

	json_open_object(json, "kernel");
	json_text(json, "path", path);
	json_text(json, "format", kernel->image.format);
	json_text(json, "compression", kernel->image.compression);
	json_text(json, "release", kernel->release);
	if (kernel->page_size)
		json_number(json, "page_size", kernel->page_size);
	else
		json_text(json, "page_size", NULL);
	json_truth(json, "btf", kernel->btf);
	json_close_object(json);
	free(path);
}

static void put_object(struct json *json, const struct object *object)
{
	json_open_object(json, NULL);
	json_text(json, "path", object->path);
	json_text(json, "registry", object->registry);
	json_text(json, "key", object->key);
	json_text(json, "abi", object->abi ? object->abi->id : NULL);
	json_truth(json, "possible", object->possible);
	json_text(json, "verdict", verdict_name(object->verdict));
	json_text(json, "why", object->why);
	json_text(json, "effect", object->effect);
	json_close_object(json);
}

static void put_handover(struct json *json, const struct handover *handover,
			 const struct objects *objects, enum verdict worst)
{
	json_open_object(json, NULL);
	json_text(json, "role", role_name(handover->root->role));
	if (handover->root->phys == LUSER_NO_PHYS)
		json_text(json, "phys", NULL);
	else
		json_address(json, "phys", handover->root->phys);
	json_number(json, "page_size", handover->page_size);
	json_truth(json, "live", handover->live);
	json_number(json, "errors", handover->findings.count[LUSER_ERROR]);
	json_number(json, "left_out", objects->left_out);
	json_text(json, "verdict", answer_of(worst));
	json_open_list(json, "objects");
	for (size_t i = 0; i < objects->nr; i++)
		put_object(json, &objects->list[i]);
	json_close_list(json);
	json_close_object(json);
}

static void begin(struct view *view)
{
	struct compat_view *compat = compat_of(view);

	if (!compat->settings->json) {
		compat_text_kernel(&compat->paper, compat->kernel);
		return;
	}
	json_open_object(&compat->json, NULL);
	put_kernel(&compat->json, compat->kernel);
	json_open_list(&compat->json, "handovers");
}

static void start(struct view *view, const struct handover *handover)
{
	(void)handover;
	objects_free(&compat_of(view)->objects);
}

static void enter(struct view *view, const struct luser_node *node)
{
	objects_enter(&compat_of(view)->objects, node);
}

static void leave(struct view *view, const struct luser_node *node)
{
	(void)node;
	objects_leave(&compat_of(view)->objects);
}

static void finding(struct view *view, const struct luser_finding *finding)
{
	(void)view;
	(void)finding;
}

/* What a kernel makes of damage, and of what was left out, cannot be told. */
static enum verdict worst_of(const struct handover *handover,
			     const struct objects *objects)
{
	bool untold = handover->findings.count[LUSER_ERROR] ||
		      objects->left_out;
	enum verdict worst = untold ? VERDICT_UNKNOWN : VERDICT_ACCEPTED;

	for (size_t i = 0; i < objects->nr; i++)
		if (objects->list[i].verdict > worst)
			worst = objects->list[i].verdict;
	return worst;
}

static void finish(struct view *view, const struct handover *handover)
{
	struct compat_view *compat = compat_of(view);
	struct objects *objects = &compat->objects;
	enum verdict worst;

	if (compat->from)
		objects_add_possible(objects, compat->from);
	judge(objects, compat->kernel, handover->page_size);
	worst = worst_of(handover, objects);
	for (size_t i = 0; i < objects->nr; i++)
		compat->count[objects->list[i].verdict]++;
	if (compat->settings->json)
		put_handover(&compat->json, handover, objects, worst);
	else
		compat_text_handover(&compat->paper, handover, objects);
	if (worst > compat->worst)
		compat->worst = worst;
}

static int status_of(enum verdict worst)
{
	if (worst > VERDICT_UNKNOWN)
		return EXIT_FINDINGS;
	return worst == VERDICT_UNKNOWN ? EXIT_UNTOLD : EXIT_SOUND;
}

static int end(struct view *view, int status)
{
	struct compat_view *compat = compat_of(view);
	bool unread = status == EXIT_UNUSABLE;

	objects_free(&compat->objects);
	if (unread && compat->worst == VERDICT_ACCEPTED)
		compat->worst = VERDICT_UNKNOWN;
	if (compat->settings->json) {
		json_close_list(&compat->json);
		json_text(&compat->json, "verdict", answer_of(compat->worst));
		json_close_object(&compat->json);
		fputc('\n', compat->json.out);
	} else {
		compat_text_end(&compat->paper, compat->worst, compat->count);
	}
	return unread ? EXIT_UNUSABLE : status_of(compat->worst);
}

struct view *compat_view(const struct settings *settings,
			 const struct kernel *kernel,
			 const struct kernel *from)
{
	struct compat_view *compat = xcalloc(1, sizeof(*compat));

	*compat = (struct compat_view){
		.view = {
			.begin = begin,
			.start = start,
			.enter = enter,
			.leave = leave,
			.finding = finding,
			.finish = finish,
			.end = end,
		},
		.settings = settings,
		.kernel = kernel,
		.from = from,
		.paper = { .out = stdout,
			   .color = style_wanted(settings->color),
			   .verbose = settings->verbose },
		.json = { .out = stdout },
	};
	return &compat->view;
}
