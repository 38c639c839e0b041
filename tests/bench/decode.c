// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * How long it takes to decode and validate a million device records, measured
 * by a plain sum of as many bytes. The passes take turns, so that whatever
 * else the machine does hits all of them alike.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <luser/abi/iommu-v2-pages.h>

#include "bench.h"

#define REPEATS 101
#define LIMIT 1.2

enum { SUM, DECODE, CHECKSUM, PASSES };

static const char *const names[PASSES] = {
	"plain 64-bit sum", "decode, validated", "checksum (CRC32C)",
};

/**
 * struct bench - what the passes need and what they found
 * @state:   the records
 * @domains, @iommus: what devices refer to
 * @sound:   records that the last decoder accepted
 * @times:   seconds by pass and repeat
 * @keep:    so that no pass is optimized away
 */
struct bench {
	struct bench_state state;
	struct luser_slots domains;
	struct luser_slots iommus;
	uint64_t sound;
	double times[PASSES][REPEATS];
	volatile uint64_t keep;
};

/* Loads from it do not look like they hit stores into the page behind them. */
static _Alignas(4096) struct {
	char shift[2048];
	struct luser_iommu_v2_device devices
		[LUSER_IOMMU_V2_DEVICES_CAPACITY(BENCH_PAGE_SIZE)];
} out;

static struct luser_env env_of(const struct bench_state *state)
{
	return (struct luser_env){
		.page_size = BENCH_PAGE_SIZE,
		.page_shift = (uint32_t)__builtin_ctz(BENCH_PAGE_SIZE),
		.root = state->root.at,
		.root_size = LUSER_IOMMU_V2_ROOT_SIZE,
	};
}

static bool open_array(const struct bench_state *state,
		       const struct luser_array *array, uint64_t first,
		       struct luser_array_reader *reader)
{
	struct luser_env env = env_of(state);

	/* Not frozen, so the reader itself computes no checksum. */
	return luser_array_open(reader, state->mem, array, first, &env, false,
				NULL, NULL) == LUSER_OK;
}

static bool load(const struct bench_state *state,
		 const struct luser_array *array, uint64_t first,
		 struct luser_slots *slots)
{
	struct luser_array_reader reader;
	bool ok = open_array(state, array, first, &reader);

	if (!ok)
		return false;
	while (ok && luser_array_next(&reader))
		ok = luser_slots_add(slots, &reader) == LUSER_OK;
	luser_array_close(&reader);
	return ok;
}

static void decode(struct bench *bench)
{
	const struct bench_state *state = &bench->state;
	struct luser_array_reader reader;

	bench->sound = 0;
	if (!open_array(state, luser_iommu_v2_devices_array(), state->devices,
			&reader))
		return;
	while (luser_array_next(&reader))
		bench->sound += luser_iommu_v2_devices_decode_page(
			&reader, &bench->domains, &bench->iommus, out.devices,
			NULL, NULL);
	luser_array_close(&reader);
	bench->keep += out.devices[0].domain_id;
}

static void checksum(struct bench *bench, const uint8_t *at)
{
	for (uint64_t i = 0; i < bench->state.bytes; i += BENCH_PAGE_SIZE)
		bench->keep += luser_page_checksum(
			luser_iommu_v2_devices_array(), at + i,
			BENCH_PAGE_SIZE);
}

static void pass(struct bench *bench, int which)
{
	const uint8_t *at = luser_image_at(bench->state.image,
					   bench->state.devices,
					   bench->state.bytes);

	if (which == DECODE)
		decode(bench);
	else if (which == CHECKSUM)
		checksum(bench, at);
	else
		bench->keep += bench_sum((const uint64_t *)(const void *)at,
					 bench->state.bytes / 8);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void measure(struct bench *bench)
{
	for (int i = 0; i < REPEATS; i++)
		for (int which = 0; which < PASSES; which++) {
			double start = now();

			pass(bench, which);
			bench->times[which][i] = now() - start;
		}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *values)
{
	double sorted[REPEATS];

	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, REPEATS, sizeof(*sorted), by_value);
	return sorted[REPEATS / 2];
}

static double report(const struct bench *bench)
{
	double sum = median(bench->times[SUM]);

	printf("%d records of %d bytes, %" PRIu64
	       " slots of them free, median of %d repeats:\n",
	       BENCH_DEVICES, LUSER_IOMMU_V2_DEVICE_SIZE, bench->state.free,
	       REPEATS);
	for (int i = 0; i < PASSES; i++) {
		double time = median(bench->times[i]);

		printf("  %-20s %8.3f ms %7.2f GB/s %6.2f\n", names[i],
		       time * 1e3, (double)bench->state.bytes / time * 1e-9,
		       time / sum);
	}
	return median(bench->times[DECODE]) / sum;
}

static bool set_up(struct bench *bench, unsigned int free_every)
{
	const struct bench_state *state = &bench->state;

	return bench_state(&bench->state, free_every) == LUSER_OK &&
	       load(state, luser_iommu_v2_domains_array(), state->domains,
		    &bench->domains) &&
	       load(state, luser_iommu_v2_iommus_array(), state->iommus,
		    &bench->iommus);
}

/* The ratio, or a negative number if what was decoded is wrong. */
static double run(struct bench *bench, unsigned int free_every)
{
	double ratio = -1;

	if (!set_up(bench, free_every))
		return ratio;
	decode(bench);
	if (bench->sound == BENCH_DEVICES - bench->state.free) {
		measure(bench);
		ratio = report(bench);
	}
	luser_slots_free(&bench->domains);
	luser_slots_free(&bench->iommus);
	bench_state_free(&bench->state);
	return ratio;
}

int main(void)
{
	static struct bench bench;
	double ratio = run(&bench, 0);

	if (ratio < 0 || run(&bench, 100) < 0) {
		fprintf(stderr, "bench_decode: the records do not decode\n");
		return 2;
	}
	printf("decode takes %.2f times the sum, limit %.2f\n", ratio, LIMIT);
	return ratio > LIMIT;
}
