// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Fetching the pages of an array: one of a chain, or a table as a whole.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array_internal.h"
#include "field_value.h"
#include "mem_internal.h"

/* A table larger than this is not one: 1 GiB, far above what KHO allocates. */
#define MAX_SPAN (UINT64_C(1) << 30)

static bool is_allowed(struct luser_array_reader *r, uint64_t phys,
		       uint64_t len)
{
	return !r->ops || !r->ops->claim || r->ops->claim(r->ctx, phys, len);
}

bool array_claim(struct luser_array_reader *r)
{
	if (r->phys & (r->env.page_size - 1)) {
		char found[32];

		snprintf(found, sizeof(found), "0x%" PRIx64, r->phys);
		array_report_page(r, "page-alignment",
				  "the address of a page is not aligned", found,
				  "a multiple of the page size");
		return false;
	}
	if (r->nr_pages >= r->array->max_pages) {
		char expected[48];

		snprintf(expected, sizeof(expected),
			 "at most %" PRIu32 " pages", r->array->max_pages);
		array_report_page(r, "chain-length", "the chain is too long",
				  "one page more", expected);
		return false;
	}
	return is_allowed(r, r->phys, r->env.page_size);
}

/* Fetch @len bytes at @offset of the current page, in place if that is safe. */
static bool fetch(struct luser_array_reader *r, uint64_t offset, size_t len)
{
	const uint8_t *view = NULL;
	struct luser_error err;

	if (!offset)
		view = luser_mem_view(r->mem, r->phys, len);
	if (view) {
		r->page = view;
		return true;
	}
	r->page = r->buffer;
	if (luser_mem_read(r->mem, r->phys + offset, r->buffer + offset, len,
			   &err) == LUSER_OK)
		return true;
	array_report(r, &(struct luser_problem){
				.rule = "unreadable",
				.text = "the page cannot be read",
				.phys = r->phys + offset,
				.found = err.message,
				.expected = "a page in memory",
			});
	return false;
}

/* Room for @span bytes, of which the first page was fetched. */
static bool make_room(struct luser_array_reader *r, uint64_t span)
{
	bool in_place = r->page != r->buffer;
	const uint8_t *first = r->page;
	uint8_t *buffer = realloc(r->buffer, span);

	if (!buffer) {
		r->code = LUSER_NOMEM;
		return false;
	}
	if (in_place)
		memcpy(buffer, first, r->env.page_size);
	r->buffer = buffer;
	r->page = buffer;
	return true;
}

/* Pages of a table: its header says how many, or there are always so many. */
static uint64_t table_pages(struct luser_array_reader *r)
{
	const struct luser_field *pages = r->array->pages;
	uint64_t n = pages ? field_value(pages, r->page, 0)
			   : r->array->table_pages;

	if (n <= r->array->max_pages && n <= MAX_SPAN / r->env.page_size)
		return n;
	array_report_number(r, "table-size", NULL, "the table is larger than any",
			    pages, "<= ", r->array->max_pages);
	return 1;
}

bool array_fetch(struct luser_array_reader *r)
{
	uint64_t page_size = r->env.page_size;
	uint64_t span;

	r->span = page_size;
	if (!fetch(r, 0, page_size))
		return false;
	if (!r->array->pages && !r->array->table_pages)
		return true;
	span = table_pages(r) * page_size;
	if (span <= page_size)
		return true;
	if (!is_allowed(r, r->phys + page_size, span - page_size) ||
	    !make_room(r, span) || !fetch(r, page_size, span - page_size))
		return false;
	r->span = span;
	return true;
}
