// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <luser/encode.h>

#include "describe_internal.h"
#include "util.h"

static int item_of(struct describer *d, const struct luser_names *names,
		   uint64_t value)
{
	for (uint16_t i = 0; i < names->nr_items; i++)
		if (names->items[i].value == value)
			return yaml_text(&d->doc, names->items[i].name);
	return yaml_hex(&d->doc, value);
}

static int flags_of(struct describer *d, const struct luser_names *names,
		    uint64_t value)
{
	uint64_t known = 0;
	int list;

	for (uint16_t i = 0; i < names->nr_items; i++)
		known |= names->items[i].value;
	if (!value || value & ~known)
		return yaml_hex(&d->doc, value);
	list = yaml_sequence(&d->doc, true);
	for (uint16_t i = 0; i < names->nr_items; i++)
		if (value & names->items[i].value)
			yaml_add(&d->doc, list,
				 yaml_text(&d->doc, names->items[i].name));
	return list;
}

static int integer_of(struct describer *d, const struct luser_field *field,
		      const uint8_t *at, uint32_t i)
{
	uint64_t value = luser_field_get(field, at, i);

	if (field->names && field->names->is_flags)
		return flags_of(d, field->names, value);
	if (field->names)
		return item_of(d, field->names, value);
	if (field->kind == LUSER_UINT && field->format != LUSER_HEX)
		return yaml_dec(&d->doc, value);
	return yaml_hex(&d->doc, value);
}

static int integers_of(struct describer *d, const struct luser_field *field,
		       const uint8_t *at)
{
	int list;

	if (field->count == 1)
		return integer_of(d, field, at, 0);
	list = yaml_sequence(&d->doc, true);
	for (uint32_t i = 0; i < field->count; i++)
		yaml_add(&d->doc, list, integer_of(d, field, at, i));
	return list;
}

/* Printable, and zeros to the end behind it. */
bool is_plain_text(const uint8_t *at, size_t room)
{
	size_t len = strnlen((const char *)at, room);

	for (size_t i = 0; i < room; i++)
		if (i < len ? at[i] < 0x20 || at[i] > 0x7e : at[i])
			return false;
	return true;
}

static int text_of(struct describer *d, const uint8_t *at, size_t room)
{
	char *text;
	int id;

	if (!is_plain_text(at, room)) {
		id = yaml_mapping(&d->doc, true);
		yaml_put(&d->doc, id, "$bytes", yaml_bytes(&d->doc, at, room));
		return id;
	}
	text = xcalloc(room + 1, 1);
	memcpy(text, at, room);
	id = yaml_text(&d->doc, text);
	free(text);
	return id;
}

static int value_of(struct describer *d, const struct luser_field *field,
		    const uint8_t *at)
{
	size_t room = (size_t)field->size * field->count;

	if (field->kind == LUSER_STRING)
		return text_of(d, at + field->offset, room);
	if (field->kind == LUSER_BYTES || field->kind == LUSER_PAD)
		return yaml_bytes(&d->doc, at + field->offset, room);
	return integers_of(d, field, at);
}

static bool is_slot(const struct luser_field *field)
{
	return field->holds || field->choice ||
	       (field->link && field->link->kind != LUSER_TO_INDEX);
}

static const struct luser_field *counter_of(const struct luser_field *field)
{
	const struct luser_field *const *path;

	if (field->holds)
		return field->holds->count;
	if (!field->link)
		return NULL;
	if (field->link->kind == LUSER_TO_DISPATCH)
		return field->link->dispatch->size;
	if (field->link->page_table)
		return field->link->page_table->count;
	path = field->link->kind == LUSER_TO_ARRAY ? field->link->array->total :
						     NULL;
	while (path && path[1])
		path++;
	return path ? *path : NULL;
}

/* What the encoder works out is compared at the end. */
static bool is_counter(const struct luser_struct *type,
		       const struct luser_field *field)
{
	if (type->page_list && type->page_list->pages == field)
		return true;
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (counter_of(&type->fields[i]) == field)
			return true;
	return false;
}

static bool is_of_section(const struct luser_struct *type,
			  const struct luser_field *field)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (type->fields[i].choice &&
		    (type->fields[i].choice->offset == field ||
		     type->fields[i].choice->size == field))
			return true;
	return false;
}

static bool is_default(const struct luser_field *field, const uint8_t *at,
		       const uint8_t *init)
{
	if (field->bits)
		return luser_field_get(field, at, 0) ==
		       luser_field_get(field, init, 0);
	return !memcmp(at + field->offset, init + field->offset,
		       (size_t)field->size * field->count);
}

static void add_slot(struct frame *frame, int map,
		     const struct luser_struct *type,
		     const struct luser_field *field, const uint8_t *at)
{
	frame->slots = grow(frame->slots, frame->nr_slots,
			    sizeof(*frame->slots));
	frame->slots[frame->nr_slots++] = (struct slot){
		.field = field,
		.type = type,
		.at = at,
		.map = map,
	};
}

static void describe_struct(struct describer *d, struct frame *frame, int map,
			    const struct luser_struct *type, const uint8_t *at,
			    size_t size, const uint8_t *init);

static void describe_nested(struct describer *d, struct frame *frame, int map,
			    const struct luser_field *field, const uint8_t *at,
			    const uint8_t *init)
{
	size_t slots = frame->nr_slots;
	bool many = field->count > 1, some = false;
	int list = many ? yaml_sequence(&d->doc, false) : 0;
	int one = 0;

	for (uint32_t i = 0; i < field->count; i++) {
		size_t start = field->offset + (size_t)i * field->size;

		one = yaml_mapping(&d->doc, false);
		describe_struct(d, frame, one, field->type, at + start,
				field->size, init + start);
		some |= yaml_length(&d->doc, one) > 0;
		if (many)
			yaml_add(&d->doc, list, one);
	}
	if (some || frame->nr_slots > slots)
		yaml_put(&d->doc, map, field->name, many ? list : one);
}

static void describe_field(struct describer *d, struct frame *frame, int map,
			   const struct luser_struct *type,
			   const struct luser_field *field, const uint8_t *at,
			   const uint8_t *init)
{
	if (is_slot(field))
		add_slot(frame, map, type, field, at);
	else if (field->kind == LUSER_STRUCT)
		describe_nested(d, frame, map, field, at, init);
	else if (!is_counter(type, field) &&
		 (!is_default(field, at, init) || is_of_section(type, field) ||
		  (frame->exact && !field->fixed)))
		yaml_put(&d->doc, map, field->name, value_of(d, field, at));
}

static bool is_there(const struct frame *frame, const struct luser_struct *type,
		     uint16_t i, size_t size)
{
	if (frame->exact)
		return frame->node->present >> i & 1;
	return type->fields[i].since <= size &&
	       (type->fields[i].count != LUSER_REST_OF_PAGE ||
		type->fields[i].holds);
}

static void describe_struct(struct describer *d, struct frame *frame, int map,
			    const struct luser_struct *type, const uint8_t *at,
			    size_t size, const uint8_t *init)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (is_there(frame, type, i, size))
			describe_field(d, frame, map, type, &type->fields[i],
				       at, init);
}

void describe_fields(struct describer *d, struct frame *frame, int map,
		     const struct luser_struct *type, const uint8_t *at,
		     size_t size)
{
	uint8_t *init = xcalloc(type->size, 1);

	luser_struct_init(type, init);
	describe_struct(d, frame, map, type, at, size, init);
	free(init);
}

static int record_of(struct describer *d, const struct luser_array *array,
		     uint64_t phys)
{
	uint32_t header = array->header->size;
	int id;

	for (size_t i = d->nr_pages; i--;) {
		const struct known_page *page = &d->pages[i];
		uint64_t offset = phys - page->phys - header;

		if (page->array == array && phys >= page->phys + header &&
		    offset < (uint64_t)page->used * page->stride &&
		    offset % page->stride == 0)
			return yaml_dec(&d->doc,
					page->first + offset / page->stride);
	}
	id = yaml_mapping(&d->doc, true);
	yaml_put(&d->doc, id, "$phys", yaml_hex(&d->doc, phys));
	return id;
}

void describe_pages_count(struct describer *d, int map, const struct slot *slot,
			  uint64_t count)
{
	const struct luser_field *pages = slot->field->type->page_list->pages;
	uint64_t value = luser_field_get(pages, slot->at + slot->field->offset,
					 0);

	if (value != count)
		yaml_put(&d->doc, map, pages->name, yaml_dec(&d->doc, value));
}

/* The fields of a page list that leads nowhere, or nowhere that can be read. */
static int list_fields(struct describer *d, const struct slot *slot)
{
	struct frame none = {0};
	int map = yaml_mapping(&d->doc, true);

	describe_fields(d, &none, map, slot->field->type,
			slot->at + slot->field->offset,
			slot->field->type->size);
	free(none.slots);
	describe_pages_count(d, map, slot, 0);
	return map;
}

static void describe_empty(struct describer *d, const struct frame *frame,
			   const struct slot *slot)
{
	const struct luser_field *field = slot->field;
	uint64_t value;
	int id;

	if (field->choice)
		return;
	if (field->holds && !field->type->page_list)
		return;
	if (field->holds) {
		id = list_fields(d, slot);
		if (yaml_length(&d->doc, id))
			yaml_put(&d->doc, slot->map, field->name, id);
		return;
	}
	value = luser_field_get(field, slot->at, 0);
	if (!value && !frame->exact)
		return;
	if (field->link->kind == LUSER_TO_RECORD)
		id = record_of(d, field->link->array, value);
	else
		id = yaml_hex(&d->doc, value);
	yaml_put(&d->doc, slot->map, field->name, id);
}

uint64_t slot_total(const struct slot *slot)
{
	const struct luser_field *counter = counter_of(slot->field);
	const struct luser_field *const *path = NULL;
	const uint8_t *at = slot->at;

	if (slot->field->link && slot->field->link->kind == LUSER_TO_ARRAY)
		path = slot->field->link->array->total;
	for (; path && path[1]; path++)
		at += (*path)->offset;
	return luser_field_get(counter, at, 0);
}

static void describe_counter(struct describer *d, const struct slot *slot)
{
	const struct luser_field *counter = counter_of(slot->field);

	if (counter && slot_total(slot) != slot->count)
		yaml_put(&d->doc, slot->map, counter->name,
			 yaml_dec(&d->doc, slot_total(slot)));
}

void describe_slots(struct describer *d, struct frame *frame)
{
	for (size_t i = 0; i < frame->nr_slots; i++) {
		const struct slot *slot = &frame->slots[i];

		if (!slot->filled)
			describe_empty(d, frame, slot);
		describe_counter(d, slot);
	}
}
