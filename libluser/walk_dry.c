// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Dry walks: how sound would a blob be as this ABI?
 */
#include <stdio.h>

#include "block_set.h"
#include "draw.h"
#include "mem_internal.h"
#include "mix.h"
#include "walk_blob.h"

/* A layout with so many errors is not looked at any further. */
#define MAX_ERRORS 16

/* What all dry walks of a walk may look at; an object counts as some bytes. */
#define MAX_JUDGED   (UINT64_C(64) << 20)
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
 * @nr_failed: reads that the system had refused when it began
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
	uint64_t nr_failed;
};

static uint64_t nr_failed(const struct walk *w)
{
	return w->mem ? w->mem->nr_failed : 0;
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
	judging->candidate->objects++;
	walk_count(judging->w, done - judging->done);
	spend(judging, done - judging->done);
	judging->done = done;
	return !walk_over(judging->w) && !walk_over(&judging->dry);
}

static uint64_t sum_of(const struct luser_struct *type)
{
	uint64_t sum = type->size;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		sum = luser_mix(sum, field->kind);
		sum = luser_mix(sum, (uint64_t)field->offset << 32 | field->size);
		sum = luser_mix(sum, (uint64_t)field->bit << 8 | field->bits);
		for (const char *name = field->name; *name; name++)
			sum = luser_mix(sum, (uint8_t)*name);
	}
	return sum;
}

static void add_map(struct luser_candidate *candidate,
		    const struct luser_map *map)
{
	candidate->objects += map->nr_ranges;
	candidate->reading =
		block_set_sum(map->set, candidate->reading);
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct judging *judging = ctx;
	struct luser_candidate *candidate = judging->candidate;

	candidate->reading = luser_mix(candidate->reading, node->phys);
	if (node->kind == LUSER_NODE_STRUCT || node->kind == LUSER_NODE_FDT) {
		if (judging->type != node->type)
			judging->fields = sum_of(node->type);
		judging->type = node->type;
		candidate->reading =
			luser_mix(candidate->reading, judging->fields);
		candidate->objects++;
	}
	if (node->kind == LUSER_NODE_TREE)
		add_map(candidate, node->map);
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

/* What the system did not read, and what follows from it, is no evidence. */
static enum luser_standing standing(const struct judging *judging)
{
	bool is_whole = judging->nr_failed == nr_failed(judging->w);

	if (judging->candidate->standing == LUSER_STANDING_UNSOUND || is_whole)
		return LUSER_STANDING_UNSOUND;
	return LUSER_STANDING_OPEN;
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct judging *judging = ctx;
	struct luser_candidate *candidate = judging->candidate;

	if (finding->severity != LUSER_ERROR)
		return;
	if (!candidate->errors++)
		keep_first(judging, finding);
	candidate->standing = standing(judging);
	if (candidate->errors == MAX_ERRORS)
		judging->dry.code = LUSER_STOPPED;
}

static const struct luser_visitor visitor = {
	.enter = enter,
	.finding = finding,
};

void blob_dry_walk(struct blob *blob, struct luser_candidate *candidate,
		   uint64_t limit)
{
	struct walk *w = blob->w;
	struct luser_walk_options options = *w->options;
	struct judging judging = {
		.w = w, .dry = *w, .candidate = candidate, .limit = limit,
		.nr_failed = nr_failed(w),
	};
	struct walk *dry = &judging.dry;
	char path[256];

	if (!w->secret)
		w->secret = luser_draw();
	*candidate = (struct luser_candidate){
		.abi = candidate->abi,
		.reading = w->secret,
	};
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
		dry->preserved = NULL;
	spend(&judging, 0);
	blob_walk(dry, blob, candidate->abi);
	walk_load_free(dry, w->loaded);
	luser_claims_free(&dry->claims);
	if (blob->node.parent)
		w->preserved = dry->preserved;
	else
		block_set_drop(dry->preserved);
	if (dry->code == LUSER_NOMEM)
		w->code = LUSER_NOMEM;
}
