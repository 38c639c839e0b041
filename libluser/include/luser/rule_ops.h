/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the generated tests of rules are made of. Programs include the
 * generated headers, which include this one.
 */
#ifndef LUSER_RULE_OPS_H
#define LUSER_RULE_OPS_H

#include <stdbool.h>
#include <string.h>

#include <luser/abi.h>
#include <luser/le.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The bit of a rule that does not hold. */
static inline uint64_t luser_unless(unsigned int bit, bool that)
{
	return (uint64_t)!that << bit;
}

/* A struct without rules is never broken. */
static inline uint64_t luser_no_rules(const uint8_t *at,
				      const struct luser_env *env)
{
	(void)at;
	(void)env;
	return 0;
}

static inline bool luser_zero(const uint8_t *at, uint32_t size)
{
	for (; size >= 8; size -= 8, at += 8)
		if (luser_le64(at))
			return false;
	for (; size; size--, at++)
		if (*at)
			return false;
	return true;
}

/* The text ends in front of @size bytes. */
static inline bool luser_terminated(const uint8_t *at, uint32_t size)
{
	return memchr(at, 0, size) != NULL;
}

/* @size bytes of @text, its NUL among them where there is room for one. */
static inline bool luser_same_text(const uint8_t *at, const char *text,
				   uint32_t size)
{
	return !memcmp(at, text, size);
}

/* Division by zero is no value: the rule does not hold. */
static inline uint64_t luser_div(uint64_t a, uint64_t b, bool *sound)
{
	if (b)
		return a / b;
	*sound = false;
	return 0;
}

static inline uint64_t luser_mod(uint64_t a, uint64_t b, bool *sound)
{
	if (b)
		return a % b;
	*sound = false;
	return 0;
}

/* Shifts by 64 and more move every bit out. */
static inline uint64_t luser_shl(uint64_t a, uint64_t n)
{
	return n < 64 ? a << n : 0;
}

static inline uint64_t luser_shr(uint64_t a, uint64_t n)
{
	return n < 64 ? a >> n : 0;
}

/*
 * The section of a record of @size bytes lies behind the fields in front of
 * it, and its arm, of @need bytes, in it.
 */
static inline bool luser_section(uint64_t offset, uint64_t length,
				 uint64_t first, uint64_t need, uint64_t size)
{
	return offset >= first && offset % 8 == 0 && length >= need &&
	       offset <= size && length <= size - offset;
}

/* The root's bytes, or NULL where @size of them are not known. */
static inline const uint8_t *luser_root(const struct luser_env *env,
					uint32_t size)
{
	return env->root_size >= size ? env->root : NULL;
}

#ifdef __cplusplus
}
#endif

#endif /* LUSER_RULE_OPS_H */
