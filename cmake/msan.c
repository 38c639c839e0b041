// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * With MemorySanitizer: what libfdt and getentropy() write is written. They are
 * not compiled with the sanitizer, which therefore does not know.
 */
#include <libfdt.h>
#include <sanitizer/msan_interface.h>
#include <unistd.h>

const void *__real_fdt_getprop(const void *fdt, int node, const char *name,
			       int *len);
const void *__wrap_fdt_getprop(const void *fdt, int node, const char *name,
			       int *len);
const void *__real_fdt_getprop_by_offset(const void *fdt, int offset,
					 const char **name, int *len);
const void *__wrap_fdt_getprop_by_offset(const void *fdt, int offset,
					 const char **name, int *len);
const char *__real_fdt_get_name(const void *fdt, int node, int *len);
const char *__wrap_fdt_get_name(const void *fdt, int node, int *len);
int __real_getentropy(void *buf, size_t len);
int __wrap_getentropy(void *buf, size_t len);

const void *__wrap_fdt_getprop(const void *fdt, int node, const char *name,
			       int *len)
{
	const void *value = __real_fdt_getprop(fdt, node, name, len);

	__msan_unpoison(len, len ? sizeof(*len) : 0);
	return value;
}

const void *__wrap_fdt_getprop_by_offset(const void *fdt, int offset,
					 const char **name, int *len)
{
	const void *value = __real_fdt_getprop_by_offset(fdt, offset, name,
							 len);

	__msan_unpoison(len, len ? sizeof(*len) : 0);
	__msan_unpoison(name, name ? sizeof(*name) : 0);
	return value;
}

const char *__wrap_fdt_get_name(const void *fdt, int node, int *len)
{
	const char *name = __real_fdt_get_name(fdt, node, len);

	__msan_unpoison(len, len ? sizeof(*len) : 0);
	return name;
}

int __wrap_getentropy(void *buf, size_t len)
{
	int failed = __real_getentropy(buf, len);

	__msan_unpoison(buf, len);
	return failed;
}
