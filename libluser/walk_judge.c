// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * One name, several layouts: which one is it?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "walk_blob.h"

/* A layout with so many errors is not looked at any further. */
#define MAX_ERRORS 16

/*
 * What all dry walks of a walk may look at, and one to begin with: mostly that
 * is enough to rule out all layouts but one. An object counts as some bytes.
 */
#define MAX_JUDGED   (UINT64_C(64) << 20)
#define FIRST_LOOK   (UINT64_C(1) << 20)
#define OBJECT_COSTS 64

/**
 * struct judging - one dry walk
 * @w:         the walk that it is for
 * @dry:       the dry walk
 * @candidate: what becomes known
 * @prefix:    length of the path to the object
 * @type, @fields: the last struct that was met, and the sum of its fields
 * @done:      bytes that it has read
 * @limit:     what it may still look at
 */
struct judging {
	struct walk *w;
	struct walk dry;
	struct luser_candidate *candidate;
	size_t prefix;
	const struct luser_struct *type;
	uint64_t fields;
	uint64_t done;
	uint64_t limit;
};

static bool identity_holds(const struct blob *blob, const struct luser_abi *abi)
{
	const struct luser_field *field = abi->identity;
	const uint8_t *at = blob->bytes;

	if (abi->carrier == LUSER_CARRIER_FDT)
		return walk_fdt_identity(abi, at, blob->size);
	if (abi->root_array)
		at += abi->root_array->header->size;
	if (blob->size < (size_t)(at - blob->bytes) +
				 luser_struct_min_size(abi->root))
		return false;
	if (!field)
		return true;
	if (abi->identity_string)
		return !strncmp((const char *)at + field->offset,
				abi->identity_string, field->size);
	return luser_field_get(field, at, 0) == abi->identity_number;
}

/* An extension applies if the root says that it was used. */
static bool feature_holds(const struct blob *blob, const struct luser_abi *abi)
{
	const uint8_t *at = blob->bytes;

	if (!abi->extends)
		return true;
	if (abi->root_array)
		at += abi->root_array->header->size;
	return luser_field_get(abi->feature, at, 0) & abi->feature_mask;
}

static bool may_be(const struct blob *blob, const struct luser_abi *abi)
{
	return identity_holds(blob, abi) && feature_holds(blob, abi);
}

/* Of what an extension that was used extends, it knows all. */
static bool is_extended(const struct blob *blob, const struct luser_abi *base)
{
	const struct luser_abi *abi = NULL, *older;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		for (older = abi->extends; older; older = older->extends)
			if (older == base && may_be(blob, abi))
				return true;
	return false;
}

static int by_rank(const void *a, const void *b)
{
	const struct luser_candidate *x = a, *y = b;

	return x->abi->rank - y->abi->rank;
}

/* All that the name and the first bytes leave open. */
static bool gather(const struct blob *blob, struct judged *ret)
{
	const struct luser_abi *abi = NULL;
	size_t room = 0;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		room++;
	ret->all = calloc(room + 1, sizeof(*ret->all));
	if (!ret->all)
		return false;
	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		if (may_be(blob, abi) && !is_extended(blob, abi))
			ret->all[ret->nr++].abi = abi;
	qsort(ret->all, ret->nr, sizeof(*ret->all), by_rank);
	return true;
}

/* Counts what was looked at; ends the dry walk when that is too much. */
static void spend(struct judging *judging, uint64_t cost)
{
	judging->w->judged += cost;
	if (cost <= judging->limit && judging->w->judged <= MAX_JUDGED) {
		judging->limit -= cost;
		return;
	}
	if (!judging->candidate->errors)
		judging->candidate->standing = LUSER_STANDING_OPEN;
	judging->dry.code = LUSER_STOPPED;
}

static bool has_read(void *ctx, uint64_t done, uint64_t total)
{
	struct judging *judging = ctx;

	(void)total;
	walk_count(judging->w, done - judging->done);
	spend(judging, done - judging->done);
	judging->done = done;
	return !walk_over(judging->w) && !walk_over(&judging->dry);
}

static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

static uint64_t sum_of(const struct luser_struct *type)
{
	uint64_t sum = type->size;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		sum = mix(sum, field->kind);
		sum = mix(sum, (uint64_t)field->offset << 32 | field->size);
		sum = mix(sum, (uint64_t)field->bit << 8 | field->bits);
		for (const char *name = field->name; *name; name++)
			sum = mix(sum, (uint8_t)*name);
	}
	return sum;
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct judging *judging = ctx;
	struct luser_candidate *candidate = judging->candidate;

	candidate->reading = mix(candidate->reading, node->phys);
	if (node->kind == LUSER_NODE_STRUCT || node->kind == LUSER_NODE_FDT) {
		if (judging->type != node->type)
			judging->fields = sum_of(node->type);
		judging->type = node->type;
		candidate->reading = mix(candidate->reading, judging->fields);
		candidate->objects++;
	}
	spend(judging, OBJECT_COSTS);
	return LUSER_ENTER;
}

static void keep_first(struct judging *judging,
		       const struct luser_finding *finding)
{
	struct luser_candidate *candidate = judging->candidate;
	char path[256];
	size_t len = luser_path(finding->node, finding->field, path,
				sizeof(path));
	size_t skip = judging->prefix;

	if (len >= sizeof(path))
		len = sizeof(path) - 1;
	skip += path[skip < len ? skip : len] == '/';
	candidate->rule = finding->rule;
	snprintf(candidate->path, sizeof(candidate->path), "%s",
		 path + (skip < len ? skip : len));
	snprintf(candidate->found, sizeof(candidate->found), "%s",
		 finding->found);
	snprintf(candidate->expected, sizeof(candidate->expected), "%s",
		 finding->expected);
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct judging *judging = ctx;
	struct luser_candidate *candidate = judging->candidate;

	if (finding->severity != LUSER_ERROR)
		return;
	if (!candidate->errors++)
		keep_first(judging, finding);
	candidate->standing = LUSER_STANDING_UNSOUND;
	if (candidate->errors == MAX_ERRORS)
		judging->dry.code = LUSER_STOPPED;
}

static const struct luser_visitor visitor = {
	.enter = enter,
	.finding = finding,
};

/* What a dry walk reads is not taken, and what it finds out is forgotten. */
static void judge(struct blob *blob, struct luser_candidate *candidate,
		  uint64_t limit)
{
	struct walk *w = blob->w;
	struct luser_walk_options options = *w->options;
	struct judging judging = {
		.w = w, .dry = *w, .candidate = candidate, .limit = limit,
	};
	struct walk *dry = &judging.dry;
	char path[256];

	*candidate = (struct luser_candidate){.abi = candidate->abi};
	options.progress = has_read;
	options.progress_ctx = &judging;
	judging.prefix = luser_path(blob->node.parent, NULL, path,
				    sizeof(path));
	dry->options = &options;
	dry->visitor = &visitor;
	dry->ctx = &judging;
	dry->dry = true;
	dry->silent = 0;
	dry->bytes_read = 0;
	dry->claims = (struct luser_claims){.base = &w->claims};
	if (!blob->node.parent)
		dry->preserved = (struct luser_ranges){0};
	spend(&judging, 0);
	blob_walk(dry, blob, candidate->abi);
	walk_load_free(dry, w->loaded);
	luser_claims_free(&dry->claims);
	if (blob->node.parent)
		w->preserved = dry->preserved;
	else
		luser_ranges_free(&dry->preserved);
	if (dry->code == LUSER_NOMEM)
		w->code = LUSER_NOMEM;
}

/* Errors count by how much there was to look at. */
static bool is_better(const struct luser_candidate *a,
		      const struct luser_candidate *b)
{
	if (a->standing != b->standing)
		return a->standing < b->standing;
	return a->errors * (b->objects + 1) < b->errors * (a->objects + 1);
}

static const struct luser_abi *choose(struct judged *judged)
{
	struct luser_candidate *best = &judged->all[0];

	for (size_t i = 1; i < judged->nr; i++)
		if (is_better(&judged->all[i], best))
			best = &judged->all[i];
	for (size_t i = 0; i < judged->nr; i++) {
		struct luser_candidate *one = &judged->all[i];

		if (one != best && one->standing == LUSER_STANDING_SOUND &&
		    one->reading == best->reading)
			one->standing = LUSER_STANDING_SAME;
	}
	return best->abi;
}

/* True if more than one is left, and it is open whether that stays so. */
static bool judge_all(struct blob *blob, struct judged *judged, uint64_t limit)
{
	bool is_open = false;
	size_t left = 0;

	for (size_t i = 0; i < judged->nr && !walk_over(blob->w); i++) {
		struct luser_candidate *one = &judged->all[i];

		if (one->standing == LUSER_STANDING_UNSOUND)
			continue;
		judge(blob, one, limit);
		left += one->standing != LUSER_STANDING_UNSOUND;
		is_open |= one->standing == LUSER_STANDING_OPEN;
	}
	return left > 1 && is_open;
}

void blob_judge(struct blob *blob, struct judged *ret)
{
	struct walk *w = blob->w;

	*ret = (struct judged){0};
	if (!gather(blob, ret)) {
		w->code = LUSER_NOMEM;
		return;
	}
	ret->abi = ret->all[0].abi; /* NULL if there is none */
	if (ret->nr < 2 || walk_is_stale(w, ret->abi->freed)) {
		free(ret->all);
		ret->all = NULL;
		ret->nr = 0;
		return;
	}
	if (judge_all(blob, ret, FIRST_LOOK))
		judge_all(blob, ret, MAX_JUDGED);
	ret->abi = choose(ret);
}

/* Where nothing but a preference told, it may be another one. */
void walk_tell_candidates(struct walk *w, const struct luser_node *node)
{
	char found[200] = "";
	struct luser_text text = {.buf = found, .size = sizeof(found)};
	bool is_open = false;
	size_t nr = 0;

	for (size_t i = 0; i < node->nr_candidates; i++) {
		const struct luser_candidate *one = &node->candidates[i];

		if (one->standing == LUSER_STANDING_UNSOUND ||
		    one->standing == LUSER_STANDING_SAME)
			continue;
		luser_text_add(&text, "%s%s", nr++ ? ", " : "", one->abi->id);
		is_open |= one->standing == LUSER_STANDING_OPEN;
	}
	if (nr < 2)
		return;
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_WARNING,
				.rule = "ambiguous",
				.text = is_open ?
					"it would take too long to tell which layout of this name it is" :
					"several layouts of this name are sound here: it may be another one",
				.node = node,
				.phys = node->phys,
				.found = found,
				.expected = "one sound layout",
			});
}
