// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <luser/format.h>

#include "diff_fields.h"
#include "util.h"

/**
 * struct comparison - two objects being compared
 */
struct comparison {
	struct side *a;
	struct side *b;
	uint32_t one;
	uint32_t other;
	bool addresses;
	struct changes *to;
};

static bool same_parents(const struct comparison *c)
{
	const struct snapshot *s = &c->a->snapshot, *t = &c->b->snapshot;
	uint32_t x = s->objects[c->one].parent;
	uint32_t y = t->objects[c->other].parent;

	return x != NOTHING && y != NOTHING &&
	       look_of(s, x)->abi == c->to->a.abi &&
	       look_of(t, y)->abi == c->to->b.abi;
}

/* Inside an object whose ABI changed, that is no news. */
static bool other_layout(const struct comparison *c)
{
	const struct luser_node *x = &c->to->a, *y = &c->to->b;

	if (x->kind != y->kind)
		return true;
	if (x->abi != y->abi)
		return !same_parents(c);
	return x->type != y->type;
}

static bool all_there(const struct shape *shape, size_t size)
{
	for (size_t i = 0; i < shape->nr_refs; i++)
		if (!ref_there(&shape->refs[i], size))
			return false;
	return true;
}

static bool same_target(const struct comparison *c, uint32_t x, uint32_t y)
{
	return x != NOTHING && y != NOTHING &&
	       c->a->snapshot.objects[x].pair == y;
}

static bool same_targets(const struct comparison *c, const struct shape *shape)
{
	for (size_t i = 0; i < shape->nr_refs; i++) {
		const struct ref *ref = &shape->refs[i];
		uint32_t x = ref_target(&c->a->refs, c->one, ref->field,
					c->to->a.bytes + ref->offset, ref->i);
		uint32_t y = ref_target(&c->b->refs, c->other, ref->field,
					c->to->b.bytes + ref->offset, ref->i);

		if (!same_target(c, x, y) && (x != NOTHING || y != NOTHING))
			return false;
	}
	return true;
}

/* Most objects are the same, byte for byte: not to look at each field. */
static bool is_equal(const struct comparison *c)
{
	const struct luser_node *x = &c->to->a, *y = &c->to->b;
	const struct shape *shape;

	if (x->type != y->type || x->size != y->size ||
	    x->present != y->present ||
	    (x->size && memcmp(x->bytes, y->bytes, x->size)))
		return false;
	if (x->kind != LUSER_NODE_STRUCT)
		return true;
	shape = shape_of(&c->a->refs, x->type);
	return all_there(shape, x->size) && same_targets(c, shape);
}

/**
 * struct gathering - the fields of one of the objects
 */
struct gathering {
	const struct side *side;
	uint32_t object;
	struct value **list;
	size_t *nr;
};

static void add_value(void *ctx, const struct leaf *leaf)
{
	struct gathering *g = ctx;
	struct value value = { *leaf, NOTHING };

	value.leaf.name = xstrdup(leaf->name);
	if (is_reference(leaf->field))
		value.target = ref_target(&g->side->refs, g->object,
					  leaf->field, leaf->at, 0);
	*g->list = grow(*g->list, *g->nr, sizeof(**g->list));
	(*g->list)[(*g->nr)++] = value;
}

static void gather(struct changes *to, int which, const struct side *side,
		   uint32_t object, const struct luser_node *node)
{
	struct gathering g = { side, object, &to->values[which],
			       &to->nr_values[which] };

	leaf_each(node, add_value, &g);
}

static char *element_text(const struct leaf *leaf, uint32_t i,
			  const struct luser_env *env)
{
	size_t size =
		luser_format_value(leaf->field, leaf->at, i, env, NULL, 0) + 1;
	char *text = xcalloc(size, 1);

	luser_format_value(leaf->field, leaf->at, i, env, text, size);
	return text;
}

/* In two layouts, values are the same if they read the same. */
static bool same_text(const struct comparison *c, const struct leaf *x,
		      const struct leaf *y, uint32_t i)
{
	char *p = element_text(x, i, c->to->a.env);
	char *q = element_text(y, i, c->to->b.env);
	bool same = !strcmp(p, q);

	free(p);
	free(q);
	return same;
}

static bool same_element(const struct comparison *c, const struct leaf *x,
			 const struct leaf *y, uint32_t i)
{
	const struct luser_field *field = x->field;
	size_t at = field->offset + (size_t)i * field->size;

	if (is_address(field) && is_address(y->field) && !c->addresses)
		return !luser_field_get(field, x->at, i) ==
		       !luser_field_get(y->field, y->at, i);
	if (field != y->field || field->kind == LUSER_STRING)
		return same_text(c, x, y, i);
	if (field->bits)
		return luser_field_get(field, x->at, i) ==
		       luser_field_get(field, y->at, i);
	return !memcmp(x->at + at, y->at + at, field->size);
}

static bool same_value(const struct comparison *c, const struct value *x,
		       const struct value *y)
{
	if (x->target != NOTHING || y->target != NOTHING)
		return same_target(c, x->target, y->target) &&
		       (!c->addresses || x->leaf.field->kind != LUSER_PHYS ||
			same_element(c, &x->leaf, &y->leaf, 0));
	if (x->leaf.count != y->leaf.count)
		return false;
	for (uint32_t i = 0; i < x->leaf.count; i++)
		if (!same_element(c, &x->leaf, &y->leaf, i))
			return false;
	return true;
}

static void add_change(const struct comparison *c, const char *name,
		       const struct value *x, const struct value *y)
{
	static const struct value none = { .target = NOTHING };
	struct changes *to = c->to;
	bool address = is_address(x ? x->leaf.field : y->leaf.field);

	/* What only one layout has, says no more if it is an address. */
	if ((!x || !y) && address && !c->addresses)
		return;
	/* Nor does what each layout prescribes. */
	if (x && y && x->leaf.field->fixed && y->leaf.field->fixed &&
	    to->layout)
		return;
	to->fields = grow(to->fields, to->nr_fields, sizeof(*to->fields));
	to->fields[to->nr_fields++] =
		(struct field_change){ name, x ? *x : none, y ? *y : none };
}

/* Fields mostly have the same place in both. */
static const struct value *find(const struct changes *to, int which,
				const char *name, size_t place)
{
	const struct value *list = to->values[which];

	if (place < to->nr_values[which] &&
	    !strcmp(list[place].leaf.name, name))
		return &list[place];
	for (size_t i = 0; i < to->nr_values[which]; i++)
		if (!strcmp(list[i].leaf.name, name))
			return &list[i];
	return NULL;
}

static void compare_fields(const struct comparison *c)
{
	struct changes *to = c->to;

	gather(to, 0, c->a, c->one, &to->a);
	gather(to, 1, c->b, c->other, &to->b);
	for (size_t i = 0; i < to->nr_values[0]; i++) {
		const struct value *x = &to->values[0][i];
		const struct value *y = find(to, 1, x->leaf.name, i);

		if (!y || !same_value(c, x, y))
			add_change(c, x->leaf.name, x, y);
	}
	for (size_t i = 0; i < to->nr_values[1]; i++) {
		const struct value *y = &to->values[1][i];

		if (!find(to, 0, y->leaf.name, i))
			add_change(c, y->leaf.name, NULL, y);
	}
}

static void compare_bytes(struct changes *to)
{
	const struct luser_node *x = &to->a, *y = &to->b;

	while (to->offset < x->size && to->offset < y->size &&
	       x->bytes[to->offset] == y->bytes[to->offset])
		to->offset++;
	to->bytes = to->offset < x->size || to->offset < y->size;
}

static bool can_move(const struct changes *to)
{
	return to->a.kind == LUSER_NODE_STRUCT ||
	       to->a.kind == LUSER_NODE_UNKNOWN ||
	       to->a.kind == LUSER_NODE_TREE;
}

bool is_closed(enum luser_node_kind kind)
{
	return kind == LUSER_NODE_STALE || kind == LUSER_NODE_UNKNOWN;
}

static bool has_fields(const struct luser_node *node)
{
	return node->type && node->kind != LUSER_NODE_ARRAY;
}

struct changes changes_find(struct side *a, uint32_t one, struct side *b,
			    uint32_t other, bool addresses)
{
	struct changes to = {
		.a = node_of(&a->snapshot, one),
		.b = node_of(&b->snapshot, other),
	};
	struct comparison c = { a, b, one, other, addresses, &to };

	to.layout = other_layout(&c);
	to.moved = addresses && can_move(&to) && to.a.phys != to.b.phys;
	if (to.a.kind == LUSER_NODE_TREE && to.b.kind == LUSER_NODE_TREE)
		to.map = map_compare(to.a.map, to.b.map, addresses);
	else if (to.a.mapped && to.b.mapped)
		to.tables = tables_compare(mapped_of(&a->snapshot, one),
					   mapped_of(&b->snapshot, other),
					   addresses);
	else if (to.a.kind == LUSER_NODE_UNKNOWN && to.b.kind == to.a.kind)
		compare_bytes(&to);
	else if (has_fields(&to.a) && has_fields(&to.b) && !is_equal(&c))
		compare_fields(&c);
	to.any = to.layout || to.moved || to.bytes || to.nr_fields ||
		 to.map.any || to.tables.any;
	return to;
}

void changes_free(struct changes *changes)
{
	for (int which = 0; which < 2; which++) {
		for (size_t i = 0; i < changes->nr_values[which]; i++)
			free((char *)changes->values[which][i].leaf.name);
		free(changes->values[which]);
	}
	free(changes->fields);
}
