/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The fields of an object as JSON. */
#ifndef LUO_DUMP_JSON_FIELDS_H
#define LUO_DUMP_JSON_FIELDS_H

#include <luser/walk.h>

#include "json_writer.h"
#include "leaf.h"

/* "fields": {...}, where the object has bytes and a type. */
void json_fields(struct json *json, const struct luser_node *node);

/* The value of one of them. */
void json_leaf(struct json *json, const char *key,
	       const struct luser_node *node, const struct leaf *leaf);

#endif /* LUO_DUMP_JSON_FIELDS_H */
