// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Following one field.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "walk_internal.h"

static void walk_target(struct walk *w, const struct luser_node *node,
			const struct luser_field *field, uint64_t phys)
{
	const struct luser_struct *type = field->link->type;
	uint8_t *bytes;

	if (!walk_claim(w, node, field, phys, type->size))
		return;
	walk_preserved(w, node, field, phys, type->size);
	bytes = malloc(type->size);
	if (!bytes)
		w->code = LUSER_NOMEM;
	else if (walk_read(w, node, field, phys, bytes, type->size))
		walk_struct(w, &(struct luser_node){
				       .parent = node,
				       .kind = LUSER_NODE_STRUCT,
				       .name = field->name,
				       .index = LUSER_NO_INDEX,
				       .phys = phys,
				       .bytes = bytes,
				       .size = type->size,
				       .abi = node->abi,
				       .type = type,
				       .field = field,
				       .env = node->env,
			       });
	free(bytes);
}

/* What an outgoing handover does not have yet is no fault of it. */
static void explain_null(struct walk *w, const struct luser_node *node,
			 const struct luser_field *field)
{
	if (!field->link->when_null || w->root->role != LUSER_ROLE_OUT)
		return;
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_NOTE,
				.rule = "not-yet",
				.text = field->link->when_null,
				.node = node,
				.field = field,
				.phys = walk_field_phys(node, field),
				.found = "0x0",
				.expected = "0x0",
			});
}

/* The first record of an array speaks for all of them. */
static bool is_explained(struct walk *w, const struct luser_node *node,
			 const struct luser_field *field)
{
	if (node->index == LUSER_NO_INDEX)
		return false;
	if (w->explained == field && w->explained_in == node->parent)
		return true;
	w->explained = field;
	w->explained_in = node->parent;
	return false;
}

static void explain_memory(struct walk *w, const struct luser_node *node,
			   const struct luser_field *field, uint64_t phys)
{
	char found[24];

	if (is_explained(w, node, field))
		return;
	snprintf(found, sizeof(found), "0x%" PRIx64, phys);
	walk_finding(w, &(struct luser_finding){
				.severity = LUSER_NOTE,
				.rule = "not-followed",
				.text = field->link->not_followed,
				.node = node,
				.field = field,
				.phys = walk_field_phys(node, field),
				.found = found,
				.expected = "an address to follow",
			});
}

uint64_t walk_memory_len(const struct luser_link *link, const uint8_t *at,
			 const struct luser_env *env)
{
	if (link->owns == LUSER_OWNS_BYTES)
		return link->length(at, env);
	return link->owns == LUSER_OWNS_NOTHING;
}

/*
 * Preserved memory that is somebody's, and not looked at, unless there are page
 * tables. A dry walk is only about the record itself.
 */
static void follow_memory(struct walk *w, const struct luser_node *node,
			  const struct luser_field *field, const uint8_t *at,
			  uint64_t phys)
{
	static const enum luser_extent_kind kinds[] = {
		[LUSER_OWNS_NOTHING] = LUSER_EXTENT_USED,
		[LUSER_OWNS_BYTES] = LUSER_EXTENT_OWNED,
		[LUSER_OWNS_BLOCK] = LUSER_EXTENT_OWNED,
		[LUSER_OWNS_OPEN] = LUSER_EXTENT_OPEN,
	};
	const struct luser_link *link = field->link;
	uint64_t len = walk_memory_len(link, at, node->env);

	if (link->page_table && !w->dry &&
	    walk_page_table(w, node, field, at, phys))
		return;
	/* What has no end is told by the rules of its struct. */
	if (len && len - 1 > UINT64_MAX - phys)
		return;
	walk_preserved(w, node, field, phys, len ? len : 1);
	walk_extent(w, &(struct luser_extent){
			       .kind = kinds[link->owns],
			       .node = node,
			       .field = field,
			       .phys = phys,
			       .len = len,
		       });
	if (link->not_followed && !w->dry)
		explain_memory(w, node, field, phys);
}

static void follow_phys(struct walk *w, const struct luser_node *node,
			const struct luser_field *field, const uint8_t *at)
{
	const struct luser_link *link = field->link;
	uint64_t phys = luser_field_phys(field, at, node->env);

	if (!phys) {
		explain_null(w, node, field);
		if (link->kind == LUSER_TO_ARRAY)
			walk_total(w, node, link->array, at, 0);
		return;
	}
	if (link->kind == LUSER_TO_MEMORY) {
		follow_memory(w, node, field, at, phys);
		return;
	}
	if (link->kind == LUSER_TO_DISPATCH) {
		walk_dispatch(w, node, field, at);
		return;
	}
	if (walk_no_memory(w, node, field))
		return;
	if (link->kind == LUSER_TO_TREE)
		walk_tree(w, node, field, link->tree, phys);
	else if (link->kind == LUSER_TO_ARRAY)
		walk_array(w, node, field, at, phys);
	else
		walk_target(w, node, field, phys);
}

void walk_link(struct walk *w, const struct luser_node *node,
	       const struct luser_field *field, const uint8_t *at)
{
	switch (field->link->kind) {
	case LUSER_TO_RECORD:
	case LUSER_TO_INDEX:
		walk_reference(w, node, field, at, true);
		break;
	default:
		follow_phys(w, node, field, at);
	}
}
