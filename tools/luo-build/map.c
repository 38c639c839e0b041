// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>

#include "build.h"
#include "util.h"

void add_map(struct build *b, const struct luser_field *field, uint8_t *at,
	     const yaml_node_t *value)
{
	b->maps = grow(b->maps, b->nr_maps, sizeof(*b->maps));
	b->maps[b->nr_maps++] = (struct map){value, field, at};
}

static enum luser_code add_table(struct build *b, void *writer,
				 const yaml_node_t *table,
				 struct luser_error *err)
{
	uint64_t phys;

	return luser_tree_add_page(writer,
				   small_number_or(b->doc, table, "level", 0),
				   number_or(b->doc, table, "key", 0), &phys,
				   err);
}

static void add_blocks(struct build *b, struct luser_tree_writer *writer,
		       const yaml_node_t *value)
{
	const struct luser_block *blocks;
	struct luser_error err;
	size_t count;

	blocks = luser_image_blocks(b->image, &count);
	for (size_t i = 0; i < count; i++)
		check_at(b->doc, value, luser_tree_add(writer, &blocks[i], &err),
			 &err);
}

static uint64_t build_radix(struct build *b, const struct map *map,
			    const yaml_node_t *value)
{
	static const char *const map_keys[] = { "$tables", NULL };
	static const char *const keys[] = { "$at", "level", "key", NULL };
	struct luser_tree_writer writer;

	only_keys(b->doc, map->node, map_keys);
	luser_tree_begin(&writer, b->image, map->field->link->tree);
	put_each(b, lookup(b->doc, map->node, "$tables"), keys, add_table,
		 &writer);
	add_blocks(b, &writer, value);
	return writer.root;
}

static enum luser_code add_bitmap(struct build *b, void *writer,
				  const yaml_node_t *bitmap,
				  struct luser_error *err)
{
	return luser_bitmaps_add(writer, number_or(b->doc, bitmap, "start", 0),
				 err);
}

static enum luser_code add_chunk(struct build *b, void *writer,
				 const yaml_node_t *chunk,
				 struct luser_error *err)
{
	static const char *const keys[] = { "$at", "start", NULL };
	enum luser_code code = luser_bitmaps_add_chunk(
		writer, small_number_or(b->doc, chunk, "order", 0), err);

	if (code == LUSER_OK)
		put_each(b, lookup(b->doc, chunk, "bitmaps"), keys, add_bitmap,
			 writer);
	return code;
}

static uint64_t build_bitmaps(struct build *b, const struct map *map)
{
	static const char *const map_keys[] = { "$chunks", NULL };
	static const char *const keys[] = { "$at", "order", "bitmaps", NULL };
	struct luser_bitmaps_writer writer;

	only_keys(b->doc, map->node, map_keys);
	luser_bitmaps_begin(&writer, b->image, map->field->link->tree);
	put_each(b, lookup(b->doc, map->node, "$chunks"), keys, add_chunk,
		 &writer);
	return writer.chunks.first;
}

static void build_map(struct build *b, const struct map *map)
{
	const struct luser_tree *tree = map->field->link->tree;
	const yaml_node_t *value = map->node ? map->node :
					       document_top(b->doc);
	struct luser_error err;
	uint64_t phys = 0;

	if (!map->node)
		check_at(b->doc, value,
			 luser_encode_tree(b->image, tree, &phys, &err), &err);
	else if (tree->chunks)
		phys = build_bitmaps(b, map);
	else
		phys = build_radix(b, map, value);
	luser_field_set(map->field, map->at, 0, phys);
}

void build_maps(struct build *b)
{
	for (size_t i = 0; i < b->nr_maps; i++)
		build_map(b, &b->maps[i]);
	free(b->maps);
	b->maps = NULL;
	b->nr_maps = 0;
}
