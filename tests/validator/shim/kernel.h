/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the checks use of a kernel, for user space.
 *
 * The tests' headers under linux/ all lead here. Allocations fail when a test
 * wants them to.
 */
#ifndef SHIM_KERNEL_H
#define SHIM_KERNEL_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#ifndef PAGE_SHIFT
#error "The page size is chosen by who compiles the checks"
#endif
#define PAGE_SIZE (1UL << PAGE_SHIFT)

#undef static_assert
#define static_assert(that) _Static_assert(that, #that)

#define __packed __attribute__((packed))

#define BITS_PER_LONG (CHAR_BIT * (int)sizeof(long))
#define BITS_TO_LONGS(nr) (((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP_ULL(n, d) (((n) + (d)-1) / (d))
#define IS_ALIGNED(x, a) (((x) & ((a)-1)) == 0)
#define cmp_int(l, r) (((l) > (r)) - ((l) < (r)))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define min(a, b) min_t(size_t, a, b)
#define offsetofend(type, member)                                              \
	(offsetof(type, member) + sizeof(((type *)0)->member))
#define sizeof_field(type, member) sizeof(((type *)0)->member)

#define EXPORT_SYMBOL_GPL(name) extern int shim_exported_##name

#define GFP_KERNEL 0
#define __GFP_NOWARN 0

/* Nobody else waits for the processor. */
static inline void cond_resched(void)
{
}

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n < 2 ? 1 : 1UL << (BITS_PER_LONG - __builtin_clzl(n - 1));
}

static inline bool test_bit(unsigned long nr, const unsigned long *map)
{
	return map[nr / BITS_PER_LONG] >> (nr % BITS_PER_LONG) & 1;
}

static inline void __set_bit(unsigned long nr, unsigned long *map)
{
	map[nr / BITS_PER_LONG] |= 1UL << (nr % BITS_PER_LONG);
}

static inline void __clear_bit(unsigned long nr, unsigned long *map)
{
	map[nr / BITS_PER_LONG] &= ~(1UL << (nr % BITS_PER_LONG));
}

static inline unsigned int bitmap_weight(const unsigned long *map,
					 unsigned int nr)
{
	unsigned int weight = 0;

	for (unsigned int i = 0; i < nr; i++)
		weight += test_bit(i, map);
	return weight;
}

#define for_each_or_bit(bit, a, b, nr)                                         \
	for ((bit) = 0; (bit) < (nr); (bit)++)                                 \
		if (test_bit(bit, a) || test_bit(bit, b))

const void *shim_memchr_inv(const void *at, int c, size_t n);
#define memchr_inv shim_memchr_inv

u32 crc32c(u32 crc, const void *at, size_t n);

void sort_nonatomic(void *base, size_t num, size_t size,
		    int (*compare)(const void *a, const void *b), void *swap);

void *kvcalloc(size_t n, size_t size, int flags);
void *kvrealloc(const void *at, size_t size, int flags);
void kvfree(const void *at);

/**
 * struct shim_memory - the allocator, as tests see it
 * @calls:   allocations so far
 * @fail_at: the allocation that fails, counted from one; 0 is none
 * @live:    blocks not given back
 */
struct shim_memory {
	unsigned int calls;
	unsigned int fail_at;
	unsigned int live;
};

extern struct shim_memory shim_memory;

#endif /* SHIM_KERNEL_H */
