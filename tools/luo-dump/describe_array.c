// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <luser/array.h>
#include <luser/encode.h>

#include "describe_internal.h"
#include "util.h"

static bool is_worked_out(const struct luser_array *array,
			  const struct luser_field *field)
{
	if (field == array->next || field == array->count ||
	    field == array->stride || field == array->checksum)
		return true;
	for (uint16_t i = 0; i < array->nr_expect; i++)
		if (array->expect[i].field == field)
			return true;
	return field->fixed;
}

/* The flag that seals is worked out, others beside it are not. */
static uint64_t header_value(const struct luser_array *array,
			     const struct luser_field *field,
			     const uint8_t *header)
{
	uint64_t value = luser_field_get(field, header, 0);

	return field == array->sealed ? value & ~array->sealed_mask : value;
}

void describe_header(struct describer *d, int map,
		     const struct luser_array *array, const uint8_t *header)
{
	int to = yaml_mapping(&d->doc, true);

	for (uint16_t i = 0; i < array->header->nr_fields; i++) {
		const struct luser_field *field = &array->header->fields[i];
		uint64_t value;

		if (field->size > 8 || field->count != 1 ||
		    is_worked_out(array, field))
			continue;
		value = header_value(array, field, header);
		/* A table of one page is what there is without a word. */
		if (value != (field == array->pages))
			yaml_put(&d->doc, to, field->name,
				 yaml_dec(&d->doc, value));
	}
	if (yaml_length(&d->doc, to))
		yaml_put(&d->doc, map, "$header", to);
}

int add_record(struct describer *d, struct frame *frame, int list)
{
	int map = yaml_mapping(&d->doc, false);

	yaml_add(&d->doc, list, map);
	frame->records = grow(frame->records, frame->nr_records,
			      sizeof(*frame->records));
	frame->records[frame->nr_records++] = map;
	return map;
}

static bool all_zero(const uint8_t *at, size_t len)
{
	while (len--)
		if (*at++)
			return false;
	return true;
}

static void add_empty(struct describer *d, struct frame *frame, int list,
		      const struct luser_array_reader *reader,
		      const uint8_t *at)
{
	const struct luser_struct *type = reader->array->record;
	size_t size = reader->stride < type->size ? reader->stride : type->size;
	struct frame record = {0};

	if (all_zero(at, size)) {
		yaml_add(&d->doc, list, yaml_text(&d->doc, "free"));
		frame->records = grow(frame->records, frame->nr_records,
				      sizeof(*frame->records));
		frame->records[frame->nr_records++] = 0;
		return;
	}
	if (size < type->size)
		return;
	describe_fields(d, &record, add_record(d, frame, list), type, at, size);
	describe_slots(d, &record);
	free(record.slots);
}

static void add_records(struct describer *d, struct frame *frame, int list,
			const struct luser_array_reader *reader)
{
	for (uint32_t i = 0; i < reader->used; i++) {
		const uint8_t *at =
			reader->records + (size_t)i * reader->stride;

		if (luser_record_empty(reader->array->record, at,
				       reader->stride))
			add_empty(d, frame, list, reader, at);
		else
			add_record(d, frame, list);
	}
}

static void remember(struct describer *d,
		     const struct luser_array_reader *reader)
{
	d->pages = grow(d->pages, d->nr_pages, sizeof(*d->pages));
	d->pages[d->nr_pages++] = (struct known_page){
		.array = reader->array,
		.phys = reader->phys,
		.first = reader->slot,
		.used = reader->used,
		.stride = reader->stride,
	};
}

static void add_page(struct describer *d, struct frame *frame, int pages,
		     const struct luser_array_reader *reader)
{
	int page = yaml_mapping(&d->doc, false);
	int records = yaml_sequence(&d->doc, false);

	note_memory(d, reader->phys, reader->env.page_size);
	yaml_add(&d->doc, pages, page);
	yaml_put(&d->doc, page, "$at", yaml_hex(&d->doc, reader->phys));
	describe_header(d, page, reader->array,
			reader->records - reader->array->header->size);
	yaml_put(&d->doc, page, "$records", records);
	add_records(d, frame, records, reader);
	remember(d, reader);
}

static bool open_reader(struct describer *d, const struct luser_node *node,
			const struct luser_array *array,
			struct luser_array_reader *reader)
{
	return d->handover->mem &&
	       luser_array_open(reader, d->handover->mem, array, node->phys,
				node->env, false, NULL, NULL) == LUSER_OK;
}

static void describe_pages(struct describer *d, struct frame *frame,
			   const struct slot *slot)
{
	const struct luser_node *node = frame->node;
	int pages = yaml_sequence(&d->doc, false);
	struct luser_array_reader reader;

	yaml_put(&d->doc, frame->map, "$pages", pages);
	if (!open_reader(d, node, node->array, &reader))
		return;
	if (node->array->by_total)
		luser_array_expect_total(&reader, slot_total(slot));
	while (luser_array_next(&reader))
		add_page(d, frame, pages, &reader);
	luser_array_close(&reader);
}

/**
 * struct blocks - the blocks of a page list being described
 * @left: records to come
 * @fit:  records in one block
 */
struct blocks {
	struct frame *frame;
	uint64_t left;
	uint64_t fit;
	uint64_t size;
};

static void add_block(struct describer *d, struct blocks *blocks, int list,
		      uint64_t phys)
{
	int block = yaml_mapping(&d->doc, false);
	int records = yaml_sequence(&d->doc, false);

	note_memory(d, phys, blocks->size);
	yaml_add(&d->doc, list, block);
	yaml_put(&d->doc, block, "$at", yaml_hex(&d->doc, phys));
	yaml_put(&d->doc, block, "$records", records);
	for (uint64_t i = 0; i < blocks->fit && blocks->left; i++) {
		add_record(d, blocks->frame, records);
		blocks->left--;
	}
}

static void add_chunk(struct describer *d, struct blocks *blocks, int chunks,
		      const struct luser_array_reader *reader)
{
	const struct luser_field *address = &reader->array->record->fields[0];
	int chunk = yaml_mapping(&d->doc, false);
	int list = yaml_sequence(&d->doc, false);

	note_memory(d, reader->phys, reader->env.page_size);
	yaml_add(&d->doc, chunks, chunk);
	yaml_put(&d->doc, chunk, "$at", yaml_hex(&d->doc, reader->phys));
	yaml_put(&d->doc, chunk, "$blocks", list);
	for (uint32_t i = 0; i < reader->used; i++)
		add_block(d, blocks, list,
			  luser_field_get(address,
					  reader->records +
						  (size_t)i * reader->stride,
					  0));
}

static void describe_list(struct describer *d, struct frame *frame,
			  const struct slot *slot)
{
	const struct luser_node *node = frame->node;
	const struct luser_page_list *list = slot->field->type->page_list;
	const uint8_t *at = slot->at + slot->field->offset;
	uint64_t order = luser_field_get(list->order, at, 0);
	struct luser_array_reader reader;
	struct frame own = {0};
	struct blocks blocks = {
		.frame = frame,
		.left = luser_field_get(slot->field->holds->count, slot->at, 0),
	};
	int chunks = yaml_sequence(&d->doc, false);
	uint64_t nr = 0;

	describe_fields(d, &own, frame->map, slot->field->type, at,
			slot->field->type->size);
	free(own.slots);
	yaml_put(&d->doc, frame->map, "$chunks", chunks);
	if (order > LUSER_MAX_ORDER ||
	    !open_reader(d, node, list->chunks, &reader))
		return;
	blocks.fit = node->env->page_size / node->type->size << order;
	blocks.size = node->env->page_size << order;
	while (luser_array_next(&reader)) {
		add_chunk(d, &blocks, chunks, &reader);
		nr += reader.used;
	}
	luser_array_close(&reader);
	describe_pages_count(d, frame->map, slot, nr << order);
}

void describe_array(struct describer *d, struct frame *frame,
		    const struct slot *slot)
{
	if (frame->node->array)
		describe_pages(d, frame, slot);
	else if (slot->field->type->page_list)
		describe_list(d, frame, slot);
	else
		frame->list = frame->map;
}
