/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-v1.wide: An extension.
 *
 * Made by luser-gen from sample-v1.wide.yaml. Do not edit.
 */
#ifndef LUSER_ABI_SAMPLE_V1_WIDE_H
#define LUSER_ABI_SAMPLE_V1_WIDE_H

#include <luser/abi.h>
#include <luser/check.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * DOC: sample-v1.wide
 *
 * Records have one more field, and there is one more struct.
 *
 * For each struct there are: the struct as a program sees it, in host order
 * and without padding; _unpack() and _pack() between it and little-endian
 * bytes; _sound(), which tests every rule on bytes; and _decode(), which tests
 * and unpacks bytes of which nothing is known.
 */

/* The descriptor of the ABI. */
extern const struct luser_abi luser_abi_sample_v1_wide;

/* sample_kind */
/* Nothing. */
#define LUSER_SAMPLE_V1_WIDE_KIND_NONE 0
/* Something small. */
#define LUSER_SAMPLE_V1_WIDE_KIND_SMALL 1
/* Something large. */
#define LUSER_SAMPLE_V1_WIDE_KIND_LARGE 7

/* sample_mode */
/* Slow. */
#define LUSER_SAMPLE_V1_WIDE_MODE_SLOW 1
/* Fast. */
#define LUSER_SAMPLE_V1_WIDE_MODE_FAST 2

/* sample_flags */
/* It is ready. */
#define LUSER_SAMPLE_V1_WIDE_FLAGS_READY 1
/* The last bit, "quoted". */
#define LUSER_SAMPLE_V1_WIDE_FLAGS_LAST 0x8000000000000000ull

/* sample_compat */
/* Records have a width. */
#define LUSER_SAMPLE_V1_WIDE_COMPAT_WIDE 2

/* sample_incompat */
/* A feature. */
#define LUSER_SAMPLE_V1_WIDE_INCOMPAT_KNOWN 8

/* Bytes of sample_pair_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_PAIR_SIZE 3

/**
 * struct luser_sample_v1_wide_pair - Two numbers.
 * @low: At most 9.
 * @high: Not small.
 */
struct luser_sample_v1_wide_pair {
	uint8_t low;
	uint16_t high;
};

static inline const struct luser_struct *luser_sample_v1_wide_pair_type(void)
{
	return luser_abi_sample_v1_wide.structs[0];
}

/**
 * luser_sample_v1_wide_pair_unpack() - bytes to struct
 * @at:   3 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_pair_unpack(const uint8_t *at,
				 struct luser_sample_v1_wide_pair *out)
{
	out->low = luser_le8(at);
	out->high = luser_le16(at + 1);
}

/**
 * luser_sample_v1_wide_pair_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   3 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_pair_pack(const struct luser_sample_v1_wide_pair *in,
			       uint8_t *at)
{
	luser_set_le8(at, in->low);
	luser_set_le16(at + 1, in->high);
}

/**
 * luser_sample_v1_wide_pair_sound() - test all rules
 * @at:   3 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_pair_sound(const uint8_t *at,
						   const struct luser_env *env)
{
	const uint64_t low = luser_le8(at);
	const uint64_t high = luser_le16(at + 1);

	(void)env;
	if (low > 9)
		return false;
	if (high < 2)
		return false;
	if (high > 0xff)
		return false;
	if (low >= high)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_pair_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 3 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_pair_decode(const void *buf, size_t len,
				 const struct luser_env *env,
				 struct luser_sample_v1_wide_pair *out,
				 struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 3 || !luser_sample_v1_wide_pair_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_pair_type(), buf, len,
			0, env, err);
		return len < 3 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_pair_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_small_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_SMALL_SIZE 16

/**
 * struct luser_sample_v1_wide_small - One arm.
 * @value: A dozen or more.
 * @order: An order.
 * @text: Text without an end.
 */
struct luser_sample_v1_wide_small {
	uint32_t value;
	uint32_t order;
	char text[8];
};

static inline const struct luser_struct *luser_sample_v1_wide_small_type(void)
{
	return luser_abi_sample_v1_wide.structs[1];
}

/**
 * luser_sample_v1_wide_small_unpack() - bytes to struct
 * @at:   16 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_small_unpack(const uint8_t *at,
				  struct luser_sample_v1_wide_small *out)
{
	out->value = luser_le32(at);
	out->order = luser_le32(at + 4);
	memcpy(out->text, at + 8, 8);
}

/**
 * luser_sample_v1_wide_small_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   16 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_small_pack(const struct luser_sample_v1_wide_small *in,
				uint8_t *at)
{
	luser_set_le32(at, in->value);
	luser_set_le32(at + 4, in->order);
	memcpy(at + 8, in->text, 8);
}

/**
 * luser_sample_v1_wide_small_sound() - test all rules
 * @at:   16 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_small_sound(const uint8_t *at,
						    const struct luser_env *env)
{
	const uint64_t value = luser_le32(at);
	const uint64_t order = luser_le32(at + 4);
	bool sound1 = true;

	(void)env;
	if ((value % 12) != 0)
		return false;
	if ((order != 0 && luser_mod(value, order, &sound1) != 0) || !sound1)
		return false;
	if (luser_shl(value, order) == 0 && value != 0)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_small_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 16 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_small_decode(const void *buf, size_t len,
				  const struct luser_env *env,
				  struct luser_sample_v1_wide_small *out,
				  struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 16 || !luser_sample_v1_wide_small_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_small_type(), buf,
			len, 0, env, err);
		return len < 16 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_small_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_large_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_LARGE_SIZE 30

/**
 * struct luser_sample_v1_wide_large - Another arm.
 * @words: Three words.
 * @pairs: Two pairs.
 */
struct luser_sample_v1_wide_large {
	uint64_t words[3];
	struct luser_sample_v1_wide_pair pairs[2];
};

static inline const struct luser_struct *luser_sample_v1_wide_large_type(void)
{
	return luser_abi_sample_v1_wide.structs[2];
}

/**
 * luser_sample_v1_wide_large_unpack() - bytes to struct
 * @at:   30 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_large_unpack(const uint8_t *at,
				  struct luser_sample_v1_wide_large *out)
{
	for (uint32_t i = 0; i < 3; i++)
		out->words[i] = luser_le64(at + i * 8);
	for (uint32_t i = 0; i < 2; i++)
		luser_sample_v1_wide_pair_unpack(at + 24 + i * 3,
			&out->pairs[i]);
}

/**
 * luser_sample_v1_wide_large_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   30 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_large_pack(const struct luser_sample_v1_wide_large *in,
				uint8_t *at)
{
	for (uint32_t i = 0; i < 3; i++)
		luser_set_le64(at + i * 8, in->words[i]);
	for (uint32_t i = 0; i < 2; i++)
		luser_sample_v1_wide_pair_pack(&in->pairs[i], at + 24 + i * 3);
}

/**
 * luser_sample_v1_wide_large_sound() - test all rules
 * @at:   30 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_large_sound(const uint8_t *at,
						    const struct luser_env *env)
{
	if (!luser_sample_v1_wide_pair_sound(at + 24, env))
		return false;
	if (!luser_sample_v1_wide_pair_sound(at + 27, env))
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_large_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 30 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_large_decode(const void *buf, size_t len,
				  const struct luser_env *env,
				  struct luser_sample_v1_wide_large *out,
				  struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 30 || !luser_sample_v1_wide_large_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_large_type(), buf,
			len, 0, env, err);
		return len < 30 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_large_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_page_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_PAGE_SIZE 32

/**
 * struct luser_sample_v1_wide_page - Starts a page.
 * @next: The next page.
 * @flags: Marks.
 * @kind: Which array it is.
 * @stride: Bytes of a record.
 * @used: Records.
 * @turn: Which turn it is.
 * @sum: A checksum.
 */
struct luser_sample_v1_wide_page {
	uint64_t next;
	uint64_t flags;
	uint16_t kind;
	uint16_t stride;
	uint32_t used;
	uint32_t turn;
	uint32_t sum;
};

static inline const struct luser_struct *luser_sample_v1_wide_page_type(void)
{
	return luser_abi_sample_v1_wide.structs[3];
}

/**
 * luser_sample_v1_wide_page_unpack() - bytes to struct
 * @at:   32 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_page_unpack(const uint8_t *at,
				 struct luser_sample_v1_wide_page *out)
{
	out->next = luser_le64(at);
	out->flags = luser_le64(at + 8);
	out->kind = luser_le16(at + 16);
	out->stride = luser_le16(at + 18);
	out->used = luser_le32(at + 20);
	out->turn = luser_le32(at + 24);
	out->sum = luser_le32(at + 28);
}

/**
 * luser_sample_v1_wide_page_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   32 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_page_pack(const struct luser_sample_v1_wide_page *in,
			       uint8_t *at)
{
	luser_set_le64(at, in->next);
	luser_set_le64(at + 8, in->flags);
	luser_set_le16(at + 16, in->kind);
	luser_set_le16(at + 18, in->stride);
	luser_set_le32(at + 20, in->used);
	luser_set_le32(at + 24, in->turn);
	luser_set_le32(at + 28, in->sum);
}

/**
 * luser_sample_v1_wide_page_sound() - test all rules
 * @at:   32 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_page_sound(const uint8_t *at,
						   const struct luser_env *env)
{
	const uint64_t next = luser_le64(at);
	const uint64_t flags = luser_le64(at + 8);
	const uint64_t used = luser_le32(at + 20);
	const uint64_t stride = luser_le16(at + 18);

	if ((next & (env->page_size - 1)) != 0)
		return false;
	if ((flags & 0x7ffffffffffffffeull) != 0)
		return false;
	if (used > (uint64_t)env->capacity || stride <
	    (uint64_t)env->record_size)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_page_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 32 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_page_decode(const void *buf, size_t len,
				 const struct luser_env *env,
				 struct luser_sample_v1_wide_page *out,
				 struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 32 || !luser_sample_v1_wide_page_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_page_type(), buf, len,
			0, env, err);
		return len < 32 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_page_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_table_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_TABLE_SIZE 8

/**
 * struct luser_sample_v1_wide_table - Starts a table.
 * @pages: Pages of the table.
 * @count: Records of the table.
 */
struct luser_sample_v1_wide_table {
	uint32_t pages;
	uint32_t count;
};

static inline const struct luser_struct *luser_sample_v1_wide_table_type(void)
{
	return luser_abi_sample_v1_wide.structs[4];
}

/**
 * luser_sample_v1_wide_table_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_table_unpack(const uint8_t *at,
				  struct luser_sample_v1_wide_table *out)
{
	out->pages = luser_le32(at);
	out->count = luser_le32(at + 4);
}

/**
 * luser_sample_v1_wide_table_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_table_pack(const struct luser_sample_v1_wide_table *in,
				uint8_t *at)
{
	luser_set_le32(at, in->pages);
	luser_set_le32(at + 4, in->count);
}

/**
 * luser_sample_v1_wide_table_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_table_sound(const uint8_t *at,
						    const struct luser_env *env)
{
	const uint64_t pages = luser_le32(at);

	(void)env;
	if (pages < 1)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_table_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_table_decode(const void *buf, size_t len,
				  const struct luser_env *env,
				  struct luser_sample_v1_wide_table *out,
				  struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8 || !luser_sample_v1_wide_table_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_table_type(), buf,
			len, 0, env, err);
		return len < 8 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_table_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_entry_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_ENTRY_SIZE 32

/**
 * struct luser_sample_v1_wide_entry - A record of the table.
 * @name: A name.
 * @state: A state.
 * @data: What the name stands for.
 * @size: Bytes of it.
 */
struct luser_sample_v1_wide_entry {
	char name[12];
	uint32_t state;
	uint64_t data;
	uint64_t size;
};

static inline const struct luser_struct *luser_sample_v1_wide_entry_type(void)
{
	return luser_abi_sample_v1_wide.structs[5];
}

/**
 * luser_sample_v1_wide_entry_unpack() - bytes to struct
 * @at:   32 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_entry_unpack(const uint8_t *at,
				  struct luser_sample_v1_wide_entry *out)
{
	memcpy(out->name, at, 12);
	out->state = luser_le32(at + 12);
	out->data = luser_le64(at + 16);
	out->size = luser_le64(at + 24);
}

/**
 * luser_sample_v1_wide_entry_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   32 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_entry_pack(const struct luser_sample_v1_wide_entry *in,
				uint8_t *at)
{
	luser_set_le32(at + 12, in->state);
	luser_set_le64(at + 16, in->data);
	luser_set_le64(at + 24, in->size);
	memcpy(at, in->name, 12);
}

/**
 * luser_sample_v1_wide_entry_sound() - test all rules
 * @at:   32 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_entry_sound(const uint8_t *at,
						    const struct luser_env *env)
{
	const uint64_t state = luser_le32(at + 12);

	(void)env;
	if (!luser_terminated(at, 12))
		return false;
	if (state != 0 && state != 1 && state != 7)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_entry_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 32 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_entry_decode(const void *buf, size_t len,
				  const struct luser_env *env,
				  struct luser_sample_v1_wide_entry *out,
				  struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 32 || !luser_sample_v1_wide_entry_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_entry_type(), buf,
			len, 0, env, err);
		return len < 32 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_entry_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_width_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_WIDTH_SIZE 8

/**
 * struct luser_sample_v1_wide_width - A width.
 * @width: How wide it is.
 */
struct luser_sample_v1_wide_width {
	uint64_t width;
};

static inline const struct luser_struct *luser_sample_v1_wide_width_type(void)
{
	return luser_abi_sample_v1_wide.structs[15];
}

/**
 * luser_sample_v1_wide_width_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_width_unpack(const uint8_t *at,
				  struct luser_sample_v1_wide_width *out)
{
	out->width = luser_le64(at);
}

/**
 * luser_sample_v1_wide_width_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_width_pack(const struct luser_sample_v1_wide_width *in,
				uint8_t *at)
{
	luser_set_le64(at, in->width);
}

/**
 * luser_sample_v1_wide_width_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_width_sound(const uint8_t *at,
						    const struct luser_env *env)
{
	const uint64_t width = luser_le64(at);

	(void)env;
	if (width < 1)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_width_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_width_decode(const void *buf, size_t len,
				  const struct luser_env *env,
				  struct luser_sample_v1_wide_width *out,
				  struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8 || !luser_sample_v1_wide_width_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_width_type(), buf,
			len, 0, env, err);
		return len < 8 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_width_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_record_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_RECORD_SIZE 56

/* Where a writer puts the section body. */
#define LUSER_SAMPLE_V1_WIDE_RECORD_BODY_OFFSET 32

/**
 * struct luser_sample_v1_wide_record - A record whose description is long
 * enough to take more than one line of the table that is made of it.
 * @bdf: Bus, device and function.
 * @kind: What it holds.
 * @offset: Where its section starts.
 * @length: Bytes of its section.
 * @other: Another record.
 * @pfn: A page frame number.
 * @state: A state.
 * @body: The section.
 * @width: How wide it is.
 */
struct luser_sample_v1_wide_record {
	uint16_t bdf;
	uint16_t kind;
	uint16_t offset;
	uint16_t length;
	uint32_t other;
	uint64_t pfn;
	uint64_t state;
	union {
		struct luser_sample_v1_wide_small small;
	} body;
	struct luser_sample_v1_wide_width width;
};

static inline const struct luser_struct *luser_sample_v1_wide_record_type(void)
{
	return luser_abi_sample_v1_wide.structs[6];
}

/**
 * luser_sample_v1_wide_record_unpack() - bytes to struct
 * @at:   56 bytes, which need not be sound
 * @size: bytes of the record, which may be more than are known here
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_record_unpack(const uint8_t *at, size_t size,
				   struct luser_sample_v1_wide_record *out)
{
	memset(out, 0, sizeof(*out));
	out->bdf = luser_le16(at);
	out->kind = luser_le16(at + 2);
	out->offset = luser_le16(at + 4);
	out->length = luser_le16(at + 6);
	out->other = luser_le32(at + 8);
	out->pfn = luser_le64(at + 24) & 0xfffffffffffffull;
	out->state = luser_le64(at + 24) >> 56;
	luser_sample_v1_wide_width_unpack(at + 48, &out->width);
	switch (out->kind) {
	case 1:
		if (luser_section(out->offset, out->length, 32, 16, size))
			luser_sample_v1_wide_small_unpack(at + out->offset,
				&out->body.small);
		break;
	}
}

/**
 * luser_sample_v1_wide_record_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @size: bytes of the record, which may be more than are known here
 * @at:   56 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_record_pack(const struct luser_sample_v1_wide_record *in,
				 size_t size, uint8_t *at)
{
	memset(at, 0, 56);
	luser_set_le16(at, in->bdf);
	luser_set_le16(at + 2, in->kind);
	luser_set_le16(at + 4, in->offset);
	luser_set_le16(at + 6, in->length);
	luser_set_le32(at + 8, in->other);
	luser_set_le64(at + 24, (uint64_t)(((uint64_t)in->pfn &
		0xfffffffffffffull) | ((uint64_t)in->state & 0xff) << 56));
	luser_sample_v1_wide_width_pack(&in->width, at + 48);
	switch (in->kind) {
	case 1:
		if (luser_section(in->offset, in->length, 32, 16, size))
			luser_sample_v1_wide_small_pack(&in->body.small, at +
				in->offset);
		break;
	}
}

/**
 * luser_sample_v1_wide_record_sound() - test all rules
 * @at:   56 bytes
 * @size: bytes of the record, which may be more than are known here
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_v1_wide_record_sound(const uint8_t *at, size_t size,
				  const struct luser_env *env)
{
	const uint64_t kind = luser_le16(at + 2);
	const uint64_t pfn = luser_le64(at + 24) & 0xfffffffffffffull;
	const uint64_t width_width = luser_le64(at + 48);
	const uint64_t offset = luser_le16(at + 4);
	const uint64_t length = luser_le16(at + 6);
	/* Bits with one right value, in words. */
	const uint64_t wrong = (luser_le64(at + 8) & 0xffffff00000000ull) |
			       (luser_le64(at + 24) & 0xfcf0000000000000ull);

	if (wrong)
		return false;
	if (kind != 0 && kind != 1 && kind != 7)
		return false;
	if (!luser_zero(at + 15, 9))
		return false;
	if (pfn == 0)
		return false;
	if (luser_shr(pfn, 0x40 - (uint64_t)env->page_shift) != 0)
		return false;
	if (width_width >= 100 && kind == 1)
		return false;
	if (!luser_sample_v1_wide_width_sound(at + 48, env))
		return false;
	switch (kind) {
	case 1:
		if (!luser_section(offset, length, 32, 16, size))
			return false;
		if (!luser_sample_v1_wide_small_sound(at + offset, env))
			return false;
		break;
	default:
		if (!luser_section(offset, length, 32, 0, size))
			return false;
		break;
	}
	return true;
}

/**
 * luser_sample_v1_wide_record_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 56 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_record_decode(const void *buf, size_t len,
				   const struct luser_env *env,
				   struct luser_sample_v1_wide_record *out,
				   struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 56 || !luser_sample_v1_wide_record_sound(at, len, env)) {
		luser_struct_explain(luser_sample_v1_wide_record_type(), buf,
			len, 0, env, err);
		return len < 56 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_record_unpack(at, len, out);
	return LUSER_OK;
}

/* Bytes of sample_item_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_ITEM_SIZE 57

/**
 * struct luser_sample_v1_wide_item - An item of the list.
 * @entry: An entry.
 * @seen: Not zero once it was taken back.
 * @own: What the first union holds.
 * @first: Told by this record.
 * @second: Told by another one.
 */
struct luser_sample_v1_wide_item {
	uint64_t entry;
	uint64_t seen;
	uint64_t own;
	union {
		struct luser_sample_v1_wide_small small;
		struct luser_sample_v1_wide_large large;
	} first;
	union {
		struct luser_sample_v1_wide_pair small;
	} second;
};

static inline const struct luser_struct *luser_sample_v1_wide_item_type(void)
{
	return luser_abi_sample_v1_wide.structs[7];
}

/**
 * luser_sample_v1_wide_item_unpack() - bytes to struct
 * @at:   57 bytes, which need not be sound
 * @tag:  which arm it has: own
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_item_unpack(const uint8_t *at, uint64_t tag,
				 struct luser_sample_v1_wide_item *out)
{
	memset(out, 0, sizeof(*out));
	out->entry = luser_le64(at);
	out->seen = luser_le64(at + 8);
	out->own = luser_le64(at + 16);
	switch (out->own) {
	case 1:
		luser_sample_v1_wide_small_unpack(at + 24, &out->first.small);
		break;
	case 7:
		luser_sample_v1_wide_large_unpack(at + 24, &out->first.large);
		break;
	}
	switch (tag) {
	case 1:
		luser_sample_v1_wide_pair_unpack(at + 54, &out->second.small);
		break;
	}
}

/**
 * luser_sample_v1_wide_item_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @tag:  which arm it has: own
 * @at:   57 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_item_pack(const struct luser_sample_v1_wide_item *in,
			       uint64_t tag, uint8_t *at)
{
	memset(at, 0, 57);
	luser_set_le64(at, in->entry);
	luser_set_le64(at + 8, in->seen);
	luser_set_le64(at + 16, in->own);
	switch (in->own) {
	case 1:
		luser_sample_v1_wide_small_pack(&in->first.small, at + 24);
		break;
	case 7:
		luser_sample_v1_wide_large_pack(&in->first.large, at + 24);
		break;
	}
	switch (tag) {
	case 1:
		luser_sample_v1_wide_pair_pack(&in->second.small, at + 54);
		break;
	}
}

/**
 * luser_sample_v1_wide_item_sound() - test all rules
 * @at:   57 bytes
 * @tag:  which arm it has: own
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_item_sound(const uint8_t *at,
						   uint64_t tag,
						   const struct luser_env *env)
{
	const uint64_t entry = luser_le64(at);
	const uint64_t own = luser_le64(at + 16);

	if (entry == 0)
		return false;
	if ((entry & 3) != 0)
		return false;
	if (own != 0 && own != 1 && own != 7)
		return false;
	switch (own) {
	case 1:
		if (!luser_sample_v1_wide_small_sound(at + 24, env))
			return false;
		break;
	case 7:
		if (!luser_sample_v1_wide_large_sound(at + 24, env))
			return false;
		break;
	}
	switch (tag) {
	case 1:
		if (!luser_sample_v1_wide_pair_sound(at + 54, env))
			return false;
		break;
	}
	return true;
}

/**
 * luser_sample_v1_wide_item_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 57 for success
 * @tag:  which arm it has: own
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_item_decode(const void *buf, size_t len, uint64_t tag,
				 const struct luser_env *env,
				 struct luser_sample_v1_wide_item *out,
				 struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 57 || !luser_sample_v1_wide_item_sound(at, tag, env)) {
		luser_struct_explain(luser_sample_v1_wide_item_type(), buf, len,
			tag, env, err);
		return len < 57 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_item_unpack(at, tag, out);
	return LUSER_OK;
}

/* Bytes of sample_rooted_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_ROOTED_SIZE 30

/**
 * struct luser_sample_v1_wide_rooted - What the root tells.
 * @mode: Told by the root.
 */
struct luser_sample_v1_wide_rooted {
	union {
		struct luser_sample_v1_wide_pair slow;
		struct luser_sample_v1_wide_large fast;
	} mode;
};

static inline const struct luser_struct *luser_sample_v1_wide_rooted_type(void)
{
	return luser_abi_sample_v1_wide.structs[8];
}

/**
 * luser_sample_v1_wide_rooted_unpack() - bytes to struct
 * @at:   30 bytes, which need not be sound
 * @tag:  which arm it has: root.mode
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_rooted_unpack(const uint8_t *at, uint64_t tag,
				   struct luser_sample_v1_wide_rooted *out)
{
	memset(out, 0, sizeof(*out));
	switch (tag) {
	case 1:
		luser_sample_v1_wide_pair_unpack(at, &out->mode.slow);
		break;
	case 2:
		luser_sample_v1_wide_large_unpack(at, &out->mode.fast);
		break;
	}
}

/**
 * luser_sample_v1_wide_rooted_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @tag:  which arm it has: root.mode
 * @at:   30 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_rooted_pack(const struct luser_sample_v1_wide_rooted *in,
				 uint64_t tag, uint8_t *at)
{
	memset(at, 0, 30);
	switch (tag) {
	case 1:
		luser_sample_v1_wide_pair_pack(&in->mode.slow, at);
		break;
	case 2:
		luser_sample_v1_wide_large_pack(&in->mode.fast, at);
		break;
	}
}

/**
 * luser_sample_v1_wide_rooted_sound() - test all rules
 * @at:   30 bytes
 * @tag:  which arm it has: root.mode
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_v1_wide_rooted_sound(const uint8_t *at, uint64_t tag,
				  const struct luser_env *env)
{
	const uint8_t *root = luser_root(env, 34);
	const uint64_t root_mode = root ? luser_le16(root + 32) : 0;

	if (root && (root_mode != 2))
		return false;
	switch (tag) {
	case 1:
		if (!luser_sample_v1_wide_pair_sound(at, env))
			return false;
		break;
	case 2:
		if (!luser_sample_v1_wide_large_sound(at, env))
			return false;
		break;
	}
	return true;
}

/**
 * luser_sample_v1_wide_rooted_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 30 for success
 * @tag:  which arm it has: root.mode
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_rooted_decode(const void *buf, size_t len, uint64_t tag,
				   const struct luser_env *env,
				   struct luser_sample_v1_wide_rooted *out,
				   struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 30 || !luser_sample_v1_wide_rooted_sound(at, tag, env)) {
		luser_struct_explain(luser_sample_v1_wide_rooted_type(), buf,
			len, tag, env, err);
		return len < 30 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_rooted_unpack(at, tag, out);
	return LUSER_OK;
}

/* Bytes of sample_tail_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_TAIL_SIZE 8

/**
 * struct luser_sample_v1_wide_tail - What fills a page.
 * @count: Bytes that are used.
 */
struct luser_sample_v1_wide_tail {
	uint64_t count;
};

static inline const struct luser_struct *luser_sample_v1_wide_tail_type(void)
{
	return luser_abi_sample_v1_wide.structs[9];
}

/**
 * luser_sample_v1_wide_tail_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_tail_unpack(const uint8_t *at,
				 struct luser_sample_v1_wide_tail *out)
{
	out->count = luser_le64(at);
}

/**
 * luser_sample_v1_wide_tail_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_tail_pack(const struct luser_sample_v1_wide_tail *in,
			       uint8_t *at)
{
	luser_set_le64(at, in->count);
}

/**
 * luser_sample_v1_wide_tail_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_tail_sound(const uint8_t *at,
						   const struct luser_env *env)
{
	const uint64_t count = luser_le64(at);

	(void)env;
	if (count > 0x1000)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_tail_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_tail_decode(const void *buf, size_t len,
				 const struct luser_env *env,
				 struct luser_sample_v1_wide_tail *out,
				 struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8 || !luser_sample_v1_wide_tail_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_tail_type(), buf, len,
			0, env, err);
		return len < 8 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_tail_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_words_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_WORDS_SIZE 8

/**
 * struct luser_sample_v1_wide_words - A page of words.
 * @count: Words that are used.
 */
struct luser_sample_v1_wide_words {
	uint64_t count;
};

static inline const struct luser_struct *luser_sample_v1_wide_words_type(void)
{
	return luser_abi_sample_v1_wide.structs[10];
}

/**
 * luser_sample_v1_wide_words_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_words_unpack(const uint8_t *at,
				  struct luser_sample_v1_wide_words *out)
{
	out->count = luser_le64(at);
}

/**
 * luser_sample_v1_wide_words_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_words_pack(const struct luser_sample_v1_wide_words *in,
				uint8_t *at)
{
	luser_set_le64(at, in->count);
}

/**
 * luser_sample_v1_wide_words_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_words_sound(const uint8_t *at,
						    const struct luser_env *env)
{
	(void)env;
	(void)at;
	return true;
}

/**
 * luser_sample_v1_wide_words_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_words_decode(const void *buf, size_t len,
				  const struct luser_env *env,
				  struct luser_sample_v1_wide_words *out,
				  struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8) {
		luser_struct_explain(luser_sample_v1_wide_words_type(), buf,
			len, 0, env, err);
		return LUSER_FORMAT;
	}
	luser_sample_v1_wide_words_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_link_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_LINK_SIZE 8

/**
 * struct luser_sample_v1_wide_link - Starts a chunk.
 * @next: The next chunk.
 */
struct luser_sample_v1_wide_link {
	uint64_t next;
};

static inline const struct luser_struct *luser_sample_v1_wide_link_type(void)
{
	return luser_abi_sample_v1_wide.structs[11];
}

/**
 * luser_sample_v1_wide_link_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_link_unpack(const uint8_t *at,
				 struct luser_sample_v1_wide_link *out)
{
	out->next = luser_le64(at);
}

/**
 * luser_sample_v1_wide_link_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_link_pack(const struct luser_sample_v1_wide_link *in,
			       uint8_t *at)
{
	luser_set_le64(at, in->next);
}

/**
 * luser_sample_v1_wide_link_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool luser_sample_v1_wide_link_sound(const uint8_t *at,
						   const struct luser_env *env)
{
	const uint64_t next = luser_le64(at);

	if ((next & (env->page_size - 1)) != 0)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_link_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_link_decode(const void *buf, size_t len,
				 const struct luser_env *env,
				 struct luser_sample_v1_wide_link *out,
				 struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8 || !luser_sample_v1_wide_link_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_link_type(), buf, len,
			0, env, err);
		return len < 8 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_link_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_address_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_ADDRESS_SIZE 8

/**
 * struct luser_sample_v1_wide_address - One address of a chunk.
 * @phys: The address.
 */
struct luser_sample_v1_wide_address {
	uint64_t phys;
};

static inline const struct luser_struct *luser_sample_v1_wide_address_type(void)
{
	return luser_abi_sample_v1_wide.structs[12];
}

/**
 * luser_sample_v1_wide_address_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_address_unpack(const uint8_t *at,
				    struct luser_sample_v1_wide_address *out)
{
	out->phys = luser_le64(at);
}

/**
 * luser_sample_v1_wide_address_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_address_pack(const struct luser_sample_v1_wide_address *in,
				  uint8_t *at)
{
	luser_set_le64(at, in->phys);
}

/**
 * luser_sample_v1_wide_address_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_v1_wide_address_sound(const uint8_t *at,
				   const struct luser_env *env)
{
	const uint64_t phys = luser_le64(at);

	if (phys == 0)
		return false;
	if ((phys & (env->page_size - 1)) != 0)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_address_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_address_decode(const void *buf, size_t len,
				    const struct luser_env *env,
				    struct luser_sample_v1_wide_address *out,
				    struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8 || !luser_sample_v1_wide_address_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_address_type(), buf,
			len, 0, env, err);
		return len < 8 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_address_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_scattered_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_SCATTERED_SIZE 16

/**
 * struct luser_sample_v1_wide_scattered - Scattered pages.
 * @first: The first chunk.
 * @pages: Pages in all.
 * @order: Order of a block.
 */
struct luser_sample_v1_wide_scattered {
	uint64_t first;
	uint32_t pages;
	uint32_t order;
};

static inline const struct luser_struct *
luser_sample_v1_wide_scattered_type(void)
{
	return luser_abi_sample_v1_wide.structs[13];
}

/**
 * luser_sample_v1_wide_scattered_unpack() - bytes to struct
 * @at:   16 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_scattered_unpack(const uint8_t *at,
				      struct luser_sample_v1_wide_scattered *out)
{
	out->first = luser_le64(at);
	out->pages = luser_le32(at + 8);
	out->order = luser_le32(at + 12);
}

/**
 * luser_sample_v1_wide_scattered_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   16 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_scattered_pack(const struct luser_sample_v1_wide_scattered *in,
				    uint8_t *at)
{
	luser_set_le64(at, in->first);
	luser_set_le32(at + 8, in->pages);
	luser_set_le32(at + 12, in->order);
}

/**
 * luser_sample_v1_wide_scattered_sound() - test all rules
 * @at:   16 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_v1_wide_scattered_sound(const uint8_t *at,
				     const struct luser_env *env)
{
	const uint64_t first = luser_le64(at);
	const uint64_t order = luser_le32(at + 12);
	const uint64_t pages = luser_le32(at + 8);
	bool sound2 = true;

	if ((first & (env->page_size - 1)) != 0)
		return false;
	if (order > 10)
		return false;
	if ((luser_mod(pages, luser_shl(1, order), &sound2) != 0) || !sound2)
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_scattered_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 16 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_scattered_decode(const void *buf, size_t len,
				      const struct luser_env *env,
				      struct luser_sample_v1_wide_scattered *out,
				      struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 16 || !luser_sample_v1_wide_scattered_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_scattered_type(), buf,
			len, 0, env, err);
		return len < 16 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_scattered_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_ser in memory. */
#define LUSER_SAMPLE_V1_WIDE_SAMPLE_SIZE 136

/**
 * struct luser_sample_v1_wide_sample - The root.
 * @magic: The first bytes.
 * @tag: Three bytes.
 * @turns: Handovers so far.
 * @compat: Compatible features.
 * @incompat: Incompatible features.
 * @mode: A mode.
 * @fixed: Always the same.
 * @half: A number.
 * @nr_records: Records in all pages.
 * @records: The records.
 * @entries: The table.
 * @list: The list.
 * @tail: A page.
 * @words: Another page.
 * @rooted: What the root tells.
 * @map: A tree.
 * @count: Addresses in the scattered pages.
 * @scattered: Scattered pages.
 * @reader: The object of whoever reads it.
 */
struct luser_sample_v1_wide_sample {
	char magic[5];
	uint8_t tag[3];
	uint64_t turns;
	uint64_t compat;
	uint64_t incompat;
	uint16_t mode;
	uint16_t fixed;
	uint32_t half;
	uint64_t nr_records;
	uint64_t records;
	uint64_t entries;
	uint64_t list;
	uint64_t tail;
	uint64_t words;
	uint64_t rooted;
	uint64_t map;
	uint64_t count;
	struct luser_sample_v1_wide_scattered scattered;
	uint64_t reader;
};

static inline const struct luser_struct *luser_sample_v1_wide_sample_type(void)
{
	return luser_abi_sample_v1_wide.structs[14];
}

/**
 * luser_sample_v1_wide_sample_unpack() - bytes to struct
 * @at:   136 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_v1_wide_sample_unpack(const uint8_t *at,
				   struct luser_sample_v1_wide_sample *out)
{
	memcpy(out->magic, at, 5);
	memcpy(out->tag, at + 5, 3);
	out->turns = luser_le64(at + 8);
	out->compat = luser_le64(at + 16);
	out->incompat = luser_le64(at + 24);
	out->mode = luser_le16(at + 32);
	out->fixed = luser_le16(at + 34);
	out->half = luser_le32(at + 36);
	out->nr_records = luser_le64(at + 40);
	out->records = luser_le64(at + 48);
	out->entries = luser_le64(at + 56);
	out->list = luser_le64(at + 64);
	out->tail = luser_le64(at + 72);
	out->words = luser_le64(at + 80);
	out->rooted = luser_le64(at + 88);
	out->map = luser_le64(at + 96);
	out->count = luser_le64(at + 104);
	luser_sample_v1_wide_scattered_unpack(at + 112, &out->scattered);
	out->reader = luser_le64(at + 128);
}

/**
 * luser_sample_v1_wide_sample_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   136 bytes, all of which are written
 */
static inline void
luser_sample_v1_wide_sample_pack(const struct luser_sample_v1_wide_sample *in,
				 uint8_t *at)
{
	luser_set_le64(at + 8, in->turns);
	luser_set_le64(at + 16, in->compat);
	luser_set_le64(at + 24, in->incompat);
	luser_set_le16(at + 32, in->mode);
	luser_set_le16(at + 34, in->fixed);
	luser_set_le32(at + 36, in->half);
	luser_set_le64(at + 40, in->nr_records);
	luser_set_le64(at + 48, in->records);
	luser_set_le64(at + 56, in->entries);
	luser_set_le64(at + 64, in->list);
	luser_set_le64(at + 72, in->tail);
	luser_set_le64(at + 80, in->words);
	luser_set_le64(at + 88, in->rooted);
	luser_set_le64(at + 96, in->map);
	luser_set_le64(at + 104, in->count);
	luser_set_le64(at + 128, in->reader);
	memcpy(at, in->magic, 5);
	memcpy(at + 5, in->tag, 3);
	luser_sample_v1_wide_scattered_pack(&in->scattered, at + 112);
}

/**
 * luser_sample_v1_wide_sample_sound() - test all rules
 * @at:   136 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_v1_wide_sample_sound(const uint8_t *at,
				  const struct luser_env *env)
{
	const uint64_t mode = luser_le16(at + 32);
	const uint64_t records = luser_le64(at + 48);
	const uint64_t entries = luser_le64(at + 56);
	const uint64_t list = luser_le64(at + 64);
	const uint64_t tail = luser_le64(at + 72);
	const uint64_t words = luser_le64(at + 80);
	const uint64_t rooted = luser_le64(at + 88);
	const uint64_t map = luser_le64(at + 96);
	const uint64_t nr_records = luser_le64(at + 40);
	const uint64_t half = luser_le32(at + 36);
	const uint64_t turns = luser_le64(at + 8);
	const uint64_t compat = luser_le64(at + 16);
	const uint64_t fixed = luser_le16(at + 34);
	/* Bits with one right value, in words. */
	const uint64_t wrong = (luser_le64(at + 24) & 0xfffffffffffffff7ull) |
			       ((luser_le64(at + 32) & 0x7ffff0000ull) ^
			       0x12340000) | (luser_le64(at + 88) & 7);

	if (wrong)
		return false;
	if (!luser_same_text(at, "SMPL", 5))
		return false;
	if (mode < 1 || mode > 2)
		return false;
	if ((records & (env->page_size - 1)) != 0)
		return false;
	if (entries == 0)
		return false;
	if ((entries & (env->page_size - 1)) != 0)
		return false;
	if (list == 0)
		return false;
	if ((list & (env->page_size - 1)) != 0)
		return false;
	if (tail == 0)
		return false;
	if ((tail & (env->page_size - 1)) != 0)
		return false;
	if (words == 0)
		return false;
	if ((words & (env->page_size - 1)) != 0)
		return false;
	if (rooted == 0)
		return false;
	if (map == 0)
		return false;
	if ((map & (env->page_size - 1)) != 0)
		return false;
	if ((records == 0) != (nr_records == 0))
		return false;
	if ((half * 2) > env->page_size || (half & 7) != 0)
		return false;
	if ((turns == 0 || (turns & (turns - 1)) != 0) && turns != 0 && compat
	    != 0)
		return false;
	if (0 >= fixed || fixed > 0x1234)
		return false;
	if (((half ^ 0xffffffffffffffffull) & 7) != 7 || (half ^ half) != 0 ||
	    ((0 - half) + half) != 0)
		return false;
	if ((half >> env->page_shift) >= ((uint64_t)1 << env->page_shift))
		return false;
	if (!luser_sample_v1_wide_scattered_sound(at + 112, env))
		return false;
	return true;
}

/**
 * luser_sample_v1_wide_sample_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 136 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_v1_wide_sample_decode(const void *buf, size_t len,
				   const struct luser_env *env,
				   struct luser_sample_v1_wide_sample *out,
				   struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 136 || !luser_sample_v1_wide_sample_sound(at, env)) {
		luser_struct_explain(luser_sample_v1_wide_sample_type(), buf,
			len, 0, env, err);
		return len < 136 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_v1_wide_sample_unpack(at, out);
	return LUSER_OK;
}

/* luser_sample_v1_wide_records_array() - The records. */
static inline const struct luser_array *luser_sample_v1_wide_records_array(void)
{
	return luser_abi_sample_v1_wide.arrays[0];
}

/* Records that fit in one page of records. */
#define LUSER_SAMPLE_V1_WIDE_RECORDS_CAPACITY(page_size) \
	(((page_size) - 32) / 56)

/* luser_sample_v1_wide_entries_array() - The table. */
static inline const struct luser_array *luser_sample_v1_wide_entries_array(void)
{
	return luser_abi_sample_v1_wide.arrays[1];
}

/* Records that fit in one page of entries. */
#define LUSER_SAMPLE_V1_WIDE_ENTRIES_CAPACITY(page_size) \
	(((page_size) - 8) / 32)

/* luser_sample_v1_wide_list_array() - The list. */
static inline const struct luser_array *luser_sample_v1_wide_list_array(void)
{
	return luser_abi_sample_v1_wide.arrays[2];
}

/* Records that fit in one page of list. */
#define LUSER_SAMPLE_V1_WIDE_LIST_CAPACITY(page_size) \
	(((page_size) - 32) / 57)

/* luser_sample_v1_wide_chunks_array() - The chunks. */
static inline const struct luser_array *luser_sample_v1_wide_chunks_array(void)
{
	return luser_abi_sample_v1_wide.arrays[3];
}

/* Records that fit in one page of chunks. */
#define LUSER_SAMPLE_V1_WIDE_CHUNKS_CAPACITY(page_size) \
	(((page_size) - 8) / 8)

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ABI_SAMPLE_V1_WIDE_H */
