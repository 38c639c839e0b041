/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Page tables while they are walked.
 */
#ifndef LUSER_WALK_TABLES_H
#define LUSER_WALK_TABLES_H

#include "page_entry.h"
#include "walk_internal.h"

/**
 * struct tables - page tables that are being walked
 * @node:   they, for the visitor
 * @table:  how the record says what they are
 * @format: what they are made of
 * @mapped: what was found
 * @pages:  a buffer for a table of each level
 * @va_bits, @oa_bits: as the record says
 * @sign_extend: input addresses are extended from the top table's highest bit
 * @limit:  tables that there are, as the record says
 * @is_full: there are more tables than that, which was said
 * @run:    pages that were found last, and have not been told; none if its
 *          length is 0
 * @run_at: address of the entry of its first page
 * @odd:    by level: a bad entry of the table was told
 * @whole:  nothing was unreadable or wrong
 */
struct tables {
	struct walk *w;
	struct luser_node node;
	const struct luser_page_table *table;
	const struct luser_page_format *format;
	struct luser_mapped mapped;
	uint8_t *pages[PAGE_LEVELS];
	uint32_t va_bits;
	uint32_t oa_bits;
	bool sign_extend;
	uint64_t limit;
	bool is_full;
	struct luser_table_part run;
	uint64_t run_at;
	bool odd[PAGE_LEVELS];
	bool whole;
};

/* walk_tables.c: the tables, level by level */
void tables_read(struct tables *t);

#endif /* LUSER_WALK_TABLES_H */
