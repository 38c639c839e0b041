// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * What the header of an array's page says, held to what it should.
 */
#include <inttypes.h>
#include <stdio.h>

#include <luser/rule_ops.h>

#include "array_internal.h"
#include "field_value.h"
#include "rules.h"

static bool check_expected(struct luser_array_reader *r)
{
	bool ok = true;

	for (uint16_t i = 0; i < r->array->nr_expect; i++) {
		const struct luser_expect *expect = &r->array->expect[i];

		if (field_value(expect->field, r->page, 0) == expect->value)
			continue;
		array_report_number(r, expect->field->name, "chain",
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
		array_report_number(r, field->name, "chain",
				    "the page is not of the same handover",
				    field, "", r->same[i]);
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
	if (!(field_value(array->sealed, r->page, 0) & array->sealed_mask)) {
		if (r->frozen)
			array_report_field(
				r, "unsealed", NULL,
				"the old kernel did not finish the page",
				array->sealed, "a sealed page");
		return;
	}
	sum = luser_page_checksum(array, r->page, r->env.page_size);
	if (sum == field_value(array->checksum, r->page, 0))
		return;
	snprintf(expected, sizeof(expected), "0x%" PRIx32, sum);
	array_report_field(r, "checksum", NULL,
			   "the page changed after it was sealed",
			   array->checksum, expected);
}

static void header_rule(void *ctx, const struct luser_rule *rule)
{
	struct luser_array_reader *r = ctx;

	if (rule->field) {
		array_report_field(r, rule->name, rule->check, rule->doc,
				   rule->field, rule->that);
		return;
	}
	array_report(r, &(struct luser_problem){
				.rule = rule->name,
				.check = rule->check,
				.text = rule->doc,
				.phys = r->phys,
				.found = "a broken header",
				.expected = rule->that,
			});
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
		array_report_number(r, "record-size", NULL,
				    "records of this size cannot be", field,
				    stride < r->least ? ">= " : "<= ",
				    stride < r->least ? r->least : room);
		return false;
	}
	if (r->stride) {
		array_report_number(
			r, "record-size", NULL,
			"the pages of an array differ in record size", field,
			"", r->stride);
		return false;
	}
	r->stride = (uint32_t)stride;
	r->capacity = room / r->stride;
	r->env.capacity = r->capacity;
	return true;
}

static uint32_t count_until_zero(const struct luser_array_reader *r)
{
	uint32_t n = 0;

	while (n < r->capacity &&
	       !luser_zero(r->records + (size_t)n * r->stride, r->stride))
		n++;
	return n;
}

/* What the owner says, who is not here to be told about. */
static void take_total(struct luser_array_reader *r)
{
	char found[48], expected[48];

	r->used = r->total <= r->capacity ? (uint32_t)r->total : 0;
	if (r->total <= r->capacity)
		return;
	snprintf(found, sizeof(found), "%" PRIu64 " records", r->total);
	snprintf(expected, sizeof(expected), "<= %" PRIu32, r->capacity);
	array_report_page(r, "count", "more records than fit in the table",
			  found, expected);
}

static void take_count(struct luser_array_reader *r)
{
	const struct luser_field *field = r->array->count;
	uint64_t count;

	if (r->array->by_total) {
		take_total(r);
		return;
	}
	if (!field) {
		r->used = count_until_zero(r);
		return;
	}
	count = field_value(field, r->page, 0);
	if (count > r->capacity)
		array_report_number(r, "count", NULL,
				    "more records than fit in the page", field,
				    "<= ", r->capacity);
	else if (count < r->array->min_count)
		array_report_number(r, "count", NULL, "a page without records",
				    field, ">= ", r->array->min_count);
	r->used = count > r->capacity ? 0 : (uint32_t)count;
}

bool array_check(struct luser_array_reader *r)
{
	const struct luser_struct *header = r->array->header;

	if (!check_expected(r) || !take_stride(r) || !check_same(r))
		return false;
	r->records = r->page + header->size;
	luser_rules_broken(header, r->page, header->size, &r->env, header_rule,
			   r);
	check_seal(r);
	take_count(r);
	return true;
}
