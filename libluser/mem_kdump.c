// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Compressed dumps, as makedumpfile and QEMU write them. */
#include <unistd.h>

#include "error_internal.h"
#include "mem_internal.h"

#ifdef LUSER_HAVE_KDUMPFILE

#include <inttypes.h>
#include <libkdumpfile/kdumpfile.h>
#include <stdlib.h>

#include "mem_kdump_pages.h"

/**
 * struct mem_kdump - a compressed dump
 * @ram:    pages that were memory
 * @dumped: pages that were put into the file
 */
struct mem_kdump {
	struct luser_mem mem;
	int fd;
	kdump_ctx_t *ctx;
	kdump_bmp_t *ram;
	kdump_bmp_t *dumped;
	kdump_num_t page_shift;
};

static struct mem_kdump *to_kdump(struct luser_mem *mem)
{
	return (struct mem_kdump *)mem;
}

static bool has_page(kdump_bmp_t *map, kdump_addr_t pfn)
{
	kdump_addr_t next = pfn;

	return map && kdump_bmp_find_set(map, &next) == KDUMP_OK && next == pfn;
}

static enum luser_code no_page(const struct mem_kdump *kd, uint64_t phys,
			       struct luser_error *err)
{
	kdump_addr_t pfn = phys >> kd->page_shift;

	if (has_page(kd->dumped, pfn))
		return luser_fail(err, LUSER_NODATA, phys,
				  "the file ends before address 0x%" PRIx64
				  ": it is cut short", phys);
	if (has_page(kd->ram, pfn))
		return luser_fail(err, LUSER_EXCLUDED, phys,
				  "the page of address 0x%" PRIx64
				  " was left out of the dump", phys);
	return luser_fail(err, LUSER_NODATA, phys,
			  "address 0x%" PRIx64 " is not in this memory", phys);
}

/* How far the ranges hold what starts at @phys. */
static uint64_t end_of_range(const struct luser_mem *mem, uint64_t phys)
{
	size_t low = 0;
	size_t high = mem->nr_ranges;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct luser_range *range = &mem->ranges[mid];

		if (phys < range->start)
			high = mid;
		else if (phys - range->start >= range->len)
			low = mid + 1;
		else
			return range->start + range->len;
	}
	return phys;
}

static enum luser_code kd_read(struct luser_mem *mem, uint64_t phys, void *buf,
			       size_t len, struct luser_error *err)
{
	const struct mem_kdump *kd = to_kdump(mem);
	uint64_t end = end_of_range(mem, phys);
	size_t got = len;

	if (end - phys < len)
		return no_page(kd, end, err);
	if (kdump_read(kd->ctx, KDUMP_MACHPHYSADDR, phys, buf, &got) ==
	    KDUMP_OK)
		return LUSER_OK;
	return luser_fail(err, LUSER_SYSTEM, phys + got,
			  "cannot read address 0x%" PRIx64 ": %s", phys + got,
			  kdump_get_err(kd->ctx));
}

/*
 * kdump_free() of 0.5.1 uses attributes that it has freed, and crashes when
 * the dump was damaged (osandov/drgn issue 280). A leak is the lesser evil.
 */
static void free_context(kdump_ctx_t *ctx)
{
#if KDUMPFILE_VERSION > KDUMPFILE_MKVER(0, 5, 1)
	kdump_free(ctx);
#else
	(void)ctx;
#endif
}

static void kd_close(struct luser_mem *mem)
{
	struct mem_kdump *kd = to_kdump(mem);

	free_context(kd->ctx);
	close(kd->fd);
	luser_mem_release(mem);
	free(kd);
}

static const struct luser_mem_ops kdump_ops = {
	.read = kd_read,
	.close = kd_close,
};

static kdump_bmp_t *bitmap(struct mem_kdump *kd, const char *key)
{
	kdump_attr_t attr = { .type = KDUMP_BITMAP };

	if (kdump_get_typed_attr(kd->ctx, key, &attr) != KDUMP_OK)
		return NULL;
	return attr.val.bitmap;
}

static enum luser_code add_page(struct mem_kdump *kd, kdump_addr_t pfn,
				bool there, struct luser_error *err)
{
	uint64_t phys = pfn << kd->page_shift;

	if (there)
		return luser_mem_add_range(&kd->mem, phys,
					   1ull << kd->page_shift, err);
	if (kd->mem.missing == LUSER_NO_PHYS)
		kd->mem.missing = phys;
	return LUSER_OK;
}

static enum luser_code find_ranges(struct mem_kdump *kd,
				   struct kdump_pages *pages,
				   struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	kdump_addr_t pfn = 0;

	while (code == LUSER_OK && pfn < UINT64_MAX >> kd->page_shift &&
	       kdump_bmp_find_set(kd->dumped, &pfn) == KDUMP_OK) {
		kdump_addr_t end = pfn;

		if (kdump_bmp_find_clear(kd->dumped, &end) != KDUMP_OK ||
		    end > UINT64_MAX >> kd->page_shift)
			break;
		for (; pfn < end && code == LUSER_OK; pfn++)
			code = add_page(kd, pfn, kdump_pages_next(pages), err);
	}
	return code;
}

static enum luser_code find_pages(struct mem_kdump *kd, const char *name,
				  struct luser_error *err)
{
	struct kdump_pages pages;
	enum luser_code code;

	kd->ram = bitmap(kd, KDUMP_ATTR_MEMORY_PAGEMAP);
	kd->dumped = bitmap(kd, KDUMP_ATTR_FILE_PAGEMAP);
	if (!kd->dumped ||
	    !kdump_pages_start(&pages, kd->fd, 1ull << kd->page_shift))
		return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "%s is not a dump of a 64-bit machine", name);
	code = find_ranges(kd, &pages, err);
	if (code == LUSER_OK && !kd->mem.nr_ranges)
		code = luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS,
				  "%s holds no page of memory", name);
	return code;
}

static enum luser_code set_up(struct mem_kdump *kd, const char *name,
			      struct luser_error *err)
{
	/* A file that shrinks under a mapping would kill the process. */
	if (kdump_set_number_attr(kd->ctx, KDUMP_ATTR_FILE_MMAP_POLICY,
				  KDUMP_MMAP_NEVER) != KDUMP_OK ||
	    kdump_open_fd(kd->ctx, kd->fd) != KDUMP_OK ||
	    kdump_get_number_attr(kd->ctx, KDUMP_ATTR_PAGE_SHIFT,
				  &kd->page_shift) != KDUMP_OK)
		return luser_fail(err, LUSER_FORMAT, LUSER_NO_PHYS, "%s: %s",
				  name, kdump_get_err(kd->ctx));
	/* VMCOREINFO is only looked for where Linux is known to be. */
	kdump_set_string_attr(kd->ctx, KDUMP_ATTR_OSTYPE, "linux");
	kdump_vmcoreinfo_raw(kd->ctx, &kd->mem.vmcoreinfo);
	return find_pages(kd, name, err);
}

enum luser_code luser_mem_open_kdump(int fd, const char *name,
				     struct luser_mem **ret,
				     struct luser_error *err)
{
	struct mem_kdump *kd = calloc(1, sizeof(*kd));
	enum luser_code code;

	if (!kd) {
		close(fd);
		return luser_fail_nomem(err);
	}
	luser_mem_init(&kd->mem, &kdump_ops, "compressed dump");
	kd->fd = fd;
	kd->ctx = kdump_new();
	code = kd->ctx ? set_up(kd, name, err) : luser_fail_nomem(err);
	if (code == LUSER_OK)
		*ret = &kd->mem;
	else
		kd_close(&kd->mem);
	return code;
}

#else /* LUSER_HAVE_KDUMPFILE */

enum luser_code luser_mem_open_kdump(int fd, const char *name,
				     struct luser_mem **ret,
				     struct luser_error *err)
{
	(void)ret;
	close(fd);
	return luser_fail(err, LUSER_UNSUPPORTED, LUSER_NO_PHYS,
			  "%s is a compressed dump, and this build has no libkdumpfile",
			  name);
}

#endif /* LUSER_HAVE_KDUMPFILE */
