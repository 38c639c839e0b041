// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <kernel.h>
#include <stdlib.h>

struct shim_memory shim_memory;

const void *shim_memchr_inv(const void *at, int c, size_t n)
{
	const u8 *bytes = at;

	for (size_t i = 0; i < n; i++)
		if (bytes[i] != (u8)c)
			return bytes + i;
	return NULL;
}

/* Neither inverts before nor after, like the kernel's. */
u32 crc32c(u32 crc, const void *at, size_t n)
{
	static u32 table[256];
	const u8 *bytes = at;

	for (u32 i = 1; !table[255] && i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^
				   (table[i] & 1 ? 0x82f63b78 : 0);
	}
	for (size_t i = 0; i < n; i++)
		crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
	return crc;
}

void sort_nonatomic(void *base, size_t num, size_t size,
		    int (*compare)(const void *a, const void *b), void *swap)
{
	(void)swap;
	qsort(base, num, size, compare);
}

static bool may_allocate(void)
{
	return ++shim_memory.calls != shim_memory.fail_at;
}

void *kvcalloc(size_t n, size_t size, int flags)
{
	void *at = may_allocate() ? calloc(n, size) : NULL;

	(void)flags;
	shim_memory.live += at != NULL;
	return at;
}

void *kvrealloc(const void *at, size_t size, int flags)
{
	void *moved = may_allocate() ? realloc((void *)(uintptr_t)at, size) :
				       NULL;

	(void)flags;
	shim_memory.live += moved && !at;
	return moved;
}

void kvfree(const void *at)
{
	shim_memory.live -= at != NULL;
	free((void *)(uintptr_t)at);
}
