/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Bytes of an object as lines of text. The caller frees them. */
#ifndef LUO_DUMP_HEX_H
#define LUO_DUMP_HEX_H

#include <luser/walk.h>

/* The bytes of an object without fields, @max of them at most. */
char *hex_dump(const struct luser_node *node, size_t max);

/* Address, bytes, name and value of each field. */
char *hex_fields(const struct luser_node *node);

#endif /* LUO_DUMP_HEX_H */
