/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-early-v1: What only older ABIs do.
 *
 * Made by luser-gen from sample-early-v1.yaml. Do not edit.
 */
#ifndef LUSER_ABI_SAMPLE_EARLY_V1_H
#define LUSER_ABI_SAMPLE_EARLY_V1_H

#include <luser/abi.h>
#include <luser/check.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * DOC: sample-early-v1
 *
 * A map made of bitmaps, tables of fixed size, records in a property, and a
 * device tree that says its own size.
 *
 * For each struct there are: the struct as a program sees it, in host order
 * and without padding; _unpack() and _pack() between it and little-endian
 * bytes; _sound(), which tests every rule on bytes; and _decode(), which tests
 * and unpacks bytes of which nothing is known.
 */

/* The descriptor of the ABI. */
extern const struct luser_abi luser_abi_sample_early_v1;

/* Bytes of sample_chunk in memory. */
#define LUSER_SAMPLE_EARLY_V1_CHUNK_SIZE 16

/**
 * struct luser_sample_early_v1_chunk - Starts every chunk.
 * @next: The next chunk.
 * @order: Order of the blocks.
 * @count: Bitmaps in the chunk.
 */
struct luser_sample_early_v1_chunk {
	uint64_t next;
	uint32_t order;
	uint32_t count;
};

static inline const struct luser_struct *luser_sample_early_v1_chunk_type(void)
{
	return luser_abi_sample_early_v1.structs[0];
}

/**
 * luser_sample_early_v1_chunk_unpack() - bytes to struct
 * @at:   16 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_early_v1_chunk_unpack(const uint8_t *at,
				   struct luser_sample_early_v1_chunk *out)
{
	out->next = luser_le64(at);
	out->order = luser_le32(at + 8);
	out->count = luser_le32(at + 12);
}

/**
 * luser_sample_early_v1_chunk_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   16 bytes, all of which are written
 */
static inline void
luser_sample_early_v1_chunk_pack(const struct luser_sample_early_v1_chunk *in,
				 uint8_t *at)
{
	luser_set_le64(at, in->next);
	luser_set_le32(at + 8, in->order);
	luser_set_le32(at + 12, in->count);
}

/**
 * luser_sample_early_v1_chunk_sound() - test all rules
 * @at:   16 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_early_v1_chunk_sound(const uint8_t *at,
				  const struct luser_env *env)
{
	const uint64_t next = luser_le64(at);

	if ((next & (env->page_size - 1)) != 0)
		return false;
	return true;
}

/**
 * luser_sample_early_v1_chunk_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 16 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_early_v1_chunk_decode(const void *buf, size_t len,
				   const struct luser_env *env,
				   struct luser_sample_early_v1_chunk *out,
				   struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 16 || !luser_sample_early_v1_chunk_sound(at, env)) {
		luser_struct_explain(luser_sample_early_v1_chunk_type(), buf,
			len, 0, env, err);
		return len < 16 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_early_v1_chunk_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_bitmap in memory. */
#define LUSER_SAMPLE_EARLY_V1_BITMAP_SIZE 16

/**
 * struct luser_sample_early_v1_bitmap - Where a bitmap is.
 * @start: The first block.
 * @bitmap: The bitmap.
 */
struct luser_sample_early_v1_bitmap {
	uint64_t start;
	uint64_t bitmap;
};

static inline const struct luser_struct *luser_sample_early_v1_bitmap_type(void)
{
	return luser_abi_sample_early_v1.structs[1];
}

/**
 * luser_sample_early_v1_bitmap_unpack() - bytes to struct
 * @at:   16 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_early_v1_bitmap_unpack(const uint8_t *at,
				    struct luser_sample_early_v1_bitmap *out)
{
	out->start = luser_le64(at);
	out->bitmap = luser_le64(at + 8);
}

/**
 * luser_sample_early_v1_bitmap_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   16 bytes, all of which are written
 */
static inline void
luser_sample_early_v1_bitmap_pack(const struct luser_sample_early_v1_bitmap *in,
				  uint8_t *at)
{
	luser_set_le64(at, in->start);
	luser_set_le64(at + 8, in->bitmap);
}

/**
 * luser_sample_early_v1_bitmap_sound() - test all rules
 * @at:   16 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_early_v1_bitmap_sound(const uint8_t *at,
				   const struct luser_env *env)
{
	const uint64_t bitmap = luser_le64(at + 8);

	(void)env;
	if (bitmap == 0)
		return false;
	if ((bitmap & 0x1ff) != 0)
		return false;
	return true;
}

/**
 * luser_sample_early_v1_bitmap_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 16 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_early_v1_bitmap_decode(const void *buf, size_t len,
				    const struct luser_env *env,
				    struct luser_sample_early_v1_bitmap *out,
				    struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 16 || !luser_sample_early_v1_bitmap_sound(at, env)) {
		luser_struct_explain(luser_sample_early_v1_bitmap_type(), buf,
			len, 0, env, err);
		return len < 16 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_early_v1_bitmap_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_table_header in memory. */
#define LUSER_SAMPLE_EARLY_V1_TABLE_HEADER_SIZE 8

/**
 * struct luser_sample_early_v1_table_header - Starts the table.
 * @count: Records in the table.
 */
struct luser_sample_early_v1_table_header {
	uint64_t count;
};

static inline const struct luser_struct *
luser_sample_early_v1_table_header_type(void)
{
	return luser_abi_sample_early_v1.structs[2];
}

/**
 * luser_sample_early_v1_table_header_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_early_v1_table_header_unpack(const uint8_t *at,
					  struct luser_sample_early_v1_table_header *out)
{
	out->count = luser_le64(at);
}

/**
 * luser_sample_early_v1_table_header_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_early_v1_table_header_pack(const struct luser_sample_early_v1_table_header *in,
					uint8_t *at)
{
	luser_set_le64(at, in->count);
}

/**
 * luser_sample_early_v1_table_header_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_early_v1_table_header_sound(const uint8_t *at,
					 const struct luser_env *env)
{
	(void)env;
	(void)at;
	return true;
}

/**
 * luser_sample_early_v1_table_header_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_early_v1_table_header_decode(const void *buf, size_t len,
					  const struct luser_env *env,
					  struct luser_sample_early_v1_table_header *out,
					  struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8) {
		luser_struct_explain(luser_sample_early_v1_table_header_type(),
			buf, len, 0, env, err);
		return LUSER_FORMAT;
	}
	luser_sample_early_v1_table_header_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_owner in memory. */
#define LUSER_SAMPLE_EARLY_V1_OWNER_SIZE 16

/**
 * struct luser_sample_early_v1_owner - A record with a table of its own.
 * @blocks: The table.
 * @count: Records in it.
 */
struct luser_sample_early_v1_owner {
	uint64_t blocks;
	uint64_t count;
};

static inline const struct luser_struct *luser_sample_early_v1_owner_type(void)
{
	return luser_abi_sample_early_v1.structs[3];
}

/**
 * luser_sample_early_v1_owner_unpack() - bytes to struct
 * @at:   16 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_early_v1_owner_unpack(const uint8_t *at,
				   struct luser_sample_early_v1_owner *out)
{
	out->blocks = luser_le64(at);
	out->count = luser_le64(at + 8);
}

/**
 * luser_sample_early_v1_owner_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   16 bytes, all of which are written
 */
static inline void
luser_sample_early_v1_owner_pack(const struct luser_sample_early_v1_owner *in,
				 uint8_t *at)
{
	luser_set_le64(at, in->blocks);
	luser_set_le64(at + 8, in->count);
}

/**
 * luser_sample_early_v1_owner_sound() - test all rules
 * @at:   16 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_early_v1_owner_sound(const uint8_t *at,
				  const struct luser_env *env)
{
	const uint64_t blocks = luser_le64(at);

	if ((blocks & (env->page_size - 1)) != 0)
		return false;
	return true;
}

/**
 * luser_sample_early_v1_owner_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 16 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_early_v1_owner_decode(const void *buf, size_t len,
				   const struct luser_env *env,
				   struct luser_sample_early_v1_owner *out,
				   struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 16 || !luser_sample_early_v1_owner_sound(at, env)) {
		luser_struct_explain(luser_sample_early_v1_owner_type(), buf,
			len, 0, env, err);
		return len < 16 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_early_v1_owner_unpack(at, out);
	return LUSER_OK;
}

/* Bytes of sample_block in memory. */
#define LUSER_SAMPLE_EARLY_V1_BLOCK_SIZE 8

/**
 * struct luser_sample_early_v1_block - A block.
 * @order: Its order.
 * @phys: Its address.
 */
struct luser_sample_early_v1_block {
	uint64_t order;
	uint64_t phys;
};

static inline const struct luser_struct *luser_sample_early_v1_block_type(void)
{
	return luser_abi_sample_early_v1.structs[4];
}

/**
 * luser_sample_early_v1_block_unpack() - bytes to struct
 * @at:   8 bytes, which need not be sound
 * @out:  all of it is written
 */
static inline void
luser_sample_early_v1_block_unpack(const uint8_t *at,
				   struct luser_sample_early_v1_block *out)
{
	out->order = luser_le64(at) & 0xfff;
	out->phys = luser_le64(at) >> 12;
}

/**
 * luser_sample_early_v1_block_pack() - struct to bytes
 * @in:   what is to be written; strings are copied as they are
 * @at:   8 bytes, all of which are written
 */
static inline void
luser_sample_early_v1_block_pack(const struct luser_sample_early_v1_block *in,
				 uint8_t *at)
{
	luser_set_le64(at, (uint64_t)(((uint64_t)in->order & 0xfff) |
		((uint64_t)in->phys & 0xfffffffffffffull) << 12));
}

/**
 * luser_sample_early_v1_block_sound() - test all rules
 * @at:   8 bytes
 * @env:  what rules may look at
 *
 * Return: true if all of them hold, those of nested structs too.
 */
static inline bool
luser_sample_early_v1_block_sound(const uint8_t *at,
				  const struct luser_env *env)
{
	const uint64_t order = luser_le64(at) & 0xfff;
	const uint64_t phys = luser_le64(at) >> 12;

	if (order > 13)
		return false;
	if (phys == 0)
		return false;
	if (((phys << 12) & (env->page_size - 1)) != 0)
		return false;
	return true;
}

/**
 * luser_sample_early_v1_block_decode() - test and unpack bytes
 * @buf:  any bytes
 * @len:  how many, at least 8 for success
 * @env:  what rules may look at
 * @out:  written only on success
 * @err:  may be NULL; names the rule that does not hold
 *
 * Return: LUSER_OK, LUSER_FORMAT (too short), LUSER_INVALID.
 */
static inline enum luser_code
luser_sample_early_v1_block_decode(const void *buf, size_t len,
				   const struct luser_env *env,
				   struct luser_sample_early_v1_block *out,
				   struct luser_error *err)
{
	const uint8_t *at = (const uint8_t *)buf;

	if (len < 8 || !luser_sample_early_v1_block_sound(at, env)) {
		luser_struct_explain(luser_sample_early_v1_block_type(), buf,
			len, 0, env, err);
		return len < 8 ? LUSER_FORMAT : LUSER_INVALID;
	}
	luser_sample_early_v1_block_unpack(at, out);
	return LUSER_OK;
}

/* luser_sample_early_v1_chunks_array() - The chunks. */
static inline const struct luser_array *luser_sample_early_v1_chunks_array(void)
{
	return luser_abi_sample_early_v1.arrays[0];
}

/* Records that fit in one page of chunks. */
#define LUSER_SAMPLE_EARLY_V1_CHUNKS_CAPACITY(page_size) \
	(((page_size) - 16) / 16)

/* luser_sample_early_v1_table_array() - The table. */
static inline const struct luser_array *luser_sample_early_v1_table_array(void)
{
	return luser_abi_sample_early_v1.arrays[1];
}

/* Records that fit in the table of table. */
#define LUSER_SAMPLE_EARLY_V1_TABLE_CAPACITY(page_size) \
	(((page_size) * 16 - 8) / 16)

/* luser_sample_early_v1_blocks_array() - The blocks. */
static inline const struct luser_array *luser_sample_early_v1_blocks_array(void)
{
	return luser_abi_sample_early_v1.arrays[2];
}

/* Records that fit in the table of blocks. */
#define LUSER_SAMPLE_EARLY_V1_BLOCKS_CAPACITY(page_size) \
	(((page_size) * 2 - 0) / 8)

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ABI_SAMPLE_EARLY_V1_H */
