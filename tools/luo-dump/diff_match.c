// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "diff_keys.h"
#include "util.h"

/**
 * struct arrays - two arrays whose records do not tell who they are
 */
struct arrays {
	uint32_t a;
	uint32_t b;
};

/**
 * struct vote - a record of one handover leads here, its pair there
 * @count: how many say so
 * @moved: the numbers of the two records differ
 */
struct vote {
	uint32_t a;
	uint32_t b;
	size_t count;
	bool moved;
};

struct matcher {
	struct side *a;
	struct side *b;
	bool addresses;
	struct arrays *waiting; /* for those who refer to their records */
	size_t nr_waiting;
	struct vote *votes;
	size_t nr_votes;
};

static void match_below(struct matcher *m, uint32_t above);

static uint32_t pair_of(const struct matcher *m, uint32_t object)
{
	return m->a->snapshot.objects[object].pair;
}

/* Arrays may have pairs where what is between has none. */
static void match_children(struct matcher *m, uint32_t above)
{
	const struct snapshot *s = &m->a->snapshot;

	for (uint32_t i = next_below(s, above, NOTHING); i != NOTHING;
	     i = next_below(s, above, i)) {
		if (pair_of(m, i) != NOTHING)
			match_below(m, i);
		else if (s->objects[i].index == LUSER_NO_INDEX)
			match_children(m, i);
	}
}

static bool has_label(const struct look *array)
{
	return array->type && array->type->label;
}

/* The same fields of both; of addresses only those of one layout compare. */
static bool same_unique(const struct look *x, const struct look *y,
			bool *address)
{
	const struct luser_field *a, *b;
	size_t i = 0;

	*address = false;
	while ((a = unique_field(x, i)) && (b = unique_field(y, i)) &&
	       !strcmp(a->name, b->name)) {
		*address |= is_address(a) || is_address(b);
		i++;
	}
	return i && !a && !unique_field(y, i);
}

/* By all bytes, and by an address that no two share. */
static void match_places(struct matcher *m, uint32_t a, uint32_t b)
{
	bool address;

	pair_by_index(m->a, a, m->b, b, true);
	if (same_unique(look_of(&m->a->snapshot, a),
			look_of(&m->b->snapshot, b), &address))
		pair_by_key(m->a, a, m->b, b, KEY_UNIQUE);
}

static void match_anonymous(struct matcher *m, uint32_t a, uint32_t b)
{
	match_places(m, a, b);
	pair_by_key(m->a, a, m->b, b, KEY_STATE);
	pair_by_index(m->a, a, m->b, b, false);
	match_children(m, a);
}

/* Two memories may have other records at the same place. */
static void wait_for_voters(struct matcher *m, uint32_t a, uint32_t b)
{
	if (m->addresses)
		match_places(m, a, b);
	m->waiting = grow(m->waiting, m->nr_waiting, sizeof(*m->waiting));
	m->waiting[m->nr_waiting++] = (struct arrays){ a, b };
}

static void match_records(struct matcher *m, uint32_t a, uint32_t b)
{
	const struct look *x = look_of(&m->a->snapshot, a);
	const struct look *y = look_of(&m->b->snapshot, b);
	bool address, unique = same_unique(x, y, &address);

	if (has_label(x) && has_label(y)) {
		pair_by_key(m->a, a, m->b, b, KEY_NAME);
	} else if (unique && !address) {
		pair_by_key(m->a, a, m->b, b, KEY_UNIQUE);
	} else if (x->array && x->array->referenced) {
		wait_for_voters(m, a, b);
		return;
	} else {
		match_anonymous(m, a, b);
		return;
	}
	match_children(m, a);
}

static void match_below(struct matcher *m, uint32_t a)
{
	uint32_t b = pair_of(m, a);
	const struct look *x = look_of(&m->a->snapshot, a);
	const struct look *y = look_of(&m->b->snapshot, b);

	if (x->kind == LUSER_NODE_ARRAY && y->kind == LUSER_NODE_ARRAY) {
		match_records(m, a, b);
		return;
	}
	pair_by_key(m->a, a, m->b, b, KEY_NAME);
	if (x->abi && y->abi && x->abi != y->abi)
		pair_arrays(m->a, a, m->b, b);
	match_children(m, a);
}

/* Where one root is not to be had. */
static void match_blobs(struct matcher *m)
{
	const struct snapshot *s = &m->a->snapshot;

	pair_blobs(m->a, m->b);
	for (uint32_t i = next_blob(s, NOTHING); i != NOTHING;
	     i = next_blob(s, i))
		if (pair_of(m, i) != NOTHING)
			match_below(m, i);
}

/* Both without a pair, and in arrays that are each other's. */
static bool may_pair(const struct matcher *m, uint32_t x, uint32_t y)
{
	const struct object *one, *other;

	if (x == NOTHING || y == NOTHING)
		return false;
	one = &m->a->snapshot.objects[x];
	other = &m->b->snapshot.objects[y];
	return one->pair == NOTHING && other->pair == NOTHING &&
	       pair_of(m, one->parent) == other->parent;
}

static void add_vote(struct matcher *m, uint32_t x, uint32_t y)
{
	if (!may_pair(m, x, y))
		return;
	m->votes = grow(m->votes, m->nr_votes, sizeof(*m->votes));
	m->votes[m->nr_votes++] =
		(struct vote){ x, y, 1,
			       m->a->snapshot.objects[x].index !=
				       m->b->snapshot.objects[y].index };
}

static const struct ref *ref_named(const struct shape *shape,
				   const struct ref *like)
{
	for (size_t i = 0; i < shape->nr_refs; i++)
		if (!strcmp(shape->refs[i].field->name, like->field->name) &&
		    shape->refs[i].i == like->i)
			return &shape->refs[i];
	return NULL;
}

static uint32_t target_of(const struct side *side, uint32_t object,
			  const struct ref *ref)
{
	struct luser_node node = node_of(&side->snapshot, object);

	if (!ref || !ref_there(ref, node.size))
		return NOTHING;
	return ref_target(&side->refs, object, ref->field,
			  node.bytes + ref->offset, ref->i);
}

static void add_votes(struct matcher *m, uint32_t a)
{
	const struct look *x = look_of(&m->a->snapshot, a), *y;
	const struct shape *here, *there;
	uint32_t b = pair_of(m, a);

	if (b == NOTHING || x->kind != LUSER_NODE_STRUCT)
		return;
	y = look_of(&m->b->snapshot, b);
	if (y->kind != LUSER_NODE_STRUCT)
		return;
	here = shape_of(&m->a->refs, x->type);
	there = shape_of(&m->b->refs, y->type);
	for (size_t i = 0; i < here->nr_refs; i++)
		add_vote(m, target_of(m->a, a, &here->refs[i]),
			 target_of(m->b, b, ref_named(there, &here->refs[i])));
}

static int by_objects(const void *a, const void *b)
{
	const struct vote *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

static int by_count(const void *a, const void *b)
{
	const struct vote *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (x->moved != y->moved)
		return x->moved ? 1 : -1;
	return by_objects(a, b);
}

static void add_up(struct matcher *m)
{
	size_t nr = 0;

	for (size_t i = 0; i < m->nr_votes; i++) {
		if (nr && !by_objects(&m->votes[nr - 1], &m->votes[i]))
			m->votes[nr - 1].count++;
		else
			m->votes[nr++] = m->votes[i];
	}
	m->nr_votes = nr;
}

static void elect(struct matcher *m)
{
	for (uint32_t i = 0; i < m->a->snapshot.nr; i++)
		add_votes(m, i);
	if (!m->nr_votes)
		return;
	qsort(m->votes, m->nr_votes, sizeof(*m->votes), by_objects);
	add_up(m);
	qsort(m->votes, m->nr_votes, sizeof(*m->votes), by_count);
	for (size_t i = 0; i < m->nr_votes; i++)
		if (may_pair(m, m->votes[i].a, m->votes[i].b))
			pair(m->a, m->votes[i].a, m->b, m->votes[i].b);
}

void match(struct side *a, struct side *b, bool addresses)
{
	struct matcher m = { .a = a, .b = b, .addresses = addresses };

	if (a->snapshot.nr && b->snapshot.nr) {
		pair(a, 0, b, 0);
		if (lacks_root(&a->snapshot) == lacks_root(&b->snapshot))
			match_below(&m, 0);
		else
			match_blobs(&m);
	}
	if (m.nr_waiting)
		elect(&m);
	for (size_t i = 0; i < m.nr_waiting; i++)
		match_anonymous(&m, m.waiting[i].a, m.waiting[i].b);
	free(m.waiting);
	free(m.votes);
}
