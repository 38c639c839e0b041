/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the library is asked for while the machine fails. Each call is made in
 * the directory that calls_files() has filled, and leaves no file of its own.
 */
#ifndef CALLS_H
#define CALLS_H

#include <luser/image.h>
#include <luser/walk.h>

#define CALLS_BASE UINT64_C(0x100000000)
#define CALLS_PAGE 4096

/**
 * struct sum - what a call came to, so that two can be compared
 * @value: over all that was had
 * @told:  how often it was said that something is missing
 */
struct sum {
	uint64_t value;
	size_t told;
};

void sum_bytes(struct sum *sum, const void *data, size_t len);
void sum_text(struct sum *sum, const char *text);
void sum_source(struct sum *sum, const struct luser_source *source);

/* Ends the program unless it is so. */
void must(bool that, const char *what);

/* Makes what the calls read: copies of dumps, and more. */
void calls_files(const char *dump, const char *audited);

/**
 * calls_image() - do something with an image of its own
 * @pages: of it, from CALLS_BASE on
 * @run:   is given the empty image, and @ctx
 */
enum luser_code calls_image(uint64_t pages,
			    enum luser_code (*run)(struct luser_image *image,
						   void *ctx),
			    void *ctx);

/* Walks an image's outgoing handover. */
enum luser_code calls_walk(struct luser_image *image, uint64_t root,
			   uint32_t page_size,
			   const struct luser_visitor *visitor, void *ctx);

/* A root FDT that leads to nothing but its map. */
void calls_put_root(void *page, const char *version, uint64_t map);

/* Keeps what a walk of a dump reads, in a file @to. */
enum luser_code calls_walk_and_save(const char *from, const char *to,
				    struct sum *sum);

/* Keeps what the copy of debugfs has. */
enum luser_code calls_save_debugfs(const char *to, struct sum *sum);

/* A file is there after success alone. It is taken away. */
void calls_check_file(const char *path, enum luser_code code,
		      struct sum *sum);

/* Roots and memory. */
enum luser_code call_debugfs(struct sum *sum);
enum luser_code call_boot_params(struct sum *sum);
enum luser_code call_tree_of_files(struct sum *sum);
enum luser_code call_flat_tree(struct sum *sum);
enum luser_code call_raw_memory(struct sum *sum);
enum luser_code call_pipe(struct sum *sum);
enum luser_code call_saved_roots(struct sum *sum);
enum luser_code call_saved_blobs(struct sum *sum);
enum luser_code call_booted(struct sum *sum);

/* What is read, kept in a file. */
enum luser_code call_save(struct sum *sum);
enum luser_code call_save_debugfs(struct sum *sum);

/* All that an audit may tell; a walk that shows nothing but findings. */
enum luser_code call_audit(struct sum *sum);
enum luser_code call_check(struct sum *sum);

/* State is written, converted and put under a map of either kind. */
enum luser_code call_write_radix(struct sum *sum);
enum luser_code call_write_bitmaps(struct sum *sum);

/* Maps that no kernel makes: bitmaps out of order, and at the last address. */
enum luser_code call_unsorted_map(struct sum *sum);
enum luser_code call_last_blocks(struct sum *sum);

#endif /* CALLS_H */
