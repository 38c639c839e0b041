/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A handover as one input for a fuzzer: this, and then pages, each with its
 * address in front of it.
 */
#ifndef FLAT_H
#define FLAT_H

#include <stdint.h>

#include "replay.h"

#define FLAT_MAGIC "luserflt"

/**
 * struct flat - in this machine's byte order
 * @magic: FLAT_MAGIC, without a NUL
 * @page_shift: of the kernel that wrote it
 * @root: address of the root FDT
 */
struct flat {
	char magic[8];
	uint64_t page_shift;
	uint64_t root;
};

/**
 * struct flat_input - an input's parts
 * @pages: each with its address in front of it
 */
struct flat_input {
	struct flat flat;
	const uint8_t *pages;
	size_t nr;
	uint32_t page_size;
};

/* False if it is not such an input. */
bool flat_parse(struct flat_input *in, const uint8_t *data, size_t size);

/*
 * Has it as a dump, to be given back with replay_close(). False if its pages are
 * too far from each other.
 */
bool flat_load(struct replay *r, const struct flat_input *in);

/* The same, and walks it. */
bool flat_take(struct replay *r, const struct flat_input *in);

/* Makes the checksums of all pages right that the walk came by. */
void flat_seal(const struct replay *r);

/* Writes the dump's pages over those of the input, which start at @data. */
void flat_put_back(const struct replay *r, const struct flat_input *in,
		   uint8_t *data);

#endif /* FLAT_H */
