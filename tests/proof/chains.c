// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Chains of pages of any content, for each array of iommu-v2: what the reader
 * says are records lies in the page that was read.
 */
#include <luser/abi/iommu-v2.h>
#include <luser/array.h>
#include <luser/format.h>

#include "any.h"
#include "mem_internal.h"

#define PAGE 4096
/* The first page of an array, one that is held to it, and the rest. */
#define PAGES 3

/*@ requires field: \valid_read(at + (field->offset ..
  @                                  field->offset + field->size - 1));
  @ requires room: \valid(buf + (0 .. len - 1));
  @ assigns buf[0 .. len - 1] \from at[0 .. field->size - 1];
  @ assigns \result \from at[0 .. field->size - 1];
  @*/
size_t luser_format_value(const struct luser_field *field, const uint8_t *at,
			  uint32_t i, const struct luser_env *env, char *buf,
			  size_t len);

/* What the next page says of the size of its records. */
static uint32_t next_stride;
static const struct luser_field *stride_field;

static enum luser_code any_read(struct luser_mem *mem, uint64_t phys, void *buf,
				size_t len, struct luser_error *err)
{
	(void)mem;
	if (any_number(0, 1)) {
		err->code = LUSER_NODATA;
		err->phys = phys;
		Frama_C_make_unknown(err->message, sizeof(err->message));
		return LUSER_NODATA;
	}
	Frama_C_make_unknown(buf, len);
	if (stride_field)
		luser_set_le32((uint8_t *)buf + stride_field->offset,
			       next_stride);
	return LUSER_OK;
}

static void tell(void *ctx, const struct luser_problem *problem)
{
	(void)ctx;
	(void)problem->phys;
}

static bool claim(void *ctx, uint64_t phys, uint64_t len)
{
	(void)ctx;
	(void)phys;
	(void)len;
	return any_number(0, 1);
}

static const struct luser_array_ops ops = { .report = tell, .claim = claim };

static void look_at(const struct luser_array_reader *reader)
{
	size_t len = (size_t)reader->used * reader->stride;

	if (len) {
		(void)reader->records[0];
		(void)reader->records[len - 1];
	}
}

static void any_chain(const struct luser_array *array, uint32_t stride,
		      uint32_t other)
{
	static const struct luser_mem_ops reads = { .read = any_read };
	struct luser_mem mem = { .ops = &reads };
	struct luser_array_reader reader;
	struct luser_env env = any_env(true);

	env.page_size = PAGE;
	env.page_shift = 12;
	stride_field = array->stride;
	next_stride = stride;
	if (luser_array_open(&reader, &mem, array, any_number(0, UINT64_MAX),
			     &env, any_number(0, 1), &ops, NULL) != LUSER_OK)
		return;
	for (uint32_t i = 0; i < PAGES && luser_array_next(&reader); i++) {
		look_at(&reader);
		next_stride = other;
	}
	luser_array_close(&reader);
}

/* Nothing, too small, each smallest, as the schema says, all the page, more. */
static const uint32_t strides[] = { 0, 25, 26, 48, 56, 64, 4056, 4057,
				    UINT32_MAX };
#define NR_STRIDES (sizeof(strides) / sizeof(strides[0]))

static void any_array(const struct luser_array *array)
{
	for (uint32_t i = 0; i < NR_STRIDES; i++) {
		any_chain(array, strides[i], strides[i]);
		any_chain(array, strides[i], strides[(i + 1) % NR_STRIDES]);
	}
}

int main(void)
{
	any_array(luser_iommu_v2_root_array());
	any_array(luser_iommu_v2_iommus_array());
	any_array(luser_iommu_v2_domains_array());
	any_array(luser_iommu_v2_devices_array());
	return 0;
}
