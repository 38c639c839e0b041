// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Device trees. The values of all properties come first, with all that they
 * lead to. Then the tree is written, and written again once the map that it
 * leads to is there.
 */
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "util.h"

/* The largest blob that a kernel preserves at once, and then some. */
#define MAX_TREE ((size_t)16 << 20)

/**
 * struct plan - a node to be written
 * @schema: what it is, or NULL
 * @node:   its description
 * @values: its properties, laid out as the schema says
 */
struct plan {
	const struct luser_fdt_node *schema;
	const char *name;
	const yaml_node_t *node;
	uint8_t *values;
	struct plan *children;
	size_t nr_children;
};

static const struct luser_fdt_node *
child_schema(const struct luser_fdt_node *of, const char *name)
{
	for (uint16_t i = 0; of && i < of->nr_children; i++)
		if (!of->children[i].name ||
		    !strcmp(of->children[i].name, name))
			return of->children[i].node;
	return NULL;
}

/* The map is made where nothing is said of it. */
static void plan_maps(struct build *b, struct plan *plan)
{
	const struct luser_struct *type = plan->schema->properties;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		if (field->link && field->link->kind == LUSER_TO_TREE &&
		    !lookup(b->doc, plan->node, field->name))
			add_map(b, field, plan->values, NULL);
	}
}

static void plan_values(struct build *b, struct plan *plan)
{
	const struct luser_struct *type = plan->schema->properties;

	plan->values = xcalloc(1, type->size + 1);
	luser_struct_init(type, plan->values);
	put_struct(b, type, plan->values, type->size, plan->node);
	plan_maps(b, plan);
}

static void plan_node(struct build *b, struct plan *plan)
{
	const yaml_node_t *nodes = lookup(b->doc, plan->node, "$nodes");
	const yaml_node_t *child;

	if (++b->depth > MAX_DEPTH)
		fail_at(b->doc, plan->node, "nested too deep");
	if (plan->schema)
		plan_values(b, plan);
	plan->nr_children = mapping_length(b->doc, nodes);
	plan->children = xcalloc(plan->nr_children, sizeof(*plan->children));
	for (size_t i = 0; i < plan->nr_children; i++) {
		struct plan *below = &plan->children[i];

		below->name = mapping_at(b->doc, nodes, i, &child);
		below->node = child;
		below->schema = child_schema(plan->schema, below->name);
		plan_node(b, below);
	}
	b->depth--;
}

static void free_plan(struct plan *plan)
{
	for (size_t i = 0; i < plan->nr_children; i++)
		free_plan(&plan->children[i]);
	free(plan->children);
	free(plan->values);
}

/* Whether @field counts what @of leads to. */
static bool counts(const struct luser_field *field,
		   const struct luser_field *of)
{
	const struct luser_link *link = of->link;

	if (of->holds)
		return of->holds->count == field;
	if (link && link->kind == LUSER_TO_DISPATCH)
		return link->dispatch->size == field;
	return link && link->kind == LUSER_TO_ARRAY && link->array->total &&
	       link->array->total[0] == field;
}

static bool is_worked_out(const struct luser_struct *type,
			  const struct luser_field *field)
{
	if (field->fixed || (field->link && field->link->kind == LUSER_TO_TREE))
		return true;
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (counts(field, &type->fields[i]))
			return true;
	return false;
}

static size_t length_of(const struct luser_field *field, const uint8_t *at)
{
	size_t room = (size_t)field->size * field->count;
	size_t len;

	if (field->kind != LUSER_STRING)
		return room;
	len = strnlen((const char *)at, room);
	return len < room ? len + 1 : room;
}

static void write_bytes(struct build *b, struct luser_fdt_writer *writer,
			const char *name, const yaml_node_t *value)
{
	size_t len;
	uint8_t *bytes = bytes_at(b->doc, value, &len);

	luser_fdt_property(writer, name, bytes, len);
	free(bytes);
}

static void write_field(struct build *b, struct luser_fdt_writer *writer,
			const struct plan *plan,
			const struct luser_field *field)
{
	const yaml_node_t *value = lookup(b->doc, plan->node, field->name);
	const yaml_node_t *bytes = lookup(b->doc, value, "$bytes");
	const struct property *property = property_of(b, plan->values, field);
	const uint8_t *at = plan->values + field->offset;

	if (bytes && !field->link)
		write_bytes(b, writer, field->name, bytes);
	else if (property)
		luser_fdt_property(writer, field->name, property->bytes,
				   property->len);
	else
		luser_fdt_property(writer, field->name, at,
				   length_of(field, at));
}

/* In the schema's order, what the schema does not know behind it. */
static void write_all(struct build *b, struct luser_fdt_writer *writer,
		      const struct plan *plan, const yaml_node_t *unknown)
{
	const struct luser_struct *type =
		plan->schema ? plan->schema->properties : NULL;
	const yaml_node_t *value;

	for (uint16_t i = 0; type && i < type->nr_fields; i++)
		if (lookup(b->doc, plan->node, type->fields[i].name) ||
		    is_worked_out(type, &type->fields[i]))
			write_field(b, writer, plan, &type->fields[i]);
	for (size_t i = 0; i < mapping_length(b->doc, unknown); i++) {
		const char *name = mapping_at(b->doc, unknown, i, &value);

		write_bytes(b, writer, name, value);
	}
}

static void write_one(struct build *b, struct luser_fdt_writer *writer,
		      const struct plan *plan, const yaml_node_t *unknown,
		      const yaml_node_t *which)
{
	const char *name = scalar_text(b->doc, which);
	const struct luser_field *field =
		plan->schema ?
			luser_struct_field(plan->schema->properties, name) :
			NULL;

	if (field)
		write_field(b, writer, plan, field);
	else
		write_bytes(b, writer, name, required(b->doc, unknown, name));
}

static void write_node(struct build *b, struct luser_fdt_writer *writer,
		       const struct plan *plan)
{
	const yaml_node_t *order = lookup(b->doc, plan->node, "$properties");
	const yaml_node_t *unknown = lookup(b->doc, plan->node, "$unknown");

	luser_fdt_open(writer, plan->name);
	for (size_t i = 0; i < sequence_length(b->doc, order); i++)
		write_one(b, writer, plan, unknown,
			  sequence_at(b->doc, order, i));
	if (!order)
		write_all(b, writer, plan, unknown);
	for (size_t i = 0; i < plan->nr_children; i++)
		write_node(b, writer, &plan->children[i]);
	luser_fdt_close_node(writer);
}

static size_t write_tree(struct build *b, const struct plan *plan,
			 uint8_t *buf, size_t len)
{
	struct luser_fdt_writer writer;
	struct luser_error err;
	size_t size = 0;

	luser_fdt_begin(&writer, buf, len);
	write_node(b, &writer, plan);
	check_at(b->doc, plan->node, luser_fdt_end(&writer, &size, &err), &err);
	return size;
}

static void take_pages(struct build *b, const struct plan *plan,
		       struct blob *blob)
{
	uint32_t order = 0;
	struct luser_error err;

	while ((uint64_t)b->page_size << order < blob->size)
		order++;
	place(b, plan->node);
	check_at(b->doc, plan->node,
		 luser_image_alloc(b->image, order, true, &blob->phys, &err),
		 &err);
}

struct blob build_fdt(struct build *b, const struct luser_abi *abi,
		      const yaml_node_t *value)
{
	struct plan plan = {
		.schema = abi->root_node,
		.name = "",
		.node = value,
	};
	struct scope scope = {.outer = b->scope};
	struct blob blob = {.key = abi->key};
	uint8_t *buf, *to;

	b->scope = &scope;
	plan_node(b, &plan);
	end_scope(b);
	buf = xcalloc(1, MAX_TREE);
	blob.size = write_tree(b, &plan, buf, MAX_TREE);
	take_pages(b, &plan, &blob);
	if (!b->scope)
		build_maps(b);
	blob.size = write_tree(b, &plan, buf, MAX_TREE);
	to = luser_image_at(b->image, blob.phys, blob.size);
	if (!to)
		fail_at(b->doc, value, "it does not fit there");
	memcpy(to, buf, blob.size);
	free(buf);
	free_plan(&plan);
	return blob;
}
