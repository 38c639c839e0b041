// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "snapshot.h"
#include "util.h"

static size_t pool_add(struct pool *pool, const void *bytes, size_t len)
{
	size_t at = pool->len;

	if (len > pool->room - at) {
		pool->room = 2 * pool->room + len + 4096;
		pool->bytes = xrealloc(pool->bytes, pool->room);
	}
	if (len)
		memcpy(pool->bytes + at, bytes, len);
	pool->len += len;
	return at;
}

static bool same_look(const struct look *a, const struct look *b)
{
	return a->kind == b->kind && a->abi == b->abi && a->type == b->type &&
	       a->array == b->array && a->field == b->field;
}

/* There are as many as the schemas have places for objects. */
static uint32_t add_look(struct snapshot *s, const struct luser_node *node)
{
	struct look look = { node->kind, node->abi, node->type, node->array,
			     node->field };

	for (size_t i = 0; i < s->nr_looks; i++)
		if (same_look(&s->looks[i], &look))
			return (uint32_t)i;
	s->looks = grow(s->looks, s->nr_looks, sizeof(*s->looks));
	s->looks[s->nr_looks++] = look;
	return (uint32_t)(s->nr_looks - 1);
}

static size_t add_name(struct snapshot *s, const struct luser_node *node)
{
	const char *name = node->index != LUSER_NO_INDEX ? node->label
							 : node->name;

	return name && *name ? pool_add(&s->names, name, strlen(name) + 1) : 0;
}

static size_t add_bytes(struct snapshot *s, const struct luser_node *node)
{
	size_t at = s->bytes.len;

	if (!node->bytes)
		return 0;
	if (node->kind == LUSER_NODE_FDT)
		pool_add(&s->bytes, &node->present, sizeof(node->present));
	pool_add(&s->bytes, node->bytes, node->size);
	return at;
}

static struct snapshot *snapshot_of(struct view *view)
{
	return (struct snapshot *)view;
}

static void start(struct view *view, const struct handover *handover)
{
	(void)view;
	(void)handover;
}

static size_t add_mapped(struct snapshot *s)
{
	s->mapped = grow(s->mapped, s->nr_mapped, sizeof(*s->mapped));
	s->mapped[s->nr_mapped] = (struct mapped){ 0 };
	return ++s->nr_mapped;
}

static void enter(struct view *view, const struct luser_node *node)
{
	struct snapshot *s = snapshot_of(view);

	if (s->nr == NOTHING) {
		complain("there are more objects than can be compared");
		exit(EXIT_UNUSABLE);
	}
	s->objects = grow(s->objects, s->nr, sizeof(*s->objects));
	s->objects[s->nr] = (struct object){
		.parent = s->inside,
		.pair = NOTHING,
		.look = add_look(s, node),
		.index = node->index,
		.phys = node->phys,
		.at = add_bytes(s, node),
		.size = node->bytes ? node->size : 0,
		.name = add_name(s, node),
	};
	if (node->kind == LUSER_NODE_PAGE_TABLES)
		s->objects[s->nr].at = add_mapped(s);
	s->inside = (uint32_t)s->nr++;
	s->env = *node->env;
	s->env.root = NULL;
}

static size_t add_map(struct snapshot *s, const struct luser_map *map)
{
	s->maps = grow(s->maps, s->nr_maps, sizeof(*s->maps));
	s->maps[s->nr_maps] = luser_map_keep(map);
	return ++s->nr_maps;
}

/* Those of page tables come before anything else is entered. */
static void table_part(struct view *view, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	struct snapshot *s = snapshot_of(view);

	(void)node;
	if (!part->is_table)
		mapped_add(&s->mapped[s->nr_mapped - 1], part, s->addresses);
}

static void leave(struct view *view, const struct luser_node *node)
{
	struct snapshot *s = snapshot_of(view);
	struct object *object = &s->objects[s->inside];

	object->end = (uint32_t)s->nr;
	if (node->kind == LUSER_NODE_TREE && node->map)
		object->at = add_map(s, node->map);
	if (node->kind == LUSER_NODE_PAGE_TABLES)
		s->mapped[object->at - 1].mapped = *node->mapped;
	s->inside = object->parent;
}

static void finding(struct view *view, const struct luser_finding *finding)
{
	(void)view;
	(void)finding;
}

bool snapshot_take(struct snapshot *s, const struct settings *settings)
{
	struct settings all = *settings;

	all.select = NULL;
	all.records = RECORDS_ALL;
	s->view = (struct view){
		.start = start,
		.enter = enter,
		.leave = leave,
		.finding = finding,
		.finish = start,
		.table_part = table_part,
	};
	s->addresses = settings->addresses;
	s->inside = NOTHING;
	pool_add(&s->names, "", 1);
	return dump(&s->handover, &all, &s->view);
}

void snapshot_free(struct snapshot *s)
{
	for (size_t i = 0; i < s->nr_maps; i++)
		luser_map_drop(&s->maps[i]);
	for (size_t i = 0; i < s->nr_mapped; i++)
		free(s->mapped[i].runs);
	free(s->maps);
	free(s->mapped);
	free(s->objects);
	free(s->looks);
	free(s->bytes.bytes);
	free(s->names.bytes);
	handover_free(&s->handover);
}

const struct look *look_of(const struct snapshot *s, uint32_t object)
{
	return &s->looks[s->objects[object].look];
}

const char *name_of(const struct snapshot *s, uint32_t object)
{
	return (const char *)s->names.bytes + s->objects[object].name;
}

const struct luser_map *map_of(const struct snapshot *s, uint32_t object)
{
	if (look_of(s, object)->kind != LUSER_NODE_TREE ||
	    !s->objects[object].at)
		return NULL;
	return &s->maps[s->objects[object].at - 1];
}

const struct mapped *mapped_of(const struct snapshot *s, uint32_t object)
{
	if (look_of(s, object)->kind != LUSER_NODE_PAGE_TABLES)
		return NULL;
	return &s->mapped[s->objects[object].at - 1];
}

struct luser_node node_of(const struct snapshot *s, uint32_t number)
{
	const struct object *object = &s->objects[number];
	const struct look *look = look_of(s, number);
	const struct mapped *mapped = mapped_of(s, number);
	const char *name = name_of(s, number);
	bool is_record = object->index != LUSER_NO_INDEX;
	struct luser_node node = {
		.kind = look->kind,
		.name = is_record || !*name ? NULL : name,
		.label = is_record && *name ? name : NULL,
		.index = object->index,
		.phys = object->phys,
		.size = object->size,
		.abi = look->abi,
		.type = look->type,
		.array = look->array,
		.field = look->field,
		.mapped = mapped ? &mapped->mapped : NULL,
		.map = map_of(s, number),
		.env = &s->env,
	};

	if (!object->size)
		return node;
	node.bytes = s->bytes.bytes + object->at;
	if (look->kind == LUSER_NODE_FDT) {
		memcpy(&node.present, node.bytes, sizeof(node.present));
		node.bytes += sizeof(node.present);
	}
	return node;
}

bool lacks_root(const struct snapshot *s)
{
	return s->nr && look_of(s, 0)->kind == LUSER_NODE_FDT &&
	       !s->objects[0].size;
}

char *object_path(const struct snapshot *s, uint32_t object)
{
	struct luser_node *line;
	size_t depth = 0, i = 0;
	char *path;

	for (uint32_t o = object; o != NOTHING; o = s->objects[o].parent)
		depth++;
	line = xcalloc(depth, sizeof(*line));
	for (uint32_t o = object; o != NOTHING; o = s->objects[o].parent) {
		line[i] = node_of(s, o);
		line[i].parent = i + 1 < depth ? &line[i + 1] : NULL;
		i++;
	}
	path = path_text(&line[0]);
	free(line);
	return path;
}

uint32_t next_below(const struct snapshot *s, uint32_t object, uint32_t after)
{
	uint32_t next = after == NOTHING ? object + 1 : s->objects[after].end;

	return next < s->objects[object].end ? next : NOTHING;
}

uint32_t next_blob(const struct snapshot *s, uint32_t after)
{
	uint32_t next = after == NOTHING ? 1 : s->objects[after].end;

	if (lacks_root(s))
		return next_below(s, 0, after);
	while (next < s->nr && !s->objects[next].parent)
		next++;
	return next < s->nr ? next : NOTHING;
}

const char *blob_name(const struct snapshot *s, uint32_t blob)
{
	return name_of(s, lacks_root(s) ? blob : s->objects[blob].parent);
}
