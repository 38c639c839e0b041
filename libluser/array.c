// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Reading an array page by page.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/array.h>
#include <luser/format.h>

#include "field_value.h"
#include "mem_internal.h"
#include "rules.h"

/* A table larger than this is not one: 1 GiB, far above what KHO allocates. */
#define MAX_SPAN (UINT64_C(1) << 30)

uint32_t luser_struct_min_size(const struct luser_struct *type)
{
	uint32_t size = 0;

	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];
		uint32_t end = field->offset + field->size * field->count;

		if (field->count == LUSER_REST_OF_PAGE)
			return type->size;
		if (!field->since && end > size)
			size = end;
	}
	return size;
}

static void report(struct luser_array_reader *r,
		   const struct luser_problem *problem)
{
	if (r->ops && r->ops->report)
		r->ops->report(r->ctx, problem);
}

static void report_field(struct luser_array_reader *r, const char *rule,
			 const char *text, const struct luser_field *field,
			 const char *expected)
{
	char found[80];

	luser_format_value(field, r->page, 0, &r->env, found, sizeof(found));
	report(r, &(struct luser_problem){
			  .rule = rule,
			  .text = text,
			  .field = field,
			  .phys = r->phys + field->offset,
			  .found = found,
			  .expected = expected,
		  });
}

static void report_number(struct luser_array_reader *r, const char *rule,
			  const char *text, const struct luser_field *field,
			  const char *relation, uint64_t number)
{
	char expected[80];

	snprintf(expected, sizeof(expected), "%s%" PRIu64, relation, number);
	report_field(r, rule, text, field, expected);
}

static void report_page(struct luser_array_reader *r, const char *rule,
			const char *text, const char *found,
			const char *expected)
{
	report(r, &(struct luser_problem){
			  .rule = rule,
			  .text = text,
			  .phys = r->phys,
			  .found = found,
			  .expected = expected,
		  });
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
	report(r, &(struct luser_problem){
			  .rule = "unreadable",
			  .text = "the page cannot be read",
			  .phys = r->phys + offset,
			  .found = err.message,
			  .expected = "a page in memory",
		  });
	return false;
}

static bool is_allowed(struct luser_array_reader *r, uint64_t phys,
		       uint64_t len)
{
	return !r->ops || !r->ops->claim || r->ops->claim(r->ctx, phys, len);
}

/* A table says in its header how many pages it spans. */
static bool fetch_table(struct luser_array_reader *r)
{
	const struct luser_field *pages = r->array->pages;
	const uint8_t *first = r->page;
	bool in_place = first != r->buffer;
	uint64_t n = field_value(pages, first, 0);
	uint64_t span;
	uint8_t *buffer;

	if (n <= 1)
		return true;
	if (n > r->array->max_pages || n > MAX_SPAN / r->env.page_size) {
		report_number(r, "table-size", "the table is larger than any",
			      pages, "<= ", r->array->max_pages);
		return true;
	}
	span = n * r->env.page_size;
	if (!is_allowed(r, r->phys + r->env.page_size, span - r->env.page_size))
		return false;
	buffer = realloc(r->buffer, span);
	if (!buffer) {
		report_page(r, "no-memory", "the table could not be read",
			    "no memory for it", "room for the whole table");
		return false;
	}
	if (in_place)
		memcpy(buffer, first, r->env.page_size);
	r->buffer = buffer;
	r->page = buffer;
	if (!fetch(r, r->env.page_size, span - r->env.page_size))
		return false;
	r->span = span;
	return true;
}

static bool claim(struct luser_array_reader *r)
{
	if (r->phys & (r->env.page_size - 1)) {
		char found[32];

		snprintf(found, sizeof(found), "0x%" PRIx64, r->phys);
		report_page(r, "page-alignment",
			    "the address of a page is not aligned", found,
			    "a multiple of the page size");
		return false;
	}
	if (r->nr_pages >= r->array->max_pages) {
		char expected[48];

		snprintf(expected, sizeof(expected), "at most %" PRIu32 " pages",
			 r->array->max_pages);
		report_page(r, "chain-length", "the chain is too long",
			    "one page more", expected);
		return false;
	}
	return is_allowed(r, r->phys, r->env.page_size);
}

static bool check_expected(struct luser_array_reader *r)
{
	bool ok = true;

	for (uint16_t i = 0; i < r->array->nr_expect; i++) {
		const struct luser_expect *expect = &r->array->expect[i];

		if (field_value(expect->field, r->page, 0) == expect->value)
			continue;
		report_number(r, expect->field->name,
			      "the page does not belong to this array",
			      expect->field, "", expect->value);
		ok = false;
	}
	return ok;
}

static bool check_same(struct luser_array_reader *r)
{
	bool ok = true;

	for (uint16_t i = 0; i < r->array->nr_same; i++) {
		const struct luser_field *field = r->array->same[i];
		uint64_t value = field_value(field, r->page, 0);

		if (!r->has_same)
			r->same[i] = value;
		if (value == r->same[i])
			continue;
		report_number(r, field->name,
			      "the page is not of the same handover", field, "",
			      r->same[i]);
		ok = false;
	}
	r->has_same = true;
	return ok;
}

static void check_seal(struct luser_array_reader *r)
{
	const struct luser_array *array = r->array;
	char expected[16];
	uint32_t sum;

	if (!array->checksum)
		return;
	if (!(field_value(array->sealed, r->page, 0) &
	      array->sealed_mask)) {
		if (r->frozen)
			report_field(r, "unsealed",
				     "the old kernel did not finish the page",
				     array->sealed, "a sealed page");
		return;
	}
	sum = luser_page_checksum(array, r->page, r->env.page_size);
	if (sum == field_value(array->checksum, r->page, 0))
		return;
	snprintf(expected, sizeof(expected), "0x%" PRIx32, sum);
	report_field(r, "checksum", "the page changed after it was sealed",
		     array->checksum, expected);
}


static void header_rule(void *ctx, const struct luser_rule *rule)
{
	struct luser_array_reader *r = ctx;

	if (rule->field) {
		report_field(r, rule->name, rule->doc, rule->field, rule->that);
		return;
	}
	report_page(r, rule->name, rule->doc, "a broken header", rule->that);
}

/* The record size is the first page's; the others must agree with it. */
static bool take_stride(struct luser_array_reader *r)
{
	const struct luser_field *field = r->array->stride;
	uint32_t room = (uint32_t)(r->span - r->array->header->size);
	uint64_t stride = r->array->record->size;

	if (field)
		stride = field_value(field, r->page, 0);
	if (r->stride && stride == r->stride)
		return true;
	if (stride < r->least || stride > room) {
		report_number(r, "record-size",
			      "records of this size cannot be", field,
			      stride < r->least ? ">= " : "<= ",
			      stride < r->least ? r->least : room);
		return false;
	}
	if (r->stride) {
		report_number(r, "record-size",
			      "the pages of an array differ in record size",
			      field, "", r->stride);
		return false;
	}
	r->stride = (uint32_t)stride;
	r->capacity = room / r->stride;
	r->env.capacity = r->capacity;
	return true;
}

static uint32_t count_until_zero(const struct luser_array_reader *r)
{
	static const uint8_t zero[64];
	uint32_t n = 0;

	while (n < r->capacity && r->stride <= sizeof(zero) &&
	       memcmp(r->records + (size_t)n * r->stride, zero, r->stride))
		n++;
	return n;
}

static void take_count(struct luser_array_reader *r)
{
	const struct luser_field *field = r->array->count;
	uint64_t count;

	if (!field) {
		r->used = count_until_zero(r);
		return;
	}
	count = field_value(field, r->page, 0);
	if (count > r->capacity)
		report_number(r, "count", "more records than fit in the page",
			      field, "<= ", r->capacity);
	else if (count < r->array->min_count)
		report_number(r, "count", "a page without records", field,
			      ">= ", r->array->min_count);
	r->used = count > r->capacity ? 0 : (uint32_t)count;
}

/* Any page but the last must be full, or later indices would lie. */
static void check_full(struct luser_array_reader *r)
{
	if (r->array->full && r->next && r->used != r->capacity &&
	    r->array->count)
		report_number(r, "page-not-full",
			      "a page that is not the last has room left",
			      r->array->count, "", r->capacity);
}

static bool read_page(struct luser_array_reader *r)
{
	r->span = r->env.page_size;
	if (!fetch(r, 0, r->env.page_size))
		return false;
	if (r->array->pages && !fetch_table(r))
		return false;
	if (!check_expected(r) || !take_stride(r) || !check_same(r))
		return false;
	r->records = r->page + r->array->header->size;
	luser_rules_broken(r->array->header, r->page, r->array->header->size,
			   &r->env, header_rule, r);
	check_seal(r);
	take_count(r);
	return true;
}

enum luser_code luser_array_open(struct luser_array_reader *reader,
				 struct luser_mem *mem,
				 const struct luser_array *array, uint64_t phys,
				 const struct luser_env *env, bool frozen,
				 const struct luser_array_ops *ops, void *ctx)
{
	uint8_t *buffer;

	if (env->page_size & (env->page_size - 1) ||
	    env->page_size <= array->header->size)
		return LUSER_ARGUMENT;
	buffer = malloc(env->page_size);
	if (!buffer)
		return LUSER_NOMEM;
	*reader = (struct luser_array_reader){
		.array = array,
		.env = *env,
		.mem = mem,
		.ops = ops,
		.ctx = ctx,
		.buffer = buffer,
		.next = phys,
		.frozen = frozen,
		.least = luser_struct_min_size(array->record),
	};
	reader->env.record_size = array->record->size;
	return LUSER_OK;
}

void luser_array_expect_same(struct luser_array_reader *reader,
			     const uint64_t *same)
{
	memcpy(reader->same, same, sizeof(reader->same));
	reader->has_same = true;
}

/* The records that come next, to be prefetched; nobody looks at them yet. */
static const uint8_t *peek(const struct luser_array_reader *r)
{
	const struct luser_mem_ops *ops = r->mem->ops;
	const uint8_t *page = NULL;

	if (r->next && ops->view && !(r->next & (r->env.page_size - 1)))
		page = ops->view(r->mem, r->next, r->env.page_size);
	return page ? page + r->array->header->size : NULL;
}

bool luser_array_next(struct luser_array_reader *r)
{
	if (!r->next)
		return false;
	r->phys = r->next;
	r->next = 0;
	r->used = 0;
	if (!claim(r) || !read_page(r))
		return false;
	if (r->array->next)
		r->next = field_value(r->array->next, r->page, 0);
	r->ahead = peek(r);
	check_full(r);
	r->slot = r->nr_pages++ * r->capacity;
	r->nr_used += r->used;
	return true;
}

void luser_array_close(struct luser_array_reader *reader)
{
	free(reader->buffer);
	reader->buffer = NULL;
}
