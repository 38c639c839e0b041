// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <sys/stat.h>

#include <luser/le.h>

#include "io_internal.h"
#include "mem_kdump_pages.h"

/* struct disk_dump_header of a 64-bit machine. */
#define BLOCK_SIZE_AT 428
#define SUB_BLOCKS_AT 432
#define BITMAP_BLOCKS_AT 436
#define HEADER_END 440

/* struct page_desc: offset, size, flags, page_flags. */
#define DESC_SIZE 24

bool kdump_pages_start(struct kdump_pages *pages, int fd, uint64_t page_size)
{
	uint8_t head[HEADER_END];
	struct stat st;
	uint64_t blocks;
	size_t got;

	if (fstat(fd, &st) ||
	    luser_pread_all(fd, head, sizeof(head), 0, &got) ||
	    got != sizeof(head) ||
	    luser_le32(head + BLOCK_SIZE_AT) != page_size)
		return false;
	blocks = 1 + (uint64_t)luser_le32(head + SUB_BLOCKS_AT) +
		 luser_le32(head + BITMAP_BLOCKS_AT);
	pages->fd = fd;
	pages->size = (uint64_t)st.st_size;
	pages->at = blocks * page_size;
	pages->used = 0;
	pages->have = 0;
	return true;
}

static void refill(struct kdump_pages *pages)
{
	size_t got;

	pages->used = 0;
	pages->have = 0;
	if (!luser_pread_all(pages->fd, pages->buf, sizeof(pages->buf),
			     pages->at, &got))
		pages->have = got - got % DESC_SIZE;
	pages->at += pages->have;
}

bool kdump_pages_next(struct kdump_pages *pages)
{
	const uint8_t *desc = pages->buf + pages->used;
	uint64_t at;
	uint32_t len;

	if (pages->used == pages->have) {
		refill(pages);
		desc = pages->buf;
	}
	if (!pages->have)
		return false;
	pages->used += DESC_SIZE;
	at = luser_le64(desc);
	len = luser_le32(desc + 8);
	return at <= pages->size && len <= pages->size - at;
}
