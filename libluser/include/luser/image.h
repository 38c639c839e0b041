/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Physical memory under construction: where encoders put what they encode.
 *
 * An image is a stretch of physical memory that starts empty, of any size: only
 * what is written takes memory here. Blocks of pages are taken from it, filled
 * in place, and read back through luser_mem or saved as a dump. It plays the old kernel: it remembers which blocks that kernel
 * preserved, for the map of preserved memory.
 */
#ifndef LUSER_IMAGE_H
#define LUSER_IMAGE_H

#include <luser/mem.h>

#ifdef __cplusplus
extern "C" {
#endif

struct luser_image;

/* Blocks that are taken have at most 2^LUSER_IMAGE_MAX_ORDER pages. */
#define LUSER_IMAGE_MAX_ORDER 10

/**
 * struct luser_block - 2^@order pages
 * @phys:  the first one; a multiple of the block's size
 * @order: logarithm of their number
 */
struct luser_block {
	uint64_t phys;
	uint32_t order;
};

/**
 * luser_image_new() - an empty image
 * @base:      physical address of its first byte, a multiple of @page_size
 * @size:      bytes, a multiple of @page_size
 * @page_size: a power of two from 4096 to 65536
 * @ret:       to be given back to luser_image_free()
 * @err:       may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT, LUSER_NOMEM.
 */
enum luser_code luser_image_new(uint64_t base, uint64_t size,
				uint32_t page_size, struct luser_image **ret,
				struct luser_error *err);

/**
 * luser_image_free() - release an image
 * @image: may be NULL; nothing may use its memory any more
 */
void luser_image_free(struct luser_image *image);

/**
 * luser_image_scatter() - take blocks from random places from now on
 * @image: the image
 * @seed:  gives the same places each time; 0 takes the lowest free place
 */
void luser_image_scatter(struct luser_image *image, uint64_t seed);

/**
 * luser_image_reserve() - keep a block for what is placed there later
 * @image:    the image
 * @phys:     its address, a multiple of its size
 * @order:    logarithm of the number of pages, at most LUSER_MAX_ORDER
 * @preserve: the old kernel preserved it
 * @err:      may be NULL
 *
 * No other block is taken from there. Without content its pages are in no dump.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (not in the image, or not free),
 * LUSER_NOMEM.
 */
enum luser_code luser_image_reserve(struct luser_image *image, uint64_t phys,
				    uint32_t order, bool preserve,
				    struct luser_error *err);

/**
 * luser_image_place() - say where the next block is taken
 * @image: the image
 * @phys:  address of its first byte, or LUSER_NO_PHYS to take that back
 *
 * Holds for the next luser_image_alloc(), whoever calls it. Such blocks need no
 * alignment and may share pages with each other; pages that are in no reserved
 * or placed block yet are preserved as alloc's @preserve says. Where another
 * block was taken, or outside of the image, alloc fails with LUSER_ARGUMENT.
 * Said before the page that comes first is filled, the next one is fetched
 * meanwhile.
 */
void luser_image_place(struct luser_image *image, uint64_t phys);

/**
 * luser_image_preserve_no_more() - the blocks so far are all that is preserved
 * @image: the image
 *
 * What is taken or reserved from now on is not, whatever is asked for: for a
 * handover that lacks some of its own memory.
 */
void luser_image_preserve_no_more(struct luser_image *image);

/**
 * luser_image_page_size() - as given to luser_image_new()
 * @image: the image
 */
uint32_t luser_image_page_size(const struct luser_image *image);

/**
 * luser_image_alloc() - take a block of zeroed pages
 * @image:    the image
 * @order:    logarithm of the number of pages
 * @preserve: the old kernel preserved it; false for what it left in scratch
 *            memory, like the map itself
 * @phys:     receives its address
 * @err:      may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (@order), LUSER_NOMEM (the image is full).
 */
enum luser_code luser_image_alloc(struct luser_image *image, uint32_t order,
				  bool preserve, uint64_t *phys,
				  struct luser_error *err);

/**
 * luser_image_give_back() - take back what luser_image_alloc() did
 * @image: the image
 * @phys:  first byte of a block
 *
 * The block is free again, and not preserved. Nothing happens if no preserved
 * block starts there.
 */
void luser_image_give_back(struct luser_image *image, uint64_t phys);

/**
 * luser_image_drop() - make a hole where a page is
 * @image: the image
 * @phys:  the page
 *
 * A saved dump lacks the page. The map of preserved memory is not told.
 *
 * Return: LUSER_OK or LUSER_NODATA (there is no such page).
 */
enum luser_code luser_image_drop(struct luser_image *image, uint64_t phys);

/**
 * luser_image_at() - bytes of the image
 * @image: the image
 * @phys:  first byte
 * @len:   how many
 *
 * Return: a pointer that stays valid as long as the image, or NULL if some of
 * the bytes are in no block.
 */
uint8_t *luser_image_at(struct luser_image *image, uint64_t phys, size_t len);

/**
 * luser_image_blocks() - the preserved blocks
 * @image: the image
 * @count: number of blocks
 *
 * Return: the blocks in the order they were taken; valid until the next one.
 */
const struct luser_block *luser_image_blocks(const struct luser_image *image,
					     size_t *count);

/**
 * luser_image_mem() - read the image
 * @image: must outlive the result, and not change while it is read
 * @ret:   to be given back to luser_mem_close()
 * @err:   may be NULL
 *
 * What is in no block reads as zeros. It is read in place.
 *
 * Return: LUSER_OK, LUSER_NOMEM.
 */
enum luser_code luser_image_mem(struct luser_image *image,
				struct luser_mem **ret,
				struct luser_error *err);

/**
 * luser_image_save() - write the image as an ELF dump
 * @image: the image
 * @path:  file to make, mode 0600, or to write over
 * @err:   may be NULL
 *
 * The dump has the pages that are in blocks, and a VMCOREINFO note with the
 * page size.
 *
 * Return: LUSER_OK, LUSER_SYSTEM, LUSER_DENIED, LUSER_NOMEM.
 */
enum luser_code luser_image_save(struct luser_image *image, const char *path,
				 struct luser_error *err);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_IMAGE_H */
