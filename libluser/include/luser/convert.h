/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The state of one ABI, said in another one, by the mappings in the schemas.
 */
#ifndef LUSER_CONVERT_H
#define LUSER_CONVERT_H

#include <luser/encode.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * typedef luser_lost - told of a value that the other ABI has no place for
 * @ctx:   as given to luser_convert()
 * @abi:   the ABI that has it: the third one, where the way goes through one
 * @array: the array that the record is in
 * @field: the path of the field
 * @index: the record
 */
typedef void luser_lost(void *ctx, const struct luser_abi *abi,
			const struct luser_array *array, const char *field,
			uint64_t index);

/**
 * luser_convert() - fill an ABI's root from another ABI's state
 * @image: has the state, and receives the other
 * @from:  the ABI that it is in
 * @phys:  its root, as in luser_encoded_root
 * @to:    the ABI to say it in; one of both has a mapping to the other, or both
 *         have one to a third
 * @root:  an empty root of @to, with the header that its pages are to have
 * @lost:  told of values that are lost, zeros aside; may be NULL
 * @ctx:   handed to @lost
 * @err:   may be NULL
 *
 * Records keep their numbers. What the mapping sets is set, also in the root;
 * nothing is sealed. Where @to has it counted who refers to a record, that is
 * done, and a record that nobody refers to is one that was taken back. @from's
 * own pages are given back to the image, those of an ABI on the way too.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (there is no such mapping, or the other
 * ABI has no room), LUSER_INVALID (the state is damaged), LUSER_NODATA,
 * LUSER_NOMEM.
 */
enum luser_code luser_convert(struct luser_image *image,
			      const struct luser_abi *from, uint64_t phys,
			      const struct luser_abi *to,
			      const struct luser_encoded_root *root,
			      luser_lost *lost, void *ctx,
			      struct luser_error *err);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_CONVERT_H */
