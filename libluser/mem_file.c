// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error_internal.h"
#include "io_internal.h"
#include "mem_file_internal.h"

/* Bytes that are read at once where reads follow each other. */
#define AHEAD (128u << 10)

/* @present <= @len: the file may end early. */
struct mem_segment {
	uint64_t phys;
	uint64_t len;
	uint64_t present;
	uint64_t offset;
};

static struct mem_file *to_file(struct luser_mem *mem)
{
	return (struct mem_file *)mem;
}

static const struct mem_segment *find(const struct mem_file *file,
				      uint64_t phys)
{
	size_t low = 0;
	size_t high = file->nr_segments;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct mem_segment *seg = &file->segments[mid];

		if (phys < seg->phys)
			high = mid;
		else if (phys - seg->phys >= seg->len)
			low = mid + 1;
		else
			return seg;
	}
	return NULL;
}

static enum luser_code cut_short(uint64_t phys, struct luser_error *err)
{
	return luser_fail(err, LUSER_NODATA, phys,
			  "the file ends before address 0x%" PRIx64
			  ": it is cut short", phys);
}

static bool is_ahead(const struct mem_file *file, uint64_t at, size_t len)
{
	return at >= file->ahead_at && at - file->ahead_at <= file->ahead_len &&
	       len <= file->ahead_len - (at - file->ahead_at);
}

/* Pages mostly follow each other, and a call for each takes as long as it. */
static void read_ahead(struct mem_file *file, uint64_t at)
{
	if (!file->ahead)
		file->ahead = malloc(AHEAD);
	file->ahead_at = at;
	if (!file->ahead ||
	    luser_pread_all(file->fd, file->ahead, AHEAD, at, &file->ahead_len))
		file->ahead_len = 0;
}

/* Who goes back wants to see what is there now. */
static int read_file(struct mem_file *file, void *buf, size_t len, uint64_t at,
		     size_t *got)
{
	bool follows = at == file->end;

	file->end = at + len;
	if (!follows)
		file->ahead_len = 0;
	else if (!is_ahead(file, at, len) && file->has_size && len <= AHEAD / 4)
		read_ahead(file, at);
	if (!is_ahead(file, at, len))
		return luser_pread_all(file->fd, buf, len, at, got);
	memcpy(buf, file->ahead + (at - file->ahead_at), len);
	*got = len;
	return 0;
}

static enum luser_code read_segment(struct mem_file *file,
				    const struct mem_segment *seg,
				    uint64_t phys, void *buf, size_t len,
				    struct luser_error *err)
{
	enum luser_code code;
	size_t got;
	int errnum;

	errnum = read_file(file, buf, len, seg->offset + (phys - seg->phys),
			   &got);
	if (errnum) {
		code = luser_fail_errno(err, errnum,
					"cannot read address 0x%" PRIx64, phys);
		if (err)
			err->phys = phys;
		return code;
	}
	if (got == len)
		return LUSER_OK;
	/* It was longer when it was opened. */
	file->mem.nr_failed++;
	return cut_short(phys + got, err);
}

static enum luser_code file_read(struct luser_mem *mem, uint64_t phys,
				 void *buf, size_t len, struct luser_error *err)
{
	struct mem_file *file = to_file(mem);
	enum luser_code code = LUSER_OK;
	char *to = buf;

	while (len && code == LUSER_OK) {
		const struct mem_segment *seg = find(file, phys);
		uint64_t left;
		size_t n;

		if (!seg)
			return luser_fail(err, LUSER_NODATA, phys,
					  "address 0x%" PRIx64
					  " is not in this memory", phys);
		if (phys - seg->phys >= seg->present)
			return cut_short(phys, err);
		left = seg->present - (phys - seg->phys);
		n = left < len ? (size_t)left : len;
		code = read_segment(file, seg, phys, to, n, err);
		phys += n;
		to += n;
		len -= n;
	}
	return code;
}

static void file_close(struct luser_mem *mem)
{
	struct mem_file *file = to_file(mem);

	close(file->fd);
	free(file->ahead);
	free(file->segments);
	luser_mem_release(mem);
	free(file);
}

static const struct luser_mem_ops file_ops = {
	.read = file_read,
	.close = file_close,
};

struct mem_file *luser_mem_file_new(int fd, const char *format)
{
	struct mem_file *file = calloc(1, sizeof(*file));

	if (!file) {
		close(fd);
		return NULL;
	}
	luser_mem_init(&file->mem, &file_ops, format);
	file->fd = fd;
	return file;
}

enum luser_code luser_mem_file_add(struct mem_file *file, uint64_t phys,
				   uint64_t offset, uint64_t len,
				   struct luser_error *err)
{
	size_t n = file->nr_segments;

	/* Full at every power of two. */
	if (!(n & (n - 1))) {
		struct mem_segment *more;

		more = reallocarray(file->segments, n ? 2 * n : 1,
				    sizeof(*more));
		if (!more)
			return luser_fail_nomem(err);
		file->segments = more;
	}
	file->segments[n] = (struct mem_segment){
		.phys = phys, .len = len, .present = len, .offset = offset,
	};
	file->nr_segments++;
	return LUSER_OK;
}

static int by_address(const void *a, const void *b)
{
	const struct mem_segment *x = a;
	const struct mem_segment *y = b;

	if (x->phys != y->phys)
		return x->phys < y->phys ? -1 : 1;
	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Leave of each segment what no earlier one holds. */
static void trim(struct mem_file *file)
{
	uint64_t end = 0;
	size_t kept = 0;
	size_t i;

	for (i = 0; i < file->nr_segments; i++) {
		struct mem_segment seg = file->segments[i];
		uint64_t twice = seg.phys < end ? end - seg.phys : 0;

		if (twice >= seg.len)
			continue;
		seg.phys += twice;
		seg.offset += twice;
		seg.len -= twice;
		seg.present = seg.len;
		end = seg.phys + seg.len;
		file->segments[kept++] = seg;
	}
	file->nr_segments = kept;
}

static void cut(struct mem_file *file, struct mem_segment *seg, uint64_t size)
{
	uint64_t there = size > seg->offset ? size - seg->offset : 0;

	if (there >= seg->len)
		return;
	seg->present = there;
	if (file->mem.missing == LUSER_NO_PHYS)
		file->mem.missing = seg->phys + there;
}

enum luser_code luser_mem_file_seal(struct mem_file *file, uint64_t size,
				    struct luser_error *err)
{
	enum luser_code code = LUSER_OK;
	size_t i;

	if (file->nr_segments)
		qsort(file->segments, file->nr_segments,
		      sizeof(*file->segments), by_address);
	trim(file);
	file->has_size = size != UINT64_MAX;
	for (i = 0; i < file->nr_segments && code == LUSER_OK; i++) {
		struct mem_segment *seg = &file->segments[i];

		cut(file, seg, size);
		if (seg->present)
			code = luser_mem_add_range(&file->mem, seg->phys,
						   seg->present, err);
	}
	return code;
}
