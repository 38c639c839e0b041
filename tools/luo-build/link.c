// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include "build.h"
#include "util.h"

/* Of these a number is no address: it says which record. */
static bool is_record(const struct luser_field *field)
{
	return field->link->kind == LUSER_TO_RECORD;
}

/* A name or "new" takes memory, so it is asked for once. */
bool is_linked(struct build *b, const struct luser_field *field,
	       const yaml_node_t *value)
{
	uint64_t n;

	if (!field->link || field->link->kind == LUSER_TO_INDEX)
		return false;
	if (is_record(field) || value->type != YAML_SCALAR_NODE)
		return true;
	return !parse_number(b->doc, scalar_text(b->doc, value), &n);
}

static void put_target(struct build *b, const struct luser_field *field,
		       uint8_t *at, const yaml_node_t *value)
{
	const struct luser_struct *type = field->link->type;
	struct luser_error err;
	uint64_t phys;
	uint8_t *bytes;

	place(b, value);
	check_at(b->doc, value,
		 luser_encode_with_room(b->image, type,
					room_behind(b, type, value), &phys,
					&bytes, &err),
		 &err);
	put_struct(b, type, bytes, type->size, value);
	put_behind(b, type, bytes);
	luser_field_set(field, at, 0, phys);
}

static void put_dispatch(struct build *b, const struct luser_field *field,
			 uint8_t *at, const yaml_node_t *value)
{
	const struct luser_dispatch *dispatch = field->link->dispatch;
	const struct luser_field *by = dispatch->by;
	struct blob blob = build_blob(b, value);
	size_t room = by ? (size_t)by->size * by->count : 0;

	luser_field_set(field, at, 0, blob.phys);
	if (dispatch->size)
		luser_field_set(dispatch->size, at, 0, blob.size);
	if (by && by->kind == LUSER_STRING && blob.key &&
	    strlen(blob.key) <= room)
		memcpy(at + by->offset, blob.key, strlen(blob.key));
}

void add_reference(struct build *b, const struct luser_field *field,
		   uint8_t *at, const yaml_node_t *value)
{
	const yaml_node_t *phys = lookup(b->doc, value, "$phys");
	struct scope *scope = b->scope;

	if (phys) {
		luser_field_set(field, at, 0, number_at(b->doc, phys));
		return;
	}
	scope->references = grow(scope->references, scope->nr_references,
				 sizeof(*scope->references));
	scope->references[scope->nr_references++] = (struct reference){
		.node = value,
		.field = field,
		.at = at,
		.index = integer_at(b, field, value),
	};
}

void put_link(struct build *b, const struct luser_struct *type,
	      const struct luser_field *field, uint8_t *at,
	      const yaml_node_t *value)
{
	switch (field->link->kind) {
	case LUSER_TO_STRUCT:
		put_target(b, field, at, value);
		break;
	case LUSER_TO_ARRAY:
		put_array(b, type, field, at, value);
		break;
	case LUSER_TO_RECORD:
		add_reference(b, field, at, value);
		break;
	case LUSER_TO_TREE:
		add_map(b, field, at, value);
		break;
	case LUSER_TO_DISPATCH:
		put_dispatch(b, field, at, value);
		break;
	default:
		if (is_tables(b, field, value))
			put_tables(b, field, at, value);
		else
			put_integers(b, field, at, 1, value);
	}
}
