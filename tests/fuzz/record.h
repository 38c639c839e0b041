/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* One struct as an input for a fuzzer: this, and then its bytes. */
#ifndef RECORD_H
#define RECORD_H

#include <stdint.h>

#define RECORD_ROOT 96

/*
 * What @flags says; the lowest bits are the tag. Few want to be told why, all
 * bits of it: to say so takes longer than all else.
 */
#define RECORD_TAG	3
#define RECORD_ROOTLESS 4
#define RECORD_TOLD	0x38

/**
 * struct record_head - in this machine's byte order
 * @decoder:   its place in a table that starts again behind its last one
 * @flags:     RECORD_*
 * @page_size: 4096 times a power of two
 * @root:      first bytes of its ABI's root
 */
struct record_head {
	uint16_t decoder;
	uint8_t flags;
	uint8_t page_size;
	uint8_t root[RECORD_ROOT];
};

#endif /* RECORD_H */
