/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What no reader of the pages can be faster than, and what one that was written
 * for this one layout takes.
 */
#ifndef YARDSTICK_H
#define YARDSTICK_H

#include <luser/abi/iommu-v2.h>

#include "bench.h"

/* yardstick.c: compiled with -O3, so that it is vectorised */
uint64_t bench_sum(const uint64_t *words, size_t count);

/**
 * struct hand - what the code written by hand is given
 * @memory, @base, @size: the memory
 * @first:   address of the first page of devices
 * @handover, @mode: as the root says
 * @domains, @iommus: by index, 0 for a free slot
 */
struct hand {
	uint8_t *memory;
	uint64_t base;
	uint64_t size;
	uint64_t first;
	uint64_t handover;
	uint16_t mode;
	const uint8_t *domains;
	uint64_t nr_domains;
	const uint8_t *iommus;
	uint64_t nr_iommus;
};

/* What a reader makes of records: it looks at two of their fields. */
static inline uint64_t bench_total(const struct luser_iommu_v2_device *device,
				   uint32_t nr)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < nr; i++)
		total += device[i].domain_id + device[i].driver.intel.max_pasid;
	return total;
}

/* hand.c: UINT64_MAX if something is wrong */
uint64_t hand_decode(const struct hand *hand);
void hand_encode(uint8_t *const *pages, const uint64_t *phys,
		 uint64_t handover, const struct luser_iommu_v2_device *devices,
		 uint32_t nr);

/**
 * struct hand_index - slots by a key, for hand_find()
 */
struct hand_index {
	uint64_t (*entries)[2];
	uint64_t mask;
	uint64_t factor;
};

bool hand_index_build(struct hand_index *index,
		      const struct luser_iommu_v2_device *devices, uint32_t nr);
uint64_t hand_find_all(const struct hand_index *index, const uint64_t *keys,
		       uint32_t nr);

/* Pages in the leaves below a root, and ranges that they make up; 0 if wrong. */
uint64_t hand_map(const struct hand *hand, uint64_t root, unsigned int levels);

#endif /* YARDSTICK_H */
