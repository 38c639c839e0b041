// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Converting state: what is refused, what is lost, what comes back.
 */
#include <stdio.h>
#include <string.h>

#include <luser/abi/iommu-liveupdate-1.h>
#include <luser/abi/iommu-v1.h>
#include <luser/abi/iommu-v2.h>
#include <luser/abi/memfd-v2.h>
#include <luser/convert.h>
#include <luser/le.h>

#include "forms_iommu.h"
#include "run_case.h"

#define RECORDS 5
#define TEXT 256

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

/* The first record under a root, whose @field has its page. */
static uint8_t *first_record(const struct luser_abi *abi, const uint8_t *root,
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
	return first_record(&luser_abi_iommu_v2, to.at, "devices");
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

/* Larger records, as a newer kernel may write them. */
static void widen_devices(uint32_t size)
{
	const struct luser_struct *type = luser_iommu_v2_device_type();
	uint8_t *first = converted_device();

	for (uint32_t i = RECORDS; i--;) {
		memmove(first + i * size, first + i * type->size, type->size);
		memset(first + i * size + type->size, 0, size - type->size);
	}
	handover_set(luser_iommu_v2_devices_array()->header,
		     first - luser_iommu_v2_devices_array()->header->size,
		     "record_size", size);
}

static const struct section {
	uint64_t offset;
	enum luser_code code;
} sections[] = {
	{32, LUSER_OK},
	{48, LUSER_OK},
	{56, LUSER_INVALID},
	{24, LUSER_INVALID},
};

START_TEST(section_is_where_the_record_says)
{
	const struct section *section = &sections[_i];
	const struct luser_struct *type = luser_iommu_v2_device_type();
	struct luser_iommu_v1_device old;
	struct luser_encoded_root back;
	uint8_t *device;

	ck_assert_int_eq(convert_state(), LUSER_OK);
	widen_devices(64);
	device = converted_device();
	handover_set(type, device, "driver_offset", section->offset);
	luser_set_le64(device + section->offset + 8, 64);
	ck_assert_int_eq(convert_back(&back), section->code);
	if (section->code != LUSER_OK) {
		ck_assert_str_eq(err.message, "iommu-v2/devices[0]: "
					      "driver.intel.pasid_dir is in a "
					      "section that does not lie in "
					      "its record");
		return;
	}
	luser_iommu_v1_device_unpack(first_record(&luser_abi_iommu_v1, back.at,
						  "devices_phys"), &old);
	ck_assert_uint_eq(old.driver.intel.max_pasid, 64);
	ck_assert_uint_eq(old.devid, 0x300);
}
END_TEST

/* Of the first record of each array, as "devices: bdf". */
static void note_lost(void *ctx, const struct luser_abi *abi,
		      const struct luser_array *array, const char *field,
		      uint64_t index)
{
	char *text = ctx;
	size_t len = strlen(text);

	(void)abi;
	if (!index)
		snprintf(text + len, TEXT - len, "%s: %s\n", array->name, field);
}

/* What is lost if @abi's state, in @to, is said in another one. */
static const char *lost_in(const struct luser_abi *abi,
			   const struct luser_abi *other)
{
	static char text[TEXT];
	struct luser_encoded_root root;

	text[0] = '\0';
	ck_assert_int_eq(luser_encode_root(h.image, other, &root, &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_convert(h.image, abi, to.phys, other, &root,
				       note_lost, text, &err),
			 LUSER_OK);
	return text;
}

/* The record of its IOMMU says what a device has; here, something else. */
START_TEST(what_goes_to_an_arm_that_is_not_there_is_told)
{
	ck_assert_int_eq(convert_state(), LUSER_OK);
	handover_set(luser_iommu_v2_iommu_type(),
		     first_record(&luser_abi_iommu_v2, to.at, "iommus"),
		     "driver_type", 2);
	luser_set_le64(converted_device() + 40, 64);
	ck_assert_str_eq(lost_in(&luser_abi_iommu_v2,
				 &luser_abi_iommu_liveupdate_1),
			 "iommus: driver.smmuv3.strtab_base\n"
			 "devices: driver.intel.max_pasid\n");
}
END_TEST

static void to_liveupdate_1(void)
{
	ck_assert_int_eq(luser_encode_root(h.image,
					   &luser_abi_iommu_liveupdate_1, &to,
					   &err),
			 LUSER_OK);
	ck_assert_int_eq(convert(&luser_abi_iommu_v1, written.root.phys,
				 &luser_abi_iommu_liveupdate_1),
			 LUSER_OK);
}

/* Each number of a field with several of them. */
START_TEST(last_number_of_a_field_is_told)
{
	const struct luser_struct *type = luser_iommu_liveupdate_1_hw_type();
	uint8_t *iommu;

	to_liveupdate_1();
	iommu = first_record(&luser_abi_iommu_liveupdate_1, to.at,
			     "iommu_array_phys");
	luser_set_le64(iommu + type->size - 8, 1);
	ck_assert_str_eq(lost_in(&luser_abi_iommu_liveupdate_1,
				 &luser_abi_iommu_v1),
			 "iommus: driver.intel.context_tables_bitmap\n");
}
END_TEST

/* Also what only the ABI on the way has room for. */
START_TEST(what_is_lost_of_a_third_is_told)
{
	to_liveupdate_1();
	handover_set(luser_iommu_liveupdate_1_domain_type(),
		     first_record(&luser_abi_iommu_liveupdate_1, to.at,
				  "iommu_domain_array_phys"),
		     "sign_extend", 1);
	ck_assert_str_eq(lost_in(&luser_abi_iommu_liveupdate_1,
				 &luser_abi_iommu_v1),
			 "domains: features\n");
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
	tcase_add_loop_test(tc, section_is_where_the_record_says, 0,
			    sizeof(sections) / sizeof(sections[0]));
	tcase_add_test(tc, last_number_of_a_field_is_told);
	tcase_add_test(tc, what_is_lost_of_a_third_is_told);
	tcase_add_test(tc, what_goes_to_an_arm_that_is_not_there_is_told);
	return run_case("convert", tc);
}
