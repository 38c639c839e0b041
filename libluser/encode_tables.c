// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Writing page tables.
 */
#include <inttypes.h>

#include <luser/encode.h>
#include <luser/le.h>

#include "encode_internal.h"
#include "error_internal.h"
#include "page_entry.h"

void luser_tables_begin(struct luser_tables_writer *writer,
			struct luser_image *image,
			const struct luser_page_format *format,
			uint32_t top_level)
{
	*writer = (struct luser_tables_writer){
		.image = image,
		.format = format,
		.top_level = top_level,
	};
}

static enum luser_code add_table(struct luser_tables_writer *writer,
				 uint64_t *phys, struct luser_error *err)
{
	uint64_t len = page_table_bytes(writer->format);
	uint32_t order = luser_order_of(writer->image, len);
	uint64_t address;
	enum luser_code code =
		luser_image_alloc(writer->image, order, true, &address, err);

	if (code != LUSER_OK)
		return code;
	if (!luser_image_at(writer->image, address, len))
		return luser_fail_place(err, address);
	writer->tables++;
	*phys = address;
	return LUSER_OK;
}

static uint64_t index_of(const struct luser_tables_writer *writer,
			 uint32_t level, uint64_t iova)
{
	uint64_t entries = UINT64_C(1) << writer->format->index_bits;

	return iova >> page_level_shift(writer->format, level) & (entries - 1);
}

static uint8_t *entry_at(const struct luser_tables_writer *writer,
			 uint64_t table, uint64_t index)
{
	return luser_image_at(writer->image, table + index * 8, 8);
}

static enum luser_code fail_taken(struct luser_error *err, uint64_t iova)
{
	return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
			  "something is mapped at 0x%" PRIx64 " already", iova);
}

/* Goes one level down, through a new table where there was none. */
static enum luser_code descend(struct luser_tables_writer *writer,
			       uint32_t level, uint64_t iova, uint64_t bits,
			       uint64_t *phys, struct luser_error *err)
{
	const struct luser_page_format *format = writer->format;
	uint8_t *at = entry_at(writer, *phys, index_of(writer, level, iova));
	enum luser_code code;
	struct page_entry entry;
	uint64_t child = 0;

	if (!luser_le64(at)) {
		code = add_table(writer, &child, err);
		if (code != LUSER_OK)
			return code;
		luser_set_le64(at, page_entry_for_table(format, level, child,
							bits));
	}
	page_entry_read(format, level, format->oa_bits, luser_le64(at), &entry);
	if (entry.kind != PAGE_ENTRY_TABLE ||
	    !luser_image_at(writer->image, entry.phys,
			    page_table_bytes(format)))
		return fail_taken(err, iova);
	*phys = entry.phys;
	return LUSER_OK;
}

/* What is above the addresses that the tables have is all zero, or all one. */
static bool has_iova(const struct luser_tables_writer *writer, uint64_t iova)
{
	uint32_t covers =
		page_level_shift(writer->format, writer->top_level + 1);

	return covers >= 64 || !(iova >> covers) || !(~iova >> covers);
}

enum luser_code luser_tables_add_page(struct luser_tables_writer *writer,
				      uint32_t level, uint64_t iova,
				      uint64_t bits, uint64_t *phys,
				      struct luser_error *err)
{
	const struct luser_page_format *format = writer->format;
	enum luser_code code = LUSER_OK;
	uint64_t at;

	if (level > writer->top_level || writer->top_level > format->max_top ||
	    writer->top_level < format->min_top)
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "%s has no table of level %" PRIu32
				  " below one of level %" PRIu32,
				  format->name, level, writer->top_level);
	if (!has_iova(writer, iova))
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "a top table of level %" PRIu32
				  " has no entry for 0x%" PRIx64,
				  writer->top_level, iova);
	if (!writer->root)
		code = add_table(writer, &writer->root, err);
	at = writer->root;
	for (uint32_t i = writer->top_level; code == LUSER_OK && i > level; i--)
		code = descend(writer, i, iova,
			       i == level + 1 ? bits : format->table, &at, err);
	if (code == LUSER_OK)
		*phys = at;
	return code;
}

static enum luser_code map_page(struct luser_tables_writer *writer,
				uint32_t level, uint64_t iova, uint64_t phys,
				uint32_t shift, uint64_t bits,
				struct luser_error *err)
{
	const struct luser_page_format *format = writer->format;
	uint64_t count = UINT64_C(1)
			 << (shift - page_level_shift(format, level));
	uint64_t first = index_of(writer, level, iova);
	enum luser_code code;
	uint64_t table;

	code = luser_tables_add_page(writer, level, iova, format->table,
				     &table, err);
	for (uint64_t i = 0; code == LUSER_OK && i < count; i++) {
		uint8_t *at = entry_at(writer, table, first + i);

		if (luser_le64(at))
			return fail_taken(err, iova);
		luser_set_le64(at, page_entry_for_page(format, level, shift,
						       phys, bits));
	}
	return code;
}

/* True if all pages start where one of @size bytes can. */
static bool are_pages(const struct luser_page_format *format, uint64_t iova,
		      uint64_t phys, uint64_t len, uint64_t size)
{
	uint64_t last = len ? len - size : 0;

	return !((iova | phys | len) & (size - 1)) &&
	       last <= UINT64_MAX - iova && last <= UINT64_MAX - phys &&
	       !((phys | (phys + last)) & ~format->address);
}

enum luser_code luser_tables_map(struct luser_tables_writer *writer,
				 uint64_t iova, uint64_t phys, uint64_t len,
				 uint32_t shift, uint64_t bits,
				 struct luser_error *err)
{
	const struct luser_page_format *format = writer->format;
	enum luser_code code = LUSER_OK;
	uint64_t size;
	uint32_t level;

	if (shift >= 64 || !(format->sizes >> shift & 1))
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "%s has no pages of this size", format->name);
	size = UINT64_C(1) << shift;
	if (!are_pages(format, iova, phys, len, size))
		return luser_fail(err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "0x%" PRIx64 " bytes at 0x%" PRIx64
				  " are no pages of 0x%" PRIx64 " bytes",
				  len, phys, size);
	level = (shift - format->granule_shift) / format->index_bits;
	for (uint64_t at = 0; code == LUSER_OK && at < len; at += size)
		code = map_page(writer, level, iova + at, phys + at, shift,
				bits, err);
	return code;
}

uint64_t luser_tables_bits(const struct luser_page_format *format, bool read,
			   bool write)
{
	uint64_t bits = format->table &
			~(format->read | format->write | format->updated);

	return bits | (read ? format->read : 0) | (write ? format->write : 0);
}
