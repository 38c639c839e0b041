// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * State of the IOMMUs, as an old kernel would write it.
 */
#include <luser/abi/iommu-v2.h>

#include "bench.h"

#define BASE 0x100000000
#define LIVE LUSER_IOMMU_V2_RECORD_FLAGS_LIVE
#define INTEL LUSER_IOMMU_V2_DRIVER_INTEL
#define LEGACY LUSER_IOMMU_V2_MODE_LEGACY

/* Tables: the domains', the units' and one for all devices. */
#define TABLES_ORDER 10
#define NR_TABLES (1 << TABLES_ORDER)

/**
 * struct filler - an array to be filled
 * @tables: pages to point at, one for each record that needs its own
 */
struct filler {
	const struct luser_array *array;
	void (*fill)(const struct filler *filler, uint32_t i, uint8_t *at);
	const struct bench_spec *spec;
	uint64_t tables;
	uint32_t count;
	uint32_t free_every;
};

static uint64_t table(const struct filler *filler, uint32_t i)
{
	return filler->tables + (uint64_t)i * BENCH_PAGE_SIZE;
}

static void fill_iommu(const struct filler *filler, uint32_t i, uint8_t *at)
{
	struct luser_iommu_v2_iommu iommu = {
		.base = 0xfed00000 + (uint64_t)i * 4096,
		.flags = LIVE,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_IOMMU_DRIVER_OFFSET,
		.driver_size = LUSER_IOMMU_V2_INTEL_SIZE,
		.driver.intel.root_table = table(filler, i),
	};

	luser_iommu_v2_iommu_pack(&iommu, LUSER_IOMMU_V2_IOMMU_SIZE, at);
}

static void fill_domain(const struct filler *filler, uint32_t i, uint8_t *at)
{
	struct luser_iommu_v2_domain domain = {
		.top_table = table(filler, i),
		.format = LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND,
		.flags = LIVE,
		.top_level = 3,
		.va_bits = 48,
		.oa_bits = 52,
		.granule_shift = 12,
		.nr_tables = 1,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_DOMAIN_DRIVER_OFFSET,
	};

	luser_iommu_v2_domain_pack(&domain, LUSER_IOMMU_V2_DOMAIN_SIZE, at);
}

void bench_device(const struct bench_spec *spec, uint32_t i, uint64_t page,
		  struct luser_iommu_v2_device *device)
{
	uint32_t domain = (uint32_t)(i * UINT64_C(7919) % BENCH_DOMAINS);
	bool legacy = spec->mode == LEGACY;

	*device = (struct luser_iommu_v2_device){
		.domain = domain,
		.iommu = (uint32_t)(i * UINT64_C(31) % BENCH_IOMMUS),
		.segment = i >> 16,
		.bdf = (uint16_t)i,
		.flags = LIVE,
		.domain_id = domain + 1,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_DEVICE_DRIVER_OFFSET,
		.driver_size = LUSER_IOMMU_V2_DEVICE_INTEL_SIZE,
		.driver.intel = {
			.pasid_dir = legacy ? 0 : page,
			.max_pasid = legacy ? 0 : i + 1,
		},
	};
}

static void fill_device(const struct filler *filler, uint32_t i, uint8_t *at)
{
	struct luser_iommu_v2_device device;

	bench_device(filler->spec, i, table(filler, 0), &device);
	luser_iommu_v2_device_pack(&device, LUSER_IOMMU_V2_DEVICE_SIZE, at);
}

static enum luser_code fill(struct bench_state *state,
			    const struct filler *filler,
			    struct luser_array_writer *writer)
{
	enum luser_code code = LUSER_OK;
	struct luser_slot slot;

	luser_array_begin(writer, state->image, filler->array,
			  state->root.header, 0);
	for (uint32_t i = 0; code == LUSER_OK && i < filler->count; i++) {
		if (filler->free_every && i % filler->free_every == 7) {
			code = luser_array_add_free(writer, NULL);
			state->free++;
			continue;
		}
		code = luser_array_add(writer, &slot, NULL);
		if (code == LUSER_OK)
			filler->fill(filler, i, slot.at);
	}
	return code;
}

static void link_array(struct bench_state *state,
		       const struct luser_array_writer *writer)
{
	struct luser_array_writer own = *writer;

	/* The root knows the ABI's array, not the wider one. */
	if (own.array == &state->wide)
		own.array = luser_iommu_v2_devices_array();
	luser_array_link(&own, luser_iommu_v2_root_type(), state->root.at);
}

static enum luser_code fill_all(struct bench_state *state, uint64_t tables)
{
	const struct bench_spec *spec = &state->spec;
	const struct filler fillers[] = {
		{luser_iommu_v2_iommus_array(), fill_iommu, spec,
		 tables + (NR_TABLES << 12), BENCH_IOMMUS, 0},
		{luser_iommu_v2_domains_array(), fill_domain, spec, tables,
		 BENCH_DOMAINS, 0},
		{&state->wide, fill_device, spec,
		 tables + ((NR_TABLES - 1) << 12), spec->devices,
		 spec->free_every},
	};
	uint64_t *first[] = {&state->iommus, &state->domains, &state->devices};
	struct luser_array_writer writer;
	enum luser_code code = LUSER_OK;

	for (unsigned int i = 0; code == LUSER_OK && i < 3; i++) {
		code = fill(state, &fillers[i], &writer);
		*first[i] = writer.first;
		link_array(state, &writer);
	}
	state->nr_pages = writer.nr_pages;
	state->table = fillers[2].tables;
	return code;
}

static enum luser_code take_tables(struct luser_image *image, uint64_t *tables)
{
	enum luser_code code;
	uint64_t more;

	code = luser_image_alloc(image, TABLES_ORDER, true, tables, NULL);
	if (code == LUSER_OK)
		code = luser_image_alloc(image, TABLES_ORDER - 4, true, &more,
					 NULL);
	return code == LUSER_OK && more != *tables + (NR_TABLES << 12) ?
		       LUSER_NOMEM : code;
}

enum luser_code bench_state_in(struct bench_state *state,
			       const struct bench_spec *spec,
			       struct luser_image *image)
{
	struct luser_iommu_v2_root root = {
		.page_size = BENCH_PAGE_SIZE,
		.mode = spec->mode,
	};
	uint64_t tables;
	enum luser_code code;

	*state = (struct bench_state){
		.spec = *spec,
		.image = image,
		.wide = *luser_iommu_v2_devices_array(),
	};
	state->wide.max_pages = UINT32_MAX;
	luser_image_scatter(image, 0);
	code = take_tables(image, &tables);
	luser_image_scatter(image, spec->seed);
	if (code == LUSER_OK)
		code = luser_encode_root(image, &luser_abi_iommu_v2,
					 &state->root, NULL);
	if (code != LUSER_OK)
		return code;
	luser_iommu_v2_root_pack(&root, state->root.at);
	return fill_all(state, tables);
}

uint8_t *bench_memory(struct luser_image *image, uint64_t phys, uint64_t base)
{
	uint8_t *at = luser_image_at(image, phys, 1);

	return at ? at - (phys - base) : NULL;
}

static uint64_t room_for(const struct bench_spec *spec)
{
	uint64_t pages = spec->devices /
				 LUSER_IOMMU_V2_DEVICES_CAPACITY(
					 BENCH_PAGE_SIZE) + 4 * NR_TABLES;

	/* Places drawn at random are soon taken where there is little room. */
	return (spec->seed ? 2 : 1) * pages * BENCH_PAGE_SIZE;
}

enum luser_code bench_state(struct bench_state *state,
			    const struct bench_spec *spec)
{
	struct luser_image *image;
	enum luser_code code;

	code = luser_image_new(BASE, room_for(spec), BENCH_PAGE_SIZE, &image,
			       NULL);
	if (code != LUSER_OK)
		return code;
	code = bench_state_in(state, spec, image);
	state->base = BASE;
	state->size = room_for(spec);
	state->memory = bench_memory(image, state->table, BASE);
	return code == LUSER_OK ? luser_image_mem(image, &state->mem, NULL) :
				  code;
}

struct luser_env bench_env(const struct bench_state *state)
{
	return (struct luser_env){
		.page_size = BENCH_PAGE_SIZE,
		.page_shift = (uint32_t)__builtin_ctz(BENCH_PAGE_SIZE),
		.root = state->root.at,
		.root_size = LUSER_IOMMU_V2_ROOT_SIZE,
	};
}

void bench_state_free(struct bench_state *state)
{
	luser_mem_close(state->mem);
	luser_image_free(state->image);
}
