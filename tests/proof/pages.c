// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Pages of any content through the generated decoders of iommu-v2. Behind the
 * last record in use there is nothing, nor behind the room for it.
 *
 * Assumed is what array_check() leaves: records of @stride bytes, at least as
 * large as any ever was, of which @used lie in what follows the header.
 */
#include <luser/abi/iommu-v2-pages.h>

#include "any.h"

/* Records: each step of a loop over them was seen, and the end of it. */
#define MOST 2

/*@ requires known: \valid_read(at + (0 .. type->size - 1));
  @ requires all: \valid_read(at + (0 .. stride - 1));
  @ requires page_size: \initialized(&env->page_size);
  @ requires \valid(err);
  @ assigns *err \from indirect: at[0 .. stride - 1];
  @ assigns \result \from at[0 .. stride - 1];
  @ ensures \initialized(&err->phys);
  @ ensures \result == LUSER_OK || \result == LUSER_INVALID;
  @*/
enum luser_code luser_record_explain(const struct luser_struct *type,
				     const uint8_t *at, uint32_t stride,
				     const struct luser_env *env,
				     struct luser_error *err);

static struct luser_array_reader reader;

static void take(void *ctx, uint64_t index, const struct luser_error *err)
{
	(void)ctx;
	(void)index;
	(void)err->phys;
}

static void set_reader(const struct luser_array *array, uint32_t stride,
		       uint32_t used, bool has_root)
{
	reader.array = array;
	reader.env = any_env(has_root);
	reader.phys = any_number(0, UINT64_MAX);
	reader.records = any_bytes((size_t)used * stride);
	reader.used = used;
	reader.stride = stride;
	reader.capacity = (uint32_t)any_number(used, UINT32_MAX);
	reader.slot = any_number(0, UINT64_MAX);
}

static struct luser_iommu_v2_root roots[MOST];
static struct luser_iommu_v2_iommu iommus[MOST];
static struct luser_iommu_v2_domain domains[MOST];
static struct luser_iommu_v2_device devices[MOST];

/* An array of @nr slots, any of which are free. */
static uint8_t states[2][300];

static struct luser_slots any_slots(uint32_t which, uint64_t nr)
{
	struct luser_slots slots = { .nr = nr };

	Frama_C_make_unknown((char *)states[which], sizeof(states[which]));
	if (nr)
		slots.state = states[which] + sizeof(states[which]) - nr;
	return slots;
}

static void any_devices(uint64_t nr_domains, uint64_t nr_iommus)
{
	const struct luser_slots of_domains = any_slots(0, nr_domains);
	const struct luser_slots of_iommus = any_slots(1, nr_iommus);

	luser_iommu_v2_devices_decode_page(&reader, &of_domains, &of_iommus,
					   devices + MOST - reader.used, take,
					   NULL);
}

static void any_page(uint32_t stride, uint32_t used, bool has_root)
{
	set_reader(luser_iommu_v2_root_array(), stride, used, has_root);
	luser_iommu_v2_root_decode_page(&reader, roots + MOST - used, take,
					NULL);
	luser_iommu_v2_iommus_decode_page(&reader, iommus + MOST - used, take,
					  NULL);
	luser_iommu_v2_domains_decode_page(&reader, domains + MOST - used,
					   take, NULL);
	any_devices(0, 300);
	any_devices(300, 1);
}

/* Records of any content are written, and no byte behind them. */
static void put_any(void)
{
	struct luser_iommu_v2_root root;
	struct luser_iommu_v2_iommu iommu;
	struct luser_iommu_v2_domain domain;
	struct luser_iommu_v2_device device;

	Frama_C_make_unknown((char *)&root, sizeof(root));
	Frama_C_make_unknown((char *)&iommu, sizeof(iommu));
	Frama_C_make_unknown((char *)&domain, sizeof(domain));
	Frama_C_make_unknown((char *)&device, sizeof(device));
	luser_iommu_v2_root_put(&root, any_bytes(LUSER_IOMMU_V2_ROOT_SIZE));
	luser_iommu_v2_iommus_put(&iommu, any_bytes(LUSER_IOMMU_V2_IOMMU_SIZE));
	luser_iommu_v2_domains_put(&domain,
				   any_bytes(LUSER_IOMMU_V2_DOMAIN_SIZE));
	luser_iommu_v2_devices_put(&device,
				   any_bytes(LUSER_IOMMU_V2_DEVICE_SIZE));
}

static void any_pages(uint32_t stride, uint32_t most, bool has_root)
{
	for (uint32_t used = 0; used <= most; used++)
		any_page(stride, used, has_root);
}

int main(void)
{
	for (uint32_t i = 0; i < NR_PAGE_STRIDES; i++)
		any_pages(page_strides[i], MOST, true);
	any_pages(48, MOST, false);
	put_any();
	return 0;
}
