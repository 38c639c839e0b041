// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Handovers that were made to lead a reader astray.
 */
#include <endian.h>
#include <inttypes.h>
#include <libfdt.h>
#include <string.h>

#include <luser/abi/iommu-v2.h>
#include <luser/abi/kho-vmalloc-v1.h>
#include <luser/abi/luo-v5.h>
#include <luser/abi/memfd-v2.h>
#include <luser/check.h>

#include "model.h"
#include "run_case.h"
#include "walk_log.h"

#define PAGE UINT64_C(4096)
#define MAX_FETCHES 8192

/**
 * struct fetches - what was read
 * @ranges: each read
 * @nr:     how many
 * @bytes:  in all of them
 */
struct fetches {
	struct luser_range ranges[MAX_FETCHES];
	size_t nr;
	uint64_t bytes;
};

static struct fetches fetches;
static struct walk_log told;
static struct handover h;

static void fetched(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	(void)ctx;
	(void)buf;
	for (size_t i = 0; i < fetches.nr; i++) {
		const struct luser_range *range = &fetches.ranges[i];

		ck_assert_msg(phys + len <= range->start ||
				      range->start + range->len <= phys,
			      "0x%" PRIx64 " is read twice", phys);
	}
	ck_assert_uint_lt(fetches.nr, MAX_FETCHES);
	fetches.ranges[fetches.nr++] = (struct luser_range){phys, len};
	fetches.bytes += len;
}

/* Walks the handover, and checks that no byte is read twice. */
static void walk_with(const struct luser_walk_options *options)
{
	struct luser_mem *mem;

	fetches.nr = 0;
	fetches.bytes = 0;
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	luser_mem_observe(mem, fetched, NULL);
	ck_assert_int_eq(walk_log(&told, mem, &h.root, options), LUSER_OK);
	luser_mem_close(mem);
}

static void finish_and_walk(void)
{
	handover_finish(&h);
	walk_with(NULL);
}

static void is_told(const char *rule, const char *path, uint64_t phys)
{
	const struct walk_told *one = walk_log_find(&told, rule);

	ck_assert_str_eq(one->path, path);
	ck_assert_uint_eq(one->phys, phys);
}

static void put64(uint64_t phys, uint64_t value)
{
	uint8_t *at = luser_image_at(h.image, phys, 8);

	ck_assert_ptr_nonnull(at);
	value = htole64(value);
	memcpy(at, &value, sizeof(value));
}

static uint64_t get64(uint64_t phys)
{
	uint64_t value;

	memcpy(&value, luser_image_at(h.image, phys, 8), sizeof(value));
	return le64toh(value);
}

static uint64_t block_of(uint32_t order)
{
	uint64_t phys;

	ck_assert_int_eq(luser_image_alloc(h.image, order, true, &phys, NULL),
			 LUSER_OK);
	return phys;
}

static void set_up(void)
{
	handover_begin(&h, PAGE, 0);
}

static void tear_down(void)
{
	handover_end(&h);
}

/*
 * Reading twice
 */

START_TEST(blobs_that_overlap)
{
	uint64_t phys = block_of(1);

	handover_add_subtree(&h, "first", phys, 2 * PAGE);
	handover_add_subtree(&h, "second", phys + 8, PAGE);
	finish_and_walk();
	is_told("read-twice", "second/preserved-data", h.root.phys);
}
END_TEST

struct claims {
	struct luser_range ranges[4];
	size_t nr;
	size_t allowed;
};

static bool claim(void *ctx, uint64_t phys, uint64_t len)
{
	struct claims *claims = ctx;

	ck_assert_uint_lt(claims->nr, 4);
	claims->ranges[claims->nr++] = (struct luser_range){phys, len};
	return claims->nr <= claims->allowed;
}

static const struct luser_field table_fields[] = {
	{.name = "pages", .kind = LUSER_UINT, .offset = 0, .size = 8, .count = 1},
	{.name = "count", .kind = LUSER_UINT, .offset = 8, .size = 8, .count = 1},
};

static const struct luser_struct table_header = {
	.name = "header",
	.size = 16,
	.fields = table_fields,
	.nr_fields = 2,
};

static const struct luser_struct table_record = {.name = "one", .size = 8};

static const struct luser_array table = {
	.name = "table",
	.record = &table_record,
	.header = &table_header,
	.pages = &table_fields[0],
	.count = &table_fields[1],
	.max_pages = 4,
};

static bool read_table(uint64_t phys, struct claims *claims)
{
	static const struct luser_array_ops ops = {.claim = claim};
	struct luser_env env = {.page_size = PAGE, .page_shift = 12};
	struct luser_array_reader reader;
	struct luser_mem *mem;
	bool whole;

	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_array_open(&reader, mem, &table, phys, &env,
					  true, &ops, claims),
			 LUSER_OK);
	whole = luser_array_next(&reader) && reader.used == 1000;
	luser_array_close(&reader);
	luser_mem_close(mem);
	return whole;
}

START_TEST(table_claims_all_of_it)
{
	uint64_t phys = block_of(2);
	struct claims claims = {.allowed = 4};

	put64(phys, 3);
	put64(phys + 8, 1000);
	ck_assert(read_table(phys, &claims));
	ck_assert_uint_eq(claims.nr, 2);
	ck_assert_uint_eq(claims.ranges[1].start, phys + PAGE);
	ck_assert_uint_eq(claims.ranges[1].len, 2 * PAGE);
	claims = (struct claims){.allowed = 1};
	ck_assert(!read_table(phys, &claims));
}
END_TEST

/*
 * Lists of pages
 */

/* Adds a file that is a memfd with so many folios in such a list. */
static uint64_t add_list(uint64_t folios, uint64_t first, uint64_t pages,
			 uint64_t order)
{
	const struct luser_struct *type = luser_memfd_v2_luo_type();
	const struct luser_field *field = luser_struct_field(type, "folios");
	struct luser_encoded_root root;

	ck_assert_int_eq(luser_encode_root(h.image, &luser_abi_memfd_v2, &root,
					   NULL),
			 LUSER_OK);
	handover_set(type, root.at, "nr_folios", folios);
	handover_set(field->type, root.at + field->offset, "first", first);
	handover_set(field->type, root.at + field->offset, "total_pages",
		     pages);
	handover_set(field->type, root.at + field->offset, "order", order);
	handover_add_session(&h, "vm");
	handover_add_file(&h, luser_abi_memfd_v2.key, root.phys, 1);
	return root.phys;
}

START_TEST(blob_around_an_array)
{
	uint64_t phys = block_of(1);

	add_list(1, phys + PAGE, 1, 0);
	handover_add_subtree(&h, "around", phys, 2 * PAGE);
	finish_and_walk();
	is_told("read-twice", "around/preserved-data", h.root.phys);
}
END_TEST

START_TEST(blocks_that_are_not_there)
{
	uint64_t chunk = handover_page(&h);
	uint64_t nr = PAGE / 8 - 1;

	for (uint64_t i = 0; i < nr; i++)
		put64(chunk + 8 + i * 8, (UINT64_C(1) << 40) + (i << 32));
	add_list(nr << 18, chunk, nr << 10, 10);
	finish_and_walk();
	walk_log_find(&told, "unreadable");
	ck_assert_uint_le(told.nr_bad, 2 * nr + 2);
}
END_TEST

START_TEST(list_without_pages)
{
	uint64_t root = add_list(5, 0, 1, 0);

	finish_and_walk();
	is_told("page-list", "LUO/sessions[vm]/files[0x1]/folios", root + 32);
}
END_TEST

START_TEST(records_without_a_list)
{
	uint64_t root = add_list(5, 0, 0, 0);

	finish_and_walk();
	is_told("count", "LUO/sessions[vm]/files[0x1]/nr_folios", root + 24);
}
END_TEST

START_TEST(block_that_is_not_aligned)
{
	uint64_t chunk = handover_page(&h);

	put64(chunk + 8, block_of(1) + 16);
	add_list(1, chunk, 1, 0);
	finish_and_walk();
	is_told("phys-aligned", "LUO/sessions[vm]/files[0x1]/folios/phys",
		chunk + 8);
}
END_TEST

/*
 * Arrays
 */

START_TEST(count_without_an_array)
{
	uint8_t *files;

	handover_add_session(&h, "vm");
	files = h.session + luser_luo_v5_session_type()->fields[1].offset;
	handover_finish(&h);
	handover_set(luser_luo_v5_file_set_type(), files, "count", 3);
	walk_with(NULL);
	ck_assert_str_eq(walk_log_find(&told, "total")->path,
			 "LUO/sessions[vm]/file_set_ser.count");
}
END_TEST

static struct model encode_iommu_v2(void)
{
	struct model m = model_iommu_v2();

	model_encode(&m, &h, 4, 200, 200);
	return m;
}

static void seal(const struct model *m)
{
	ck_assert_int_eq(luser_encode_seal(h.image, &luser_abi_iommu_v2,
					   m->root.phys, true, NULL),
			 LUSER_OK);
}

START_TEST(first_page_without_a_record_size)
{
	const struct luser_array *array = luser_iommu_v2_domains_array();
	struct model m = encode_iommu_v2();
	uint64_t page = m.phys[MODEL_DOMAINS][0] & ~(PAGE - 1);

	luser_field_set(array->stride, luser_image_at(h.image, page, PAGE), 0,
			0);
	luser_field_set(array->count, luser_image_at(h.image, page, PAGE), 0,
			0);
	seal(&m);
	finish_and_walk();
	ck_assert_str_eq(walk_log_find(&told, "record-size")->path,
			 "LUO/flbs[iommu-v2]/domains/record_size");
	model_free(&m);
}
END_TEST

START_TEST(reference_to_another_root)
{
	const struct luser_struct *type = luser_iommu_v2_root_type();
	struct model first = encode_iommu_v2();
	struct model second = encode_iommu_v2();

	handover_set(type, second.root.at, "domains", 0);
	handover_set(type, second.root.at, "nr_domains", 0);
	seal(&second);
	finish_and_walk();
	walk_log_find(&told, "no-such-record");
	model_free(&first);
	model_free(&second);
}
END_TEST

static uint64_t is_not_zero(const uint8_t *at, const struct luser_env *env)
{
	(void)env;
	return !*at;
}

static const struct luser_rule inner_rule = {.name = "set", .that = "x != 0"};

static const struct luser_struct inner = {
	.name = "inner",
	.size = 8,
	.rules = &inner_rule,
	.nr_rules = 1,
	.broken = is_not_zero,
};

static const struct luser_field grown_field = {
	.name = "inner",
	.kind = LUSER_STRUCT,
	.offset = 8,
	.size = 8,
	.count = 1,
	.since = 16,
	.type = &inner,
};

static uint64_t no_rules(const uint8_t *at, const struct luser_env *env)
{
	(void)at;
	(void)env;
	return 0;
}

START_TEST(struct_that_the_writer_did_not_know)
{
	static const struct luser_struct grown = {
		.name = "grown",
		.size = 16,
		.fields = &grown_field,
		.nr_fields = 1,
		.broken = no_rules,
	};
	struct luser_env env = {.page_size = PAGE, .page_shift = 12};
	uint8_t record[16] = {0};

	ck_assert_int_eq(luser_record_explain(&grown, record, 16, &env, NULL),
			 LUSER_INVALID);
	ck_assert_int_eq(luser_record_explain(&grown, record, 8, &env, NULL),
			 LUSER_OK);
}
END_TEST

/*
 * The map
 */

/* A map without keys, as the root's. */
static uint64_t new_map(void)
{
	uint64_t map = handover_page(&h);
	uint64_t value = htole64(map);
	void *fdt;

	handover_finish(&h);
	fdt = luser_image_at(h.image, h.root.phys, PAGE);
	ck_assert_int_eq(fdt_setprop_inplace(fdt, 0, "preserved-memory-map",
					     &value, sizeof(value)),
			 0);
	return map;
}

static void add_key(uint64_t map, uint64_t key)
{
	uint64_t leaf = key & 0x7fff;

	for (int shift = 15 + 4 * 9; shift >= 15; shift -= 9) {
		uint64_t entry = map + (key >> shift & 0x1ff) * 8;

		if (!get64(entry))
			put64(entry, handover_page(&h));
		map = get64(entry);
	}
	put64(map + leaf / 64 * 8,
	      get64(map + leaf / 64 * 8) | UINT64_C(1) << leaf % 64);
}

START_TEST(keys_of_no_block)
{
	uint64_t map = new_map();

	for (uint64_t key = 1; key < 0x8000; key += 2)
		add_key(map, key);
	walk_with(NULL);
	ck_assert_str_eq(walk_log_find(&told, "order")->path, "preserved_map");
	ck_assert_uint_lt(told.nr, 10);
}
END_TEST

static enum luser_enter check_map(void *ctx, const struct luser_node *node)
{
	struct luser_map_cursor cursor = {0};
	struct luser_range range;
	uint64_t *bytes = ctx;
	uint64_t end = 0;

	if (node->kind != LUSER_NODE_TREE)
		return LUSER_ENTER;
	while (luser_map_next(node->map, &cursor, &range)) {
		ck_assert_uint_ge(range.start, end);
		ck_assert_uint_ge(range.start + (range.len - 1), range.start);
		end = range.start + (range.len - 1);
		*bytes += range.len;
	}
	return LUSER_STOP;
}

START_TEST(blocks_at_both_ends)
{
	static const struct luser_visitor visitor = {.enter = check_map};
	uint64_t map = new_map(), bytes = 0;
	struct luser_mem *mem;

	add_key(map, (UINT64_C(1) << 52) - 1); /* order 1, the last */
	add_key(map, UINT64_C(1) << 52);       /* order 0, the first */
	add_key(map, (UINT64_C(1) << 53) - 1); /* order 0, the last */
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	ck_assert_int_eq(luser_walk(mem, &h.root, NULL, &visitor, &bytes, NULL),
			 LUSER_STOPPED);
	ck_assert_uint_eq(bytes, 3 * PAGE);
	luser_mem_close(mem);
}
END_TEST

/*
 * Ending early
 */

static bool count_bytes(void *ctx, uint64_t done, uint64_t total)
{
	(void)total;
	*(uint64_t *)ctx = done;
	return true;
}

static void add_everything(void)
{
	struct model m = encode_iommu_v2();

	handover_add_kernel(&h);
	handover_add_session(&h, "vm");
	handover_add_memfd(&h, 1, 300);
	handover_add_file(&h, "unheard-of", handover_page(&h), 2);
	model_free(&m);
}

START_TEST(progress_counts_all_that_is_read)
{
	uint64_t bytes = 0;

	add_everything();
	handover_finish(&h);
	walk_with(&(struct luser_walk_options){
		.progress = count_bytes,
		.progress_ctx = &bytes,
	});
	ck_assert_uint_eq(bytes, fetches.bytes);
}
END_TEST

/**
 * struct countdown - a visitor that stops a walk
 * @left:    objects, or bytes read, until it does
 * @entered: objects, those not left yet
 */
struct countdown {
	uint64_t left;
	uint64_t entered;
};

static enum luser_enter enter_some(void *ctx, const struct luser_node *node)
{
	struct countdown *countdown = ctx;

	(void)node;
	ck_assert_uint_ne(countdown->left, 0);
	if (!--countdown->left)
		return LUSER_STOP;
	countdown->entered++;
	return LUSER_ENTER;
}

static void leave(void *ctx, const struct luser_node *node)
{
	struct countdown *countdown = ctx;
	char path[200];

	luser_path(node, NULL, path, sizeof(path));
	ck_assert_uint_gt(countdown->entered--, 0);
}

static void no_finding(void *ctx, const struct luser_finding *finding)
{
	const struct countdown *countdown = ctx;

	ck_assert_uint_ne(countdown->left, 0);
	ck_assert_str_eq(finding->rule, "unknown-abi");
}

START_TEST(stop_at_each_object)
{
	static const struct luser_visitor visitor = {
		.enter = enter_some,
		.leave = leave,
		.finding = no_finding,
	};
	struct luser_mem *mem;
	enum luser_code code;
	uint64_t n = 0;

	add_everything();
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	do {
		struct countdown countdown = {.left = ++n};

		code = luser_walk(mem, &h.root, NULL, &visitor, &countdown,
				  NULL);
		ck_assert_uint_eq(countdown.entered, 0);
	} while (code == LUSER_STOPPED);
	ck_assert_int_eq(code, LUSER_OK);
	ck_assert_uint_gt(n, 500);
	luser_mem_close(mem);
}
END_TEST

/**
 * struct skipped - one object that is skipped, and what follows
 * @in:    objects until it is come to
 * @below: objects that were entered and not left, since
 * @all:   objects that were entered
 * @parts: of the map and of page tables, that were told
 */
struct skipped {
	uint64_t in;
	uint64_t below;
	uint64_t all;
	uint64_t parts;
};

static enum luser_enter skip_one(void *ctx, const struct luser_node *node)
{
	struct skipped *skipped = ctx;

	(void)node;
	skipped->all++;
	skipped->below++;
	return --skipped->in ? LUSER_ENTER : LUSER_SKIP;
}

static void leave_any(void *ctx, const struct luser_node *node)
{
	struct skipped *skipped = ctx;

	(void)node;
	ck_assert_uint_gt(skipped->below--, 0);
}

static void map_part(void *ctx, const struct luser_map_part *part)
{
	struct skipped *skipped = ctx;

	(void)part;
	skipped->parts++;
}

static void table_part(void *ctx, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	struct skipped *skipped = ctx;

	(void)node;
	(void)part;
	skipped->parts++;
}

/* What is in it is not shown; all else is, and read as before. */
START_TEST(skip_each_object)
{
	static const struct luser_visitor visitor = {
		.enter = skip_one,
		.leave = leave_any,
		.map_part = map_part,
		.table_part = table_part,
	};
	struct luser_mem *mem;
	uint64_t all = 0, n = 0, fewer = 0;

	add_everything();
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	do {
		struct skipped skipped = {.in = n++};

		ck_assert_int_eq(luser_walk(mem, &h.root, NULL, &visitor,
					    &skipped, NULL),
				 LUSER_OK);
		ck_assert_uint_eq(skipped.below, 0);
		all = all ? all : skipped.all;
		ck_assert_uint_le(skipped.all, all);
		fewer += skipped.all < all;
		ck_assert(skipped.all == 1 ? !skipped.parts : skipped.parts);
	} while (n <= all && n < 100);
	ck_assert_uint_gt(fewer, 5);
	luser_mem_close(mem);
}
END_TEST

/* Blobs without a root FDT, and the first object is too many, or a blob. */
START_TEST(stop_before_blobs)
{
	static const struct luser_visitor visitor = {
		.enter = enter_some,
		.finding = no_finding,
	};
	const struct luser_blob blob = {.name = "x", .data = "y", .len = 1};
	const struct luser_blob blobs[] = {blob, blob};
	const struct luser_root root = {
		.phys = LUSER_NO_PHYS,
		.blobs = blobs,
		.nr_blobs = 2,
	};
	struct countdown countdown = {.left = (uint64_t)_i};

	ck_assert_int_eq(luser_walk(NULL, &root, NULL, &visitor, &countdown,
				    NULL),
			 LUSER_STOPPED);
	handover_finish(&h);
}
END_TEST

START_TEST(page_size_of_no_machine)
{
	static const struct luser_visitor visitor = {.finding = NULL};
	const struct luser_walk_options options = {.page_size = 5000};
	struct luser_error err;

	handover_finish(&h);
	ck_assert_int_eq(luser_walk(NULL, &h.root, &options, &visitor, NULL,
				    &err),
			 LUSER_ARGUMENT);
	ck_assert_ptr_nonnull(strstr(err.message, "page size of 5000"));
}
END_TEST

static bool read_some(void *ctx, uint64_t done, uint64_t total)
{
	struct countdown *countdown = ctx;

	(void)done;
	(void)total;
	ck_assert_uint_ne(countdown->left, 0);
	return --countdown->left;
}

START_TEST(stop_at_each_read)
{
	static const struct luser_visitor visitor = {.finding = NULL};
	struct luser_mem *mem;
	enum luser_code code;
	uint64_t n = 0;

	add_everything();
	handover_finish(&h);
	ck_assert_int_eq(luser_image_mem(h.image, &mem, NULL), LUSER_OK);
	do {
		struct countdown countdown = {.left = ++n};
		struct luser_walk_options options = {
			.progress = read_some,
			.progress_ctx = &countdown,
		};

		code = luser_walk(mem, &h.root, &options, &visitor, &countdown,
				  NULL);
	} while (code == LUSER_STOPPED);
	ck_assert_int_eq(code, LUSER_OK);
	ck_assert_uint_gt(n, 10);
	luser_mem_close(mem);
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("walk_hostile");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, blobs_that_overlap);
	tcase_add_test(tc, blob_around_an_array);
	tcase_add_test(tc, table_claims_all_of_it);
	tcase_add_test(tc, blocks_that_are_not_there);
	tcase_add_test(tc, list_without_pages);
	tcase_add_test(tc, records_without_a_list);
	tcase_add_test(tc, block_that_is_not_aligned);
	tcase_add_test(tc, count_without_an_array);
	tcase_add_test(tc, first_page_without_a_record_size);
	tcase_add_test(tc, reference_to_another_root);
	tcase_add_test(tc, struct_that_the_writer_did_not_know);
	tcase_add_test(tc, keys_of_no_block);
	tcase_add_test(tc, blocks_at_both_ends);
	tcase_add_test(tc, progress_counts_all_that_is_read);
	tcase_add_test(tc, stop_at_each_object);
	tcase_add_test(tc, stop_at_each_read);
	tcase_add_test(tc, skip_each_object);
	tcase_add_loop_test(tc, stop_before_blobs, 1, 3);
	tcase_add_test(tc, page_size_of_no_machine);
	return run_case("walk_hostile", tc);
}
