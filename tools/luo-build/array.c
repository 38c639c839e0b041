// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "util.h"

/* Records that one entry of a description can make. */
#define MAX_REPEAT (UINT64_C(1) << 24)

static void add_records(struct build *b, const struct luser_array *array)
{
	struct scope *scope = b->scope;

	scope->records = grow(scope->records, scope->nr_records,
			      sizeof(*scope->records));
	scope->records[scope->nr_records++] = (struct records){.array = array};
}

static void note_record(struct build *b, size_t which, uint64_t phys)
{
	struct records *records = &b->scope->records[which];

	records->phys = grow(records->phys, records->nr,
			     sizeof(*records->phys));
	records->phys[records->nr++] = phys;
}

uint64_t repeat_of(struct build *b, const yaml_node_t *record)
{
	uint64_t repeat = number_or(b->doc, record, "$repeat", 1);

	if (repeat > MAX_REPEAT)
		fail_at(b->doc, record, "repeated too often");
	return repeat;
}

static void put_slot(struct build *b, struct luser_array_writer *writer,
		     size_t which, const yaml_node_t *record)
{
	const struct luser_struct *type = writer->array->record;
	struct luser_error err;
	struct luser_slot slot;

	if (is_scalar(record, "free")) {
		check_at(b->doc, record, luser_array_add_free(writer, &err),
			 &err);
		note_record(b, which, 0);
		return;
	}
	check_at(b->doc, record, luser_array_add(writer, &slot, &err), &err);
	note_record(b, which, slot.phys);
	put_struct(b, type, slot.at, type->size, record);
}

static void put_slots(struct build *b, struct luser_array_writer *writer,
		      size_t which, const yaml_node_t *list)
{
	uint64_t turn = b->turn;

	for (size_t i = 0; i < sequence_length(b->doc, list); i++) {
		const yaml_node_t *record = sequence_at(b->doc, list, i);
		uint64_t repeat = repeat_of(b, record);

		for (b->turn = 0; b->turn < repeat; b->turn++)
			put_slot(b, writer, which, record);
		b->turn = turn;
	}
}

static uint64_t room_of(struct build *b, const struct luser_array *array,
			const yaml_node_t *page)
{
	const yaml_node_t *header = lookup(b->doc, page, "$header");
	uint64_t pages;

	if (!array->pages)
		return 0;
	pages = number_or(b->doc, header, array->pages->name, 1);
	if (!pages || pages > array->max_pages)
		fail_at(b->doc, header, "a table has 1 to %u pages",
			array->max_pages);
	return (pages * b->page_size - array->header->size) /
	       array->record->size;
}

static void put_pages(struct build *b, struct luser_array_writer *writer,
		      size_t which, const yaml_node_t *pages)
{
	static const char *const keys[] = {"$at", "$header", "$records", NULL};
	size_t n = sequence_length(b->doc, pages);
	uint8_t **headers = xcalloc(n, sizeof(*headers));
	const yaml_node_t *page, *header;
	struct luser_error err;

	for (size_t i = 0; i < n; i++) {
		page = sequence_at(b->doc, pages, i);
		only_keys(b->doc, page, keys);
		place(b, page);
		check_at(b->doc, page, luser_array_add_page(writer, &err),
			 &err);
		headers[i] = writer->page;
		put_slots(b, writer, which, lookup(b->doc, page, "$records"));
	}
	/* The links between the pages are there now, to be written over. */
	for (size_t i = 0; i < n; i++) {
		page = sequence_at(b->doc, pages, i);
		header = lookup(b->doc, page, "$header");
		if (header)
			put_struct(b, writer->array->header, headers[i],
				   writer->array->header->size, header);
	}
	free(headers);
}

void put_array(struct build *b, const struct luser_struct *type,
	       const struct luser_field *field, uint8_t *at,
	       const yaml_node_t *value)
{
	static const char *const keys[] = {"$pages", NULL};
	const struct luser_array *array = field->link->array;
	const yaml_node_t *pages = lookup(b->doc, value, "$pages");
	size_t which = b->scope->nr_records;
	struct luser_array_writer writer;
	const yaml_node_t *first = NULL;

	add_records(b, array);
	if (sequence_length(b->doc, pages))
		first = sequence_at(b->doc, pages, 0);
	luser_array_begin(&writer, b->image, array, b->scope->header,
			  room_of(b, array, first));
	if (pages) {
		only_keys(b->doc, value, keys);
		put_pages(b, &writer, which, pages);
	} else {
		put_slots(b, &writer, which, value);
	}
	luser_array_link(&writer, type, at);
}

static void put_content(struct build *b, struct luser_list_writer *writer,
			const yaml_node_t *record)
{
	const struct luser_struct *type = writer->field->holds->record;
	struct luser_error err;
	struct luser_slot slot;

	check_at(b->doc, record, luser_list_add(writer, &slot, &err), &err);
	put_struct(b, type, slot.at, type->size, record);
}

static void put_contents(struct build *b, struct luser_list_writer *writer,
			 const yaml_node_t *list)
{
	uint64_t turn = b->turn;

	for (size_t i = 0; i < sequence_length(b->doc, list); i++) {
		const yaml_node_t *record = sequence_at(b->doc, list, i);
		uint64_t repeat = repeat_of(b, record);

		for (b->turn = 0; b->turn < repeat; b->turn++)
			put_content(b, writer, record);
		b->turn = turn;
	}
}

static enum luser_code put_block(struct build *b, void *writer,
				 const yaml_node_t *block,
				 struct luser_error *err)
{
	enum luser_code code = luser_list_add_block(writer, err);

	if (code == LUSER_OK)
		put_contents(b, writer, lookup(b->doc, block, "$records"));
	return code;
}

static enum luser_code put_chunk(struct build *b, void *writer,
				 const yaml_node_t *chunk,
				 struct luser_error *err)
{
	static const char *const keys[] = {"$at", "$records", NULL};
	enum luser_code code = luser_list_add_chunk(writer, err);

	if (code == LUSER_OK)
		put_each(b, lookup(b->doc, chunk, "$blocks"), keys, put_block,
			 writer);
	return code;
}

void put_page_list(struct build *b, const struct luser_field *field,
		   uint8_t *at, const yaml_node_t *value)
{
	static const char *const keys[] = {"$at", "$blocks", NULL};
	const struct luser_page_list *list = field->type->page_list;
	bool simple = value->type == YAML_SEQUENCE_NODE;
	struct luser_list_writer writer;
	uint64_t order = number_or(b->doc, value, list->order->name, 0);

	if (order > LUSER_IMAGE_MAX_ORDER)
		fail_at(b->doc, value, "no block has this order");
	luser_list_begin(&writer, b->image, field, at, (uint32_t)order);
	put_each(b, lookup(b->doc, value, "$chunks"), keys, put_chunk, &writer);
	put_contents(b, &writer,
		     simple ? value : lookup(b->doc, value, "$records"));
	luser_list_end(&writer);
	if (!simple)
		put_struct(b, field->type, at + field->offset,
			   field->type->size, value);
}
