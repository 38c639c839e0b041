// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Compressed dumps, made by hand in makedumpfile's format (kdump version 6,
 * 64 bits): a header block, a sub header block, two bitmaps of a block each
 * (what is RAM; what is in the file), page descriptors, pages.
 */
#include <stdint.h>

#include <luser/mem.h>

#include "file_fixture.h"
#include "run_case.h"

#define BLOCK 4096
#define NR_PAGES 16

struct head {
	char signature[8];
	int32_t version;
	char utsname[6][65];
	int64_t stamp[2];
	uint32_t status;
	int32_t block_size;
	int32_t sub_blocks;
	uint32_t bitmap_blocks;
	uint32_t max_mapnr;
	uint32_t counts[4];
	int32_t nr_cpus;
};

struct sub_head {
	uint64_t phys_base;
	int32_t dump_level;
	int32_t split;
	uint64_t start_pfn;
	uint64_t end_pfn;
	uint64_t vmcoreinfo[2];
	uint64_t notes_at;
	uint64_t notes_len;
	uint64_t erased[2];
	uint64_t pfns_64[3];
};

struct page_desc {
	uint64_t at;
	uint32_t size;
	uint32_t flags;
	uint64_t page_flags;
};

struct notes {
	uint8_t descs[BLOCK / 2];
	uint32_t owner_len;
	uint32_t len;
	uint32_t type;
	char owner[12];
	char text[32];
};

struct dump {
	union {
		struct head head;
		uint8_t block0[BLOCK];
	};
	union {
		struct sub_head sub;
		uint8_t block1[BLOCK];
	};
	uint8_t ram[BLOCK];
	uint8_t kept[BLOCK];
	union {
		struct page_desc desc[NR_PAGES];
		uint8_t block4[BLOCK];
		struct notes notes;
	};
	uint8_t pages[NR_PAGES][BLOCK];
};

static struct luser_error err;
static struct dump dump;

/* Version 0.5.1 leaks by itself; nothing of that is ours. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libkdumpfile.so\n";
}

/* Pages 0 to 9 are RAM; all but 2, 3 and 7 are in the file. */
static void make(void)
{
	static const char *const uts[] = {
		"Linux", "host", "7.3.4", "#1", "x86_64", "domain",
	};
	size_t n = 0;
	size_t i;

	memset(&dump, 0, sizeof(dump));
	memcpy(dump.head.signature, "KDUMP   ", 8);
	dump.head.version = 6;
	for (i = 0; i < 6; i++)
		strcpy(dump.head.utsname[i], uts[i]);
	dump.head.block_size = BLOCK;
	dump.head.sub_blocks = 1;
	dump.head.bitmap_blocks = 2;
	dump.head.max_mapnr = NR_PAGES;
	dump.head.nr_cpus = 1;
	dump.sub.dump_level = 1;
	dump.sub.pfns_64[2] = NR_PAGES;
	dump.sub.notes_at = offsetof(struct dump, notes.owner_len);
	dump.sub.notes_len = sizeof(dump.notes) - BLOCK / 2;
	dump.notes.owner_len = 11;
	dump.notes.len = sizeof(dump.notes.text);
	strcpy(dump.notes.owner, "VMCOREINFO");
	strcpy(dump.notes.text, "OSRELEASE=7.3.4\nPAGESIZE=4096\n");
	for (i = 0; i < 10; i++) {
		dump.ram[i / 8] |= (uint8_t)(1 << i % 8);
		if (i == 2 || i == 3 || i == 7)
			continue;
		dump.kept[i / 8] |= (uint8_t)(1 << i % 8);
		memset(dump.pages[n], (int)i + 'a', BLOCK);
		dump.desc[n] = (struct page_desc){
			.at = offsetof(struct dump, pages) + n * BLOCK,
			.size = BLOCK,
		};
		n++;
	}
}

#ifdef LUSER_HAVE_KDUMPFILE

static struct luser_mem *open_dump(void)
{
	struct luser_mem *mem = NULL;

	make();
	fixture_write("dump", &dump, sizeof(dump));
	ck_assert_msg(luser_mem_open("dump", 0, &mem, &err) == LUSER_OK, "%s",
		      err.message);
	return mem;
}

static void fails(struct luser_mem *mem, uint64_t phys, size_t len,
		  enum luser_code want, uint64_t at)
{
	char got[3 * BLOCK];

	ck_assert_int_eq(luser_mem_read(mem, phys, got, len, &err), want);
	ck_assert_int_eq(err.code, want);
	ck_assert_uint_eq(err.phys, at);
}

START_TEST(pages_in_the_dump_read)
{
	struct luser_mem *mem = open_dump();
	char got[BLOCK];
	char value[16];

	ck_assert_int_eq(luser_mem_read(mem, 5 * BLOCK - 1, got, 2, &err),
			 LUSER_OK);
	ck_assert_mem_eq(got, "ef", 2);
	ck_assert_str_eq(luser_mem_format(mem), "compressed dump");
	ck_assert(!luser_mem_is_live(mem));
	ck_assert_int_eq(luser_mem_complete(mem, &err), LUSER_OK);
	ck_assert(luser_mem_vmcoreinfo(mem, "PAGESIZE", value, sizeof(value)));
	ck_assert_str_eq(value, "4096");
	luser_mem_close(mem);
}
END_TEST

START_TEST(excluded_and_absent_pages_differ)
{
	struct luser_mem *mem = open_dump();

	fails(mem, 2 * BLOCK + 8, 8, LUSER_EXCLUDED, 2 * BLOCK + 8);
	fails(mem, 7 * BLOCK - 4, 8, LUSER_EXCLUDED, 7 * BLOCK);
	fails(mem, 10 * BLOCK, 8, LUSER_NODATA, 10 * BLOCK);
	fails(mem, 1ull << 40, 8, LUSER_NODATA, 1ull << 40);
	luser_mem_close(mem);
}
END_TEST

START_TEST(ranges_are_what_the_file_holds)
{
	static const struct luser_range want[] = {
		{ 0, 2 * BLOCK }, { 4 * BLOCK, 3 * BLOCK },
		{ 8 * BLOCK, 2 * BLOCK },
	};
	struct luser_mem *mem = open_dump();
	const struct luser_range *got;
	size_t n;
	size_t i;

	got = luser_mem_ranges(mem, &n);
	ck_assert_uint_eq(n, 3);
	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(got[i].start, want[i].start);
		ck_assert_uint_eq(got[i].len, want[i].len);
	}
	luser_mem_close(mem);
}
END_TEST

/* Page 5 is the fourth in the file. */
START_TEST(dump_cut_short_keeps_what_is_there)
{
	struct luser_mem *mem = NULL;
	char got[8];

	make();
	fixture_write("dump", &dump, offsetof(struct dump, pages[3]) + 4000);
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err), LUSER_OK);
	ck_assert_int_eq(luser_mem_complete(mem, &err), LUSER_NODATA);
	ck_assert_uint_eq(err.phys, 5 * BLOCK);
	ck_assert_int_eq(luser_mem_read(mem, 4 * BLOCK, got, 8, &err),
			 LUSER_OK);
	ck_assert_mem_eq(got, "eeeeeeee", 8);
	fails(mem, 5 * BLOCK, 8, LUSER_NODATA, 5 * BLOCK);
	ck_assert_ptr_nonnull(strstr(err.message, "cut short"));
	fails(mem, 5 * BLOCK - 4, 8, LUSER_NODATA, 5 * BLOCK);
	fails(mem, 7 * BLOCK, 8, LUSER_EXCLUDED, 7 * BLOCK);
	luser_mem_close(mem);
}
END_TEST

/* What makedumpfile's pages are called in other files of the same kind. */
START_TEST(other_signatures)
{
	struct luser_mem *mem;
	char got[8];

	make();
	memcpy(dump.head.signature, "DISKDUMP", 8);
	fixture_write("dump", &dump, sizeof(dump));
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err), LUSER_OK);
	ck_assert_int_eq(luser_mem_read(mem, 4 * BLOCK, got, 8, &err),
			 LUSER_OK);
	ck_assert_mem_eq(got, "eeeeeeee", 8);
	luser_mem_close(mem);
	fixture_write("stream", "makedumpfile\0\0\0\0", 16);
	ck_assert_int_eq(luser_mem_open("stream", 0, &mem, &err), LUSER_FORMAT);
}
END_TEST

/* Page 5 is said to be compressed, and is not. */
START_TEST(page_that_cannot_be_unpacked)
{
	struct luser_mem *mem;

	make();
	dump.desc[3].flags = 1;
	fixture_write("dump", &dump, sizeof(dump));
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err), LUSER_OK);
	fails(mem, 5 * BLOCK + 8, 8, LUSER_SYSTEM, 5 * BLOCK + 8);
	luser_mem_close(mem);
}
END_TEST

/* Their time stamps are shorter, and the numbers behind them lie elsewhere. */
START_TEST(dump_of_a_32_bit_machine)
{
	uint8_t *status = (uint8_t *)&dump.head.status;
	struct luser_mem *mem;

	make();
	dump.head.version = 5;
	strcpy(dump.head.utsname[4], "i686");
	memmove(status - 12, status, sizeof(dump.head) -
					     offsetof(struct head, status));
	memset(dump.block1, 0, sizeof(dump.block1));
	dump.block1[4] = 1;
	fixture_write("dump", &dump, sizeof(dump));
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err), LUSER_FORMAT);
	ck_assert_msg(strstr(err.message, "64-bit"), "%s", err.message);
}
END_TEST

START_TEST(dump_cut_anywhere_never_gives_wrong_bytes)
{
	size_t len;

	make();
	for (len = sizeof(dump); len > 1000; len -= 1000) {
		struct luser_mem *mem;
		char got[1];
		size_t i;

		fixture_write("dump", &dump, len);
		if (luser_mem_open("dump", 0, &mem, &err) != LUSER_OK)
			continue;
		for (i = 0; i < NR_PAGES; i++)
			if (luser_mem_read(mem, i * BLOCK, got, 1, &err) ==
			    LUSER_OK)
				ck_assert_int_eq(got[0], 'a' + (int)i);
		luser_mem_close(mem);
	}
}
END_TEST

START_TEST(damaged_dump_is_an_error)
{
	struct luser_mem *mem = NULL;

	make();
	dump.head.block_size = 12345;
	fixture_write("dump", &dump, sizeof(dump));
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err), LUSER_FORMAT);
	ck_assert_ptr_null(mem);
	fixture_write("dump", &dump, 100);
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err), LUSER_FORMAT);
	make();
	memset(dump.kept, 0, sizeof(dump.kept));
	fixture_write("dump", &dump, sizeof(dump));
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err), LUSER_FORMAT);
	ck_assert_ptr_nonnull(strstr(err.message, "no page"));
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, pages_in_the_dump_read);
	tcase_add_test(tc, excluded_and_absent_pages_differ);
	tcase_add_test(tc, ranges_are_what_the_file_holds);
	tcase_add_test(tc, dump_cut_short_keeps_what_is_there);
	tcase_add_test(tc, other_signatures);
	tcase_add_test(tc, page_that_cannot_be_unpacked);
	tcase_add_test(tc, dump_of_a_32_bit_machine);
	tcase_add_test(tc, dump_cut_anywhere_never_gives_wrong_bytes);
	tcase_add_test(tc, damaged_dump_is_an_error);
}

#else /* LUSER_HAVE_KDUMPFILE */

START_TEST(without_libkdumpfile_the_error_says_so)
{
	struct luser_mem *mem = NULL;

	make();
	fixture_write("dump", &dump, sizeof(dump));
	ck_assert_int_eq(luser_mem_open("dump", 0, &mem, &err),
			 LUSER_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(err.message, "libkdumpfile"));
	ck_assert_ptr_null(mem);
}
END_TEST

static void add_tests(TCase *tc)
{
	tcase_add_test(tc, without_libkdumpfile_the_error_says_so);
}

#endif /* LUSER_HAVE_KDUMPFILE */

int main(void)
{
	TCase *tc = tcase_create("mem_kdump");

	tcase_add_checked_fixture(tc, fixture_enter, fixture_leave);
	add_tests(tc);
	return run_case("mem_kdump", tc);
}
