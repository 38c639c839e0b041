// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Finding devices by segment and BDF: the index is built, then each is looked
 * up, in an order that has nothing to do with how they lie.
 */
#include <stdlib.h>

#include "passes.h"

static uint64_t key_of(const struct luser_iommu_v2_device *device)
{
	return (uint64_t)device->segment << 16 | device->bdf;
}

static uint64_t build(void *ctx)
{
	struct bench *b = ctx;
	uint32_t nr = b->state.spec.devices;

	luser_index_free(&b->index);
	if (luser_index_reserve(&b->index, nr) != LUSER_OK)
		return 0;
	for (uint32_t i = 0; i < nr; i++) {
		struct luser_index_entry *entry =
			luser_index_at(&b->index, key_of(&b->devices[i]));

		if (!entry)
			return 0;
		entry->value = i + UINT64_C(1);
	}
	return nr;
}

static uint64_t build_by_hand(void *ctx)
{
	struct bench *b = ctx;
	uint32_t nr = b->state.spec.devices;

	free(b->hand_index.entries);
	return hand_index_build(&b->hand_index, b->devices, nr) ? nr : 0;
}

static uint64_t find(void *ctx)
{
	const struct bench *b = ctx;
	const struct luser_index index = b->index;
	uint64_t total = 0;

	for (uint32_t i = 0; i < b->state.spec.devices; i++)
		total += luser_index_find(&index, b->keys[i]);
	return total;
}

static uint64_t find_by_hand(void *ctx)
{
	const struct bench *b = ctx;

	return hand_find_all(&b->hand_index, b->keys, b->state.spec.devices);
}

void measure_find(struct bench *b, struct bench_tally *tally)
{
	const struct bench_pass builders[] = {
		{"hand", BENCH_HAND, build_by_hand, b},
		{"luser", BENCH_LUSER, build, b},
	};
	const struct bench_pass finders[] = {
		{"hand", BENCH_HAND, find_by_hand, b},
		{"luser", BENCH_LUSER, find, b},
	};
	uint64_t nr = b->state.spec.devices;

	bench_measure(&(struct bench_work){"index", "-", nr, nr, builders, 2},
		      tally);
	bench_measure(&(struct bench_work){"look-up", "-", nr,
					   nr * (nr + 1) / 2, finders, 2},
		      tally);
}
