// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "diff_keys.h"
#include "util.h"

/**
 * struct entry - an object that has no pair yet
 * @hash: of the key, so that most comparisons end there
 * @at:   the key's place among all keys
 */
struct entry {
	uint64_t hash;
	const uint8_t *key;
	size_t at;
	uint32_t len;
	uint32_t object;
};

/**
 * struct entries - all those below one object
 * @keys: theirs, unless these are their names
 */
struct entries {
	struct side *side;
	struct entry *list;
	size_t nr;
	uint8_t *keys;
	size_t len;
	size_t room;
};

void pair(struct side *a, uint32_t one, struct side *b, uint32_t other)
{
	a->snapshot.objects[one].pair = other;
	b->snapshot.objects[other].pair = one;
}

/* FNV-1a: whoever makes keys collide makes comparing them slower, no more. */
static uint64_t hash_of(const uint8_t *key, size_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ key[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint8_t *room_for(struct entries *e, size_t len)
{
	if (len > e->room - e->len) {
		e->room = 2 * e->room + len + 4096;
		e->keys = xrealloc(e->keys, e->room);
	}
	e->len += len;
	return e->keys + e->len - len;
}

const struct luser_field *const *unique_of(const struct luser_array *array)
{
	for (uint16_t i = 0; array && i < array->nr_unique; i++) {
		const struct luser_unique *unique = &array->unique[i];
		bool plain = !unique->same;

		for (size_t k = 0; unique->by[k]; k++)
			plain &= !is_reference(unique->by[k]);
		if (plain)
			return unique->by;
	}
	return NULL;
}

const struct luser_field *unique_field(const struct look *array, size_t i)
{
	const struct luser_field *const *by = unique_of(array->array);

	if (by)
		return by[i];
	return array->field && array->field->holds && !i
		       ? array->field->holds->place
		       : NULL;
}

static void add_unique(struct entries *e, const struct luser_node *node,
		       const struct look *array)
{
	const struct luser_field *by;

	for (size_t i = 0; (by = unique_field(array, i)); i++) {
		uint64_t value = 0;

		if (by->offset + by->size <= node->size)
			value = luser_field_get(by, node->bytes, 0);
		memcpy(room_for(e, sizeof(value)), &value, sizeof(value));
	}
}

static void add_state(struct entries *e, const struct luser_node *node)
{
	const struct shape *shape = shape_of(&e->side->refs, node->type);
	uint8_t *to = room_for(e, node->size);

	for (size_t i = 0; i < node->size; i++)
		to[i] = node->bytes[i] &
			(i < node->type->size ? shape->state[i] : 0xff);
}

static void add_key(struct entries *e, uint32_t object, enum key key)
{
	const struct snapshot *s = &e->side->snapshot;
	struct luser_node node = node_of(s, object);

	if (!node.bytes || !node.type)
		return;
	if (key == KEY_UNIQUE)
		add_unique(e, &node, look_of(s, s->objects[object].parent));
	else
		add_state(e, &node);
}

static void append(struct entries *e, const struct entry *entry)
{
	e->list = grow(e->list, e->nr, sizeof(*e->list));
	e->list[e->nr++] = *entry;
}

static void add_named(struct entries *e, uint32_t object, const char *name)
{
	append(e, &(struct entry){
			  .key = (const uint8_t *)name,
			  .len = (uint32_t)strlen(name),
			  .object = object,
		  });
}

static void add_entry(struct entries *e, uint32_t object, enum key key)
{
	struct entry entry = { .object = object, .at = e->len };

	if (key == KEY_NAME) {
		add_named(e, object, name_of(&e->side->snapshot, object));
		return;
	}
	add_key(e, object, key);
	entry.len = (uint32_t)(e->len - entry.at);
	append(e, &entry);
}

static int compare_keys(const struct entry *x, const struct entry *y)
{
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->len ? memcmp(x->key, y->key, x->len) : 0;
}

static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int keys = compare_keys(x, y);

	return keys ? keys : (x->object > y->object) - (x->object < y->object);
}

static void sort(struct entries *e, enum key key)
{
	for (size_t i = 0; i < e->nr; i++) {
		struct entry *entry = &e->list[i];

		if (key != KEY_NAME)
			entry->key = e->keys + entry->at;
		entry->hash = hash_of(entry->key, entry->len);
	}
	if (e->nr)
		qsort(e->list, e->nr, sizeof(*e->list), compare);
}

static struct entries gather(struct side *side, uint32_t above, enum key key)
{
	const struct snapshot *s = &side->snapshot;
	struct entries e = { .side = side };

	for (uint32_t i = next_below(s, above, NOTHING); i != NOTHING;
	     i = next_below(s, above, i))
		if (s->objects[i].pair == NOTHING)
			add_entry(&e, i, key);
	sort(&e, key);
	return e;
}

static void gather_arrays(struct entries *e, uint32_t above)
{
	const struct snapshot *s = &e->side->snapshot;

	for (uint32_t i = next_below(s, above, NOTHING); i != NOTHING;
	     i = next_below(s, above, i)) {
		if (s->objects[i].pair != NOTHING)
			continue;
		if (look_of(s, i)->kind == LUSER_NODE_ARRAY)
			add_entry(e, i, KEY_NAME);
		else
			gather_arrays(e, i);
	}
}

static void entries_free(struct entries *e)
{
	free(e->list);
	free(e->keys);
}

static void pair_entries(struct entries *x, struct entries *y)
{
	size_t i = 0, k = 0;

	while (i < x->nr && k < y->nr) {
		int order = compare_keys(&x->list[i], &y->list[k]);

		if (!order)
			pair(x->side, x->list[i].object, y->side,
			     y->list[k].object);
		i += order <= 0;
		k += order >= 0;
	}
	entries_free(x);
	entries_free(y);
}

void pair_by_key(struct side *a, uint32_t above, struct side *b, uint32_t other,
		 enum key key)
{
	struct entries x = gather(a, above, key);
	struct entries y = gather(b, other, key);

	pair_entries(&x, &y);
}

void pair_arrays(struct side *a, uint32_t above, struct side *b, uint32_t other)
{
	struct entries x = { .side = a }, y = { .side = b };

	gather_arrays(&x, above);
	gather_arrays(&y, other);
	sort(&x, KEY_NAME);
	sort(&y, KEY_NAME);
	pair_entries(&x, &y);
}

static void gather_blobs(struct entries *e)
{
	const struct snapshot *s = &e->side->snapshot;

	for (uint32_t i = next_blob(s, NOTHING); i != NOTHING;
	     i = next_blob(s, i))
		add_named(e, i, blob_name(s, i));
	sort(e, KEY_NAME);
}

void pair_blobs(struct side *a, struct side *b)
{
	struct entries x = { .side = a }, y = { .side = b };

	gather_blobs(&x);
	gather_blobs(&y);
	pair_entries(&x, &y);
}

static bool same_bytes(const struct side *a, uint32_t one, const struct side *b,
		       uint32_t other)
{
	struct luser_node x = node_of(&a->snapshot, one);
	struct luser_node y = node_of(&b->snapshot, other);

	return x.type == y.type && x.size == y.size &&
	       (!x.size || !memcmp(x.bytes, y.bytes, x.size));
}

void pair_by_index(struct side *a, uint32_t above, struct side *b,
		   uint32_t other, bool exact)
{
	const struct snapshot *s = &a->snapshot, *t = &b->snapshot;
	uint32_t i = next_below(s, above, NOTHING);
	uint32_t k = next_below(t, other, NOTHING);

	while (i != NOTHING && k != NOTHING) {
		const struct object *x = &s->objects[i], *y = &t->objects[k];
		uint64_t p = x->index, q = y->index;

		if (p == q && x->pair == NOTHING && y->pair == NOTHING &&
		    (!exact || same_bytes(a, i, b, k)))
			pair(a, i, b, k);
		if (p <= q)
			i = next_below(s, above, i);
		if (q <= p)
			k = next_below(t, other, k);
	}
}
