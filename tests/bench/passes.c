// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "passes.h"

static bool load(const struct bench_state *state,
		 const struct luser_array *array, uint64_t first,
		 struct luser_slots *slots)
{
	struct luser_env env = bench_env(state);
	struct luser_array_reader reader;
	bool ok;

	if (luser_array_open(&reader, state->mem, array, first, &env, false,
			     NULL, NULL) != LUSER_OK)
		return false;
	ok = true;
	while (ok && luser_array_next(&reader))
		ok = luser_slots_add(slots, &reader) == LUSER_OK;
	luser_array_close(&reader);
	return ok;
}

static bool list_pages(struct bench *b)
{
	const struct bench_state *state = &b->state;
	uint64_t phys = state->devices;

	b->bytes = state->nr_pages * BENCH_PAGE_SIZE;
	b->pages = calloc(state->nr_pages, sizeof(*b->pages));
	b->phys = calloc(state->nr_pages, sizeof(*b->phys));
	b->copy = malloc(b->bytes);
	if (!b->pages || !b->phys || !b->copy)
		return false;
	memset(b->copy, 1, b->bytes);
	for (uint64_t i = 0; i < state->nr_pages; i++) {
		b->phys[i] = phys;
		b->pages[i] = luser_image_at(state->image, phys,
					     BENCH_PAGE_SIZE);
		phys = luser_field_get(state->wide.next, b->pages[i], 0);
	}
	return true;
}

static bool list_devices(struct bench *b)
{
	uint32_t nr = b->state.spec.devices;

	b->devices = calloc(nr, sizeof(*b->devices));
	b->keys = calloc(nr, sizeof(*b->keys));
	if (!b->devices || !b->keys)
		return false;
	for (uint32_t i = 0; i < nr; i++) {
		/* 7,654,321 has no divisor in common with the sizes. */
		uint64_t other = i * UINT64_C(7654321) % nr;

		bench_device(&b->state.spec, i, b->state.table, &b->devices[i]);
		b->keys[i] = other;
	}
	b->total = bench_total(b->devices, nr);
	return true;
}

static struct hand hand_of(const struct bench *b)
{
	const struct bench_state *state = &b->state;

	return (struct hand){
		.memory = state->memory,
		.base = state->base,
		.size = state->size,
		.first = state->devices,
		.mode = state->spec.mode,
		.domains = b->domains.state,
		.nr_domains = b->domains.nr,
		.iommus = b->iommus.state,
		.nr_iommus = b->iommus.nr,
	};
}

bool bench_open(struct bench *b, const struct bench_spec *spec)
{
	const struct bench_state *state = &b->state;
	bool ok = bench_state(&b->state, spec) == LUSER_OK &&
		  load(state, luser_iommu_v2_domains_array(), state->domains,
		       &b->domains) &&
		  load(state, luser_iommu_v2_iommus_array(), state->iommus,
		       &b->iommus) &&
		  list_pages(b) && list_devices(b);

	b->hand = hand_of(b);
	return ok;
}

void bench_close(struct bench *b)
{
	luser_slots_free(&b->domains);
	luser_slots_free(&b->iommus);
	luser_index_free(&b->index);
	free(b->hand_index.entries);
	free(b->keys);
	free(b->devices);
	free(b->copy);
	free(b->phys);
	free(b->pages);
	free(b->hand_pages);
	luser_image_free(b->written);
	luser_image_free(b->by_hand);
	bench_state_free(&b->state);
}

uint64_t pass_memcpy(void *ctx)
{
	const struct bench *b = ctx;

	for (uint64_t i = 0; i < b->state.nr_pages; i++)
		memcpy(b->copy + i * BENCH_PAGE_SIZE, b->pages[i],
		       BENCH_PAGE_SIZE);
	return b->copy[0];
}

void measure_records(const struct bench *b, const char *work,
		     const struct bench_pass *passes, size_t nr_passes,
		     struct bench_tally *tally)
{
	const struct bench_spec *spec = &b->state.spec;

	bench_measure(&(struct bench_work){
			      .name = work,
			      .order = spec->seed ? "random" : "in row",
			      .units = spec->devices,
			      .expect = b->total,
			      .passes = passes,
			      .nr_passes = nr_passes,
		      }, tally);
}
