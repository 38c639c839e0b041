/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Which rule of a struct does not hold.
 */
#ifndef LUSER_CHECK_H
#define LUSER_CHECK_H

#include <luser/abi.h>
#include <luser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * luser_struct_explain() - say what is wrong with a struct
 * @type: the struct
 * @buf:  its bytes
 * @len:  how many
 * @tag:  for a union that something outside of the struct tells, which arm
 * @env:  what rules may look at
 * @err:  may be NULL; names the field and the first rule that does not hold,
 *        in nested structs, unions and sections too
 *
 * The generated decode functions call this when their own test has failed.
 *
 * Return: LUSER_OK if nothing is wrong, LUSER_FORMAT (@len is too short),
 * LUSER_INVALID.
 */
__attribute__((cold))
enum luser_code luser_struct_explain(const struct luser_struct *type,
				     const void *buf, size_t len, uint64_t tag,
				     const struct luser_env *env,
				     struct luser_error *err);

/**
 * luser_record_explain() - the same for a record of any size
 * @type:   the record's struct; what tells its arms apart is in the record
 * @at:     @type->size bytes, zeros behind @stride; or @stride, if that is more
 * @stride: bytes that the writer knew
 * @env:    what rules may look at
 * @err:    may be NULL
 *
 * Rules about fields that the writer did not know are left out.
 *
 * Return: LUSER_OK or LUSER_INVALID.
 */
enum luser_code luser_record_explain(const struct luser_struct *type,
				     const uint8_t *at, uint32_t stride,
				     const struct luser_env *env,
				     struct luser_error *err);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_CHECK_H */
