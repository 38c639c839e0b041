// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Physical memory under construction.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <luser/image.h>

#include "elf_write.h"
#include "error_internal.h"
#include "ranges.h"

/**
 * struct luser_image - an image
 * @bytes:    all of it
 * @taken:    per page, whether it is in a block
 * @nr_pages: how many
 * @next:     where to look for free pages first
 * @random:   state of the generator of places; 0 is none
 * @blocks:   the preserved blocks
 */
struct luser_image {
	uint64_t base;
	uint32_t page_size;
	uint8_t *bytes;
	bool *taken;
	size_t nr_pages;
	size_t next;
	uint64_t random;
	struct luser_block *blocks;
	size_t nr_blocks;
	size_t room;
};

static bool geometry_is_sane(uint64_t base, uint64_t size, uint32_t page_size)
{
	if (page_size < 4096 || page_size > 65536 ||
	    page_size & (page_size - 1))
		return false;
	return size && !(base % page_size) && !(size % page_size) &&
	       base + size > base && size <= SIZE_MAX;
}

enum luser_code luser_image_new(uint64_t base, uint64_t size,
				uint32_t page_size, struct luser_image **ret,
				struct luser_error *err)
{
	struct luser_image *image;

	if (!geometry_is_sane(base, size, page_size))
		return luser_fail(err, LUSER_ARGUMENT, base,
				  "no image has %" PRIu64
				  " bytes in pages of %" PRIu32,
				  size, page_size);
	image = calloc(1, sizeof(*image));
	if (!image)
		return luser_fail_nomem(err);
	image->base = base;
	image->page_size = page_size;
	image->nr_pages = (size_t)(size / page_size);
	image->bytes = calloc(image->nr_pages, page_size);
	image->taken = calloc(image->nr_pages, sizeof(*image->taken));
	if (!image->bytes || !image->taken) {
		luser_image_free(image);
		return luser_fail_nomem(err);
	}
	*ret = image;
	return LUSER_OK;
}

void luser_image_free(struct luser_image *image)
{
	if (!image)
		return;
	free(image->bytes);
	free(image->taken);
	free(image->blocks);
	free(image);
}

void luser_image_scatter(struct luser_image *image, uint64_t seed)
{
	image->random = seed;
	image->next = 0;
}

uint32_t luser_image_page_size(const struct luser_image *image)
{
	return image->page_size;
}

/* Marsaglia's xorshift64: never 0, and the same on every machine. */
static uint64_t draw(struct luser_image *image)
{
	image->random ^= image->random << 13;
	image->random ^= image->random >> 7;
	image->random ^= image->random << 17;
	return image->random;
}

static bool is_free(const struct luser_image *image, size_t page, size_t count)
{
	if (page > image->nr_pages || count > image->nr_pages - page)
		return false;
	while (count--)
		if (image->taken[page++])
			return false;
	return true;
}

/* Index of a free block, or SIZE_MAX. Blocks are aligned by their address. */
static size_t find_free(struct luser_image *image, uint32_t order)
{
	size_t count = (size_t)1 << order;
	size_t skew = (size_t)(image->base / image->page_size) & (count - 1);
	size_t places = (image->nr_pages + skew) / count;
	size_t start = image->next;

	if (image->random)
		start = (size_t)(draw(image) % image->nr_pages);
	for (size_t i = 0; i < places; i++) {
		size_t place = ((start + skew) / count + i) % places;

		if (place * count < skew)
			continue;
		if (is_free(image, place * count - skew, count))
			return place * count - skew;
	}
	return SIZE_MAX;
}

static bool note_block(struct luser_image *image, uint64_t phys, uint32_t order)
{
	size_t room = image->room ? image->room * 2 : 64;
	struct luser_block *blocks;

	if (image->nr_blocks == image->room) {
		blocks = reallocarray(image->blocks, room, sizeof(*blocks));
		if (!blocks)
			return false;
		image->blocks = blocks;
		image->room = room;
	}
	image->blocks[image->nr_blocks++] = (struct luser_block){phys, order};
	return true;
}

enum luser_code luser_image_alloc(struct luser_image *image, uint32_t order,
				  bool preserve, uint64_t *phys,
				  struct luser_error *err)
{
	size_t page, count = (size_t)1 << order;
	uint64_t address;

	if (order > LUSER_IMAGE_MAX_ORDER)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "no block has order %" PRIu32, order);
	page = find_free(image, order);
	if (page == SIZE_MAX)
		return luser_fail(err, LUSER_NOMEM, LUSER_NO_PHYS,
				  "the image has no free block of order %"
				  PRIu32, order);
	address = image->base + (uint64_t)page * image->page_size;
	if (preserve && !note_block(image, address, order))
		return luser_fail_nomem(err);
	memset(image->taken + page, true, count);
	memset(image->bytes + page * image->page_size, 0,
	       count * image->page_size);
	image->next = page + count < image->nr_pages ? page + count : 0;
	*phys = address;
	return LUSER_OK;
}

/* The page at @phys, or SIZE_MAX. */
static size_t page_at(const struct luser_image *image, uint64_t phys)
{
	uint64_t page;

	if (phys < image->base)
		return SIZE_MAX;
	page = (phys - image->base) / image->page_size;
	if (page >= image->nr_pages || !image->taken[page])
		return SIZE_MAX;
	return (size_t)page;
}

enum luser_code luser_image_drop(struct luser_image *image, uint64_t phys)
{
	size_t page = page_at(image, phys);

	if (page == SIZE_MAX)
		return LUSER_NODATA;
	image->taken[page] = false;
	return LUSER_OK;
}

uint8_t *luser_image_at(struct luser_image *image, uint64_t phys, size_t len)
{
	uint64_t at = phys, end = phys + len;

	if (end < phys)
		return NULL;
	do {
		if (page_at(image, at) == SIZE_MAX)
			return NULL;
		at += image->page_size - at % image->page_size;
	} while (at < end);
	return image->bytes + (phys - image->base);
}

const struct luser_block *luser_image_blocks(const struct luser_image *image,
					     size_t *count)
{
	*count = image->nr_blocks;
	return image->blocks;
}

enum luser_code luser_image_mem(struct luser_image *image,
				struct luser_mem **ret, struct luser_error *err)
{
	return luser_mem_from_buffer(image->bytes,
				     image->nr_pages * image->page_size,
				     image->base, true, ret, err);
}

static enum luser_code read_image(void *ctx, uint64_t phys, void *buf,
				  size_t len, struct luser_error *err)
{
	struct luser_image *image = ctx;

	(void)err;
	memcpy(buf, image->bytes + (phys - image->base), len);
	return LUSER_OK;
}

static bool taken_ranges(const struct luser_image *image,
			 struct luser_ranges *ranges)
{
	for (size_t i = 0; i < image->nr_pages; i++)
		if (image->taken[i] &&
		    !luser_ranges_add(ranges,
				      image->base +
					      (uint64_t)i * image->page_size,
				      image->page_size))
			return false;
	return true;
}

static enum luser_code write_dump(struct luser_image *image, int fd,
				  const struct luser_ranges *ranges,
				  struct luser_error *err)
{
	char info[32];
	int len = snprintf(info, sizeof(info), "PAGESIZE=%" PRIu32 "\n",
			   image->page_size);
	struct luser_elf_note note = {
		.owner = "VMCOREINFO",
		.desc = info,
		.len = (size_t)len,
	};

	return luser_elf_write(fd,
			       &(struct luser_elf_dump){
				       .machine = EM_NONE,
				       .ranges = ranges->v,
				       .nr_ranges = ranges->nr,
				       .notes = &note,
				       .nr_notes = 1,
				       .read = read_image,
				       .ctx = image,
			       },
			       err);
}

enum luser_code luser_image_save(struct luser_image *image, const char *path,
				 struct luser_error *err)
{
	struct luser_ranges ranges = {0};
	enum luser_code code;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return luser_fail_errno(err, errno, "cannot make the dump");
	if (taken_ranges(image, &ranges))
		code = write_dump(image, fd, &ranges, err);
	else
		code = luser_fail_nomem(err);
	luser_ranges_free(&ranges);
	if (close(fd) && code == LUSER_OK)
		code = luser_fail_errno(err, errno, "cannot write the dump");
	return code;
}
