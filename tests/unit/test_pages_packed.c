// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The generated decoder of pages, of records whose fields are not aligned and
 * that are marked when they are taken back.
 */
#include <luser/abi/iommu-v1-pages.h>

#include "model.h"
#include "run_case.h"

#define DEVICES 60
/* One that is free is among them. */
#define LIVE (DEVICES - 1)
#define CHANGED 7

static struct handover h;
static struct luser_mem *mem;
static struct model model;
static struct luser_iommu_v1_device out[DEVICES];
static unsigned int nr_told;

static void set_up(void)
{
	model = model_iommu_v1();
	handover_begin(&h, 4096, 0);
	model_encode(&model, &h, 8, 20, DEVICES);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
}

static void tear_down(void)
{
	luser_mem_close(mem);
	handover_end(&h);
	model_free(&model);
}

static void tell(void *ctx, uint64_t index, const struct luser_error *err)
{
	(void)ctx;
	ck_assert_uint_eq(index, CHANGED);
	ck_assert_uint_eq(err->phys, model.phys[MODEL_DEVICES][CHANGED]);
	nr_told++;
}

static uint64_t decode(void)
{
	const struct luser_array *array = luser_iommu_v1_devices_array();
	struct luser_env env = { .page_size = 4096, .page_shift = 12 };
	uint64_t first = model.phys[MODEL_DEVICES][0] - array->header->size;
	struct luser_array_reader reader;
	uint64_t sound = 0;

	nr_told = 0;
	memset(out, 0xff, sizeof(out));
	ck_assert_int_eq(luser_array_open(&reader, mem, array, first, &env,
					  false, NULL, NULL),
			 LUSER_OK);
	while (luser_array_next(&reader))
		sound += luser_iommu_v1_devices_decode_page(
			&reader, out + reader.slot, tell, NULL);
	luser_array_close(&reader);
	return sound;
}

static uint8_t *changed(void)
{
	return luser_image_at(h.image, model.phys[MODEL_DEVICES][CHANGED],
			      LUSER_IOMMU_V1_DEVICE_SIZE);
}

static void check_left_out(void)
{
	static const struct luser_iommu_v1_device none;

	ck_assert_uint_eq(decode(), LIVE - 1);
	ck_assert_mem_eq(&out[CHANGED], &none, sizeof(none));
	ck_assert_uint_eq(out[CHANGED - 1].obj.idx, CHANGED - 1);
	ck_assert_uint_eq(out[CHANGED + 1].obj.idx, CHANGED + 1);
}

START_TEST(what_is_sound)
{
	ck_assert_uint_eq(decode(), LIVE);
	ck_assert_uint_eq(nr_told, 0);
	ck_assert_uint_eq(out[CHANGED].obj.idx, CHANGED);
}
END_TEST

/* Nothing else is wrong with it. */
START_TEST(what_was_taken_back_is_no_record)
{
	handover_set(luser_iommu_v1_obj_type(), changed(), "deleted", 1);
	check_left_out();
	ck_assert_uint_eq(nr_told, 0);
}
END_TEST

/* Behind one of a kind that is known. */
START_TEST(each_record_has_a_kind_of_its_own)
{
	handover_set(luser_iommu_v1_device_type(), changed(), "type", 9);
	check_left_out();
	ck_assert_uint_eq(nr_told, 1);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("pages_packed");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_is_sound);
	tcase_add_test(tc, what_was_taken_back_is_no_record);
	tcase_add_test(tc, each_record_has_a_kind_of_its_own);
	return run_case("pages_packed", tc);
}
