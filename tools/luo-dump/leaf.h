/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The fields of an object, those of nested structs included. */
#ifndef LUO_DUMP_LEAF_H
#define LUO_DUMP_LEAF_H

#include <luser/walk.h>

/**
 * struct leaf - a field that is not a struct itself
 * @name:   with the names of the structs around it: "files.count"
 * @field:  what it is
 * @at:     bytes of the struct that it is in
 * @offset: of the field's first byte in the object
 * @count:  elements
 */
struct leaf {
	const char *name;
	const struct luser_field *field;
	const uint8_t *at;
	size_t offset;
	uint32_t count;
};

typedef void leaf_fn(void *ctx, const struct leaf *leaf);

/**
 * leaf_each() - call a function for each field that the object has
 * @node: object with bytes; others have no leaf
 * @fn:   called in the order of the struct; zero padding is left out
 * @ctx:  handed to @fn
 */
void leaf_each(const struct luser_node *node, leaf_fn *fn, void *ctx);

/**
 * field_there() - does the object have this field
 * @node: object with bytes
 * @type: the struct that the field is in
 * @i:    its number there
 * @offset: of the struct in the object
 */
bool field_there(const struct luser_node *node, const struct luser_struct *type,
		 uint16_t i, size_t offset);

/* Elements of a field that lies at @offset in the object. */
uint32_t field_count(const struct luser_node *node,
		     const struct luser_field *field, size_t offset);

/* A leaf's value for a person. The caller frees it. */
char *leaf_text(const struct leaf *leaf, const struct luser_env *env);

#endif /* LUO_DUMP_LEAF_H */
