// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What no two records of an array share.
 *
 * The values are kept while the pages go by, and sorted at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>

#include "text.h"
#include "walk_internal.h"

/**
 * struct walk_key - a record
 * @key:   what it shares with no other record
 * @same:  where it may, what both must have
 * @index: its number
 */
struct walk_key {
	uint64_t key;
	uint64_t same;
	uint64_t index;
};

/* Bytes of the string that tells records apart; 0: numbers do. */
static size_t text_size(const struct luser_unique *rule)
{
	return rule->by[0]->kind == LUSER_STRING ? rule->by[0]->size : 0;
}

static bool make_text_room(struct walk_unique *unique,
			   const struct luser_array *array, size_t room)
{
	for (uint16_t i = 0; i < array->nr_unique; i++) {
		size_t size = text_size(&array->unique[i]);
		uint8_t *texts;

		if (!size)
			continue;
		texts = reallocarray(unique->texts[i], room, size);
		if (!texts)
			return false;
		unique->texts[i] = texts;
	}
	return true;
}

static bool make_room(struct walk_unique *unique,
		      const struct luser_array_reader *reader)
{
	size_t room = unique->room ? unique->room * 2 : 64;

	if (unique->nr + reader->used <= unique->room)
		return true;
	while (room < unique->nr + reader->used)
		room *= 2;
	for (uint16_t i = 0; i < reader->array->nr_unique; i++) {
		struct walk_key *keys =
			reallocarray(unique->keys[i], room, sizeof(*keys));

		if (!keys)
			return false;
		unique->keys[i] = keys;
	}
	if (!make_text_room(unique, reader->array, room))
		return false;
	unique->room = room;
	return true;
}

static bool add_page(struct walk_unique *unique, uint64_t phys)
{
	size_t nr = unique->nr_pages;
	uint64_t *pages;

	/* There is room for a power of two. */
	if (!(nr & (nr - 1))) {
		pages = reallocarray(unique->pages, nr ? nr * 2 : 1,
				     sizeof(*pages));
		if (!pages)
			return false;
		unique->pages = pages;
	}
	unique->pages[unique->nr_pages++] = phys;
	return true;
}

/* Fields side by side in one number. */
static uint64_t pack(const struct luser_field *const *fields, const uint8_t *at)
{
	uint64_t value = 0;

	for (; fields && *fields; fields++)
		value = ((*fields)->size < 8 ? value << (*fields)->size * 8
					     : 0) |
			luser_field_get(*fields, at, 0);
	return value;
}

static void add_record(struct walk_unique *unique,
		       const struct luser_array *array, const uint8_t *at,
		       uint64_t index)
{
	for (uint16_t i = 0; i < array->nr_unique; i++) {
		const struct luser_unique *rule = &array->unique[i];
		size_t size = text_size(rule);

		unique->keys[i][unique->nr] = (struct walk_key){
			.key = size ? unique->nr : pack(rule->by, at),
			.same = pack(rule->same, at),
			.index = index,
		};
		if (size)
			memcpy(unique->texts[i] + unique->nr * size,
			       at + rule->by[0]->offset, size);
	}
	unique->nr++;
}

bool walk_unique_page(struct walk_unique *unique,
		      const struct luser_array_reader *reader)
{
	const struct luser_array *array = reader->array;

	if (!array->nr_unique)
		return true;
	if (!make_room(unique, reader) || !add_page(unique, reader->phys))
		return false;
	unique->capacity = reader->capacity;
	unique->stride = reader->stride;
	for (uint32_t i = 0; i < reader->used; i++) {
		const uint8_t *at =
			reader->records + (size_t)i * reader->stride;

		if (!luser_record_empty(array->record, at, reader->stride))
			add_record(unique, array, at, reader->slot + i);
	}
	return true;
}

/* Strings, of which a key has the number; no strings: the key is the value. */
struct texts {
	const uint8_t *at;
	size_t size;
};

static int by_key(const struct texts *texts, const struct walk_key *x,
		  const struct walk_key *y)
{
	if (texts->size)
		return memcmp(texts->at + x->key * texts->size,
			      texts->at + y->key * texts->size, texts->size);
	return (x->key > y->key) - (x->key < y->key);
}

static int compare(const void *a, const void *b, void *texts)
{
	const struct walk_key *x = a, *y = b;
	int order = by_key(texts, x, y);

	if (order)
		return order;
	return (x->index > y->index) - (x->index < y->index);
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

static void describe_text(const struct luser_node *node,
			  const struct luser_field *field, const uint8_t *at,
			  char *buf, size_t size)
{
	struct luser_field alone = *field;
	char value[96];

	alone.offset = 0;
	luser_format_value(&alone, at, 0, node->env, value, sizeof(value));
	snprintf(buf, size, "%s %s", field->name, value);
}

static void report(struct walk *w, const struct luser_node *array,
		   const struct walk_unique *unique,
		   const struct luser_unique *rule, const struct texts *texts,
		   const struct walk_key *key)
{
	struct luser_node node = {
		.parent = array,
		.kind = LUSER_NODE_STRUCT,
		.index = key->index,
		.phys = unique->pages[key->index / unique->capacity] +
			array->array->header->size +
			key->index % unique->capacity * unique->stride,
		.abi = array->abi,
		.type = array->type,
		.array = array->array,
		.env = array->env,
	};
	char found[160];

	if (texts->size)
		describe_text(array, rule->by[0],
			      texts->at + key->key * texts->size, found,
			      sizeof(found));
	else
		describe(array, rule->by, key->key, found, sizeof(found));
	walk_finding(
		w,
		&(struct luser_finding){
			.severity = LUSER_ERROR,
			.rule = rule->name,
			.check = "unique",
			.text = rule->doc,
			.node = &node,
			.phys = node.phys,
			.found = found,
			.expected = rule->same
					    ? "other records with this to agree"
					    : "no other record with this",
		});
}

static void check_rule(struct walk *w, const struct luser_node *array,
		       const struct walk_unique *unique, uint16_t number)
{
	const struct luser_unique *rule = &array->array->unique[number];
	struct walk_key *keys = unique->keys[number];
	struct texts texts = { unique->texts[number], text_size(rule) };
	size_t end;

	qsort_r(keys, unique->nr, sizeof(*keys), compare, &texts);
	for (size_t i = 0; i < unique->nr; i = end) {
		bool agree = rule->same;

		for (end = i + 1;
		     end < unique->nr && !by_key(&texts, &keys[end], &keys[i]);
		     end++)
			agree &= keys[end].same == keys[i].same;
		for (size_t k = i; !agree && end - i > 1 && k < end; k++)
			report(w, array, unique, rule, &texts, &keys[k]);
	}
}

void walk_unique_check(struct walk *w, const struct luser_node *node,
		       struct walk_unique *unique)
{
	for (uint16_t i = 0; unique->nr && i < node->array->nr_unique; i++)
		check_rule(w, node, unique, i);
}

void walk_unique_free(struct walk_unique *unique)
{
	for (size_t i = 0; i < LUSER_MAX_UNIQUE; i++) {
		free(unique->keys[i]);
		free(unique->texts[i]);
	}
	free(unique->pages);
}
