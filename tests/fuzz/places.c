// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <libfdt.h>
#include <string.h>

#include "grow.h"
#include "places.h"

static bool is_there(const struct replay *r, uint64_t phys, uint64_t len)
{
	return len && phys != LUSER_NO_PHYS && phys >= r->base &&
	       phys - r->base < r->len && len <= r->len - (phys - r->base);
}

static bool add_range(struct places *p, uint64_t phys, uint64_t len)
{
	if (!is_there(p->r, phys, len))
		return false;
	p->ranges = grow(p->ranges, p->nr_ranges, sizeof(*p->ranges));
	p->ranges[p->nr_ranges++] = (struct luser_range){phys, len};
	return true;
}

static void add_struct(struct places *p, uint64_t phys, size_t size,
		       const struct luser_struct *type)
{
	if (!add_range(p, phys, size))
		return;
	p->structs = grow(p->structs, p->nr_structs, sizeof(*p->structs));
	p->structs[p->nr_structs++] = (struct struct_place){phys, size, type};
}

/* No object is shown for what starts a page: it comes with the first record. */
static void add_header(struct places *p, const struct luser_node *record)
{
	const struct luser_struct *header = record->array->header;
	uint64_t page = record->phys & ~(uint64_t)(p->r->page_size - 1);

	for (size_t i = p->nr_structs; i-- > 0;)
		if (p->structs[i].type == header && p->structs[i].phys == page)
			return;
	add_struct(p, page, header->size, header);
}

/* A node's address is that of the tree that it is in. */
static void add_properties(struct places *p, const struct luser_node *node)
{
	const char *fdt = node->fdt;
	int property;

	fdt_for_each_property_offset(property, fdt, node->fdt_offset) {
		int len;
		const char *value = fdt_getprop_by_offset(fdt, property, NULL,
							  &len);

		if (value)
			add_range(p, node->phys + (uint64_t)(value - fdt),
				  (uint64_t)len);
	}
}

static bool is_wanted(const struct places *p, const struct luser_node *node)
{
	const struct focus *focus = p->focus;

	return !focus->map && node->abi &&
	       !strncmp(node->abi->id, focus->abi, strlen(focus->abi)) &&
	       (!focus->sealed || (node->array && node->array->checksum));
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct places *p = ctx;

	replay_learn(p->r, node);
	if (!is_wanted(p, node))
		return LUSER_ENTER;
	if (node->kind == LUSER_NODE_STRUCT && node->array)
		add_header(p, node);
	if (node->kind == LUSER_NODE_STRUCT)
		add_struct(p, node->phys, node->size, node->type);
	if (node->kind == LUSER_NODE_FDT && node->fdt &&
	    node->phys != LUSER_NO_PHYS)
		add_properties(p, node);
	return LUSER_ENTER;
}

static void map_part(void *ctx, const struct luser_map_part *part)
{
	struct places *p = ctx;

	if (part->kind == LUSER_PART_BLOCKS)
		return;
	if (p->focus->map || (!p->focus->abi[0] && !p->focus->sealed))
		add_range(p, part->phys, part->len);
}

static void table_part(void *ctx, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	struct places *p = ctx;

	if (part->is_table && is_wanted(p, node))
		add_range(p, part->phys, p->r->page_size);
}

static void add_reads(struct places *p)
{
	replay_from(p->r, p->r->root->phys);
	for (size_t i = 0; i < p->r->nr_reads; i++)
		add_range(p, p->r->reads[i].start, p->r->reads[i].len);
}

void places_find(struct places *p, struct replay *r,
		 const struct focus *focus)
{
	static const struct luser_visitor visitor = {
		.enter = enter,
		.map_part = map_part,
		.table_part = table_part,
	};
	const struct luser_walk_options options = {.page_size = r->page_size};

	*p = (struct places){.r = r, .focus = focus};
	luser_walk(r->mem, r->root, &options, &visitor, p, NULL);
	if (!p->nr_ranges)
		add_reads(p);
}

void places_free(struct places *p)
{
	free(p->ranges);
	free(p->structs);
}
