/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What one entry of a page table says.
 */
#ifndef LUSER_PAGE_ENTRY_H
#define LUSER_PAGE_ENTRY_H

#include <luser/abi.h>

/* Levels of tables that any format has. */
#define PAGE_LEVELS 6

enum page_entry_kind {
	PAGE_ENTRY_EMPTY,
	PAGE_ENTRY_TABLE,
	PAGE_ENTRY_PAGE,
	PAGE_ENTRY_BAD,
};

/**
 * struct page_entry - an entry that was looked at
 * @shift: logarithm of the size of the table or page that it leads to
 * @phys:  where it leads
 * @bits:  what it says beside address, size and level, and without what the
 *         hardware changes
 * @rule, @text, @expected: if it is bad: what is wrong with it
 */
struct page_entry {
	enum page_entry_kind kind;
	uint32_t shift;
	uint64_t phys;
	uint64_t bits;
	const char *rule;
	const char *text;
	const char *expected;
};

/** page_level_shift() - logarithm of what an entry at @level covers */
static inline uint32_t page_level_shift(const struct luser_page_format *format,
					uint32_t level)
{
	return format->granule_shift + level * format->index_bits;
}

/** page_address_bits() - the bits of an address in a page's entry at @level */
static inline uint64_t page_address_bits(const struct luser_page_format *format,
					 uint32_t level)
{
	return format->address & ~(level ? format->not_address : 0);
}

/** page_table_bytes() - the size of a table */
static inline uint64_t page_table_bytes(const struct luser_page_format *format)
{
	return UINT64_C(8) << format->index_bits;
}

/**
 * page_entry_read() - look at an entry
 * @format:  of the table
 * @level:   of the table
 * @oa_bits: bits of an output address, less than 64
 * @entry:   its value
 * @ret:     receives what it says
 */
void page_entry_read(const struct luser_page_format *format, uint32_t level,
		     uint32_t oa_bits, uint64_t entry, struct page_entry *ret);

/** page_entry_for_table() - the entry at @level that leads to a table */
uint64_t page_entry_for_table(const struct luser_page_format *format,
			      uint32_t level, uint64_t phys, uint64_t bits);

/** page_entry_for_page() - the entry at @level of a page of 2^@shift bytes */
uint64_t page_entry_for_page(const struct luser_page_format *format,
			     uint32_t level, uint32_t shift, uint64_t phys,
			     uint64_t bits);

#endif /* LUSER_PAGE_ENTRY_H */
