// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Page tables: what their record says of them, and whether that fits them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "walk_tables.h"

static uint64_t value_of(const struct luser_field *field, const uint8_t *at)
{
	return field ? luser_field_get(field, at, 0) : 0;
}

/* A tag that no arm has is the enum's to report. */
static const struct luser_page_arm *arm_of(const struct luser_page_table *table,
					   const uint8_t *at)
{
	uint64_t tag = luser_field_get(table->tag, at, 0);

	for (uint16_t i = 0; i < table->nr_arms; i++)
		if (table->arms[i].tag == tag)
			return &table->arms[i];
	return NULL;
}

const struct luser_page_format *
luser_page_table_format(const struct luser_page_table *table, const uint8_t *at)
{
	const struct luser_page_arm *arm = arm_of(table, at);

	return arm ? arm->format : NULL;
}

static void explain_format(struct tables *t, const struct luser_node *parent,
			   const struct luser_page_arm *arm)
{
	walk_finding(t->w, &(struct luser_finding){
				   .severity = LUSER_NOTE,
				   .rule = "not-followed",
				   .text = "no schema describes page tables of this format",
				   .node = parent,
				   .field = t->table->tag,
				   .phys = walk_field_phys(parent,
							   t->table->tag),
				   .found = arm->name,
				   .expected = "a format that is described",
			   });
}

static bool is_within(struct tables *t, const struct luser_node *parent,
		      const struct luser_field *field, uint64_t value,
		      uint64_t least, uint64_t most)
{
	char found[24], expected[48];

	if (value >= least && value <= most)
		return true;
	snprintf(found, sizeof(found), "%" PRIu64, value);
	snprintf(expected, sizeof(expected), "%" PRIu64 " to %" PRIu64, least,
		 most);
	walk_error(t->w, parent, field, "table-geometry",
		   "tables of this format cannot be like this", found, expected);
	return false;
}

/* True if tables of the format can be as the record says. */
static bool read_geometry(struct tables *t, const struct luser_node *parent,
			  const uint8_t *at)
{
	const struct luser_page_table *table = t->table;
	const struct luser_page_format *format = t->format;
	uint64_t granule = value_of(table->granule_shift, at);
	uint64_t top = value_of(table->top_level, at);
	uint64_t va = value_of(table->va_bits, at);
	uint64_t oa = value_of(table->oa_bits, at);
	uint32_t covers;

	if (!is_within(t, parent, table->top_level, top, format->min_top,
		       format->max_top))
		return false;
	covers = page_level_shift(format, (uint32_t)top + 1);
	if (covers > format->va_bits)
		covers = format->va_bits;
	if (!is_within(t, parent, table->granule_shift, granule,
		       format->granule_shift, format->granule_shift) ||
	    !is_within(t, parent, table->va_bits, va, format->granule_shift,
		       covers) ||
	    !is_within(t, parent, table->oa_bits, oa, format->granule_shift,
		       format->oa_bits))
		return false;
	t->mapped.top_level = (uint32_t)top;
	t->va_bits = (uint32_t)va;
	t->oa_bits = (uint32_t)oa;
	t->limit = value_of(table->count, at);
	t->sign_extend = value_of(table->sign_extend, at) &
			 table->sign_extend_mask;
	return true;
}

static bool is_table_address(struct tables *t, const struct luser_node *parent,
			     const struct luser_field *field)
{
	uint64_t phys = t->node.phys;
	char found[24];

	if (!(phys & (page_table_bytes(t->format) - 1)) &&
	    !(phys >> t->oa_bits))
		return true;
	snprintf(found, sizeof(found), "0x%" PRIx64, phys);
	walk_error(t->w, parent, field, "table-address",
		   "this is no table that the domain can have", found,
		   "an aligned address of as many bits as the domain has");
	return false;
}

static void check_count(struct tables *t, const struct luser_node *parent)
{
	char found[24], expected[24];

	if (!t->whole || walk_over(t->w) || t->mapped.tables == t->limit)
		return;
	snprintf(found, sizeof(found), "%" PRIu64, t->limit);
	snprintf(expected, sizeof(expected), "%" PRIu64, t->mapped.tables);
	walk_error(t->w, parent, t->table->count, "table-count",
		   "there are fewer tables than the record counts", found,
		   expected);
}

static void read_stale(struct tables *t)
{
	t->node.kind = LUSER_NODE_STALE;
	t->node.why = t->table->freed;
	if (walk_enter(t->w, &t->node))
		walk_leave(t->w, &t->node);
}

static void read_all(struct tables *t, const struct luser_node *parent)
{
	if (!walk_enter(t->w, &t->node))
		return;
	tables_read(t);
	check_count(t, parent);
	walk_leave(t->w, &t->node);
}

/* False if the tables are not looked at. */
bool walk_page_table(struct walk *w, const struct luser_node *parent,
		     const struct luser_field *field, const uint8_t *at,
		     uint64_t phys)
{
	const struct luser_page_table *table = field->link->page_table;
	const struct luser_page_arm *arm;
	struct tables t = {
		.w = w,
		.table = table,
		.whole = true,
		.node = {
			.parent = parent,
			.kind = LUSER_NODE_PAGE_TABLES,
			.name = field->name,
			.index = LUSER_NO_INDEX,
			.phys = phys,
			.abi = parent->abi,
			.field = field,
			.env = parent->env,
		},
	};

	arm = arm_of(table, at);
	if (arm && !arm->format)
		explain_format(&t, parent, arm);
	if (!arm || !arm->format || walk_no_memory(w, parent, field))
		return false;
	t.format = t.mapped.format = arm->format;
	t.node.mapped = &t.mapped;
	if (walk_is_stale(w, table->freed)) {
		read_stale(&t);
		return false;
	}
	if (!read_geometry(&t, parent, at) ||
	    !is_table_address(&t, parent, field))
		return false;
	walk_preserved(w, parent, field, phys, page_table_bytes(t.format));
	read_all(&t, parent);
	return true;
}
