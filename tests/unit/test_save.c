// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <libfdt.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <luser/save.h>

#include "elf_fixture.h"
#include "file_fixture.h"
#include "run_case.h"

#define PAGE 4096
#define BASE 0x100000

static uint8_t memory[16 * PAGE];
static struct luser_error err;
static struct luser_mem *mem;
static struct luser_save *save;

static const struct luser_range scratch[] = {
	{ 0x10000000, 0x3000000 }, { 0x7000000, 0x9000000 },
};

static const struct luser_blob blobs[] = {
	{ "LUO", "luo\0v5", 6 }, { "\x1b[2J", "", 0 },
};

static const struct luser_root roots[] = {
	{
		.role = LUSER_ROLE_IN, .why = "It was booted.",
		.phys = BASE, .scratch = scratch, .nr_scratch = 2,
	},
	{
		.role = LUSER_ROLE_OUT, .why = "It is shown.",
		.phys = LUSER_NO_PHYS, .fdt = { "fdt", "\xd0\x0d\xfe", 3 },
		.blobs = blobs, .nr_blobs = 2,
	},
};

static void start(void)
{
	size_t i;

	fixture_enter();
	for (i = 0; i < sizeof(memory); i++)
		memory[i] = (uint8_t)(i * 3 + i / 251);
	ck_assert_int_eq(luser_mem_from_buffer(memory, sizeof(memory), BASE,
					       false, &mem, &err), LUSER_OK);
}

static void end(void)
{
	luser_mem_close(mem);
	fixture_leave();
}

static void begin_save(struct luser_mem *from)
{
	ck_assert_msg(luser_save_open("saved", from, &save, &err) == LUSER_OK,
		      "%s", err.message);
}

static void finish_save(void)
{
	ck_assert_msg(luser_save_finish(save, roots, 2, PAGE, &err) == LUSER_OK,
		      "%s", err.message);
}

static void touch(uint64_t phys, size_t len)
{
	char buf[8 * PAGE];

	ck_assert_int_eq(luser_mem_read(mem, phys, buf, len, &err), LUSER_OK);
}

static struct luser_mem *open_saved(void)
{
	struct luser_mem *saved = NULL;

	ck_assert_msg(luser_mem_open("saved", 0, &saved, &err) == LUSER_OK,
		      "%s", err.message);
	return saved;
}

static void has(struct luser_mem *saved, uint64_t phys, size_t len)
{
	char buf[8 * PAGE];

	ck_assert_msg(luser_mem_read(saved, phys, buf, len, &err) == LUSER_OK,
		      "%s", err.message);
	ck_assert_mem_eq(buf, memory + (phys - BASE), len);
}

static void lacks(struct luser_mem *saved, uint64_t phys)
{
	char buf[1];

	ck_assert_int_eq(luser_mem_read(saved, phys, buf, 1, &err),
			 LUSER_NODATA);
	ck_assert_uint_eq(err.phys, phys);
}

static size_t read_saved(char *buf, size_t size)
{
	int fd = open("saved", O_RDONLY);
	ssize_t len = read(fd, buf, size);

	ck_assert_int_gt(len, 0);
	ck_assert_int_lt(len, (ssize_t)size);
	close(fd);
	return (size_t)len;
}

static bool is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

START_TEST(what_was_read_is_saved_and_nothing_else)
{
	struct luser_mem *saved;
	struct stat st;
	size_t n;

	touch(BASE + 15 * PAGE, 8);
	begin_save(mem);
	touch(BASE + 5 * PAGE, PAGE);
	touch(BASE + 100, 50);
	touch(BASE + 2 * PAGE - 10, 20);
	touch(BASE + 4 * PAGE, PAGE);
	finish_save();
	touch(BASE + 9 * PAGE, 8);
	ck_assert_int_eq(stat("saved", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	saved = open_saved();
	has(saved, BASE + 4 * PAGE, 2 * PAGE);
	has(saved, BASE + 100, 50);
	has(saved, BASE + 2 * PAGE - 10, 20);
	lacks(saved, BASE + 99);
	lacks(saved, BASE + 150);
	lacks(saved, BASE + 9 * PAGE);
	lacks(saved, BASE + 15 * PAGE);
	ck_assert_ptr_nonnull(luser_mem_ranges(saved, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(luser_mem_complete(saved, &err), LUSER_OK);
	ck_assert_str_eq(luser_mem_format(saved), "ELF dump");
	luser_mem_close(saved);
}
END_TEST

/* Live memory changes; what the walk saw is what counts. */
START_TEST(first_read_of_each_byte_counts)
{
	struct luser_mem *saved;
	uint8_t want[PAGE];

	begin_save(mem);
	touch(BASE + 1000, 100);
	memcpy(want, memory, PAGE);
	memset(memory + 1000, 0xee, 100);
	touch(BASE + 900, 300);
	memset(memory, 0xdd, PAGE);
	touch(BASE + 800, 1000);
	memset(want + 800, 0xdd, 100);
	memset(want + 1200, 0xdd, 600);
	finish_save();
	saved = open_saved();
	memcpy(memory, want, PAGE);
	has(saved, BASE + 800, 1000);
	luser_mem_close(saved);
}
END_TEST

START_TEST(reads_of_every_shape_replay)
{
	struct luser_mem *saved;
	uint32_t seed = 1;
	uint64_t phys[500];
	size_t len[500];
	int i;

	begin_save(mem);
	for (i = 0; i < 500; i++) {
		seed = seed * 1103515245 + 12345;
		phys[i] = BASE + seed / 7 % (8 * PAGE);
		len[i] = seed / 3 % 300 + 1;
		touch(phys[i], len[i]);
	}
	finish_save();
	saved = open_saved();
	for (i = 0; i < 500; i++)
		has(saved, phys[i], len[i]);
	luser_mem_close(saved);
}
END_TEST

START_TEST(views_are_saved_too)
{
	struct luser_mem *stable;
	struct luser_mem *saved;

	ck_assert_int_eq(luser_mem_from_buffer(memory, sizeof(memory), BASE,
					       true, &stable, &err), LUSER_OK);
	begin_save(stable);
	ck_assert_ptr_nonnull(luser_mem_view(stable, BASE + PAGE, 3 * PAGE));
	finish_save();
	luser_mem_close(stable);
	saved = open_saved();
	has(saved, BASE + PAGE, 3 * PAGE);
	luser_mem_close(saved);
}
END_TEST

START_TEST(many_scattered_pages_are_saved)
{
	enum { COUNT = 3000 };
	uint8_t *many = calloc(2 * COUNT, PAGE);
	struct luser_mem *wide;
	struct luser_mem *saved;
	uint32_t got;
	size_t n;
	uint32_t i;

	ck_assert_int_eq(luser_mem_from_buffer(many, 2ul * COUNT * PAGE, 0,
					       false, &wide, &err), LUSER_OK);
	begin_save(wide);
	for (i = 0; i < COUNT; i++) {
		memcpy(many + 2ul * i * PAGE, &i, 4);
		ck_assert_int_eq(luser_mem_read(wide, 2ull * i * PAGE, &got, 4,
						&err), LUSER_OK);
	}
	finish_save();
	luser_mem_close(wide);
	saved = open_saved();
	ck_assert_ptr_nonnull(luser_mem_ranges(saved, &n));
	ck_assert_uint_eq(n, COUNT);
	for (i = 0; i < COUNT; i++) {
		ck_assert_int_eq(luser_mem_read(saved, 2ull * i * PAGE, &got,
						4, &err), LUSER_OK);
		ck_assert_uint_eq(got, i);
	}
	luser_mem_close(saved);
	free(many);
}
END_TEST

/* Each piece takes a header, and there are no more than an ELF file counts. */
START_TEST(too_many_scattered_pages_are_refused)
{
	enum { COUNT = 65534 };
	uint64_t len = 2ull * COUNT * PAGE;
	uint8_t *many = calloc(1, len);
	struct luser_mem *wide;
	uint32_t got;

	ck_assert_ptr_nonnull(many);
	ck_assert_int_eq(luser_mem_from_buffer(many, len, 0, false, &wide,
					       &err), LUSER_OK);
	begin_save(wide);
	for (uint64_t at = 0; at < len; at += 2 * PAGE)
		ck_assert_int_eq(luser_mem_read(wide, at, &got, 4, &err),
				 LUSER_OK);
	ck_assert_int_eq(luser_save_finish(save, roots, 2, PAGE, &err),
			 LUSER_ARGUMENT);
	ck_assert(!is_there("saved"));
	luser_mem_close(wide);
	free(many);
}
END_TEST

START_TEST(one_long_read_is_saved)
{
	uint64_t len = 1 << 20;
	uint8_t *bytes = malloc(len), *got = malloc(len);
	struct luser_mem *wide, *saved;

	for (uint64_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 5 + i / 253);
	ck_assert_int_eq(luser_mem_from_buffer(bytes, len, 0, false, &wide,
					       &err), LUSER_OK);
	begin_save(wide);
	ck_assert_int_eq(luser_mem_read(wide, 16, got, len - 16, &err),
			 LUSER_OK);
	finish_save();
	luser_mem_close(wide);
	saved = open_saved();
	ck_assert_int_eq(luser_mem_read(saved, 16, got, len - 16, &err),
			 LUSER_OK);
	ck_assert(!memcmp(got, bytes + 16, len - 16));
	luser_mem_close(saved);
	free(bytes);
	free(got);
}
END_TEST

static void same_root(const struct luser_root *a, const struct luser_root *b)
{
	size_t i;

	ck_assert_int_eq(a->role, b->role);
	ck_assert_str_eq(a->why, b->why);
	ck_assert_uint_eq(a->phys, b->phys);
	ck_assert_uint_eq(a->fdt.len, b->fdt.len);
	ck_assert_int_eq(!a->fdt.data, !b->fdt.data);
	if (a->fdt.data)
		ck_assert_mem_eq(a->fdt.data, b->fdt.data, a->fdt.len);
	ck_assert_uint_eq(a->nr_scratch, b->nr_scratch);
	for (i = 0; i < a->nr_scratch; i++) {
		ck_assert_uint_eq(a->scratch[i].start, b->scratch[i].start);
		ck_assert_uint_eq(a->scratch[i].len, b->scratch[i].len);
	}
	ck_assert_uint_eq(a->nr_blobs, b->nr_blobs);
	for (i = 0; i < a->nr_blobs; i++) {
		ck_assert_str_eq(a->blobs[i].name, b->blobs[i].name);
		ck_assert_uint_eq(a->blobs[i].len, b->blobs[i].len);
		ck_assert_mem_eq(a->blobs[i].data, b->blobs[i].data,
				 a->blobs[i].len);
	}
}

static void has_roots(struct luser_mem *saved)
{
	const struct luser_root *got;
	struct luser_source *src;
	size_t n;

	ck_assert_msg(luser_source_scan(saved, NULL, NULL, &src, &err) ==
			      LUSER_OK, "%s", err.message);
	got = luser_source_roots(src, &n);
	ck_assert_uint_eq(n, 2);
	same_root(&got[0], &roots[0]);
	same_root(&got[1], &roots[1]);
	luser_source_close(src);
}

START_TEST(roots_are_found_again_without_a_search)
{
	struct luser_mem *saved;

	begin_save(mem);
	touch(BASE, PAGE);
	finish_save();
	saved = open_saved();
	has_roots(saved);
	luser_mem_close(saved);
}
END_TEST

/* A copy of a debugfs directory, without any memory. */
START_TEST(roots_alone_can_be_saved)
{
	struct luser_mem *saved;
	size_t n;

	begin_save(NULL);
	finish_save();
	saved = open_saved();
	has_roots(saved);
	luser_mem_ranges(saved, &n);
	ck_assert_uint_eq(n, 0);
	luser_mem_close(saved);
}
END_TEST

START_TEST(page_size_is_found_again)
{
	struct luser_mem *saved;
	char value[16];

	begin_save(mem);
	ck_assert_int_eq(luser_save_finish(save, roots, 2, 65536, &err),
			 LUSER_OK);
	saved = open_saved();
	ck_assert(luser_mem_vmcoreinfo(saved, "PAGESIZE", value,
				       sizeof(value)));
	ck_assert_str_eq(value, "65536");
	luser_mem_close(saved);
}
END_TEST

static struct elf_fixture elf;

START_TEST(vmcoreinfo_is_kept)
{
	struct luser_mem *dump;
	struct luser_mem *saved;
	char value[16];

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0, "OSRELEASE=7.3.4\nPAGESIZE=4096");
	fixture_write("dump", &elf, sizeof(elf));
	ck_assert_int_eq(luser_mem_open("dump", 0, &dump, &err), LUSER_OK);
	begin_save(dump);
	finish_save();
	luser_mem_close(dump);
	saved = open_saved();
	ck_assert(luser_mem_vmcoreinfo(saved, "OSRELEASE", value,
				       sizeof(value)));
	ck_assert_str_eq(value, "7.3.4");
	luser_mem_close(saved);
}
END_TEST

/* drgn refuses a VMCOREINFO note without OSRELEASE. */
START_TEST(vmcoreinfo_is_not_made_up)
{
	static char file[4 * PAGE];
	size_t len;

	begin_save(mem);
	finish_save();
	len = read_saved(file, sizeof(file));
	ck_assert_ptr_null(memmem(file, len, "VMCOREINFO", 10));
}
END_TEST

START_TEST(saved_dump_can_be_saved_again)
{
	struct luser_mem *first;
	struct luser_mem *saved;
	char buf[PAGE];

	begin_save(mem);
	touch(BASE, PAGE);
	finish_save();
	first = open_saved();
	ck_assert_int_eq(rename("saved", "first"), 0);
	begin_save(first);
	ck_assert_int_eq(luser_mem_read(first, BASE, buf, PAGE, &err),
			 LUSER_OK);
	finish_save();
	luser_mem_close(first);
	saved = open_saved();
	has(saved, BASE, PAGE);
	has_roots(saved);
	luser_mem_close(saved);
}
END_TEST

/* What luser_save writes when it was live memory that it watched. */
static void make_live_note(const char *compatible)
{
	Elf64_Nhdr head = { .n_namesz = 6, .n_type = 0x4c555301 };
	char *fdt = (char *)elf.data + sizeof(head) + 8;
	int bad = fdt_create(fdt, 1024);

	bad |= fdt_finish_reservemap(fdt);
	bad |= fdt_begin_node(fdt, "");
	bad |= fdt_property(fdt, "compatible", compatible,
			    (int)strlen(compatible) + 1);
	bad |= fdt_property(fdt, "live", NULL, 0);
	bad |= fdt_end_node(fdt);
	bad |= fdt_finish(fdt);
	ck_assert_int_eq(bad, 0);
	head.n_descsz = fdt_totalsize(fdt);
	memcpy(elf.data, &head, sizeof(head));
	memcpy(elf.data + sizeof(head), "luser\0\0\0", 8);
	fixture_load(&elf, 0, 0, 2048)->p_type = PT_NOTE;
	fixture_write("saved", &elf, sizeof(elf));
}

static void check_live_note(const char *compatible, bool live,
			    enum luser_code code)
{
	struct luser_source *src;
	struct luser_mem *saved;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 4096, 4096);
	make_live_note(compatible);
	saved = open_saved();
	ck_assert_int_eq(luser_mem_is_live(saved), live);
	ck_assert_int_eq(luser_source_scan(saved, NULL, NULL, &src, &err),
			 code);
	ck_assert_ptr_nonnull(strstr(err.message, "luser note"));
	luser_mem_close(saved);
}

START_TEST(saved_live_memory_stays_live)
{
	check_live_note("luser-save-v1", true, LUSER_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message, "no root"));
}
END_TEST

START_TEST(saved_live_memory_stays_live_when_saved_again)
{
	struct luser_mem *saved;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 4096, 4096);
	make_live_note("luser-save-v1");
	saved = open_saved();
	ck_assert(luser_mem_is_live(saved));
	ck_assert_int_eq(rename("saved", "first"), 0);
	begin_save(saved);
	finish_save();
	luser_mem_close(saved);
	saved = open_saved();
	ck_assert(luser_mem_is_live(saved));
	luser_mem_close(saved);
}
END_TEST

/* The blob is not looked at: its length says enough. */
START_TEST(root_that_is_too_large_for_a_note)
{
	const struct luser_blob blob = { "large", "x", INT32_MAX };
	const struct luser_root root = {
		.why = "", .phys = BASE, .blobs = &blob, .nr_blobs = 1,
	};

	begin_save(mem);
	touch(BASE, 8);
	ck_assert_int_eq(luser_save_finish(save, &root, 1, PAGE, &err),
			 LUSER_ARGUMENT);
	ck_assert(!is_there("saved"));
}
END_TEST

START_TEST(note_of_an_unknown_version_is_refused)
{
	check_live_note("luser-save-v2", false, LUSER_INVALID);
	ck_assert_ptr_nonnull(strstr(err.message, "unknown version"));
}
END_TEST

static void open_fails(const char *path, enum luser_code want,
		       const char *message)
{
	struct luser_save *untouched = (struct luser_save *)&err;

	save = untouched;
	ck_assert_int_eq(luser_save_open(path, mem, &save, &err), want);
	ck_assert_ptr_eq(save, untouched);
	ck_assert_msg(strstr(err.message, message), "'%s' lacks '%s'",
		      err.message, message);
	touch(BASE, 8);
}

START_TEST(nothing_is_written_over)
{
	char content[8] = "";
	int fd;

	fixture_write("saved", "precious", 8);
	ck_assert_int_eq(symlink("target", "link"), 0);
	open_fails("saved", LUSER_ARGUMENT, "is there already");
	open_fails("link", LUSER_ARGUMENT, "is there already");
	ck_assert(!is_there("target"));
	fd = open("saved", O_RDONLY);
	ck_assert_int_eq(read(fd, content, 8), 8);
	ck_assert_mem_eq(content, "precious", 8);
	close(fd);
}
END_TEST

START_TEST(impossible_places_are_refused)
{
	open_fails("absent/saved", LUSER_MISSING, "cannot make absent/saved");
	setenv("TMPDIR", "/absent", 1);
	open_fails("saved", LUSER_MISSING, "temporary file in /absent");
	ck_assert(!is_there("saved"));
	setenv("TMPDIR", fixture_dir, 1);
	fixture_mkdir("closed");
	ck_assert_int_eq(chmod("closed", 0555), 0);
	fixture_drop_privilege();
	open_fails("closed/saved", LUSER_DENIED, "Permission denied");
	fixture_regain_privilege();
}
END_TEST

START_TEST(cancelled_save_leaves_no_file)
{
	begin_save(mem);
	touch(BASE, PAGE);
	ck_assert(is_there("saved"));
	luser_save_cancel(save);
	ck_assert(!is_there("saved"));
	touch(BASE, PAGE);
	luser_save_cancel(NULL);
}
END_TEST

START_TEST(file_of_somebody_else_is_not_removed)
{
	begin_save(mem);
	ck_assert_int_eq(unlink("saved"), 0);
	fixture_write("saved", "theirs", 6);
	luser_save_cancel(save);
	ck_assert(is_there("saved"));
}
END_TEST

static void limit_files(rlim_t bytes)
{
	struct rlimit limit = { .rlim_cur = bytes, .rlim_max = RLIM_INFINITY };

	ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(full_disk_while_reading_is_told_at_the_end)
{
	begin_save(mem);
	limit_files(PAGE);
	touch(BASE, 3 * PAGE);
	limit_files(RLIM_INFINITY);
	touch(BASE + 4 * PAGE, PAGE);
	ck_assert_int_eq(luser_save_finish(save, roots, 2, PAGE, &err),
			 LUSER_SYSTEM);
	ck_assert_int_eq(err.errnum, EFBIG);
	ck_assert(!is_there("saved"));
	touch(BASE, 8);
}
END_TEST

START_TEST(full_disk_at_the_end_removes_the_file)
{
	rlim_t limit;

	for (limit = 0; limit < 8 * PAGE; limit += 1000) {
		begin_save(mem);
		touch(BASE, 8 * PAGE);
		limit_files(limit);
		ck_assert_int_eq(luser_save_finish(save, roots, 2, PAGE, &err),
				 LUSER_SYSTEM);
		ck_assert(!is_there("saved"));
		limit_files(RLIM_INFINITY);
	}
}
END_TEST

/* Opens, finds roots and reads, whatever that gives. */
static void try_saved(void)
{
	struct luser_source *src;
	struct luser_mem *saved;
	char buf[64];

	err.message[0] = '\0';
	if (luser_mem_open("saved", 0, &saved, &err) != LUSER_OK) {
		ck_assert_str_ne(err.message, "");
		return;
	}
	if (luser_source_scan(saved, NULL, NULL, &src, &err) == LUSER_OK)
		luser_source_close(src);
	else
		ck_assert_str_ne(err.message, "");
	luser_mem_read(saved, BASE, buf, sizeof(buf), &err);
	luser_mem_close(saved);
}

START_TEST(saved_dump_cut_at_every_length)
{
	static char file[4 * PAGE];
	struct luser_mem *saved;
	size_t len;

	begin_save(mem);
	touch(BASE, 512);
	finish_save();
	len = read_saved(file, sizeof(file));
	ck_assert_uint_gt(len, 1000);
	while (--len) {
		ck_assert_int_eq(truncate("saved", (off_t)len), 0);
		try_saved();
		if (luser_mem_open("saved", 0, &saved, &err) != LUSER_OK)
			continue;
		if (len >= SELFMAG)
			ck_assert_int_eq(luser_mem_complete(saved, &err),
					 LUSER_NODATA);
		luser_mem_close(saved);
	}
}
END_TEST

START_TEST(saved_dump_with_any_byte_damaged)
{
	static char file[4 * PAGE];
	size_t len;
	size_t i;

	begin_save(mem);
	touch(BASE, 64);
	finish_save();
	len = read_saved(file, sizeof(file));
	for (i = 0; i < len; i++) {
		file[i] ^= (char)(1 << i % 8);
		fixture_write("saved", file, len);
		try_saved();
		file[i] = (char)~file[i];
		fixture_write("saved", file, len);
		try_saved();
		file[i] = (char)(~file[i] ^ 1 << i % 8);
	}
}
END_TEST

static TCase *cases(void)
{
	TCase *tc = tcase_create("save");

	tcase_add_checked_fixture(tc, start, end);
	tcase_add_test(tc, what_was_read_is_saved_and_nothing_else);
	tcase_add_test(tc, first_read_of_each_byte_counts);
	tcase_add_test(tc, reads_of_every_shape_replay);
	tcase_add_test(tc, views_are_saved_too);
	tcase_add_test(tc, many_scattered_pages_are_saved);
	tcase_add_test(tc, too_many_scattered_pages_are_refused);
	tcase_add_test(tc, one_long_read_is_saved);
	tcase_add_test(tc, roots_are_found_again_without_a_search);
	tcase_add_test(tc, roots_alone_can_be_saved);
	tcase_add_test(tc, page_size_is_found_again);
	tcase_add_test(tc, vmcoreinfo_is_kept);
	tcase_add_test(tc, vmcoreinfo_is_not_made_up);
	tcase_add_test(tc, saved_dump_can_be_saved_again);
	tcase_add_test(tc, saved_live_memory_stays_live);
	tcase_add_test(tc, saved_live_memory_stays_live_when_saved_again);
	tcase_add_test(tc, root_that_is_too_large_for_a_note);
	tcase_add_test(tc, note_of_an_unknown_version_is_refused);
	tcase_add_test(tc, nothing_is_written_over);
	tcase_add_test(tc, impossible_places_are_refused);
	tcase_add_test(tc, cancelled_save_leaves_no_file);
	tcase_add_test(tc, file_of_somebody_else_is_not_removed);
	tcase_add_test(tc, full_disk_while_reading_is_told_at_the_end);
	tcase_add_test(tc, full_disk_at_the_end_removes_the_file);
	tcase_add_test(tc, saved_dump_cut_at_every_length);
	tcase_add_test(tc, saved_dump_with_any_byte_damaged);
	return tc;
}

int main(void)
{
	return run_case("save", cases());
}
