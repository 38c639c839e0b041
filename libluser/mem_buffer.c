// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Memory that the caller holds. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error_internal.h"
#include "mem_internal.h"

struct mem_buffer {
	struct luser_mem mem;
	const uint8_t *buf;
	uint64_t base;
	size_t len;
	bool stable;
};

static struct mem_buffer *to_buffer(struct luser_mem *mem)
{
	return (struct mem_buffer *)mem;
}

static bool contains(const struct mem_buffer *b, uint64_t phys, size_t len)
{
	return phys >= b->base && phys - b->base <= b->len &&
	       len <= b->len - (phys - b->base);
}

static enum luser_code buffer_read(struct luser_mem *mem, uint64_t phys,
				   void *to, size_t len,
				   struct luser_error *err)
{
	const struct mem_buffer *b = to_buffer(mem);
	uint64_t end = b->base + b->len;

	if (contains(b, phys, len)) {
		memcpy(to, b->buf + (phys - b->base), len);
		return LUSER_OK;
	}
	if (phys >= b->base && phys < end)
		phys = end;
	return luser_fail(err, LUSER_NODATA, phys,
			  "address 0x%" PRIx64 " is not in the buffer", phys);
}

static const void *buffer_view(struct luser_mem *mem, uint64_t phys, size_t len)
{
	const struct mem_buffer *b = to_buffer(mem);

	if (!b->stable || !contains(b, phys, len))
		return NULL;
	return b->buf + (phys - b->base);
}

static void buffer_close(struct luser_mem *mem)
{
	luser_mem_release(mem);
	free(to_buffer(mem));
}

static const struct luser_mem_ops buffer_ops = {
	.read = buffer_read,
	.view = buffer_view,
	.close = buffer_close,
};

enum luser_code luser_mem_from_buffer(const void *buf, size_t len,
				      uint64_t base, bool stable,
				      struct luser_mem **ret,
				      struct luser_error *err)
{
	struct mem_buffer *b;
	enum luser_code code;

	if (!buf || !len || len > UINT64_MAX - base)
		return luser_fail(err, LUSER_ARGUMENT, base,
				  "%zu bytes at 0x%" PRIx64
				  " are not a buffer of memory", len, base);
	b = malloc(sizeof(*b));
	if (!b)
		return luser_fail_nomem(err);
	luser_mem_init(&b->mem, &buffer_ops, "buffer");
	b->buf = buf;
	b->base = base;
	b->len = len;
	b->stable = stable;
	code = luser_mem_add_range(&b->mem, base, len, err);
	if (code == LUSER_OK)
		*ret = &b->mem;
	else
		buffer_close(&b->mem);
	return code;
}
