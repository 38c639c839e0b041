// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compat_judge.h"
#include "util.h"

static void decide(struct object *object, enum verdict verdict, char *why,
		   const char *effect)
{
	object->verdict = verdict;
	object->why = why;
	object->effect = effect;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Nothing but the layout tells them apart. */
static bool look_alike(const struct luser_abi *a, const struct luser_abi *b)
{
	return same_text(a->registry, b->registry) &&
	       same_text(a->key, b->key) &&
	       same_text(a->identity_string, b->identity_string) &&
	       a->identity_number == b->identity_number;
}

/**
 * struct rivals - the ABIs that look like one, itself included
 * @nr:       how many
 * @in_release: those that the kernel's release writes, one of them
 * @nr_in_release: and how many
 */
struct rivals {
	size_t nr;
	const struct luser_abi *in_release;
	size_t nr_in_release;
};

static struct rivals rivals_of(const struct kernel *kernel,
			       const struct luser_abi *abi)
{
	struct rivals rivals = { 0 };
	const struct luser_abi *other = NULL;

	while ((other = luser_abi_next(abi->registry, abi->key, other))) {
		if (!look_alike(abi, other))
			continue;
		rivals.nr++;
		if (!kernel_writes(kernel, other))
			continue;
		rivals.nr_in_release++;
		if (!rivals.in_release || other == abi)
			rivals.in_release = other;
	}
	return rivals;
}

static void untold(struct object *object, const struct kernel *kernel,
		   const struct rivals *rivals)
{
	decide(object, VERDICT_UNKNOWN,
	       xprintf("%zu layouts have the name %s, and neither the types "
		       "nor the release of the image (%s) tell which of them "
		       "it has.", rivals->nr, object->key,
		       kernel->release ? kernel->release : "not found"),
	       NULL);
}

static void judge_by_release(struct object *object,
			     const struct kernel *kernel)
{
	const struct luser_abi *abi = object->abi;
	struct rivals rivals = rivals_of(kernel, abi);

	if (rivals.nr == 1)
		decide(object, VERDICT_ACCEPTED,
		       xprintf("The image names it."), NULL);
	else if (rivals.nr_in_release != 1)
		untold(object, kernel, &rivals);
	else if (rivals.in_release == abi)
		decide(object, VERDICT_ACCEPTED,
		       xprintf("The image names it, and Linux %s has this "
			       "layout.", kernel->release), NULL);
	else
		decide(object, VERDICT_MISREAD,
		       xprintf("Linux %s has the layout %s under the same "
			       "name.", kernel->release,
			       rivals.in_release->id),
		       rivals.in_release->misread);
}

/* Types may be alike where what is behind an address is not. */
static bool has_rival(const struct kernel *kernel, const struct luser_abi *abi)
{
	const struct luser_abi *other = NULL;
	char *why = NULL;
	bool found = false;

	while ((other = luser_abi_next(abi->registry, abi->key, other))) {
		if (other == abi || !look_alike(abi, other))
			continue;
		found |= kernel_layout(kernel, other, &why) != LAYOUT_DIFFERS;
		free(why);
		why = NULL;
	}
	return found;
}

static void judge_layout(struct object *object, const struct kernel *kernel)
{
	char *differs;
	enum layout layout = kernel_layout(kernel, object->abi, &differs);

	if (layout == LAYOUT_DIFFERS) {
		decide(object, VERDICT_MISREAD,
		       xprintf("The image names it with another layout: %s.",
			       differs), object->abi->misread);
		free(differs);
	} else if (layout == LAYOUT_AGREES && !has_rival(kernel, object->abi)) {
		decide(object, VERDICT_ACCEPTED,
		       xprintf("The image names it, and has its layout."),
		       NULL);
	} else {
		judge_by_release(object, kernel);
	}
}

/* Another version of what @object is that the kernel knows, or NULL. */
static const struct luser_abi *other_version(const struct object *object,
					     const struct kernel *kernel)
{
	const struct luser_abi *best = NULL;
	const struct luser_abi *abi = NULL;
	const char *key = strcmp(object->registry, LUSER_ROOT_REGISTRY) ?
				  object->key : NULL;

	while ((abi = luser_abi_next(object->registry, key, abi)))
		if (abi != object->abi && kernel_names(kernel, abi) &&
		    (!best || kernel_writes(kernel, abi)))
			best = abi;
	return best;
}

static const char *kernel_text(const struct kernel *kernel)
{
	return kernel->release ? kernel->release : "of an unknown release";
}

/* Nobody in the image knows the name; in a module, perhaps. */
static void judge_absent(struct object *object, const struct kernel *kernel)
{
	const struct luser_dispatch *dispatch = object->dispatch;
	const char *module = object->abi ? object->abi->module : NULL;
	bool open = dispatch && dispatch->exported &&
		    (module || !object->abi) &&
		    kernel_has(kernel, dispatch->exported);

	if (open)
		decide(object, VERDICT_UNKNOWN,
		       xprintf("The image does not name %s, but exports %s(): "
			       "a module%s%s may know it.", object->key,
			       dispatch->exported, module ? " such as " : "",
			       module ? module : ""), NULL);
	else
		decide(object, VERDICT_REFUSED,
		       xprintf("The image does not name %s.", object->key),
		       dispatch ? dispatch->refused : object->abi->refused);
}

static void judge_known(struct object *object, const struct kernel *kernel)
{
	const struct luser_abi *other;

	if (kernel_names(kernel, object->abi)) {
		judge_layout(object, kernel);
		return;
	}
	other = other_version(object, kernel);
	if (other)
		decide(object, VERDICT_REFUSED,
		       xprintf("Linux %s has %s, and not %s.",
			       kernel_text(kernel), other->id,
			       object->abi->id), other->refused);
	else
		judge_absent(object, kernel);
}

static void judge_unknown(struct object *object, const struct kernel *kernel)
{
	if (object->key && !kernel_has(kernel, object->key))
		judge_absent(object, kernel);
	else
		decide(object, VERDICT_UNKNOWN,
		       xprintf("The image names %s, but no schema says what "
			       "it is.",
			       object->key ? object->key : "the root"), NULL);
}

static void judge_needs(struct object *object, const struct kernel *kernel)
{
	for (size_t i = 0; i < object->nr_needs; i++) {
		if (kernel_has(kernel, object->needs[i]))
			continue;
		free(object->why);
		decide(object, VERDICT_REFUSED,
		       xprintf("The image names it, but not %s, which is in "
			       "it.", object->needs[i]), object->abi->refused);
		return;
	}
}

static void judge_one(struct object *object, const struct kernel *kernel)
{
	if (!object->abi) {
		judge_unknown(object, kernel);
		return;
	}
	judge_known(object, kernel);
	if (object->verdict == VERDICT_ACCEPTED)
		judge_needs(object, kernel);
}

/* It does no harm where it is not used. */
static void judge_possible(struct object *object)
{
	char *why = object->why;

	if (object->verdict < VERDICT_REFUSED)
		return;
	object->verdict = VERDICT_UNKNOWN;
	object->why = xprintf("It matters if one is there when the reboot "
			      "starts. %s", why);
	free(why);
}

static void judge_page_size(struct object *root, const struct kernel *kernel,
			    uint64_t page_size)
{
	if (root->verdict != VERDICT_ACCEPTED || !kernel->page_size ||
	    kernel->page_size == page_size)
		return;
	free(root->why);
	decide(root, VERDICT_MISREAD,
	       xprintf("It has pages of %" PRIu64 " bytes; those of the image "
		       "have %u.", page_size, kernel->page_size),
	       root->abi->misread);
}

/* The outermost object that is not accepted, or NO_OBJECT. */
static size_t lost_with(const struct objects *objects, size_t above)
{
	size_t lost = NO_OBJECT;

	for (; above != NO_OBJECT; above = objects->list[above].above)
		if (objects->list[above].verdict >= VERDICT_REFUSED)
			lost = above;
	return lost;
}

/* What was judged, to be found again: thousands of files are alike. */
struct judged {
	const struct object *list[64];
	size_t nr;
};

static bool is_alike(const struct object *a, const struct object *b)
{
	return a->abi == b->abi && a->dispatch == b->dispatch &&
	       !a->nr_needs && !b->nr_needs && same_text(a->key, b->key);
}

static void judge_or_copy(struct judged *judged, struct object *object,
			  const struct kernel *kernel)
{
	for (size_t i = 0; i < judged->nr; i++) {
		const struct object *like = judged->list[i];

		if (!is_alike(like, object))
			continue;
		decide(object, like->verdict, xstrdup(like->why),
		       like->effect);
		return;
	}
	judge_one(object, kernel);
	if (judged->nr < ARRAY_SIZE(judged->list))
		judged->list[judged->nr++] = object;
}

static void judge_lost(struct object *object, const struct object *with)
{
	decide(object, VERDICT_LOST,
	       xprintf("It goes with %s.",
		       *with->path ? with->path : "the root"), NULL);
}

void judge(struct objects *objects, const struct kernel *kernel,
	   uint64_t page_size)
{
	struct judged judged = { .nr = 0 };

	for (size_t i = 0; i < objects->nr; i++) {
		struct object *object = &objects->list[i];
		size_t lost = lost_with(objects, object->above);

		if (lost != NO_OBJECT)
			judge_lost(object, &objects->list[lost]);
		else
			judge_or_copy(&judged, object, kernel);
		if (object->possible)
			judge_possible(object);
		if (!i)
			judge_page_size(object, kernel, page_size);
	}
}
