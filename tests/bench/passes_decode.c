// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "passes.h"
#include "peers.h"

/* Loads from it do not look like they hit stores into the page behind them. */
static _Alignas(4096) struct {
	char shift[2048];
	struct luser_iommu_v2_device devices
		[LUSER_IOMMU_V2_DEVICES_CAPACITY(BENCH_PAGE_SIZE)];
} out;

static volatile uint64_t keep;

static uint64_t sum(void *ctx)
{
	const struct bench *b = ctx;
	uint64_t total = 0;

	for (uint64_t i = 0; i < b->state.nr_pages; i++)
		total += bench_sum((const uint64_t *)(const void *)b->pages[i],
				   BENCH_PAGE_SIZE / 8);
	keep = total;
	return total;
}

static uint64_t decode(void *ctx)
{
	const struct bench *b = ctx;
	const struct bench_state *state = &b->state;
	struct luser_env env = bench_env(state);
	struct luser_array_reader reader;
	uint64_t total = 0, sound = 0;

	/* Not frozen, so the reader itself computes no checksum. */
	if (luser_array_open(&reader, state->mem, &state->wide, state->devices,
			     &env, false, NULL, NULL) != LUSER_OK)
		return 0;
	while (luser_array_next(&reader)) {
		sound += luser_iommu_v2_devices_decode_page(
			&reader, &b->domains, &b->iommus, out.devices, NULL,
			NULL);
		total += bench_total(out.devices, reader.used);
	}
	luser_array_close(&reader);
	return sound == state->spec.devices ? total : 0;
}

static uint64_t by_hand(void *ctx)
{
	const struct bench *b = ctx;

	return hand_decode(&b->hand);
}

/* A row of its own: it is added to the decoding of what is sealed. */
static uint64_t checksum(void *ctx)
{
	const struct bench *b = ctx;
	uint64_t total = 0;

	for (uint64_t i = 0; i < b->state.nr_pages; i++)
		total += luser_page_checksum(&b->state.wide, b->pages[i],
					     BENCH_PAGE_SIZE);
	keep = total;
	return b->total;
}

void measure_decode(struct bench *b, struct bench_tally *tally)
{
	struct bench_pass passes[6 + NR_PEERS] = {
		{"memcpy", BENCH_MEMCPY, pass_memcpy, b},
		{"sum", BENCH_SUM, sum, b},
		{"hand", BENCH_HAND, by_hand, b},
		{"luser", BENCH_LUSER, decode, b},
		{"crc32c", BENCH_ROW, checksum, b},
	};
	size_t nr = 5;

	if (!b->state.spec.seed)
		nr += peers_decode(b, passes + nr);
	measure_records(b, "decode", passes, nr, tally);
}
