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

#include "list.h"
#include "text.h"
#include "walk_internal.h"

/**
 * struct walk_group - records that share a key, and so must agree
 * @same:  what the first one says
 * @first: its number
 * @told:  it was reported
 * @sound: no rule found anything in the first one
 */
struct walk_group {
	uint64_t same;
	uint64_t first;
	bool told;
	bool sound;
};

/**
 * struct addition - a record that is being added
 * @at, @index: the record
 * @settled: the rules that need not be asked, a bit each
 * @begun:   those of which it is the first of its group
 * @sound:   no rule found anything so far
 */
struct addition {
	const uint8_t *at;
	uint64_t index;
	uint32_t settled;
	uint32_t begun;
	bool sound;
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
	groups[nr] = (struct walk_group){
		.same = same, .first = index
	};
	unique->nr_groups[i]++;
	return true;
}

/* Records that may share a key if they agree: the first one speaks for it. */
static bool add_shared(struct walk *w, const struct luser_node *array,
		       struct walk_unique *unique, uint16_t i,
		       struct addition *record)
{
	const struct luser_unique *rule = &array->array->unique[i];
	uint64_t key = rule->key(record->at), same = rule->agreed(record->at);
	struct luser_index_entry *entry = luser_index_at(&unique->shared[i], key);
	struct walk_group *group;

	if (!entry)
		return false;
	if (!entry->value) {
		entry->value = unique->nr_groups[i] + 1;
		record->begun |= 1U << i;
		return add_group(unique, i, same, record->index);
	}
	group = &unique->groups[i][entry->value - 1];
	if (group->same == same) {
		record->settled |= group->sound ? unique->settles[i] : 0;
		return true;
	}
	record->sound = false;
	if (!group->told)
		report(w, array, unique, rule, key, group->first);
	group->told = true;
	report(w, array, unique, rule, key, record->index);
	return true;
}

/* The entry of a key and its neighbours: often that of the key before. */
static struct luser_index_entry *entry_of(struct walk_bits *bits, uint64_t key)
{
	if (!bits->latest || bits->latest->key != key / 64)
		bits->latest = luser_index_at(&bits->keys, key / 64);
	return bits->latest;
}

/* Sets the bit of a key, and says whether it was set before. */
static bool set_bit(struct walk_bits *bits, uint64_t key, bool *was)
{
	struct luser_index_entry *entry = entry_of(bits, key);
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
	    !set_bit(&unique->once[i], key, &was))
		return false;
	return !was || set_bit(&unique->twice[i], key, &again);
}

static bool add_record(struct walk *w, const struct luser_node *array,
		       struct walk_unique *unique, uint16_t i,
		       struct addition *record)
{
	const struct luser_unique *rule = &array->array->unique[i];

	if (!rule->key)
		return walk_texts_add(&unique->texts[i], rule, record->at,
				      record->index,
				      rule->agreed ? rule->agreed(record->at) :
						     0);
	if (rule->agreed)
		return add_shared(w, array, unique, i, record);
	return add_single(unique, i, rule->key(record->at));
}

static bool has_field(const struct luser_field *const *fields,
		      const struct luser_field *field)
{
	while (*fields && *fields != field)
		fields++;
	return *fields;
}

static bool has_fields(const struct luser_unique *rule,
		       const struct luser_field *const *fields)
{
	while (*fields && (has_field(rule->by, *fields) ||
			   has_field(rule->same, *fields)))
		fields++;
	return !*fields;
}

static bool is_shared(const struct luser_unique *rule)
{
	return rule->key && rule->agreed;
}

/*
 * The rules that look at nothing that rule @i does not: of two records that are
 * the same to it, the second one breaks none that the first one does not.
 */
static uint32_t find_settled(const struct luser_array *array, uint16_t i)
{
	const struct luser_unique *rule = &array->unique[i];
	uint32_t found = 0;

	for (uint16_t k = 0; is_shared(rule) && k < array->nr_unique; k++)
		if (is_shared(&array->unique[k]) &&
		    has_fields(rule, array->unique[k].by) &&
		    has_fields(rule, array->unique[k].same))
			found |= 1U << k;
	return found;
}

bool walk_unique_page(struct walk_unique *unique,
		      const struct luser_array_reader *reader)
{
	uint16_t nr = reader->array->nr_unique;

	for (uint16_t i = 0; !unique->nr_pages && i < nr; i++)
		unique->settles[i] = find_settled(reader->array, i);
	unique->capacity = reader->capacity;
	unique->stride = reader->stride;
	return !nr || add_page(unique, reader->phys);
}

static void end_record(struct walk_unique *unique, uint16_t nr,
		       const struct addition *record)
{
	for (uint16_t i = 0; i < nr; i++)
		if (record->begun >> i & 1)
			unique->groups[i][unique->nr_groups[i] - 1].sound =
				record->sound;
}

bool walk_unique_add(struct walk *w, const struct luser_node *array,
		     struct walk_unique *unique, const uint8_t *at,
		     uint64_t index)
{
	struct addition record = {.at = at, .index = index, .sound = true};
	uint16_t nr = array->array->nr_unique;
	bool ok = !nr || number_list_add(&unique->indices, index);

	for (uint16_t i = 0; ok && i < nr; i++)
		if (!(record.settled >> i & 1))
			ok = add_record(w, array, unique, i, &record);
	if (ok && record.begun)
		end_record(unique, nr, &record);
	return ok;
}

static bool is_twice(const struct walk_unique *unique, uint16_t i, uint64_t key)
{
	return luser_index_find(&unique->twice[i].keys, key / 64) >> key % 64 &
	       1;
}

static void check_rule(struct walk *w, const struct luser_node *node,
		       const struct walk_unique *unique, uint16_t i)
{
	struct number_list_cursor key = {0}, index = {0};

	if (!unique->twice[i].keys.nr)
		return;
	while (number_list_next(&unique->all[i], &key) &&
	       number_list_next(&unique->indices, &index))
		if (is_twice(unique, i, key.number))
			report(w, node, unique, &node->array->unique[i],
			       key.number, index.number);
}

void walk_unique_check(struct walk *w, const struct luser_node *node,
		       struct walk_unique *unique)
{
	for (uint16_t i = 0; i < node->array->nr_unique; i++)
		if (!node->array->unique[i].key)
			walk_texts_check(w, node, unique, i);
		else
			check_rule(w, node, unique, i);
}

void walk_unique_free(struct walk_unique *unique)
{
	for (size_t i = 0; i < LUSER_MAX_UNIQUE; i++) {
		luser_index_free(&unique->once[i].keys);
		luser_index_free(&unique->twice[i].keys);
		luser_index_free(&unique->shared[i]);
		free(unique->groups[i]);
		number_list_free(&unique->all[i]);
		walk_texts_free(&unique->texts[i]);
	}
	number_list_free(&unique->indices);
	free(unique->pages);
}
