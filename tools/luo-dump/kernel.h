/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a kernel image says about itself: the strings that are constants in it,
 * its release, and the layout of its structs.
 */
#ifndef LUO_DUMP_KERNEL_H
#define LUO_DUMP_KERNEL_H

#include <luser/abi.h>

#include "kernel_unpack.h"

struct btf;

/**
 * struct kernel_data - a part of the kernel that may hold constants
 */
struct kernel_data {
	const uint8_t *at;
	size_t len;
};

/**
 * struct kernel - a kernel image
 * @path:     the file
 * @image:    its bytes
 * @data:     the parts to search
 * @nr_data:  how many
 * @release:  as in its banner ("7.3.4-rc1"), escaped, or NULL
 * @series:   the first two numbers of it, or {0, 0}
 * @page_size: of that kernel, or 0
 * @btf:      its types, or NULL
 */
struct kernel {
	const char *path;
	struct unpacked image;
	struct kernel_data *data;
	size_t nr_data;
	char *release;
	struct luser_release series;
	uint32_t page_size;
	struct btf *btf;
};

/**
 * kernel_open() - read a kernel image
 * @path:   the file
 * @kernel: to be given to kernel_close() in any case
 *
 * Return: true if it could be read; else why not was said.
 */
bool kernel_open(const char *path, struct kernel *kernel);

void kernel_close(struct kernel *kernel);

/**
 * kernel_has() - is a string one of the kernel's constants
 *
 * Only a whole one counts: what goes on before or behind is another string.
 */
bool kernel_has(const struct kernel *kernel, const char *string);

/* Whether the strings that tell @abi are among the kernel's constants. */
bool kernel_names(const struct kernel *kernel, const struct luser_abi *abi);

/* Whether the schemas say that the kernel's release writes @abi. */
bool kernel_writes(const struct kernel *kernel, const struct luser_abi *abi);

enum layout {
	LAYOUT_UNKNOWN, /* there are no types, or not these */
	LAYOUT_AGREES,
	LAYOUT_DIFFERS,
};

/**
 * kernel_layout() - are an ABI's structs those of the kernel
 * @kernel: the image
 * @abi:    structs are compared by their names
 * @why:    receives what differs, to be freed; else left alone
 */
enum layout kernel_layout(const struct kernel *kernel,
			  const struct luser_abi *abi, char **why);

#endif /* LUO_DUMP_KERNEL_H */
