/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#ifndef BENCH_H
#define BENCH_H

#include <luser/encode.h>

#define BENCH_PAGE_SIZE 4096
#define BENCH_IOMMUS 64
#define BENCH_DOMAINS 1000
#define BENCH_DEVICES 1000000

/**
 * struct bench_state - state of the IOMMUs, in pages in order
 * @image:   the memory
 * @mem:     the same to be read
 * @root:    the root struct
 * @domains, @iommus, @devices: first page of each array
 * @bytes:   in the pages of devices
 * @free:    of the devices' slots
 */
struct bench_state {
	struct luser_image *image;
	struct luser_mem *mem;
	struct luser_encoded_root root;
	uint64_t iommus;
	uint64_t domains;
	uint64_t devices;
	uint64_t bytes;
	uint64_t free;
};

/* Makes up state in which one of @free_every device slots is free; 0: none. */
enum luser_code bench_state(struct bench_state *state, unsigned int free_every);

void bench_state_free(struct bench_state *state);

/* The yardstick: a 64-bit sum, in a file of its own, compiled with -O2. */
uint64_t bench_sum(const uint64_t *words, size_t count);

#endif /* BENCH_H */
