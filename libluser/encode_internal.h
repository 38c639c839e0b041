/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What the encoders share. */
#ifndef LUSER_ENCODE_INTERNAL_H
#define LUSER_ENCODE_INTERNAL_H

#include <luser/encode.h>

/** luser_struct_fix() - write what the schema fixes, leave the rest */
void luser_struct_fix(const struct luser_struct *type, uint8_t *at);

/** luser_order_of() - order of the smallest block that holds @len bytes */
uint32_t luser_order_of(const struct luser_image *image, uint64_t len);

/** luser_fail_place() - where an object was placed, it does not fit */
enum luser_code luser_fail_place(struct luser_error *err, uint64_t phys);

/** luser_encode_bitmaps() - luser_encode_tree() for a map made of bitmaps */
enum luser_code luser_encode_bitmaps(struct luser_image *image,
				     const struct luser_tree *tree,
				     uint64_t *phys, struct luser_error *err);

#endif /* LUSER_ENCODE_INTERNAL_H */
