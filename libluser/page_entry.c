// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What one entry of a page table says.
 */
#include "page_entry.h"

static void bad(struct page_entry *ret, const char *rule, const char *text,
		const char *expected)
{
	ret->kind = PAGE_ENTRY_BAD;
	ret->rule = rule;
	ret->text = text;
	ret->expected = expected;
}

/* True if the entry leads to a table. */
static bool is_table(const struct luser_page_format *format, uint32_t level,
		     uint64_t entry)
{
	uint64_t next = (entry & format->next_mask) >> format->next_shift;

	if (format->next_mask)
		return next != format->next_page && next != format->next_sized;
	return level && !(entry & format->page);
}

/**
 * struct words - what is said of an entry that cannot be
 */
struct words {
	const char *reserved;
	const char *aligned;
	const char *misaligned;
	const char *address;
	const char *beyond;
};

static const struct words of_table = {
	.reserved = "an entry that leads to a table has a reserved bit",
	.aligned = "table-aligned",
	.misaligned = "a table is not aligned",
	.address = "table-address",
	.beyond = "a table is beyond the domain's output addresses",
};

static const struct words of_page = {
	.reserved = "an entry that maps a page has a reserved bit",
	.aligned = "page-aligned",
	.misaligned = "a page is not aligned",
	.address = "page-address",
	.beyond = "a page is beyond the domain's output addresses",
};

/* @address and @other: bits that say where it leads, and how. */
static void split(const struct luser_page_format *format, uint64_t entry,
		  uint64_t address, uint64_t other, struct page_entry *ret)
{
	ret->phys = entry & address;
	ret->bits = entry &
		    ~(address | other | format->next_mask | format->updated);
}

/* Whether something of the size may be where the entry leads. */
static void check(uint32_t oa_bits, uint64_t reserved,
		  const struct words *words, struct page_entry *ret)
{
	uint64_t inside = (UINT64_C(1) << ret->shift) - 1;

	if (reserved)
		bad(ret, "reserved-bits", words->reserved,
		    "reserved bits that are zero");
	else if (ret->phys & inside)
		bad(ret, words->aligned, words->misaligned,
		    "a multiple of its size");
	else if ((ret->phys | inside) >> oa_bits)
		bad(ret, words->address, words->beyond,
		    "an address of as many bits as the domain has");
}

static void read_table(const struct luser_page_format *format, uint32_t level,
		       uint32_t oa_bits, uint64_t entry, struct page_entry *ret)
{
	uint64_t next = (entry & format->next_mask) >> format->next_shift;

	ret->kind = PAGE_ENTRY_TABLE;
	ret->shift = (uint32_t)__builtin_ctzll(page_table_bytes(format));
	split(format, entry, format->address, 0, ret);
	if (format->next_mask && next != level)
		bad(ret, "next-level", "the next table is of another level",
		    "the level below this table's");
	else
		check(oa_bits, entry & format->reserved_tables, &of_table, ret);
}

/* Ones from the lowest address bit on say the size; @phys loses them. */
static uint32_t sized_shift(const struct luser_page_format *format,
			    uint64_t *phys)
{
	uint64_t zeros = ~*phys & format->address;
	uint32_t shift = zeros ? (uint32_t)__builtin_ctzll(zeros) + 1 : 63;

	*phys &= ~((UINT64_C(1) << shift) - 1);
	return shift;
}

static void read_page(const struct luser_page_format *format, uint32_t level,
		      uint32_t oa_bits, uint64_t entry, struct page_entry *ret)
{
	uint64_t next = (entry & format->next_mask) >> format->next_shift;
	uint32_t least = page_level_shift(format, level);

	ret->kind = PAGE_ENTRY_PAGE;
	ret->shift = least;
	split(format, entry, page_address_bits(format, level),
	      level ? format->page : 0, ret);
	if (format->next_mask && next == format->next_sized)
		ret->shift = sized_shift(format, &ret->phys);
	if (ret->shift < least || ret->shift >= least + format->index_bits ||
	    !(format->sizes >> ret->shift & 1))
		bad(ret, "page-size", "no page of this level has this size",
		    "a size that the format has");
	else
		check(oa_bits, entry & format->reserved_pages, &of_page, ret);
}

void page_entry_read(const struct luser_page_format *format, uint32_t level,
		     uint32_t oa_bits, uint64_t entry, struct page_entry *ret)
{
	if (!(entry & format->present)) {
		ret->kind = PAGE_ENTRY_EMPTY;
		if (entry && format->zero_only)
			bad(ret, "half-present",
			    "the hardware takes the entry for an empty one, and a kernel does not",
			    "zero, or an entry that allows something");
	} else if (is_table(format, level, entry)) {
		read_table(format, level, oa_bits, entry, ret);
	} else {
		read_page(format, level, oa_bits, entry, ret);
	}
}

uint64_t page_entry_for_table(const struct luser_page_format *format,
			      uint32_t level, uint64_t phys, uint64_t bits)
{
	uint64_t next = (uint64_t)level << format->next_shift;

	return phys | bits | (next & format->next_mask);
}

uint64_t page_entry_for_page(const struct luser_page_format *format,
			     uint32_t level, uint32_t shift, uint64_t phys,
			     uint64_t bits)
{
	uint64_t entry = phys | bits | (level ? format->page : 0);
	uint64_t least = UINT64_C(1) << format->granule_shift;

	if (shift == page_level_shift(format, level))
		return entry | (uint64_t)format->next_page
				       << format->next_shift;
	/* Ones below a zero say the size. */
	return entry | ((UINT64_C(1) << (shift - 1)) - least) |
	       (uint64_t)format->next_sized << format->next_shift;
}
