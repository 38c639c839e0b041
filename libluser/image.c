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
#include <sys/mman.h>
#include <unistd.h>

#include <luser/image.h>
#include <luser/walk.h>

#include "elf_write.h"
#include "error_internal.h"
#include "ranges.h"

enum page_state {
	PAGE_FREE,
	PAGE_KEPT,      /* reserved, not preserved */
	PAGE_PRESERVED, /* reserved, in a preserved block */
	PAGE_TAKEN,     /* in a block that was looked for */
	PAGE_PLACED,    /* in a block whose place was said */
};

/**
 * struct luser_image - an image
 * @bytes:    all of it
 * @state:    per page, an enum page_state
 * @nr_pages: how many
 * @next:     where to look for free pages first
 * @random:   state of the generator of places; 0 is none
 * @place:    where the next block goes, or LUSER_NO_PHYS
 * @closed:   no more blocks are preserved
 * @blocks:   the preserved blocks
 */
struct luser_image {
	uint64_t base;
	uint32_t page_size;
	uint32_t page_shift;
	uint8_t *bytes;
	uint8_t *state;
	size_t nr_pages;
	size_t next;
	uint64_t random;
	uint64_t place;
	bool closed;
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

/* Address space only: memory is used for what is written. */
static uint8_t *map_bytes(size_t size)
{
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return bytes == MAP_FAILED ? NULL : bytes;
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
	image->page_shift = (uint32_t)__builtin_ctz(page_size);
	image->place = LUSER_NO_PHYS;
	image->nr_pages = (size_t)(size / page_size);
	image->bytes = map_bytes((size_t)size);
	image->state = map_bytes(image->nr_pages);
	if (!image->bytes || !image->state) {
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
	if (image->bytes)
		munmap(image->bytes, image->nr_pages * image->page_size);
	if (image->state)
		munmap(image->state, image->nr_pages);
	free(image->blocks);
	free(image);
}

void luser_image_scatter(struct luser_image *image, uint64_t seed)
{
	image->random = seed;
	image->next = 0;
}

void luser_image_preserve_no_more(struct luser_image *image)
{
	image->closed = true;
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
		if (image->state[page++] != PAGE_FREE)
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

	if (image->closed)
		return true;
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

/* Index of the page that an address is in, or SIZE_MAX. */
static size_t page_of(const struct luser_image *image, uint64_t phys)
{
	uint64_t page;

	if (phys < image->base)
		return SIZE_MAX;
	page = (phys - image->base) >> image->page_shift;
	return page < image->nr_pages ? (size_t)page : SIZE_MAX;
}

static bool has_state(const struct luser_image *image, size_t page,
		      size_t count, enum page_state state)
{
	while (count--)
		if (image->state[page++] == (uint8_t)state)
			return true;
	return false;
}

static uint64_t address_of(const struct luser_image *image, size_t page)
{
	return image->base + (uint64_t)page * image->page_size;
}

/* Said blocks may share pages with each other, and lie in reserved ones. */
static enum luser_code place_block(struct luser_image *image, uint64_t phys,
				   size_t count, bool preserve,
				   struct luser_error *err)
{
	size_t page = page_of(image, phys);
	uint32_t order = (uint32_t)__builtin_ctzl(count);

	if (page == SIZE_MAX || count > image->nr_pages - page ||
	    has_state(image, page, count, PAGE_TAKEN))
		return luser_fail(err, LUSER_ARGUMENT, phys,
				  "there is no place for %zu pages at 0x%"
				  PRIx64, count, phys);
	if (preserve && !has_state(image, page, count, PAGE_PRESERVED) &&
	    !has_state(image, page, count, PAGE_PLACED) &&
	    !note_block(image, address_of(image, page), order))
		return luser_fail_nomem(err);
	memset(image->state + page, PAGE_PLACED, count);
	return LUSER_OK;
}

static enum luser_code take_block(struct luser_image *image, uint32_t order,
				  bool preserve, uint64_t *phys,
				  struct luser_error *err)
{
	size_t count = (size_t)1 << order;
	size_t page = find_free(image, order);

	if (page == SIZE_MAX)
		return luser_fail(err, LUSER_NOMEM, LUSER_NO_PHYS,
				  "the image has no free block of order %"
				  PRIu32, order);
	if (preserve && !note_block(image, address_of(image, page), order))
		return luser_fail_nomem(err);
	memset(image->state + page, PAGE_TAKEN, count);
	image->next = page + count < image->nr_pages ? page + count : 0;
	*phys = address_of(image, page);
	return LUSER_OK;
}

static enum luser_code fail_order(uint32_t order, struct luser_error *err)
{
	return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
			  "no block has order %" PRIu32, order);
}

enum luser_code luser_image_alloc(struct luser_image *image, uint32_t order,
				  bool preserve, uint64_t *phys,
				  struct luser_error *err)
{
	uint64_t place = image->place;
	enum luser_code code;

	if (order > LUSER_IMAGE_MAX_ORDER)
		return fail_order(order, err);
	if (place == LUSER_NO_PHYS)
		return take_block(image, order, preserve, phys, err);
	image->place = LUSER_NO_PHYS;
	code = place_block(image, place, (size_t)1 << order, preserve, err);
	if (code == LUSER_OK)
		*phys = place;
	return code;
}

/* It is written from its start on: its first lines are fetched together. */
static void expect_page(const struct luser_image *image, size_t page)
{
	const uint8_t *at = image->bytes + page * image->page_size;

	for (size_t i = 0; i < 8; i++)
		__builtin_prefetch(at + i * 64, 1);
}

void luser_image_place(struct luser_image *image, uint64_t phys)
{
	size_t page = page_of(image, phys);

	image->place = phys;
	if (page != SIZE_MAX)
		expect_page(image, page);
}

enum luser_code luser_image_reserve(struct luser_image *image, uint64_t phys,
				    uint32_t order, bool preserve,
				    struct luser_error *err)
{
	size_t page = page_of(image, phys), count;

	if (order > LUSER_MAX_ORDER)
		return fail_order(order, err);
	count = (size_t)1 << order;
	if (page == SIZE_MAX || !is_free(image, page, count) ||
	    phys % ((uint64_t)image->page_size << order))
		return luser_fail(err, LUSER_ARGUMENT, phys,
				  "there is no free block of order %" PRIu32
				  " at 0x%" PRIx64, order, phys);
	if (preserve && !note_block(image, phys, order))
		return luser_fail_nomem(err);
	memset(image->state + page, preserve ? PAGE_PRESERVED : PAGE_KEPT,
	       count);
	return LUSER_OK;
}

static bool is_there(const struct luser_image *image, size_t page)
{
	return image->state[page] >= PAGE_TAKEN;
}

/* The page with content at @phys, or SIZE_MAX. */
static size_t page_at(const struct luser_image *image, uint64_t phys)
{
	size_t page = page_of(image, phys);

	return page != SIZE_MAX && is_there(image, page) ? page : SIZE_MAX;
}

/* Free pages are zeros, so that taking those that were never used is cheap. */
static void free_pages(struct luser_image *image, size_t page, size_t count)
{
	memset(image->state + page, PAGE_FREE, count);
	memset(image->bytes + page * image->page_size, 0,
	       count * image->page_size);
}

void luser_image_give_back(struct luser_image *image, uint64_t phys)
{
	size_t i = image->nr_blocks;

	while (i && image->blocks[i - 1].phys != phys)
		i--;
	if (!i)
		return;
	free_pages(image, page_of(image, phys),
		   (size_t)1 << image->blocks[i - 1].order);
	memmove(&image->blocks[i - 1], &image->blocks[i],
		(--image->nr_blocks - (i - 1)) * sizeof(*image->blocks));
}

enum luser_code luser_image_drop(struct luser_image *image, uint64_t phys)
{
	size_t page = page_at(image, phys);

	if (page == SIZE_MAX)
		return LUSER_NODATA;
	image->state[page] = PAGE_KEPT;
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
		if (is_there(image, i) &&
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
