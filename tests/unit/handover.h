/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A whole handover, as an old kernel would have left it, for tests.
 *
 * Whatever fails in here fails the test.
 */
#ifndef HANDOVER_H
#define HANDOVER_H

#include <luser/encode.h>
#include <luser/source.h>

/* What is handed over: the number in LUO's root, and one more. */
#define HANDOVER_NUMBER 7

/**
 * struct handover_subtree - a subnode of the root
 */
struct handover_subtree {
	const char *name;
	uint64_t phys;
	uint64_t size;
};

/**
 * struct handover - a handover being written
 * @image:    its memory
 * @luo:      LUO's root
 * @sessions, @flbs: LUO's arrays
 * @files:    the files of the last session
 * @session:  that session's record, or NULL
 * @subtrees: what the root leads to
 * @map:      once finished, the root of the map
 * @root:     once finished, where to start
 */
struct handover {
	struct luser_image *image;
	struct luser_encoded_root luo;
	struct luser_array_writer sessions;
	struct luser_array_writer flbs;
	struct luser_array_writer files;
	uint8_t *session;
	struct handover_subtree subtrees[4];
	unsigned int nr_subtrees;
	uint64_t map;
	struct luser_root root;
};

/* An empty handover; pages at random places unless @seed is 0. */
void handover_begin(struct handover *h, uint32_t page_size, uint64_t seed);

void handover_end(struct handover *h);

/* Adds a session; the files that follow belong to it. */
void handover_add_session(struct handover *h, const char *name);

void handover_add_file(struct handover *h, const char *compatible,
		       uint64_t data, uint64_t token);

/* Adds a file that is a memfd of so many pages. */
void handover_add_memfd(struct handover *h, uint64_t token, uint64_t pages);

void handover_add_flb(struct handover *h, const char *name, uint64_t data);

void handover_add_subtree(struct handover *h, const char *name, uint64_t phys,
			  uint64_t size);

/* Adds memory that a kernel has reserved under names. */
void handover_add_reservations(struct handover *h,
			       const struct luser_range *ranges, size_t nr);

/* Adds the subtrees that a kernel has beside LUO's. */
void handover_add_kernel(struct handover *h);

/* A preserved page without content of its own. */
uint64_t handover_page(struct handover *h);

/* Writes LUO's root, the map, and the root FDT. */
void handover_finish(struct handover *h);

/* A field by its name. */
void handover_set(const struct luser_struct *type, uint8_t *at,
		  const char *name, uint64_t value);

#endif /* HANDOVER_H */
