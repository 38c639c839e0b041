// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <luser/le.h>

#include "kernel_unpack.h"
#include "say.h"
#include "util.h"

/* More than any kernel has, packed or not. */
#define MAX_KERNEL ((size_t)1 << 30)
#define CHUNK	   ((size_t)1 << 20)

/* An image in an image: zstd in zboot, gzip around Image, and so on. */
#define MAX_LAYERS 4

/* Documentation/arch/x86/boot.rst */
#define X86_SECTS	   0x1f1
#define X86_MAGIC	   0x202
#define X86_PAYLOAD_OFFSET 0x248
#define X86_PAYLOAD_LENGTH 0x24c
#define X86_HEADER_END	   0x250
#define X86_SECTOR	   512
#define X86_DEFAULT_SECTS  4

/* Documentation/arch/arm64/booting.rst */
#define ARM64_FLAGS	 0x18
#define ARM64_MAGIC	 0x38
#define ARM64_HEADER_END 0x40

/* drivers/firmware/efi/libstub/zboot-header.S */
#define ZBOOT_MAGIC	 0x4
#define ZBOOT_OFFSET	 0x8
#define ZBOOT_SIZE	 0xc
#define ZBOOT_HEADER_END 0x40

struct bytes {
	const uint8_t *at;
	size_t len;
};

static bool is_there(struct bytes bytes, size_t offset, const char *magic)
{
	size_t len = strlen(magic);

	return offset <= bytes.len && len <= bytes.len - offset &&
	       !memcmp(bytes.at + offset, magic, len);
}

static bool part_of(struct bytes whole, uint64_t offset, uint64_t len,
		    struct bytes *part)
{
	if (offset > whole.len || len > whole.len - offset || !len)
		return false;
	*part = (struct bytes){ whole.at + offset, (size_t)len };
	return true;
}

static bool x86_payload(struct bytes file, struct bytes *payload)
{
	uint64_t sects;

	if (file.len < X86_HEADER_END || !is_there(file, X86_MAGIC, "HdrS"))
		return false;
	sects = file.at[X86_SECTS] ? file.at[X86_SECTS] : X86_DEFAULT_SECTS;
	return part_of(file,
		       (sects + 1) * X86_SECTOR +
			       luser_le32(file.at + X86_PAYLOAD_OFFSET),
		       luser_le32(file.at + X86_PAYLOAD_LENGTH), payload);
}

static bool zboot_payload(struct bytes file, struct bytes *payload)
{
	return file.len >= ZBOOT_HEADER_END && is_there(file, 0, "MZ") &&
	       is_there(file, ZBOOT_MAGIC, "zimg") &&
	       part_of(file, luser_le32(file.at + ZBOOT_OFFSET),
		       luser_le32(file.at + ZBOOT_SIZE), payload);
}

/* Bits 1 and 2 of the flags: 4, 16 or 64 KiB, or not said. */
static uint32_t arm64_page_size(struct bytes image)
{
	static const uint32_t sizes[] = { 0, 4096, 16384, 65536 };

	return sizes[luser_le64(image.at + ARM64_FLAGS) >> 1 & 3];
}

static struct archive *open_archive(struct bytes packed)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;

	if (!archive)
		return NULL;
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_lz4(archive);
	archive_read_support_filter_lzma(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_memory(archive, packed.at, packed.len) ==
		    ARCHIVE_OK &&
	    archive_read_next_header(archive, &entry) == ARCHIVE_OK &&
	    archive_filter_code(archive, 0) != ARCHIVE_FILTER_NONE)
		return archive;
	archive_read_free(archive);
	return NULL;
}

/* All of it, or nothing. */
static bool read_archive(struct archive *archive, struct unpacked *to)
{
	la_ssize_t got;

	do {
		if (to->len > MAX_KERNEL)
			return false;
		to->at = xrealloc(to->at, to->len + CHUNK);
		got = archive_read_data(archive, to->at + to->len, CHUNK);
		to->len += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	return !got && to->len;
}

static bool decompress(struct bytes packed, struct unpacked *to)
{
	struct archive *archive = open_archive(packed);
	struct unpacked plain = *to;
	bool good;

	if (!archive)
		return false;
	plain.at = NULL;
	plain.len = 0;
	good = read_archive(archive, &plain);
	if (good) {
		plain.compression = xstrdup(archive_filter_name(archive, 0));
		unpacked_free(to);
		*to = plain;
	} else {
		free(plain.at);
	}
	archive_read_free(archive);
	return good;
}

/* The kernel's build appends the size to what has no place for it itself. */
static bool decompress_payload(struct bytes packed, struct unpacked *to)
{
	if (decompress(packed, to))
		return true;
	packed.len -= packed.len > 4 ? 4 : 0;
	return decompress(packed, to);
}

static const char *outermost(const char *known, const char *format)
{
	return known ? known : format;
}

/* Return: true if @to is a kernel; @more is set if there may be one in it. */
static bool peel(struct unpacked *to, bool *more)
{
	struct bytes all = { to->at, to->len };
	struct bytes payload = all;

	to->elf = is_there(all, 0, "\177ELF");
	if (to->elf) {
		to->format = outermost(to->format, "vmlinux");
		return true;
	}
	if (all.len >= ARM64_HEADER_END && is_there(all, ARM64_MAGIC, "ARMd")) {
		to->format = outermost(to->format, "Image");
		to->page_size = arm64_page_size(all);
		return true;
	}
	if (x86_payload(all, &payload))
		to->format = outermost(to->format, "bzImage");
	else if (zboot_payload(all, &payload))
		to->format = outermost(to->format, "zboot");
	*more = decompress_payload(payload, to);
	return false;
}

static bool read_file(const char *path, struct unpacked *to)
{
	FILE *file = fopen(path, "rbe");
	size_t got = 1;

	while (file && got && to->len <= MAX_KERNEL) {
		to->at = xrealloc(to->at, to->len + CHUNK);
		got = fread(to->at + to->len, 1, CHUNK, file);
		to->len += got;
	}
	if (file && !ferror(file) && to->len <= MAX_KERNEL) {
		fclose(file);
		return true;
	}
	complain("%s: %s", path,
		 file && !ferror(file) ? "too large for a kernel" :
					 strerror(errno));
	if (file)
		fclose(file);
	return false;
}

bool kernel_unpack(const char *path, struct unpacked *to)
{
	bool more = true;

	*to = (struct unpacked){ 0 };
	if (!read_file(path, to))
		return false;
	for (int i = 0; i < MAX_LAYERS && more; i++) {
		more = false;
		if (peel(to, &more))
			return true;
	}
	complain("%s: no kernel image that can be unpacked (bzImage, Image, "
		 "zboot or vmlinux; gzip, bzip2, lzma, xz, lz4 or zstd)",
		 path);
	return false;
}

void unpacked_free(struct unpacked *unpacked)
{
	free(unpacked->compression);
	free(unpacked->at);
	unpacked->compression = NULL;
	unpacked->at = NULL;
}
