/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the benchmarks share: the state that is measured on.
 */
#ifndef BENCH_H
#define BENCH_H

#include <luser/array.h>
#include <luser/encode.h>

#define BENCH_PAGE_SIZE 4096
#define BENCH_IOMMUS 64
#define BENCH_DOMAINS 1000

/**
 * struct bench_spec - what state to make up
 * @devices:    records
 * @free_every: one of so many slots is free; 0: none
 * @seed:       gives the pages random places; 0: they are in order
 * @mode:       of the IOMMUs; in legacy mode every rule of a whole view holds
 */
struct bench_spec {
	uint32_t devices;
	uint32_t free_every;
	uint64_t seed;
	uint16_t mode;
};

/**
 * struct bench_state - state of the IOMMUs in memory
 * @spec:    what was asked for
 * @image:   the memory: @size bytes from @base on, at @memory
 * @mem:     the same to be read
 * @wide:    the array of devices, with as many pages as it takes: the ABI's
 *           own limit is 5.5 million devices in pages of 4 KiB
 * @root:    the root struct
 * @table:   a page that devices lead to
 * @iommus, @domains, @devices: first page of each array
 * @nr_pages: of devices
 * @free:    of the devices' slots
 */
struct bench_state {
	struct bench_spec spec;
	struct luser_image *image;
	uint8_t *memory;
	uint64_t base;
	uint64_t size;
	struct luser_mem *mem;
	struct luser_array wide;
	struct luser_encoded_root root;
	uint64_t table;
	uint64_t iommus;
	uint64_t domains;
	uint64_t devices;
	uint64_t nr_pages;
	uint64_t free;
};

/* state.c: state made up in an image of its own, or in one that is there */
enum luser_code bench_state(struct bench_state *state,
			    const struct bench_spec *spec);
enum luser_code bench_state_in(struct bench_state *state,
			       const struct bench_spec *spec,
			       struct luser_image *image);
void bench_state_free(struct bench_state *state);

/* The bytes of an image from @base on, one of whose pages is @phys; or NULL. */
uint8_t *bench_memory(struct luser_image *image, uint64_t phys, uint64_t base);

/* What the arrays are read with. */
struct luser_env bench_env(const struct bench_state *state);

/* Device @i as a program has it; the page is what it leads to. */
struct luser_iommu_v2_device;
void bench_device(const struct bench_spec *spec, uint32_t i, uint64_t page,
		  struct luser_iommu_v2_device *device);

/* handover.c: whole handovers, saved as dumps */
enum luser_code bench_save_devices(const char *path, uint32_t devices,
				   struct luser_error *err);

/**
 * struct bench_map - a map of preserved memory
 * @fdt:   the root FDT, which leads to it
 * @map:   its root
 * @levels: of tables, the leaves included
 * @pages: that are preserved
 */
struct bench_map {
	struct luser_image *image;
	uint8_t *memory;
	uint64_t base;
	uint64_t size;
	struct luser_mem *mem;
	uint64_t fdt;
	uint64_t map;
	unsigned int levels;
	uint64_t pages;
};

/* @pattern: full, random, alternating, or sparse: a page in 268 at random */
enum luser_code bench_map(struct bench_map *map, const char *pattern,
			  uint32_t leaves);
void bench_map_free(struct bench_map *map);
enum luser_code bench_save_map(const char *path, const char *pattern,
			       uint32_t leaves, struct luser_error *err);

#endif /* BENCH_H */
