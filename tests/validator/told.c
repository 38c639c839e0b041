// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "told.h"

#define PAGE (UINT64_C(1) << PAGE_SHIFT)

static bool is_root(int array)
{
	return array == STATE_ROOT || array == STATE_FILE_ROOT;
}

static int root_of(int array)
{
	return array >= STATE_FILE_ROOT ? STATE_FILE_ROOT : STATE_ROOT;
}

/* The record or array that a finding is about, or NULL for a root. */
static const struct luser_node *find_object(const struct luser_node *node)
{
	while (node && !node->array)
		node = node->parent;
	return node;
}

static int find_array(const struct told *told, const struct luser_array *array)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (told->state->arrays[k].array == array)
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
	return phys & ~(PAGE - 1);
}

static void told_of_root(struct told *told, const struct luser_finding *finding)
{
	const char *id = finding->node->abi->id;
	int root = STATE_ROOT;

	if (!strcmp(id, "iommufd-v2"))
		root = STATE_FILE_ROOT;
	else if (strcmp(id, "iommu-v2"))
		return; /* who leads to it is another matter */
	for (int k = 0; k < STATE_ARRAYS; k++) {
		const struct luser_array *array = told->state->arrays[k].array;

		if (strcmp(finding->rule, "total"))
			continue;
		if (array->total && array->total[0] == finding->field) {
			told->arrays[k].total = true;
			return;
		}
	}
	told->arrays[root].broken = UINT64_MAX;
}

static void told_of_page(struct told *told, int k,
			 const struct luser_finding *finding)
{
	struct told_array *array = &told->arrays[k];

	if (!strcmp(finding->rule, "read-twice")) {
		array->twice = true;
		return;
	}
	if (ends_chain(finding->rule)) {
		array->broken = page_of(finding);
		return;
	}
	ck_assert_uint_lt(array->nr_lost, STATE_MAX_PAGES * 8);
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

static void told_of_record(struct told *told, int k, uint64_t index,
			   const struct luser_finding *finding)
{
	struct told_twin *twin;

	if (index >= told->room)
		return; /* of pages that were never there */
	if (is_reference(finding->rule)) {
		told->arrays[k].dangling[index] = true;
		return;
	}
	if (!is_promise(told->state->arrays[k].array, finding->rule)) {
		told->arrays[k].bad[index] = true;
		return;
	}
	ck_assert_uint_lt(told->nr_twins, TOLD_TWINS);
	twin = &told->twins[told->nr_twins++];
	twin->array = k;
	twin->index = (uint32_t)index;
	snprintf(twin->key, sizeof(twin->key), "%s %s", finding->rule,
		 finding->found);
}

static void told_finding(void *ctx, const struct luser_finding *finding)
{
	const struct luser_node *node = find_object(finding->node);
	struct told *told = ctx;
	int k;

	ck_assert_ptr_nonnull(finding->node->abi);
	if (!node || (node->kind == LUSER_NODE_STRUCT &&
		      node->index == LUSER_NO_INDEX)) {
		told_of_root(told, finding);
		return;
	}
	k = find_array(told, node->array);
	if (k < 0)
		told_of_root(told, finding);
	else if (node->kind == LUSER_NODE_ARRAY)
		told_of_page(told, k, finding);
	else
		told_of_record(told, k, node->index, finding);
}

void told_begin(struct told *told, struct state *s)
{
	memset(told, 0, sizeof(*told));
	told->state = s;
	told->room = (uint32_t)(PAGE / 16 * STATE_MAX_PAGES);
	for (int k = 0; k < STATE_ARRAYS; k++) {
		told->arrays[k].bad = malloc(3 * told->room);
		ck_assert_ptr_nonnull(told->arrays[k].bad);
		told->arrays[k].dangling = told->arrays[k].bad + told->room;
		told->arrays[k].sound = told->arrays[k].dangling + told->room;
	}
}

void told_end(struct told *told)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		free(told->arrays[k].bad);
}

static void forget(struct told *told)
{
	told->nr_twins = 0;
	for (int k = 0; k < STATE_ARRAYS; k++) {
		struct told_array *array = &told->arrays[k];

		memset(array->bad, 0, 3 * told->room);
		*array = (struct told_array){
			.bad = array->bad,
			.dangling = array->dangling,
			.sound = array->sound,
		};
	}
}

static uint64_t header(struct told *told, uint64_t phys, const char *name)
{
	const struct luser_array *array =
		told->state->arrays[STATE_ROOT].array;

	return luser_field_get(luser_struct_field(array->header, name),
			       luser_image_at(told->state->handover.image,
					      phys, PAGE),
			       0);
}

static bool is_listed(const struct told_array *array, uint64_t phys)
{
	for (uint32_t i = 0; i < array->nr; i++)
		if (array->pages[i].phys == phys)
			return true;
	return false;
}

static bool has_finding(const struct told_array *array, uint64_t phys)
{
	for (uint32_t i = 0; i < array->nr_lost; i++)
		if (array->lost[i] == phys)
			return true;
	return false;
}

/*
 * The library reads no page for two arrays. When one was led to another's page
 * by mistake, that is a finding about whichever comes second.
 */
static bool belongs(struct told *told, int k, uint64_t phys)
{
	const struct luser_array *array = told->state->arrays[k].array;

	for (uint16_t i = 0; i < array->nr_expect; i++) {
		const struct luser_expect *expect = &array->expect[i];

		if (header(told, phys, expect->field->name) != expect->value)
			return false;
	}
	return true;
}

/* Follow the chain as far as it was not found broken. */
static bool list_pages(struct told *told, int k, uint64_t phys)
{
	struct told_array *array = &told->arrays[k];

	while (phys && !(array->broken && phys - phys % PAGE == array->broken)) {
		if (is_listed(array, phys) || phys % PAGE ||
		    !belongs(told, k, phys))
			return false;
		ck_assert_uint_le(array->nr, STATE_MAX_PAGES);
		array->pages[array->nr++] = (struct told_page){
			.phys = phys,
			.lost = has_finding(array, phys),
		};
		phys = header(told, phys, "next");
	}
	return !phys;
}

static uint32_t first_lost(const struct told_array *array)
{
	uint32_t i = 0;

	while (i < array->nr && !array->pages[i].lost)
		i++;
	return i;
}

static uint64_t root_value(struct told *told, int array,
			   const struct luser_field *field)
{
	return luser_field_get(
		field, state_record(told->state, root_of(array), 0), 0);
}

static const struct luser_field *first_field(struct told *told,
					     int array)
{
	const struct luser_struct *root =
		told->state->arrays[root_of(array)].array->record;

	for (uint16_t i = 0; i < root->nr_fields; i++)
		if (root->fields[i].link &&
		    root->fields[i].link->array ==
			    told->state->arrays[array].array)
			return &root->fields[i];
	ck_abort_msg("nothing leads to array %d", array);
	return NULL;
}

/* Pages whose place is not certain are lost. */
static void settle(struct told *told, int k, bool ended,
		   uint32_t capacity)
{
	struct told_array *array = &told->arrays[k];
	uint32_t lost = first_lost(array);
	uint64_t total = root_value(told, k,
				    told->state->arrays[k].array->total[0]);

	if (ended && lost == array->nr)
		lost = array->total && !array->twice ? 0 : array->nr;
	else if (ended && (total + capacity - 1) / capacity == array->nr)
		return;
	for (; lost < array->nr; lost++)
		array->pages[lost].lost = true;
}

static bool is_sound(struct told *told, int k, uint32_t index)
{
	return index < told->room && told->arrays[k].sound[index];
}

static bool refers_to_sound(struct told *told, const struct luser_struct *type,
			    const uint8_t *at)
{
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];
		int to;

		if (field->kind != LUSER_INDEX)
			continue;
		to = find_array(told, field->link->array);
		if (!is_sound(told, to,
			      (uint32_t)luser_field_get(field, at, 0)))
			return false;
	}
	return true;
}

static bool is_zero(const uint8_t *at, uint32_t size)
{
	while (size && !at[size - 1])
		size--;
	return !size;
}

/* The library did not read all pages: it finds nothing where they lead. */
static bool any_twice(const struct told *told)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (told->arrays[k].twice)
			return true;
	return false;
}

static void judge_page(struct told *told, int k, uint32_t page,
		       uint32_t stride, uint32_t capacity)
{
	const struct luser_array *type = told->state->arrays[k].array;
	struct told_array *array = &told->arrays[k];
	uint64_t phys = array->pages[page].phys;
	uint64_t used = header(told, phys, "nr_used");
	const uint8_t *at =
		luser_image_at(told->state->handover.image, phys, PAGE);

	at += type->header->size;
	for (uint32_t i = 0; i < used; i++, at += stride) {
		uint32_t index = page * capacity + i;

		if (array->dangling[index] && !any_twice(told))
			continue;
		array->sound[index] =
			!is_zero(at, type->record->size) &&
			!array->bad[index] &&
			refers_to_sound(told, type->record, at);
	}
}

/* Records of lost pages do not count as twins. */
static bool all_known(struct told *told, const struct told_twin *twin,
		      uint32_t capacity)
{
	const struct told_array *array = &told->arrays[twin->array];

	for (uint32_t i = 0; i < told->nr_twins; i++) {
		const struct told_twin *other = &told->twins[i];

		if (other->array == twin->array &&
		    !strcmp(other->key, twin->key) &&
		    array->pages[other->index / capacity].lost)
			return false;
	}
	return true;
}

static void drop_twins(struct told *told, int k,
		       uint32_t capacity)
{
	for (uint32_t i = 0; i < told->nr_twins; i++) {
		const struct told_twin *twin = &told->twins[i];

		if (twin->array == k && all_known(told, twin, capacity))
			told->arrays[k].sound[twin->index] = false;
	}
}

static void judge(struct told *told, int k)
{
	struct told_array *array = &told->arrays[k];
	uint32_t room = (uint32_t)PAGE - told->state->arrays[k].array->header->size;
	uint32_t stride, capacity;
	bool ended;

	if (told->arrays[root_of(k)].broken)
		return;
	ended = list_pages(told, k, root_value(told, k, first_field(told, k)));
	if (!array->nr)
		return;
	stride = (uint32_t)header(told, array->pages[0].phys, "record_size");
	capacity = room / stride;
	array->slots = array->nr * capacity;
	ck_assert_uint_le(array->slots, told->room);
	settle(told, k, ended, capacity);
	for (uint32_t i = 0; i < array->nr; i++)
		if (!array->pages[i].lost)
			judge_page(told, k, i, stride, capacity);
	drop_twins(told, k, capacity);
}

void told_run(struct told *told)
{
	static const struct luser_visitor visitor = {.finding = told_finding};
	struct luser_walk_options options = {.page_size = (uint32_t)PAGE};
	struct luser_mem *mem;

	forget(told);
	ck_assert_int_eq(luser_image_mem(told->state->handover.image, &mem,
					 NULL),
			 LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &told->state->handover.root, &options,
				    &visitor, told, NULL),
			 LUSER_OK);
	luser_mem_close(mem);
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (!is_root(k))
			judge(told, k);
}
