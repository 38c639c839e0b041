// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compat_objects.h"
#include "findings.h"
#include "util.h"

static struct object *add(struct objects *objects, const char *registry,
			  char *path, char *key)
{
	struct object *object;

	objects->list = grow(objects->list, objects->nr,
			     sizeof(*objects->list));
	object = &objects->list[objects->nr++];
	*object = (struct object){
		.path = path,
		.registry = registry,
		.key = key,
		.above = NO_OBJECT,
	};
	return object;
}

static char *key_of(const struct luser_node *node,
		    const struct luser_dispatch *dispatch)
{
	const struct luser_field *by = dispatch->by;
	char *raw, *key;

	if (!by)
		return xstrdup(node->name ? node->name : "");
	if (by->kind != LUSER_STRING)
		return xprintf("%" PRIu64, luser_field_get(by, node->bytes, 0));
	raw = xprintf("%.*s", (int)by->size,
		      (const char *)node->bytes + by->offset);
	key = escaped(raw);
	free(raw);
	return key;
}

static bool leads_to_blob(const struct luser_field *field)
{
	return field->link && field->link->kind == LUSER_TO_DISPATCH;
}

/* A record whose address is zero needs its handler all the same. */
static void add_blobs(struct objects *objects, const struct luser_node *node,
		      struct place_below *below)
{
	const struct luser_struct *type = node->type;
	struct object *object;

	below->first = objects->nr;
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		if (!leads_to_blob(field))
			continue;
		if (objects->nr >= OBJECTS_KEPT) {
			objects->left_out++;
			continue;
		}
		object = add(objects, field->link->dispatch->registry,
			     path_text(node),
			     key_of(node, field->link->dispatch));
		object->dispatch = field->link->dispatch;
		object->above = below->within;
	}
	below->nr = objects->nr - below->first;
}

static void need(struct object *object, const char *string)
{
	for (size_t i = 0; i < object->nr_needs; i++)
		if (!strcmp(object->needs[i], string))
			return;
	object->needs = grow(object->needs, object->nr_needs,
			     sizeof(*object->needs));
	object->needs[object->nr_needs++] = string;
}

/* Nodes of a device tree say what they are, each with a string of its own. */
static void add_needs(struct object *object, const struct luser_node *node)
{
	for (uint16_t i = 0; i < node->type->nr_fields; i++) {
		const struct luser_field *field = &node->type->fields[i];

		if (node->present & UINT64_C(1) << i && field->fixed &&
		    field->fixed->string)
			need(object, field->fixed->string);
	}
}

static size_t add_root(struct objects *objects, const struct luser_node *node)
{
	const struct luser_abi *abi = node->abi;
	const char *key = abi ? abi->key : NULL;

	add(objects, LUSER_ROOT_REGISTRY, xstrdup(""),
	    key ? xstrdup(key) : NULL)->abi = abi;
	return objects->nr - 1;
}

/*
 * Which of the blobs that the object around leads to is this one. A device tree
 * does not say which field led to it: its ABI tells that something did.
 */
static size_t find_blob(const struct objects *objects,
			const struct luser_node *node)
{
	const struct place_below *around = &objects->open[objects->depth - 1];
	const struct luser_field *field = node->field;

	if (!field)
		return around->nr &&
			       node->abi != objects->list[around->within].abi ?
			       around->first : NO_OBJECT;
	for (size_t i = around->first; i < around->first + around->nr; i++)
		if (objects->list[i].dispatch == field->link->dispatch)
			return i;
	return NO_OBJECT;
}

static size_t object_of(struct objects *objects, const struct luser_node *node)
{
	size_t found = NO_OBJECT;

	if (!objects->depth)
		return add_root(objects, node);
	if (!node->field || leads_to_blob(node->field))
		found = find_blob(objects, node);
	if (found == NO_OBJECT)
		return objects->open[objects->depth - 1].within;
	objects->list[found].abi = node->abi;
	return found;
}

void objects_enter(struct objects *objects, const struct luser_node *node)
{
	struct place_below below = { .within = object_of(objects, node) };

	if (node->bytes && node->type) {
		if (node->kind == LUSER_NODE_FDT)
			add_needs(&objects->list[below.within], node);
		add_blobs(objects, node, &below);
	}
	objects->open = grow(objects->open, objects->depth,
			     sizeof(*objects->open));
	objects->open[objects->depth++] = below;
}

void objects_leave(struct objects *objects)
{
	objects->depth--;
}

static bool is_listed(const struct objects *objects,
		      const struct luser_abi *abi)
{
	for (size_t i = 0; i < objects->nr; i++)
		if (objects->list[i].abi == abi)
			return true;
	return false;
}

/* What may be in the records of one array. */
static void add_records(struct objects *objects, size_t owner,
			const struct luser_array *array,
			const struct luser_dispatch *dispatch,
			const struct kernel *from)
{
	const struct luser_abi *abi = NULL;
	struct object *object;
	char *path;

	while ((abi = luser_abi_next(dispatch->registry, NULL, abi))) {
		if (is_listed(objects, abi) || !kernel_names(from, abi) ||
		    !kernel_writes(from, abi))
			continue;
		path = xprintf("%s/%s", objects->list[owner].path,
			       array->name);
		object = add(objects, dispatch->registry, path,
			     xstrdup(abi->key));
		object->abi = abi;
		object->dispatch = dispatch;
		object->above = owner;
		object->possible = true;
	}
}

void objects_add_possible(struct objects *objects, const struct kernel *from)
{
	size_t nr = objects->nr;

	for (size_t i = 0; i < nr; i++) {
		const struct luser_abi *abi = objects->list[i].abi;

		for (uint16_t j = 0; abi && j < abi->nr_arrays; j++) {
			const struct luser_array *array = abi->arrays[j];
			const struct luser_struct *record = array->record;

			for (uint16_t k = 0; k < record->nr_fields; k++)
				if (leads_to_blob(&record->fields[k]))
					add_records(objects, i, array,
						    record->fields[k].link
							    ->dispatch, from);
		}
	}
}

void objects_free(struct objects *objects)
{
	for (size_t i = 0; i < objects->nr; i++) {
		free(objects->list[i].path);
		free(objects->list[i].key);
		free(objects->list[i].needs);
		free(objects->list[i].why);
	}
	free(objects->list);
	free(objects->open);
	*objects = (struct objects){ 0 };
}
