// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * One name, several layouts: which one is it?
 */
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "walk_blob.h"

/* A first look is mostly enough to rule out all layouts but one. */
#define FIRST_LOOK (UINT64_C(1) << 20)

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

bool blob_candidates(const struct blob *blob, struct judged *ret)
{
	const struct luser_abi *abi = NULL;
	size_t room = 0;

	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		room++;
	ret->all = calloc(room + 1, sizeof(*ret->all));
	if (!ret->all) {
		blob->w->code = LUSER_NOMEM;
		return false;
	}
	while ((abi = luser_abi_next(blob->registry, blob->key, abi)))
		if (may_be(blob, abi) && !is_extended(blob, abi))
			ret->all[ret->nr++].abi = abi;
	qsort(ret->all, ret->nr, sizeof(*ret->all), by_rank);
	return true;
}

/* Errors count by how much there was to look at. */
bool blob_is_better(const struct luser_candidate *a,
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
		if (blob_is_better(&judged->all[i], best))
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
		blob_dry_walk(blob, one, limit);
		left += one->standing != LUSER_STANDING_UNSOUND;
		is_open |= one->standing == LUSER_STANDING_OPEN;
	}
	return left > 1 && is_open;
}

void blob_judge(struct blob *blob, struct judged *ret)
{
	struct walk *w = blob->w;

	*ret = (struct judged){0};
	if (!blob_candidates(blob, ret))
		return;
	ret->abi = ret->all[0].abi; /* NULL if there is none */
	if (ret->nr < 2 || walk_is_stale(w, ret->abi->freed)) {
		free(ret->all);
		ret->all = NULL;
		ret->nr = 0;
		return;
	}
	if (judge_all(blob, ret, FIRST_LOOK))
		judge_all(blob, ret, UINT64_MAX);
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
					"not all could be looked at that tells which layout of this name it is" :
					"several layouts of this name are sound here: it may be another one",
				.node = node,
				.phys = node->phys,
				.found = found,
				.expected = "one sound layout",
			});
}
