/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * From the file that kexec loads to the kernel inside: bzImage (x86), Image and
 * its compressed forms (arm64), vmlinux.
 */
#ifndef LUO_DUMP_KERNEL_UNPACK_H
#define LUO_DUMP_KERNEL_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct unpacked - a kernel as it is in memory, or as ELF
 * @at, @len:     its bytes; to be freed
 * @format:       what the file is: "bzImage", "Image", "zboot", "vmlinux"
 * @compression:  how the kernel in it was compressed, to be freed, or NULL
 * @page_size:    that its header says, or 0
 * @elf:          it is ELF
 */
struct unpacked {
	uint8_t *at;
	size_t len;
	const char *format;
	char *compression;
	uint32_t page_size;
	bool elf;
};

/**
 * kernel_unpack() - read a kernel image
 * @path: the file
 * @to:   receives the kernel; to be given to unpacked_free() in any case
 *
 * Return: true if there is a kernel in it; else why not was said.
 */
bool kernel_unpack(const char *path, struct unpacked *to);

void unpacked_free(struct unpacked *unpacked);

#endif /* LUO_DUMP_KERNEL_UNPACK_H */
