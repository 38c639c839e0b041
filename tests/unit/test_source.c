// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* Sources that are files: debugfs, a copy of it, boot parameters. */
#include <libfdt.h>

#include <luser/source.h>

#include "fdt_fixture.h"
#include "file_fixture.h"
#include "run_case.h"

static struct luser_error err;
static struct luser_source *src;

static void text(const char *path, const char *content)
{
	fixture_write(path, content, strlen(content));
}

static void make_kho(void)
{
	fixture_mkdir("kho");
	fixture_mkdir("kho/in");
	fixture_mkdir("kho/in/sub_fdts");
	fixture_mkdir("kho/out");
	fixture_mkdir("kho/out/sub_fdts");
}

static const struct luser_root *roots(size_t want)
{
	const struct luser_root *found;
	size_t n;

	ck_assert_msg(luser_source_debugfs("kho", &src, &err) == LUSER_OK, "%s",
		      err.message);
	found = luser_source_roots(src, &n);
	ck_assert_uint_eq(n, want);
	return found;
}

static void debugfs_fails(const char *dir, enum luser_code want,
			  const char *message)
{
	struct luser_source *untouched = (struct luser_source *)&err;

	src = untouched;
	ck_assert_int_eq(luser_source_debugfs(dir, &src, &err), want);
	ck_assert_ptr_eq(src, untouched);
	ck_assert_msg(strstr(err.message, message), "'%s' lacks '%s'",
		      err.message, message);
	ck_assert_int_eq(luser_source_debugfs(dir, &src, NULL), want);
}

START_TEST(both_directories_give_roots)
{
	char fdt[512];
	size_t len = fixture_fdt(fdt, sizeof(fdt), FIXTURE_COMPATIBLE, 1);
	const struct luser_root *root;

	make_kho();
	fixture_write("kho/in/fdt", fdt, len);
	fixture_write("kho/in/sub_fdts/beta", "b\0b", 3);
	text("kho/in/sub_fdts/alpha", "a");
	text("kho/in/sub_fdts/gamma", "");
	text("kho/out/sub_fdts/LUO", "xyz");
	root = roots(2);

	ck_assert_int_eq(root[0].role, LUSER_ROLE_IN);
	ck_assert_uint_eq(root[0].phys, LUSER_NO_PHYS);
	ck_assert_str_eq(root[0].why, "It is in the directory 'in'.");
	ck_assert_uint_eq(root[0].fdt.len, len);
	ck_assert_mem_eq(root[0].fdt.data, fdt, len);
	ck_assert_uint_eq(root[0].nr_blobs, 3);
	ck_assert_str_eq(root[0].blobs[0].name, "alpha");
	ck_assert_str_eq(root[0].blobs[1].name, "beta");
	ck_assert_uint_eq(root[0].blobs[1].len, 3);
	ck_assert_mem_eq(root[0].blobs[1].data, "b\0b", 3);
	ck_assert_uint_eq(root[0].blobs[2].len, 0);

	ck_assert_int_eq(root[1].role, LUSER_ROLE_OUT);
	ck_assert_ptr_null(root[1].fdt.data);
	ck_assert_uint_eq(root[1].nr_blobs, 1);
	ck_assert_str_eq(root[1].blobs[0].name, "LUO");
	luser_source_close(src);
}
END_TEST

START_TEST(blob_of_many_pages_is_whole)
{
	static char big[70000];
	const struct luser_root *root;

	memset(big, 'q', sizeof(big));
	make_kho();
	fixture_write("kho/in/sub_fdts/big", big, sizeof(big));
	root = roots(1);
	ck_assert_uint_eq(root[0].blobs[0].len, sizeof(big));
	ck_assert_mem_eq(root[0].blobs[0].data, big, sizeof(big));
	luser_source_close(src);
}
END_TEST

/* A kernel that was booted by KHO has out/ with nothing but these. */
START_TEST(scratch_areas_alone_give_a_root)
{
	const struct luser_root *root;

	make_kho();
	text("kho/out/scratch_phys", "0x22800000\n0x27800000\n0x16800000\n");
	text("kho/out/scratch_len", "0x4000000\n0x0\n0xc000000\n");
	root = roots(1);
	ck_assert_int_eq(root[0].role, LUSER_ROLE_OUT);
	ck_assert_uint_eq(root[0].nr_scratch, 2);
	ck_assert_uint_eq(root[0].scratch[0].start, 0x22800000);
	ck_assert_uint_eq(root[0].scratch[0].len, 0x4000000);
	ck_assert_uint_eq(root[0].scratch[1].start, 0x16800000);
	ck_assert_uint_eq(root[0].scratch[1].len, 0xc000000);
	luser_source_close(src);
}
END_TEST

START_TEST(hostile_scratch_files_give_what_makes_sense)
{
	const struct luser_root *root;

	make_kho();
	text("kho/out/sub_fdts/x", "x");
	text("kho/out/scratch_phys", "0x1000 zebra 0x2000");
	text("kho/out/scratch_len", "0x10\n0x20\n");
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_scratch, 1);
	luser_source_close(src);
	text("kho/out/scratch_phys", "0x10000000000000000\n");
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_scratch, 0);
	luser_source_close(src);
	text("kho/out/scratch_phys", "0xffffffffffffff00\n");
	text("kho/out/scratch_len", "0x200\n");
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_scratch, 0);
	luser_source_close(src);
}
END_TEST

START_TEST(names_of_blobs_may_be_anything)
{
	const struct luser_root *root;

	make_kho();
	text("kho/in/sub_fdts/\x1b[2J\n\xff", "x");
	text("kho/in/sub_fdts/...", "y");
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_blobs, 2);
	ck_assert_str_eq(root[0].blobs[0].name, "\x1b[2J\n\xff");
	ck_assert_str_eq(root[0].blobs[1].name, "...");
	luser_source_close(src);
}
END_TEST

START_TEST(what_is_no_plain_file_is_left_out_and_named)
{
	const struct luser_root *root;

	make_kho();
	text("kho/in/sub_fdts/good", "x");
	text("outside", "secret");
	ck_assert_int_eq(symlink("../../../outside", "kho/in/sub_fdts/link"),
			 0);
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_blobs, 1);
	ck_assert_ptr_nonnull(strstr(root[0].why, "cannot open link"));
	luser_source_close(src);
	ck_assert_int_eq(unlink("kho/in/sub_fdts/link"), 0);
	ck_assert_int_eq(mkfifo("kho/in/sub_fdts/pipe", 0644), 0);
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_blobs, 1);
	ck_assert_ptr_nonnull(strstr(root[0].why, "pipe is not a plain file"));
	luser_source_close(src);
}
END_TEST

START_TEST(oversized_file_is_left_out_and_named)
{
	const struct luser_root *root;

	make_kho();
	text("kho/in/sub_fdts/good", "x");
	text("kho/in/sub_fdts/huge", "x");
	ck_assert_int_eq(truncate("kho/in/sub_fdts/huge", 1ll << 40), 0);
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_blobs, 1);
	ck_assert_str_eq(root[0].blobs[0].name, "good");
	ck_assert_ptr_nonnull(strstr(root[0].why, "huge is larger"));
	luser_source_close(src);
}
END_TEST

START_TEST(number_of_blobs_is_bounded)
{
	const struct luser_root *root;
	char path[64];
	int i;

	make_kho();
	for (i = 0; i < 1100; i++) {
		snprintf(path, sizeof(path), "kho/in/sub_fdts/%d", i);
		text(path, "x");
	}
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_blobs, 1024);
	ck_assert_ptr_nonnull(strstr(root[0].why, "more than 1024"));
	luser_source_close(src);
}
END_TEST

/* One may be as large as all of them. */
START_TEST(bytes_of_blobs_are_bounded)
{
	const struct luser_root *root;
	char path[64];

	make_kho();
	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "kho/in/sub_fdts/%d", i);
		text(path, "x");
		ck_assert_int_eq(truncate(path, 16 << 20), 0);
	}
	root = roots(1);
	ck_assert_uint_eq(root[0].nr_blobs, 2);
	ck_assert_ptr_nonnull(strstr(root[0].why, "more than 16 MiB"));
	luser_source_close(src);
}
END_TEST

START_TEST(unreadable_file_is_named_and_the_rest_is_there)
{
	const struct luser_root *root;

	make_kho();
	text("kho/in/fdt", "x");
	text("kho/in/sub_fdts/good", "x");
	ck_assert_int_eq(chmod("kho/in/fdt", 0), 0);
	fixture_drop_privilege();
	root = roots(1);
	fixture_regain_privilege();
	ck_assert_ptr_null(root[0].fdt.data);
	ck_assert_uint_eq(root[0].nr_blobs, 1);
	ck_assert_ptr_nonnull(strstr(root[0].why, "needs root"));
	luser_source_close(src);
}
END_TEST

START_TEST(directories_without_a_handover_say_so)
{
	fixture_mkdir("empty");
	text("file", "x");
	make_kho();
	debugfs_fails("absent", LUSER_MISSING, "CONFIG_KEXEC_HANDOVER_DEBUGFS");
	debugfs_fails("empty", LUSER_MISSING, "empty has no handover");
	debugfs_fails("kho", LUSER_MISSING, "kho=on");
	debugfs_fails("file", LUSER_SYSTEM, "Not a directory");
}
END_TEST

START_TEST(directories_that_root_alone_may_read_say_so)
{
	make_kho();
	text("kho/in/sub_fdts/x", "x");
	ck_assert_int_eq(chmod("kho/in", 0), 0);
	ck_assert_int_eq(chmod("kho/out", 0), 0);
	fixture_drop_privilege();
	debugfs_fails("kho", LUSER_DENIED, "needs root");
	fixture_regain_privilege();
	ck_assert_int_eq(chmod("kho", 0), 0);
	fixture_drop_privilege();
	debugfs_fails("kho", LUSER_DENIED, "needs root");
	fixture_regain_privilege();
	ck_assert_int_eq(chmod("kho", 0755), 0);
	ck_assert_int_eq(chmod("kho/in", 0755), 0);
	ck_assert_int_eq(chmod("kho/out", 0755), 0);
}
END_TEST

/* The entry of a record in /sys/kernel/boot_params/setup_data. */
static void make_entry(const char *name, const char *type, size_t len)
{
	static const unsigned char data[64] = {
		0, 0xe0, 0xe3, 0x01, 0, 0, 0, 0, 0, 0x10,
	};
	char path[64];

	snprintf(path, sizeof(path), "setup_data/%s", name);
	fixture_mkdir(path);
	snprintf(path, sizeof(path), "setup_data/%s/type", name);
	text(path, type);
	snprintf(path, sizeof(path), "setup_data/%s/data", name);
	fixture_write(path, data, len);
}

static void boot_params_fail(enum luser_code want, const char *message)
{
	struct luser_source *untouched = (struct luser_source *)&err;

	src = untouched;
	ck_assert_int_eq(luser_source_boot_params("setup_data", &src, &err),
			 want);
	ck_assert_ptr_eq(src, untouched);
	ck_assert_msg(strstr(err.message, message), "'%s' lacks '%s'",
		      err.message, message);
}

START_TEST(boot_parameters_name_the_root)
{
	const struct luser_root *root;
	size_t n;

	fixture_mkdir("setup_data");
	make_entry("0", "0x9\n", 32);
	make_entry("1", "0xa\n", 32);
	make_entry("2", "0x1\n", 20);
	ck_assert_int_eq(luser_source_boot_params("setup_data", &src, &err),
			 LUSER_OK);
	root = luser_source_roots(src, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(root[0].role, LUSER_ROLE_IN);
	ck_assert_uint_eq(root[0].phys, 0x1e3e000);
	ck_assert_ptr_null(root[0].fdt.data);
	ck_assert_ptr_nonnull(root[0].why);
	luser_source_close(src);
}
END_TEST

START_TEST(boot_parameters_without_a_handover)
{
	boot_params_fail(LUSER_MISSING, "there is no setup_data");
	fixture_mkdir("setup_data");
	boot_params_fail(LUSER_MISSING, "not booted with a handover");
	make_entry("0", "0x9\n", 32);
	boot_params_fail(LUSER_MISSING, "not booted with a handover");
}
END_TEST

START_TEST(damaged_boot_parameters)
{
	fixture_mkdir("setup_data");
	make_entry("0", "0xa\n", 31);
	boot_params_fail(LUSER_INVALID, "31 bytes");
	ck_assert_int_eq(unlink("setup_data/0/data"), 0);
	boot_params_fail(LUSER_MISSING, "cannot open data");
	text("setup_data/0/data", "x");
	ck_assert_int_eq(chmod("setup_data/0/data", 0), 0);
	fixture_drop_privilege();
	boot_params_fail(LUSER_DENIED, "needs root");
	fixture_regain_privilege();
}
END_TEST

/* What a kernel would be handed, in cells of some number. */
struct chosen {
	uint32_t address_cells;
	uint32_t size_cells;
	int len;
	uint8_t reg[40];
};

static void write_flat(const struct chosen *chosen)
{
	static uint8_t fdt[4096];

	ck_assert(!fdt_create(fdt, sizeof(fdt)) &&
		  !fdt_finish_reservemap(fdt) && !fdt_begin_node(fdt, ""));
	ck_assert(!fdt_property_u32(fdt, "#address-cells",
				    chosen->address_cells) &&
		  !fdt_property_u32(fdt, "#size-cells", chosen->size_cells));
	ck_assert(!fdt_begin_node(fdt, "chosen") &&
		  !fdt_property(fdt, "linux,kho-fdt", chosen->reg,
				chosen->len) &&
		  !fdt_property(fdt, "linux,kho-scratch", chosen->reg,
				chosen->len));
	ck_assert(!fdt_end_node(fdt) && !fdt_end_node(fdt) &&
		  !fdt_finish(fdt));
	fixture_write("flat", fdt, fdt_totalsize(fdt));
}

static void write_cells(const char *path, uint32_t value)
{
	const fdt32_t cells = cpu_to_fdt32(value);

	fixture_write(path, &cells, sizeof(cells));
}

static void write_tree(const struct chosen *chosen)
{
	fixture_mkdir("tree");
	fixture_mkdir("tree/chosen");
	write_cells("tree/#address-cells", chosen->address_cells);
	write_cells("tree/#size-cells", chosen->size_cells);
	fixture_write("tree/chosen/linux,kho-fdt", chosen->reg,
		      (size_t)chosen->len);
	fixture_write("tree/chosen/linux,kho-scratch", chosen->reg,
		      (size_t)chosen->len);
}

static void tree_gives(const char *path, uint64_t phys)
{
	size_t n;

	ck_assert_int_eq(luser_source_device_tree(path, &src, &err), LUSER_OK);
	ck_assert_uint_eq(luser_source_roots(src, &n)->phys, phys);
	ck_assert_uint_eq(n, 1);
	luser_source_close(src);
}

START_TEST(device_trees_name_the_root)
{
	static const struct chosen chosen = {
		2, 1, 12, {[3] = 1, [6] = 0x30, [10] = 0x10},
	};

	write_flat(&chosen);
	write_tree(&chosen);
	tree_gives("flat", 0x100003000);
	tree_gives("tree", 0x100003000);
}
END_TEST

static const struct chosen without[] = {
	{0, 1, 4, {[1] = 1}},
	{3, 1, 16, {[10] = 0x10, [14] = 0x10}},
	{1, 0, 4, {[1] = 1}},
	{1, 3, 16, {[2] = 0x10, [14] = 0x10}},
	{1, 1, 7, {[2] = 0x10, [6] = 0x10}},
	{1, 1, 12, {[2] = 0x10, [6] = 0x10}},
	{2, 2, 0, {0}},
};

START_TEST(device_trees_that_say_nothing)
{
	static const char *const paths[] = {"flat", "tree"};

	write_flat(&without[_i]);
	write_tree(&without[_i]);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(luser_source_device_tree(paths[i], &src, &err),
				 LUSER_MISSING);
		ck_assert_ptr_nonnull(strstr(err.message, paths[i]));
	}
}
END_TEST

/* A flat tree of which something is not there, or is not what it should be. */
static const struct flat {
	int cells_len;
	int fdt_len;
	int scratch_len;
	uint8_t reg[16];
	bool found;
} flats[] = {
	{0, 16, 16, {[6] = 0x10, [14] = 0x10}, false},
	{0, 12, 12, {[6] = 0x10, [10] = 0x10}, true},
	{8, 12, 12, {[6] = 0x10, [10] = 0x10}, true},
	{0, 12, -1, {[6] = 0x10, [10] = 0x10}, false},
	{0, -1, 12, {[6] = 0x10, [10] = 0x10}, false},
	{0, 12, 12, {[7] = 0x10, [10] = 0x10}, false},
	{0, 12, 12, {[10] = 0x10}, false},
};

START_TEST(flat_trees)
{
	static const uint8_t cells[8] = {[3] = 1};
	static uint8_t fdt[4096];
	const struct flat *flat = &flats[_i];

	ck_assert(!fdt_create(fdt, sizeof(fdt)) &&
		  !fdt_finish_reservemap(fdt) && !fdt_begin_node(fdt, ""));
	if (flat->cells_len)
		ck_assert(!fdt_property(fdt, "#address-cells", cells,
					flat->cells_len));
	ck_assert(!fdt_begin_node(fdt, "chosen"));
	if (flat->fdt_len >= 0)
		ck_assert(!fdt_property(fdt, "linux,kho-fdt", flat->reg,
					flat->fdt_len));
	if (flat->scratch_len >= 0)
		ck_assert(!fdt_property(fdt, "linux,kho-scratch", flat->reg,
					flat->scratch_len));
	ck_assert(!fdt_end_node(fdt) && !fdt_end_node(fdt) &&
		  !fdt_finish(fdt));
	fixture_write("flat", fdt, fdt_totalsize(fdt));
	if (flat->found)
		tree_gives("flat", 0x1000);
	else
		ck_assert_int_eq(luser_source_device_tree("flat", &src, &err),
				 LUSER_MISSING);
}
END_TEST

START_TEST(device_tree_that_cannot_be_read)
{
	static const struct chosen chosen = {
		1, 1, 8, {[2] = 0x10, [6] = 0x10},
	};

	write_tree(&chosen);
	ck_assert_int_eq(unlink("tree/#size-cells"), 0);
	fixture_mkdir("tree/#size-cells");
	ck_assert_int_ne(luser_source_device_tree("tree", &src, &err),
			 LUSER_OK);
	ck_assert_ptr_nonnull(strstr(err.message, "#size-cells"));
}
END_TEST

static TCase *cases(void)
{
	TCase *tc = tcase_create("source");

	tcase_add_checked_fixture(tc, fixture_enter, fixture_leave);
	tcase_add_test(tc, both_directories_give_roots);
	tcase_add_test(tc, blob_of_many_pages_is_whole);
	tcase_add_test(tc, scratch_areas_alone_give_a_root);
	tcase_add_test(tc, hostile_scratch_files_give_what_makes_sense);
	tcase_add_test(tc, names_of_blobs_may_be_anything);
	tcase_add_test(tc, what_is_no_plain_file_is_left_out_and_named);
	tcase_add_test(tc, oversized_file_is_left_out_and_named);
	tcase_add_test(tc, number_of_blobs_is_bounded);
	tcase_add_test(tc, bytes_of_blobs_are_bounded);
	tcase_add_test(tc, unreadable_file_is_named_and_the_rest_is_there);
	tcase_add_test(tc, directories_without_a_handover_say_so);
	tcase_add_test(tc, directories_that_root_alone_may_read_say_so);
	tcase_add_test(tc, boot_parameters_name_the_root);
	tcase_add_test(tc, boot_parameters_without_a_handover);
	tcase_add_test(tc, damaged_boot_parameters);
	tcase_add_test(tc, device_trees_name_the_root);
	tcase_add_loop_test(tc, device_trees_that_say_nothing, 0,
			    sizeof(without) / sizeof(without[0]));
	tcase_add_loop_test(tc, flat_trees, 0,
			    sizeof(flats) / sizeof(flats[0]));
	tcase_add_test(tc, device_tree_that_cannot_be_read);
	return tc;
}

int main(void)
{
	return run_case("source", cases());
}
