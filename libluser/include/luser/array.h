/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Reading an array page by page: chains of pages and contiguous tables.
 *
 * The reader fetches each page once, checks its header, and hands out the
 * records as bytes; the generated unpack and decode functions turn them into
 * host structs. Nothing is allocated per page or per record.
 */
#ifndef LUSER_ARRAY_H
#define LUSER_ARRAY_H

#include <luser/abi.h>
#include <luser/mem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Header fields that must be equal in all pages: a schema may name no more. */
#define LUSER_MAX_SAME 4

/**
 * struct luser_problem - something that is wrong with a page
 * @rule:     short name
 * @check:    as struct luser_finding has it
 * @text:     what it means, one sentence
 * @field:    the header field, or NULL
 * @phys:     address of the field, or of the page
 * @found:    what is there
 * @expected: what should be
 */
struct luser_problem {
	const char *rule;
	const char *check;
	const char *text;
	const struct luser_field *field;
	uint64_t phys;
	const char *found;
	const char *expected;
};

/**
 * struct luser_array_ops - what the reader asks and tells its user
 * @report: a problem was found; reading goes on where it can. May be NULL.
 * @claim:  may this memory be read for this array: a page, or what follows the
 *          first page of a table? False ends the chain; the user has reported
 *          why. May be NULL: only max_pages ends a loop.
 */
struct luser_array_ops {
	void (*report)(void *ctx, const struct luser_problem *problem);
	bool (*claim)(void *ctx, uint64_t phys, uint64_t len);
};

/**
 * struct luser_array_reader - state of a reader; its fields are read-only
 * @array:    what is read
 * @env:      for rules of headers and records
 * @phys:     address of the current page
 * @records:  its first record
 * @used:     its records, empty ones included
 * @stride:   bytes from one record to the next
 * @capacity: records that fit in one page
 * @slot:     number of the first record, page x capacity
 * @nr_pages: pages read so far
 * @nr_used:  records in them, empty ones included
 * @same:     values of the header fields that all pages share
 * @code:     LUSER_NOMEM where there is no memory for a table, else LUSER_OK
 */
struct luser_array_reader {
	const struct luser_array *array;
	struct luser_env env;
	uint64_t phys;
	const uint8_t *records;
	uint32_t used;
	uint32_t stride;
	uint32_t capacity;
	uint64_t slot;
	uint64_t nr_pages;
	uint64_t nr_used;
	uint64_t same[LUSER_MAX_SAME];
	enum luser_code code;

	/* private */
	struct luser_mem *mem;
	const struct luser_array_ops *ops;
	void *ctx;
	const uint8_t *page;
	const uint8_t *ahead;
	uint8_t *buffer;
	uint64_t span;
	uint64_t next;
	uint64_t total;
	uint32_t least;
	bool frozen;
	bool has_same;
};

/**
 * luser_array_open() - start to read an array
 * @reader: to be closed with luser_array_close() after LUSER_OK
 * @mem:    where the pages are
 * @array:  what they are
 * @phys:   the first page; 0 is an array without pages
 * @env:    page size and root; copied
 * @frozen: the writer has frozen its state, so every page must be sealed
 * @ops:    may be NULL
 * @ctx:    handed to @ops
 *
 * Return: LUSER_OK, LUSER_NOMEM, LUSER_ARGUMENT (the page size).
 */
enum luser_code luser_array_open(struct luser_array_reader *reader,
				 struct luser_mem *mem,
				 const struct luser_array *array, uint64_t phys,
				 const struct luser_env *env, bool frozen,
				 const struct luser_array_ops *ops, void *ctx);

/**
 * luser_array_expect_same() - prescribe what all pages must say
 * @reader: open, nothing read yet
 * @same:   values for array->same, for example those of the root's page
 */
void luser_array_expect_same(struct luser_array_reader *reader,
			     const uint64_t *same);

/**
 * luser_array_expect_total() - say how many records there are
 * @reader: open, nothing read yet
 * @total:  what the owner of an array with by_total says; other arrays know
 *          themselves
 */
void luser_array_expect_total(struct luser_array_reader *reader,
			      uint64_t total);

/**
 * luser_array_next() - fetch and check the next page
 * @reader: an open reader
 *
 * A page whose records cannot be told has @used = 0 and still counts.
 *
 * Return: true if there is a page, false at the end or where the chain breaks
 * (the problem was reported, or is in @reader->code).
 */
bool luser_array_next(struct luser_array_reader *reader);

/**
 * luser_array_close() - release the page buffer
 * @reader: an open reader
 */
void luser_array_close(struct luser_array_reader *reader);

/**
 * luser_page_checksum() - the checksum of a sealed page
 * @array: says where the checksum is
 * @page:  the page
 * @len:   its size
 *
 * Return: CRC32C over the page with the checksum's own bytes as zero.
 */
uint32_t luser_page_checksum(const struct luser_array *array,
			     const uint8_t *page, size_t len);

/**
 * luser_record_empty() - whether a slot holds nothing
 * @type:   the record's struct
 * @at:     the slot
 * @stride: bytes from one record to the next
 */
static inline bool luser_record_empty(const struct luser_struct *type,
				      const uint8_t *at, uint32_t stride)
{
	return type->empty &&
	       type->empty(at, stride < type->size ? stride : type->size);
}

/**
 * luser_struct_min_size() - the smallest size that a struct ever had
 * @type: a struct, perhaps one that grew
 */
uint32_t luser_struct_min_size(const struct luser_struct *type);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ARRAY_H */
