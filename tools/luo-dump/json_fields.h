/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The fields of an object as JSON. */
#ifndef LUO_DUMP_JSON_FIELDS_H
#define LUO_DUMP_JSON_FIELDS_H

#include <luser/walk.h>

#include "json_writer.h"

/* "fields": {...}, where the object has bytes and a type. */
void json_fields(struct json *json, const struct luser_node *node);

#endif /* LUO_DUMP_JSON_FIELDS_H */
