// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdbool.h>
#include <sys/syscall.h>

#include <luser/mem.h>

#include "elf_fixture.h"
#include "file_fixture.h"
#include "run_case.h"

/* The type of the note that luser_save() writes. */
#define SAVED 0x4c555301

/* What pread() does beside reading: the @fail_at-th call and all after fail. */
static struct {
	bool hesitate;
	size_t fail_at;
	size_t calls;
} inject;

static ssize_t do_pread(int fd, void *buf, size_t len, off_t at)
{
	inject.calls++;
	if (inject.fail_at && inject.calls >= inject.fail_at) {
		errno = EIO;
		return -1;
	}
	if (inject.hesitate && inject.calls % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	if (inject.hesitate && len > 5)
		len = 5;
	return syscall(SYS_pread64, fd, buf, len, at);
}

/* The library's and libelf's pread(), under both names that libc gives it. */
ssize_t any_pread(int fd, void *buf, size_t len, off_t at) __asm__("pread");
ssize_t any_pread64(int fd, void *buf, size_t len, off_t at) __asm__("pread64");

ssize_t any_pread(int fd, void *buf, size_t len, off_t at)
{
	return do_pread(fd, buf, len, at);
}

ssize_t any_pread64(int fd, void *buf, size_t len, off_t at)
{
	return do_pread(fd, buf, len, at);
}

static struct luser_error err;

static struct luser_mem *open_ok(const char *path)
{
	struct luser_mem *mem = NULL;
	enum luser_code code = luser_mem_open(path, 0, &mem, &err);

	ck_assert_msg(code == LUSER_OK, "%s: %s", path, err.message);
	return mem;
}

static void open_fails(const char *path, enum luser_code want,
		       const char *message)
{
	struct luser_mem *untouched = (struct luser_mem *)&err;
	struct luser_mem *mem = untouched;

	err.message[0] = '\0';
	ck_assert_int_eq(luser_mem_open(path, 0, &mem, &err), want);
	ck_assert_int_eq(err.code, want);
	ck_assert_ptr_eq(mem, untouched);
	ck_assert_msg(strstr(err.message, message), "'%s' lacks '%s'",
		      err.message, message);
}

static void reads(struct luser_mem *mem, uint64_t phys, const void *want,
		  size_t len)
{
	char got[16384];
	enum luser_code code = luser_mem_read(mem, phys, got, len, &err);

	ck_assert_msg(code == LUSER_OK, "%s", err.message);
	ck_assert_mem_eq(got, want, len);
}

static void read_fails(struct luser_mem *mem, uint64_t phys, size_t len,
		       enum luser_code want, uint64_t at)
{
	char got[16384];

	ck_assert_int_eq(luser_mem_read(mem, phys, got, len, &err), want);
	ck_assert_int_eq(err.code, want);
	ck_assert_uint_eq(err.phys, at);
	ck_assert_int_eq(luser_mem_read(mem, phys, got, len, NULL), want);
}

static void has_ranges(const struct luser_mem *mem,
		       const struct luser_range *want, size_t count)
{
	const struct luser_range *got;
	size_t n;
	size_t i;

	got = luser_mem_ranges(mem, &n);
	ck_assert_uint_eq(n, count);
	for (i = 0; i < n; i++) {
		ck_assert_uint_eq(got[i].start, want[i].start);
		ck_assert_uint_eq(got[i].len, want[i].len);
	}
}

static struct elf_fixture elf;

static void write_elf(size_t len)
{
	fixture_write("dump", &elf, len);
}

START_TEST(buffer_reads_and_views)
{
	static const char bytes[] = "0123456789";
	struct luser_mem *mem;

	ck_assert_int_eq(luser_mem_from_buffer(bytes, 10, 0x1000, true, &mem,
					       &err), LUSER_OK);
	reads(mem, 0x1002, "2345", 4);
	reads(mem, 0x1000, bytes, 10);
	reads(mem, 0x100a, "", 0);
	ck_assert_ptr_eq(luser_mem_view(mem, 0x1003, 7), bytes + 3);
	ck_assert_ptr_null(luser_mem_view(mem, 0x1003, 8));
	ck_assert_ptr_null(luser_mem_view(mem, 0xfff, 1));
	ck_assert_ptr_null(luser_mem_view(mem, UINT64_MAX, 2));
	read_fails(mem, 0x1003, 8, LUSER_NODATA, 0x100a);
	read_fails(mem, 0xffe, 8, LUSER_NODATA, 0xffe);
	read_fails(mem, 0x100b, 1, LUSER_NODATA, 0x100b);
	read_fails(mem, UINT64_MAX, 2, LUSER_NODATA, UINT64_MAX);
	has_ranges(mem, &(struct luser_range){ 0x1000, 10 }, 1);
	ck_assert_str_eq(luser_mem_format(mem), "buffer");
	ck_assert(!luser_mem_is_live(mem));
	ck_assert_int_eq(luser_mem_complete(mem, &err), LUSER_OK);
	luser_mem_close(mem);
}
END_TEST

START_TEST(unstable_buffer_has_no_view)
{
	struct luser_mem *mem;

	ck_assert_int_eq(luser_mem_from_buffer("abc", 3, 0, false, &mem, &err),
			 LUSER_OK);
	ck_assert_ptr_null(luser_mem_view(mem, 0, 3));
	reads(mem, 0, "abc", 3);
	luser_mem_close(mem);
}
END_TEST

START_TEST(impossible_buffers_are_refused)
{
	struct luser_mem *mem = NULL;

	ck_assert_int_eq(luser_mem_from_buffer("ab", 2, UINT64_MAX, true, &mem,
					       &err), LUSER_ARGUMENT);
	ck_assert_int_eq(luser_mem_from_buffer(NULL, 2, 0, true, &mem, &err),
			 LUSER_ARGUMENT);
	ck_assert_int_eq(luser_mem_from_buffer("", 0, 0, true, &mem, NULL),
			 LUSER_ARGUMENT);
	ck_assert_ptr_null(mem);
	luser_mem_close(NULL);
}
END_TEST

START_TEST(raw_image_has_a_base)
{
	struct luser_mem *mem;

	fixture_write("image", "0123456789", 10);
	ck_assert_int_eq(luser_mem_open("image", 0x80000000, &mem, &err),
			 LUSER_OK);
	reads(mem, 0x80000004, "456789", 6);
	read_fails(mem, 0x80000004, 7, LUSER_NODATA, 0x8000000a);
	read_fails(mem, 4, 1, LUSER_NODATA, 4);
	has_ranges(mem, &(struct luser_range){ 0x80000000, 10 }, 1);
	ck_assert_str_eq(luser_mem_format(mem), "raw image");
	ck_assert_ptr_null(luser_mem_view(mem, 0x80000000, 1));
	luser_mem_close(mem);
	ck_assert_int_eq(luser_mem_open("image", UINT64_MAX - 5, &mem, &err),
			 LUSER_ARGUMENT);
}
END_TEST

START_TEST(raw_image_that_shrinks_says_where_it_ends)
{
	struct luser_mem *mem;

	fixture_write("image", "0123456789", 10);
	ck_assert_int_eq(luser_mem_open("image", 0x100, &mem, &err), LUSER_OK);
	ck_assert_int_eq(truncate("image", 6), 0);
	reads(mem, 0x102, "2345", 4);
	read_fails(mem, 0x102, 6, LUSER_NODATA, 0x106);
	luser_mem_close(mem);
}
END_TEST

/* What is read ahead is not kept for who reads it again. */
START_TEST(what_is_read_again_is_what_is_there_now)
{
	uint8_t bytes[64] = {0}, got[16];
	struct luser_mem *mem;

	fixture_write("image", bytes, sizeof(bytes));
	mem = open_ok("image");
	ck_assert_int_eq(luser_mem_read(mem, 0, got, 16, &err), LUSER_OK);
	ck_assert_int_eq(luser_mem_read(mem, 16, got, 16, &err), LUSER_OK);
	memset(bytes, 7, sizeof(bytes));
	fixture_write("image", bytes, sizeof(bytes));
	for (uint64_t at = 0; at < sizeof(bytes); at += 16) {
		ck_assert_int_eq(luser_mem_read(mem, at, got, 16, &err),
				 LUSER_OK);
		ck_assert_int_eq(memcmp(got, bytes, 16), 0);
	}
	ck_assert_int_eq(truncate("image", 32), 0);
	ck_assert_int_eq(luser_mem_read(mem, 32, got, 16, &err), LUSER_NODATA);
	luser_mem_close(mem);
}
END_TEST

START_TEST(unusable_files_say_why)
{
	fixture_mkdir("directory");
	fixture_write("empty", "", 0);
	open_fails("absent", LUSER_MISSING, "cannot open absent");
	open_fails("directory", LUSER_FORMAT, "is a directory");
	open_fails("empty", LUSER_FORMAT, "is empty");
	open_fails("/dev/null", LUSER_FORMAT, "is a device");
	open_fails("a\nb\x1b[31m\\\xff", LUSER_MISSING,
		   "a\\x0ab\\x1b[31m\\\\\\xff");
}
END_TEST

START_TEST(lack_of_privilege_says_what_is_needed)
{
	fixture_write("secret", "x", 1);
	ck_assert_int_eq(chmod("secret", 0), 0);
	fixture_drop_privilege();
	open_fails("secret", LUSER_DENIED, "Permission denied: it needs root");
	ck_assert_int_eq(err.errnum, EACCES);
	open_fails("secret", LUSER_DENIED, "/sys/kernel/security/lockdown)");
	fixture_regain_privilege();
}
END_TEST

START_TEST(read_errors_are_reported)
{
	struct luser_mem *mem;

	fixture_write("image", "0123456789", 10);
	inject.fail_at = 1;
	open_fails("image", LUSER_SYSTEM, "cannot read image");
	inject.fail_at = 0;
	mem = open_ok("image");
	inject.fail_at = 1;
	read_fails(mem, 3, 2, LUSER_SYSTEM, 3);
	ck_assert_int_eq(err.errnum, 0 + EIO);
	luser_mem_close(mem);
}
END_TEST

static void feed(const void *data, size_t len)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	if (!fork()) {
		close(ends[0]);
		_exit(write(ends[1], data, len) != (ssize_t)len);
	}
	close(ends[1]);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
}

START_TEST(pipe_on_standard_input_is_spooled)
{
	static char image[300000];
	struct luser_mem *mem;

	memset(image + 65536, 'x', 10);
	memset(image + 299990, 'y', 10);
	setenv("TMPDIR", "", 1);
	feed(image, sizeof(image));
	mem = open_ok("-");
	reads(mem, 65530, image + 65530, 100);
	reads(mem, 299900, image + 299900, 100);
	has_ranges(mem, &(struct luser_range){ 0, sizeof(image) }, 1);
	luser_mem_close(mem);
}
END_TEST

START_TEST(elf_on_standard_input_is_an_elf)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x5000, 0, 4096);
	feed(&elf, sizeof(elf));
	mem = open_ok("-");
	ck_assert_str_eq(luser_mem_format(mem), "ELF dump");
	reads(mem, 0x5000, elf.data, 4096);
	luser_mem_close(mem);
}
END_TEST

START_TEST(file_on_standard_input_is_read_in_place)
{
	struct luser_mem *mem;

	fixture_write("image", "0123456789", 10);
	ck_assert_ptr_nonnull(freopen("image", "r", stdin));
	setenv("TMPDIR", "/absent", 1);
	mem = open_ok("-");
	reads(mem, 0, "0123456789", 10);
	luser_mem_close(mem);
}
END_TEST

START_TEST(spool_failures_say_where)
{
	char path[5000] = {0};

	feed("0123456789", 10);
	setenv("TMPDIR", "/absent", 1);
	open_fails("-", LUSER_MISSING, "temporary file in /absent");
	memset(path, 'x', sizeof(path) - 1);
	setenv("TMPDIR", path, 1);
	open_fails("-", LUSER_SYSTEM, "TMPDIR");
}
END_TEST

START_TEST(elf_segments_lie_where_p_paddr_says)
{
	static const struct luser_range want[] = {
		{ 0x1000, 4096 }, { 0x100000, 4096 },
	};
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x100000, 0, 4096);
	fixture_load(&elf, 0x1000, 4096, 4096);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	reads(mem, 0x100010, elf.data + 16, 256);
	reads(mem, 0x1000, elf.data + 4096, 4096);
	read_fails(mem, 0x1ff0, 32, LUSER_NODATA, 0x2000);
	read_fails(mem, 0x0, 32, LUSER_NODATA, 0);
	has_ranges(mem, want, 2);
	ck_assert_str_eq(luser_mem_format(mem), "ELF dump");
	ck_assert(!luser_mem_is_live(mem));
	luser_mem_close(mem);
}
END_TEST

START_TEST(read_crosses_from_segment_to_segment)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x2000, 0, 4096);
	fixture_load(&elf, 0x1000, 4096, 4096);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	reads(mem, 0x1ffc, (char[]){
		(char)elf.data[8188], (char)elf.data[8189],
		(char)elf.data[8190], (char)elf.data[8191],
		(char)elf.data[0], (char)elf.data[1] }, 6);
	has_ranges(mem, &(struct luser_range){ 0x1000, 8192 }, 1);
	inject.fail_at = 1;
	read_fails(mem, 0x1ffc, 6, LUSER_SYSTEM, 0x1ffc);
	luser_mem_close(mem);
}
END_TEST

START_TEST(memory_beyond_filesz_is_absent)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 100)->p_memsz = 4096;
	fixture_load(&elf, 0x9000, 0, 0)->p_memsz = 4096;
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	reads(mem, 0x1000, elf.data, 100);
	read_fails(mem, 0x1000, 101, LUSER_NODATA, 0x1064);
	read_fails(mem, 0x9000, 1, LUSER_NODATA, 0x9000);
	luser_mem_close(mem);
}
END_TEST

START_TEST(segment_without_physical_address_is_left_out)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, UINT64_MAX, 0, 4096)->p_vaddr = 0x1000;
	fixture_load(&elf, 0x1000, 4096, 4096);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	has_ranges(mem, &(struct luser_range){ 0x1000, 4096 }, 1);
	luser_mem_close(mem);
}
END_TEST

/* kcore has the kernel's text a second time, inside of a RAM segment. */
START_TEST(overlap_belongs_to_the_segment_that_starts_first)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1800, 8192, 1024);
	fixture_load(&elf, 0x1000, 0, 4096);
	fixture_load(&elf, 0x1c00, 4096, 4096);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	reads(mem, 0x1000, elf.data, 4096);
	reads(mem, 0x2000, elf.data + 4096 + 0x400, 0xc00);
	has_ranges(mem, &(struct luser_range){ 0x1000, 0x1c00 }, 1);
	luser_mem_close(mem);
}
END_TEST

/* Of those that start together the longest counts, else the first one. */
START_TEST(segments_at_one_address)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 512);
	fixture_load(&elf, 0x1000, 0, 4096);
	fixture_load(&elf, 0x1000, 4096, 4096);
	fixture_load(&elf, 0x1000, 8192, 1024);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	reads(mem, 0x1000, elf.data, 4096);
	has_ranges(mem, &(struct luser_range){ 0x1000, 4096 }, 1);
	luser_mem_close(mem);
}
END_TEST

START_TEST(big_addresses_are_kept_whole)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x100000000, 0, 4096);
	fixture_load(&elf, 0xfffffffffffff000, 4096, 4095);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	reads(mem, 0x100000000, elf.data, 4096);
	read_fails(mem, 0, 1, LUSER_NODATA, 0);
	reads(mem, 0xfffffffffffff000, elf.data + 4096, 4095);
	read_fails(mem, 0xfffffffffffff000, 4096, LUSER_NODATA, UINT64_MAX);
	read_fails(mem, 0xfffffffffffff000, 4097, LUSER_NODATA,
		   0xfffffffffffff000);
	luser_mem_close(mem);
}
END_TEST

START_TEST(vmcoreinfo_is_found)
{
	struct luser_mem *mem;
	char value[32];

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0,
		     "OSRELEASE=7.3.4\nPAGESIZE=4096\nLAST=x");
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	ck_assert(luser_mem_vmcoreinfo(mem, "PAGESIZE", value, sizeof(value)));
	ck_assert_str_eq(value, "4096");
	ck_assert(luser_mem_vmcoreinfo(mem, "OSRELEASE", value, 4));
	ck_assert_str_eq(value, "7.3");
	ck_assert(luser_mem_vmcoreinfo(mem, "LAST", value, sizeof(value)));
	ck_assert_str_eq(value, "x");
	ck_assert(!luser_mem_vmcoreinfo(mem, "PAGE", value, sizeof(value)));
	ck_assert(!luser_mem_vmcoreinfo(mem, "7.3.4", value, sizeof(value)));
	luser_mem_close(mem);
}
END_TEST

START_TEST(first_vmcoreinfo_counts)
{
	struct luser_mem *mem;
	uint64_t next;
	char value[32];

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	next = fixture_note(&elf, 0, "VMCOREINFO", 0, "PAGESIZE=4096\n");
	fixture_note(&elf, next, "VMCOREINFO", 0, "PAGESIZE=65536\n");
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	ck_assert(luser_mem_vmcoreinfo(mem, "PAGESIZE", value, sizeof(value)));
	ck_assert_str_eq(value, "4096");
	ck_assert(luser_mem_vmcoreinfo(mem, "PAGESIZE", value, 0));
	ck_assert_str_eq(value, "4096");
	luser_mem_close(mem);
}
END_TEST

/* Also one that says nothing. */
START_TEST(first_vmcoreinfo_is_empty)
{
	struct luser_mem *mem;
	uint64_t next;
	char value[32];

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	next = fixture_note(&elf, 0, "VMCOREINFO", 0, "");
	fixture_note(&elf, next, "VMCOREINFO", 0, "PAGESIZE=65536\n");
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	ck_assert(!luser_mem_vmcoreinfo(mem, "PAGESIZE", value, sizeof(value)));
	luser_mem_close(mem);
}
END_TEST

/* Of what luser_save() writes a second one is not kept, which leaks nothing. */
START_TEST(saved_dump_with_two_notes)
{
	struct luser_mem *mem;
	uint64_t next;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	next = fixture_note(&elf, 0, "luser", SAVED, "");
	fixture_note(&elf, next, "luser", SAVED, "much longer");
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	reads(mem, 0x1000, elf.data + 8192, 4096);
	luser_mem_close(mem);
}
END_TEST

/* Real dumps have registers of each processor, too, and some an empty note. */
START_TEST(other_notes_are_passed_over)
{
	struct luser_mem *mem;
	char value[8];

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	fixture_note(&elf, 0, "CORE", NT_PRSTATUS, "registers");
	fixture_note(&elf, 512, "VMCOREINFO", 0, "PAGESIZE=4096");
	fixture_load(&elf, 0, 1024, 0)->p_type = PT_NOTE;
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	ck_assert(luser_mem_vmcoreinfo(mem, "PAGESIZE", value, sizeof(value)));
	ck_assert_str_eq(value, "4096");
	luser_mem_close(mem);
}
END_TEST

/* What kcore says of itself does not make a copy of it live. */
START_TEST(copy_of_kcore_is_not_live)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	fixture_note(&elf, 0, "CORE", NT_TASKSTRUCT, "task");
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	ck_assert(!luser_mem_is_live(mem));
	luser_mem_close(mem);
}
END_TEST

START_TEST(damaged_notes_do_not_cost_the_memory)
{
	struct luser_mem *mem;
	char value[8];

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 8192, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0, "PAGESIZE=4096");
	((Elf64_Nhdr *)(void *)elf.data)->n_descsz = 0xfffffff0;
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	ck_assert(!luser_mem_vmcoreinfo(mem, "PAGESIZE", value, sizeof(value)));
	reads(mem, 0x1000, elf.data + 8192, 4096);
	luser_mem_close(mem);
}
END_TEST

static void make_32_bit(uint32_t paddr, uint16_t machine)
{
	Elf32_Ehdr *ehdr = (Elf32_Ehdr *)(void *)&elf;
	Elf32_Phdr *phdr = (Elf32_Phdr *)(ehdr + 1);

	fixture_elf(&elf);
	memset(ehdr + 1, 0, 4 * sizeof(*phdr));
	ehdr->e_ident[EI_CLASS] = ELFCLASS32;
	*ehdr = (Elf32_Ehdr){
		.e_type = ET_CORE, .e_machine = machine,
		.e_version = EV_CURRENT, .e_ehsize = sizeof(*ehdr),
		.e_phoff = sizeof(*ehdr), .e_phentsize = sizeof(*phdr),
		.e_phnum = 2,
	};
	memcpy(ehdr->e_ident, ELFMAG "\1\1\1", SELFMAG + 3);
	ehdr->e_ident[EI_DATA] = FIXTURE_ELFDATA;
	phdr[0] = (Elf32_Phdr){
		.p_type = PT_LOAD, .p_offset = FIXTURE_DATA_AT,
		.p_paddr = paddr, .p_filesz = 4096, .p_memsz = 4096,
	};
	phdr[1] = phdr[0];
	phdr[1].p_paddr = 0x4000;
}

START_TEST(dump_of_32_bits)
{
	static const struct luser_range want[] = {
		{ 0x4000, 4096 }, { 0xfffff000, 4096 },
	};
	struct luser_mem *mem;

	make_32_bit(0xfffff000, EM_386);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	has_ranges(mem, want, 2);
	reads(mem, 0xfffff000, elf.data, 4096);
	luser_mem_close(mem);
	make_32_bit(UINT32_MAX, EM_386);
	write_elf(sizeof(elf));
	mem = open_ok("dump");
	has_ranges(mem, want, 1);
	luser_mem_close(mem);
}
END_TEST

START_TEST(more_headers_than_e_phnum_can_say)
{
	enum { COUNT = 70000 };
	size_t len = sizeof(Elf64_Ehdr) + sizeof(Elf64_Shdr) +
		     COUNT * sizeof(Elf64_Phdr) + COUNT;
	char *file = calloc(1, len);
	Elf64_Ehdr *ehdr = (void *)file;
	Elf64_Shdr *shdr = (void *)(ehdr + 1);
	Elf64_Phdr *phdr = (void *)(shdr + 1);
	struct luser_mem *mem;
	size_t n;
	size_t i;

	fixture_elf(&elf);
	*ehdr = elf.ehdr;
	ehdr->e_phnum = PN_XNUM;
	ehdr->e_phoff = sizeof(*ehdr) + sizeof(*shdr);
	ehdr->e_shoff = sizeof(*ehdr);
	ehdr->e_shentsize = sizeof(*shdr);
	ehdr->e_shnum = 1;
	shdr->sh_info = COUNT;
	for (i = 0; i < COUNT; i++)
		phdr[i] = (Elf64_Phdr){
			.p_type = PT_LOAD, .p_paddr = 0x1000 * (i + 1),
			.p_offset = len - COUNT + i, .p_filesz = 1,
		};
	file[len - 1] = 'z';
	fixture_write("dump", file, len);
	mem = open_ok("dump");
	ck_assert_ptr_nonnull(luser_mem_ranges(mem, &n));
	ck_assert_uint_eq(n, COUNT);
	reads(mem, 0x1000 * (uint64_t)COUNT, "z", 1);
	luser_mem_close(mem);
	free(file);
}
END_TEST

START_TEST(hostile_elf_headers_are_refused)
{
	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 4096);
	elf.ehdr.e_phoff = 1ull << 40;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "program headers");
	elf.ehdr.e_phoff = UINT64_MAX - 20;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "program headers");

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 4096);
	elf.ehdr.e_phnum = 0xfffe;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "program header");

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 4096);
	elf.ehdr.e_phentsize = 32;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "wrong size");

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 4096);
	elf.ehdr.e_type = ET_EXEC;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "not a dump");

	fixture_elf(&elf);
	fixture_load(&elf, UINT64_MAX - 100, 0, 4096);
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "address space");

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 4096)->p_offset = INT64_MAX - 10;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "file offset");

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0, "A=b");
	elf.phdr[1].p_filesz = UINT64_MAX;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "notes");

	/* Each might be one, but not both: libelf keeps what it read. */
	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0, "A=b");
	fixture_note(&elf, 0, "VMCOREINFO", 0, "A=b");
	elf.phdr[2].p_filesz = 256 << 20;
	write_elf(sizeof(elf));
	ck_assert_int_eq(truncate("dump", 300 << 20), 0);
	open_fails("dump", LUSER_FORMAT, "notes");

	fixture_elf(&elf);
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "no physical memory");

	fixture_elf(&elf);
	fixture_load(&elf, 0, 0, 4096);
	fixture_load(&elf, 0, 4096, 4096);
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "dump of a process");
}
END_TEST

START_TEST(count_of_headers_is_bounded)
{
	Elf64_Shdr *shdr = (void *)elf.data;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 4096, 4096);
	memset(shdr, 0, sizeof(*shdr));
	elf.ehdr.e_phnum = PN_XNUM;
	elf.ehdr.e_shoff = FIXTURE_DATA_AT;
	elf.ehdr.e_shentsize = sizeof(*shdr);
	elf.ehdr.e_shnum = 1;
	shdr->sh_info = 0xffffffff;
	write_elf(sizeof(elf));
	open_fails("dump", LUSER_FORMAT, "program header");
	/* A file that is long, but has nothing in it. */
	ck_assert_int_eq(truncate("dump", 1ll << 42), 0);
	open_fails("dump", LUSER_FORMAT, "more program headers");
}
END_TEST

START_TEST(every_bit_of_the_headers_may_flip)
{
	char got[64];
	size_t opened = 0;
	size_t bit;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 4096, 4096);
	fixture_load(&elf, 0x4000, 8192, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0, "PAGESIZE=4096");
	for (bit = 0; bit < 8 * (64 + 3 * 56); bit++) {
		uint8_t *byte = (uint8_t *)&elf + bit / 8;
		struct luser_mem *mem;

		*byte ^= (uint8_t)(1 << bit % 8);
		write_elf(sizeof(elf));
		if (luser_mem_open("dump", 0, &mem, &err) == LUSER_OK) {
			opened++;
			luser_mem_read(mem, 0x1fe0, got, sizeof(got), &err);
			luser_mem_read(mem, 0x4000, got, sizeof(got), &err);
			luser_mem_close(mem);
		} else {
			ck_assert_str_ne(err.message, "");
		}
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	ck_assert_uint_gt(opened, 0);
}
END_TEST

/* The last byte of memory that a file of @len bytes still has. */
static void check_cut(size_t len, size_t data)
{
	struct luser_mem *mem;
	char got[64];
	uint64_t there;

	there = len > FIXTURE_DATA_AT ? len - FIXTURE_DATA_AT : 0;
	if (luser_mem_open("dump", 0, &mem, &err) != LUSER_OK) {
		ck_assert_uint_eq(there, 0);
		ck_assert_str_ne(err.message, "");
		return;
	}
	/* Before the ELF magic is whole, a file is a raw image. */
	if (strcmp(luser_mem_format(mem), "ELF dump")) {
		ck_assert_uint_lt(len, SELFMAG);
		luser_mem_close(mem);
		return;
	}
	ck_assert_int_eq(luser_mem_complete(mem, &err),
			 there < data ? LUSER_NODATA : LUSER_OK);
	if (there < data) {
		ck_assert_uint_eq(err.phys, 0x1000 + there);
		read_fails(mem, 0x1000 + there, 1, LUSER_NODATA,
			   0x1000 + there);
		ck_assert_ptr_nonnull(strstr(err.message, "cut short"));
	}
	ck_assert_int_eq(luser_mem_read(mem, 0x1000 + there - 1, got, 1, &err),
			 LUSER_OK);
	has_ranges(mem, &(struct luser_range){ 0x1000, there }, 1);
	luser_mem_close(mem);
}

START_TEST(dump_cut_at_every_length_reads_what_is_there)
{
	size_t data = 512;
	size_t len;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 0, data);
	write_elf(FIXTURE_DATA_AT + data);
	check_cut(FIXTURE_DATA_AT + data, data);
	for (len = FIXTURE_DATA_AT + data; len-- > 1;) {
		ck_assert_int_eq(truncate("dump", (off_t)len), 0);
		check_cut(len, data);
	}
}
END_TEST

START_TEST(cut_dump_names_the_lowest_missing_address)
{
	struct luser_mem *mem;

	fixture_elf(&elf);
	fixture_load(&elf, 0x9000, 0, 4096);
	fixture_load(&elf, 0x5000, 4096, 4096);
	fixture_load(&elf, 0x1000, 8192, 4096);
	write_elf(FIXTURE_DATA_AT + 5000);
	mem = open_ok("dump");
	ck_assert_int_eq(luser_mem_complete(mem, &err), LUSER_NODATA);
	ck_assert_uint_eq(err.phys, 0x1000);
	reads(mem, 0x9000, elf.data, 4096);
	reads(mem, 0x5000, elf.data + 4096, 904);
	read_fails(mem, 0x5000, 905, LUSER_NODATA, 0x5388);
	read_fails(mem, 0x1000, 1, LUSER_NODATA, 0x1000);
	luser_mem_close(mem);
}
END_TEST

START_TEST(short_reads_and_signals_change_nothing)
{
	struct luser_mem *mem;
	char value[8];

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 4096, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0, "PAGESIZE=4096");
	write_elf(sizeof(elf));
	inject.hesitate = true;
	mem = open_ok("dump");
	reads(mem, 0x1000, elf.data + 4096, 4096);
	ck_assert(luser_mem_vmcoreinfo(mem, "PAGESIZE", value, sizeof(value)));
	luser_mem_close(mem);
	ck_assert_uint_gt(inject.calls, 4096 / 5);
}
END_TEST

START_TEST(every_failing_read_of_an_open_is_an_error)
{
	struct luser_mem *mem = NULL;
	size_t n = 1;

	fixture_elf(&elf);
	fixture_load(&elf, 0x1000, 4096, 4096);
	fixture_note(&elf, 0, "VMCOREINFO", 0, "PAGESIZE=4096");
	write_elf(sizeof(elf));
	for (;;) {
		inject.calls = 0;
		inject.fail_at = n;
		if (luser_mem_open("dump", 0, &mem, &err) == LUSER_OK)
			break;
		ck_assert_str_ne(err.message, "");
		ck_assert_ptr_null(mem);
		n++;
	}
	ck_assert_uint_gt(n, 2);
	luser_mem_close(mem);
}
END_TEST

struct seen {
	uint64_t phys;
	size_t len;
	int calls;
	char first;
};

static void watch(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	struct seen *seen = ctx;

	seen->phys = phys;
	seen->len = len;
	seen->calls++;
	seen->first = *(const char *)buf;
}

START_TEST(observer_sees_what_was_read)
{
	struct seen seen = { .calls = 0 };
	struct luser_mem *mem;

	ck_assert_int_eq(luser_mem_from_buffer("abcdef", 6, 16, true, &mem,
					       &err), LUSER_OK);
	luser_mem_observe(mem, watch, &seen);
	reads(mem, 18, "cde", 3);
	ck_assert_uint_eq(seen.phys, 18);
	ck_assert_uint_eq(seen.len, 3);
	ck_assert_int_eq(seen.first, 'c');
	read_fails(mem, 18, 30, LUSER_NODATA, 22);
	reads(mem, 18, "", 0);
	ck_assert_ptr_null(luser_mem_view(mem, 18, 30));
	ck_assert_int_eq(seen.calls, 1);
	ck_assert_ptr_nonnull(luser_mem_view(mem, 17, 1));
	ck_assert_int_eq(seen.first, 'b');
	ck_assert_int_eq(seen.calls, 2);
	luser_mem_observe(mem, NULL, NULL);
	reads(mem, 18, "cde", 3);
	ck_assert_int_eq(seen.calls, 2);
	luser_mem_close(mem);
}
END_TEST

START_TEST(every_code_has_a_text)
{
	enum luser_code code;

	for (code = LUSER_OK; code <= LUSER_INVALID; code++)
		ck_assert_str_ne(luser_code_text(code), "unknown error");
	ck_assert_str_eq(luser_code_text(code), "unknown error");
}
END_TEST

static void start(void)
{
	memset(&inject, 0, sizeof(inject));
	fixture_enter();
}

static TCase *cases(void)
{
	TCase *tc = tcase_create("mem");

	tcase_add_checked_fixture(tc, start, fixture_leave);
	tcase_add_test(tc, buffer_reads_and_views);
	tcase_add_test(tc, unstable_buffer_has_no_view);
	tcase_add_test(tc, impossible_buffers_are_refused);
	tcase_add_test(tc, raw_image_has_a_base);
	tcase_add_test(tc, raw_image_that_shrinks_says_where_it_ends);
	tcase_add_test(tc, what_is_read_again_is_what_is_there_now);
	tcase_add_test(tc, unusable_files_say_why);
	tcase_add_test(tc, lack_of_privilege_says_what_is_needed);
	tcase_add_test(tc, read_errors_are_reported);
	tcase_add_test(tc, pipe_on_standard_input_is_spooled);
	tcase_add_test(tc, elf_on_standard_input_is_an_elf);
	tcase_add_test(tc, file_on_standard_input_is_read_in_place);
	tcase_add_test(tc, spool_failures_say_where);
	tcase_add_test(tc, elf_segments_lie_where_p_paddr_says);
	tcase_add_test(tc, read_crosses_from_segment_to_segment);
	tcase_add_test(tc, memory_beyond_filesz_is_absent);
	tcase_add_test(tc, segment_without_physical_address_is_left_out);
	tcase_add_test(tc, overlap_belongs_to_the_segment_that_starts_first);
	tcase_add_test(tc, segments_at_one_address);
	tcase_add_test(tc, big_addresses_are_kept_whole);
	tcase_add_test(tc, vmcoreinfo_is_found);
	tcase_add_test(tc, first_vmcoreinfo_counts);
	tcase_add_test(tc, first_vmcoreinfo_is_empty);
	tcase_add_test(tc, saved_dump_with_two_notes);
	tcase_add_test(tc, other_notes_are_passed_over);
	tcase_add_test(tc, copy_of_kcore_is_not_live);
	tcase_add_test(tc, damaged_notes_do_not_cost_the_memory);
	tcase_add_test(tc, dump_of_32_bits);
	tcase_add_test(tc, more_headers_than_e_phnum_can_say);
	tcase_add_test(tc, hostile_elf_headers_are_refused);
	tcase_add_test(tc, count_of_headers_is_bounded);
	tcase_add_test(tc, every_bit_of_the_headers_may_flip);
	tcase_add_test(tc, dump_cut_at_every_length_reads_what_is_there);
	tcase_add_test(tc, cut_dump_names_the_lowest_missing_address);
	tcase_add_test(tc, short_reads_and_signals_change_nothing);
	tcase_add_test(tc, every_failing_read_of_an_open_is_an_error);
	tcase_add_test(tc, observer_sees_what_was_read);
	tcase_add_test(tc, every_code_has_a_text);
	return tc;
}

int main(void)
{
	return run_case("mem", cases());
}
