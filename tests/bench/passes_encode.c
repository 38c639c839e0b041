// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Each pass writes pages of its own that were written before, so that none is
 * slower for new memory, or faster for what another one wrote just now; what it
 * wrote is decoded afterwards.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "passes.h"
#include "peers.h"

static uint64_t copy(void *ctx)
{
	const struct bench *b = ctx;

	for (uint64_t i = 0; i < b->state.nr_pages; i++)
		memcpy(b->pages[i], b->copy + i * BENCH_PAGE_SIZE,
		       BENCH_PAGE_SIZE);
	return b->pages[0][0];
}

static uint64_t by_hand(void *ctx)
{
	const struct bench *b = ctx;

	hand_encode(b->hand_pages, b->phys, 0, b->devices,
		    b->state.spec.devices);
	return b->total;
}

static uint64_t encode(void *ctx)
{
	const struct bench *b = ctx;
	const struct luser_iommu_v2_device *in = b->devices;
	uint32_t left = b->state.spec.devices;
	struct luser_array_writer writer;

	luser_array_begin(&writer, b->written, &b->state.wide,
			  b->state.root.header, 0);
	luser_image_place(b->written, b->phys[0]);
	for (uint64_t i = 0; i < b->state.nr_pages; i++) {
		uint32_t nr;

		if (luser_array_add_page(&writer, NULL) != LUSER_OK)
			return 0;
		if (i + 1 < b->state.nr_pages)
			luser_image_place(b->written, b->phys[i + 1]);
		nr = left < writer.capacity ? left : writer.capacity;
		if (luser_iommu_v2_devices_encode(&writer, in, nr, NULL) !=
		    LUSER_OK)
			return 0;
		in += nr;
		left -= nr;
	}
	return left ? 0 : b->total;
}

static void check(const struct bench *b, const char *who, uint8_t *memory,
		  struct bench_tally *tally)
{
	struct hand hand = b->hand;

	hand.memory = memory;
	if (memory && hand_decode(&hand) == b->total)
		return;
	fprintf(stderr, "what %s wrote does not decode\n", who);
	tally->wrong++;
}

/* Pages at the same places in an image of their own. */
static bool make_pages(struct bench *b)
{
	b->hand_pages = calloc(b->state.nr_pages, sizeof(*b->hand_pages));
	if (!b->hand_pages)
		return false;
	for (uint64_t i = 0; i < b->state.nr_pages; i++) {
		uint64_t phys;

		luser_image_place(b->by_hand, b->phys[i]);
		if (luser_image_alloc(b->by_hand, 0, true, &phys, NULL) !=
		    LUSER_OK)
			return false;
		b->hand_pages[i] = luser_image_at(b->by_hand, phys,
						  BENCH_PAGE_SIZE);
	}
	return true;
}

static enum luser_code make_image(const struct bench *b,
				  struct luser_image **image)
{
	return luser_image_new(b->state.base, b->state.size, BENCH_PAGE_SIZE,
			       image, NULL);
}

void measure_encode(struct bench *b, struct bench_tally *tally)
{
	struct bench_pass passes[3 + NR_PEERS] = {
		{"memcpy", BENCH_MEMCPY, copy, b},
		{"hand", BENCH_HAND, by_hand, b},
		{"luser", BENCH_LUSER, encode, b},
	};
	size_t nr = 3;

	if (make_image(b, &b->written) != LUSER_OK ||
	    make_image(b, &b->by_hand) != LUSER_OK || !make_pages(b)) {
		tally->wrong++;
		return;
	}
	pass_memcpy(b);
	if (!b->state.spec.seed)
		nr += peers_encode(b, passes + nr);
	measure_records(b, "encode", passes, nr, tally);
	by_hand(b);
	check(b, "code by hand",
	      bench_memory(b->by_hand, b->phys[0], b->state.base), tally);
	encode(b);
	check(b, "luser", bench_memory(b->written, b->phys[0], b->state.base),
	      tally);
}
