// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What no two records of an array share.
 *
 * While the pages go by, it is only noted which values there are: keys that are
 * close to each other take a bit each. Which records have them is looked up at
 * the end, from a list of all keys, and only if one was there twice.
 */
#include <stdio.h>
#include <stdlib.h>

#include <luser/encode.h>

#include "field_value.h"
#include "list.h"
#include "text.h"
#include "walk_internal.h"

/**
 * struct walk_group - records that share a key, and so must agree
 * @same:  what the first one says
 * @first: its number
 * @told:  it was reported
 */
struct walk_group {
	uint64_t same;
	uint64_t first;
	bool told;
};

static bool add_page(struct walk_unique *unique, uint64_t phys)
{
	uint64_t *pages = list_grow(unique->pages, unique->nr_pages,
				    sizeof(*pages));

	if (!pages)
		return false;
	unique->pages = pages;
	pages[unique->nr_pages++] = phys;
	return true;
}

/* Fields side by side in one number. */
static uint64_t pack(const struct luser_field *const *fields, const uint8_t *at)
{
	uint64_t value = 0;

	for (; fields && *fields; fields++)
		value = ((*fields)->size < 8 ? value << (*fields)->size * 8 :
					       0) |
			field_value(*fields, at, 0);
	return value;
}

static void describe(const struct luser_node *node,
		     const struct luser_field *const *fields, uint64_t key,
		     char *buf, size_t size)
{
	struct luser_text text = { .buf = buf, .size = size };
	size_t nr = 0;

	while (fields[nr])
		nr++;
	for (size_t i = 0; i < nr; i++) {
		struct luser_field field = *fields[i];
		uint8_t at[8] = { 0 };
		char value[48];
		uint32_t shift = 0;

		for (size_t k = i + 1; k < nr; k++)
			shift += fields[k]->size * 8;
		field.offset = 0;
		luser_field_set(&field, at, 0, key >> shift);
		luser_format_value(&field, at, 0, node->env, value,
				   sizeof(value));
		luser_text_add(&text, "%s%s %s", i ? ", " : "", field.name,
			       value);
	}
}

void walk_unique_report(struct walk *w, const struct luser_node *array,
			const struct walk_unique *unique,
			const struct luser_unique *rule, const char *found,
			uint64_t index)
{
	struct luser_node node = {
		.parent = array,
		.kind = LUSER_NODE_STRUCT,
		.index = index,
		.phys = unique->pages[index / unique->capacity] +
			array->array->header->size +
			index % unique->capacity * unique->stride,
		.abi = array->abi,
		.type = array->type,
		.array = array->array,
		.env = array->env,
	};

	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_ERROR,
				.rule = rule->name,
				.check = "unique",
				.text = rule->doc,
				.node = &node,
				.phys = node.phys,
				.found = found,
				.expected = rule->same ?
					"other records with this to agree" :
					"no other record with this",
			});
}

static void report(struct walk *w, const struct luser_node *array,
		   const struct walk_unique *unique,
		   const struct luser_unique *rule, uint64_t key,
		   uint64_t index)
{
	char found[160];

	describe(array, rule->by, key, found, sizeof(found));
	walk_unique_report(w, array, unique, rule, found, index);
}

static bool add_group(struct walk_unique *unique, uint16_t i, uint64_t same,
		      uint64_t index)
{
	size_t nr = unique->nr_groups[i];
	struct walk_group *groups =
		list_grow(unique->groups[i], nr, sizeof(*groups));

	if (!groups)
		return false;
	unique->groups[i] = groups;
	groups[nr] = (struct walk_group){same, index, false};
	unique->nr_groups[i]++;
	return true;
}

/* Records that may share @key if they agree: the first one speaks for it. */
static bool add_shared(struct walk *w, const struct luser_node *array,
		       struct walk_unique *unique, uint16_t i, uint64_t key,
		       uint64_t same, uint64_t index)
{
	const struct luser_unique *rule = &array->array->unique[i];
	struct luser_index_entry *entry = luser_index_at(&unique->keys[i], key);
	struct walk_group *group;

	if (!entry)
		return false;
	if (!entry->value) {
		entry->value = unique->nr_groups[i] + 1;
		return add_group(unique, i, same, index);
	}
	group = &unique->groups[i][entry->value - 1];
	if (group->same == same)
		return true;
	if (!group->told)
		report(w, array, unique, rule, key, group->first);
	group->told = true;
	report(w, array, unique, rule, key, index);
	return true;
}

/* Sets the bit of a key, and says whether it was set before. */
static bool set_bit(struct luser_index *keys, uint64_t key, bool *was)
{
	struct luser_index_entry *entry = luser_index_at(keys, key / 64);
	uint64_t bit = UINT64_C(1) << key % 64;

	if (!entry)
		return false;
	*was = entry->value & bit;
	entry->value |= bit;
	return true;
}

static bool add_single(struct walk_unique *unique, uint16_t i, uint64_t key)
{
	bool was, again;

	if (!number_list_add(&unique->all[i], key) ||
	    !set_bit(&unique->keys[i], key, &was))
		return false;
	return !was || set_bit(&unique->twice[i], key, &again);
}

/**
 * struct page - a page of records, held to one rule after the other
 */
struct page {
	struct walk *w;
	const struct luser_node *node;
	struct walk_unique *unique;
	const struct luser_array_reader *reader;
};

/* The bytes of slot @i, or NULL if it is free. */
static const uint8_t *record_at(const struct luser_array_reader *reader,
				uint32_t i)
{
	const uint8_t *at = reader->records + (size_t)i * reader->stride;

	return luser_record_empty(reader->array->record, at, reader->stride) ?
		       NULL : at;
}

static bool add_record(const struct page *page, uint16_t i, const uint8_t *at,
		       uint64_t index)
{
	const struct luser_unique *rule = &page->node->array->unique[i];
	uint64_t key;

	if (walk_by_text(rule))
		return walk_texts_add(&page->unique->texts[i], rule, at, index,
				      pack(rule->same, at));
	key = pack(rule->by, at);
	if (rule->same)
		return add_shared(page->w, page->node, page->unique, i, key,
				  pack(rule->same, at), index);
	return add_single(page->unique, i, key);
}

/* Two rounds: what is looked up in the second is on its way by then. */
static bool add_records(const struct page *page, uint16_t i)
{
	const struct luser_unique *rule = &page->node->array->unique[i];
	const struct luser_array_reader *reader = page->reader;
	bool expected = rule->same && !walk_by_text(rule);
	const uint8_t *at;
	bool ok = true;

	for (uint32_t k = 0; expected && k < reader->used; k++) {
		at = record_at(reader, k);
		if (at)
			luser_index_expect(&page->unique->keys[i],
					 pack(rule->by, at));
	}
	for (uint32_t k = 0; ok && k < reader->used; k++) {
		at = record_at(reader, k);
		if (at)
			ok = add_record(page, i, at, reader->slot + k);
	}
	return ok;
}

static bool add_indices(struct walk_unique *unique,
			const struct luser_array_reader *reader)
{
	bool ok = true;

	for (uint32_t k = 0; ok && k < reader->used; k++)
		if (record_at(reader, k))
			ok = number_list_add(&unique->indices, reader->slot + k);
	return ok;
}

bool walk_unique_page(struct walk *w, const struct luser_node *node,
		      struct walk_unique *unique,
		      const struct luser_array_reader *reader)
{
	const struct page page = {w, node, unique, reader};
	bool ok = true;

	if (!reader->array->nr_unique)
		return true;
	if (!add_page(unique, reader->phys) || !add_indices(unique, reader))
		return false;
	unique->capacity = reader->capacity;
	unique->stride = reader->stride;
	for (uint16_t i = 0; ok && i < reader->array->nr_unique; i++)
		ok = add_records(&page, i);
	return ok;
}

static void check_rule(struct walk *w, const struct luser_node *node,
		       const struct walk_unique *unique, uint16_t i)
{
	const struct luser_unique *rule = &node->array->unique[i];
	size_t at = 0, index_at = 0;
	uint64_t key = 0, index = 0;

	if (!unique->twice[i].nr)
		return;
	while (number_list_next(&unique->all[i], &at, &key) &&
	       number_list_next(&unique->indices, &index_at, &index))
		if (luser_index_find(&unique->twice[i], key / 64) >>
			    key % 64 & 1)
			report(w, node, unique, rule, key, index);
}

void walk_unique_check(struct walk *w, const struct luser_node *node,
		       struct walk_unique *unique)
{
	for (uint16_t i = 0; i < node->array->nr_unique; i++)
		if (walk_by_text(&node->array->unique[i]))
			walk_texts_check(w, node, unique, i);
		else
			check_rule(w, node, unique, i);
}

void walk_unique_free(struct walk_unique *unique)
{
	for (size_t i = 0; i < LUSER_MAX_UNIQUE; i++) {
		luser_index_free(&unique->keys[i]);
		luser_index_free(&unique->twice[i]);
		free(unique->groups[i]);
		number_list_free(&unique->all[i]);
		walk_texts_free(&unique->texts[i]);
	}
	number_list_free(&unique->indices);
	free(unique->pages);
}
