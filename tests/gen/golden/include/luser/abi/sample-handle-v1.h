/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-handle-v1: A value where others have an address.
 *
 * Made by luser-gen from sample-handle-v1.yaml. Do not edit.
 */
#ifndef LUSER_ABI_SAMPLE_HANDLE_V1_H
#define LUSER_ABI_SAMPLE_HANDLE_V1_H

#include <luser/abi.h>
#include <luser/check.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * DOC: sample-handle-v1
 *
 * There is nothing but the value.
 *
 * For each struct there are: the struct as a program sees it, in host order
 * and without padding; _unpack() and _pack() between it and little-endian
 * bytes; _sound(), which tests every rule on bytes; and _decode(), which tests
 * and unpacks bytes of which nothing is known.
 */

/* The descriptor of the ABI. */
extern const struct luser_abi luser_abi_sample_handle_v1;

/* Bytes of sample_value in memory. */
#define LUSER_SAMPLE_HANDLE_V1_VALUE_SIZE 8

/**
 * struct luser_sample_handle_v1_value - The value.
 * @value: The value.
 */
struct luser_sample_handle_v1_value {
	uint64_t value;
};

static inline const struct luser_struct *luser_sample_handle_v1_value_type(void)
{
	return luser_abi_sample_handle_v1.structs[0];
}

/**
 * luser_sample_handle_v1_value_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_handle_v1_value_unpack(const uint8_t *at,
				    struct luser_sample_handle_v1_value *out)
{
	out->value = luser_le64(at);
}

/**
 * luser_sample_handle_v1_value_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_handle_v1_value_pack(const struct luser_sample_handle_v1_value *in,
				  uint8_t *at)
{
	luser_set_le64(at, in->value);
}

/**
 * luser_sample_handle_v1_value_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_handle_v1_value_sound(const uint8_t *at,
				   const struct luser_env *env)
{
	const uint64_t value = luser_le64(at);

	(void)env;
	if (value != 7)
		return false;
	return true;
}

/**
 * luser_sample_handle_v1_value_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_handle_v1_value_decode(const void *buf, size_t len,
				    const struct luser_env *env,
				    struct luser_sample_handle_v1_value *out,
				    struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8 || !luser_sample_handle_v1_value_sound(at, env)) {
		luser_struct_explain(luser_sample_handle_v1_value_type(), buf,
			len, 0, env, err);
		return len < 8 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_handle_v1_value_unpack(at, out);
	return LUSER_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ABI_SAMPLE_HANDLE_V1_H */
