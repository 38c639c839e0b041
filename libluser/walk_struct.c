// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A struct's fields and what they lead to.
 */
#include <inttypes.h>
#include <stdio.h>

#include "field_value.h"
#include "walk_internal.h"

uint64_t walk_path_value(const struct luser_field *const *path,
			 const uint8_t *at)
{
	uint32_t offset;
	const struct luser_field *field = field_at_path(path, &offset);

	return luser_field_get(field, at + offset, 0);
}

/* True if the tag could be told. */
static bool tag_of(struct walk *w, const struct luser_node *node,
		   const struct luser_choice *choice, const uint8_t *at,
		   uint64_t *tag)
{
	const struct luser_field *ref;
	uint32_t offset;
	uint8_t slot;

	if (choice->via) {
		ref = field_at_path(choice->via, &offset);
		slot = walk_reference(w, node, ref, at + offset, false);
		*tag = slot - UINT64_C(1);
		return slot != WALK_SLOT_EMPTY;
	}
	if (choice->in_root && !w->env.root)
		return false;
	*tag = walk_path_value(choice->tag, choice->in_root ? w->env.root : at);
	return true;
}

static bool section_fits(struct walk *w, const struct luser_node *node,
			 const struct luser_field *field, uint64_t offset,
			 uint64_t size, uint64_t need)
{
	char found[64], expected[96];

	if (size >= need && offset >= field->offset && offset % 8 == 0 &&
	    offset <= node->size && size <= node->size - offset)
		return true;
	snprintf(found, sizeof(found), "%" PRIu64 " bytes at %" PRIu64, size,
		 offset);
	snprintf(expected, sizeof(expected),
		 "at least %" PRIu64 " bytes from %" PRIu32
		 " on, in a record of %zu",
		 need, field->offset, node->size);
	walk_error(w, node, field->choice->offset, "section",
		   "the section does not lie in its record", found, expected);
	return false;
}

static void walk_choice(struct walk *w, const struct luser_node *node,
			const struct luser_field *field, const uint8_t *at)
{
	const struct luser_choice *choice = field->choice;
	const struct luser_arm *arm;
	uint64_t tag, offset = field->offset, size = field->size;
	struct luser_node child;

	if (!tag_of(w, node, choice, at, &tag))
		return;
	arm = luser_choose(choice, tag);
	if (choice->offset) {
		offset = luser_field_get(choice->offset, at, 0);
		size = luser_field_get(choice->size, at, 0);
		if (!section_fits(w, node, field, offset, size,
				  arm && arm->type ? arm->type->size : 0))
			return;
	}
	if (!arm || !arm->type)
		return;
	child = (struct luser_node){
		.parent = node,
		.kind = LUSER_NODE_STRUCT,
		.name = field->name,
		.index = LUSER_NO_INDEX,
		.phys = node->phys + (uint64_t)(at - node->bytes) + offset,
		.bytes = at + offset,
		.size = size,
		.abi = node->abi,
		.type = arm->type,
		.field = field,
		.env = node->env,
	};
	walk_struct(w, &child);
}

static void follow_fields(struct walk *w, const struct luser_node *node,
			  const struct luser_struct *type, const uint8_t *at,
			  bool first);

static void follow_nested(struct walk *w, const struct luser_node *node,
			  const struct luser_field *field, const uint8_t *at,
			  bool first)
{
	for (uint32_t i = 0; i < field->count; i++)
		follow_fields(w, node, field->type,
			      at + field->offset + (size_t)i * field->size,
			      first);
}

static void follow_field(struct walk *w, const struct luser_node *node,
			 const struct luser_field *field, const uint8_t *at,
			 bool first)
{
	if (field->link) {
		if (field->link->first == first)
			walk_link(w, node, field, at);
	} else if (field->holds) {
		if (!first && field->type->page_list)
			walk_page_list(w, node, field, at);
		else if (!first && node->kind != LUSER_NODE_FDT)
			walk_following(w, node, field, at);
	} else if (field->choice) {
		if (!first)
			walk_choice(w, node, field, at);
	} else if (field->kind == LUSER_STRUCT) {
		follow_nested(w, node, field, at, first);
	}
}

static bool is_there(const struct luser_node *node, uint16_t i)
{
	const struct luser_field *field = &node->type->fields[i];

	if (node->kind == LUSER_NODE_FDT)
		return node->present >> i & 1;
	return field->since <= node->size;
}

static void follow_fields(struct walk *w, const struct luser_node *node,
			  const struct luser_struct *type, const uint8_t *at,
			  bool first)
{
	for (uint16_t i = 0; i < type->nr_fields && !walk_over(w); i++)
		if (type != node->type || is_there(node, i))
			follow_field(w, node, &type->fields[i], at, first);
}

static void check_nested(struct walk *w, const struct luser_node *node,
			 const struct luser_struct *type, const uint8_t *at,
			 bool *refuse)
{
	size_t size = type == node->type && node->kind != LUSER_NODE_FDT ?
			      node->size :
			      type->size;

	walk_rules(w, node, type, at, size, refuse);
	for (uint16_t i = 0; i < type->nr_fields; i++) {
		const struct luser_field *field = &type->fields[i];

		if (field->kind != LUSER_STRUCT || field->since > size ||
		    field->count == LUSER_REST_OF_PAGE ||
		    (type == node->type && !is_there(node, i)))
			continue;
		for (uint32_t k = 0; k < field->count; k++)
			check_nested(w, node, field->type,
				     at + field->offset +
					     (size_t)k * field->size,
				     refuse);
	}
}

/* True if what the rules refuse is not there, so that one may go on. */
bool walk_check(struct walk *w, const struct luser_node *node)
{
	bool refuse = false;

	check_nested(w, node, node->type, node->bytes, &refuse);
	return !refuse;
}

void walk_follow(struct walk *w, const struct luser_node *node)
{
	follow_fields(w, node, node->type, node->bytes, true);
	follow_fields(w, node, node->type, node->bytes, false);
}

void walk_struct(struct walk *w, const struct luser_node *node)
{
	if (!walk_enter(w, node))
		return;
	walk_tell_candidates(w, node);
	if (walk_check(w, node))
		walk_follow(w, node);
	walk_leave(w, node);
}
