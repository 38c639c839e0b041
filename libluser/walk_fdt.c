// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Device trees: nodes are read like structs, their properties like fields.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include <luser/fdt.h>

#include "walk_internal.h"

struct tree {
	struct walk *w;
	const struct luser_abi *abi;
	const void *fdt;
	const struct luser_node *blob;
};

bool walk_fdt_identity(const struct luser_abi *abi, const void *fdt, size_t len)
{
	const char *string;
	int size;

	if (luser_fdt_check(fdt, len, NULL) != LUSER_OK)
		return false;
	if (!abi->identity)
		return true;
	string = fdt_getprop(fdt, 0, abi->identity->name, &size);
	return string && size > 0 && string[size - 1] == '\0' &&
	       !strcmp(string, abi->identity_string);
}

bool walk_fdt_compatible(const void *fdt, size_t len, char *buf, size_t size)
{
	const char *string;
	int n;

	if (luser_fdt_check(fdt, len, NULL) != LUSER_OK)
		return false;
	string = fdt_getprop(fdt, 0, "compatible", &n);
	if (!string || n <= 0)
		return false;
	luser_escape(string, strnlen(string, (size_t)n), buf, size);
	return true;
}

/* Records that fill a property have no place among the other values. */
static bool has_place(const struct luser_field *field)
{
	return field->count != LUSER_REST_OF_PAGE;
}

static bool length_fits(const struct luser_field *field, uint32_t len)
{
	uint32_t size = field->size * field->count;

	if (field->kind == LUSER_STRING || field->kind == LUSER_BYTES)
		return len <= size;
	if (!has_place(field))
		return len % field->size == 0;
	return len == size;
}

static void report_property(struct walk *w, const struct luser_node *node,
			    const struct luser_field *field, int len)
{
	char found[48] = "no such property", expected[48];

	if (len >= 0)
		snprintf(found, sizeof(found), "%d bytes", len);
	if (has_place(field))
		snprintf(expected, sizeof(expected), "%u bytes",
			 (unsigned int)(field->size * field->count));
	else
		snprintf(expected, sizeof(expected), "a multiple of %u bytes",
			 (unsigned int)field->size);
	walk_error(w, node, field, "property",
		   "the property is not as it should be", found, expected);
}

/* Copies a node's properties to where its schema's fields are, @at. */
static void gather(const struct tree *tree, int offset,
		   const struct luser_struct *type, uint8_t *at,
		   struct luser_node *node)
{
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];
		const void *value;
		int len;

		value = fdt_getprop(tree->fdt, offset, field->name, &len);
		if (!value || !length_fits(field, (uint32_t)len)) {
			report_property(tree->w, node, field, value ? len : -1);
			continue;
		}
		if (has_place(field))
			memcpy(at + field->offset, value, (size_t)len);
		node->present |= UINT64_C(1) << i;
	}
}

static bool is_known(const struct luser_struct *type, const char *name)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (!strcmp(type->fields[i].name, name))
			return true;
	return false;
}

static void note_unknown(struct walk *w, const struct luser_node *node,
			 const char *rule, const char *text, const char *name)
{
	char found[80];

	luser_escape(name, strlen(name), found, sizeof(found));
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_NOTE,
				.rule = rule,
				.text = text,
				.node = node,
				.phys = node->phys,
				.found = found,
				.expected = "what the schema names",
			});
}

static void note_unknown_properties(const struct tree *tree, int offset,
				    const struct luser_node *node)
{
	int property;

	fdt_for_each_property_offset(property, tree->fdt, offset)
	{
		const char *name;

		if (!fdt_getprop_by_offset(tree->fdt, property, &name, NULL))
			return;
		if (!is_known(node->type, name))
			note_unknown(tree->w, node, "unknown-property",
				     "the schema does not know this property",
				     name);
	}
}

static const struct luser_fdt_node *child_node(const struct luser_fdt_node *of,
					       const char *name)
{
	for (uint16_t i = 0; i < of->nr_children; i++)
		if (!of->children[i].name ||
		    !strcmp(of->children[i].name, name))
			return of->children[i].node;
	return NULL;
}

static void walk_node(const struct tree *tree, int offset,
		      const struct luser_fdt_node *schema,
		      const struct luser_node *parent, const char *name);

static void walk_children(const struct tree *tree, int offset,
			  const struct luser_fdt_node *schema,
			  const struct luser_node *node)
{
	int child;

	fdt_for_each_subnode(child, tree->fdt, offset)
	{
		const char *raw = fdt_get_name(tree->fdt, child, NULL);
		const struct luser_fdt_node *next;
		char name[80];

		if (!raw || walk_over(tree->w))
			return;
		next = child_node(schema, raw);
		luser_escape(raw, strlen(raw), name, sizeof(name));
		if (next)
			walk_node(tree, child, next, node, name);
		else
			note_unknown(tree->w, node, "unknown-node",
				     "the schema does not know this node", raw);
	}
}

/* Where something in the tree is in memory. */
static uint64_t place_of(const struct tree *tree, const void *at)
{
	if (tree->blob->phys == LUSER_NO_PHYS)
		return LUSER_NO_PHYS;
	return tree->blob->phys +
	       (uint64_t)((const char *)at - (const char *)tree->fdt);
}

static void walk_records(const struct tree *tree, int offset,
			 const struct luser_node *node)
{
	for (uint16_t i = 0; i < node->type->nr_fields; i++) {
		const struct luser_field *field = &node->type->fields[i];
		const void *value;
		int len;

		if (has_place(field) || !(node->present >> i & 1))
			continue;
		value = fdt_getprop(tree->fdt, offset, field->name, &len);
		if (value)
			walk_property(tree->w, node, field,
				      place_of(tree, value), value,
				      (size_t)len);
	}
}

static void read_node(const struct tree *tree, int offset,
		      const struct luser_fdt_node *schema,
		      struct luser_node *node)
{
	bool sound;

	if (!walk_enter(tree->w, node))
		return;
	walk_tell_candidates(tree->w, node);
	sound = walk_check(tree->w, node);
	note_unknown_properties(tree, offset, node);
	if (sound) {
		walk_follow(tree->w, node);
		walk_records(tree, offset, node);
		walk_children(tree, offset, schema, node);
	}
	walk_leave(tree->w, node);
}

static void walk_node(const struct tree *tree, int offset,
		      const struct luser_fdt_node *schema,
		      const struct luser_node *parent, const char *name)
{
	uint32_t size = schema->properties->size;
	uint8_t *record = calloc(1, size ? size : 1);
	struct luser_node node = {
		.parent = parent,
		.kind = LUSER_NODE_FDT,
		.name = name,
		.index = LUSER_NO_INDEX,
		.phys = tree->blob->phys,
		.bytes = record,
		.size = size,
		.fdt = tree->fdt,
		.fdt_offset = offset,
		.abi = tree->abi,
		.type = schema->properties,
		.env = &tree->w->env,
	};

	if (!record) {
		tree->w->code = LUSER_NOMEM;
		return;
	}
	if (!offset) {
		node.field = tree->blob->field;
		node.candidates = tree->blob->candidates;
		node.nr_candidates = tree->blob->nr_candidates;
	}
	gather(tree, offset, node.type, record, &node);
	read_node(tree, offset, schema, &node);
	free(record);
}

void walk_fdt(struct walk *w, const struct luser_node *blob,
	      const struct luser_abi *abi, const void *fdt)
{
	struct tree tree = { w, abi, fdt, blob };

	walk_node(&tree, 0, abi->root_node, blob->parent, blob->name);
}
