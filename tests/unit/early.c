// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <endian.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/abi/luo-v1.h>
#include <luser/abi/memfd-v1.h>
#include <luser/le.h>

#include "early.h"

#define SIZE (UINT64_C(256) << 20)
#define BASE (EARLY_END - SIZE)

/* lib/tests/liveupdate.c */
#define TEST_FLB_MAGIC 0xfeedf00dcafebee0

void early_begin(struct early *e, const struct luser_abi *abi,
		 uint32_t page_size)
{
	*e = (struct early){.abi = abi, .number = 1};
	ck_assert_int_eq(luser_image_new(BASE, SIZE, page_size, &e->image,
					 NULL),
			 LUSER_OK);
	luser_image_scatter(e->image, 1);
}

void early_end(struct early *e)
{
	luser_image_free(e->image);
}

static uint64_t take(struct early *e, uint32_t order, bool preserved)
{
	uint64_t phys;

	ck_assert_int_eq(luser_image_alloc(e->image, order, preserved, &phys,
					   NULL),
			 LUSER_OK);
	return phys;
}

uint64_t early_block(struct early *e, uint32_t order)
{
	return take(e, order, true);
}

uint8_t *early_at(struct early *e, uint64_t phys, size_t len)
{
	uint8_t *at = luser_image_at(e->image, phys, len);

	ck_assert_ptr_nonnull(at);
	return at;
}

uint64_t early_add_subtree(struct early *e, const char *name, const void *fdt,
			   size_t len)
{
	uint64_t phys = early_block(e, 0);

	memcpy(early_at(e, phys, len), fdt, len);
	e->subtrees[e->nr_subtrees++] =
		(struct early_subtree){name, phys, len};
	return phys;
}

static void put_u64(void *fdt, const char *name, uint64_t value)
{
	value = htole64(value);
	ck_assert_int_eq(fdt_property(fdt, name, &value, sizeof(value)), 0);
}

static void put_compatible(void *fdt, const char *text)
{
	ck_assert_int_eq(fdt_property(fdt, "compatible", text,
				      (int)strlen(text) + 1),
			 0);
}

static void start_fdt(void *fdt, int len, const char *compatible)
{
	ck_assert_int_eq(fdt_create(fdt, len), 0);
	ck_assert_int_eq(fdt_finish_reservemap(fdt), 0);
	ck_assert_int_eq(fdt_begin_node(fdt, ""), 0);
	put_compatible(fdt, compatible);
}

static void end_fdt(void *fdt)
{
	ck_assert_int_eq(fdt_end_node(fdt), 0);
	ck_assert_int_eq(fdt_finish(fdt), 0);
}

static void put_node(void *fdt, const char *name, const char *compatible,
		     const char *property, uint64_t phys)
{
	ck_assert_int_eq(fdt_begin_node(fdt, name), 0);
	put_compatible(fdt, compatible);
	put_u64(fdt, property, phys);
	ck_assert_int_eq(fdt_end_node(fdt), 0);
}

static uint64_t add_memfd(struct early *e)
{
	const struct luser_abi *abi = &luser_abi_memfd_v1;
	uint32_t page_size = luser_image_page_size(e->image);
	uint8_t folios[2 * LUSER_MEMFD_V1_LUO_FOLIO_SIZE];
	struct luser_encoded_root root;

	ck_assert_int_eq(luser_encode_root(e->image, abi, &root, NULL),
			 LUSER_OK);
	luser_set_le64(root.at + 8, 2 * page_size);
	for (uint32_t i = 0; i < 2; i++) {
		struct luser_memfd_v1_luo_folio folio = {
			.pfn = early_block(e, 0) / page_size,
			.index = i,
		};

		luser_memfd_v1_luo_folio_pack(&folio,
					      folios + i * sizeof(folios) / 2);
	}
	ck_assert_int_eq(luser_encode_page_list(
				 e->image,
				 luser_struct_field(abi->root, "folios"),
				 root.at, folios, 2, 0, NULL),
			 LUSER_OK);
	return root.phys;
}

/* 2 pages, without a header (kernel/liveupdate/luo_file.c). */
static uint64_t add_files(struct early *e, unsigned int files)
{
	uint64_t phys = early_block(e, 1);

	for (unsigned int i = 0; i < files; i++) {
		struct luser_luo_v1_file file = {
			.compatible = "memfd-v1",
			.data = add_memfd(e),
			.token = i,
		};

		luser_luo_v1_file_pack(&file,
				       early_at(e, phys + i * 64, 64));
	}
	return phys;
}

static void add_session(struct early *e, unsigned int files)
{
	struct luser_luo_v1_session session = {
		.name = "vm-0",
		.file_set_ser = {.files = add_files(e, files), .count = files},
	};

	luser_luo_v1_session_pack(
		&session,
		early_at(e, e->sessions + 8 + 80 * e->nr_sessions, 80));
	luser_set_le64(early_at(e, e->sessions, 8), ++e->nr_sessions);
}

static void add_flbs(struct early *e)
{
	e->flbs = early_block(e, 0);
	luser_set_le64(early_at(e, e->flbs, 8), 1);
	luser_set_le64(early_at(e, e->flbs + 8, 8), 3);
	for (unsigned int i = 0; i < 3; i++) {
		struct luser_luo_v1_flb flb = {
			.data = TEST_FLB_MAGIC + i,
			.count = 1,
		};

		snprintf(flb.name, sizeof(flb.name), "liveupdate-test-flb-v%u",
			 i);
		luser_luo_v1_flb_pack(&flb,
				      early_at(e, e->flbs + 16 + 64 * i, 64));
	}
}

void early_add_luo(struct early *e, unsigned int files)
{
	uint8_t fdt[1024];

	e->sessions = early_block(e, 4);
	add_session(e, files);
	add_flbs(e);
	start_fdt(fdt, sizeof(fdt), "luo-v1");
	put_u64(fdt, "liveupdate-number", e->number);
	put_node(fdt, "luo-session", "luo-session-v2", "luo-session-header",
		 e->sessions);
	put_node(fdt, "luo-flb", "luo-flb-v1", "luo-flb-header", e->flbs);
	end_fdt(fdt);
	early_add_subtree(e, "LUO", fdt, fdt_totalsize(fdt));
}

void early_add_memblock(struct early *e)
{
	uint8_t fdt[1024];

	start_fdt(fdt, sizeof(fdt), "memblock-v1");
	ck_assert_int_eq(fdt_begin_node(fdt, "seed"), 0);
	put_compatible(fdt, "reserve-mem-v1");
	put_u64(fdt, "start", early_block(e, 3));
	put_u64(fdt, "size", 8 * luser_image_page_size(e->image));
	ck_assert_int_eq(fdt_end_node(fdt), 0);
	end_fdt(fdt);
	early_add_subtree(e, "memblock", fdt, fdt_totalsize(fdt));
}

/**
 * struct map - the map being written (kernel/kexec_handover.c)
 * @bytes: of a bitmap
 * @page:  where the next bitmaps go, and
 * @used:  what of it is taken
 * @chunk: the chunk of the order that is being written
 */
struct map {
	struct early *e;
	uint32_t page_size;
	uint32_t bytes;
	uint64_t page;
	uint32_t used;
	uint64_t chunk;
};

static uint64_t new_bitmap(struct map *map)
{
	struct early *e = map->e;

	if (!map->page || map->used + map->bytes > map->page_size) {
		map->page = take(e, 0, false);
		/* Others have taken what is before it. */
		map->used = map->bytes < map->page_size ? map->bytes : 0;
	}
	map->used += map->bytes;
	ck_assert_uint_lt(e->nr_bitmaps, 64);
	e->bitmaps[e->nr_bitmaps++] = map->page + map->used - map->bytes;
	return e->bitmaps[e->nr_bitmaps - 1];
}

static void new_chunk(struct map *map, uint32_t order)
{
	uint64_t chunk = take(map->e, 0, false);

	if (map->chunk)
		luser_set_le64(early_at(map->e, map->chunk, 8), chunk);
	else
		map->e->map = chunk;
	map->chunk = chunk;
	luser_set_le32(early_at(map->e, chunk + 8, 4), order);
}

static uint64_t bitmap_for(struct map *map, uint64_t start)
{
	uint8_t *head = early_at(map->e, map->chunk, map->page_size);
	uint32_t used = luser_le32(head + 12);
	uint64_t bitmap;

	for (uint32_t i = 0; i < used; i++)
		if (luser_le64(head + 16 + 16 * i) == start)
			return luser_le64(head + 24 + 16 * i);
	bitmap = new_bitmap(map);
	luser_set_le64(head + 16 + 16 * used, start);
	luser_set_le64(head + 24 + 16 * used, bitmap);
	luser_set_le32(head + 12, used + 1);
	return bitmap;
}

static void set_block(struct map *map, const struct luser_block *block)
{
	uint64_t size = (uint64_t)map->page_size << block->order;
	uint64_t covers = size * map->bytes * 8;
	uint64_t bit = block->phys % covers / size;
	uint64_t bitmap = bitmap_for(map, block->phys - block->phys % covers);

	*early_at(map->e, bitmap + bit / 8, 1) |= (uint8_t)(1 << bit % 8);
}

static void write_map(struct early *e, uint32_t bytes)
{
	struct map map = {
		.e = e,
		.page_size = luser_image_page_size(e->image),
		.bytes = bytes,
	};
	struct luser_block *blocks;
	size_t nr;

	luser_image_blocks(e->image, &nr);
	blocks = calloc(nr, sizeof(*blocks));
	ck_assert_ptr_nonnull(blocks);
	memcpy(blocks, luser_image_blocks(e->image, &nr), nr * sizeof(*blocks));
	for (uint32_t order = 0; order <= LUSER_IMAGE_MAX_ORDER; order++) {
		bool any = false;

		for (size_t i = 0; i < nr; i++) {
			if (blocks[i].order != order)
				continue;
			if (!any)
				new_chunk(&map, order);
			any = true;
			set_block(&map, &blocks[i]);
		}
	}
	free(blocks);
}

static void write_subtree(struct early *e, void *fdt,
			  const struct early_subtree *subtree)
{
	ck_assert_int_eq(fdt_begin_node(fdt, subtree->name), 0);
	if (!strcmp(e->abi->key, "kho-v1")) {
		put_u64(fdt, "fdt", subtree->phys);
	} else {
		put_u64(fdt, "preserved-data", subtree->phys);
		put_u64(fdt, "blob-size", subtree->size);
	}
	ck_assert_int_eq(fdt_end_node(fdt), 0);
}

void early_finish(struct early *e)
{
	uint32_t page_size = luser_image_page_size(e->image);
	const struct luser_field *map = luser_struct_field(
		e->abi->root_node->properties, "preserved-memory-map");
	uint64_t phys = early_block(e, 0);
	void *fdt = early_at(e, phys, page_size);

	if (!strcmp(e->abi->id, "kho-v1.512"))
		write_map(e, 512);
	else if (!strcmp(e->abi->id, "kho-v1.page"))
		write_map(e, page_size);
	else
		ck_assert_int_eq(luser_encode_tree(e->image, map->link->tree,
						   &e->map, NULL),
				 LUSER_OK);
	start_fdt(fdt, (int)page_size, e->abi->key);
	put_u64(fdt, "preserved-memory-map", e->map);
	for (unsigned int i = 0; i < e->nr_subtrees; i++)
		write_subtree(e, fdt, &e->subtrees[i]);
	end_fdt(fdt);
	e->root = (struct luser_root){
		.role = LUSER_ROLE_UNKNOWN,
		.why = "made by a test",
		.phys = phys,
	};
}
