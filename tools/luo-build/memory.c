// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "util.h"

/* The largest blob that a kernel preserves at once, and then some. */
#define MAX_BLOB (UINT64_C(16) << 20)

static void reserve_place(struct build *b, const yaml_node_t *value)
{
	uint64_t phys = number_at(b->doc, value);

	/* Two objects may share a page. */
	luser_image_reserve(b->image, phys & ~(uint64_t)(b->page_size - 1), 0,
			    false, NULL);
}

/* Before anything is taken: no block may be where something will be placed. */
void reserve_places(struct build *b, const yaml_node_t *node)
{
	const yaml_node_t *value;

	if (node->type == YAML_SEQUENCE_NODE)
		for (size_t i = 0; i < sequence_length(b->doc, node); i++)
			reserve_places(b, sequence_at(b->doc, node, i));
	if (node->type == YAML_MAPPING_NODE)
		for (size_t i = 0; i < mapping_length(b->doc, node); i++) {
			if (!strcmp(mapping_at(b->doc, node, i, &value), "$at"))
				reserve_place(b, value);
			else
				reserve_places(b, value);
		}
}

void place(struct build *b, const yaml_node_t *value)
{
	luser_image_place(b->image,
			  number_or(b->doc, value, "$at", LUSER_NO_PHYS));
}

/* Pages that a writer makes, each where it is said to be, or anywhere. */
void put_each(struct build *b, const yaml_node_t *list, const char *const *keys,
	      put_placed *put, void *writer)
{
	struct luser_error err;

	for (size_t i = 0; i < sequence_length(b->doc, list); i++) {
		const yaml_node_t *one = sequence_at(b->doc, list, i);

		only_keys(b->doc, one, keys);
		place(b, one);
		check_at(b->doc, one, put(b, writer, one, &err), &err);
	}
	/* What is there already took no place. */
	luser_image_place(b->image, LUSER_NO_PHYS);
}

static uint64_t take(struct build *b, const yaml_node_t *node, uint64_t order)
{
	struct luser_error err;
	uint64_t phys = 0;

	if (order > LUSER_IMAGE_MAX_ORDER)
		fail_at(b->doc, node, "no block has this order");
	check_at(b->doc, node,
		 luser_image_alloc(b->image, (uint32_t)order, true, &phys,
				   &err),
		 &err);
	return phys;
}

static void reserve(struct build *b, const yaml_node_t *node, uint64_t phys,
		    uint64_t order, uint64_t count)
{
	struct luser_error err;

	if (order > LUSER_MAX_ORDER)
		fail_at(b->doc, node, "no block has this order");
	for (uint64_t i = 0; i < count; i++)
		check_at(b->doc, node,
			 luser_image_reserve(
				 b->image,
				 phys + i * ((uint64_t)b->page_size << order),
				 (uint32_t)order, true, &err),
			 &err);
}

static void add_name(struct build *b, const yaml_node_t *node, uint64_t phys)
{
	b->names = grow(b->names, b->nr_names, sizeof(*b->names));
	b->names[b->nr_names++] =
		(struct name){scalar_text(b->doc, node), phys};
}

static void fill(struct build *b, const yaml_node_t *node, uint64_t phys,
		 uint64_t len, uint64_t byte)
{
	uint8_t *at = luser_image_at(b->image, phys, len);

	if (byte > 255 || !at)
		fail_at(b->doc, node, "cannot be filled like this");
	memset(at, (int)byte, len);
}

static void preserve_block(struct build *b, const yaml_node_t *block)
{
	static const char *const keys[] = {"name", "at", "order", "count",
					   "fill", NULL};
	const yaml_node_t *name = lookup(b->doc, block, "name");
	const yaml_node_t *at = lookup(b->doc, block, "at");
	uint64_t order = number_or(b->doc, block, "order", 0);
	uint64_t phys;

	only_keys(b->doc, block, keys);
	if (at) {
		phys = number_at(b->doc, at);
		reserve(b, block, phys, order,
			number_or(b->doc, block, "count", 1));
	} else {
		phys = take(b, block, order);
		fill(b, block, phys, (uint64_t)b->page_size << order,
		     number_or(b->doc, block, "fill", 0));
	}
	if (name)
		add_name(b, name, phys);
}

static void preserve_some(struct build *b, const yaml_node_t *list, bool placed)
{
	const yaml_node_t *block;

	for (size_t i = 0; i < sequence_length(b->doc, list); i++) {
		block = sequence_at(b->doc, list, i);
		if (placed == !!lookup(b->doc, block, "at"))
			preserve_block(b, block);
	}
}

void preserve_placed(struct build *b, const yaml_node_t *list)
{
	preserve_some(b, list, true);
}

void preserve_others(struct build *b, const yaml_node_t *list)
{
	preserve_some(b, list, false);
}

uint64_t memory_address(struct build *b, const yaml_node_t *value)
{
	const char *text = scalar_text(b->doc, value);
	size_t len = strcspn(text, "+");
	uint64_t offset = 0;

	if (!strcmp(text, "new"))
		return take(b, value, 0);
	if (text[len] && !parse_number(b->doc, text + len + 1, &offset))
		fail_at(b->doc, value, "'%s' is not a number", text + len + 1);
	for (size_t i = 0; i < b->nr_names; i++)
		if (strlen(b->names[i].name) == len &&
		    !strncmp(b->names[i].name, text, len))
			return b->names[i].phys + offset;
	fail_at(b->doc, value, "no memory has the name '%.*s'", (int)len, text);
}

static uint32_t order_for(struct build *b, uint64_t len)
{
	uint32_t order = 0;

	while ((uint64_t)b->page_size << order < len)
		order++;
	return order;
}

struct blob build_bytes(struct build *b, const yaml_node_t *value)
{
	static const char *const keys[] = {"$bytes", "$fill", "$size", "$at",
					   NULL};
	const yaml_node_t *bytes = lookup(b->doc, value, "$bytes");
	struct blob blob = {0};
	uint8_t *from = NULL;
	size_t len = 0;

	only_keys(b->doc, value, keys);
	if (bytes)
		from = bytes_at(b->doc, bytes, &len);
	blob.size = number_or(b->doc, value, "$size", len);
	if (blob.size > MAX_BLOB || blob.size < len)
		fail_at(b->doc, value, "no blob has this size");
	place(b, value);
	blob.phys = take(b, value, order_for(b, blob.size));
	fill(b, value, blob.phys, blob.size,
	     number_or(b->doc, value, "$fill", 0));
	if (from)
		memcpy(luser_image_at(b->image, blob.phys, len), from, len);
	free(from);
	return blob;
}
