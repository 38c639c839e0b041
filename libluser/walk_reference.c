// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * References to records of arrays that were read before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk_internal.h"

/* Hostile memory has any number of arrays, but few kinds of them. */
static bool list_latest(struct walk_loaded *loaded)
{
	const struct walk_loaded *before = loaded->next;
	size_t nr = before ? before->nr_latest : 0;

	loaded->number = before ? before->number + 1 : 0;
	loaded->latest = calloc(nr + 1, sizeof(*loaded->latest));
	if (!loaded->latest)
		return false;
	loaded->latest[loaded->nr_latest++] = loaded;
	for (size_t i = 0; i < nr; i++) {
		struct walk_loaded *other = before->latest[i];

		if (other->abi != loaded->abi || other->array != loaded->array)
			loaded->latest[loaded->nr_latest++] = other;
	}
	return true;
}

struct walk_loaded *walk_load(struct walk *w, const struct luser_abi *abi,
			      const struct luser_array *array)
{
	struct walk_loaded *loaded = calloc(1, sizeof(*loaded));

	if (!loaded) {
		w->code = LUSER_NOMEM;
		return NULL;
	}
	loaded->abi = abi;
	loaded->array = array;
	loaded->next = w->loaded;
	if (!list_latest(loaded)) {
		free(loaded);
		w->code = LUSER_NOMEM;
		return NULL;
	}
	w->loaded = loaded;
	return loaded;
}

bool walk_load_page(struct walk_loaded *loaded,
		    const struct luser_array_reader *reader)
{
	struct luser_index_entry *entry =
		luser_index_at(&loaded->pages, reader->phys);

	if (!entry)
		return false;
	entry->value = loaded->pages.nr;
	loaded->stride = reader->stride;
	loaded->capacity = reader->capacity;
	return luser_slots_add(&loaded->slots, reader) == LUSER_OK &&
	       (!loaded->array->users || walk_users_load(loaded, reader));
}

void walk_load_free(struct walk *w, const struct walk_loaded *end)
{
	struct walk_loaded *loaded;

	while ((loaded = w->loaded) != end) {
		w->loaded = loaded->next;
		free(loaded->latest);
		luser_index_free(&loaded->pages);
		luser_slots_free(&loaded->slots);
		free(loaded->users);
		free(loaded);
	}
}

/* An extension has the arrays of what it extends, under the same names. */
bool walk_links_to(const struct luser_link *link, const struct luser_abi *abi,
		   const struct luser_array *array)
{
	if (array == link->array)
		return true;
	if (!link->abi_id || strcmp(array->name, link->array->name))
		return false;
	while (abi && strcmp(abi->id, link->abi_id))
		abi = abi->extends;
	return abi;
}

/* An ABI's own arrays are those of the root that is being read. */
struct walk_loaded *walk_find(struct walk *w, const struct luser_link *link)
{
	const struct walk_loaded *end = link->abi_id ? NULL : w->outer;
	const struct walk_loaded *last = w->loaded;

	for (size_t i = 0; last && i < last->nr_latest; i++) {
		struct walk_loaded *loaded = last->latest[i];

		if (end && loaded->number <= end->number)
			break;
		if (walk_links_to(link, loaded->abi, loaded->array))
			return loaded;
	}
	return NULL;
}

uint64_t walk_slot_at(const struct walk *w, const struct walk_loaded *loaded,
		      uint64_t phys)
{
	uint64_t offset = phys & (w->env.page_size - 1);
	uint64_t number = luser_index_find(&loaded->pages, phys - offset);
	uint32_t header = loaded->array->header->size;

	if (!number || offset < header || (offset - header) % loaded->stride ||
	    (offset - header) / loaded->stride >= loaded->capacity)
		return UINT64_MAX;
	return (number - 1) * loaded->capacity +
	       (offset - header) / loaded->stride;
}

static void report_bad(struct walk *w, const struct luser_node *node,
		       const struct luser_field *field, const uint8_t *at,
		       bool is_there)
{
	const struct luser_array *array = field->link->array;
	char found[48], expected[80];

	luser_format_value(field, at, 0, node->env, found, sizeof(found));
	snprintf(expected, sizeof(expected), "a record of %s", array->name);
	if (is_there)
		walk_error(w, node, field, "empty-record",
			   "refers to a slot that holds nothing", found,
			   expected);
	else
		walk_error(w, node, field, "no-such-record",
			   "refers to a record that is not there", found,
			   expected);
}

static bool leads_nowhere(const struct luser_link *link, uint64_t value)
{
	return link->kind == LUSER_TO_INDEX ?
		       link->nullable && value == link->none :
		       value == 0;
}

/* The slot that a reference names; one that no array has if there is none. */
static uint64_t slot_of(const struct walk *w, const struct walk_loaded *loaded,
			const struct luser_link *link, uint64_t value)
{
	return link->kind == LUSER_TO_INDEX ?
		       value :
		       walk_slot_at(w, loaded, value);
}

bool walk_refers(const struct walk *w, const struct walk_loaded *loaded,
		 const struct luser_link *link, uint64_t value)
{
	return leads_nowhere(link, value) ||
	       (loaded && luser_slots_live(&loaded->slots,
					   slot_of(w, loaded, link, value)));
}

uint8_t walk_reference(struct walk *w, const struct luser_node *node,
		       const struct luser_field *field, const uint8_t *at,
		       bool report)
{
	uint64_t value = luser_field_phys(field, at, node->env);
	const struct walk_loaded *loaded;
	uint8_t state = WALK_SLOT_EMPTY;
	bool is_there = false;
	uint64_t slot;

	if (leads_nowhere(field->link, value))
		return WALK_SLOT_EMPTY;
	loaded = walk_find(w, field->link);
	if (loaded) {
		slot = slot_of(w, loaded, field->link, value);
		is_there = slot < loaded->slots.nr;
		state = is_there ? loaded->slots.state[slot] : WALK_SLOT_EMPTY;
	}
	if (state == WALK_SLOT_EMPTY && report)
		report_bad(w, node, field, at, is_there);
	return state;
}
