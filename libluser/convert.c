// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Converting state from one ABI to another, record by record.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <luser/array.h>
#include <luser/convert.h>

#include "convert_path.h"
#include "error_internal.h"
#include "field_value.h"
#include "list.h"

/* Arrays that a mapping has: as many as any ABI has. */
#define MAX_ARRAYS 8

/**
 * struct side - one of the two ABIs of a mapping
 * @at:    its root
 * @array: the array that is being converted
 * @size:  bytes of its records
 * @slots: addresses of the records, for each array
 */
struct side {
	const struct luser_abi *abi;
	uint8_t *at;
	const struct luser_array *array;
	uint64_t size;
	const struct luser_array *arrays[MAX_ARRAYS];
	uint64_t *slots[MAX_ARRAYS];
	uint64_t nr_slots[MAX_ARRAYS];
};

/**
 * struct convert - a conversion being done
 * @back:  from there to here
 * @index: the array, and
 * @slot:  the record that is being converted
 */
struct convert {
	struct luser_image *image;
	const struct luser_conversion *conversion;
	bool back;
	struct side from;
	struct side to;
	uint16_t index;
	uint64_t slot;
	luser_lost *lost;
	void *ctx;
	struct luser_error *err;
};

static const struct luser_array *array_named(const struct luser_abi *abi,
					     const char *name)
{
	for (uint16_t i = 0; i < abi->nr_arrays; i++)
		if (!strcmp(abi->arrays[i]->name, name))
			return abi->arrays[i];
	return NULL;
}

static const struct luser_field *leading_to(const struct luser_struct *type,
					    const struct luser_array *array)
{
	for (uint16_t i = 0; i < type->nr_fields; i++)
		if (type->fields[i].link &&
		    type->fields[i].link->kind == LUSER_TO_ARRAY &&
		    type->fields[i].link->array == array)
			return &type->fields[i];
	return NULL;
}

static bool note_slot(struct side *side, uint16_t index, uint64_t phys)
{
	uint64_t *slots = list_grow(side->slots[index], side->nr_slots[index],
				    sizeof(*slots));

	if (!slots)
		return false;
	side->slots[index] = slots;
	slots[side->nr_slots[index]++] = phys;
	return true;
}

static uint64_t setting_value(const struct convert *c,
			      const struct luser_setting *setting)
{
	switch (setting->kind) {
	case LUSER_SET_INDEX:
		return c->slot;
	case LUSER_SET_PAGE_SIZE:
		return luser_image_page_size(c->image);
	default:
		return setting->value;
	}
}

static void set_all(const struct convert *c, const struct luser_struct *type,
		    uint8_t *at, const struct luser_setting *settings)
{
	struct luser_place place;

	for (; settings && settings->field; settings++)
		if (luser_place_find(NULL, type, at, type->size,
				     settings->field, &place) == LUSER_OK)
			luser_place_set(&place, setting_value(c, settings));
}

static bool find_slot(const struct side *side, const struct luser_array *array,
		      uint64_t phys, uint64_t *slot)
{
	for (uint16_t i = 0; i < MAX_ARRAYS; i++)
		for (uint64_t k = 0;
		     side->arrays[i] == array && k < side->nr_slots[i]; k++)
			if (side->slots[i][k] == phys) {
				*slot = k;
				return true;
			}
	return false;
}

static bool slot_address(const struct side *side,
			 const struct luser_array *array, uint64_t slot,
			 uint64_t *phys)
{
	for (uint16_t i = 0; i < MAX_ARRAYS; i++)
		if (side->arrays[i] == array && slot < side->nr_slots[i]) {
			*phys = side->slots[i][slot];
			return true;
		}
	return false;
}

static bool refers(const struct luser_field *field)
{
	return field->link && (field->link->kind == LUSER_TO_RECORD ||
			       field->link->kind == LUSER_TO_INDEX);
}

/* From what one ABI calls a record to what the other does. */
static bool convert_reference(const struct convert *c,
			      const struct luser_field *from,
			      const struct luser_field *to, uint64_t *value)
{
	uint64_t slot = *value;

	if (!refers(from) || !refers(to))
		return true;
	if (from->link->kind == LUSER_TO_RECORD &&
	    !find_slot(&c->from, from->link->array, *value, &slot))
		return false;
	*value = slot;
	return to->link->kind == LUSER_TO_INDEX ||
	       slot_address(&c->to, to->link->array, slot, value);
}

static enum luser_code fail_at(const struct convert *c, const char *path,
			       const char *text)
{
	return luser_fail(c->err, LUSER_INVALID, LUSER_NO_PHYS,
			  "%s/%s[%" PRIu64 "]: %s %s", c->from.abi->id,
			  c->from.array->name, c->slot, path, text);
}

/* False if the record has nothing there: @ret says if it should have. */
static bool find_source(const struct convert *c, uint8_t *from,
			const char *path, struct luser_place *place,
			enum luser_code *ret)
{
	enum luser_code code = luser_place_find(c->image, c->from.array->record,
						from, c->from.size, path,
						place);

	*ret = LUSER_OK;
	if (code == LUSER_INVALID)
		*ret = fail_at(c, path, "is in a section that does not lie in "
					"its record");
	return code == LUSER_OK;
}

static bool find_target(const struct convert *c, uint8_t *to, const char *path,
			struct luser_place *place)
{
	return luser_place_find(c->image, c->to.array->record, to, c->to.size,
				path, place) == LUSER_OK;
}

static enum luser_code convert_pair(const struct convert *c, uint8_t *from,
				    uint8_t *to, const char *source,
				    const char *target)
{
	struct luser_place a, b;
	enum luser_code code;
	uint64_t value;

	if (!find_source(c, from, source, &a, &code))
		return code;
	if (!find_target(c, to, target, &b))
		return LUSER_OK;
	value = luser_place_get(&a);
	if (!convert_reference(c, a.field, b.field, &value))
		return fail_at(c, source, "leads to no record");
	luser_place_set(&b, value);
	return LUSER_OK;
}

static void init_sections(const struct luser_struct *type, uint8_t *at)
{
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		if (!field->choice || !field->choice->offset)
			continue;
		luser_field_set(field->choice->offset, at, 0, field->offset);
		luser_field_set(field->choice->size, at, 0, field->size);
	}
}

static enum luser_code tell_lost(const struct convert *c, uint8_t *from,
				 const char *path)
{
	struct luser_place place;
	enum luser_code code;

	if (find_source(c, from, path, &place, &code) && c->lost &&
	    luser_place_used(&place))
		c->lost(c->ctx, c->from.abi, c->from.array, path, c->slot);
	return code;
}

static const char *source_of(const struct convert *c,
			     const struct luser_pair *pair)
{
	return c->back ? pair->there : pair->here;
}

static const char *target_of(const struct convert *c,
			     const struct luser_pair *pair)
{
	return c->back ? pair->here : pair->there;
}

/* One of the arms that a value goes to, or the field that it does. */
static bool has_target(const struct convert *c,
		       const struct luser_mapping *mapping, uint8_t *to,
		       const char *source)
{
	struct luser_place place;

	for (uint16_t i = 0; i < mapping->nr_pairs; i++)
		if (!strcmp(source_of(c, &mapping->pairs[i]), source) &&
		    find_target(c, to, target_of(c, &mapping->pairs[i]),
				&place))
			return true;
	return false;
}

static enum luser_code tell_all_lost(const struct convert *c,
				     const struct luser_mapping *mapping,
				     uint8_t *from, uint8_t *to)
{
	const char *const *paths = c->back ? mapping->lost_there :
					     mapping->lost_here;
	enum luser_code code = LUSER_OK;

	for (; code == LUSER_OK && paths && *paths; paths++)
		code = tell_lost(c, from, *paths);
	for (uint16_t i = 0; code == LUSER_OK && i < mapping->nr_pairs; i++) {
		const char *source = source_of(c, &mapping->pairs[i]);

		if (!has_target(c, mapping, to, source))
			code = tell_lost(c, from, source);
	}
	return code;
}

/* Adds one to the count of who refers to the record that @at leads to. */
static void count_user(const struct convert *c, uint8_t *at)
{
	uint32_t offset;
	const struct luser_field *field =
		field_at_path(c->to.array->counted, &offset);
	const struct luser_array *array = field->link->array;

	at = luser_image_at(c->image, luser_field_get(field, at + offset, 0),
			    array->record->size);
	if (!at)
		return;
	field = field_at_path(array->users, &offset);
	luser_field_set(field, at + offset, 0,
			luser_field_get(field, at + offset, 0) + 1);
}

static enum luser_code convert_record(const struct convert *c,
				      const struct luser_mapping *mapping,
				      uint8_t *from, uint8_t *to)
{
	enum luser_code code = LUSER_OK;

	init_sections(c->to.array->record, to);
	set_all(c, c->to.array->record, to,
		c->back ? mapping->set_here : mapping->set_there);
	for (uint16_t i = 0; code == LUSER_OK && i < mapping->nr_pairs; i++) {
		const struct luser_pair *pair = &mapping->pairs[i];

		code = convert_pair(c, from, to, source_of(c, pair),
				    target_of(c, pair));
	}
	if (code == LUSER_OK && c->to.array->counted)
		count_user(c, to);
	return code == LUSER_OK ? tell_all_lost(c, mapping, from, to) : code;
}

static const struct luser_setting *
free_marks(const struct convert *c, const struct luser_mapping *mapping)
{
	return c->back ? mapping->free_here : mapping->free_there;
}

static enum luser_code convert_slot(struct convert *c,
				    const struct luser_mapping *mapping,
				    struct luser_array_writer *writer,
				    uint64_t phys, bool empty)
{
	const struct luser_setting *marks = free_marks(c, mapping);
	uint8_t *from = luser_image_at(c->image, phys, c->from.size);
	struct luser_slot slot = {0};
	enum luser_code code;

	if (!from)
		return luser_fail(c->err, LUSER_NODATA, phys,
				  "a record is not in the image");
	if (empty && !marks)
		code = luser_array_add_free(writer, c->err);
	else
		code = luser_array_add(writer, &slot, c->err);
	if (code == LUSER_OK && !note_slot(&c->to, c->index, slot.phys))
		return luser_fail_nomem(c->err);
	if (code != LUSER_OK || !slot.at)
		return code;
	if (!empty)
		return convert_record(c, mapping, from, slot.at);
	set_all(c, writer->array->record, slot.at, marks);
	return LUSER_OK;
}

static enum luser_code convert_page(struct convert *c,
				    const struct luser_mapping *mapping,
				    struct luser_array_writer *writer,
				    const struct luser_array_reader *page)
{
	enum luser_code code = LUSER_OK;
	uint64_t phys = page->phys + page->array->header->size;

	c->from.size = page->stride;
	for (uint32_t i = 0; code == LUSER_OK && i < page->used; i++) {
		const uint8_t *at = page->records + (size_t)i * page->stride;

		c->slot = page->slot + i;
		if (!note_slot(&c->from, c->index, phys))
			return luser_fail_nomem(c->err);
		code = convert_slot(c, mapping, writer, phys,
				    luser_record_empty(page->array->record, at,
						       page->stride));
		phys += page->stride;
	}
	return code;
}

static enum luser_code convert_pages(struct convert *c,
				     const struct luser_mapping *mapping,
				     struct luser_array_writer *writer,
				     struct luser_array_reader *reader)
{
	enum luser_code code = LUSER_OK;

	while (code == LUSER_OK && luser_array_next(reader))
		code = convert_page(c, mapping, writer, reader);
	return code;
}

/* Where a root cannot lead nowhere, an array without records has a page too. */
static enum luser_code end_array(struct convert *c,
				 struct luser_array_writer *writer)
{
	const struct luser_struct *root = c->to.abi->root;
	enum luser_code code = LUSER_OK;

	if (!writer->nr_pages && !leading_to(root, c->to.array)->link->nullable)
		code = luser_array_add_page(writer, c->err);
	return code == LUSER_OK ? luser_array_link(writer, root, c->to.at) :
				  code;
}

static enum luser_code convert_array(struct convert *c,
				     const struct luser_mapping *mapping,
				     const uint8_t *like)
{
	const struct luser_field *field;
	uint32_t page_size = luser_image_page_size(c->image);
	struct luser_env env = {
		.page_size = page_size,
		.page_shift = (uint32_t)__builtin_ctz(page_size),
	};
	struct luser_array_writer writer;
	struct luser_array_reader reader;
	struct luser_mem *mem;
	enum luser_code code;

	field = leading_to(c->from.abi->root, c->from.array);
	code = luser_image_mem(c->image, &mem, c->err);
	if (code != LUSER_OK)
		return code;
	code = luser_array_open(&reader, mem, c->from.array,
				luser_field_get(field, c->from.at, 0), &env,
				false, NULL, NULL);
	if (code == LUSER_OK) {
		c->to.size = c->to.array->record->size;
		luser_array_begin(&writer, c->image, c->to.array, like, 0);
		code = convert_pages(c, mapping, &writer, &reader);
		if (code == LUSER_OK)
			code = end_array(c, &writer);
		luser_array_close(&reader);
	}
	luser_mem_close(mem);
	return code;
}

static bool choose_arrays(struct convert *c, uint16_t i)
{
	const struct luser_mapping *mapping = &c->conversion->mappings[i];

	if (i >= MAX_ARRAYS)
		return false;
	c->index = i;
	c->from.array = array_named(c->from.abi, c->back ? mapping->there :
							   mapping->here);
	c->to.array = array_named(c->to.abi,
				  c->back ? mapping->here : mapping->there);
	if (!c->from.array || !c->to.array)
		return false;
	c->from.arrays[i] = c->from.array;
	c->to.arrays[i] = c->to.array;
	return leading_to(c->from.abi->root, c->from.array) &&
	       leading_to(c->to.abi->root, c->to.array);
}

/* What counts who refers to it is given up with the last one that does. */
static void free_unused(struct convert *c, uint16_t i)
{
	const struct luser_setting *marks =
		free_marks(c, &c->conversion->mappings[i]);
	const struct luser_array *array = c->to.arrays[i];
	uint32_t offset;
	const struct luser_field *field = field_at_path(array->users, &offset);
	uint8_t *at;

	for (c->slot = 0; c->slot < c->to.nr_slots[i]; c->slot++) {
		at = luser_image_at(c->image, c->to.slots[i][c->slot],
				    array->record->size);
		if (at && !luser_field_get(field, at + offset, 0))
			set_all(c, array->record, at, marks);
	}
}

static enum luser_code convert_all(struct convert *c, const uint8_t *like)
{
	const struct luser_conversion *conversion = c->conversion;
	enum luser_code code = LUSER_OK;

	set_all(c, c->to.abi->root, c->to.at,
		c->back ? conversion->root_here : conversion->root_there);
	for (uint16_t i = 0;
	     code == LUSER_OK && i < conversion->nr_mappings; i++) {
		if (!choose_arrays(c, i))
			return luser_fail(c->err, LUSER_ARGUMENT, LUSER_NO_PHYS,
					  "%s and %s have no such arrays",
					  c->from.abi->id, c->to.abi->id);
		code = convert_array(c, &conversion->mappings[i], like);
	}
	for (uint16_t i = 0; code == LUSER_OK && i < conversion->nr_mappings;
	     i++)
		if (c->to.arrays[i]->users)
			free_unused(c, i);
	return code;
}

static const struct luser_conversion *find_to(const struct luser_abi *abi,
					      const struct luser_abi *other)
{
	for (uint16_t i = 0; i < abi->nr_conversions; i++)
		if (!strcmp(abi->conversions[i].to, other->id))
			return &abi->conversions[i];
	return NULL;
}

static void give_back_array(struct luser_image *image,
			    const struct luser_array *array, uint64_t phys)
{
	for (uint32_t i = 0; phys && i < array->max_pages; i++) {
		const uint8_t *page =
			luser_image_at(image, phys, array->header->size);
		uint64_t next =
			page && array->next ?
				luser_field_get(array->next, page, 0) : 0;

		luser_image_give_back(image, phys);
		phys = next;
	}
}

static void give_back(struct luser_image *image, const struct luser_abi *abi,
		      uint64_t phys, const uint8_t *root)
{
	for (uint16_t i = 0; i < abi->root->nr_fields; i++) {
		const struct luser_field *field = &abi->root->fields[i];

		if (field->link && field->link->kind == LUSER_TO_ARRAY)
			give_back_array(image, field->link->array,
					luser_field_get(field, root, 0));
	}
	luser_image_give_back(image, phys);
}

static uint8_t *root_at(struct luser_image *image, const struct luser_abi *abi,
			uint64_t phys)
{
	uint32_t skip = abi->root_array ? abi->root_array->header->size : 0;

	return luser_image_at(image, phys + skip, abi->root->size);
}

static enum luser_code convert_directly(struct convert *c, uint64_t phys,
					const struct luser_encoded_root *root)
{
	enum luser_code code;

	c->from.at = root_at(c->image, c->from.abi, phys);
	if (!c->from.at)
		return luser_fail(c->err, LUSER_NODATA, phys,
				  "the root of %s is not in the image",
				  c->from.abi->id);
	c->to.at = root->at;
	code = convert_all(c, root->header);
	if (code == LUSER_OK)
		give_back(c->image, c->from.abi, phys, c->from.at);
	for (uint16_t i = 0; i < MAX_ARRAYS; i++) {
		free(c->from.slots[i]);
		free(c->to.slots[i]);
	}
	return code;
}

/* An ABI that both can be said in. */
static const struct luser_abi *between(const struct luser_abi *a,
				       const struct luser_abi *b)
{
	const struct luser_abi *const *abis;
	size_t count;

	abis = luser_abis(&count);
	for (size_t i = 0; i < count; i++)
		if (find_to(a, abis[i]) && find_to(b, abis[i]))
			return abis[i];
	return NULL;
}

static enum luser_code convert_twice(struct convert *c, uint64_t phys,
				     const struct luser_encoded_root *root)
{
	const struct luser_abi *hub = between(c->from.abi, c->to.abi);
	struct luser_encoded_root way;
	enum luser_code code;

	if (!hub)
		return luser_fail(c->err, LUSER_ARGUMENT, LUSER_NO_PHYS,
				  "no schema says how %s is said in %s",
				  c->from.abi->id, c->to.abi->id);
	code = luser_encode_root(c->image, hub, &way, c->err);
	if (code == LUSER_OK)
		code = luser_convert(c->image, c->from.abi, phys, hub, &way,
				     c->lost, c->ctx, c->err);
	if (code == LUSER_OK)
		code = luser_convert(c->image, hub, way.phys, c->to.abi, root,
				     c->lost, c->ctx, c->err);
	return code;
}

enum luser_code luser_convert(struct luser_image *image,
			      const struct luser_abi *from, uint64_t phys,
			      const struct luser_abi *to,
			      const struct luser_encoded_root *root,
			      luser_lost *lost, void *ctx,
			      struct luser_error *err)
{
	struct convert c = {
		.image = image,
		.conversion = find_to(from, to),
		.from = {.abi = from},
		.to = {.abi = to},
		.lost = lost,
		.ctx = ctx,
		.err = err,
	};

	if (!c.conversion) {
		c.conversion = find_to(to, from);
		c.back = true;
	}
	return c.conversion ? convert_directly(&c, phys, root) :
			      convert_twice(&c, phys, root);
}
