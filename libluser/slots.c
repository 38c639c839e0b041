// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which slots of an array hold a record.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <luser/page.h>

#include "error_internal.h"
#include "field_value.h"

#define LIVE 1
#define MAX_STATE 255

static bool make_room(struct luser_slots *slots, uint64_t more)
{
	uint64_t need = slots->nr + more;
	uint64_t room = slots->room * 2;
	uint8_t *state;

	if (need <= slots->room)
		return true;
	if (room < need)
		room = need;
	state = realloc(slots->state, room);
	if (!state)
		return false;
	slots->state = state;
	slots->room = room;
	return true;
}

static uint64_t tag_of(const struct luser_field *const *path, const uint8_t *at)
{
	uint32_t offset;
	const struct luser_field *field = field_at_path(path, &offset);

	return luser_field_get(field, at + offset, 0);
}

static uint8_t state_of(const struct luser_array *array, const uint8_t *at,
			uint32_t stride)
{
	uint64_t tag;

	if (luser_record_empty(array->record, at, stride))
		return 0;
	tag = array->tag ? tag_of(array->tag, at) : 0;
	return tag > MAX_STATE - LIVE ? MAX_STATE : (uint8_t)(LIVE + tag);
}

enum luser_code luser_slots_add(struct luser_slots *slots,
				const struct luser_array_reader *reader)
{
	const uint8_t *at = reader->records;
	uint8_t *state;

	if (!make_room(slots, reader->capacity))
		return LUSER_NOMEM;
	state = slots->state + slots->nr;
	memset(state, 0, reader->capacity);
	for (uint32_t i = 0; i < reader->used; i++, at += reader->stride)
		state[i] = state_of(reader->array, at, reader->stride);
	slots->nr += reader->capacity;
	return LUSER_OK;
}

void luser_slots_free(struct luser_slots *slots)
{
	free(slots->state);
	*slots = (struct luser_slots){0};
}

enum luser_code luser_slots_explain(const struct luser_slots *slots,
				    const struct luser_field *field,
				    const uint8_t *at, struct luser_error *err)
{
	uint64_t index = luser_field_get(field, at, 0);

	if (luser_slots_live(slots, index) ||
	    (field->link->nullable && index == field->link->none))
		return LUSER_OK;
	return luser_fail(err, LUSER_INVALID, LUSER_NO_PHYS,
			  "%s: %" PRIu64 " is %s of %s", field->name, index,
			  index < slots->nr ? "a free slot" : "no slot",
			  field->link->array->name);
}
