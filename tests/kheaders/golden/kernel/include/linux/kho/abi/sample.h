/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Made by luser-gen from sample-v1.yaml. Do not edit.
 */

#ifndef _LINUX_KHO_ABI_SAMPLE_H
#define _LINUX_KHO_ABI_SAMPLE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include <asm/page.h>

/**
 * DOC: Sample ABI
 *
 * A made-up ABI for tests. Its first paragraph is longer than one line, so that
 * it is broken into several ones, wherever that may be.
 *
 * The second paragraph has *characters* that mean `something` to others, and a
 * name_ that ends like a reference.
 *
 * Memory layout::
 *
 *   struct sample_root
 *   |
 *   +-- records --> records, a chain of pages
 *   |   +----------------------+          +-----
 *   |   | struct sample_header | --next-> | ...
 *   |   +----------------------+          +-----
 *   |   | struct sample_record |
 *   |   | struct sample_record |
 *   |   | ...                  |
 *   |   +----------------------+
 *   |   |
 *   |   +-- pfn --> preserved memory
 *   |   +-- other --> one of records, by index
 *   |   +-- either.plain.where --> preserved memory
 *   |   +-- section.plain.where --> preserved memory
 *   |
 *   +-- table --> names, a table
 *   |   +----------------------+
 *   |   | struct sample_header |
 *   |   +----------------------+
 *   |   | struct sample_small  |
 *   |   | struct sample_small  |
 *   |   | ...                  |
 *   |   +----------------------+
 *   |   |
 *   |   +-- where --> preserved memory
 *   |
 *   +-- list.first --> struct sample_page
 */

/*
 * A pointer that is handed over as a physical address. The pointer itself is
 * never stored: it is there for its type.
 */
#define DECLARE_KHOSER_PTR(name, type)					\
	union {								\
		u64 phys;						\
		type ptr;						\
	} name

/* Hand over a pointer into the linear mapping. */
#define KHOSER_STORE_PTR(dest, val)					\
do {									\
	typeof((dest).ptr) __khoser_ptr = (val);			\
									\
	(dest).phys = virt_to_phys(__khoser_ptr);			\
} while (0)

/* The pointer that was handed over, or NULL. */
#define KHOSER_LOAD_PTR(src)						\
({									\
	u64 __khoser_phys = (src).phys;					\
									\
	(typeof((src).ptr))(__khoser_phys ?				\
			    phys_to_virt(__khoser_phys) : NULL);	\
})

/* A string. */
#define SAMPLE_NAME	"sample"

/* A family of strings. */
#define SAMPLE_NAMES(i)	"sample-" #i

/* A number. */
#define SAMPLE_MAGIC	0x53414d50

/*
 * A number that a field's size is, with a comment that is too long for one
 * line.
 */
#define SAMPLE_LENGTH	24

/* The page size. */
#define SAMPLE_PAGE	PAGE_SIZE

/**
 * enum sample_kind - Values of kind in struct sample_record and struct
 *   sample_header
 * @SAMPLE_KIND_PLAIN: A record without more.
 * @SAMPLE_LARGE: A record that has a name of its own, and a description of two
 *   lines.
 */
enum sample_kind {
	SAMPLE_KIND_PLAIN = 1,
	SAMPLE_LARGE = 2,
};

/* Bits of flags in struct sample_record: */

/* The first bit. */
#define SAMPLE_FIRST	BIT(0)

/* A bit beyond 32. */
#define SAMPLE_LAST	BIT_ULL(40)

/* All of them together. */
#define SAMPLE_ALL_FLAGS	(SAMPLE_FIRST | SAMPLE_SECOND | SAMPLE_LAST)

/**
 * struct sample_list - How the kernel likes to declare it
 * @first: The first page. A physical address.
 * @total: How many there are.
 * @order: How large they are.
 * @pad: Zero.
 */
struct sample_list {
	union {
		u64 phys;
		struct sample_page *ptr;
	} first;
	unsigned int total;
	unsigned short order;
	u16 pad;
};

static_assert(sizeof(struct sample_list) == 16);
static_assert(offsetof(struct sample_list, first) == 0);
static_assert(offsetof(struct sample_list, total) == 8);
static_assert(offsetof(struct sample_list, order) == 12);
static_assert(offsetof(struct sample_list, pad) == 14);

/**
 * struct sample_root - The start
 * @magic: Says what it is.
 * @compat: Features.
 * @records: The records. A physical address.
 * @table: The names. A physical address.
 * @list: What is nested.
 * @nr_records: How many records there are.
 *
 * Only the first sentence is the title; the others follow the members.
 *
 * What holds:
 *
 * - A count goes with an array.
 */
struct sample_root {
	u64 magic;
	u64 compat;
	u64 records;
	u64 table;
	struct sample_list list;
	u64 nr_records;
} __packed;

static_assert(sizeof(struct sample_root) == 56);
static_assert(offsetof(struct sample_root, magic) == 0);
static_assert(offsetof(struct sample_root, compat) == 8);
static_assert(offsetof(struct sample_root, records) == 16);
static_assert(offsetof(struct sample_root, table) == 24);
static_assert(offsetof(struct sample_root, list) == 32);
static_assert(offsetof(struct sample_root, nr_records) == 48);

/**
 * struct sample_header - Starts a page
 * @next: The next page. A physical address.
 * @count: Records that follow.
 * @kind: What they are.
 * @pages: Pages in all.
 */
struct sample_header {
	u64 next;
	u32 count;
	u16 kind;
	u16 pages;
} __packed;

static_assert(sizeof(struct sample_header) == 16);
static_assert(offsetof(struct sample_header, next) == 0);
static_assert(offsetof(struct sample_header, count) == 8);
static_assert(offsetof(struct sample_header, kind) == 12);
static_assert(offsetof(struct sample_header, pages) == 14);

/**
 * struct sample_small - A driver section
 * @where: Something else. A physical address.
 */
struct sample_small {
	u64 where;
} __packed;

static_assert(sizeof(struct sample_small) == 8);
static_assert(offsetof(struct sample_small, where) == 0);

/**
 * struct sample_large - The larger arm
 * @number: A number.
 * @pointer: A pointer of the writer.
 */
struct sample_large {
	u64 number;
	u64 pointer;
} __packed;

static_assert(sizeof(struct sample_large) == 16);
static_assert(offsetof(struct sample_large, number) == 0);
static_assert(offsetof(struct sample_large, pointer) == 8);

/**
 * struct sample_record - One record
 * @name: Its name.
 * @pfn: Page frame number.
 * @marks: Marks.
 * @flags: State of the record. Bits: SAMPLE_FIRST, SAMPLE_SECOND, SAMPLE_LAST.
 * @bytes: Anything.
 * @kind: Kind of the record. See &enum sample_kind.
 * @numbers: Some numbers.
 * @other: Another record. An index into records.
 * @either: One of two.
 * @offset: Where the section starts.
 * @size: Bytes of the section.
 * @pad0: Zero.
 * @section: What only the driver knows. A writer puts it here; a reader goes by
 *   @offset and @size.
 *
 * What holds:
 *
 * - A plain record has a small section.
 */
struct sample_record {
	char name[SAMPLE_LENGTH];
	u64 pfn:52;
	u64 marks:12;
	u64 flags;
	u8 bytes[6];
	u16 kind;
	u32 numbers[3];
	u32 other;
	union {
		struct sample_small plain;
		struct sample_large large;
	} either;
	u16 offset;
	u16 size;
	u32 pad0;
	union {
		struct sample_small plain;
		u8 reserved[24];
	} section;
} __packed;

static_assert(sizeof(struct sample_record) == 112);
static_assert(offsetof(struct sample_record, name) == 0);
static_assert(offsetof(struct sample_record, flags) == 32);
static_assert(offsetof(struct sample_record, bytes) == 40);
static_assert(offsetof(struct sample_record, kind) == 46);
static_assert(offsetof(struct sample_record, numbers) == 48);
static_assert(offsetof(struct sample_record, other) == 60);
static_assert(offsetof(struct sample_record, either) == 64);
static_assert(offsetof(struct sample_record, offset) == 80);
static_assert(offsetof(struct sample_record, size) == 82);
static_assert(offsetof(struct sample_record, pad0) == 84);
static_assert(offsetof(struct sample_record, section) == 88);

/* Elements of rest in struct sample_page. */
#define SAMPLE_REST	((PAGE_SIZE - 8) / sizeof(u64))

/**
 * struct sample_page - Fills a page
 * @number: A number.
 * @rest: All the others.
 */
struct sample_page {
	u64 number;
	u64 rest[SAMPLE_REST];
};

static_assert(sizeof(struct sample_page) == PAGE_SIZE);
static_assert(offsetof(struct sample_page, number) == 0);
static_assert(offsetof(struct sample_page, rest) == 8);

/*
 * The records. In one page there are 36 where pages have 4 KiB, 146 where pages
 * have 16 KiB and 585 where pages have 64 KiB.
 *
 * No two records refer to the same one.
 *
 * In their pages' headers, kind is SAMPLE_LARGE.
 */
#define SAMPLE_RECORDS_PER_PAGE						\
	((PAGE_SIZE - sizeof(struct sample_header)) /			\
	 sizeof(struct sample_record))

/*
 * The names. In one page there are 510 where pages have 4 KiB, 2046 where pages
 * have 16 KiB and 8190 where pages have 64 KiB.
 */
#define SAMPLE_NAMES_PER_PAGE						\
	((PAGE_SIZE - sizeof(struct sample_header)) /			\
	 sizeof(struct sample_small))

#endif /* _LINUX_KHO_ABI_SAMPLE_H */
