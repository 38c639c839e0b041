/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The passes over one state.
 */
#ifndef PASSES_H
#define PASSES_H

#include <luser/index.h>
#include <luser/abi/iommu-v2-pages.h>

#include "measure.h"
#include "yardstick.h"

/**
 * struct bench - one state, and what the passes need
 * @devices: as a program has them
 * @total:   what a reader finds
 * @bytes:   of the pages of devices
 * @pages, @phys: those pages in the array's order
 * @copy:    room for the pages
 * @written: what the encoder writes
 * @by_hand: what the code by hand writes, and
 * @hand_pages: its pages
 * @domains, @iommus: the slots that devices refer to
 * @keys:    what devices are found by, in no order
 */
struct bench {
	struct bench_state state;
	struct luser_iommu_v2_device *devices;
	uint64_t total;
	uint64_t bytes;
	uint8_t **pages;
	uint64_t *phys;
	uint8_t *copy;
	struct luser_image *written;
	struct luser_image *by_hand;
	uint8_t **hand_pages;
	struct luser_slots domains;
	struct luser_slots iommus;
	struct hand hand;
	uint64_t *keys;
	struct luser_index index;
	struct hand_index hand_index;
};

/* passes.c: what all of them need */
bool bench_open(struct bench *b, const struct bench_spec *spec);
void bench_close(struct bench *b);
uint64_t pass_memcpy(void *ctx);

/* All passes find the total of the devices. */
void measure_records(const struct bench *b, const char *work,
		     const struct bench_pass *passes, size_t nr_passes,
		     struct bench_tally *tally);

/* passes_*.c: the work */
void measure_decode(struct bench *b, struct bench_tally *tally);
void measure_encode(struct bench *b, struct bench_tally *tally);
void measure_find(struct bench *b, struct bench_tally *tally);
bool measure_map(const char *pattern, struct bench_tally *tally);

#endif /* PASSES_H */
