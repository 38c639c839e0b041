// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Looking for root FDTs, and for what names them, in a whole memory. */
#include <libfdt.h>
#include <stdlib.h>

#include <luser/le.h>

#include "mem_internal.h"
#include "source_setup_data.h"
#include "source_scan.h"

#define CHUNK (1u << 20)
#define MAX_SCRATCH_AREAS 4096

static uint64_t words_equal(const uint8_t *buf, size_t len, uint64_t mark)
{
	uint64_t n = 0;
	size_t i;

	/* Without an early exit, so that it becomes vector code. */
	for (i = 0; i + 8 <= len; i += 8)
		n += luser_le64(buf + i) == mark;
	return n;
}

static enum luser_code try_records(struct scan *scan, uint64_t phys,
				   const uint8_t *buf, size_t len,
				   struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	size_t skew = -phys & 7;
	size_t i;

	if (len < skew ||
	    !words_equal(buf + skew, len - skew, SETUP_DATA_KHO_MARK))
		return LUSER_OK;
	for (i = skew; i + 8 <= len && code == LUSER_OK; i += 8)
		if (luser_le64(buf + i) == SETUP_DATA_KHO_MARK &&
		    phys + i >= 8)
			code = scan_try_record(scan, phys + i - 8, err);
	return code;
}

static enum luser_code look(struct scan *scan, uint64_t phys,
			    const uint8_t *buf, size_t len,
			    struct luser_error *err)
{
	enum luser_code code = try_records(scan, phys, buf, len, err);
	size_t i = -phys & (LUSER_PAGE_MIN - 1);

	scan->readable = true;
	for (; i + 4 <= len && code == LUSER_OK; i += LUSER_PAGE_MIN)
		/* A dump may start anywhere, so this need not be aligned. */
		if (fdt32_ld((const fdt32_t *)(buf + i)) == FDT_MAGIC)
			code = scan_try_tree(scan, phys + i, err);
	return code;
}

/* In a chunk with a hole, look at the pages that are there. */
static enum luser_code look_by_page(struct scan *scan, uint64_t phys,
				    uint8_t *buf, size_t len,
				    struct luser_error *err)
{
	enum luser_code code = LUSER_OK;

	while (len && code == LUSER_OK) {
		size_t n = LUSER_PAGE_MIN - (phys & (LUSER_PAGE_MIN - 1));
		struct luser_error why;

		if (n > len)
			n = len;
		if (luser_mem_search(scan->mem, phys, buf, n, &why) == LUSER_OK)
			code = look(scan, phys, buf, n, err);
		else if (scan->unreadable.code == LUSER_OK)
			scan->unreadable = why;
		phys += n;
		len -= n;
	}
	return code;
}

static enum luser_code scan_range(struct scan *scan,
				  const struct luser_range *range, uint8_t *buf,
				  struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	uint64_t done = 0;

	while (done < range->len && code == LUSER_OK) {
		uint64_t left = range->len - done;
		size_t n = left < CHUNK ? (size_t)left : CHUNK;
		uint64_t phys = range->start + done;

		if (luser_mem_search(scan->mem, phys, buf, n, NULL) == LUSER_OK)
			code = look(scan, phys, buf, n, err);
		else
			code = look_by_page(scan, phys, buf, n, err);
		done += n;
		scan->seen += n;
		if (scan->progress &&
		    !scan->progress(scan->ctx, scan->seen, scan->total))
			return luser_fail(err, LUSER_STOPPED, LUSER_NO_PHYS,
					  "the search was stopped");
	}
	return code;
}

static enum luser_code scan_memory(struct scan *scan, struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	const struct luser_range *ranges;
	uint8_t *buf = malloc(CHUNK);
	size_t count;
	size_t i;

	if (!buf)
		return luser_fail_nomem(err);
	ranges = luser_mem_ranges(scan->mem, &count);
	for (i = 0; i < count; i++)
		scan->total += ranges[i].len;
	for (i = 0; i < count && code == LUSER_OK; i++)
		code = scan_range(scan, &ranges[i], buf, err);
	free(buf);
	if (code != LUSER_OK || scan->readable || !count)
		return code;
	if (err)
		*err = scan->unreadable;
	return scan->unreadable.code;
}

/* Only a kernel that was booted with the record has its areas there. */
static enum luser_code add_scratch(struct scan *scan,
				   const struct scan_record *record,
				   struct luser_root *root,
				   struct luser_error *err)
{
	size_t count = (size_t)(record->scratch_size / 16);
	struct luser_range *areas;
	size_t n = 0;
	size_t i;

	if (record->standing != SCAN_BOOTED || count > MAX_SCRATCH_AREAS)
		return LUSER_OK;
	areas = luser_source_alloc(scan->src, count * sizeof(*areas));
	if (!areas)
		return luser_fail_nomem(err);
	for (i = 0; i < count; i++) {
		uint8_t raw[16];
		uint64_t len;

		if (luser_mem_search(scan->mem, record->scratch + 16 * i, raw,
				     sizeof(raw), NULL) != LUSER_OK)
			return LUSER_OK;
		len = luser_le64(raw + 8);
		if (len && len - 1 <= UINT64_MAX - luser_le64(raw))
			areas[n++] = (struct luser_range){
				.start = luser_le64(raw), .len = len,
			};
	}
	root->scratch = areas;
	root->nr_scratch = n;
	return LUSER_OK;
}

/* What was not read could have told otherwise. */
static const char *why(const struct scan *scan, const struct scan_root *root)
{
	if (scan->mem->nr_failed == scan->nr_failed)
		return root->why;
	return luser_source_text(scan->src,
				 "%s Not all of the memory could be read.",
				 root->why);
}

static enum luser_code add_root(struct scan *scan,
				const struct scan_root *found,
				struct luser_error *err)
{
	struct luser_root root = {
		.role = found->role,
		.phys = found->phys,
	};
	enum luser_code code = LUSER_OK;

	if (found->record)
		code = add_scratch(scan, found->record, &root, err);
	if (code != LUSER_OK)
		return code;
	root.why = why(scan, found);
	return root.why ? luser_source_add(scan->src, &root, err) :
			  luser_fail_nomem(err);
}

static enum luser_code add_roots(struct scan *scan, struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	size_t i;

	for (i = 0; i < scan->nr_roots && code == LUSER_OK; i++)
		code = add_root(scan, &scan->roots[i], err);
	return code;
}

static enum luser_code find_roots(struct scan *scan, struct luser_error *err)
{
	enum luser_code code = scan_memory(scan, err);

	if (code == LUSER_OK && !scan->nr_roots)
		code = luser_fail(err, LUSER_MISSING, LUSER_NO_PHYS,
				  "no root FDT of a handover in %llu MiB of memory",
				  (unsigned long long)scan->total >> 20);
	if (code == LUSER_OK)
		code = scan_rank(scan, err);
	if (code == LUSER_OK)
		code = add_roots(scan, err);
	free(scan->roots);
	free(scan->records);
	return code;
}

enum luser_code luser_source_scan(struct luser_mem *mem,
				  luser_progress *progress, void *ctx,
				  struct luser_source **ret,
				  struct luser_error *err)
{
	struct scan scan = {
		.mem = mem,
		.nr_failed = mem->nr_failed,
		.progress = progress,
		.ctx = ctx,
	};
	enum luser_code code;

	code = luser_source_saved(mem, ret, err);
	if (code != LUSER_MISSING)
		return code;
	scan.src = luser_source_new();
	code = scan.src ? find_roots(&scan, err) : luser_fail_nomem(err);
	return luser_source_hand_out(scan.src, code, ret);
}
