/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A handover as kernels up to 7.1 left it: device trees, tables of fixed size,
 * and up to 7.0 a map made of bitmaps. Written by hand, from what the kernels
 * do, so that reading does not only prove what the encoders think.
 *
 * Whatever fails in here fails the test.
 */
#ifndef EARLY_H
#define EARLY_H

#include <luser/encode.h>
#include <luser/source.h>

/* Where memory ends. */
#define EARLY_END UINT64_C(0x110000000)

/**
 * struct early_subtree - a subnode of the root
 */
struct early_subtree {
	const char *name;
	uint64_t phys;
	uint64_t size;
};

/**
 * struct early - a handover being written
 * @image:    its memory
 * @abi:      of its root
 * @number:   that LUO gives the handover
 * @subtrees: what the root leads to
 * @sessions: LUO's table of sessions, and
 * @nr_sessions: how many are in it
 * @flbs:     LUO's table of FLBs, or 0
 * @map:      once finished, the first chunk of the map, and
 * @bitmaps:  where the bitmaps are
 * @root:     where to start
 */
struct early {
	struct luser_image *image;
	const struct luser_abi *abi;
	uint64_t number;
	struct early_subtree subtrees[4];
	unsigned int nr_subtrees;
	uint64_t sessions;
	unsigned int nr_sessions;
	uint64_t flbs;
	uint64_t map;
	uint64_t bitmaps[64];
	unsigned int nr_bitmaps;
	struct luser_root root;
};

/* An empty handover under this root; pages at random places. */
void early_begin(struct early *e, const struct luser_abi *abi,
		 uint32_t page_size);

void early_end(struct early *e);

/* A preserved block; returns its address. */
uint64_t early_block(struct early *e, uint32_t order);

/* Bytes at an address. */
uint8_t *early_at(struct early *e, uint64_t phys, size_t len);

/* Adds a subtree of @len bytes; returns where it is. */
uint64_t early_add_subtree(struct early *e, const char *name, const void *fdt,
			   size_t len);

/* LUO, with a session of so many files, each a memfd of two pages. */
void early_add_luo(struct early *e, unsigned int files);

/* A reservation of the kernel's command line. */
void early_add_memblock(struct early *e);

/* Writes the map and the root FDT. */
void early_finish(struct early *e);

#endif /* EARLY_H */
