// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What no two records of an array share, where that is a string: all are kept,
 * and sorted at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "walk_internal.h"

/**
 * struct walk_text - a record
 * @number: which of the strings it has
 * @index:  its number in the array
 * @same:   where records may share a string, what they must agree in
 */
struct walk_text {
	size_t number;
	uint64_t index;
	uint64_t same;
};

static bool has_room(struct walk_texts *texts, size_t size)
{
	struct walk_text *v = list_grow(texts->v, texts->nr, sizeof(*v));
	uint8_t *bytes;

	if (!v)
		return false;
	texts->v = v;
	bytes = list_grow(texts->bytes, texts->nr, size);
	if (!bytes)
		return false;
	texts->bytes = bytes;
	return true;
}

bool walk_texts_add(struct walk_texts *texts, const struct luser_unique *rule,
		    const uint8_t *at, uint64_t index, uint64_t same)
{
	size_t size = rule->by[0]->size;

	if (!has_room(texts, size))
		return false;
	memcpy(texts->bytes + texts->nr * size, at + rule->by[0]->offset, size);
	texts->v[texts->nr] = (struct walk_text){ texts->nr, index, same };
	texts->nr++;
	return true;
}

/* What strings are sorted by. */
struct order {
	const char *bytes;
	size_t size;
};

/* What lies behind a NUL is no part of a string. */
static int by_text(const struct order *order, const struct walk_text *x,
		   const struct walk_text *y)
{
	return strncmp(order->bytes + x->number * order->size,
		       order->bytes + y->number * order->size, order->size);
}

static int compare(const void *a, const void *b, void *order)
{
	const struct walk_text *x = a, *y = b;
	int by = by_text(order, x, y);

	return by ? by : (x->number > y->number) - (x->number < y->number);
}

static void report(struct walk *w, const struct luser_node *node,
		   const struct walk_unique *unique, uint16_t i,
		   const struct walk_text *one)
{
	const struct luser_unique *rule = &node->array->unique[i];
	struct luser_field field = *rule->by[0];
	char value[96], found[160];

	field.offset = 0;
	luser_format_value(&field,
			   unique->texts[i].bytes + one->number * field.size, 0,
			   node->env, value, sizeof(value));
	snprintf(found, sizeof(found), "%s %s", field.name, value);
	walk_unique_report(w, node, unique, rule, found, one->index);
}

/* The first one speaks for those that may share a string if they agree. */
static void check_group(struct walk *w, const struct luser_node *node,
			const struct walk_unique *unique, uint16_t i,
			const struct walk_text *first, size_t nr)
{
	bool may_agree = node->array->unique[i].same;
	bool told = false;

	for (size_t k = 1; k < nr; k++) {
		if (may_agree && first[k].same == first->same)
			continue;
		if (!told)
			report(w, node, unique, i, first);
		told = true;
		report(w, node, unique, i, &first[k]);
	}
}

void walk_texts_check(struct walk *w, const struct luser_node *node,
		      struct walk_unique *unique, uint16_t i)
{
	struct walk_texts *texts = &unique->texts[i];
	struct order order = { (const char *)texts->bytes,
			       node->array->unique[i].by[0]->size };
	size_t end;

	if (!texts->nr)
		return;
	qsort_r(texts->v, texts->nr, sizeof(*texts->v), compare, &order);
	for (size_t k = 0; k < texts->nr; k = end) {
		end = k + 1;
		while (end < texts->nr &&
		       !by_text(&order, &texts->v[k], &texts->v[end]))
			end++;
		check_group(w, node, unique, i, &texts->v[k], end - k);
	}
}

void walk_texts_free(struct walk_texts *texts)
{
	free(texts->v);
	free(texts->bytes);
}
