/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What all documents say alike of objects and addresses. */
#ifndef LUO_DUMP_JSON_NODE_H
#define LUO_DUMP_JSON_NODE_H

#include <luser/walk.h>

#include "json_writer.h"

/* An address, or null for LUSER_NO_PHYS. */
void json_phys(struct json *json, const char *key, uint64_t phys);

/* A list of {start, bytes}. */
void json_range(struct json *json, const struct luser_range *range);
void json_ranges(struct json *json, const char *key,
		 const struct luser_range *ranges, size_t nr);
void json_map_ranges(struct json *json, const char *key,
		     const struct luser_map *map);

/* What an object is and where, as members of the object that is open. */
void json_identity(struct json *json, const struct luser_node *node);

#endif /* LUO_DUMP_JSON_NODE_H */
