// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * An iommu-v2 whose records grew: the older decoder reads the newer state, and
 * the newer decoder the older one. And records that refer to their own array.
 */

#include <luser/abi/iommu-v2-pages.h>
#include <luser/abi/iommu-v2.wide-pages.h>
#include <luser/abi/iommufd-v2.h>
#include <luser/abi/kin-v1.h>

#include "model.h"
#include "odd.h"
#include "run_case.h"
#include "walk_log.h"

#define IOMMUS 64
#define DOMAINS 300
#define DEVICES 1000
#define UNKNOWN (UINT64_C(1) << 40)

static struct handover h;
static struct luser_mem *mem;
static struct model model;
static struct luser_slots domains, iommus;

static void pack_wide(const struct model *m, uint64_t i, const void *host,
		      uint8_t *at)
{
	(void)m;
	luser_iommu_v2_device_pack(host, LUSER_IOMMU_V2_DEVICE_SIZE, at);
	handover_set(luser_iommu_v2_wide_device_type(), at, "ats", 1 + i % 3);
}

static void fill_wide_root(const struct model *m, uint8_t *at)
{
	struct luser_iommu_v2_wide_root root = {
		.compat = LUSER_IOMMU_V2_WIDE_COMPAT_WIDE,
		.page_size = m->page_size,
		.mode = LUSER_IOMMU_V2_WIDE_MODE_SCALABLE,
		.horizon = 5,
	};

	luser_iommu_v2_wide_root_pack(&root, at);
}

/* The same state, in records that are longer. */
static struct model wide_model(void)
{
	struct model m = model_iommu_v2();

	m.abi = &luser_abi_iommu_v2_wide;
	m.fill_root = fill_wide_root;
	m.records[MODEL_IOMMUS].array = luser_iommu_v2_wide_iommus_array();
	m.records[MODEL_DOMAINS].array = luser_iommu_v2_wide_domains_array();
	m.records[MODEL_DEVICES].array = luser_iommu_v2_wide_devices_array();
	m.records[MODEL_DEVICES].pack = pack_wide;
	return m;
}

static void set_up(struct model with)
{
	model = with;
	handover_begin(&h, 4096, 0);
	model_encode(&model, &h, IOMMUS, DOMAINS, DEVICES);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
}

static void tear_down(void)
{
	luser_slots_free(&domains);
	luser_slots_free(&iommus);
	luser_mem_close(mem);
	handover_end(&h);
	model_free(&model);
}

static void set_root(const char *name, uint64_t value)
{
	luser_encode_seal(h.image, model.abi, model.root.phys, false, NULL);
	handover_set(model.abi->root, model.root.at, name, value);
	luser_encode_seal(h.image, model.abi, model.root.phys, true, NULL);
}

static void walk(struct walk_log *log)
{
	ck_assert_int_eq(walk_log(log, mem, &h.root, NULL), LUSER_OK);
}

static uint64_t first_of(const char *name)
{
	return luser_field_get(luser_struct_field(model.abi->root, name),
			       model.root.at, 0);
}

static void open_array(struct luser_array_reader *reader,
		       const struct luser_array *array)
{
	struct luser_env env = {
		.page_size = 4096,
		.page_shift = 12,
		.root = model.root.at,
		.root_size = model.abi->root->size,
	};

	ck_assert_int_eq(luser_array_open(reader, mem, array,
					  first_of(array->name), &env, true,
					  NULL, NULL),
			 LUSER_OK);
}

static void load(const struct luser_array *array, struct luser_slots *slots)
{
	struct luser_array_reader reader;

	open_array(&reader, array);
	while (luser_array_next(&reader))
		ck_assert_int_eq(luser_slots_add(slots, &reader), LUSER_OK);
	luser_array_close(&reader);
}

static void no_broken(void *ctx, uint64_t index, const struct luser_error *err)
{
	(void)ctx;
	ck_abort_msg("device %d: %s", (int)index, err->message);
}

START_TEST(older_decoder_reads_longer_records)
{
	struct luser_iommu_v2_device out[84];
	struct luser_array_reader reader;
	struct model old = model_iommu_v2();
	uint64_t sound = 0;

	set_up(wide_model());
	for (int k = 0; k < MODEL_ARRAYS; k++)
		model.records[k].array = old.records[k].array;
	model.abi = old.abi;
	model_compare(&model, mem);
	load(old.records[MODEL_DOMAINS].array, &domains);
	load(old.records[MODEL_IOMMUS].array, &iommus);
	open_array(&reader, old.records[MODEL_DEVICES].array);
	while (luser_array_next(&reader)) {
		ck_assert_uint_eq(reader.stride, 56);
		sound += luser_iommu_v2_devices_decode_page(
			&reader, &domains, &iommus, out, no_broken, NULL);
	}
	luser_array_close(&reader);
	ck_assert_uint_eq(sound, DEVICES - DEVICES / 100);
	tear_down();
}
END_TEST

START_TEST(newer_decoder_reads_shorter_records)
{
	struct luser_iommu_v2_wide_device out[84];
	struct luser_array_reader reader;
	uint64_t sound = 0;

	set_up(model_iommu_v2());
	load(luser_iommu_v2_wide_domains_array(), &domains);
	load(luser_iommu_v2_wide_iommus_array(), &iommus);
	open_array(&reader, luser_iommu_v2_wide_devices_array());
	while (luser_array_next(&reader)) {
		ck_assert_uint_eq(reader.stride, 48);
		sound += luser_iommu_v2_wide_devices_decode_page(
			&reader, &domains, &iommus, out, no_broken, NULL);
		ck_assert_uint_eq(out[0].flags, 1);
		ck_assert_uint_eq(out[0].ats, 0);
	}
	luser_array_close(&reader);
	ck_assert_uint_eq(sound, DEVICES - DEVICES / 100);
	tear_down();
}
END_TEST

START_TEST(walk_tells_the_extension_by_its_bit)
{
	struct walk_log log;

	set_up(wide_model());
	walk(&log);
	walk_log_is_sound(&log);
	set_root("horizon", 10);
	walk(&log);
	ck_assert_uint_eq(log.nr, 1);
	walk_log_find(&log, "horizon-max");
	tear_down();
}
END_TEST

/* A writer that knew the bit, and as yet none of the fields: all are zeros. */
START_TEST(walk_reads_shorter_records)
{
	struct walk_log log;

	set_up(model_iommu_v2());
	set_root("compat", LUSER_IOMMU_V2_WIDE_COMPAT_WIDE);
	walk(&log);
	walk_log_is_sound(&log);
	ck_assert_uint_eq(log.records, 1 + IOMMUS + DOMAINS + DEVICES -
					       log.empty);
	tear_down();
}
END_TEST

/* A file of one HWPT. */
static uint64_t encode_iommufd(uint32_t domain)
{
	const struct luser_iommufd_v2_hwpt hwpt = {
		.token = 7,
		.domain = domain,
		.flags = LUSER_IOMMUFD_V2_RECORD_FLAGS_LIVE,
	};
	struct luser_encoded_root root;
	struct luser_array_writer hwpts;
	struct luser_slot slot;

	luser_encode_root(h.image, &luser_abi_iommufd_v2, &root, NULL);
	handover_set(luser_abi_iommufd_v2.root_array->header, root.header,
		     "handover", HANDOVER_NUMBER);
	luser_array_begin(&hwpts, h.image, luser_iommufd_v2_hwpts_array(),
			  root.header, 0);
	ck_assert_int_eq(luser_array_add(&hwpts, &slot, NULL), LUSER_OK);
	luser_iommufd_v2_hwpt_pack(&hwpt, slot.at);
	luser_array_link(&hwpts, luser_abi_iommufd_v2.root, root.at);
	luser_encode_seal(h.image, &luser_abi_iommufd_v2, root.phys, true,
			  NULL);
	return root.phys;
}

/* What refers to the domains of iommu-v2 refers to those of an extension. */
START_TEST(references_from_other_abis_hold)
{
	struct walk_log log;

	model = wide_model();
	handover_begin(&h, 4096, 0);
	model_encode(&model, &h, IOMMUS, DOMAINS, DEVICES);
	handover_add_session(&h, "vm-0");
	handover_add_file(&h, "iommufd-v2", encode_iommufd(3), 1);
	handover_add_file(&h, "iommufd-v2", encode_iommufd(1 << 20), 2);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	walk(&log);
	ck_assert_uint_eq(log.nr, 1);
	ck_assert_str_eq(walk_log_find(&log, "no-such-record")->path,
			 "LUO/sessions[vm-0]/files[0x2]/hwpts[0x7]/domain");
	tear_down();
}
END_TEST

/* Without the bit it is longer records of a feature that nobody here knows. */
START_TEST(unknown_compatible_bit_is_ignored)
{
	struct walk_log log;

	set_up(wide_model());
	set_root("compat", UNKNOWN);
	set_root("horizon", 10);
	walk(&log);
	walk_log_is_sound(&log);
	ck_assert_uint_eq(log.records, 1 + IOMMUS + DOMAINS + DEVICES -
					       log.empty);
	tear_down();
}
END_TEST

START_TEST(unknown_incompatible_bit_is_refused)
{
	struct walk_log log;

	set_up(wide_model());
	set_root("incompat", UNKNOWN);
	walk(&log);
	ck_assert_uint_eq(log.nr, 1);
	walk_log_find(&log, "incompat-unknown");
	ck_assert_uint_eq(log.records, 1);
	tear_down();
}
END_TEST

START_TEST(rules_of_the_extension_hold)
{
	const struct luser_struct *type = luser_iommu_v2_wide_device_type();
	const struct walk_told *told;
	struct walk_log log;
	uint8_t *at;

	set_up(wide_model());
	luser_encode_seal(h.image, model.abi, model.root.phys, false, NULL);
	at = luser_image_at(h.image, model.phys[MODEL_DEVICES][200],
			    type->size);
	handover_set(type, at, "ats", 4);
	luser_encode_seal(h.image, model.abi, model.root.phys, true, NULL);
	walk(&log);
	told = walk_log_find(&log, "ats-max");
	ck_assert_uint_eq(log.nr, 1);
	ck_assert_uint_eq(told->phys, model.phys[MODEL_DEVICES][200] + 48);
	ck_assert_str_eq(told->path,
			 "LUO/flbs[iommu-v2]/devices[200]/ats");
	tear_down();
}
END_TEST

static void add_kin(struct luser_array_writer *writer, uint64_t nr)
{
	uint64_t parents[2] = { 0 };
	struct luser_slot slot;

	for (uint64_t i = 0; i < nr; i++) {
		struct luser_kin_v1_item item = {
			.parent = parents[i % 2],
			.number = i + 1,
		};

		ck_assert_int_eq(luser_array_add(writer, &slot, NULL),
				 LUSER_OK);
		luser_kin_v1_item_pack(&item, slot.at);
		parents[i % 2] = slot.phys;
	}
}

/*
 * In pages in front of theirs, while the array is being read. It ends with a
 * record of zeros.
 */
START_TEST(records_refer_to_others_of_their_array)
{
	struct luser_array_writer writer;
	struct luser_encoded_root root;
	struct walk_log log;

	handover_begin(&h, 4096, 0);
	ck_assert_int_eq(luser_encode_root(h.image, &luser_abi_kin_v1, &root,
					   NULL),
			 LUSER_OK);
	luser_array_begin(&writer, h.image, luser_kin_v1_items_array(), NULL,
			  0);
	add_kin(&writer, 3000);
	ck_assert_int_eq(luser_array_link(&writer, luser_abi_kin_v1.root,
					  root.at),
			 LUSER_OK);
	handover_add_flb(&h, luser_abi_kin_v1.key, root.phys);
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	walk(&log);
	walk_log_is_sound(&log);
	ck_assert_uint_eq(log.records, 1 + 3000);
	luser_mem_close(mem);
	handover_end(&h);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("extension");

	tcase_add_test(tc, records_refer_to_others_of_their_array);
	tcase_add_test(tc, older_decoder_reads_longer_records);
	tcase_add_test(tc, newer_decoder_reads_shorter_records);
	tcase_add_test(tc, walk_tells_the_extension_by_its_bit);
	tcase_add_test(tc, walk_reads_shorter_records);
	tcase_add_test(tc, references_from_other_abis_hold);
	tcase_add_test(tc, unknown_compatible_bit_is_ignored);
	tcase_add_test(tc, unknown_incompatible_bit_is_refused);
	tcase_add_test(tc, rules_of_the_extension_hold);
	return run_case("extension", tc) | run_case("odd", odd_case());
}
