// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <unistd.h>

#include <luser/abi/iommu-liveupdate-1.h>
#include <luser/abi/iommu-v1.h>
#include <luser/abi/iommu-v2.h>
#include <luser/abi/kho-v1.page.h>
#include <luser/abi/kho-v4.h>
#include <luser/convert.h>
#include <luser/encode.h>
#include <luser/walk.h>

#include "calls.h"

#define BASE CALLS_BASE
#define PAGE CALLS_PAGE
#define PAGES 512

/* So many records, all zero but for what @fill writes. */
static enum luser_code
encode_array(struct luser_image *image, const struct luser_array *array,
	     const struct luser_encoded_root *root,
	     const struct luser_abi *abi, uint64_t *first,
	     void (*fill)(uint8_t *at, const uint64_t *to), const uint64_t *to)
{
	struct luser_array_writer writer;
	struct luser_slot slot;
	enum luser_code code;

	luser_array_begin(&writer, image, array, root->header, 0);
	for (int i = 0; i < 3; i++) {
		code = luser_array_add(&writer, &slot, NULL);
		if (code != LUSER_OK)
			return code;
		if (fill)
			fill(slot.at, to);
		if (!i)
			*first = slot.phys;
	}
	return luser_array_link(&writer, abi->root, root->at);
}

/* The domain and the IOMMU that a device is attached to. */
static void fill_device(uint8_t *at, const uint64_t *to)
{
	const struct luser_iommu_v1_device device = {
		.domain_iommu_ser = {.domain_phys = to[0], .iommu_phys = to[1]},
	};

	luser_iommu_v1_device_pack(&device, at);
}

static enum luser_code encode_state(struct luser_image *image, uint64_t *phys)
{
	const struct luser_abi *abi = &luser_abi_iommu_v1;
	struct luser_encoded_root root;
	uint64_t to[3] = {0};
	enum luser_code code = luser_encode_root(image, abi, &root, NULL);

	if (code == LUSER_OK)
		code = encode_array(image, luser_iommu_v1_domains_array(),
				    &root, abi, &to[0], NULL, NULL);
	if (code == LUSER_OK)
		code = encode_array(image, luser_iommu_v1_iommus_array(),
				    &root, abi, &to[1], NULL, NULL);
	if (code == LUSER_OK)
		code = encode_array(image, luser_iommu_v1_devices_array(),
				    &root, abi, &to[2], fill_device, to);
	*phys = root.phys;
	return code;
}

static void lose(void *ctx, const struct luser_abi *abi,
		 const struct luser_array *array, const char *field,
		 uint64_t index)
{
	(void)abi;
	(void)array;
	sum_text(ctx, field);
	sum_bytes(ctx, &index, sizeof(index));
}

/* By way of iommu-v2. */
static enum luser_code convert_twice(struct luser_image *image,
				     struct sum *sum)
{
	struct luser_encoded_root root;
	enum luser_code code;
	uint64_t phys;

	code = encode_state(image, &phys);
	if (code == LUSER_OK)
		code = luser_encode_root(image, &luser_abi_iommu_liveupdate_1,
					 &root, NULL);
	if (code == LUSER_OK)
		code = luser_convert(image, &luser_abi_iommu_v1, phys,
				     &luser_abi_iommu_liveupdate_1, &root,
				     lose, sum, NULL);
	return code;
}

static enum luser_code convert(struct luser_image *image, struct sum *sum)
{
	struct luser_encoded_root root;
	enum luser_code code;
	uint64_t phys;

	code = encode_state(image, &phys);
	if (code == LUSER_OK)
		code = luser_encode_root(image, &luser_abi_iommu_v2, &root,
					 NULL);
	if (code == LUSER_OK)
		code = luser_convert(image, &luser_abi_iommu_v1, phys,
				     &luser_abi_iommu_v2, &root, lose, sum,
				     NULL);
	if (code == LUSER_OK)
		code = luser_encode_seal(image, &luser_abi_iommu_v2, root.phys,
					 true, NULL);
	if (code == LUSER_OK)
		sum_bytes(sum, luser_image_at(image, root.phys, PAGE), PAGE);
	return code;
}

/* The property that leads to the map. */
static const struct luser_field *map_of(const struct luser_abi *abi)
{
	const struct luser_struct *type = abi->root_node->properties;

	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (type->fields[i].link && type->fields[i].link->tree)
			return &type->fields[i];
	return NULL;
}

/* The map, which is the only address, and the root FDT that leads to it. */
static enum luser_code finish(struct luser_image *image,
			      const struct luser_abi *abi, uint64_t *phys)
{
	const struct luser_field *field = map_of(abi);
	struct luser_fdt_writer writer;
	uint8_t values[64] = {0};
	enum luser_code code;
	uint64_t map;
	size_t len;

	code = luser_encode_tree(image, field->link->tree, &map, NULL);
	if (code == LUSER_OK)
		code = luser_image_alloc(image, 0, false, phys, NULL);
	if (code != LUSER_OK)
		return code;
	luser_field_set(field, values, 0, map);
	luser_fdt_begin(&writer, luser_image_at(image, *phys, PAGE), PAGE);
	luser_fdt_open_node(&writer, abi->root_node, "", values,
			    LUSER_FDT_ALL);
	luser_fdt_close_node(&writer);
	return luser_fdt_end(&writer, &len, NULL);
}

/*
 * More blocks than the image has room to note at first, each with a gap behind
 * it.
 */
static enum luser_code fill_image(struct luser_image *image)
{
	enum luser_code code;
	uint64_t phys;

	code = luser_image_reserve(image, BASE, 2, true, NULL);
	for (int i = 0; code == LUSER_OK && i < 254; i++)
		code = luser_image_alloc(image, 0, i & 1, &phys, NULL);
	luser_image_place(image, BASE + UINT64_C(400) * PAGE);
	if (code == LUSER_OK)
		code = luser_image_alloc(image, 0, true, &phys, NULL);
	return code;
}

static void add_finding(void *ctx, const struct luser_finding *finding)
{
	sum_text(ctx, finding->rule);
	sum_text(ctx, finding->found);
}

/* Nothing says how large pages are, but the map. */
static enum luser_code walk(struct luser_image *image, uint64_t phys,
			    struct sum *sum)
{
	static const struct luser_visitor visitor = {.finding = add_finding};

	return calls_walk(image, phys, 0, &visitor, sum);
}

/**
 * struct writing - an image that is written
 * @root: the ABI of its root
 */
struct writing {
	const struct luser_abi *root;
	struct sum *sum;
};

static enum luser_code make_image(struct luser_image *image, void *ctx)
{
	const struct writing *writing = ctx;
	struct sum *sum = writing->sum;
	enum luser_code code = fill_image(image);
	uint64_t phys;

	if (code == LUSER_OK)
		code = convert(image, sum);
	if (code == LUSER_OK)
		code = convert_twice(image, sum);
	if (code == LUSER_OK)
		code = finish(image, writing->root, &phys);
	if (code == LUSER_OK)
		code = walk(image, phys, sum);
	if (code != LUSER_OK)
		return code;
	code = luser_image_save(image, "out", NULL);
	/* It writes over what is there, so that it cannot take it away. */
	if (code != LUSER_OK)
		unlink("out");
	calls_check_file("out", code, sum);
	return code;
}

static enum luser_code write_under(const struct luser_abi *root,
				   struct sum *sum)
{
	return calls_image(PAGES, make_image, &(struct writing){root, sum});
}

enum luser_code call_write_radix(struct sum *sum)
{
	return write_under(&luser_abi_kho_v4, sum);
}

enum luser_code call_write_bitmaps(struct sum *sum)
{
	return write_under(&luser_abi_kho_v1_page, sum);
}
