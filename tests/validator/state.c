// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/iommufd-v2.h>
#include <luser/le.h>

#include "state.h"

#define PAGE (UINT32_C(1) << PAGE_SHIFT)
#define HANDOVER HANDOVER_NUMBER

/* So many that there are several pages, and tables for all domains. */
#define IOMMUS 9
#define USED_IOMMUS 6
#define DOMAINS                                                                \
	(LUSER_IOMMU_V2_DOMAINS_CAPACITY(PAGE) * (PAGE_SHIFT < 16 ? 2 : 1) + 5)
#define DEVICES (LUSER_IOMMU_V2_DEVICES_CAPACITY(PAGE) * 2 + 7)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define HWPTS MIN(LUSER_IOMMUFD_V2_HWPTS_CAPACITY(PAGE) + 3, DOMAINS - 1)

#define LIVE LUSER_IOMMU_V2_RECORD_FLAGS_LIVE
#define INTEL LUSER_IOMMU_V2_DRIVER_INTEL
#define SMMUV3 LUSER_IOMMU_V2_DRIVER_SMMUV3

bool state_is_free(uint32_t index)
{
	return index % 50 == 20;
}

/* A preserved page that nothing else uses. */
static uint64_t take_table(struct state *s)
{
	if (!s->nr_tables) {
		ck_assert_int_eq(luser_image_alloc(s->handover.image, 8, true,
						   &s->tables, NULL),
				 LUSER_OK);
		s->nr_tables = 256;
	}
	s->nr_tables--;
	s->tables += PAGE;
	return s->tables - PAGE;
}

static void fill_iommu(struct state *s, uint32_t i, uint8_t *at)
{
	struct luser_iommu_v2_iommu iommu = {
		.base = 0xfed00000 + (uint64_t)i * 4096,
		.segment = i / 4,
		.flags = LIVE,
		.driver_type = i % 3 == 2 ? SMMUV3 : INTEL,
		.driver_offset = LUSER_IOMMU_V2_IOMMU_DRIVER_OFFSET,
		.driver_size = 32,
	};

	if (iommu.driver_type == SMMUV3)
		iommu.driver.smmuv3.strtab_base = take_table(s);
	else
		iommu.driver.intel.root_table = take_table(s);
	luser_iommu_v2_iommu_pack(&iommu, LUSER_IOMMU_V2_IOMMU_SIZE, at);
}

static void fill_domain(struct state *s, uint32_t i, uint8_t *at)
{
	struct luser_iommu_v2_domain domain = {
		.top_table = take_table(s),
		.format = 1 + i % 2,
		.flags = LIVE,
		.top_level = 3,
		.va_bits = 48,
		.oa_bits = 52,
		.granule_shift = 12,
		.nr_tables = 1 + i,
		.driver_type = INTEL,
		.driver_offset = LUSER_IOMMU_V2_DOMAIN_DRIVER_OFFSET,
	};

	luser_iommu_v2_domain_pack(&domain, LUSER_IOMMU_V2_DOMAIN_SIZE, at);
}

/* Two devices have one domain; the last one and some IOMMUs have no device. */
static void fill_device(struct state *s, uint32_t i, uint8_t *at)
{
	struct luser_iommu_v2_device device = {
		.domain = i / 2 % (DOMAINS - 1),
		.iommu = i % USED_IOMMUS,
		.segment = i >> 10,
		.bdf = (uint16_t)(i & 0x3ff),
		.flags = LIVE,
		.driver_offset = LUSER_IOMMU_V2_DEVICE_DRIVER_OFFSET,
		.driver_size = 16,
	};

	device.domain -= state_is_free(device.domain);
	device.domain_id = device.domain + 1;
	device.driver_type = device.iommu % 3 == 2 ? SMMUV3 : INTEL;
	if (device.driver_type == SMMUV3) {
		device.driver.smmuv3.cd_table = s->shared_table;
		device.driver.smmuv3.cd_max = i % 21;
	} else if (!s->legacy) {
		device.driver.intel.pasid_dir = s->shared_table;
		device.driver.intel.max_pasid = 64;
	}
	luser_iommu_v2_device_pack(&device, LUSER_IOMMU_V2_DEVICE_SIZE, at);
}

static void fill_hwpt(struct state *s, uint32_t i, uint8_t *at)
{
	struct luser_iommufd_v2_hwpt hwpt = {
		.token = 0x1000 + i,
		.domain = i,
		.flags = LUSER_IOMMUFD_V2_RECORD_FLAGS_LIVE,
	};

	(void)s;
	luser_iommufd_v2_hwpt_pack(&hwpt, at);
}

static void add_array(struct state *s, int array,
		      const struct luser_encoded_root *root,
		      const struct luser_struct *owner, uint32_t slots,
		      void (*fill)(struct state *s, uint32_t i, uint8_t *at))
{
	struct luser_array_writer writer;
	struct luser_slot slot;

	luser_array_begin(&writer, s->handover.image, subject_array(array),
			  root->header, 0);
	for (uint32_t i = 0; i < slots; i++) {
		if (state_is_free(i)) {
			ck_assert_int_eq(luser_array_add_free(&writer, NULL),
					 LUSER_OK);
			continue;
		}
		ck_assert_int_eq(luser_array_add(&writer, &slot, NULL),
				 LUSER_OK);
		fill(s, i, slot.at);
	}
	ck_assert_int_eq(luser_array_link(&writer, owner, root->at), LUSER_OK);
	s->arrays[array].phys[0] = writer.first;
	s->arrays[array].slots = slots;
}

static void encode_root(struct state *s, int array,
			const struct luser_abi *abi,
			struct luser_encoded_root *root)
{
	ck_assert_int_eq(luser_encode_root(s->handover.image, abi, root, NULL),
			 LUSER_OK);
	handover_set(abi->root_array->header, root->header, "handover",
		     HANDOVER);
	s->arrays[array].phys[0] = root->phys;
	s->arrays[array].slots = 1;
}

static void add_iommu(struct state *s)
{
	const struct luser_struct *type = luser_iommu_v2_root_type();
	struct luser_encoded_root root;

	encode_root(s, STATE_ROOT, &luser_abi_iommu_v2, &root);
	handover_set(type, root.at, "page_size", PAGE);
	handover_set(type, root.at, "mode",
		     s->legacy ? LUSER_IOMMU_V2_MODE_LEGACY :
				 LUSER_IOMMU_V2_MODE_SCALABLE);
	add_array(s, STATE_IOMMUS, &root, type, IOMMUS, fill_iommu);
	add_array(s, STATE_DOMAINS, &root, type, DOMAINS, fill_domain);
	add_array(s, STATE_DEVICES, &root, type, DEVICES, fill_device);
	luser_encode_seal(s->handover.image, &luser_abi_iommu_v2, root.phys,
			  true, NULL);
	handover_add_flb(&s->handover, luser_abi_iommu_v2.key, root.phys);
}

static void add_iommufd(struct state *s)
{
	struct luser_encoded_root root;

	encode_root(s, STATE_FILE_ROOT, &luser_abi_iommufd_v2, &root);
	add_array(s, STATE_HWPTS, &root, luser_iommufd_v2_root_type(), HWPTS,
		  fill_hwpt);
	luser_encode_seal(s->handover.image, &luser_abi_iommufd_v2, root.phys,
			  true, NULL);
	handover_add_session(&s->handover, "vm");
	handover_add_file(&s->handover, luser_abi_iommufd_v2.key, root.phys,
			  0x77);
}

/* Find the pages of an array, and keep a copy of each. */
static void find_pages(struct state *s, struct state_pages *pages)
{
	uint64_t phys = pages->phys[0];

	while (phys) {
		uint8_t *at = luser_image_at(s->handover.image, phys, PAGE);
		uint8_t *copy = malloc(PAGE);

		ck_assert_uint_lt(pages->nr, STATE_MAX_PAGES);
		ck_assert_ptr_nonnull(at);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, at, PAGE);
		pages->copy[pages->nr] = copy;
		pages->phys[pages->nr++] = phys;
		phys = luser_field_get(pages->array->next, at, 0);
	}
}

void state_begin(struct state *s, bool legacy)
{
	memset(s, 0, sizeof(*s));
	for (int k = 0; k < STATE_ARRAYS; k++)
		s->arrays[k].array = subject_array(k);
	s->legacy = legacy;
	handover_begin(&s->handover, PAGE, 0);
	s->shared_table = take_table(s);
	add_iommu(s);
	add_iommufd(s);
	handover_finish(&s->handover);
	for (int k = 0; k < STATE_ARRAYS; k++)
		find_pages(s, &s->arrays[k]);
}

void state_end(struct state *s)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		for (uint32_t i = 0; i < s->arrays[k].nr; i++)
			free(s->arrays[k].copy[i]);
	handover_end(&s->handover);
}

static const void *state_at(void *ctx, uint64_t phys, uint64_t size)
{
	const struct state *s = ctx;

	return luser_image_at(s->handover.image, phys, size);
}

static bool state_preserved(void *ctx, uint64_t phys, uint64_t size)
{
	const struct state *s = ctx;
	size_t nr;
	const struct luser_block *blocks =
		luser_image_blocks(s->handover.image, &nr);

	for (size_t i = 0; i < nr; i++) {
		uint64_t len = (uint64_t)PAGE << blocks[i].order;

		if (phys >= blocks[i].phys && phys - blocks[i].phys < len)
			return size <= len - (phys - blocks[i].phys);
	}
	return false;
}

struct subject state_subject(struct state *s)
{
	return (struct subject){
		.at = state_at,
		.preserved = state_preserved,
		.ctx = s,
		.root = s->arrays[STATE_ROOT].phys[0],
		.file_root = s->arrays[STATE_FILE_ROOT].phys[0],
	};
}

void state_restore(struct state *s)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		for (uint32_t i = 0; i < s->arrays[k].nr; i++)
			memcpy(state_page(s, k, i), s->arrays[k].copy[i], PAGE);
}

void state_seal_page(struct state *s, int array, uint32_t page)
{
	const struct luser_array *type = s->arrays[array].array;
	uint8_t *at = state_page(s, array, page);

	luser_field_set(type->checksum, at, 0,
			luser_page_checksum(type, at, PAGE));
}

void state_seal(struct state *s)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		for (uint32_t i = 0; i < s->arrays[k].nr; i++)
			state_seal_page(s, k, i);
}

void state_seal_iommu(struct state *s)
{
	ck_assert_int_eq(luser_encode_seal(s->handover.image,
					   &luser_abi_iommu_v2,
					   s->arrays[STATE_ROOT].phys[0], true,
					   NULL),
			 LUSER_OK);
}

void state_lengthen(struct state *s, int array, uint8_t more, uint8_t value)
{
	struct luser_struct record = *s->arrays[array].array->record;
	struct luser_array type = *s->arrays[array].array;
	uint32_t known = record.size;
	struct luser_array_writer writer;
	struct luser_slot slot;

	record.size += more;
	type.record = &record;
	luser_array_begin(&writer, s->handover.image, &type,
			  state_page(s, STATE_ROOT, 0), 0);
	for (uint32_t i = 0; i < s->arrays[array].slots; i++) {
		ck_assert_int_eq(luser_array_add(&writer, &slot, NULL),
				 LUSER_OK);
		memcpy(slot.at, state_record(s, array, i), known);
		memset(slot.at + known, state_is_free(i) ? 0 : value, more);
	}
	state_set(s, STATE_ROOT, 0, type.name, writer.first);
}

uint8_t *state_page(struct state *s, int array, uint32_t page)
{
	ck_assert_uint_lt(page, s->arrays[array].nr);
	return luser_image_at(s->handover.image, s->arrays[array].phys[page],
			      PAGE);
}

uint64_t state_record_phys(const struct state *s, int array,
			   uint32_t index)
{
	const struct luser_array *type = s->arrays[array].array;
	uint32_t capacity = (PAGE - type->header->size) / type->record->size;

	return s->arrays[array].phys[index / capacity] + type->header->size +
	       index % capacity * type->record->size;
}

uint8_t *state_record(struct state *s, int array, uint32_t index)
{
	return luser_image_at(s->handover.image,
			      state_record_phys(s, array, index),
			      s->arrays[array].array->record->size);
}

uint32_t state_last(const struct state *s, int array)
{
	return s->arrays[array].slots - 1;
}

uint32_t state_middle(const struct state *s, int array)
{
	uint32_t index = s->arrays[array].slots / 2;

	return index - state_is_free(index);
}

void state_set_header(struct state *s, int array, uint32_t page,
		      const char *field, uint64_t value)
{
	handover_set(s->arrays[array].array->header,
		     state_page(s, array, page), field, value);
}

void state_set(struct state *s, int array, uint32_t index,
	       const char *field, uint64_t value)
{
	handover_set(s->arrays[array].array->record,
		     state_record(s, array, index), field, value);
}

uint64_t state_get(struct state *s, int array, uint32_t index,
		   const char *field)
{
	const struct luser_struct *type = s->arrays[array].array->record;

	return luser_field_get(luser_struct_field(type, field),
			       state_record(s, array, index), 0);
}
