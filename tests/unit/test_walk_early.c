// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What kernels up to 7.1 left: whole, and made to lead a reader astray.
 */
#include <endian.h>
#include <libfdt.h>
#include <string.h>

#include <luser/abi/kho-test-v1.list.h>
#include <luser/abi/kho-v1.512.h>
#include <luser/abi/kho-v1.page.h>
#include <luser/abi/kho-v3.h>
#include <luser/le.h>

#include "early.h"
#include "run_case.h"
#include "walk_log.h"

#define FILES 3

static const struct luser_abi *const roots[] = {
	&luser_abi_kho_v1_512,
	&luser_abi_kho_v1_page,
	&luser_abi_kho_v3,
};

static struct early e;
static struct walk_log told;

static void walk_as(enum luser_role role, bool running)
{
	struct luser_walk_options options = {.running = running};
	struct luser_mem *mem;

	e.root.role = role;
	ck_assert_int_eq(luser_image_mem(e.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(walk_log(&told, mem, &e.root, &options), LUSER_OK);
	luser_mem_close(mem);
}

static void walk(void)
{
	walk_as(LUSER_ROLE_UNKNOWN, false);
}

/* A handover under a root, with blocks of all orders. */
static void make(const struct luser_abi *root, uint32_t page_size)
{
	early_begin(&e, root, page_size);
	for (uint32_t order = 0; order < 8; order++)
		early_block(&e, order);
	early_add_memblock(&e);
	early_add_luo(&e, FILES);
}

static void is_told(const char *rule, const char *path)
{
	ck_assert_str_eq(walk_log_find(&told, rule)->path, path);
}

static void put64(uint64_t phys, uint64_t value)
{
	luser_set_le64(early_at(&e, phys, 8), value);
}

static void put32(uint64_t phys, uint32_t value)
{
	luser_set_le32(early_at(&e, phys, 4), value);
}

/*
 * Whole
 */

struct found {
	struct luser_map map;
	char root[32];
	char test[32];
	uint64_t records;
};

static enum luser_enter note(void *ctx, const struct luser_node *node)
{
	struct found *found = ctx;

	if (!node->parent)
		strncpy(found->root, node->abi->id, sizeof(found->root) - 1);
	if (node->kind == LUSER_NODE_FDT && node->abi &&
	    !strcmp(node->abi->name, "kho-test"))
		strncpy(found->test, node->abi->id, sizeof(found->test) - 1);
	if (node->map)
		found->map = *node->map;
	if (node->type && !strcmp(node->type->name, "kho_test_folio") &&
	    node->kind == LUSER_NODE_STRUCT)
		found->records++;
	return LUSER_ENTER;
}

static struct found look(uint32_t page_size)
{
	static const struct luser_visitor visitor = {.enter = note};
	struct luser_walk_options options = {.page_size = page_size};
	struct found found = {0};
	struct luser_mem *mem;

	ck_assert_int_eq(luser_image_mem(e.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &e.root, &options, &visitor, &found,
				    NULL),
			 LUSER_OK);
	luser_mem_close(mem);
	return found;
}

/* The map says which blocks are preserved, no more and no less. */
static void map_is_right(const struct luser_map *map)
{
	uint64_t blocks[LUSER_MAX_ORDER + 1] = {0};
	const struct luser_block *all;
	size_t nr;

	all = luser_image_blocks(e.image, &nr);
	for (size_t i = 0; i < nr; i++)
		blocks[all[i].order]++;
	ck_assert_int_eq(memcmp(map->blocks, blocks, sizeof(blocks)), 0);
}

static void check_whole(const struct luser_abi *root, uint32_t page_size)
{
	struct found found;

	make(root, page_size);
	early_finish(&e);
	walk();
	walk_log_is_sound(&told);
	/* A session, its files with two folios each, and three FLBs. */
	ck_assert_uint_eq(told.records, 1 + FILES * 3 + 3);
	found = look(page_size);
	ck_assert_str_eq(found.root, root->id);
	map_is_right(&found.map);
	early_end(&e);
}

START_TEST(each_root)
{
	check_whole(roots[_i], 4096);
	check_whole(roots[_i], 16384);
	check_whole(roots[_i], 65536);
}
END_TEST

START_TEST(nothing_is_finalized_yet)
{
	static const uint8_t none[8];

	make(&luser_abi_kho_v1_page, 4096);
	early_finish(&e);
	ck_assert_int_eq(fdt_setprop_inplace(early_at(&e, e.root.phys, 4096), 0,
					     "preserved-memory-map", none, 8),
			 0);
	walk_as(LUSER_ROLE_OUT, true);
	ck_assert_uint_eq(told.nr_bad, 0);
	is_told("not-yet", "preserved-memory-map");
	ck_assert_uint_eq(told.nodes[LUSER_NODE_TREE], 0);
	early_end(&e);
}
END_TEST

START_TEST(what_the_new_kernel_gave_back)
{
	make(&luser_abi_kho_v1_page, 4096);
	early_finish(&e);
	walk_as(LUSER_ROLE_IN, true);
	ck_assert_uint_eq(told.nr_bad, 0);
	/* The map, and the table of sessions. */
	ck_assert_uint_eq(told.nodes[LUSER_NODE_STALE], 2);
	early_end(&e);
}
END_TEST

/*
 * What the kernel's test of KHO leaves (lib/test_kho.c)
 */

static void put_test(void *fdt, const void *folios, int len, uint32_t nr)
{
	uint32_t magic = htole32(0x4b484f21), number = htole32(nr);

	fdt_create(fdt, 1024);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_property(fdt, "compatible", "kho-test-v1", 12);
	fdt_property(fdt, "magic", &magic, sizeof(magic));
	fdt_begin_node(fdt, "data");
	fdt_property(fdt, "nr_folios", &number, sizeof(number));
	fdt_property(fdt, "folios_info", folios, len);
	fdt_property(fdt, "csum", &magic, sizeof(magic));
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	ck_assert_int_eq(fdt_finish(fdt), 0);
}

static void make_folios(uint8_t *folios, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++)
		luser_set_le64(folios + 8 * i, early_block(&e, i % 4) | i % 4);
}

static void make_test(bool list, uint32_t nr, uint32_t says)
{
	const struct luser_struct *data =
		luser_abi_kho_test_v1_list.root_node->children[0]
			.node->properties;
	uint8_t folios[8 * 32], fdt[1024], values[64] = {0};
	const struct luser_field *field = luser_struct_field(data,
							     "folios_info");

	make(&luser_abi_kho_v1_page, 4096);
	make_folios(folios, nr);
	if (!list) {
		put_test(fdt, folios, (int)(8 * nr), says);
	} else {
		ck_assert_int_eq(luser_encode_page_list(e.image, field, values,
							folios, nr, 0, NULL),
				 LUSER_OK);
		put_test(fdt, values + field->offset, (int)field->size, says);
	}
	early_add_subtree(&e, "kho_test", fdt, fdt_totalsize(fdt));
	early_finish(&e);
	walk();
}

static void check_test(bool list, uint32_t nr, const char *id)
{
	struct found found;

	make_test(list, nr, nr);
	walk_log_is_sound(&told);
	found = look(4096);
	ck_assert_str_eq(found.test, id);
	ck_assert_uint_eq(found.records, nr);
	early_end(&e);
}

/* As debugfs shows it: nobody knows where the tree was. */
START_TEST(tree_of_which_only_bytes_are_known)
{
	struct luser_blob blob = {.name = "kho_test"};
	struct luser_root root = {
		.role = LUSER_ROLE_OUT,
		.phys = LUSER_NO_PHYS,
		.blobs = &blob,
		.nr_blobs = 1,
	};

	make_test(_i, 3, 3);
	blob.data = early_at(&e, e.subtrees[e.nr_subtrees - 1].phys, 1024);
	blob.len = fdt_totalsize(blob.data);
	ck_assert_int_eq(walk_log(&told, NULL, &root, NULL), LUSER_OK);
	if (_i)
		is_told("no-memory", "kho_test/data/folios_info");
	else
		ck_assert_uint_eq(told.records, 3);
	early_end(&e);
}
END_TEST

START_TEST(folios_in_the_tree)
{
	check_test(false, 1, "kho-test-v1.fdt");
	check_test(false, 2, "kho-test-v1.fdt");
	check_test(false, 30, "kho-test-v1.fdt");
}
END_TEST

START_TEST(folios_in_a_list)
{
	check_test(true, 1, "kho-test-v1.list");
	check_test(true, 30, "kho-test-v1.list");
}
END_TEST

START_TEST(another_number_of_folios)
{
	make_test(false, 30, 31);
	is_told("total", "kho_test/data/nr_folios");
	early_end(&e);
}
END_TEST

START_TEST(a_piece_of_a_record)
{
	uint8_t folios[8 * 30] = {0}, fdt[1024];

	make(&luser_abi_kho_v1_page, 4096);
	put_test(fdt, folios, 8 * 3 - 4, 3);
	early_add_subtree(&e, "kho_test", fdt, fdt_totalsize(fdt));
	early_finish(&e);
	walk();
	is_told("property", "kho_test/data/folios_info");
	early_end(&e);
}
END_TEST

/*
 * Damaged maps
 */

static void begin_damaged(void)
{
	make(&luser_abi_kho_v1_page, 4096);
	early_finish(&e);
}

static void end_damaged(const char *rule, const char *path)
{
	walk();
	is_told(rule, path);
	early_end(&e);
}

START_TEST(more_bitmaps_than_fit)
{
	begin_damaged();
	put32(e.map + 12, 256);
	end_damaged("count", "preserved_map");
}
END_TEST

START_TEST(chunks_in_a_loop)
{
	begin_damaged();
	put64(luser_le64(early_at(&e, e.map, 8)), e.map);
	end_damaged("read-twice", "preserved_map");
}
END_TEST

START_TEST(a_bitmap_that_is_not_there)
{
	begin_damaged();
	put64(e.map + 24, 4096);
	end_damaged("unreadable", "preserved_map");
}
END_TEST

START_TEST(a_bitmap_twice)
{
	begin_damaged();
	put64(luser_le64(early_at(&e, e.map, 8)) + 24, e.bitmaps[0]);
	end_damaged("read-twice", "preserved_map");
}
END_TEST

START_TEST(a_bitmap_at_an_odd_place)
{
	begin_damaged();
	put64(e.map + 24, e.bitmaps[0] + 8);
	end_damaged("bitmap-aligned", "preserved_map[0]/bitmap");
}
END_TEST

struct last {
	struct luser_map map;
	uint64_t start;
	uint64_t end;
};

static enum luser_enter keep_map(void *ctx, const struct luser_node *node)
{
	if (node->map && !((struct last *)ctx)->map.set)
		((struct last *)ctx)->map = luser_map_keep(node->map);
	return LUSER_ENTER;
}

static struct last last_range(void)
{
	static const struct luser_visitor visitor = {.enter = keep_map};
	struct luser_map_cursor cursor = {0};
	struct luser_range range;
	struct last last = {0};
	struct luser_mem *mem;

	ck_assert_int_eq(luser_image_mem(e.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &e.root, NULL, &visitor, &last, NULL),
			 LUSER_OK);
	while (luser_map_next(&last.map, &cursor, &range)) {
		last.start = range.start;
		last.end = range.start + range.len;
	}
	luser_map_drop(&last.map);
	luser_mem_close(mem);
	return last;
}

/* The first chunk has pages, the last bitmap of all 2^64 bytes 4096 of them. */
START_TEST(a_bitmap_at_the_end_of_all_memory)
{
	const uint64_t start = -(UINT64_C(4096) << 12);

	make(&luser_abi_kho_v1_512, 4096);
	early_finish(&e);
	put64(e.map + 16, start);
	memset(early_at(&e, e.bitmaps[0], 512), 0, 512);
	put64(e.bitmaps[0], 0x8000000000000001);
	put64(e.bitmaps[0] + 8, 1);
	ck_assert_uint_eq(last_range().end, start + 65 * 4096);
	early_end(&e);
}
END_TEST

/* Both have every other page, and a bitmap of other pages between them. */
START_TEST(two_bitmaps_for_the_same_pages)
{
	uint64_t start;

	make(&luser_abi_kho_v1_512, 4096);
	for (int i = 0; i < 13000; i++)
		early_block(&e, 0);
	early_finish(&e);
	ck_assert_uint_ge(luser_le32(early_at(&e, e.map + 12, 4)), 3);
	start = luser_le64(early_at(&e, e.map + 16, 8));
	put64(e.map + 48, start);
	memset(early_at(&e, e.bitmaps[0], 512), 0x55, 512);
	memset(early_at(&e, e.bitmaps[2], 512), 0x55, 512);
	end_damaged("preserved-twice", "preserved_map");
}
END_TEST

START_TEST(a_bitmap_of_an_odd_start)
{
	begin_damaged();
	put64(e.map + 16, luser_le64(early_at(&e, e.map + 16, 8)) + 4096);
	end_damaged("start", "preserved_map");
}
END_TEST

/* It ends with the last page that there can be. */
START_TEST(the_last_bitmap_of_all_memory)
{
	make(&luser_abi_kho_v1_page, 4096);
	early_finish(&e);
	put64(e.map + 16, UINT64_MAX << 27);
	memset(early_at(&e, e.bitmaps[0], 4096), 0xff, 4096);
	ck_assert_uint_eq(last_range().start, UINT64_MAX << 27);
	ck_assert_uint_eq(last_range().end, 0);
	early_end(&e);
}
END_TEST

START_TEST(an_order_that_cannot_be)
{
	begin_damaged();
	put32(e.map + 8, _i ? UINT32_MAX : LUSER_MAX_ORDER + 1);
	end_damaged("order", "preserved_map");
}
END_TEST

START_TEST(a_block_twice)
{
	begin_damaged();
	/* The first two chunks are of orders 0 and 1: both of order 0 now. */
	put32(luser_le64(early_at(&e, e.map, 8)) + 8, 0);
	walk();
	ck_assert_uint_gt(told.nr_bad, 0);
	early_end(&e);
}
END_TEST

/*
 * Damaged tables and trees
 */

START_TEST(more_sessions_than_fit)
{
	begin_damaged();
	put64(e.sessions, (16 * 4096 - 8) / 80 + 1);
	end_damaged("count", "LUO/luo-session/sessions/count");
}
END_TEST

START_TEST(as_many_sessions_as_fit)
{
	begin_damaged();
	put64(e.sessions, (16 * 4096 - 8) / 80);
	walk();
	ck_assert_uint_eq(told.records, (16 * 4096 - 8) / 80 + FILES * 3 + 3);
	early_end(&e);
}
END_TEST

START_TEST(more_files_than_fit)
{
	begin_damaged();
	put64(e.sessions + 8 + 72, 129);
	end_damaged("count", "LUO/luo-session/sessions[vm-0]/files");
}
END_TEST

START_TEST(files_without_a_table)
{
	begin_damaged();
	put64(e.sessions + 8 + 64, 0);
	end_damaged("total", "LUO/luo-session/sessions[vm-0]/file_set_ser.count");
}
END_TEST

START_TEST(half_a_table)
{
	begin_damaged();
	put64(e.sessions + 8 + 64, EARLY_END - 4096);
	end_damaged("unreadable", "LUO/luo-session/sessions[vm-0]/files");
}
END_TEST

START_TEST(another_number_than_the_tests)
{
	begin_damaged();
	put64(e.flbs + 16 + 48, 1);
	end_damaged("magic-value",
		    "LUO/luo-flb/flbs[liveupdate-test-flb-v0]/magic");
}
END_TEST

static uint8_t *luo(size_t len)
{
	return early_at(&e, e.subtrees[1].phys, len);
}

/*
 * A root alone, of which nobody knows where it was
 */

static void walk_alone(const struct luser_root *root)
{
	ck_assert_int_eq(walk_log(&told, NULL, root, NULL), LUSER_OK);
}

/* Bytes that are a root by themselves, with what debugfs shows beside it. */
static struct luser_root alone(const void *fdt, size_t len,
			       const struct luser_blob *blob)
{
	return (struct luser_root){
		.role = LUSER_ROLE_OUT,
		.phys = LUSER_NO_PHYS,
		.fdt = {.data = fdt, .len = len},
		.blobs = blob,
		.nr_blobs = blob ? 1 : 0,
	};
}

START_TEST(a_root_that_leads_to_memory)
{
	struct luser_root root;
	uint8_t *fdt;

	begin_damaged();
	fdt = early_at(&e, e.root.phys, 4096);
	root = alone(fdt, fdt_totalsize(fdt), NULL);
	walk_alone(&root);
	ck_assert_uint_eq(told.nr, 3);
	is_told("no-memory", "preserved-memory-map");
	ck_assert_str_eq(told.told[1].path, "memblock/fdt");
	ck_assert_str_eq(told.told[2].path, "LUO/fdt");
	early_end(&e);
}
END_TEST

/* Where what debugfs shows would be is still what the root says. */
START_TEST(a_blob_without_bytes_or_place)
{
	struct luser_blob blob = {.name = "LUO", .data = "no", .len = (size_t)_i};
	struct luser_root root;
	uint8_t *fdt;

	begin_damaged();
	fdt = early_at(&e, e.root.phys, 4096);
	memset((void *)(uintptr_t)fdt_getprop(
		       fdt, fdt_path_offset(fdt, "/LUO"), "fdt", NULL),
	       0xff, 8);
	root = alone(fdt, fdt_totalsize(fdt), &blob);
	walk_alone(&root);
	is_told("unknown-abi", "LUO");
	early_end(&e);
}
END_TEST

START_TEST(a_root_with_an_empty_name)
{
	_Alignas(8) char fdt[256];
	struct luser_root root;

	fdt_create(fdt, sizeof(fdt));
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_property(fdt, "compatible", "", 0);
	fdt_end_node(fdt);
	ck_assert_int_eq(fdt_finish(fdt), 0);
	root = alone(fdt, fdt_totalsize(fdt), NULL);
	walk_alone(&root);
	is_told("unknown-abi", "");
}
END_TEST

START_TEST(a_root_that_is_no_tree)
{
	static const _Alignas(8) char bytes[64] = "no tree";
	struct luser_root root = alone(bytes, sizeof(bytes), NULL);

	walk_alone(&root);
	is_told("unknown-abi", "");
}
END_TEST

START_TEST(no_device_tree)
{
	begin_damaged();
	memset(luo(4), 0, 4);
	end_damaged("no-fdt", "LUO/fdt");
}
END_TEST

START_TEST(a_device_tree_without_end)
{
	static const uint32_t sizes[] = {0, (16 << 20) + 1, UINT32_MAX};

	begin_damaged();
	fdt_set_totalsize(luo(4096), sizes[_i]);
	end_damaged("blob-size", "LUO/fdt");
}
END_TEST

START_TEST(a_device_tree_that_is_cut)
{
	begin_damaged();
	fdt_set_totalsize(luo(4096), _i ? 28 : 60);
	end_damaged("unknown-abi", "LUO");
}
END_TEST

START_TEST(a_device_tree_beyond_its_memory)
{
	begin_damaged();
	fdt_set_totalsize(luo(4096), 8 << 20);
	walk();
	ck_assert_uint_gt(told.nr_bad, 0);
	early_end(&e);
}
END_TEST

/* A map that was used for other things says nothing of the page size. */
START_TEST(a_map_that_is_gone)
{
	unsigned int more = 0;

	e.image = NULL;
	do {
		early_end(&e);
		make(&luser_abi_kho_v1_page, 4096);
		for (unsigned int i = 0; i < more; i++)
			early_block(&e, 0);
		early_finish(&e);
		more++;
	} while (e.map % 16384 == 0);
	memset(early_at(&e, e.map, 4096), 0xa5, 4096);
	walk();
	ck_assert_uint_eq(told.page_size, 4096);
	ck_assert_uint_eq(told.records, 1 + FILES * 3 + 3);
	early_end(&e);
}
END_TEST

/* Bytes of what a walk reads that are changed in turn. */
static uint64_t some_place(uint64_t i)
{
	bool chunks = e.nr_bitmaps;
	uint64_t pages[] = {
		e.root.phys, e.map, e.subtrees[0].phys, e.subtrees[1].phys,
		e.sessions, e.flbs,
		luser_le64(early_at(&e, e.sessions + 8 + 64, 8)),
		chunks ? e.bitmaps[0] : e.map,
		chunks ? luser_le64(early_at(&e, e.map, 8)) : e.map,
	};

	return pages[i % 9] + i / 9 * 7 % 512;
}

/* Whatever is there, the walk ends, and touches nothing that is not its own. */
START_TEST(any_byte_that_changed)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};

	make(roots[_i], 4096);
	early_finish(&e);
	for (uint64_t i = 0; i < 9 * 74; i++) {
		uint8_t *at = early_at(&e, some_place(i), 1);
		uint8_t saved = *at;

		for (size_t k = 0; k < sizeof(values); k++) {
			*at = values[k];
			walk();
		}
		*at = saved;
	}
	walk();
	walk_log_is_sound(&told);
	early_end(&e);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("walk_early");

	tcase_add_loop_test(tc, each_root, 0, 3);
	tcase_add_test(tc, nothing_is_finalized_yet);
	tcase_add_test(tc, what_the_new_kernel_gave_back);
	tcase_add_loop_test(tc, tree_of_which_only_bytes_are_known, 0, 2);
	tcase_add_test(tc, folios_in_the_tree);
	tcase_add_test(tc, folios_in_a_list);
	tcase_add_test(tc, another_number_of_folios);
	tcase_add_test(tc, a_piece_of_a_record);
	tcase_add_test(tc, more_bitmaps_than_fit);
	tcase_add_test(tc, chunks_in_a_loop);
	tcase_add_test(tc, a_bitmap_that_is_not_there);
	tcase_add_test(tc, a_bitmap_twice);
	tcase_add_test(tc, a_bitmap_at_an_odd_place);
	tcase_add_test(tc, a_bitmap_at_the_end_of_all_memory);
	tcase_add_test(tc, two_bitmaps_for_the_same_pages);
	tcase_add_test(tc, a_bitmap_of_an_odd_start);
	tcase_add_test(tc, the_last_bitmap_of_all_memory);
	tcase_add_loop_test(tc, an_order_that_cannot_be, 0, 2);
	tcase_add_test(tc, a_block_twice);
	tcase_add_test(tc, more_sessions_than_fit);
	tcase_add_test(tc, as_many_sessions_as_fit);
	tcase_add_test(tc, more_files_than_fit);
	tcase_add_test(tc, files_without_a_table);
	tcase_add_test(tc, half_a_table);
	tcase_add_test(tc, another_number_than_the_tests);
	tcase_add_test(tc, a_root_that_leads_to_memory);
	tcase_add_loop_test(tc, a_blob_without_bytes_or_place, 0, 3);
	tcase_add_test(tc, a_root_with_an_empty_name);
	tcase_add_test(tc, a_root_that_is_no_tree);
	tcase_add_test(tc, no_device_tree);
	tcase_add_loop_test(tc, a_device_tree_without_end, 0, 3);
	tcase_add_loop_test(tc, a_device_tree_that_is_cut, 0, 2);
	tcase_add_test(tc, a_device_tree_beyond_its_memory);
	tcase_add_test(tc, a_map_that_is_gone);
	tcase_add_loop_test(tc, any_byte_that_changed, 0, 3);
	return run_case("walk_early", tc);
}
