/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What is different between two objects that are the same one. */
#ifndef LUO_DUMP_DIFF_FIELDS_H
#define LUO_DUMP_DIFF_FIELDS_H

#include "diff_map.h"
#include "diff_match.h"
#include "diff_tables.h"
#include "leaf.h"

/**
 * struct value - a field as one of the objects has it
 * @leaf:   the field; its name is NULL if the object has it not
 * @target: the record that it leads to, or NOTHING
 */
struct value {
	struct leaf leaf;
	uint32_t target;
};

/**
 * struct field_change - a field that differs
 * @name: with the names of the structs around it
 */
struct field_change {
	const char *name;
	struct value a;
	struct value b;
};

/**
 * struct changes - all that differs between two objects
 * @a, @b:   the objects
 * @layout:  they are of different ABIs, types or kinds
 * @moved:   they are at different addresses, and that is asked for
 * @bytes:   no schema describes them, and their bytes differ
 * @offset:  of the first byte that differs
 * @fields:  those that differ
 * @map:     the preserved memory that differs
 * @tables:  what page tables map that differs
 * @any:     there is something to tell
 */
struct changes {
	struct luser_node a;
	struct luser_node b;
	bool layout;
	bool moved;
	bool bytes;
	size_t offset;
	struct field_change *fields;
	size_t nr_fields;
	struct map_change map;
	struct tables_change tables;
	bool any;

	/* private */
	struct value *values[2];
	size_t nr_values[2];
};

/* Nothing is known of what such an object says: it is stale, or unknown. */
bool is_closed(enum luser_node_kind kind);

/**
 * changes_find() - compare two objects
 * @a, @one:   an object of one handover
 * @b, @other: and its pair
 * @addresses: addresses count
 *
 * Return: what differs; to be given to changes_free().
 */
struct changes changes_find(struct side *a, uint32_t one, struct side *b,
			    uint32_t other, bool addresses);

void changes_free(struct changes *changes);

#endif /* LUO_DUMP_DIFF_FIELDS_H */
