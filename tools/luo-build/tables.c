// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include "build.h"

/* Whether a value says what page tables map, and is not just their address. */
bool is_tables(struct build *b, const struct luser_field *field,
	       const yaml_node_t *value)
{
	return field->link->page_table && (lookup(b->doc, value, "$maps") ||
					   lookup(b->doc, value, "$tables"));
}

static enum luser_code add_table(struct build *b, void *ctx,
				 const yaml_node_t *table,
				 struct luser_error *err)
{
	struct luser_tables_writer *writer = ctx;
	uint64_t phys;

	return luser_tables_add_page(
		writer, small_number_or(b->doc, table, "level", 0),
		number_or(b->doc, table, "iova", 0),
		number_or(b->doc, table, "bits", writer->format->table), &phys,
		err);
}

static uint64_t bits_of(struct build *b, const struct luser_page_format *format,
			const yaml_node_t *map)
{
	const yaml_node_t *allow = lookup(b->doc, map, "allow");
	bool read = !allow, write = !allow;

	for (size_t i = 0; i < sequence_length(b->doc, allow); i++) {
		const yaml_node_t *word = sequence_at(b->doc, allow, i);

		if (is_scalar(word, "read"))
			read = true;
		else if (is_scalar(word, "write"))
			write = true;
		else
			fail_at(b->doc, word, "'read' and 'write' are allowed");
	}
	return number_or(b->doc, map, "bits",
			 luser_tables_bits(format, read, write));
}

static uint64_t phys_of(struct build *b, const yaml_node_t *value)
{
	uint64_t n;

	if (parse_number(b->doc, scalar_text(b->doc, value), &n))
		return n;
	return memory_address(b, value);
}

static void add_run(struct build *b, struct luser_tables_writer *writer,
		    const yaml_node_t *map)
{
	static const char *const keys[] = {"iova",  "phys", "size", "page",
					   "allow", "bits", NULL};
	const struct luser_page_format *format = writer->format;
	uint64_t page = number_or(b->doc, map, "page",
				  UINT64_C(1) << format->granule_shift);
	struct luser_error err;

	only_keys(b->doc, map, keys);
	if (!page || page & (page - 1))
		fail_at(b->doc, map, "no page has this size");
	check_at(b->doc, map,
		 luser_tables_map(writer,
				  number_at(b->doc,
					    required(b->doc, map, "iova")),
				  phys_of(b, required(b->doc, map, "phys")),
				  number_or(b->doc, map, "size", page),
				  (uint32_t)__builtin_ctzll(page),
				  bits_of(b, format, map), &err),
		 &err);
}

void put_tables(struct build *b, const struct luser_field *field, uint8_t *at,
		const yaml_node_t *value)
{
	static const char *const keys[] = { "$at", "$tables", "$maps", NULL };
	static const char *const table_keys[] = { "$at", "level", "iova",
						  "bits", NULL };
	const struct luser_page_table *table = field->link->page_table;
	const struct luser_page_format *format =
		luser_page_table_format(table, at);
	const yaml_node_t *maps = lookup(b->doc, value, "$maps");
	struct luser_tables_writer writer;
	struct luser_error err;
	uint64_t top;

	only_keys(b->doc, value, keys);
	if (!format)
		fail_at(b->doc, value, "no schema describes tables of this %s",
			table->tag->name);
	luser_tables_begin(&writer, b->image, format,
			   (uint32_t)luser_field_get(table->top_level, at, 0));
	place(b, value);
	check_at(b->doc, value,
		 luser_tables_add_page(&writer, writer.top_level, 0, 0, &top,
				       &err),
		 &err);
	put_each(b, lookup(b->doc, value, "$tables"), table_keys, add_table,
		 &writer);
	for (size_t i = 0; i < sequence_length(b->doc, maps); i++)
		add_run(b, &writer, sequence_at(b->doc, maps, i));
	luser_field_set(field, at, 0, top);
	luser_field_set(table->count, at, 0, writer.tables);
}
