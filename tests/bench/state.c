// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/abi/iommu-v2.h>

#include "bench.h"

#define SIZE (UINT64_C(80) << 20)
#define LIVE LUSER_IOMMU_V2_RECORD_FLAGS_LIVE
#define INTEL LUSER_IOMMU_V2_DRIVER_INTEL

static void fill_iommu(uint32_t i, uint64_t page, uint8_t *at)
{
	struct luser_iommu_v2_iommu iommu = {
		.base = 0xfed00000 + (uint64_t)i * 4096,
		.flags = LIVE,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_IOMMU_DRIVER_OFFSET,
		.driver_size = LUSER_IOMMU_V2_INTEL_SIZE,
		.driver.intel.root_table = page,
	};

	luser_iommu_v2_iommu_pack(&iommu, LUSER_IOMMU_V2_IOMMU_SIZE, at);
}

static void fill_domain(uint32_t i, uint64_t page, uint8_t *at)
{
	struct luser_iommu_v2_domain domain = {
		.top_table = page,
		.format = LUSER_IOMMU_V2_TABLE_FORMAT_VTD_SECOND,
		.flags = LIVE,
		.top_level = 3,
		.va_bits = 48,
		.oa_bits = 52,
		.granule_shift = 12,
		.nr_tables = i + 1,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_DOMAIN_DRIVER_OFFSET,
	};

	luser_iommu_v2_domain_pack(&domain, LUSER_IOMMU_V2_DOMAIN_SIZE, at);
}

static void fill_device(uint32_t i, uint64_t page, uint8_t *at)
{
	struct luser_iommu_v2_device device = {
		.domain = (uint32_t)(i * UINT64_C(7919) % BENCH_DOMAINS),
		.iommu = (uint32_t)(i * UINT64_C(31) % BENCH_IOMMUS),
		.segment = i >> 16,
		.bdf = (uint16_t)i,
		.flags = LIVE,
		.domain_id = i & 0xffff,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_DEVICE_DRIVER_OFFSET,
		.driver_size = LUSER_IOMMU_V2_DEVICE_INTEL_SIZE,
		.driver.intel = {.pasid_dir = page, .max_pasid = i + 1},
	};

	luser_iommu_v2_device_pack(&device, LUSER_IOMMU_V2_DEVICE_SIZE, at);
}

/**
 * struct filler - an array to be filled
 */
struct filler {
	const struct luser_array *array;
	void (*fill)(uint32_t i, uint64_t page, uint8_t *at);
	uint32_t count;
	unsigned int free_every;
};

static enum luser_code fill(struct bench_state *state,
			    const struct filler *filler, uint64_t page,
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
			filler->fill(i, page, slot.at);
	}
	return code;
}

static enum luser_code fill_all(struct bench_state *state,
				unsigned int free_every, uint64_t page)
{
	const struct filler fillers[] = {
		{luser_iommu_v2_iommus_array(), fill_iommu, BENCH_IOMMUS, 0},
		{luser_iommu_v2_domains_array(), fill_domain, BENCH_DOMAINS, 0},
		{luser_iommu_v2_devices_array(), fill_device, BENCH_DEVICES,
		 free_every},
	};
	uint64_t *first[] = {&state->iommus, &state->domains, &state->devices};
	struct luser_array_writer writer;
	enum luser_code code = LUSER_OK;

	for (unsigned int i = 0; code == LUSER_OK && i < 3; i++) {
		code = fill(state, &fillers[i], page, &writer);
		*first[i] = writer.first;
	}
	state->bytes = writer.nr_pages * BENCH_PAGE_SIZE;
	return code;
}

static enum luser_code encode(struct bench_state *state,
			      unsigned int free_every)
{
	struct luser_iommu_v2_root root = {
		.page_size = BENCH_PAGE_SIZE,
		.mode = LUSER_IOMMU_V2_MODE_SCALABLE,
	};
	enum luser_code code;
	uint64_t page;

	code = luser_encode_root(state->image, &luser_abi_iommu_v2,
				 &state->root, NULL);
	if (code != LUSER_OK)
		return code;
	luser_iommu_v2_root_pack(&root, state->root.at);
	code = luser_image_alloc(state->image, 0, true, &page, NULL);
	return code == LUSER_OK ? fill_all(state, free_every, page) : code;
}

enum luser_code bench_state(struct bench_state *state, unsigned int free_every)
{
	enum luser_code code;

	*state = (struct bench_state){0};
	code = luser_image_new(0x100000000, SIZE, BENCH_PAGE_SIZE,
			       &state->image, NULL);
	if (code == LUSER_OK)
		code = encode(state, free_every);
	if (code == LUSER_OK)
		code = luser_image_mem(state->image, &state->mem, NULL);
	return code;
}

void bench_state_free(struct bench_state *state)
{
	luser_mem_close(state->mem);
	luser_image_free(state->image);
}
