/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A handover as one input for a fuzzer: this, and then pages, each with its
 * address in front of it.
 */
#ifndef FLAT_H
#define FLAT_H

#include <stdint.h>

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

#endif /* FLAT_H */
