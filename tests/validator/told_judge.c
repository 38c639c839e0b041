// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* What it costs that the walk told something. */
#include <kernel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>

#include "../hostile/grow.h"
#include "told.h"

static void must(bool that, const char *what)
{
	if (that)
		return;
	fprintf(stderr, "the walk let pass that %s\n", what);
	abort();
}

static const uint8_t *page_at(const struct told *told, uint64_t phys)
{
	return told->subject.at(told->subject.ctx, phys, PAGE_SIZE);
}

static uint64_t header(const struct told *told, uint64_t phys,
		       const char *name)
{
	const struct luser_struct *type = subject_array(STATE_ROOT)->header;

	return luser_field_get(luser_struct_field(type, name),
			       page_at(told, phys), 0);
}

static bool is_listed(const struct told_array *array, uint64_t phys)
{
	for (size_t i = 0; i < array->nr; i++)
		if (array->pages[i].phys == phys)
			return true;
	return false;
}

static bool has_finding(const struct told_array *array, uint64_t phys)
{
	for (size_t i = 0; i < array->nr_lost; i++)
		if (array->lost[i] == phys)
			return true;
	return false;
}

/*
 * The library reads no page for two arrays. When one was led to another's page
 * by mistake, that is a finding about whichever comes second.
 */
static bool belongs(const struct told *told, int k, uint64_t phys)
{
	const struct luser_array *array = subject_array(k);

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

	while (phys &&
	       !(array->broken && phys - phys % PAGE_SIZE == array->broken)) {
		if (is_listed(array, phys) || phys % PAGE_SIZE ||
		    !page_at(told, phys) || !belongs(told, k, phys))
			return false;
		array->pages = grow(array->pages, array->nr,
				    sizeof(*array->pages));
		array->pages[array->nr++] = (struct told_page){
			.phys = phys,
			.lost = has_finding(array, phys),
		};
		phys = header(told, phys, "next");
	}
	return !phys;
}

static size_t first_lost(const struct told_array *array)
{
	size_t i = 0;

	while (i < array->nr && !array->pages[i].lost)
		i++;
	return i;
}

static uint64_t root_value(const struct told *told, int k,
			   const struct luser_field *field)
{
	int root = subject_root_of(k);
	uint64_t phys = root == STATE_ROOT ? told->subject.root :
					     told->subject.file_root;

	return luser_field_get(field,
			       page_at(told, phys) +
				       subject_array(root)->header->size,
			       0);
}

static const struct luser_field *first_field(int k)
{
	const struct luser_struct *root =
		subject_array(subject_root_of(k))->record;
	uint16_t i = 0;

	while (!root->fields[i].link ||
	       root->fields[i].link->array != subject_array(k))
		i++;
	return &root->fields[i];
}

/* Pages whose place is not certain are lost. */
static void settle(struct told *told, int k, bool ended, uint32_t capacity)
{
	struct told_array *array = &told->arrays[k];
	size_t lost = first_lost(array);
	uint64_t total = root_value(told, k, subject_array(k)->total[0]);

	if (ended && lost == array->nr)
		lost = array->total && !array->twice ? 0 : array->nr;
	else if (ended && (total + capacity - 1) / capacity == array->nr)
		return;
	for (; lost < array->nr; lost++)
		array->pages[lost].lost = true;
}

bool told_sound(const struct told *told, int array, uint64_t index)
{
	return index < told->arrays[array].slots &&
	       told->arrays[array].sound[index];
}

static int find_target(const struct luser_field *field)
{
	int k = 0;

	while (subject_array(k) != field->link->array)
		k++;
	return k;
}

/* Of records in one page, those that refer to records that are lost. */
static void drop_dangling(struct told *told, int k, bool *sound,
			  const uint8_t *at, uint64_t used, uint32_t stride)
{
	const struct luser_struct *type = subject_array(k)->record;

	for (uint16_t f = 0; f < type->nr_fields; f++) {
		const struct luser_field *field = &type->fields[f];
		int target = field->kind == LUSER_INDEX ? find_target(field) :
							  -1;

		for (uint64_t i = 0; target >= 0 && i < used; i++)
			sound[i] &= told_sound(
				told, target,
				luser_field_get(field, at + i * stride, 0));
	}
}

static bool is_zero(const uint8_t *at, uint32_t size)
{
	while (size && !at[size - 1])
		size--;
	return !size;
}

static void judge_page(struct told *told, int k, size_t page, uint32_t stride,
		       uint32_t capacity)
{
	struct told_array *array = &told->arrays[k];
	uint64_t phys = array->pages[page].phys;
	uint64_t used = header(told, phys, "nr_used");
	const uint8_t *at = page_at(told, phys) +
			    subject_array(k)->header->size;
	bool *sound = array->sound + page * capacity;

	must(used <= capacity, "a page has more records than fit");
	for (uint64_t i = 0; i < used; i++)
		sound[i] = !is_zero(at + i * stride,
				    subject_array(k)->record->size);
	drop_dangling(told, k, sound, at, used, stride);
}

/* The library did not read all pages: it finds nothing where they lead. */
static bool any_twice(const struct told *told)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (told->arrays[k].twice)
			return true;
	return false;
}

static void drop_marked(struct told *told, struct told_array *array)
{
	bool unread = any_twice(told);

	for (size_t i = 0; i < array->nr_marks; i++)
		if (array->marks[i].index < array->slots &&
		    !(array->marks[i].dangling && unread))
			array->sound[array->marks[i].index] = false;
}

static bool is_lost(const struct told_array *array, size_t page)
{
	return page < array->nr && array->pages[page].lost;
}

/* Records of lost pages do not count as twins. */
static bool all_known(const struct told *told, const struct told_twin *twin,
		      uint32_t capacity)
{
	const struct told_array *array = &told->arrays[twin->array];

	for (size_t i = 0; i < told->nr_twins; i++) {
		const struct told_twin *other = &told->twins[i];

		if (other->array == twin->array &&
		    !strcmp(other->key, twin->key) &&
		    is_lost(array, other->index / capacity))
			return false;
	}
	return true;
}

static void drop_twins(struct told *told, int k, uint32_t capacity)
{
	for (size_t i = 0; i < told->nr_twins; i++) {
		const struct told_twin *twin = &told->twins[i];

		if (twin->array == k && twin->index < told->arrays[k].slots &&
		    all_known(told, twin, capacity))
			told->arrays[k].sound[twin->index] = false;
	}
}

static void judge_pages(struct told *told, int k, bool ended)
{
	struct told_array *array = &told->arrays[k];
	uint32_t room = (uint32_t)PAGE_SIZE - subject_array(k)->header->size;
	uint32_t stride =
		(uint32_t)header(told, array->pages[0].phys, "record_size");
	uint32_t capacity = stride ? room / stride : 0;

	must(capacity, "no record fits in a page");
	array->slots = (uint32_t)array->nr * capacity;
	array->sound = calloc(array->slots, sizeof(*array->sound));
	if (!array->sound)
		abort();
	settle(told, k, ended, capacity);
	for (size_t i = 0; i < array->nr; i++)
		if (!array->pages[i].lost)
			judge_page(told, k, i, stride, capacity);
	drop_marked(told, array);
	drop_twins(told, k, capacity);
}

void told_judge(struct told *told, int k)
{
	int root = subject_root_of(k);
	bool ended;

	if (told->arrays[root].broken ||
	    !(root == STATE_ROOT ? told->subject.root :
				   told->subject.file_root))
		return;
	ended = list_pages(told, k, root_value(told, k, first_field(k)));
	if (told->arrays[k].nr)
		judge_pages(told, k, ended);
}
