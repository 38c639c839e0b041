// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The generated decoder of pages: the same result as record by record, and
 * each record that breaks a rule told with its number, address and rule.
 */
#include <stdlib.h>

#include <luser/abi/iommu-v2-pages.h>

#include "model.h"
#include "run_case.h"

#define DEVICES 500
#define OFFSET(field) offsetof(struct luser_iommu_v2_device, field)

static struct handover h;
static struct luser_mem *mem;
static struct model model;
static struct luser_slots domains, iommus;
static struct luser_iommu_v2_device out[DEVICES + 200];

/**
 * struct told - a record that was told of
 */
struct told {
	uint64_t index;
	struct luser_error err;
};

static struct told told[8];
static unsigned int nr_told;

static struct luser_array_reader open_array(int k, const char *name)
{
	struct luser_env env = {
		.page_size = 4096,
		.page_shift = 12,
		.root = model.root.at,
		.root_size = model.abi->root->size,
	};
	uint64_t first = luser_field_get(
		luser_struct_field(model.abi->root, name), model.root.at, 0);
	struct luser_array_reader reader;

	ck_assert_int_eq(luser_array_open(&reader, mem, model.records[k].array,
					  first, &env, false, NULL, NULL),
			 LUSER_OK);
	return reader;
}

static void load(int k, const char *name, struct luser_slots *slots)
{
	struct luser_array_reader reader = open_array(k, name);

	while (luser_array_next(&reader))
		ck_assert_int_eq(luser_slots_add(slots, &reader), LUSER_OK);
	luser_array_close(&reader);
}

static void set_up(void)
{
	model = model_iommu_v2();
	handover_begin(&h, 4096, 0);
	model_encode(&model, &h, 64, 1000, DEVICES);
	luser_encode_seal(h.image, model.abi, model.root.phys, false, NULL);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	load(MODEL_DOMAINS, "domains", &domains);
	load(MODEL_IOMMUS, "iommus", &iommus);
}

static void tear_down(void)
{
	luser_slots_free(&domains);
	luser_slots_free(&iommus);
	luser_mem_close(mem);
	handover_end(&h);
	model_free(&model);
}

static void tell(void *ctx, uint64_t index, const struct luser_error *err)
{
	ck_assert_ptr_eq(ctx, told);
	ck_assert_uint_lt(nr_told, 8);
	told[nr_told++] = (struct told){index, *err};
}

static uint64_t decode(void)
{
	struct luser_array_reader reader = open_array(MODEL_DEVICES, "devices");
	uint64_t sound = 0;

	nr_told = 0;
	while (luser_array_next(&reader))
		sound += luser_iommu_v2_devices_decode_page(
			&reader, &domains, &iommus, out + reader.slot, tell,
			told);
	luser_array_close(&reader);
	return sound;
}

static const struct luser_iommu_v2_device *want(uint64_t i)
{
	return (const void *)(model.hosts[MODEL_DEVICES] +
			      i * sizeof(struct luser_iommu_v2_device));
}

static uint8_t *record(uint64_t i)
{
	return luser_image_at(h.image, model.phys[MODEL_DEVICES][i],
			      LUSER_IOMMU_V2_DEVICE_SIZE);
}

static bool same(const struct luser_iommu_v2_device *a,
		 const struct luser_iommu_v2_device *b)
{
	uint8_t x[LUSER_IOMMU_V2_DEVICE_SIZE], y[LUSER_IOMMU_V2_DEVICE_SIZE];

	luser_iommu_v2_device_pack(a, sizeof(x), x);
	luser_iommu_v2_device_pack(b, sizeof(y), y);
	return !memcmp(x, y, sizeof(x));
}

START_TEST(records_come_out_as_they_went_in)
{
	memset(out, 0xff, sizeof(out));
	ck_assert_uint_eq(decode(), DEVICES - DEVICES / 100);
	ck_assert_uint_eq(nr_told, 0);
	for (uint64_t i = 0; i < DEVICES; i++)
		ck_assert_msg(same(&out[i], want(i)), "device %d", (int)i);
}
END_TEST

/* A byte of a device's record that breaks one rule, and what is said of it. */
static const struct wrong {
	size_t offset;
	uint8_t value;
	const char *says;
} wrongs[] = {
	{OFFSET(flags) + 1, 0x80, "flags-unknown"},
	{OFFSET(domain_id) + 2, 1, "domain-id-max"},
	{OFFSET(driver_type), 9, "driver-type-known"},
	{OFFSET(driver_offset), 33, "do not lie in the record"},
	{OFFSET(driver_offset) + 1, 1, "do not lie in the record"},
	{OFFSET(driver_size), 15, "do not lie in the record"},
	{26, 1, "pad0-zero"},
	{31, 1, "pad0-zero"},
	{32, 1, "pasid-dir-aligned"},
	{44, 1, "pad0-zero"},
	{OFFSET(domain) + 3, 1, "no slot of domains"},
	{OFFSET(domain), 50, "a free slot of domains"},
	{OFFSET(iommu), 200, "no slot of iommus"},
	{OFFSET(iommu), 50, "a free slot of iommus"},
};

START_TEST(each_broken_rule_is_told)
{
	const struct wrong *wrong = &wrongs[_i];
	uint64_t i = 130;
	uint8_t *at = record(i);

	/* An Intel device whose domain and IOMMU fit in one byte. */
	memcpy(at, record(0), LUSER_IOMMU_V2_DEVICE_SIZE);
	at[wrong->offset] = wrong->value;
	ck_assert_uint_eq(decode(), DEVICES - DEVICES / 100 - 1);
	ck_assert_uint_eq(nr_told, 1);
	ck_assert_uint_eq(told[0].index, i);
	ck_assert_uint_eq(told[0].err.phys, model.phys[MODEL_DEVICES][i]);
	ck_assert_int_eq(told[0].err.code, LUSER_INVALID);
	ck_assert_msg(strstr(told[0].err.message, wrong->says), "%s",
		      told[0].err.message);
	ck_assert_uint_eq(out[i].flags, 0);
	ck_assert(same(&out[i - 1], want(i - 1)));
	ck_assert(same(&out[i + 1], want(i + 1)));
}
END_TEST

/* Whichever bit is wrong, the page's decoder and the record's agree. */
START_TEST(any_wrong_bit)
{
	static const uint64_t where[] = {0, 4, 83, 84};
	uint64_t i = where[_i];
	uint8_t *at = record(i);

	for (unsigned int bit = 0; bit < LUSER_IOMMU_V2_DEVICE_SIZE * 8;
	     bit++) {
		struct luser_array_reader r =
			open_array(MODEL_DEVICES, "devices");
		const struct luser_struct *type = luser_iommu_v2_device_type();
		struct luser_iommu_v2_device one;
		bool ok;

		at[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ok = luser_iommu_v2_device_decode(
			     at, LUSER_IOMMU_V2_DEVICE_SIZE, &r.env, &one,
			     NULL) == LUSER_OK &&
		     luser_slots_explain(&domains, &type->fields[0], at,
					 NULL) == LUSER_OK &&
		     luser_slots_explain(&iommus, &type->fields[1], at, NULL) ==
			     LUSER_OK;
		luser_array_close(&r);
		ck_assert_uint_eq(decode(), DEVICES - DEVICES / 100 - !ok);
		ck_assert_uint_eq(nr_told, !ok);
		if (ok)
			ck_assert_msg(same(&out[i], &one), "bit %u", bit);
		at[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}
END_TEST

START_TEST(legacy_mode_has_its_own_rules)
{
	handover_set(model.abi->root, model.root.at, "mode",
		     LUSER_IOMMU_V2_MODE_LEGACY);
	for (uint64_t i = 0; i < DEVICES; i++)
		if (!model_is_free(i))
			memset(record(i) + 32, 0, 16);
	ck_assert_uint_eq(decode(), DEVICES - DEVICES / 100);
	record(0)[40] = 1;
	ck_assert_uint_eq(decode(), DEVICES - DEVICES / 100 - 1);
	ck_assert_uint_eq(told[0].index, 0);
	ck_assert_ptr_nonnull(
		strstr(told[0].err.message, "legacy-has-none"));
}
END_TEST

START_TEST(without_a_root_its_rules_say_nothing)
{
	struct luser_array_reader reader = open_array(MODEL_DEVICES, "devices");

	reader.env.root = NULL;
	reader.env.root_size = 0;
	record(0)[40] = 0;
	ck_assert(luser_array_next(&reader));
	nr_told = 0;
	ck_assert_uint_eq(luser_iommu_v2_devices_decode_page(
				  &reader, &domains, &iommus, out, tell, told),
			  reader.used - 1);
	ck_assert_uint_eq(nr_told, 0);
	luser_array_close(&reader);
}
END_TEST

/* Padding of the host struct is nobody's, and must not reach the next kernel. */
START_TEST(padding_is_written_as_zeros)
{
	const uint16_t types[] = {LUSER_IOMMU_V2_DRIVER_INTEL,
				  LUSER_IOMMU_V2_DRIVER_SMMUV3, 99};
	struct luser_iommu_v2_device device;
	uint8_t expected[LUSER_IOMMU_V2_DEVICE_SIZE];
	struct luser_array_writer writer;
	struct luser_image *image;

	memset(&device, 0xff, sizeof(device));
	device.driver_offset = LUSER_IOMMU_V2_DEVICE_DRIVER_OFFSET;
	device.driver_size = LUSER_IOMMU_V2_DEVICE_INTEL_SIZE;
	ck_assert_int_eq(luser_image_new(4096, 1 << 20, 4096, &image, NULL),
			 LUSER_OK);
	luser_array_begin(&writer, image, luser_iommu_v2_devices_array(), NULL,
			  0);
	for (uint32_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		device.driver_type = types[i];
		luser_iommu_v2_device_pack(&device, sizeof(expected), expected);
		ck_assert_int_eq(luser_iommu_v2_devices_encode(
					 &writer, &device, 1, NULL),
				 LUSER_OK);
		ck_assert_mem_eq(writer.page + writer.array->header->size +
					 i * sizeof(expected),
				 expected, sizeof(expected));
	}
	luser_image_free(image);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("pages");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, records_come_out_as_they_went_in);
	tcase_add_test(tc, padding_is_written_as_zeros);
	tcase_add_loop_test(tc, each_broken_rule_is_told, 0,
			    sizeof(wrongs) / sizeof(wrongs[0]));
	tcase_add_loop_test(tc, any_wrong_bit, 0, 4);
	tcase_add_test(tc, legacy_mode_has_its_own_rules);
	tcase_add_test(tc, without_a_root_its_rules_say_nothing);
	return run_case("pages", tc);
}
