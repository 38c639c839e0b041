// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Images and encoders: what they refuse, and bytes that must be exactly so.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libfdt.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/kho-v1.512.h>
#include <luser/abi/kho-v4.h>
#include <luser/abi/luo-v5.h>
#include <luser/abi/memfd-v2.h>
#include <luser/le.h>
#include <luser/walk.h>

#include "handover.h"
#include "run_case.h"

#define BASE 0x100000000
#define PAGE 4096

static struct luser_image *image;
static struct luser_error err;

static void set_up(void)
{
	ck_assert_int_eq(luser_image_new(BASE, 4096 * PAGE, PAGE, &image, &err),
			 LUSER_OK);
}

static void tear_down(void)
{
	luser_image_free(image);
}

static uint64_t take(uint32_t order)
{
	uint64_t phys;

	ck_assert_int_eq(luser_image_alloc(image, order, true, &phys, &err),
			 LUSER_OK);
	return phys;
}

START_TEST(image_of_no_sense)
{
	static const struct {
		uint64_t base, size;
		uint32_t page_size;
	} bad[] = {
		{BASE, PAGE, 2048},	 {BASE, PAGE, 131072},
		{BASE, 6000, 6000},	 {BASE + 1, PAGE, PAGE},
		{BASE, PAGE + 1, PAGE},	 {BASE, 0, PAGE},
		{UINT64_MAX - 4095, 2 * PAGE, PAGE},
	};
	struct luser_image *none = NULL;

	ck_assert_int_eq(luser_image_new(bad[_i].base, bad[_i].size,
					 bad[_i].page_size, &none, NULL),
			 LUSER_ARGUMENT);
	ck_assert_ptr_null(none);
}
END_TEST

/* More than there are addresses for. */
START_TEST(image_too_large_for_the_machine)
{
	struct luser_image *none = NULL;

	ck_assert_int_eq(luser_image_new(0, UINT64_C(1) << 60, PAGE, &none,
					 &err),
			 LUSER_NOMEM);
	ck_assert_ptr_null(none);
}
END_TEST

START_TEST(blocks_are_aligned_in_memory_that_is_not)
{
	struct luser_image *odd;
	uint64_t phys;

	ck_assert_int_eq(luser_image_new(BASE + PAGE, 8 * PAGE, PAGE, &odd,
					 &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_image_alloc(odd, 2, true, &phys, &err),
			 LUSER_OK);
	ck_assert_uint_eq(phys, BASE + 4 * PAGE);
	ck_assert_int_eq(luser_image_alloc(odd, 2, true, &phys, &err),
			 LUSER_NOMEM);
	luser_image_free(odd);
}
END_TEST

START_TEST(orders_and_places_of_no_block)
{
	uint64_t phys = 1;

	ck_assert_int_eq(luser_image_alloc(image, LUSER_IMAGE_MAX_ORDER + 1,
					   true, &phys, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_image_reserve(image, BASE, LUSER_MAX_ORDER + 1,
					     true, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_image_reserve(image, BASE - PAGE, 0, true, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_image_reserve(image, BASE + PAGE, 1, true, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_image_drop(image, BASE), LUSER_NODATA);
	ck_assert_ptr_null(luser_image_at(image, UINT64_MAX, 2));
	ck_assert_uint_eq(phys, 1);
}
END_TEST

START_TEST(block_that_is_given_back_is_free)
{
	uint64_t first = take(0), second = take(1), third = take(0);
	size_t count;

	luser_image_give_back(image, second + PAGE);
	luser_image_blocks(image, &count);
	ck_assert_uint_eq(count, 3);
	luser_image_give_back(image, second);
	luser_image_blocks(image, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert_ptr_null(luser_image_at(image, second, 1));
	ck_assert_ptr_nonnull(luser_image_at(image, first, 1));
	ck_assert_ptr_nonnull(luser_image_at(image, third, 1));
	luser_image_free(NULL);
}
END_TEST

START_TEST(blocks_are_aligned_and_apart)
{
	const struct luser_block *blocks;
	size_t n;

	luser_image_scatter(image, _i ? 77 : 0);
	for (uint32_t i = 0; i < 200; i++)
		take(i % 5);
	blocks = luser_image_blocks(image, &n);
	ck_assert_uint_eq(n, 200);
	for (size_t i = 0; i < n; i++) {
		uint64_t len = (uint64_t)PAGE << blocks[i].order;

		ck_assert_uint_eq(blocks[i].phys % len, 0);
		for (size_t k = 0; k < i; k++)
			ck_assert(blocks[k].phys + ((uint64_t)PAGE
						    << blocks[k].order) <=
					  blocks[i].phys ||
				  blocks[i].phys + len <= blocks[k].phys);
	}
}
END_TEST

START_TEST(full_image)
{
	uint64_t phys = 5;

	for (int i = 0; i < 4; i++)
		take(LUSER_IMAGE_MAX_ORDER);
	ck_assert_int_eq(luser_image_alloc(image, 0, true, &phys, &err),
			 LUSER_NOMEM);
	ck_assert_int_eq(luser_image_alloc(image, LUSER_IMAGE_MAX_ORDER + 1,
					   true, &phys, &err),
			 LUSER_ARGUMENT);
	ck_assert_uint_eq(phys, 5);
}
END_TEST

START_TEST(image_at_knows_its_blocks)
{
	uint64_t phys = take(1);

	ck_assert_ptr_nonnull(luser_image_at(image, phys, 2 * PAGE));
	ck_assert_ptr_null(luser_image_at(image, phys, 2 * PAGE + 1));
	ck_assert_ptr_null(luser_image_at(image, phys - 1, 1));
	ck_assert_ptr_null(luser_image_at(image, UINT64_MAX, 2));
	ck_assert_int_eq(luser_image_drop(image, phys + PAGE), LUSER_OK);
	ck_assert_int_eq(luser_image_drop(image, phys + PAGE), LUSER_NODATA);
	ck_assert_ptr_nonnull(luser_image_at(image, phys, PAGE));
	ck_assert_ptr_null(luser_image_at(image, phys, PAGE + 1));
}
END_TEST

START_TEST(saved_image_has_what_was_taken)
{
	char path[] = "/tmp/luser-encode-XXXXXX";
	int fd = mkstemp(path);
	uint64_t phys = take(2);
	struct luser_mem *mem;
	char text[8];
	uint8_t byte = 0;

	ck_assert_int_ge(fd, 0);
	luser_image_at(image, phys + 3 * PAGE, 1)[0] = 42;
	luser_image_drop(image, phys + PAGE);
	ck_assert_int_eq(luser_image_save(image, path, &err), LUSER_OK);
	ck_assert_int_eq(luser_mem_open(path, 0, &mem, &err), LUSER_OK);
	ck_assert_int_eq(luser_mem_read(mem, phys + 3 * PAGE, &byte, 1, &err),
			 LUSER_OK);
	ck_assert_uint_eq(byte, 42);
	ck_assert_int_eq(luser_mem_read(mem, phys + PAGE, &byte, 1, &err),
			 LUSER_NODATA);
	ck_assert(luser_mem_vmcoreinfo(mem, "PAGESIZE", text, sizeof(text)));
	ck_assert_str_eq(text, "4096");
	luser_mem_close(mem);
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(image_cannot_be_saved_nowhere)
{
	take(0);
	ck_assert_int_ne(luser_image_save(image, "/nonexistent/x", &err),
			 LUSER_OK);
}
END_TEST

START_TEST(bits_leave_their_neighbours_alone)
{
	const struct luser_struct *type = luser_memfd_v2_luo_folio_type();
	uint8_t at[16];

	memset(at, 0xff, sizeof(at));
	handover_set(type, at, "pfn", 0x123456789abcd);
	ck_assert_uint_eq(luser_le64(at), 0xfff123456789abcd);
	handover_set(type, at, "flags", 0xffff002);
	ck_assert_uint_eq(luser_le64(at), 0x002123456789abcd);
	ck_assert_uint_eq(luser_le64(at + 8), UINT64_MAX);
}
END_TEST

START_TEST(schema_fills_in_what_it_fixes)
{
	struct luser_encoded_root root;

	luser_encode_root(image, &luser_abi_luo_v5, &root, &err);
	ck_assert_ptr_null(root.header);
	ck_assert_mem_eq(root.at, "luo-v5\0", 8);
	luser_encode_root(image, &luser_abi_iommu_v2, &root, &err);
	ck_assert_ptr_eq(root.at, root.header + 40);
	ck_assert_mem_eq(root.header, "IOM2", 4);
	ck_assert_uint_eq(luser_le16(root.header + 4), 1);
	ck_assert_uint_eq(luser_le16(root.header + 6), 1);
	ck_assert_uint_eq(luser_le32(root.header + 8), 64);
	ck_assert_uint_eq(luser_le32(root.header + 12), 1);
	ck_assert_int_eq(luser_encode_root(image, &luser_abi_kho_v4, &root,
					   &err),
			 LUSER_ARGUMENT);
}
END_TEST

START_TEST(table_is_full)
{
	const struct luser_array *flbs = luser_luo_v5_flbs_array();
	uint32_t room = LUSER_LUO_V5_FLBS_CAPACITY(PAGE);
	struct luser_array_writer writer;
	struct luser_slot slot;

	luser_array_begin(&writer, image, flbs, NULL, room);
	for (uint32_t i = 0; i < room; i++)
		ck_assert_int_eq(luser_array_add(&writer, &slot, &err),
				 LUSER_OK);
	ck_assert_int_eq(luser_array_add(&writer, &slot, &err),
			 LUSER_ARGUMENT);
	ck_assert_uint_eq(writer.total, room);
	luser_array_begin(&writer, image, flbs, NULL, room + 1);
	ck_assert_int_eq(luser_array_add(&writer, &slot, &err),
			 LUSER_ARGUMENT);
}
END_TEST

START_TEST(no_free_slot_where_zeros_are_a_record)
{
	const struct luser_array *files = luser_luo_v5_files_array();
	struct luser_array_writer writer;
	struct luser_slot slot;

	luser_array_begin(&writer, image, files, NULL, 0);
	ck_assert_int_eq(luser_array_add(&writer, &slot, &err), LUSER_OK);
	ck_assert_int_eq(luser_array_add_free(&writer, &err), LUSER_ARGUMENT);
	ck_assert_uint_eq(writer.total, 1);
	ck_assert_uint_eq(luser_le64(luser_image_at(image, writer.first, 16) +
				     8),
			  1);
}
END_TEST

START_TEST(array_needs_its_owner)
{
	struct luser_array_writer writer;
	uint8_t at[256] = {0};

	luser_array_begin(&writer, image, luser_luo_v5_files_array(), NULL, 0);
	ck_assert_int_eq(luser_array_link(&writer, luser_luo_v5_luo_type(), at),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_array_link(&writer, luser_luo_v5_file_set_type(),
					  at),
			 LUSER_OK);
}
END_TEST

START_TEST(sealing_can_be_undone)
{
	struct luser_encoded_root root;
	uint8_t before[PAGE];

	luser_encode_root(image, &luser_abi_iommu_v2, &root, &err);
	memcpy(before, root.header, PAGE);
	luser_encode_seal(image, &luser_abi_iommu_v2, root.phys, true, &err);
	ck_assert_uint_eq(luser_le32(root.header + 32), 1);
	ck_assert_uint_ne(luser_le32(root.header + 36), 0);
	luser_encode_seal(image, &luser_abi_iommu_v2, root.phys, false, &err);
	ck_assert_mem_eq(before, root.header, PAGE);
}
END_TEST

START_TEST(sealing_needs_all_pages)
{
	struct luser_encoded_root root;

	luser_encode_root(image, &luser_abi_iommu_v2, &root, &err);
	handover_set(luser_abi_iommu_v2.root, root.at, "domains", 0x5000);
	ck_assert_int_eq(luser_encode_seal(image, &luser_abi_iommu_v2,
					   root.phys, true, &err),
			 LUSER_NODATA);
	ck_assert_uint_eq(err.phys, 0x5000);
	ck_assert_int_eq(luser_encode_seal(image, &luser_abi_iommu_v2, 0x9000,
					   true, &err),
			 LUSER_NODATA);
}
END_TEST

START_TEST(page_list_of_large_blocks)
{
	const struct luser_struct *type = luser_memfd_v2_luo_type();
	uint8_t folios[600 * 16];
	struct luser_encoded_root root;
	uint8_t *chunk;
	uint64_t first;

	for (unsigned int i = 0; i < sizeof(folios); i++)
		folios[i] = (uint8_t)(i / 16);
	luser_encode_root(image, &luser_abi_memfd_v2, &root, &err);
	ck_assert_int_eq(luser_encode_page_list(
				 image, luser_struct_field(type, "folios"),
				 root.at, folios, 600, 1, &err),
			 LUSER_OK);
	ck_assert_uint_eq(luser_le64(root.at + 24), 600);
	ck_assert_uint_eq(luser_le32(root.at + 40), 4);
	ck_assert_uint_eq(luser_le16(root.at + 46), 1);
	chunk = luser_image_at(image, luser_le64(root.at + 32), PAGE);
	first = luser_le64(chunk + 8);
	ck_assert_mem_eq(luser_image_at(image, first, 2 * PAGE), folios,
			 2 * PAGE);
	ck_assert_uint_eq(luser_le64(chunk + 24), 0);
}
END_TEST

START_TEST(block_goes_where_it_is_placed)
{
	const struct luser_block *blocks;
	uint64_t phys;
	size_t n;

	ck_assert_int_eq(luser_image_reserve(image, BASE, 1, true, &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_image_reserve(image, BASE, 0, true, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_image_reserve(image, BASE + PAGE, 1, true, &err),
			 LUSER_ARGUMENT);
	ck_assert_ptr_null(luser_image_at(image, BASE, 1));
	ck_assert_uint_eq(take(0), BASE + 2 * PAGE);
	luser_image_place(image, BASE + PAGE);
	ck_assert_uint_eq(take(0), BASE + PAGE);
	luser_image_place(image, BASE + PAGE + 8);
	ck_assert_uint_eq(take(0), BASE + PAGE + 8);
	luser_image_place(image, BASE + 9 * PAGE);
	ck_assert_uint_eq(take(0), BASE + 9 * PAGE);
	luser_image_place(image, BASE + 2 * PAGE);
	ck_assert_int_eq(luser_image_alloc(image, 0, true, &phys, &err),
			 LUSER_ARGUMENT);
	luser_image_place(image, BASE - PAGE);
	ck_assert_int_eq(luser_image_alloc(image, 0, true, &phys, &err),
			 LUSER_ARGUMENT);
	blocks = luser_image_blocks(image, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(blocks[0].order, 1);
	luser_image_preserve_no_more(image);
	take(0);
	luser_image_blocks(image, &n);
	ck_assert_uint_eq(n, 3);
}
END_TEST

START_TEST(what_is_placed_must_fit)
{
	struct luser_encoded_root root;
	struct luser_array_writer writer;
	struct luser_tree_writer tree;
	const struct luser_field *map = luser_struct_field(
		luser_abi_kho_v4.root_node->properties, "preserved-memory-map");
	uint64_t end = BASE + 4096 * PAGE - 8, phys;

	luser_image_place(image, end);
	ck_assert_int_eq(luser_encode_root(image, &luser_abi_luo_v5, &root,
					   &err),
			 LUSER_ARGUMENT);
	luser_array_begin(&writer, image, luser_luo_v5_sessions_array(), NULL,
			  0);
	luser_image_place(image, end);
	ck_assert_int_eq(luser_array_add_page(&writer, &err), LUSER_ARGUMENT);
	ck_assert_uint_eq(writer.nr_pages, 0);
	luser_tree_begin(&tree, image, map->link->tree);
	luser_image_place(image, end);
	ck_assert_int_eq(luser_tree_add_page(&tree, 0, 0, &phys, &err),
			 LUSER_ARGUMENT);
}
END_TEST

/* One thing of each kind that takes pages. */
static enum luser_code encode_root(struct luser_image *in)
{
	struct luser_encoded_root root;

	return luser_encode_root(in, &luser_abi_iommu_v2, &root, &err);
}

static enum luser_code encode_struct(struct luser_image *in)
{
	uint64_t phys;
	uint8_t *at;

	return luser_encode_struct(in, luser_luo_v5_luo_type(), &phys, &at,
				   &err);
}

static enum luser_code encode_list(struct luser_image *in)
{
	const struct luser_struct *type = luser_memfd_v2_luo_type();
	uint8_t at[512], records[3 * LUSER_MEMFD_V2_LUO_FOLIO_SIZE] = {0};

	luser_struct_init(type, at);
	return luser_encode_page_list(in, luser_struct_field(type, "folios"),
				      at, records, 3, 0, &err);
}

static const struct luser_tree *map_of(const struct luser_abi *abi)
{
	return luser_struct_field(abi->root_node->properties,
				  "preserved-memory-map")->link->tree;
}

static enum luser_code encode_map(struct luser_image *in,
				  const struct luser_abi *abi)
{
	enum luser_code code;
	uint64_t phys;

	code = luser_image_reserve(in, BASE, 0, true, &err);
	return code == LUSER_OK ?
		       luser_encode_tree(in, map_of(abi), &phys, &err) : code;
}

static enum luser_code encode_radix(struct luser_image *in)
{
	return encode_map(in, &luser_abi_kho_v4);
}

static enum luser_code encode_bitmaps(struct luser_image *in)
{
	return encode_map(in, &luser_abi_kho_v1_512);
}

static enum luser_code (*const encoders[])(struct luser_image *in) = {
	encode_root, encode_struct, encode_list, encode_radix, encode_bitmaps,
};
#define NR_ENCODERS ((int)(sizeof(encoders) / sizeof(encoders[0])))

/* In images that are larger by a page each. */
START_TEST(image_fills_up_at_each_step)
{
	enum luser_code code;
	uint64_t pages = 1;

	do {
		struct luser_image *small;

		ck_assert_int_eq(luser_image_new(BASE, pages * PAGE, PAGE,
						 &small, &err),
				 LUSER_OK);
		luser_image_reserve(small, BASE + (pages - 1) * PAGE, 0, false,
				    &err);
		code = encoders[_i](small);
		luser_image_free(small);
		ck_assert_uint_lt(pages++, 20);
	} while (code == LUSER_NOMEM || pages == 2);
	ck_assert_int_eq(code, LUSER_OK);
	ck_assert_uint_gt(pages, 2);
}
END_TEST

/* Not at the start of a page, so that it does not fit in what is taken. */
START_TEST(what_is_reserved_must_be_there)
{
	ck_assert_int_ne(luser_image_reserve(image, BASE + 4095 * PAGE, 1,
					     false, &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_image_reserve(image, BASE + 4095 * PAGE, 0,
					     false, &err),
			 LUSER_OK);
}
END_TEST

/* There is one page for the bitmap, and none for the chunk that names it. */
START_TEST(bitmap_without_a_chunk)
{
	struct luser_bitmaps_writer bitmaps;
	uint64_t phys, last = 0;

	luser_bitmaps_begin(&bitmaps, image, map_of(&luser_abi_kho_v1_512));
	while (luser_image_alloc(image, 0, true, &phys, NULL) == LUSER_OK)
		last = phys;
	ck_assert_int_eq(luser_bitmaps_add(&bitmaps, BASE, &err), LUSER_NOMEM);
	luser_image_give_back(image, last);
	ck_assert_int_eq(luser_bitmaps_add(&bitmaps, BASE, &err), LUSER_NOMEM);
}
END_TEST

START_TEST(place_that_is_not_aligned)
{
	const struct luser_struct *type = luser_memfd_v2_luo_type();
	struct luser_bitmaps_writer bitmaps;
	struct luser_list_writer list;
	uint8_t at[512];

	luser_struct_init(type, at);
	luser_list_begin(&list, image, luser_struct_field(type, "folios"), at,
			 0);
	luser_image_place(image, BASE + 8);
	ck_assert_int_eq(luser_list_add_block(&list, &err), LUSER_ARGUMENT);
	ck_assert_ptr_nonnull(strstr(err.message, "does not fit there"));
	luser_bitmaps_begin(&bitmaps, image, map_of(&luser_abi_kho_v1_512));
	ck_assert_int_eq(luser_bitmaps_add_chunk(&bitmaps, 0, &err), LUSER_OK);
	luser_image_place(image, BASE + 100 * PAGE - 8);
	ck_assert_int_eq(luser_bitmaps_add(&bitmaps, BASE, &err),
			 LUSER_ARGUMENT);
}
END_TEST

START_TEST(list_goes_on_in_a_new_page)
{
	const struct luser_struct *type = luser_memfd_v2_luo_type();
	struct luser_list_writer list;
	uint64_t first;
	uint8_t at[512];

	luser_struct_init(type, at);
	luser_list_begin(&list, image, luser_struct_field(type, "folios"), at,
			 0);
	ck_assert_int_eq(luser_list_add_chunk(&list, &err), LUSER_OK);
	first = list.chunks.phys;
	ck_assert_int_eq(luser_list_add_chunk(&list, &err), LUSER_OK);
	ck_assert_uint_ne(list.chunks.phys, first);
	ck_assert_uint_eq(list.chunks.first, first);
}
END_TEST

/* Its bitmap ends where addresses end. */
START_TEST(map_of_the_last_memory)
{
	struct luser_image *last;
	uint64_t phys;

	ck_assert_int_eq(luser_image_new(UINT64_MAX - 64 * PAGE + 1 - PAGE,
					 64 * PAGE, PAGE, &last, &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_image_alloc(last, 0, true, &phys, &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_encode_tree(last, map_of(&luser_abi_kho_v1_512),
					   &phys, &err),
			 LUSER_OK);
	luser_image_free(last);
}
END_TEST

START_TEST(nothing_has_room_for_that)
{
	uint64_t phys;
	uint8_t *at;

	ck_assert_int_eq(luser_encode_with_room(image, luser_luo_v5_luo_type(),
						UINT64_MAX, &phys, &at, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_encode_root(image, &luser_abi_kho_v4,
					   &(struct luser_encoded_root){0},
					   &err),
			 LUSER_ARGUMENT);
}
END_TEST

START_TEST(sealing_what_has_no_seal)
{
	struct luser_encoded_root root;

	ck_assert_int_eq(luser_encode_root(image, &luser_abi_luo_v5, &root,
					   &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_encode_seal_page(image,
						luser_luo_v5_flbs_array(),
						root.phys, true, &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_encode_seal(image, &luser_abi_luo_v5, root.phys,
					   true, &err),
			 LUSER_OK);
	ck_assert_int_eq(luser_encode_seal(image, &luser_abi_luo_v5,
					   root.phys + PAGE, true, &err),
			 LUSER_NODATA);
	ck_assert_uint_eq(err.phys, root.phys + PAGE);
}
END_TEST

START_TEST(pages_of_an_array_need_not_be_full)
{
	struct luser_array_writer writer;
	struct luser_slot slot;
	uint8_t *first;

	luser_array_begin(&writer, image, luser_luo_v5_files_array(), NULL, 0);
	ck_assert_int_eq(luser_array_add(&writer, &slot, &err), LUSER_OK);
	first = writer.page;
	luser_image_place(image, BASE + 77 * PAGE);
	ck_assert_int_eq(luser_array_add_page(&writer, &err), LUSER_OK);
	ck_assert_int_eq(luser_array_add(&writer, &slot, &err), LUSER_OK);
	ck_assert_uint_eq(slot.phys, BASE + 77 * PAGE + 16);
	ck_assert_uint_eq(luser_le64(first), BASE + 77 * PAGE);
	ck_assert_uint_eq(luser_le64(first + 8), 1);
	ck_assert_uint_eq(writer.total, 2);
}
END_TEST

/* Also of more than a writer keeps; what pages have in common may change. */
START_TEST(each_page_has_the_whole_header)
{
	static const uint32_t sizes[] = {64, 65, 1024};
	const uint64_t value = UINT64_C(0xfedcba9876543210);
	const struct luser_array *devices = luser_iommu_v2_devices_array();
	const struct luser_field *same = devices->same[0];
	const struct luser_field last = {
		.name = "last", .kind = LUSER_UINT, .size = 8, .count = 1,
		.offset = sizes[_i] - 8,
	};
	const struct luser_expect expect = {&last, value};
	struct luser_struct header = *devices->header;
	struct luser_array array = *devices;
	struct luser_array_writer writer;
	uint8_t like[PAGE] = {0}, *at;

	header.size = sizes[_i];
	array.header = &header;
	array.expect = &expect;
	array.nr_expect = 1;
	luser_array_begin(&writer, image, &array, like, 0);
	for (uint64_t i = 1; i <= 3; i++) {
		luser_field_set(same, like, 0, i);
		ck_assert_int_eq(luser_array_add_page(&writer, &err), LUSER_OK);
		at = writer.page;
		ck_assert_uint_eq(luser_field_get(same, at, 0), i);
		ck_assert_uint_eq(luser_field_get(&last, at, 0), value);
		ck_assert_uint_eq(luser_field_get(array.next, at, 0), 0);
	}
}
END_TEST

START_TEST(page_of_a_map_is_made_once)
{
	const struct luser_field *map = luser_struct_field(
		luser_abi_kho_v4.root_node->properties, "preserved-memory-map");
	struct luser_block block = {.phys = BASE + 3 * PAGE};
	struct luser_tree_writer writer;
	uint64_t key = UINT64_C(1) << 52 | BASE / PAGE, leaf, again, phys;

	luser_tree_begin(&writer, image, map->link->tree);
	ck_assert_int_eq(luser_tree_add_page(&writer, 6, 0, &phys, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_tree_add_page(&writer, 0, UINT64_C(1) << 54,
					     &phys, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_tree_add_page(&writer, 1, key, &phys, &err),
			 LUSER_OK);
	luser_image_place(image, BASE + 99 * PAGE);
	ck_assert_int_eq(luser_tree_add_page(&writer, 0, key, &leaf, &err),
			 LUSER_OK);
	ck_assert_uint_eq(leaf, BASE + 99 * PAGE);
	ck_assert_int_eq(luser_tree_add(&writer, &block, &err), LUSER_OK);
	ck_assert_int_eq(luser_tree_add_page(&writer, 0, key, &again, &err),
			 LUSER_OK);
	ck_assert_uint_eq(leaf, again);
	ck_assert_uint_eq(*luser_image_at(image, leaf, 1), 1 << 3);
}
END_TEST

START_TEST(bitmap_has_the_blocks_of_its_order)
{
	const struct luser_field *map = luser_struct_field(
		luser_abi_kho_v1_512.root_node->properties,
		"preserved-memory-map");
	struct luser_bitmaps_writer writer;
	const uint8_t *record, *bitmap;

	for (uint32_t i = 0; i < 3; i++)
		take(0);
	take(1);
	luser_bitmaps_begin(&writer, image, map->link->tree);
	ck_assert_int_eq(luser_bitmaps_add_chunk(&writer,
						 LUSER_MAX_ORDER + 1, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_bitmaps_add_chunk(&writer, 1, &err), LUSER_OK);
	ck_assert_int_eq(luser_bitmaps_add(&writer, BASE, &err), LUSER_OK);
	ck_assert_uint_eq(luser_le32(writer.chunks.page + 8), 1);
	ck_assert_uint_eq(luser_le32(writer.chunks.page + 12), 1);
	record = writer.chunks.page + 16;
	ck_assert_uint_eq(luser_le64(record), BASE);
	bitmap = luser_image_at(image, luser_le64(record + 8), 512);
	ck_assert_uint_eq(bitmap[0], 1 << 2);
	ck_assert_int_eq(luser_bitmaps_add_chunk(&writer, 0, &err), LUSER_OK);
	ck_assert_int_eq(luser_bitmaps_add(&writer, BASE, &err), LUSER_OK);
	record = writer.chunks.page + 16;
	bitmap = luser_image_at(image, luser_le64(record + 8), 512);
	ck_assert_uint_eq(bitmap[0], 7);
}
END_TEST

START_TEST(page_can_be_sealed_again)
{
	const struct luser_array *array = luser_abi_iommu_v2.root_array;
	struct luser_encoded_root root;
	uint8_t before[PAGE];

	luser_encode_root(image, &luser_abi_iommu_v2, &root, &err);
	luser_encode_seal(image, &luser_abi_iommu_v2, root.phys, true, &err);
	memcpy(before, root.header, PAGE);
	ck_assert_int_eq(luser_encode_seal_page(image, array, root.phys, false,
						&err),
			 LUSER_OK);
	ck_assert_uint_eq(luser_le32(root.header + 36), 0);
	ck_assert_int_eq(luser_encode_seal_page(image, array, root.phys, true,
						&err),
			 LUSER_OK);
	ck_assert_mem_eq(before, root.header, PAGE);
	ck_assert_int_eq(luser_encode_seal_page(image, array, 0x9000, true,
						&err),
			 LUSER_NODATA);
}
END_TEST

START_TEST(device_tree_that_does_not_fit)
{
	const struct luser_fdt_node *node = luser_abi_kho_v4.root_node;
	_Alignas(8) uint8_t buf[128];
	uint8_t values[64] = {0};
	struct luser_fdt_writer writer;
	size_t len = 1;

	luser_fdt_begin(&writer, buf, sizeof(buf));
	luser_fdt_open_node(&writer, node, "", values, LUSER_FDT_ALL);
	luser_fdt_close_node(&writer);
	ck_assert_int_eq(luser_fdt_end(&writer, &len, &err), LUSER_NOMEM);
	ck_assert_uint_eq(len, 1);
}
END_TEST

START_TEST(device_tree_has_what_is_present)
{
	const struct luser_fdt_node *node = luser_abi_kho_v4.root_node;
	_Alignas(8) uint8_t buf[1024];
	uint8_t values[64] = {0};
	struct luser_fdt_writer writer;
	size_t size;
	int len;

	luser_fdt_begin(&writer, buf, sizeof(buf));
	luser_fdt_open_node(&writer, node, "", values, 1);
	luser_fdt_close_node(&writer);
	ck_assert_int_eq(luser_fdt_end(&writer, &size, &err), LUSER_OK);
	ck_assert_str_eq(fdt_getprop(buf, 0, "compatible", &len), "kho-v4");
	ck_assert_int_eq(len, 7);
	ck_assert_ptr_null(fdt_getprop(buf, 0, "preserved-memory-map", NULL));
}
END_TEST

START_TEST(device_tree_with_nodes_left_open_or_closed_twice)
{
	const struct luser_fdt_node *node = luser_abi_kho_v4.root_node;
	_Alignas(8) uint8_t buf[1024];
	uint8_t values[64] = {0};
	struct luser_fdt_writer writer;
	size_t size;

	luser_fdt_begin(&writer, buf, sizeof(buf));
	luser_fdt_open_node(&writer, node, "", values, LUSER_FDT_ALL);
	if (_i) {
		luser_fdt_close_node(&writer);
		luser_fdt_close_node(&writer);
	}
	ck_assert_int_eq(luser_fdt_end(&writer, &size, &err), LUSER_ARGUMENT);
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_loop_test(tc, image_of_no_sense, 0, 7);
	tcase_add_test(tc, image_too_large_for_the_machine);
	tcase_add_test(tc, blocks_are_aligned_in_memory_that_is_not);
	tcase_add_test(tc, orders_and_places_of_no_block);
	tcase_add_test(tc, block_that_is_given_back_is_free);
	tcase_add_loop_test(tc, image_fills_up_at_each_step, 0, NR_ENCODERS);
	tcase_add_test(tc, what_is_reserved_must_be_there);
	tcase_add_test(tc, bitmap_without_a_chunk);
	tcase_add_test(tc, place_that_is_not_aligned);
	tcase_add_test(tc, list_goes_on_in_a_new_page);
	tcase_add_test(tc, map_of_the_last_memory);
	tcase_add_test(tc, nothing_has_room_for_that);
	tcase_add_test(tc, sealing_what_has_no_seal);
	tcase_add_loop_test(tc, blocks_are_aligned_and_apart, 0, 2);
	tcase_add_test(tc, full_image);
	tcase_add_test(tc, image_at_knows_its_blocks);
	tcase_add_test(tc, saved_image_has_what_was_taken);
	tcase_add_test(tc, image_cannot_be_saved_nowhere);
	tcase_add_test(tc, bits_leave_their_neighbours_alone);
	tcase_add_test(tc, schema_fills_in_what_it_fixes);
	tcase_add_test(tc, table_is_full);
	tcase_add_test(tc, no_free_slot_where_zeros_are_a_record);
	tcase_add_test(tc, array_needs_its_owner);
	tcase_add_test(tc, sealing_can_be_undone);
	tcase_add_test(tc, sealing_needs_all_pages);
	tcase_add_test(tc, page_list_of_large_blocks);
	tcase_add_test(tc, block_goes_where_it_is_placed);
	tcase_add_test(tc, what_is_placed_must_fit);
	tcase_add_test(tc, pages_of_an_array_need_not_be_full);
	tcase_add_loop_test(tc, each_page_has_the_whole_header, 0, 3);
	tcase_add_test(tc, page_of_a_map_is_made_once);
	tcase_add_test(tc, bitmap_has_the_blocks_of_its_order);
	tcase_add_test(tc, page_can_be_sealed_again);
	tcase_add_test(tc, device_tree_that_does_not_fit);
	tcase_add_test(tc, device_tree_has_what_is_present);
	tcase_add_loop_test(
		tc, device_tree_with_nodes_left_open_or_closed_twice, 0, 2);
}

int main(void)
{
	TCase *tc = tcase_create("encode");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	add_tests(tc);
	return run_case("encode", tc);
}
