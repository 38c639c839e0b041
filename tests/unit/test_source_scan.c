// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Finding roots in a memory, and telling which is which. */
#include <stdlib.h>

#include <luser/le.h>
#include <luser/source.h>

#include "elf_fixture.h"
#include "fdt_fixture.h"
#include "file_fixture.h"
#include "run_case.h"

#define PAGE 4096
#define NR_PAGES 64

/* Not at 0, so that offsets and addresses differ. */
#define BASE 0x100000

static uint8_t memory[NR_PAGES * PAGE] __attribute__((aligned(PAGE)));
static struct luser_error err;
static struct luser_mem *mem;
static struct luser_source *src;

static void start(void)
{
	memset(memory, 0, sizeof(memory));
	ck_assert_int_eq(luser_mem_from_buffer(memory, sizeof(memory), BASE,
					       false, &mem, &err), LUSER_OK);
}

static void end(void)
{
	luser_mem_close(mem);
}

static uint64_t page(size_t n)
{
	return BASE + n * PAGE;
}

static void *at(uint64_t phys)
{
	return memory + (phys - BASE);
}

/* A root in page @n, with a LUO blob of @number in the page after it. */
static void put_root(size_t n, const char *compatible, uint64_t number)
{
	uint8_t blob[8];
	uint8_t size[8];
	void *fdt = memory + n * PAGE;
	int bad = fdt_create(fdt, PAGE);

	luser_set_le64(blob, page(n + 1));
	luser_set_le64(size, 32);
	bad |= fdt_finish_reservemap(fdt);
	bad |= fdt_begin_node(fdt, "");
	bad |= fdt_property(fdt, "compatible", compatible,
			    (int)strlen(compatible) + 1);
	bad |= fdt_property(fdt, "preserved-memory-map", blob, 8);
	bad |= fdt_begin_node(fdt, "LUO");
	bad |= fdt_property(fdt, "preserved-data", blob, 8);
	bad |= fdt_property(fdt, "blob-size", size, 8);
	bad |= fdt_end_node(fdt);
	bad |= fdt_end_node(fdt);
	bad |= fdt_finish(fdt);
	ck_assert_int_eq(bad, 0);
	if (number) {
		memcpy(at(page(n + 1)), "luo-v5", 7);
		luser_set_le64((uint8_t *)at(page(n + 1)) + 8, number);
	}
}

/* A boot record that names page @root and was made for address @home. */
static void put_record(uint64_t phys, uint64_t home, size_t root)
{
	uint8_t *raw = at(phys);

	luser_set_le32(raw + 8, 10);
	luser_set_le32(raw + 12, 32);
	luser_set_le64(raw + 16, page(root));
	luser_set_le64(raw + 24, PAGE);
	luser_set_le64(raw + 32, page(60));
	luser_set_le64(raw + 40, 48);
	luser_set_le64(raw + 48, home);
	luser_set_le32(raw + 56, 9);
	luser_set_le32(raw + 60, 32);
}

static void put_booted(uint64_t phys, size_t root)
{
	put_record(phys, phys, root);
}

static void put_staged(uint64_t phys, size_t root)
{
	put_record(phys, phys + 0x10000, root);
}

/* A machine's device tree that names page @root, with one seed in /chosen. */
static void put_machine(size_t n, size_t root, const char *seed)
{
	void *fdt = memory + n * PAGE;
	uint32_t cells = cpu_to_fdt32(2);
	fdt64_t reg[2] = {cpu_to_fdt64(page(root)), cpu_to_fdt64(PAGE)};
	int bad = fdt_create(fdt, PAGE);

	bad |= fdt_finish_reservemap(fdt);
	bad |= fdt_begin_node(fdt, "");
	bad |= fdt_property(fdt, "#address-cells", &cells, 4);
	bad |= fdt_property(fdt, "#size-cells", &cells, 4);
	bad |= fdt_begin_node(fdt, "chosen");
	bad |= fdt_property(fdt, "linux,kho-fdt", reg, 16);
	reg[0] = cpu_to_fdt64(page(60));
	reg[1] = cpu_to_fdt64(48);
	bad |= fdt_property(fdt, "linux,kho-scratch", reg, 16);
	bad |= fdt_property_u64(fdt, seed, 0x1234);
	bad |= fdt_end_node(fdt);
	bad |= fdt_end_node(fdt);
	bad |= fdt_finish(fdt);
	ck_assert_int_eq(bad, 0);
}

static const struct luser_root *scan(size_t want)
{
	const struct luser_root *roots;
	size_t n;

	ck_assert_msg(luser_source_scan(mem, NULL, NULL, &src, &err) ==
			      LUSER_OK, "%s", err.message);
	roots = luser_source_roots(src, &n);
	ck_assert_uint_eq(n, want);
	return roots;
}

static void is(const struct luser_root *root, enum luser_role role, size_t n,
	       const char *why)
{
	ck_assert_uint_eq(root->phys, page(n));
	ck_assert_msg(root->role == role, "page %zu: role %d: %s", n,
		      (int)root->role, root->why);
	ck_assert_msg(strstr(root->why, why), "'%s' lacks '%s'", root->why,
		      why);
	ck_assert_ptr_null(root->fdt.data);
	ck_assert_uint_eq(root->nr_blobs, 0);
}

/* The root in page 8 is all there is: nothing else tells of it. */
static void finds_the_only_one(void)
{
	is(scan(1), LUSER_ROLE_OUT, 8, "only one");
	luser_source_close(src);
}

START_TEST(root_of_a_waiting_record_is_outgoing)
{
	const struct luser_root *root;

	put_root(8, "kho-v4", 1);
	put_staged(page(20) + 0xa0, 8);
	root = scan(1);
	is(&root[0], LUSER_ROLE_OUT, 8, "waits for the next kernel");
	ck_assert_uint_eq(root[0].nr_scratch, 0);
	luser_source_close(src);
}
END_TEST

START_TEST(memory_may_start_anywhere)
{
	put_root(8, "kho-v4", 1);
	luser_mem_close(mem);
	ck_assert_int_eq(luser_mem_from_buffer(memory + 1, sizeof(memory) - 1,
					       BASE + 1, false, &mem, &err),
			 LUSER_OK);
	finds_the_only_one();
}
END_TEST

START_TEST(root_of_a_record_at_home_is_incoming)
{
	const struct luser_root *root;
	uint8_t *areas = at(page(60));

	luser_set_le64(areas, 0x10000000);
	luser_set_le64(areas + 8, 0x3000000);
	luser_set_le64(areas + 16, 0x13800000);
	luser_set_le64(areas + 32, 0x7000000);
	luser_set_le64(areas + 40, 0x9000000);
	put_root(8, "kho-v4", 1);
	put_root(12, "kho-v4", 0);
	put_booted(page(20) + 0xa0, 8);
	root = scan(2);
	is(&root[0], LUSER_ROLE_IN, 8, "this kernel was booted with it");
	is(&root[1], LUSER_ROLE_OUT, 12, "only other one");
	ck_assert_uint_eq(root[0].nr_scratch, 2);
	ck_assert_uint_eq(root[0].scratch[1].start, 0x7000000);
	ck_assert_uint_eq(root[0].scratch[1].len, 0x9000000);
	luser_source_close(src);
}
END_TEST

/* What a kernel was booted with waited somewhere before. */
START_TEST(record_at_home_outweighs_the_one_that_waited)
{
	const struct luser_root *root;

	put_root(8, "kho-v4", 0);
	put_staged(page(20) + 0xa0, 8);
	put_booted(page(30) + 0xa0, 8);
	put_staged(page(40) + 0xa0, 8);
	root = scan(1);
	is(&root[0], LUSER_ROLE_IN, 8, "0x11e0a0");
	luser_source_close(src);
}
END_TEST

START_TEST(numbers_tell_outgoing_from_old)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 3);
	put_root(8, "kho-v4", 6);
	put_root(12, "kho-v4", 5);
	put_root(16, "kho-v4", 9);
	put_booted(page(30), 12);
	root = scan(4);
	is(&root[0], LUSER_ROLE_IN, 12, "booted");
	is(&root[1], LUSER_ROLE_OUT, 8, "handover 6, the one after 5");
	is(&root[2], LUSER_ROLE_OLD, 4, "handover 3, none after 5");
	is(&root[3], LUSER_ROLE_UNKNOWN, 16, "handover 9, not the one after 5");
	luser_source_close(src);
}
END_TEST

START_TEST(of_several_booted_the_latest_is_incoming)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 2);
	put_root(8, "kho-v4", 3);
	put_booted(page(30), 4);
	put_booted(page(31), 8);
	root = scan(2);
	is(&root[0], LUSER_ROLE_IN, 8, "booted");
	is(&root[1], LUSER_ROLE_OLD, 4, "handover 2");
	luser_source_close(src);
}
END_TEST

START_TEST(several_booted_without_numbers_are_unknown)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	put_root(8, "kho-v4", 0);
	put_booted(page(30), 4);
	put_booted(page(31), 8);
	root = scan(2);
	is(&root[0], LUSER_ROLE_UNKNOWN, 4, "Nothing");
	is(&root[1], LUSER_ROLE_UNKNOWN, 8, "Nothing");
	luser_source_close(src);
}
END_TEST

START_TEST(numbers_alone_tell_the_order)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 3);
	put_root(8, "kho-v4", 4);
	put_root(12, "kho-v4", 1);
	root = scan(3);
	is(&root[0], LUSER_ROLE_IN, 4, "before the latest");
	is(&root[1], LUSER_ROLE_OUT, 8, "latest");
	is(&root[2], LUSER_ROLE_OLD, 12, "Later");
	luser_source_close(src);
}
END_TEST

START_TEST(nothing_tells_two_roots_apart)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	put_root(8, "kho-v4", 0);
	root = scan(2);
	is(&root[0], LUSER_ROLE_UNKNOWN, 4, "Nothing");
	is(&root[1], LUSER_ROLE_UNKNOWN, 8, "Nothing");
	luser_source_close(src);
}
END_TEST

START_TEST(waiting_record_tells_two_roots_apart)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	put_root(8, "kho-v4", 0);
	put_staged(page(30) + 16, 8);
	root = scan(2);
	is(&root[0], LUSER_ROLE_OUT, 8, "waits");
	is(&root[1], LUSER_ROLE_UNKNOWN, 4, "Nothing");
	luser_source_close(src);
}
END_TEST

START_TEST(record_that_nothing_points_to_decides_nothing)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	put_root(8, "kho-v4", 0);
	put_record(page(30), 0, 4);
	root = scan(2);
	is(&root[0], LUSER_ROLE_UNKNOWN, 4, "Nothing");
	is(&root[1], LUSER_ROLE_UNKNOWN, 8, "Nothing");
	luser_source_close(src);
}
END_TEST

/* Of the two seeds that kexec gives, a kernel takes one when it boots. */
START_TEST(device_tree_without_the_taken_seed_was_booted)
{
	const struct luser_root *root;

	luser_set_le64(at(page(60)), page(40));
	luser_set_le64((uint8_t *)at(page(60)) + 8, PAGE);
	put_root(4, "kho-v4", 0);
	put_root(8, "kho-v4", 0);
	put_machine(20, 8, "kaslr-seed");
	put_machine(24, 4, "rng-seed");
	root = scan(2);
	is(&root[0], LUSER_ROLE_IN, 8, "this kernel was booted with it");
	is(&root[1], LUSER_ROLE_OUT, 4, "waits for the next kernel");
	ck_assert_uint_eq(root[0].nr_scratch, 1);
	ck_assert_uint_eq(root[0].scratch[0].start, page(40));
	luser_source_close(src);
}
END_TEST

START_TEST(device_tree_without_seeds_decides_nothing)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	put_root(8, "kho-v4", 0);
	put_machine(20, 8, "no-seed");
	root = scan(2);
	is(&root[0], LUSER_ROLE_UNKNOWN, 4, "Nothing");
	is(&root[1], LUSER_ROLE_UNKNOWN, 8, "Nothing");
	luser_source_close(src);
}
END_TEST

START_TEST(only_root_is_outgoing)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	put_record(page(30), 0, 4);
	root = scan(1);
	is(&root[0], LUSER_ROLE_OUT, 4, "only one");
	luser_source_close(src);
}
END_TEST

/* Boot parameters at @params whose list starts with the record at @phys. */
static void put_params(uint64_t params, uint64_t phys)
{
	memcpy(at(params + 0x202), "HdrS", 4);
	luser_set_le64((uint8_t *)at(params) + 0x250, phys);
}

START_TEST(boot_parameters_tell_what_was_booted)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	put_root(8, "kho-v4", 0);
	put_record(page(31) + 0x70, 0, 4);
	put_params(page(30), page(31) + 0x70);
	put_record(page(41) + 0x70, 0, 8);
	put_params(page(40), page(51) + 0x70);
	root = scan(2);
	is(&root[0], LUSER_ROLE_IN, 4, "was booted with it");
	is(&root[1], LUSER_ROLE_OUT, 8, "waits for the next kernel");
	luser_source_close(src);
}
END_TEST

/* A file of debugfs in the page cache. */
START_TEST(copies_are_told_from_the_page_that_a_kernel_edited)
{
	const struct luser_root *root;

	put_root(12, "kho-v4", 0);
	memcpy(at(page(4)), at(page(12)), fdt_totalsize(at(page(12))));
	memcpy(at(page(20)), at(page(12)), fdt_totalsize(at(page(12))));
	memory[13 * PAGE - 100] = 'x';
	root = scan(3);
	is(&root[0], LUSER_ROLE_OUT, 12, "only one");
	is(&root[1], LUSER_ROLE_OLD, 4, "copy of the root at 0x10c000");
	is(&root[2], LUSER_ROLE_OLD, 20, "copy of the root at 0x10c000");
	luser_source_close(src);
}
END_TEST

/* They differ in length: neither is a copy, and nothing tells more of them. */
START_TEST(roots_of_two_lengths)
{
	const struct luser_root *root;

	put_root(8, "kho-v4", 1);
	put_root(20, "kho-v100", 1);
	root = scan(2);
	is(&root[0], LUSER_ROLE_UNKNOWN, 8, "Nothing");
	is(&root[1], LUSER_ROLE_UNKNOWN, 20, "Nothing");
	luser_source_close(src);
}
END_TEST

START_TEST(copies_are_told_from_what_a_record_names)
{
	const struct luser_root *root;

	put_root(4, "kho-v4", 0);
	memory[5 * PAGE - 100] = 'x';
	memcpy(at(page(12)), at(page(4)), fdt_totalsize(at(page(4))));
	put_booted(page(30), 12);
	root = scan(2);
	is(&root[0], LUSER_ROLE_IN, 12, "booted");
	is(&root[1], LUSER_ROLE_OLD, 4, "copy");
	luser_source_close(src);
}
END_TEST

START_TEST(unknown_newer_version_is_a_root)
{
	const struct luser_root *root;

	put_root(4, "kho-v97", 0);
	put_root(8, "kho-w4", 0);
	put_root(12, "kho-v4a", 0);
	put_root(16, "kho-v", 0);
	put_root(20, "", 0);
	root = scan(1);
	is(&root[0], LUSER_ROLE_OUT, 4, "only one");
	luser_source_close(src);
}
END_TEST

static void finds_nothing(void)
{
	struct luser_source *untouched = (struct luser_source *)&err;

	src = untouched;
	ck_assert_int_eq(luser_source_scan(mem, NULL, NULL, &src, &err),
			 LUSER_MISSING);
	ck_assert_ptr_eq(src, untouched);
	ck_assert_ptr_nonnull(strstr(err.message, "no root FDT"));
}

START_TEST(what_is_no_sound_root_is_passed_over)
{
	finds_nothing();
	put_root(4, "kho-v4", 0);
	memmove(at(page(5) + 64), at(page(4)), 1024);
	memset(at(page(4)), 0, PAGE);
	finds_nothing();
	put_root(4, "kho-v4", 0);
	fdt32_st(memory + 4 * PAGE + 4, 0x10000000);
	finds_nothing();
	put_root(4, "kho-v4", 0);
	fdt32_st(memory + 4 * PAGE + 20, 16);
	finds_nothing();
	memset(at(page(4)), 0, PAGE);
	/* The last page begins an FDT that would end beyond the memory. */
	put_root(NR_PAGES - 2, "kho-v4", 0);
	memmove(at(page(NR_PAGES - 1)), at(page(NR_PAGES - 2)), PAGE);
	memset(at(page(NR_PAGES - 2)), 0, PAGE);
	fdt32_st(memory + (NR_PAGES - 1) * PAGE + 4, PAGE + 8);
	finds_nothing();
}
END_TEST

/* Memory ends in the record, behind it, or before what would tell its time. */
START_TEST(record_at_the_end_of_memory)
{
	static const size_t behind[] = {48, 56, 64};

	put_root(8, "kho-v4", 1);
	put_record(page(20), page(20), 8);
	luser_mem_close(mem);
	ck_assert_int_eq(luser_mem_from_buffer(memory,
					       20 * PAGE + behind[_i] - 8,
					       BASE, false, &mem, &err),
			 LUSER_OK);
	finds_the_only_one();
}
END_TEST

/* What makes that it names no handover, or that none is behind it. */
static const struct odd {
	size_t at;
	uint64_t value;
} odds[] = {
	{16, 0},  {16, BASE + 8 * PAGE + 8}, {24, 0},
	{24, 100}, {24, UINT64_C(1) << 40},   {32, 0},
	{40, 0},  {40, 5},                   {48, 0},
	{56, 0},  {56, 0x7fffffff},          {56, UINT64_C(0x7fffffff) << 32 | 9},
};

START_TEST(record_that_is_none)
{
	put_root(8, "kho-v4", 1);
	put_booted(page(20) + 0xa0, 8);
	luser_set_le64(at(page(20) + 0xa0 + odds[_i].at), odds[_i].value);
	finds_the_only_one();
}
END_TEST

/* What would tell its time lies in front of all memory. */
START_TEST(record_at_the_start_of_memory)
{
	put_root(8, "kho-v4", 1);
	put_record(page(1) + 0xa0, 0, 8);
	finds_the_only_one();
}
END_TEST

/* Each says that it is large; not all of them are looked at. */
START_TEST(many_large_trees)
{
	for (size_t i = 0; i < sizeof(memory); i += 1024) {
		fdt32_st(memory + i, FDT_MAGIC);
		fdt32_st(memory + i + 4, 1 << 20);
	}
	put_root(8, "kho-v4", 1);
	finds_the_only_one();
}
END_TEST

START_TEST(every_flipped_bit_of_a_record_is_survived)
{
	uint8_t *raw = at(page(30));
	size_t bit;

	put_root(8, "kho-v4", 1);
	put_booted(page(30), 8);
	for (bit = 0; bit < 8 * 64; bit++) {
		raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_uint_eq(scan(1)->phys, page(8));
		luser_source_close(src);
		raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}
END_TEST

START_TEST(more_roots_than_a_kernel_makes_are_refused)
{
	enum { COUNT = 1100 };
	uint8_t *many = calloc(COUNT, PAGE);
	struct luser_mem *all;
	size_t i;

	put_root(4, "kho-v4", 0);
	for (i = 0; i < COUNT; i++)
		memcpy(many + i * PAGE, at(page(4)), PAGE);
	ck_assert_int_eq(luser_mem_from_buffer(many, COUNT * PAGE, 0, true,
					       &all, &err), LUSER_OK);
	ck_assert_int_eq(luser_source_scan(all, NULL, NULL, &src, &err),
			 LUSER_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message, "more than 1024"));
	luser_mem_close(all);
	free(many);
}
END_TEST

struct watch {
	uint64_t done;
	uint64_t total;
	int calls;
	int stop_at;
};

static bool progress(void *ctx, uint64_t done, uint64_t total)
{
	struct watch *watch = ctx;

	ck_assert_uint_gt(done, watch->done);
	watch->done = done;
	watch->total = total;
	return ++watch->calls != watch->stop_at;
}

START_TEST(progress_is_told_and_may_stop)
{
	static uint8_t zeros[3 << 20];
	struct watch all = { .stop_at = 0 };
	struct watch some = { .stop_at = 2 };
	struct luser_mem *big;

	ck_assert_int_eq(luser_mem_from_buffer(zeros, sizeof(zeros), 0, true,
					       &big, &err), LUSER_OK);
	ck_assert_int_eq(luser_source_scan(big, progress, &all, &src, &err),
			 LUSER_MISSING);
	ck_assert_uint_eq(all.done, sizeof(zeros));
	ck_assert_uint_eq(all.total, sizeof(zeros));
	ck_assert_int_eq(luser_source_scan(big, progress, &some, &src, &err),
			 LUSER_STOPPED);
	ck_assert_int_eq(some.calls, 2);
	luser_mem_close(big);
}
END_TEST

static void count_reads(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	(void)phys;
	(void)buf;
	*(size_t *)ctx += len;
}

START_TEST(search_is_not_observed)
{
	size_t seen = 0;

	put_root(8, "kho-v4", 1);
	luser_mem_observe(mem, count_reads, &seen);
	scan(1);
	luser_source_close(src);
	ck_assert_uint_eq(seen, 0);
}
END_TEST

static struct elf_fixture elf;

/* Segments that start and end anywhere, in a file that ends early. */
START_TEST(dump_with_holes_is_searched)
{
	const struct luser_root *root;
	struct luser_mem *dump;
	size_t n;

	put_root(8, "kho-v4", 0);
	fixture_elf(&elf);
	memset(elf.data, 0, sizeof(elf.data));
	memcpy(elf.data + 100, at(page(8)), PAGE);
	fixture_load(&elf, 0x8000 - 100, 0, PAGE + 200);
	fixture_load(&elf, 0x20000, 8192, 8192);
	fixture_enter();
	fixture_write("dump", &elf, FIXTURE_DATA_AT + 9000);
	ck_assert_int_eq(luser_mem_open("dump", 0, &dump, &err), LUSER_OK);
	ck_assert_int_eq(luser_source_scan(dump, NULL, NULL, &src, &err),
			 LUSER_OK);
	root = luser_source_roots(src, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(root[0].phys, 0x8000);
	luser_source_close(src);
	/* Shrinks while it is open: what is left is searched. */
	ck_assert_int_eq(truncate("dump", FIXTURE_DATA_AT + 4500), 0);
	ck_assert_int_eq(luser_source_scan(dump, NULL, NULL, &src, &err),
			 LUSER_OK);
	luser_source_close(src);
	ck_assert_int_eq(truncate("dump", 0), 0);
	ck_assert_int_eq(luser_source_scan(dump, NULL, NULL, &src, &err),
			 LUSER_NODATA);
	ck_assert_uint_eq(err.phys, 0x8000 - 100);
	luser_mem_close(dump);
	fixture_leave();
}
END_TEST

static TCase *cases(void)
{
	TCase *tc = tcase_create("scan");

	tcase_add_checked_fixture(tc, start, end);
	tcase_add_test(tc, root_of_a_waiting_record_is_outgoing);
	tcase_add_test(tc, memory_may_start_anywhere);
	tcase_add_test(tc, root_of_a_record_at_home_is_incoming);
	tcase_add_test(tc, record_at_home_outweighs_the_one_that_waited);
	tcase_add_test(tc, numbers_tell_outgoing_from_old);
	tcase_add_test(tc, of_several_booted_the_latest_is_incoming);
	tcase_add_test(tc, several_booted_without_numbers_are_unknown);
	tcase_add_test(tc, numbers_alone_tell_the_order);
	tcase_add_test(tc, nothing_tells_two_roots_apart);
	tcase_add_test(tc, waiting_record_tells_two_roots_apart);
	tcase_add_test(tc, record_that_nothing_points_to_decides_nothing);
	tcase_add_test(tc, copies_are_told_from_the_page_that_a_kernel_edited);
	tcase_add_test(tc, copies_are_told_from_what_a_record_names);
	tcase_add_test(tc, roots_of_two_lengths);
	tcase_add_test(tc, device_tree_without_the_taken_seed_was_booted);
	tcase_add_test(tc, device_tree_without_seeds_decides_nothing);
	tcase_add_test(tc, only_root_is_outgoing);
	tcase_add_test(tc, boot_parameters_tell_what_was_booted);
	tcase_add_test(tc, unknown_newer_version_is_a_root);
	tcase_add_test(tc, what_is_no_sound_root_is_passed_over);
	tcase_add_loop_test(tc, record_at_the_end_of_memory, 0, 3);
	tcase_add_loop_test(tc, record_that_is_none, 0,
			    sizeof(odds) / sizeof(odds[0]));
	tcase_add_test(tc, record_at_the_start_of_memory);
	tcase_add_test(tc, many_large_trees);
	tcase_add_test(tc, every_flipped_bit_of_a_record_is_survived);
	tcase_add_test(tc, more_roots_than_a_kernel_makes_are_refused);
	tcase_add_test(tc, progress_is_told_and_may_stop);
	tcase_add_test(tc, search_is_not_observed);
	tcase_add_test(tc, dump_with_holes_is_searched);
	return tc;
}

int main(void)
{
	return run_case("source_scan", cases());
}
