// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "error_internal.h"
#include "mem_internal.h"

void luser_mem_init(struct luser_mem *mem, const struct luser_mem_ops *ops,
		    const char *format)
{
	*mem = (struct luser_mem){
		.ops = ops,
		.format = format,
		.missing = LUSER_NO_PHYS,
	};
}

void luser_mem_release(struct luser_mem *mem)
{
	free(mem->ranges);
	free(mem->vmcoreinfo);
	free(mem->save_note);
}

enum luser_code luser_mem_add_range(struct luser_mem *mem, uint64_t start,
				    uint64_t len, struct luser_error *err)
{
	size_t n = mem->nr_ranges;

	if (n && mem->ranges[n - 1].start + mem->ranges[n - 1].len == start) {
		mem->ranges[n - 1].len += len;
		return LUSER_OK;
	}
	/* Full at every power of two. */
	if (!(n & (n - 1))) {
		struct luser_range *more;

		more = reallocarray(mem->ranges, n ? 2 * n : 1, sizeof(*more));
		if (!more)
			return luser_fail_nomem(err);
		mem->ranges = more;
	}
	mem->ranges[n] = (struct luser_range){ .start = start, .len = len };
	mem->nr_ranges++;
	return LUSER_OK;
}

void luser_mem_close(struct luser_mem *mem)
{
	if (mem)
		mem->ops->close(mem);
}

static bool wraps(uint64_t phys, size_t len)
{
	return len && len - 1 > UINT64_MAX - phys;
}

enum luser_code luser_mem_search(struct luser_mem *mem, uint64_t phys,
				 void *buf, size_t len,
				 struct luser_error *err)
{
	enum luser_code code;

	if (wraps(phys, len))
		return luser_fail(err, LUSER_NODATA, phys,
				  "%zu bytes at 0x%" PRIx64
				  " go beyond the address space", len, phys);
	code = len ? mem->ops->read(mem, phys, buf, len, err) : LUSER_OK;
	mem->nr_failed += code == LUSER_SYSTEM;
	return code;
}

static void observe(struct luser_mem *mem, uint64_t phys, const void *buf,
		    size_t len)
{
	if (mem->observer && len)
		mem->observer(mem->observer_ctx, phys, buf, len);
}

enum luser_code luser_mem_read(struct luser_mem *mem, uint64_t phys, void *buf,
			       size_t len, struct luser_error *err)
{
	enum luser_code code = luser_mem_search(mem, phys, buf, len, err);

	if (code == LUSER_OK)
		observe(mem, phys, buf, len);
	return code;
}

const void *luser_mem_view(struct luser_mem *mem, uint64_t phys, size_t len)
{
	const void *view = NULL;

	if (mem->ops->view && !wraps(phys, len))
		view = mem->ops->view(mem, phys, len);
	if (view)
		observe(mem, phys, view, len);
	return view;
}

const struct luser_range *luser_mem_ranges(const struct luser_mem *mem,
					   size_t *count)
{
	*count = mem->nr_ranges;
	return mem->ranges;
}

bool luser_mem_is_all(const struct luser_mem *mem)
{
	return mem->all;
}

bool luser_mem_is_live(const struct luser_mem *mem)
{
	return mem->live;
}

enum luser_code luser_mem_complete(const struct luser_mem *mem,
				   struct luser_error *err)
{
	if (mem->missing == LUSER_NO_PHYS)
		return LUSER_OK;
	return luser_fail(err, LUSER_NODATA, mem->missing,
			  "the file is cut short: memory from 0x%" PRIx64
			  " on is missing from it", mem->missing);
}

const char *luser_mem_format(const struct luser_mem *mem)
{
	return mem->format;
}

static void copy_cut(char *buf, size_t len, const char *from, size_t n)
{
	if (!len)
		return;
	if (n > len - 1)
		n = len - 1;
	memcpy(buf, from, n);
	buf[n] = '\0';
}

bool luser_mem_vmcoreinfo(const struct luser_mem *mem, const char *key,
			  char *buf, size_t len)
{
	const char *line = mem->vmcoreinfo;
	size_t n = strlen(key);

	while (line && *line) {
		if (!strncmp(line, key, n) && line[n] == '=') {
			line += n + 1;
			copy_cut(buf, len, line, strcspn(line, "\n"));
			return true;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

void luser_mem_observe(struct luser_mem *mem, luser_mem_observer *fn, void *ctx)
{
	mem->observer = fn;
	mem->observer_ctx = ctx;
}
