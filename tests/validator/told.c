// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Hearing what the walk tells. */
#include <kernel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/iommufd-v2.h>
#include <luser/audit.h>

#include "../hostile/grow.h"
#include "told.h"

/* The record or array that a finding is about, or NULL for a root. */
static const struct luser_node *find_object(const struct luser_node *node)
{
	while (node && !node->array)
		node = node->parent;
	return node;
}

static int find_array(const struct luser_array *array)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (subject_array(k) == array)
			return k;
	return -1;
}

static bool is_among(const char *rule, const char *const *rules)
{
	while (*rules && strcmp(rule, *rules))
		rules++;
	return *rules;
}

/* The chain does not go on to the page that such a finding is about. */
static bool ends_chain(const char *rule)
{
	static const char *const rules[] = {
		"page-alignment", "chain-length", "unreadable",
		"not-preserved",  "record-size",  "magic",
		"kind",		  "nr_used",	  "handover",
		NULL,
	};

	return is_among(rule, rules);
}

/* This finding has the page in its text only. */
static uint64_t page_of(const struct luser_finding *finding)
{
	uint64_t phys = finding->phys;

	if (!strcmp(finding->rule, "not-preserved"))
		phys = strtoull(finding->found, NULL, 16);
	return phys - phys % PAGE_SIZE;
}

/* The root that a node is, or that it belongs to; -1 if it is of another ABI */
static int find_root(const struct luser_node *node)
{
	if (node->abi == &luser_abi_iommu_v2)
		return STATE_ROOT;
	return node->abi == &luser_abi_iommufd_v2 ? STATE_FILE_ROOT : -1;
}

/* A root is in the only record of its page. */
static void note_root(struct told *told, int root,
		      const struct luser_node *node)
{
	uint64_t *known = root == STATE_ROOT ? &told->subject.root :
					       &told->subject.file_root;
	uint64_t phys = node->phys - node->phys % PAGE_SIZE;

	told->several |= *known && *known != phys;
	*known = phys;
}

static void told_of_root(struct told *told, const struct luser_finding *finding)
{
	int root = find_root(finding->node);

	if (root < 0)
		return; /* who leads to it is another matter */
	for (int k = 0; k < STATE_ARRAYS; k++) {
		const struct luser_array *array = subject_array(k);

		if (strcmp(finding->rule, "total"))
			continue;
		if (array->total && array->total[0] == finding->field) {
			told->arrays[k].total = true;
			return;
		}
	}
	note_root(told, root, finding->node);
	told->arrays[root].broken = UINT64_MAX;
}

static void told_of_page(struct told_array *array,
			 const struct luser_finding *finding)
{
	if (!strcmp(finding->rule, "read-twice")) {
		array->twice = true;
		return;
	}
	if (ends_chain(finding->rule)) {
		array->broken = page_of(finding);
		return;
	}
	array->lost = grow(array->lost, array->nr_lost, sizeof(*array->lost));
	array->lost[array->nr_lost++] = page_of(finding);
}

static bool is_promise(const struct luser_array *array, const char *rule)
{
	for (uint16_t i = 0; i < array->nr_unique; i++)
		if (!strcmp(array->unique[i].name, rule))
			return true;
	return false;
}

static bool is_reference(const char *rule)
{
	return !strcmp(rule, "no-such-record") || !strcmp(rule, "empty-record");
}

static void told_of_twin(struct told *told, int k, uint64_t index,
			 const struct luser_finding *finding)
{
	struct told_twin *twin;

	told->twins = grow(told->twins, told->nr_twins, sizeof(*twin));
	twin = &told->twins[told->nr_twins++];
	twin->array = k;
	twin->index = index;
	snprintf(twin->key, sizeof(twin->key), "%s %s", finding->rule,
		 finding->found);
}

static void told_of_record(struct told *told, int k, uint64_t index,
			   const struct luser_finding *finding)
{
	struct told_array *array = &told->arrays[k];

	if (is_promise(subject_array(k), finding->rule)) {
		told_of_twin(told, k, index, finding);
		return;
	}
	array->marks = grow(array->marks, array->nr_marks,
			    sizeof(*array->marks));
	array->marks[array->nr_marks++] = (struct told_mark){
		.index = index,
		.dangling = is_reference(finding->rule),
	};
}

/* The kernel's check is of records: not of the page tables that one leads to. */
static bool is_about_tables(const struct luser_finding *finding)
{
	return finding->node->kind == LUSER_NODE_PAGE_TABLES ||
	       !strcmp(luser_check_of(finding)->name, "page-table");
}

static void told_finding(void *ctx, const struct luser_finding *finding)
{
	const struct luser_node *node = find_object(finding->node);
	struct told *told = ctx;
	int k = node ? find_array(node->array) : -1;

	if (finding->severity == LUSER_NOTE || is_about_tables(finding))
		return;
	if (k < 0 || (node->kind == LUSER_NODE_STRUCT &&
		      node->index == LUSER_NO_INDEX))
		told_of_root(told, finding);
	else if (node->kind == LUSER_NODE_ARRAY)
		told_of_page(&told->arrays[k], finding);
	else
		told_of_record(told, k, node->index, finding);
}

static enum luser_enter told_enter(void *ctx, const struct luser_node *node)
{
	int root = find_root(node);

	if (root >= 0 && node->type == node->abi->root)
		note_root(ctx, root, node);
	return LUSER_ENTER;
}

static void told_leave(void *ctx, const struct luser_node *node)
{
	struct told *told = ctx;
	struct luser_map_cursor cursor = {0};
	struct luser_range range;

	while (node->kind == LUSER_NODE_TREE &&
	       luser_map_next(node->map, &cursor, &range)) {
		told->map = grow(told->map, told->nr_map, sizeof(*told->map));
		told->map[told->nr_map++] = range;
	}
}

void told_run(struct told *told, const struct subject *subject,
	      struct luser_mem *mem, const struct luser_root *root)
{
	static const struct luser_visitor visitor = {
		.enter = told_enter,
		.leave = told_leave,
		.finding = told_finding,
	};
	struct luser_walk_options options = {.page_size = PAGE_SIZE};
	struct luser_error err;

	memset(told, 0, sizeof(*told));
	told->subject = *subject;
	if (luser_walk(mem, root, &options, &visitor, told, &err) !=
	    LUSER_OK) {
		fprintf(stderr, "walk: %s\n", err.message);
		abort();
	}
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (!subject_is_root(k))
			told_judge(told, k);
}

void told_release(struct told *told)
{
	for (int k = 0; k < STATE_ARRAYS; k++) {
		free(told->arrays[k].pages);
		free(told->arrays[k].lost);
		free(told->arrays[k].marks);
		free(told->arrays[k].sound);
	}
	free(told->twins);
	free(told->map);
}
