// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "item.h"
#include "leaf.h"
#include "map_text.h"
#include "table_text.h"
#include "util.h"

/* Ranges of memory that a person is told of who wants to see them. */
#define RANGES_IN_TEXT 1000

static void add_row(struct item *item, const struct row *row)
{
	item->rows = grow(item->rows, item->nr_rows, sizeof(*item->rows));
	item->rows[item->nr_rows++] = *row;
}

static void add_leaf(void *ctx, const struct leaf *leaf)
{
	struct item *item = ctx;

	add_row(item, &(struct row){
			      .name = xstrdup(leaf->name),
			      .value = leaf_text(leaf, item->node->env),
			      .doc = leaf->field->doc,
			      .label = item->is_record &&
				       leaf->field == item->node->type->label,
		      });
}

static char *title_of(const struct luser_node *node)
{
	if (node->label && *node->label)
		return xstrdup(node->label);
	if (node->index != LUSER_NO_INDEX)
		return xprintf("%" PRIu64, node->index);
	if (node->name)
		return xstrdup(node->name);
	if (node->kind == LUSER_NODE_FDT && !node->parent && !node->abi)
		return xstrdup("root");
	return xstrdup(node->abi ? node->abi->id : "unknown");
}

static char *place_text(const struct luser_node *node)
{
	if (node->phys == LUSER_NO_PHYS)
		return xstrdup("");
	return xprintf(" at 0x%" PRIx64, node->phys);
}

/* What stands behind the title of a struct, but not of a record. */
static char *struct_about(const struct luser_node *node)
{
	bool named_root = node->name && node->type == node->abi->root;
	char *place = place_text(node);
	char *text = NULL;

	if (node->index == LUSER_NO_INDEX)
		text = xprintf("%s%s%s%s", named_root ? node->abi->id : "",
			       named_root ? ", " : "", node->type->name,
			       place);
	free(place);
	return text;
}

static char *candidate_text(const struct luser_candidate *one)
{
	switch (one->standing) {
	case LUSER_STANDING_SOUND:
		return xprintf("%s would be sound too", one->abi->id);
	case LUSER_STANDING_OPEN:
		return xprintf("%s was not ruled out", one->abi->id);
	default:
		return xprintf("not %s: %s%s%s, found %s, expected %s",
			       one->abi->id, one->path,
			       *one->path ? " " : "", one->rule, one->found,
			       one->expected);
	}
}

static char *unknown_about(const struct luser_node *node)
{
	char *place = place_text(node);
	char *size = size_text(node->size);
	char *text = xprintf("%s%s%s%s", node->why ? node->why : "",
			     node->why ? ", " : "", size, place);

	free(size);
	free(place);
	return text;
}

static char *about_of(const struct luser_node *node)
{
	switch (node->kind) {
	case LUSER_NODE_STRUCT:
		return struct_about(node);
	case LUSER_NODE_FDT:
		return node->bytes ? NULL : xstrdup("not to be had, only its "
						    "blobs are");
	case LUSER_NODE_UNKNOWN:
		return unknown_about(node);
	case LUSER_NODE_STALE:
		return xprintf("stale, not shown. %s", node->why);
	default:
		return NULL;
	}
}

/* Bytes of unknown content that are worth a look without --hex. */
#define LOOK 64

static char *block_of(const struct luser_node *node, bool hex)
{
	if (node->kind == LUSER_NODE_UNKNOWN)
		return hex_dump(node, hex ? SIZE_MAX : LOOK);
	return hex && node->bytes ? hex_fields(node) : NULL;
}

static void add_mark(struct item *item, enum luser_severity severity,
		     char *text)
{
	item->marks = grow(item->marks, item->nr_marks, sizeof(*item->marks));
	item->marks[item->nr_marks++] = (struct mark){ severity, text };
}

/* The other layouts that it might have had. */
static void add_candidates(struct item *item, const struct luser_node *node)
{
	for (size_t i = 0; i < node->nr_candidates; i++)
		if (node->candidates[i].abi != node->abi &&
		    node->candidates[i].standing != LUSER_STANDING_SAME)
			add_mark(item, LUSER_NOTE,
				 candidate_text(&node->candidates[i]));
}

/* Titles longer than this do not move what stands beside others. */
#define MAX_WIDTH 28

static void add_child(struct item *parent, struct item *item)
{
	size_t len = strlen(item->title);

	parent->children = grow(parent->children, parent->nr_children,
				sizeof(*parent->children));
	item->number = parent->nr_children;
	parent->children[parent->nr_children++] = item;
	if (item->is_record && len > parent->width && len <= MAX_WIDTH)
		parent->width = len;
}

struct item *item_add(struct item *parent, const struct luser_node *node,
		      const struct settings *settings)
{
	struct item *item = xcalloc(1, sizeof(*item));

	item->node = node;
	item->parent = parent;
	item->title = title_of(node);
	item->about = about_of(node);
	item->is_record = node->index != LUSER_NO_INDEX;
	item->block = block_of(node, settings->hex);
	add_candidates(item, node);
	if (!item->block)
		leaf_each(node, add_leaf, item);
	if (parent)
		add_child(parent, item);
	return item;
}

static size_t descendants(const struct item *item)
{
	size_t n = item->nr_children;

	for (size_t i = 0; i < item->nr_children; i++)
		n += descendants(item->children[i]);
	return n;
}

static int by_descendants(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;
	size_t m = descendants(x), n = descendants(y);

	if (m != n)
		return m < n ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static void complete_array(struct item *item, const struct luser_node *node)
{
	const struct luser_tally *tally = node->tally;
	char *records = count_text(tally->records, "record");
	char *pages = count_text(tally->pages, "page");
	char *empty = number_text(tally->empty);
	char *place = place_text(node);
	/* Records in a property of a device tree have no pages of their own. */
	bool in_tree = node->field->count == LUSER_REST_OF_PAGE;

	item->about = xprintf("%s%s%s%s%s%s%s", records,
			      tally->empty ? ", " : "",
			      tally->empty ? empty : "",
			      tally->empty ? " free," : "",
			      in_tree ? "" : " in ", in_tree ? "" : pages,
			      place);
	item->more = tally->records > item->nr_children ?
			     tally->records - item->nr_children : 0;
	free(place);
	free(empty);
	free(pages);
	free(records);
}

static void complete_tree(struct item *item, const struct luser_node *node,
			  const struct settings *settings)
{
	char *place = place_text(node);
	char *sum = map_text(node->map);

	item->is_table = true;
	item->about = xprintf("%s, tree%s", sum, place);
	for (unsigned int i = 0; i <= LUSER_MAX_ORDER; i++)
		if (node->map->blocks[i])
			add_row(item, &(struct row){
				.name = xprintf("order %u", i),
				.value = map_order_text(node->map, i,
							node->env->page_size),
			});
	if (settings->verbose)
		item->block = map_ranges_text(node->map,
					      settings->records
						      ? settings->records
						      : RANGES_IN_TEXT);
	free(sum);
	free(place);
}

void item_complete(struct item *item, const struct settings *settings)
{
	const struct luser_node *node = item->node;

	if (node->kind == LUSER_NODE_ARRAY && node->tally)
		complete_array(item, node);
	else if (node->kind == LUSER_NODE_TREE && node->map)
		complete_tree(item, node, settings);
	else if (node->kind == LUSER_NODE_PAGE_TABLES)
		item->about = tables_text(node);
	/* A device tree has no order: what is short is not to get lost. */
	if (node->kind == LUSER_NODE_FDT && item->nr_children)
		qsort(item->children, item->nr_children,
		      sizeof(*item->children), by_descendants);
	item->node = NULL;
}

void item_mark(struct item *item, const struct luser_finding *finding)
{
	const char *name = finding->name ? finding->name : "";
	char *text;

	if (finding->severity == LUSER_ERROR)
		text = xprintf("%s%s%s: found %s, expected %s",
			       finding->rule, *name ? " " : "", name,
			       finding->found, finding->expected);
	else
		text = xprintf("%s%s%s", name, *name ? ": " : "",
			       finding->text);
	add_mark(item, finding->severity, text);
}

void item_free(struct item *item)
{
	if (!item)
		return;
	for (size_t i = 0; i < item->nr_children; i++)
		item_free(item->children[i]);
	for (size_t i = 0; i < item->nr_marks; i++)
		free(item->marks[i].text);
	for (size_t i = 0; i < item->nr_rows; i++) {
		free(item->rows[i].name);
		free(item->rows[i].value);
	}
	free(item->children);
	free(item->marks);
	free(item->rows);
	free(item->block);
	free(item->about);
	free(item->title);
	free(item);
}
