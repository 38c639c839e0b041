// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <libfdt.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <luser/fdt.h>

#include "error_internal.h"

#define FDT_VERSION 17
#define FDT_HEADER_SIZE 40

/* One block of the blob: where it is, and how far a reader has come. */
struct block {
	const char *start;
	uint32_t size;
	uint32_t at;
};

struct walk {
	struct block tags;
	struct block strings;
	uint32_t depth;
	uint32_t nodes;
};

static enum luser_code bad(struct luser_error *err, const char *what)
{
	return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
			  "not a sound device tree: %s", what);
}

static enum luser_code check_sizes(const void *blob, size_t len,
				   struct luser_error *err)
{
	if ((uintptr_t)blob % 8)
		return bad(err, "it is not 8-byte aligned");
	if (len < FDT_HEADER_SIZE)
		return bad(err, "shorter than a header");
	if (fdt_magic(blob) != FDT_MAGIC)
		return bad(err, "wrong magic");
	if (fdt_version(blob) != FDT_VERSION)
		return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
				  "not a sound device tree: version %u, not %u",
				  fdt_version(blob), FDT_VERSION);
	if (fdt_totalsize(blob) > len || fdt_totalsize(blob) > INT32_MAX)
		return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
				  "not a sound device tree: it says it has %u bytes, and %zu are there",
				  fdt_totalsize(blob), len);
	return LUSER_OK;
}

static bool inside(const void *blob, uint32_t offset, uint32_t size)
{
	uint32_t total = fdt_totalsize(blob);

	return offset >= FDT_HEADER_SIZE && offset <= total &&
	       size <= total - offset;
}

static enum luser_code check_blocks(const void *blob, struct luser_error *err)
{
	uint32_t tags = fdt_off_dt_struct(blob);
	uint32_t tags_size = fdt_size_dt_struct(blob);
	uint32_t reserved = fdt_off_mem_rsvmap(blob);

	if (reserved % 8 ||
	    !inside(blob, reserved, sizeof(struct fdt_reserve_entry)))
		return bad(err, "off_mem_rsvmap points to a wrong place");
	if (tags % 4 || tags_size % 4 || !inside(blob, tags, tags_size))
		return bad(err, "off_dt_struct points to a wrong place");
	if (!inside(blob, fdt_off_dt_strings(blob),
		    fdt_size_dt_strings(blob)))
		return bad(err, "off_dt_strings points to a wrong place");
	return LUSER_OK;
}

static bool take_u32(struct block *block, uint32_t *ret)
{
	if (block->size - block->at < 4)
		return false;
	*ret = fdt32_ld((const fdt32_t *)(block->start + block->at));
	block->at += 4;
	return true;
}

/* @len bytes and what fills them up to a multiple of four, as what is left is. */
static bool skip(struct block *block, uint32_t len)
{
	if (len > block->size - block->at)
		return false;
	block->at += len + (4 - len % 4) % 4;
	return true;
}

static bool has_string(const struct block *block, uint32_t at, uint32_t max)
{
	uint32_t left = at < block->size ? block->size - at : 0;

	return left && memchr(block->start + at, '\0', left < max ? left : max);
}

static bool walk_node(struct walk *walk)
{
	struct block *tags = &walk->tags;
	const char *name = tags->start + tags->at;

	return ++walk->nodes <= LUSER_FDT_MAX_NODES &&
	       ++walk->depth <= LUSER_FDT_MAX_DEPTH &&
	       has_string(tags, tags->at, UINT32_MAX) &&
	       skip(tags, (uint32_t)strlen(name) + 1);
}

static bool walk_property(struct walk *walk)
{
	uint32_t len;
	uint32_t name;

	return walk->depth && take_u32(&walk->tags, &len) &&
	       take_u32(&walk->tags, &name) &&
	       has_string(&walk->strings, name, LUSER_FDT_MAX_NAME + 1) &&
	       skip(&walk->tags, len);
}

static bool walk_tag(struct walk *walk, uint32_t tag)
{
	switch (tag) {
	case FDT_BEGIN_NODE:
		return (walk->depth || !walk->nodes) && walk_node(walk);
	case FDT_END_NODE:
		return walk->depth-- > 0;
	case FDT_PROP:
		return walk_property(walk);
	default:
		/* libfdt knows the root as what lies at offset 0. */
		return tag == FDT_NOP && walk->nodes;
	}
}

/*
 * fdt_check_full() of 1.6.1 adds a property's length to a signed offset, so
 * some lengths make it walk in circles. Walk the tags once before it does.
 */
static enum luser_code check_tags(const void *blob, struct luser_error *err)
{
	const char *base = blob;
	struct walk walk = {
		.tags = {
			.start = base + fdt_off_dt_struct(blob),
			.size = fdt_size_dt_struct(blob),
		},
		.strings = {
			.start = base + fdt_off_dt_strings(blob),
			.size = fdt_size_dt_strings(blob),
		},
	};
	uint32_t tag;

	while (take_u32(&walk.tags, &tag)) {
		if (tag == FDT_END && !walk.depth && walk.nodes)
			return LUSER_OK;
		if (!walk_tag(&walk, tag))
			return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
					  "not a sound device tree: tag %u before offset 0x%x",
					  tag, fdt_off_dt_struct(blob) +
						       walk.tags.at);
	}
	return bad(err, "its end tag is missing");
}

enum luser_code luser_fdt_check(const void *blob, size_t len,
				struct luser_error *err)
{
	enum luser_code code;
	int full;

	code = check_sizes(blob, len, err);
	if (code == LUSER_OK)
		code = check_blocks(blob, err);
	if (code == LUSER_OK)
		code = check_tags(blob, err);
	if (code != LUSER_OK)
		return code;
	full = fdt_check_full(blob, fdt_totalsize(blob));
	return full ? bad(err, fdt_strerror(full)) : LUSER_OK;
}
