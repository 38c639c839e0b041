// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * How many records refer to one, where that one says how many do.
 *
 * What it says is kept when its page goes by. Those that refer to it come
 * later.
 */
#include <inttypes.h>
#include <stdio.h>

#include "field_value.h"
#include "list.h"
#include "walk_internal.h"

/**
 * struct walk_user_count - users of the record in one slot
 * @phys: the record
 * @said: as it says; 0 in a slot that holds nothing
 * @seen: that were there
 */
struct walk_user_count {
	uint64_t phys;
	uint64_t said;
	uint64_t seen;
};

bool walk_users_load(struct walk_loaded *loaded,
		     const struct luser_array_reader *reader)
{
	const struct luser_array *array = loaded->array;
	uint64_t nr = loaded->slots.nr - reader->capacity;

	for (uint32_t i = 0; i < reader->capacity; i++, nr++) {
		size_t offset = (size_t)i * reader->stride;
		struct walk_user_count *users =
			list_grow(loaded->users, nr, sizeof(*users));

		if (!users)
			return false;
		loaded->users = users;
		users[nr] = (struct walk_user_count){
			.phys = reader->phys + array->header->size + offset,
		};
		if (luser_slots_live(&loaded->slots, nr))
			users[nr].said = walk_path_value(
				array->users, reader->records + offset);
	}
	return true;
}

struct walk_users walk_users_begin(struct walk *w,
				   const struct luser_array *array)
{
	struct walk_users users = { 0 };

	if (!array->counted)
		return users;
	users.by = field_at_path(array->counted, &users.offset);
	users.loaded = walk_find(w, users.by->link);
	return users;
}

void walk_users_add(const struct walk *w, struct walk_users *users,
		    const uint8_t *at)
{
	const struct walk_loaded *loaded = users->loaded;
	uint64_t phys =
		luser_field_phys(users->by, at + users->offset, &w->env);
	uint64_t slot = walk_slot_at(w, loaded, phys);

	if (luser_slots_live(&loaded->slots, slot))
		loaded->users[slot].seen++;
	else
		users->lost = true;
}

static void report(struct walk *w, const struct luser_node *owner,
		   const struct walk_loaded *loaded, uint64_t slot)
{
	const struct walk_user_count *users = &loaded->users[slot];
	const struct luser_array *array = loaded->array;
	const struct luser_node node = {
		.parent = owner,
		.kind = LUSER_NODE_ARRAY,
		.name = array->name,
		.index = LUSER_NO_INDEX,
		.abi = loaded->abi,
		.type = array->record,
		.array = array,
		.env = owner->env,
	};
	const struct luser_node record = {
		.parent = &node,
		.kind = LUSER_NODE_STRUCT,
		.index = slot,
		.phys = users->phys,
		.abi = loaded->abi,
		.type = array->record,
		.array = array,
		.env = owner->env,
	};
	char found[24], expected[24];
	uint32_t offset;
	const struct luser_field *field =
		field_at_path(array->users, &offset);

	snprintf(found, sizeof(found), "%" PRIu64, users->said);
	snprintf(expected, sizeof(expected), "%" PRIu64, users->seen);
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_ERROR,
				.rule = "users",
				.text = "the count differs from how many "
					"records refer to this one",
				.node = &record,
				.field = field,
				.phys = users->phys + offset + field->offset,
				.found = found,
				.expected = expected,
			});
}

void walk_users_check(struct walk *w, const struct luser_node *owner,
		      const struct walk_users *users)
{
	const struct walk_loaded *loaded = users->loaded;

	if (!loaded || users->lost)
		return;
	for (uint64_t i = 0; i < loaded->slots.nr; i++)
		if (loaded->users[i].said != loaded->users[i].seen)
			report(w, owner, loaded, i);
}
