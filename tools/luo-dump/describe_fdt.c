// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "describe_internal.h"
#include "util.h"

static const struct luser_field *field_of(const struct luser_struct *type,
					  const char *name, uint16_t *i)
{
	for (*i = 0; type && *i < type->nr_fields; (*i)++)
		if (!strcmp(type->fields[*i].name, name))
			return &type->fields[*i];
	return NULL;
}

/* A text is written with one NUL at its end. */
static bool is_as_written(const struct luser_field *field, const void *value,
			  int len)
{
	return field->kind != LUSER_STRING ||
	       (len > 0 && is_plain_text(value, (size_t)len) &&
		strnlen(value, (size_t)len) == (size_t)len - 1);
}

/**
 * struct order - the order of a node's properties
 * @next: no field before this one comes after it
 * @odd:  it is not the order that they are written in by themselves
 */
struct order {
	int names;
	int unknown;
	uint16_t next;
	bool odd;
};

static void add_unknown(struct describer *d, struct order *order,
			const char *name, const void *value, int len)
{
	yaml_put(&d->doc, order->unknown, name,
		 yaml_bytes(&d->doc, value, (size_t)len));
}

static void add_property(struct describer *d, const struct frame *frame,
			 const struct luser_struct *type, struct order *order,
			 int property)
{
	const struct luser_field *field;
	const void *value;
	const char *name;
	uint16_t i;
	int len;

	value = fdt_getprop_by_offset(frame->node->fdt, property, &name, &len);
	if (!value)
		return;
	yaml_add(&d->doc, order->names, yaml_text(&d->doc, name));
	field = field_of(type, name, &i);
	if (!field) {
		add_unknown(d, order, name, value, len);
		order->next = UINT16_MAX;
		return;
	}
	order->odd |= i < order->next;
	order->next = i;
	if (!is_as_written(field, value, len)) {
		int bytes = yaml_mapping(&d->doc, true);

		yaml_put(&d->doc, bytes, "$bytes",
			 yaml_bytes(&d->doc, value, (size_t)len));
		yaml_put(&d->doc, frame->map, name, bytes);
	}
}

static void describe_properties(struct describer *d, const struct frame *frame,
				const struct luser_struct *type, int map,
				int offset)
{
	struct order order = {
		.names = yaml_sequence(&d->doc, true),
		.unknown = yaml_mapping(&d->doc, false),
	};
	const void *fdt = frame->node->fdt;
	int property;

	fdt_for_each_property_offset(property, fdt, offset)
		add_property(d, frame, type, &order, property);
	for (uint16_t i = 0; type && i < type->nr_fields; i++)
		order.odd |= type->fields[i].fixed &&
			     !(frame->node->present >> i & 1);
	if (order.odd)
		yaml_put(&d->doc, map, "$properties", order.names);
	if (yaml_length(&d->doc, order.unknown))
		yaml_put(&d->doc, map, "$unknown", order.unknown);
}

static void describe_children(struct describer *d, struct frame *frame, int map,
			      int offset)
{
	const void *fdt = frame->node->fdt;
	int nodes = yaml_mapping(&d->doc, false);
	int child, below;

	fdt_for_each_subnode(child, fdt, offset) {
		below = yaml_mapping(&d->doc, false);
		yaml_put(&d->doc, nodes, fdt_get_name(fdt, child, NULL),
			 below);
		frame->children = grow(frame->children, frame->nr_children,
				       sizeof(*frame->children));
		frame->children[frame->nr_children++] =
			(struct child){child, below};
	}
	if (yaml_length(&d->doc, nodes))
		yaml_put(&d->doc, map, "$nodes", nodes);
}

void describe_fdt(struct describer *d, struct frame *frame)
{
	const struct luser_node *node = frame->node;

	if (!node->fdt)
		return;
	frame->exact = true;
	describe_properties(d, frame, node->type, frame->map, node->fdt_offset);
	describe_fields(d, frame, frame->map, node->type, node->bytes,
			node->size);
	describe_children(d, frame, frame->map, node->fdt_offset);
}
