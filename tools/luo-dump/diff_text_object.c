// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diff_keys.h"
#include "diff_text_object.h"
#include "map_text.h"
#include "table_text.h"
#include "util.h"

/* Where what is below an object's path starts. */
#define BELOW 4

/* Ranges of memory that a person is told of. */
#define RANGES_IN_TEXT 16

/* A reference's target as its array calls it: "domains[4]". */
static char *target_text(const struct side *side, uint32_t target)
{
	const struct snapshot *s = &side->snapshot;
	const struct object *object = &s->objects[target];
	const char *array = name_of(s, object->parent);
	const char *label = name_of(s, target);

	if (*label)
		return xprintf("%s[%s]", array, label);
	return xprintf("%s[%" PRIu64 "]", array, object->index);
}

static char *value_text(const struct side *side, const struct value *value)
{
	char *text, *more;

	if (!value->leaf.name)
		return xstrdup("not there");
	if (value->target != NOTHING)
		return target_text(side, value->target);
	text = leaf_text(&value->leaf, &side->snapshot.env);
	if (!is_reference(value->leaf.field) || !strcmp(text, "none"))
		return text;
	more = xprintf("%s (no record)", text);
	free(text);
	return more;
}

static void put_row(const struct diff_text *text, const char *name,
		    size_t width, char *line)
{
	FILE *out = text->paper.out;
	size_t column = BELOW + width + 2;

	fprintf(out, "%*s%-*s  ", BELOW, "", (int)width, name);
	print_wrapped(out, column, column, line);
	free(line);
}

static void put_doc(const struct diff_text *text, const struct value *value,
		    size_t width)
{
	size_t column = BELOW + width + 2;

	if (!text->paper.verbose || !value->leaf.field->doc)
		return;
	fprintf(text->paper.out, "%*s", (int)column, "");
	paper_style(&text->paper, STYLE_DIM);
	print_wrapped(text->paper.out, column, column, value->leaf.field->doc);
	paper_style(&text->paper, STYLE_NONE);
}

/* One line if it fits, else one below the other. */
static char *arrow(char *old, char *new)
{
	char *text = xprintf("%s -> %s", old, new);

	free(old);
	free(new);
	return text;
}

static const char *look_text(const struct luser_node *node,
			     const struct luser_node *other)
{
	if (node->kind == LUSER_NODE_STALE)
		return "stale: given back after the boot, not shown";
	if (node->kind == LUSER_NODE_FDT && !node->size)
		return "not to be had, only its blobs are";
	if (node->kind == LUSER_NODE_UNKNOWN || !node->abi)
		return "not described by any schema";
	if (node->kind == LUSER_NODE_PAGE_TABLES)
		return "page tables";
	if (node->abi == other->abi && node->type && other->type)
		return node->type->name;
	return node->abi->id;
}

static size_t width_of(const struct changes *changes)
{
	size_t width = 3; /* "abi" */

	for (size_t i = 0; i < changes->nr_fields; i++) {
		size_t len = strlen(changes->fields[i].name);

		if (len > width)
			width = len;
	}
	return width;
}

static void put_fields(const struct diff_text *text,
		       const struct changes *changes, size_t width)
{
	for (size_t i = 0; i < changes->nr_fields; i++) {
		const struct field_change *field = &changes->fields[i];

		put_row(text, field->name, width,
			arrow(value_text(text->a, &field->a),
			      value_text(text->b, &field->b)));
		put_doc(text, field->b.leaf.name ? &field->b : &field->a,
			width);
	}
}

static void put_ranges(const struct diff_text *text, char sign,
		       const struct range_set *set)
{
	struct range_cursor cursor = range_set_begin(set);
	struct luser_range range;
	uint64_t max = text->settings->records ? text->settings->records
					       : RANGES_IN_TEXT;

	if (text->paper.verbose)
		max = RECORDS_ALL;
	for (uint64_t i = 0; i < max && range_set_next(&cursor, &range); i++) {
		char *size = size_text(range.len);

		fprintf(text->paper.out,
			"%*s%c 0x%012" PRIx64 "-0x%012" PRIx64 "  %s\n", BELOW,
			"", sign, range.start, range.start + range.len - 1,
			size);
		free(size);
	}
	if (set->nr > max)
		fprintf(text->paper.out,
			"%*s... %" PRIu64 " more (--records=all)\n", BELOW, "",
			set->nr - max);
}

static void put_map(const struct diff_text *text, const struct map_change *map)
{
	for (unsigned int i = 0; i <= LUSER_MAX_ORDER; i++) {
		char *name;

		if (map->a.blocks[i] == map->b.blocks[i])
			continue;
		name = xprintf("order %u", i);
		put_row(text, name, 9,
			arrow(count_text(map->a.blocks[i], "block"),
			      count_text(map->b.blocks[i], "block")));
		free(name);
	}
	put_row(text, "in all", 9, arrow(map_text(&map->a), map_text(&map->b)));
	put_row(text, "removed", 9, size_text(map->removed.bytes));
	put_ranges(text, '-', &map->removed);
	put_row(text, "added", 9, size_text(map->added.bytes));
	put_ranges(text, '+', &map->added);
}

static void put_tables(const struct diff_text *text,
		       const struct tables_change *tables)
{
	put_row(text, "maps", 9,
		arrow(size_text(tables->a->mapped.bytes),
		      size_text(tables->b->mapped.bytes)));
	put_row(text, "different", 9,
		xprintf("from IOVA 0x%" PRIx64 " on", tables->iova));
}

static void put_changes(const struct diff_text *text,
			const struct changes *changes)
{
	const struct luser_node *a = &changes->a, *b = &changes->b;
	size_t width = width_of(changes);

	if (changes->layout)
		put_row(text, "abi", width,
			arrow(xstrdup(look_text(a, b)),
			      xstrdup(look_text(b, a))));
	if (changes->moved)
		put_row(text, "at", width,
			xprintf("0x%" PRIx64 " -> 0x%" PRIx64, a->phys,
				b->phys));
	if (changes->bytes)
		put_row(text, "bytes", 5,
			xprintf("%zu -> %zu, different from byte %zu on",
				a->size, b->size, changes->offset));
	put_fields(text, changes, width);
	if (changes->map.any)
		put_map(text, &changes->map);
	if (changes->tables.any)
		put_tables(text, &changes->tables);
}

/**
 * struct row_text - the fields of an object in one text
 */
struct row_text {
	const struct diff_text *text;
	const struct told *told;
	const struct luser_field *label;
	const struct luser_field *const *by;
	struct text_file file;
	const char *between;
};

static bool is_in_title(const struct row_text *row,
			const struct luser_field *field)
{
	const struct luser_field *const *by = row->by;

	while (by && *by && *by != field)
		by++;
	return by && *by;
}

static void add_field(void *ctx, const struct leaf *leaf)
{
	struct row_text *row = ctx;
	struct value value = { *leaf, NOTHING };
	char *text;

	if (leaf->field == row->label || is_in_title(row, leaf->field) ||
	    (is_address(leaf->field) && !row->text->settings->addresses))
		return;
	if (is_reference(leaf->field))
		value.target = ref_target(&row->told->side->refs,
					  row->told->object, leaf->field,
					  leaf->at, 0);
	text = value_text(row->told->side, &value);
	fprintf(row->file.out, "%s%s %s", row->between, leaf->name, text);
	row->between = ", ";
	free(text);
}

static char *about(const struct diff_text *text, const struct told *told)
{
	struct luser_node node = node_of(&told->side->snapshot, told->object);
	struct row_text row = { .text = text, .told = told, .between = "" };

	if (node.map)
		return map_text(node.map);
	if (node.mapped)
		return tables_text(&node);
	if (node.kind == LUSER_NODE_STALE)
		return xstrdup("stale: given back after the boot, not shown");
	if (node.kind == LUSER_NODE_UNKNOWN)
		return xprintf("%zu bytes that no schema describes", node.size);
	if (node.index != LUSER_NO_INDEX) {
		row.label = node.type->label;
		row.by = row.label ? NULL : unique_of(node.array);
	}
	text_open(&row.file);
	leaf_each(&node, add_field, &row);
	return text_close(&row.file);
}

/* "holds 2 files" of an object that only one has, "the first holds ..." */
static char *held_text(const struct diff_text *text, const struct told *told)
{
	const char *who = !told->changes	  ? ""
			  : told->side == text->a ? "the first "
						  : "the second ";
	struct text_file file;

	text_open(&file);
	for (size_t i = 0; i < told->nr_held; i++) {
		const struct held *held = &told->held[i];
		size_t len = strlen(held->name);
		char *number = number_text(held->records);

		if (held->records == 1 && len && held->name[len - 1] == 's')
			len--;
		fprintf(file.out, "%s%s%s %.*s", i ? "" : who,
			i ? ", " : "holds ", number, (int)len, held->name);
		free(number);
	}
	return text_close(&file);
}

static void put_below(const struct diff_text *text, char *line)
{
	if (*line) {
		fprintf(text->paper.out, "%*s", BELOW, "");
		print_wrapped(text->paper.out, BELOW, BELOW, line);
	}
	free(line);
}

/* A blob has the path of what leads to it: its ABI tells them apart. */
static const char *blob_of(const struct luser_node *node)
{
	if (node->name || node->index != LUSER_NO_INDEX ||
	    node->kind == LUSER_NODE_STALE)
		return NULL;
	return node->abi ? node->abi->id : NULL;
}

/* A record without a label is known by what no two of its array share. */
static char *key_text(const struct luser_node *node)
{
	const struct luser_field *const *by = unique_of(node->array);
	struct text_file file;

	text_open(&file);
	if (by && node->index != LUSER_NO_INDEX && !node->label)
		for (size_t i = 0; by[i] && !is_address(by[i]); i++) {
			struct leaf leaf = { NULL, by[i], node->bytes,
					     by[i]->offset, 1 };
			char *value = leaf_text(&leaf, node->env);

			fprintf(file.out, ", %s %s", by[i]->name, value);
			free(value);
		}
	return text_close(&file);
}

static char *title_of(const struct told *told)
{
	struct luser_node node =
		told->changes ? told->changes->a
			      : node_of(&told->side->snapshot, told->object);
	bool named = told->changes && told->changes->layout;
	const char *blob = *told->path && !named ? blob_of(&node) : NULL;

	char *key = key_text(&node);
	char *title = xprintf("%s%s%s%s%s%s", *told->path ? told->path : "root",
			      told->new_path ? " -> " : "",
			      told->new_path ? told->new_path : "",
			      blob ? ", " : "", blob ? blob : "", key);

	free(key);
	return title;
}

void diff_text_object(const struct diff_text *text, const struct told *told)
{
	static const char signs[] = { '+', '-', '~' };
	static const enum style styles[] = { STYLE_GOOD, STYLE_ERROR,
					     STYLE_WARNING };
	char *path = title_of(told);

	paper_style(&text->paper, styles[told->kind]);
	fprintf(text->paper.out, "%c ", signs[told->kind]);
	print_wrapped(text->paper.out, 2, BELOW, path);
	paper_style(&text->paper, STYLE_NONE);
	free(path);
	if (told->changes)
		put_changes(text, told->changes);
	else
		put_below(text, about(text, told));
	put_below(text, held_text(text, told));
}
