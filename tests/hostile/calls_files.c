// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>

#include <luser/le.h>

#include "calls.h"

static void write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

	must(fd >= 0 && write(fd, data, len) == (ssize_t)len && !close(fd),
	     path);
}

static void write_text(const char *path, const char *text)
{
	write_file(path, text, strlen(text));
}

static void make_directory(const char *path)
{
	must(!mkdir(path, 0700), path);
}

static void make_kho(void)
{
	static char large[9000];

	make_directory("kho");
	make_directory("kho/in");
	make_directory("kho/in/sub_fdts");
	make_directory("kho/out");
	make_directory("kho/out/sub_fdts");
	write_text("kho/in/fdt", "not looked at");
	write_text("kho/in/sub_fdts/b", "second");
	write_text("kho/in/sub_fdts/a", "first");
	write_file("kho/out/sub_fdts/large", large, sizeof(large));
	write_text("kho/out/scratch_phys", "0x1000000\n0x2000000\n");
	write_text("kho/out/scratch_len", "0x10000\n0x20000\n");
}

/* A record as the kernel shows it: the root's address, and the scratch area. */
static void make_boot_params(void)
{
	static const uint8_t data[32] = {[1] = 0x10, [8] = 1};

	make_directory("setup_data");
	make_directory("setup_data/0");
	write_text("setup_data/0/type", "0xa\n");
	write_file("setup_data/0/data", data, sizeof(data));
}

/* Cells of another number than a device tree has without them. */
static void make_tree(void)
{
	static const uint8_t one[4] = {[3] = 1};
	static const uint8_t reg[8] = {[2] = 0x10, [6] = 0x10};

	make_directory("tree");
	make_directory("tree/chosen");
	write_file("tree/#address-cells", one, sizeof(one));
	write_file("tree/#size-cells", one, sizeof(one));
	write_file("tree/chosen/linux,kho-fdt", reg, sizeof(reg));
	write_file("tree/chosen/linux,kho-scratch", reg, sizeof(reg));
}

static void make_flat_tree(void)
{
	static const uint8_t reg[16] = {[6] = 0x10, [14] = 0x10};
	uint8_t fdt[1024];

	must(!fdt_create(fdt, sizeof(fdt)) && !fdt_finish_reservemap(fdt) &&
	     !fdt_begin_node(fdt, "") &&
	     !fdt_property_u32(fdt, "#address-cells", 2) &&
	     !fdt_property_u32(fdt, "#size-cells", 2) &&
	     !fdt_begin_node(fdt, "chosen") &&
	     !fdt_property(fdt, "linux,kho-fdt", reg, sizeof(reg)) &&
	     !fdt_property(fdt, "linux,kho-scratch", reg, sizeof(reg)) &&
	     !fdt_end_node(fdt) && !fdt_end_node(fdt) && !fdt_finish(fdt),
	     "no device tree");
	write_file("flat", fdt, fdt_totalsize(fdt));
}

void calls_put_root(void *page, const char *version, uint64_t map)
{
	uint8_t value[8];

	luser_set_le64(value, map);
	must(!fdt_create(page, CALLS_PAGE) && !fdt_finish_reservemap(page) &&
	     !fdt_begin_node(page, "") &&
	     !fdt_property(page, "compatible", version,
			   (int)strlen(version) + 1) &&
	     !fdt_property(page, "preserved-memory-map", value, 8) &&
	     !fdt_end_node(page) && !fdt_finish(page), "no root");
}

/*
 * The memory of a kernel that was booted with a record, which is in the first
 * page and knows that it is. It names the root in the second page, and the
 * scratch areas, which the third page lists.
 */
static void make_booted(void)
{
	static uint8_t memory[3 * CALLS_PAGE];
	uint8_t *areas = memory + 2 * CALLS_PAGE;

	luser_set_le32(memory + 8, 10);
	luser_set_le32(memory + 12, 32);
	luser_set_le64(memory + 16, CALLS_BASE + CALLS_PAGE);
	luser_set_le64(memory + 24, CALLS_PAGE);
	luser_set_le64(memory + 32, CALLS_BASE + UINT64_C(2) * CALLS_PAGE);
	luser_set_le64(memory + 40, 2 * 16);
	luser_set_le64(memory + 48, CALLS_BASE);
	luser_set_le32(memory + 56, 9);
	luser_set_le32(memory + 60, 32);
	calls_put_root(memory + CALLS_PAGE, "kho-v4",
		       CALLS_BASE + UINT64_C(3) * CALLS_PAGE);
	for (uint64_t i = 0; i < 2; i++) {
		luser_set_le64(areas + 16 * i, (i + 1) << 20);
		luser_set_le64(areas + 16 * i + 8, 4096);
	}
	write_file("booted", memory, sizeof(memory));
}

void calls_files(const char *dump, const char *audited)
{
	static const char bytes[200] = "raw memory";
	struct sum sum = {0};

	make_kho();
	make_boot_params();
	make_tree();
	make_flat_tree();
	make_booted();
	write_file("raw", bytes, sizeof(bytes));
	must(!symlink(dump, "dump"), dump);
	must(!symlink(audited, "audited"), audited);
	must(calls_walk_and_save("dump", "saved", &sum) == LUSER_OK, dump);
	must(calls_save_debugfs("blobs", &sum) == LUSER_OK, "blobs");
}
