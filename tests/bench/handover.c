// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Whole handovers of a size that no test has, saved as dumps.
 */
#include <stdio.h>
#include <string.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/kho-v4.h>
#include <luser/abi/luo-v5.h>

#include "bench.h"

#define BASE 0x100000000

/* Bits of one leaf of the map. */
#define LEAF_BITS (BENCH_PAGE_SIZE * 8)

static enum luser_code flb(struct luser_image *image,
			   const struct luser_encoded_root *luo, uint64_t data,
			   struct luser_error *err)
{
	struct luser_luo_v5_flb flb = {.data = data, .count = 1};
	struct luser_array_writer writer;
	struct luser_slot slot;
	enum luser_code code;

	snprintf(flb.name, sizeof(flb.name), "%s", luser_abi_iommu_v2.key);
	luser_array_begin(&writer, image, luser_luo_v5_flbs_array(), NULL,
			  LUSER_LUO_V5_FLBS_CAPACITY(BENCH_PAGE_SIZE));
	code = luser_array_add(&writer, &slot, err);
	if (code != LUSER_OK)
		return code;
	luser_luo_v5_flb_pack(&flb, slot.at);
	return luser_array_link(&writer, luser_luo_v5_luo_type(), luo->at);
}

static enum luser_code devices(struct luser_image *image, uint32_t count,
			       struct luser_encoded_root *luo,
			       struct luser_error *err)
{
	const struct bench_spec spec = {
		.devices = count,
		.mode = LUSER_IOMMU_V2_MODE_LEGACY,
	};
	struct bench_state state;
	enum luser_code code = bench_state_in(&state, &spec, image);

	if (code == LUSER_OK)
		code = luser_encode_seal(image, &luser_abi_iommu_v2,
					 state.root.phys, true, err);
	if (code == LUSER_OK)
		code = luser_encode_root(image, &luser_abi_luo_v5, luo, err);
	if (code == LUSER_OK)
		code = flb(image, luo, state.root.phys, err);
	return code;
}

static const struct luser_field *map_field(void)
{
	return luser_struct_field(luser_abi_kho_v4.root_node->properties,
				  "preserved-memory-map");
}

static void subtree(struct luser_fdt_writer *writer,
		    const struct luser_encoded_root *luo)
{
	const struct luser_fdt_node *node =
		luser_abi_kho_v4.root_node->children[0].node;
	const struct luser_struct *type = node->properties;
	uint8_t values[64] = {0};

	luser_field_set(luser_struct_field(type, "preserved-data"), values, 0,
			luo->phys);
	luser_field_set(luser_struct_field(type, "blob-size"), values, 0,
			LUSER_LUO_V5_LUO_SIZE);
	luser_fdt_open_node(writer, node, luser_abi_luo_v5.key, values,
			    LUSER_FDT_ALL);
	luser_fdt_close_node(writer);
}

/* The root FDT, in a page that is taken for it already. */
static enum luser_code root(uint8_t *page, uint64_t map,
			    const struct luser_encoded_root *luo,
			    struct luser_error *err)
{
	struct luser_fdt_writer writer;
	uint8_t values[64] = {0};
	size_t len;

	luser_field_set(map_field(), values, 0, map);
	luser_fdt_begin(&writer, page, BENCH_PAGE_SIZE);
	luser_fdt_open_node(&writer, luser_abi_kho_v4.root_node, "", values,
			    LUSER_FDT_ALL);
	if (luo)
		subtree(&writer, luo);
	luser_fdt_close_node(&writer);
	return luser_fdt_end(&writer, &len, err);
}

static enum luser_code save(struct luser_image *image, const char *path,
			    uint64_t fdt, uint64_t map,
			    const struct luser_encoded_root *luo,
			    struct luser_error *err)
{
	enum luser_code code = root(luser_image_at(image, fdt, BENCH_PAGE_SIZE),
				    map, luo, err);

	return code == LUSER_OK ? luser_image_save(image, path, err) : code;
}

static enum luser_code make_devices(struct luser_image *image,
				    const char *path, uint32_t count,
				    struct luser_error *err)
{
	struct luser_encoded_root luo;
	enum luser_code code;
	uint64_t fdt, map;

	code = devices(image, count, &luo, err);
	if (code == LUSER_OK)
		code = luser_image_alloc(image, 0, true, &fdt, err);
	if (code == LUSER_OK)
		code = luser_encode_tree(image, map_field()->link->tree, &map,
					 err);
	return code == LUSER_OK ? save(image, path, fdt, map, &luo, err) : code;
}

enum luser_code bench_save_devices(const char *path, uint32_t devices,
				   struct luser_error *err)
{
	uint64_t size = (UINT64_C(64) << 20) + (uint64_t)devices * 64;
	struct luser_image *image;
	enum luser_code code;

	code = luser_image_new(BASE, size - size % BENCH_PAGE_SIZE,
			       BENCH_PAGE_SIZE, &image, err);
	if (code != LUSER_OK)
		return code;
	code = make_devices(image, path, devices, err);
	luser_image_free(image);
	return code;
}

/* One page in so many. */
#define SPARSE 268

static uint64_t draw(uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + 1;
	return *random >> 33;
}

/* Bits of a leaf; the same each time. Returns how many. */
static uint64_t fill_leaf(uint8_t *leaf, const char *pattern, uint64_t *random)
{
	bool sparse = !strcmp(pattern, "sparse");
	bool full = !strcmp(pattern, "full");
	uint64_t set = 0;

	for (uint32_t i = 0; i < BENCH_PAGE_SIZE; i++) {
		leaf[i] = full ? 0xff : 0x55;
		if (sparse)
			leaf[i] = (uint8_t)(draw(random) % (SPARSE / 8) ? 0 :
					    1 << draw(random) % 8);
		else if (!strcmp(pattern, "random"))
			leaf[i] = (uint8_t)draw(random);
		set += (uint64_t)__builtin_popcount(leaf[i]);
	}
	return set;
}

static enum luser_code make_map(struct bench_map *map, const char *pattern,
				uint32_t leaves)
{
	struct luser_tree_writer writer;
	enum luser_code code = LUSER_OK;
	uint64_t random = 1, phys;

	luser_tree_begin(&writer, map->image, map_field()->link->tree);
	for (uint32_t i = 0; code == LUSER_OK && i < leaves; i++) {
		code = luser_tree_add_page(&writer, 0,
					   UINT64_C(1) << writer.order_bit |
						   (uint64_t)i * LEAF_BITS,
					   &phys, NULL);
		if (code == LUSER_OK)
			map->pages += fill_leaf(luser_image_at(map->image, phys,
							       BENCH_PAGE_SIZE),
						pattern, &random);
	}
	map->map = writer.root;
	map->levels = writer.levels;
	return code;
}

enum luser_code bench_map(struct bench_map *map, const char *pattern,
			  uint32_t leaves)
{
	enum luser_code code;

	*map = (struct bench_map){
		.base = BASE,
		.size = (leaves + leaves / 256 + UINT64_C(64)) *
			BENCH_PAGE_SIZE,
	};
	code = luser_image_new(BASE, map->size, BENCH_PAGE_SIZE, &map->image,
			       NULL);
	if (code == LUSER_OK)
		code = luser_image_alloc(map->image, 0, true, &map->fdt, NULL);
	if (code != LUSER_OK)
		return code;
	map->memory = luser_image_at(map->image, BASE, BENCH_PAGE_SIZE);
	code = make_map(map, pattern, leaves);
	if (code == LUSER_OK)
		code = root(luser_image_at(map->image, map->fdt,
					   BENCH_PAGE_SIZE),
			    map->map, NULL, NULL);
	return code == LUSER_OK ?
		       luser_image_mem(map->image, &map->mem, NULL) : code;
}

void bench_map_free(struct bench_map *map)
{
	luser_mem_close(map->mem);
	luser_image_free(map->image);
}

enum luser_code bench_save_map(const char *path, const char *pattern,
			       uint32_t leaves, struct luser_error *err)
{
	struct bench_map map;
	enum luser_code code = bench_map(&map, pattern, leaves);

	if (code == LUSER_OK)
		code = luser_image_save(map.image, path, err);
	bench_map_free(&map);
	return code;
}
