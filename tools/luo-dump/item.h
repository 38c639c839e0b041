/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the text view keeps of an object until it is printed: the heading of a
 * handover comes first, but is known last.
 */
#ifndef LUO_DUMP_ITEM_H
#define LUO_DUMP_ITEM_H

#include <luser/walk.h>

#include "options.h"

/**
 * struct row - a name and a value
 * @doc: what it means, or NULL
 * @label: the value is in the item's title
 */
struct row {
	char *name;
	char *value;
	const char *doc;
	bool label;
};

/**
 * struct mark - a finding beside its object
 */
struct mark {
	enum luser_severity severity;
	char *text;
};

/**
 * struct item - an object to print
 * @node:  the object, while the walk is in it; else NULL
 * @number: its place among those below @parent
 * @title: what it is called
 * @about: more on the same line, or NULL
 * @is_record: it is one of many of a kind
 * @rows:  its fields
 * @is_table: the rows stay below each other, even if few
 * @block: lines that are printed as they are, or NULL
 * @marks: what is wrong with it
 * @children: what it leads to
 * @width: of the titles of the records below it
 * @more:  records that are not shown
 */
struct item {
	const struct luser_node *node;
	struct item *parent;
	size_t number;
	char *title;
	char *about;
	bool is_record;
	struct row *rows;
	size_t nr_rows;
	bool is_table;
	char *block;
	struct mark *marks;
	size_t nr_marks;
	struct item **children;
	size_t nr_children;
	size_t width;
	uint64_t more;
};

/**
 * item_add() - an object was entered
 * @parent:   the item it is in, or NULL
 * @node:     the object
 * @settings: what is wanted of it
 *
 * Return: the item; freed with its parent.
 */
struct item *item_add(struct item *parent, const struct luser_node *node,
		      const struct settings *settings);

/* The object was left: what it adds up to is known. */
void item_complete(struct item *item, const struct settings *settings);

void item_mark(struct item *item, const struct luser_finding *finding);

void item_free(struct item *item);

#endif /* LUO_DUMP_ITEM_H */
