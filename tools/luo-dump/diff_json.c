// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "diff_json.h"
#include "json.h"
#include "json_fields.h"
#include "json_node.h"
#include "util.h"

struct diff_json {
	struct diff_view view;
	struct json json;
	const struct side *a;
	const struct side *b;
	uint64_t left_out[DIFFERENCE_CHANGED + 1];
	bool alone; /* that list is open, and the one of comparisons is not */
};

static const char *const difference_names[] = {
	[DIFFERENCE_ADDED] = "added",
	[DIFFERENCE_REMOVED] = "removed",
	[DIFFERENCE_CHANGED] = "changed",
};

static struct diff_json *json_of(struct diff_view *view)
{
	return (struct diff_json *)view;
}

static void begin(struct diff_view *view)
{
	struct json *json = &json_of(view)->json;

	json_open_object(json, NULL);
	json_open_list(json, "comparisons");
}

static void put_side(struct json *json, const char *key,
		     const struct side *side)
{
	const struct handover *h = &side->snapshot.handover;

	json_open_object(json, key);
	json_text(json, "path", side->path);
	json_text(json, "role", role_name(h->root->role));
	json_phys(json, "phys", h->root->phys);
	json_number(json, "page_size", h->page_size);
	json_truth(json, "live", h->live);
	json_text(json, "incomplete",
		  *side->input->cut ? side->input->cut : NULL);
	json_open_object(json, "findings");
	for (int i = LUSER_NOTE; i <= LUSER_ERROR; i++)
		json_number(json, severity_name((enum luser_severity)i),
			    h->findings.count[i]);
	json_close_object(json);
	json_close_object(json);
}

static void start(struct diff_view *view, const struct side *a,
		  const struct side *b)
{
	struct diff_json *d = json_of(view);

	d->a = a;
	d->b = b;
	for (int i = 0; i <= DIFFERENCE_CHANGED; i++)
		d->left_out[i] = 0;
	json_open_object(&d->json, NULL);
	put_side(&d->json, "first", a);
	put_side(&d->json, "second", b);
	json_open_list(&d->json, "objects");
}

/* An object as one side has it. */
static void put_object(struct json *json, const char *key,
		       const struct luser_node *node, bool fields)
{
	json_open_object(json, key);
	json_identity(json, node);
	if (node->bytes)
		json_number(json, "size", node->size);
	if (fields)
		json_fields(json, node);
	json_close_object(json);
}

static void put_held(struct json *json, const struct told *told)
{
	json_open_list(json, "holds");
	for (size_t i = 0; i < told->nr_held; i++) {
		json_open_object(json, NULL);
		json_text(json, "name", told->held[i].name);
		json_number(json, "records", told->held[i].records);
		json_close_object(json);
	}
	json_close_list(json);
}

static void put_alone(struct json *json, const struct told *told)
{
	struct luser_node node = node_of(&told->side->snapshot, told->object);
	bool added = told->kind == DIFFERENCE_ADDED;

	if (added)
		json_text(json, "first", NULL);
	put_object(json, added ? "second" : "first", &node, true);
	if (!added)
		json_text(json, "second", NULL);
	put_held(json, told);
}

static void put_value(struct json *json, const char *key,
		      const struct luser_node *node, const struct value *value)
{
	if (value->leaf.name)
		json_leaf(json, key, node, &value->leaf);
}

static void put_record(struct json *json, const char *key,
		       const struct side *side, const struct value *value)
{
	char *path = value->target == NOTHING
			     ? NULL
			     : object_path(&side->snapshot, value->target);

	json_text(json, key, path);
	free(path);
}

static bool is_link(const struct value *value)
{
	return value->leaf.name && is_reference(value->leaf.field);
}

static void put_field(struct diff_json *d, const struct changes *changes,
		      const struct field_change *field)
{
	struct json *json = &d->json;

	json_open_object(json, NULL);
	json_text(json, "name", field->name);
	put_value(json, "first", &changes->a, &field->a);
	put_value(json, "second", &changes->b, &field->b);
	if (is_link(&field->a) || is_link(&field->b)) {
		put_record(json, "first_record", d->a, &field->a);
		put_record(json, "second_record", d->b, &field->b);
	}
	json_close_object(json);
}

static void put_sum(struct json *json, const char *key,
		    const struct luser_map *map)
{
	json_open_object(json, key);
	json_number(json, "pages", map->pages);
	json_number(json, "bytes", map->bytes);
	json_number(json, "ranges", map->nr_ranges);
	json_close_object(json);
}

static void put_ranges(struct json *json, const char *key,
		       const struct range_set *set)
{
	struct range_cursor cursor = range_set_begin(set);
	struct luser_range range;

	json_open_list(json, key);
	while (range_set_next(&cursor, &range))
		json_range(json, &range);
	json_close_list(json);
}

static void put_map(struct json *json, const struct map_change *map)
{
	json_open_object(json, "preserved");
	put_sum(json, "first", &map->a);
	put_sum(json, "second", &map->b);
	json_open_list(json, "orders");
	for (unsigned int i = 0; i <= LUSER_MAX_ORDER; i++) {
		if (map->a.blocks[i] == map->b.blocks[i])
			continue;
		json_open_object(json, NULL);
		json_number(json, "order", i);
		json_number(json, "first", map->a.blocks[i]);
		json_number(json, "second", map->b.blocks[i]);
		json_close_object(json);
	}
	json_close_list(json);
	put_ranges(json, "removed", &map->removed);
	put_ranges(json, "added", &map->added);
	json_close_object(json);
}

static void put_mapped(struct json *json, const char *key,
		       const struct luser_mapped *mapped)
{
	json_open_object(json, key);
	json_text(json, "format", mapped->format->name);
	json_number(json, "tables", mapped->tables);
	json_number(json, "pages", mapped->pages);
	json_number(json, "bytes", mapped->bytes);
	json_close_object(json);
}

static void put_tables(struct json *json, const struct tables_change *tables)
{
	json_open_object(json, "mapped");
	put_mapped(json, "first", &tables->a->mapped);
	put_mapped(json, "second", &tables->b->mapped);
	json_address(json, "different_from", tables->iova);
	json_close_object(json);
}

static void put_bytes(struct json *json, const struct changes *changes)
{
	json_open_object(json, "bytes");
	json_number(json, "first", changes->a.size);
	json_number(json, "second", changes->b.size);
	json_number(json, "different_from", changes->offset);
	json_close_object(json);
}

static void put_changes(struct diff_json *d, const struct told *told)
{
	const struct changes *changes = told->changes;
	struct json *json = &d->json;

	put_object(json, "first", &changes->a, false);
	put_object(json, "second", &changes->b, false);
	json_truth(json, "layout", changes->layout);
	json_truth(json, "moved", changes->moved);
	json_open_list(json, "fields");
	for (size_t i = 0; i < changes->nr_fields; i++)
		put_field(d, changes, &changes->fields[i]);
	json_close_list(json);
	if (told->held)
		put_held(json, told);
	if (changes->bytes)
		put_bytes(json, changes);
	if (changes->map.any)
		put_map(json, &changes->map);
	if (changes->tables.any)
		put_tables(json, &changes->tables);
}

static void object(struct diff_view *view, const struct told *told)
{
	struct diff_json *d = json_of(view);

	json_open_object(&d->json, NULL);
	json_text(&d->json, "change", difference_names[told->kind]);
	json_text(&d->json, "path", told->path);
	if (told->new_path)
		json_text(&d->json, "new_path", told->new_path);
	if (told->changes)
		put_changes(d, told);
	else
		put_alone(&d->json, told);
	json_close_object(&d->json);
}

static void more(struct diff_view *view, const char *path,
		 const uint64_t *left_out)
{
	struct diff_json *d = json_of(view);

	(void)path;
	for (int i = 0; i <= DIFFERENCE_CHANGED; i++)
		d->left_out[i] += left_out[i];
}

static void put_counts(struct json *json, const char *key,
		       const uint64_t *count)
{
	json_open_object(json, key);
	for (int i = 0; i <= DIFFERENCE_CHANGED; i++)
		json_number(json, difference_names[i], count[i]);
	json_close_object(json);
}

static void finish(struct diff_view *view, const struct diff_counts *counts)
{
	struct diff_json *d = json_of(view);

	json_close_list(&d->json);
	put_counts(&d->json, "left_out", d->left_out);
	put_counts(&d->json, "counts", counts->count);
	json_number(&d->json, "bytes_elsewhere", counts->elsewhere);
	json_truth(&d->json, "same", !is_different(counts));
	json_close_object(&d->json);
}

/* These come last. */
static void open_alone(struct diff_json *d)
{
	if (d->alone)
		return;
	json_close_list(&d->json);
	json_open_list(&d->json, "alone");
	d->alone = true;
}

static void alone(struct diff_view *view, const char *path,
		  const struct luser_root *root, bool second)
{
	struct diff_json *d = json_of(view);

	open_alone(d);
	json_open_object(&d->json, NULL);
	json_text(&d->json, "in", second ? "second" : "first");
	json_text(&d->json, "path", path);
	json_text(&d->json, "role", role_name(root->role));
	json_phys(&d->json, "phys", root->phys);
	json_close_object(&d->json);
}

static void end(struct diff_view *view, bool same)
{
	struct diff_json *d = json_of(view);

	open_alone(d);
	json_close_list(&d->json);
	json_truth(&d->json, "same", same);
	json_close_object(&d->json);
	fputc('\n', d->json.out);
}

struct diff_view *diff_json_view(void)
{
	struct diff_json *d = xcalloc(1, sizeof(*d));

	*d = (struct diff_json){
		.view = { begin, start, object, more, finish, alone, end },
		.json = { .out = stdout },
	};
	return &d->view;
}
