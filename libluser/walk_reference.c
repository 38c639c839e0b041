// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * References to records of arrays that were read before.
 */
#include <inttypes.h>
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

static bool make_room(struct walk_loaded *loaded)
{
	size_t room = loaded->room_pages ? loaded->room_pages * 2 : 16;
	uint64_t *pages;

	if (loaded->nr_pages < loaded->room_pages)
		return true;
	pages = reallocarray(loaded->pages, room, sizeof(*pages));
	if (!pages)
		return false;
	loaded->pages = pages;
	loaded->room_pages = room;
	return true;
}

bool walk_load_page(struct walk_loaded *loaded,
		    const struct luser_array_reader *reader)
{
	loaded->stride = reader->stride;
	loaded->capacity = reader->capacity;
	if (!make_room(loaded) ||
	    luser_slots_add(&loaded->slots, reader) != LUSER_OK)
		return false;
	loaded->pages[loaded->nr_pages++] = reader->phys;
	return true;
}

void walk_load_free(struct walk *w, const struct walk_loaded *end)
{
	struct walk_loaded *loaded;

	while ((loaded = w->loaded) != end) {
		w->loaded = loaded->next;
		free(loaded->latest);
		free(loaded->pages);
		free(loaded->sorted);
		luser_slots_free(&loaded->slots);
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

static int by_phys(const void *a, const void *b)
{
	const struct walk_page *x = a, *y = b;

	return (x->phys > y->phys) - (x->phys < y->phys);
}

static bool sort_pages(struct walk_loaded *loaded)
{
	if (loaded->sorted)
		return true;
	loaded->sorted = calloc(loaded->nr_pages + 1, sizeof(*loaded->sorted));
	if (!loaded->sorted)
		return false;
	for (size_t i = 0; i < loaded->nr_pages; i++)
		loaded->sorted[i] = (struct walk_page){loaded->pages[i], i};
	qsort(loaded->sorted, loaded->nr_pages, sizeof(*loaded->sorted),
	      by_phys);
	return true;
}

/* The slot that an address is in, or UINT64_MAX if it is no record's. */
static uint64_t slot_at(const struct walk *w, const struct walk_loaded *loaded,
			uint64_t phys)
{
	struct walk_page key = {phys & ~(w->env.page_size - 1), 0};
	uint64_t offset = phys - key.phys;
	uint32_t header = loaded->array->header->size;
	const struct walk_page *page;

	page = bsearch(&key, loaded->sorted, loaded->nr_pages, sizeof(*page),
		       by_phys);
	if (!page || offset < header || (offset - header) % loaded->stride ||
	    (offset - header) / loaded->stride >= loaded->capacity)
		return UINT64_MAX;
	return page->number * loaded->capacity +
	       (offset - header) / loaded->stride;
}

static void report_bad(struct walk *w, const struct luser_node *node,
		       const struct luser_field *field, const uint8_t *at,
		       const char *rule, const char *text)
{
	const struct luser_array *array = field->link->array;
	char found[48], expected[80];

	luser_format_value(field, at, 0, node->env, found, sizeof(found));
	snprintf(expected, sizeof(expected), "a record of %s", array->name);
	walk_error(w, node, field, rule, text, found, expected);
}

bool walk_leads_nowhere(const struct luser_link *link, uint64_t value)
{
	return link->kind == LUSER_TO_INDEX ?
		       link->nullable && value == link->none :
		       value == 0;
}

/* The slot that a reference names; one that no array has without memory. */
static uint64_t slot_of(struct walk *w, struct walk_loaded *loaded,
			const struct luser_link *link, uint64_t value)
{
	if (!loaded || link->kind == LUSER_TO_INDEX)
		return value;
	if (sort_pages(loaded))
		return slot_at(w, loaded, value);
	w->code = LUSER_NOMEM;
	return UINT64_MAX;
}

static bool is_there(const struct walk_loaded *loaded, uint64_t slot)
{
	return loaded && slot < loaded->slots.nr;
}

uint8_t walk_slot(struct walk *w, struct walk_loaded *loaded,
		  const struct luser_link *link, uint64_t value)
{
	uint64_t slot = slot_of(w, loaded, link, value);

	return is_there(loaded, slot) ? loaded->slots.state[slot] :
					WALK_SLOT_EMPTY;
}

uint8_t walk_reference(struct walk *w, const struct luser_node *node,
		       const struct luser_field *field, const uint8_t *at,
		       bool report)
{
	uint64_t value = luser_field_phys(field, at, node->env);
	struct walk_loaded *loaded;
	uint64_t slot;

	if (walk_leads_nowhere(field->link, value))
		return WALK_SLOT_EMPTY;
	loaded = walk_find(w, field->link);
	slot = slot_of(w, loaded, field->link, value);
	if (is_there(loaded, slot) &&
	    loaded->slots.state[slot] != WALK_SLOT_EMPTY)
		return loaded->slots.state[slot];
	if (report && !walk_over(w)) {
		if (is_there(loaded, slot))
			report_bad(w, node, field, at, "empty-record",
				   "refers to a slot that holds nothing");
		else
			report_bad(w, node, field, at, "no-such-record",
				   "refers to a record that is not there");
	}
	return WALK_SLOT_EMPTY;
}
