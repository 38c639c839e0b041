// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "json_node.h"

void json_phys(struct json *json, const char *key, uint64_t phys)
{
	if (phys == LUSER_NO_PHYS)
		json_text(json, key, NULL);
	else
		json_address(json, key, phys);
}

void json_range(struct json *json, const struct luser_range *range)
{
	json_open_object(json, NULL);
	json_address(json, "start", range->start);
	json_number(json, "bytes", range->len);
	json_close_object(json);
}

void json_ranges(struct json *json, const char *key,
		       const struct luser_range *ranges, size_t nr)
{
	json_open_list(json, key);
	for (size_t i = 0; i < nr; i++)
		json_range(json, &ranges[i]);
	json_close_list(json);
}

void json_map_ranges(struct json *json, const char *key,
		     const struct luser_map *map)
{
	struct luser_map_cursor cursor = { 0 };
	struct luser_range range;

	json_open_list(json, key);
	while (luser_map_next(map, &cursor, &range))
		json_range(json, &range);
	json_close_list(json);
}

static const char *kind_name(enum luser_node_kind kind)
{
	static const char *const names[] = {
		[LUSER_NODE_FDT] = "fdt",     [LUSER_NODE_STRUCT] = "struct",
		[LUSER_NODE_ARRAY] = "array", [LUSER_NODE_TREE] = "map",
		[LUSER_NODE_PAGE_TABLES] = "page-tables",
		[LUSER_NODE_UNKNOWN] = "unknown",
		[LUSER_NODE_STALE] = "stale",
	};

	return names[kind];
}

void json_identity(struct json *json, const struct luser_node *node)
{
	json_text(json, "kind", kind_name(node->kind));
	if (node->name)
		json_text(json, "name", node->name);
	if (node->label)
		json_text(json, "label", node->label);
	if (node->index != LUSER_NO_INDEX)
		json_number(json, "index", node->index);
	json_text(json, "abi", node->abi ? node->abi->id : NULL);
	if (node->type)
		json_text(json, "type", node->type->name);
	json_phys(json, "phys", node->phys);
	if (node->why)
		json_text(json, "why", node->why);
}
