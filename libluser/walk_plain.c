// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Records that lead to no other object, tested all at once. One that does not
 * pass is walked like any other, which says what is wrong with it.
 */
#include <luser/rule_ops.h>

#include "field_value.h"
#include "block_set.h"
#include "walk_internal.h"

static bool field_is_plain(const struct luser_field *field)
{
	bool plain = !field->holds && field->count != LUSER_REST_OF_PAGE;

	if (field->link)
		plain &= field->link->kind == LUSER_TO_INDEX ||
			 field->link->kind == LUSER_TO_RECORD ||
			 (field->link->kind == LUSER_TO_MEMORY &&
			  !field->link->page_table &&
			  !field->link->not_followed);
	if (field->kind == LUSER_STRUCT && plain)
		plain = walk_is_plain(field->type);
	for (uint16_t i = 0; plain && field->choice &&
			     i < field->choice->nr_arms; i++)
		if (field->choice->arms[i].type)
			plain = walk_is_plain(field->choice->arms[i].type);
	return plain;
}

bool walk_is_plain(const struct luser_struct *type)
{
	bool plain = true;

	for (uint16_t i = 0; plain && i < type->nr_fields; i++)
		plain = field_is_plain(&type->fields[i]);
	return plain;
}

static bool struct_sound(struct walk *w, const struct luser_node *node,
			 const struct luser_struct *type, const uint8_t *at,
			 uint64_t size);

static bool link_sound(struct walk *w, const struct luser_node *node,
		       const struct luser_field *field, const uint8_t *at)
{
	const struct luser_link *link = field->link;
	uint64_t value = luser_field_phys(field, at, node->env);
	uint64_t len;

	if (link->kind != LUSER_TO_MEMORY)
		return (link->kind == LUSER_TO_INDEX ?
				link->nullable && value == link->none :
				!value) ||
		       walk_reference(w, node, field, at, false) !=
			       WALK_SLOT_EMPTY;
	if (!value)
		return !link->when_null;
	len = walk_memory_len(link, at, node->env);
	return !w->mapped ||
	       block_set_have(w->preserved, value, len ? len : 1);
}

static bool tag_of(const struct walk *w, const struct luser_choice *choice,
		   const uint8_t *at, uint64_t *tag)
{
	if (choice->via || (choice->in_root && !w->env.root))
		return false;
	*tag = walk_path_value(choice->tag, choice->in_root ? w->env.root : at);
	return true;
}

static bool choice_sound(struct walk *w, const struct luser_node *node,
			 const struct luser_field *field, const uint8_t *at,
			 uint64_t len)
{
	const struct luser_choice *choice = field->choice;
	uint64_t tag, offset = field->offset, size = field->size;
	const struct luser_arm *arm;

	if (!tag_of(w, choice, at, &tag))
		return false;
	arm = luser_choose(choice, tag);
	if (choice->offset) {
		offset = field_value(choice->offset, at, 0);
		size = field_value(choice->size, at, 0);
		if (!luser_section(offset, size, field->offset,
				   arm && arm->type ? arm->type->size : 0, len))
			return false;
	}
	return !arm || !arm->type ||
	       struct_sound(w, node, arm->type, at + offset, size);
}

static bool field_sound(struct walk *w, const struct luser_node *node,
			const struct luser_field *field, const uint8_t *at,
			uint64_t size)
{
	bool sound = true;

	if (field->link)
		return link_sound(w, node, field, at);
	if (field->choice)
		return choice_sound(w, node, field, at, size);
	if (field->kind == LUSER_STRUCT)
		for (uint32_t i = 0; sound && i < field->count; i++)
			sound = struct_sound(w, node, field->type,
					     at + field->offset +
						     (size_t)i * field->size,
					     field->size);
	return sound;
}

static bool struct_sound(struct walk *w, const struct luser_node *node,
			 const struct luser_struct *type, const uint8_t *at,
			 uint64_t size)
{
	bool sound = size >= type->size &&
		     !(type->broken && type->broken(at, node->env));

	for (uint16_t i = 0; sound && i < type->nr_fields; i++)
		sound = field_sound(w, node, &type->fields[i], at, size);
	return sound;
}

bool walk_plain_sound(struct walk *w, const struct luser_node *node)
{
	return struct_sound(w, node, node->type, node->bytes, node->size);
}
