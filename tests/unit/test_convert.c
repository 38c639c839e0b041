// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Converting state: what is refused, what is lost, what comes back.
 */
#include <string.h>

#include <luser/abi/iommu-liveupdate-1.h>
#include <luser/abi/iommu-v1.h>
#include <luser/abi/iommu-v2.h>
#include <luser/abi/memfd-v2.h>
#include <luser/convert.h>

#include "forms_iommu.h"
#include "run_case.h"

#define RECORDS 5

static struct handover h;
static struct form_written written;
static struct luser_encoded_root to;
static struct luser_error err;
static unsigned int nr_lost;

static const struct form *form_of(const struct luser_abi *abi)
{
	for (unsigned int i = 0; i < nr_forms_iommu; i++)
		if (forms_iommu[i].abi == abi)
			return &forms_iommu[i];
	ck_abort_msg("no form of %s", abi->id);
	return NULL;
}

static void start(void)
{
	handover_begin(&h, 4096, 0);
	form_encode(form_of(&luser_abi_iommu_v1), &h, RECORDS, &written);
	ck_assert_int_eq(luser_encode_root(h.image, &luser_abi_iommu_v2, &to,
					   &err),
			 LUSER_OK);
	nr_lost = 0;
}

static void end(void)
{
	handover_end(&h);
}

static void lost(void *ctx, const struct luser_abi *abi,
		 const struct luser_array *array, const char *field,
		 uint64_t index)
{
	(void)ctx;
	(void)array;
	(void)field;
	ck_assert_ptr_eq(abi, &luser_abi_iommu_v1);
	ck_assert_uint_lt(index, RECORDS);
	nr_lost++;
}

static enum luser_code convert(const struct luser_abi *from, uint64_t phys,
			       const struct luser_abi *into)
{
	return luser_convert(h.image, from, phys, into, &to, lost, NULL, &err);
}

static enum luser_code convert_state(void)
{
	return convert(&luser_abi_iommu_v1, written.root.phys,
		       &luser_abi_iommu_v2);
}

static uint8_t *record(int array, const struct luser_struct *type)
{
	return luser_image_at(h.image, written.records[array][0], type->size);
}

START_TEST(records_keep_their_number)
{
	ck_assert_int_eq(convert_state(), LUSER_OK);
	for (uint16_t i = 0; i < luser_abi_iommu_v2.root->nr_fields; i++) {
		const struct luser_field *field =
			&luser_abi_iommu_v2.root->fields[i];

		if (!strncmp(field->name, "nr_", 3))
			ck_assert_uint_eq(luser_field_get(field, to.at, 0),
					  RECORDS);
	}
}
END_TEST

START_TEST(what_it_was_made_from_is_given_back)
{
	uint64_t phys = written.root.phys;

	ck_assert_int_eq(convert_state(), LUSER_OK);
	ck_assert_ptr_null(luser_image_at(h.image, phys, 8));
	ck_assert_ptr_null(luser_image_at(h.image, written.records[0][0], 8));
}
END_TEST

START_TEST(there_is_no_way)
{
	ck_assert_int_eq(convert(&luser_abi_memfd_v2, written.root.phys,
				 &luser_abi_iommu_v2),
			 LUSER_ARGUMENT);
	ck_assert_ptr_nonnull(strstr(err.message,
				     "no schema says how memfd-v2"));
}
END_TEST

START_TEST(root_is_not_there)
{
	ck_assert_int_eq(convert(&luser_abi_iommu_v1, 4096,
				 &luser_abi_iommu_v2),
			 LUSER_NODATA);
	ck_assert_uint_eq(err.phys, 4096);
}
END_TEST

/* The domain of the first device: a record, but not of domains. */
START_TEST(reference_to_no_record)
{
	const struct luser_struct *type = luser_iommu_v1_device_type();
	struct luser_iommu_v1_device device = {
		.domain_iommu_ser = {
			.domain_phys = written.records[0][0],
			.iommu_phys = written.records[0][0],
		},
	};

	luser_iommu_v1_device_pack(&device, record(2, type));
	ck_assert_int_eq(convert_state(), LUSER_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message,
				     "iommu-v1/devices[0]: "
				     "domain_iommu_ser.domain_phys leads to no "
				     "record"));
}
END_TEST

START_TEST(page_is_not_there)
{
	uint64_t page = written.records[1][0] & ~UINT64_C(4095);

	ck_assert_int_eq(luser_image_drop(h.image, page), LUSER_OK);
	ck_assert_int_eq(convert_state(), LUSER_NODATA);
}
END_TEST

/* Whatever was known of the machine's first device and has no place. */
START_TEST(what_has_no_place_is_told)
{
	ck_assert_int_eq(convert(&luser_abi_iommu_v1, written.root.phys,
				 &luser_abi_iommu_v2), LUSER_OK);
	ck_assert_uint_eq(nr_lost, 0);
}
END_TEST

START_TEST(image_that_is_full)
{
	enum luser_code code;
	uint64_t phys;

	do {
		code = luser_image_alloc(h.image, 0, false, &phys, NULL);
	} while (code == LUSER_OK);
	ck_assert_int_eq(convert_state(), LUSER_NOMEM);
}
END_TEST

/* By way of iommu-v2, of which nothing is left. */
START_TEST(by_way_of_a_third)
{
	size_t before, after;

	ck_assert_int_eq(luser_encode_root(h.image,
					   &luser_abi_iommu_liveupdate_1, &to,
					   &err),
			 LUSER_OK);
	luser_image_blocks(h.image, &before);
	ck_assert_int_eq(convert(&luser_abi_iommu_v1, written.root.phys,
				 &luser_abi_iommu_liveupdate_1),
			 LUSER_OK);
	luser_image_blocks(h.image, &after);
	ck_assert_uint_le(after, before);
}
END_TEST

/* The first device under a root, whose @field has its page. */
static uint8_t *first_device(const struct luser_abi *abi, const uint8_t *root,
			     const char *field)
{
	const struct luser_field *devices = luser_struct_field(abi->root, field);
	const struct luser_array *array = devices->link->array;

	return luser_image_at(h.image, luser_field_get(devices, root, 0) +
					       array->header->size,
			      array->record->size);
}

/* Of what was converted. */
static uint8_t *converted_device(void)
{
	return first_device(&luser_abi_iommu_v2, to.at, "devices");
}

static enum luser_code convert_back(struct luser_encoded_root *back)
{
	ck_assert_int_eq(luser_encode_root(h.image, &luser_abi_iommu_v1, back,
					   &err),
			 LUSER_OK);
	return luser_convert(h.image, &luser_abi_iommu_v2, to.phys,
			     &luser_abi_iommu_v1, back, NULL, NULL, &err);
}

/* And back, with the domain of a device that is not there. */
START_TEST(index_of_no_record)
{
	struct luser_encoded_root back;

	ck_assert_int_eq(convert_state(), LUSER_OK);
	handover_set(luser_iommu_v2_device_type(), converted_device(), "domain",
		     1000);
	ck_assert_int_eq(convert_back(&back), LUSER_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message, "iommu-v2/devices[0]: "
						  "domain leads to no record"));
}
END_TEST

/* Where a section is expected there may be anything: it is no driver's. */
START_TEST(section_that_lies_elsewhere)
{
	struct luser_iommu_v2_device device;
	struct luser_iommu_v1_device old;
	struct luser_encoded_root back;

	ck_assert_int_eq(convert_state(), LUSER_OK);
	luser_iommu_v2_device_unpack(converted_device(), 48, &device);
	device.driver.intel.max_pasid = 64;
	luser_iommu_v2_device_pack(&device, 48, converted_device());
	handover_set(luser_iommu_v2_device_type(), converted_device(),
		     "driver_offset", device.driver_offset + 16 * (unsigned)_i);
	ck_assert_int_eq(convert_back(&back), LUSER_OK);
	luser_iommu_v1_device_unpack(first_device(&luser_abi_iommu_v1, back.at,
						  "devices_phys"), &old);
	ck_assert_uint_eq(old.driver.intel.max_pasid, _i ? 0 : 64);
	ck_assert_uint_eq(old.devid, device.bdf);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("convert");

	tcase_add_checked_fixture(tc, start, end);
	tcase_add_test(tc, records_keep_their_number);
	tcase_add_test(tc, what_it_was_made_from_is_given_back);
	tcase_add_test(tc, there_is_no_way);
	tcase_add_test(tc, root_is_not_there);
	tcase_add_test(tc, reference_to_no_record);
	tcase_add_test(tc, page_is_not_there);
	tcase_add_test(tc, what_has_no_place_is_told);
	tcase_add_test(tc, image_that_is_full);
	tcase_add_test(tc, by_way_of_a_third);
	tcase_add_test(tc, index_of_no_record);
	tcase_add_loop_test(tc, section_that_lies_elsewhere, 0, 2);
	return run_case("convert", tc);
}
