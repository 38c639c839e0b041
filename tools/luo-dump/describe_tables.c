// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <luser/encode.h>

#include "describe_internal.h"

/* Which of them an entry of a page allows, and what else it says. */
static void describe_bits(struct describer *d, int one,
			  const struct luser_page_format *format, uint64_t bits)
{
	bool read = bits & format->read, write = bits & format->write;
	int list;

	if (bits != luser_tables_bits(format, read, write)) {
		yaml_put(&d->doc, one, "bits", yaml_hex(&d->doc, bits));
		return;
	}
	if ((read || !format->read) && write)
		return;
	list = yaml_sequence(&d->doc, true);
	if (read || !format->read)
		yaml_add(&d->doc, list, yaml_text(&d->doc, "read"));
	if (write)
		yaml_add(&d->doc, list, yaml_text(&d->doc, "write"));
	yaml_put(&d->doc, one, "allow", list);
}

static void describe_run(struct describer *d,
			 const struct luser_page_format *format,
			 const struct luser_table_part *part)
{
	int one = yaml_mapping(&d->doc, true);

	yaml_put(&d->doc, one, "iova", yaml_hex(&d->doc, part->iova));
	yaml_put(&d->doc, one, "phys", yaml_hex(&d->doc, part->phys));
	yaml_put(&d->doc, one, "size", yaml_hex(&d->doc, part->len));
	if (part->shift != format->granule_shift)
		yaml_put(&d->doc, one, "page",
			 yaml_hex(&d->doc, UINT64_C(1) << part->shift));
	describe_bits(d, one, format, part->bits);
	yaml_add(&d->doc, d->page_runs, one);
}

static void describe_table(struct describer *d,
			   const struct luser_page_format *format,
			   const struct luser_table_part *part)
{
	int one = yaml_mapping(&d->doc, true);

	yaml_put(&d->doc, one, "$at", address_of(d, part->phys));
	yaml_put(&d->doc, one, "level", yaml_dec(&d->doc, part->level));
	yaml_put(&d->doc, one, "iova", yaml_hex(&d->doc, part->iova));
	if (part->bits != (format->table & ~format->updated))
		yaml_put(&d->doc, one, "bits", yaml_hex(&d->doc, part->bits));
	yaml_add(&d->doc, d->page_tables, one);
}

void describe_table_part(struct view *view, const struct luser_node *node,
			 const struct luser_table_part *part)
{
	struct describer *d = (struct describer *)view;
	const struct luser_mapped *mapped = node->mapped;

	if (!d->frames[d->depth - 1].map)
		return;
	if (!part->is_table)
		describe_run(d, mapped->format, part);
	else if (part->level != mapped->top_level)
		describe_table(d, mapped->format, part);
}

void describe_page_tables(struct describer *d, const struct frame *frame)
{
	d->page_tables = yaml_sequence(&d->doc, false);
	d->page_runs = yaml_sequence(&d->doc, false);
	yaml_put(&d->doc, frame->map, "$at", address_of(d, frame->node->phys));
	yaml_put(&d->doc, frame->map, "$tables", d->page_tables);
	yaml_put(&d->doc, frame->map, "$maps", d->page_runs);
}
