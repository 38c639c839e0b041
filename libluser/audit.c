// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* An audit: what it gathers while the walk goes by. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit_internal.h"
#include "error_internal.h"

/* What a node's memory is filed under: an unlabelled record, under its array. */
static const struct luser_node *holder_of(const struct luser_node *node,
					  uint64_t *index)
{
	char label[80];

	*index = LUSER_NO_INDEX;
	if (node->index == LUSER_NO_INDEX || !node->parent)
		return node;
	walk_label(node, label, sizeof(label));
	if (*label)
		return node;
	*index = node->index;
	return node->parent;
}

struct audit_frame *audit_frame_of(struct luser_audit *audit,
				   const struct luser_node *node)
{
	for (size_t i = audit->depth; i--;)
		if (audit->frames[i].node == node)
			return &audit->frames[i];
	return NULL;
}

static bool is_group(const struct luser_node *node)
{
	return node->type && node->type->group;
}

/* An object in the table of owners, those above it included. */
uint32_t audit_owner_of(struct luser_audit *audit,
			const struct luser_node *node)
{
	struct audit_frame *frame = node ? audit_frame_of(audit, node) : NULL;
	uint32_t owner = OWNER_ROOT;
	char element[512];
	struct luser_text text = { .buf = element, .size = sizeof(element) };

	if (!node || (frame && frame->known))
		return node ? frame->owner : OWNER_ROOT;
	owner = audit_owner_of(audit, node->parent);
	walk_element(&text, node);
	if (text.len && !owners_add(&audit->owners, owner, element,
				    node->index != LUSER_NO_INDEX, &owner))
		audit->nomem = true;
	if (text.len && !audit->nomem)
		audit->owners.v[owner].is_group = is_group(node);
	if (frame) {
		frame->owner = owner;
		frame->known = true;
	}
	return owner;
}

static void take_map(struct luser_audit *audit, const struct luser_node *node)
{
	luser_map_drop(&audit->map);
	audit->map = luser_map_keep(node->map);
	audit->has_map = true;
	audit->map_owner = audit_owner_of(audit, node);
}

/* What is in a group is the group's, and so are the page tables it refers to. */
static void enter_group(struct luser_audit *audit,
			const struct luser_node *node)
{
	struct audit_frame *frame = &audit->frames[audit->depth++];

	*frame = (struct audit_frame){
		.node = node,
		.group = is_group(node)	   ? node :
			 audit->depth > 1 ? frame[-1].group :
					     NULL,
	};
	if (frame->group && node->kind == LUSER_NODE_STRUCT)
		reach_add_uses(audit, node, frame->group);
	if (frame->group && node->kind == LUSER_NODE_UNKNOWN)
		audit->reach.strange = true;
	if (node->kind == LUSER_NODE_PAGE_TABLES)
		reach_add_tables(audit, node);
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct luser_audit *audit = ctx;

	enter_group(audit, node);
	audit->page_shift = node->env->page_shift;
	audit->unknown += node->kind == LUSER_NODE_UNKNOWN;
	audit->stale += node->kind == LUSER_NODE_STALE;
	if (node->kind == LUSER_NODE_TREE)
		take_map(audit, node);
	return LUSER_ENTER;
}

static void leave(void *ctx, const struct luser_node *node)
{
	struct luser_audit *audit = ctx;

	(void)node;
	audit->depth--;
}

static void table_part(void *ctx, const struct luser_node *node,
		       const struct luser_table_part *part)
{
	(void)node;
	if (!part->is_table)
		reach_add_run(ctx, part);
}

static void tell_inside(struct luser_audit *audit, const struct extent *extent,
			uint32_t order)
{
	char found[32], expected[64];

	snprintf(found, sizeof(found), "0x%" PRIx64, extent->start);
	snprintf(expected, sizeof(expected),
		 "the start of a preserved block of order %" PRIu32,
		 order);
	audit_tell(audit, extent,
		   &(struct luser_finding){
			   .severity = LUSER_ERROR,
			   .rule = "block-start",
			   .text = "the address is inside of a "
				   "preserved block",
			   .phys = extent->start,
			   .found = found,
			   .expected = expected,
		   });
}

/* What nobody says the length of is as long as its preserved block. */
static void take_block(struct luser_audit *audit, struct extent *extent)
{
	uint64_t page = UINT64_C(1) << audit->page_shift;
	uint64_t inside;
	uint32_t order;

	extent->len = page - (extent->start & (page - 1));
	if (!block_set_order(audit->map.set, extent->start, &order))
		return;
	page <<= order;
	inside = extent->start & (page - 1);
	extent->len = page - inside;
	if (inside && extent->kind == LUSER_EXTENT_OWNED)
		tell_inside(audit, extent, order);
}

static void extent(void *ctx, const struct luser_extent *told)
{
	struct luser_audit *audit = ctx;
	struct extent extent = {
		.start = told->phys,
		.len = told->len,
		.field = told->field,
		.kind = told->kind,
	};

	if (!told->node)
		return;
	extent.type = told->node->type;
	extent.owner = audit_owner_of(audit, holder_of(told->node, &extent.index));
	if (!extent.len)
		take_block(audit, &extent);
	if (extent.index != LUSER_NO_INDEX)
		extent.unit = extent.len;
	audit->unknown += told->kind == LUSER_EXTENT_OPEN;
	audit_order(audit, told, &extent);
	if (!extents_add(told->kind == LUSER_EXTENT_USED ? &audit->used
							 : &audit->owned,
			 &extent))
		audit->nomem = true;
}

/* That memory was reached before is told in the end, with both owners. */
static void finding(void *ctx, const struct luser_finding *finding)
{
	struct luser_audit *audit = ctx;
	struct luser_finding told = *finding;
	size_t size = luser_path(finding->node, NULL, NULL, 0) + 1;
	char *path;

	audit->errors += finding->severity == LUSER_ERROR;
	audit->stale += !strcmp(finding->rule, "not-yet");
	if (!strcmp(finding->rule, "read-twice"))
		return;
	path = malloc(size);
	if (!path) {
		audit->nomem = true;
		return;
	}
	luser_path(finding->node, NULL, path, size);
	told.node = NULL;
	audit->report(audit->ctx, &(struct luser_audit_finding){
					  .check = luser_check_of(finding),
					  .path = path,
					  .finding = &told,
				  });
	free(path);
}

static const struct luser_visitor visitor = {
	.enter = enter,
	.leave = leave,
	.finding = finding,
	.extent = extent,
	.table_part = table_part,
};

const struct luser_visitor *luser_audit_visitor(void)
{
	return &visitor;
}

enum luser_code luser_audit_new(struct luser_mem *mem,
				const struct luser_root *root,
				luser_audit_report *report, void *ctx,
				struct luser_audit **ret)
{
	struct luser_audit *audit = calloc(1, sizeof(*audit));

	if (!audit)
		return LUSER_NOMEM;
	audit->mem = mem;
	audit->root = root;
	audit->report = report;
	audit->ctx = ctx;
	*ret = audit;
	return LUSER_OK;
}

enum luser_code luser_audit_finish(struct luser_audit *audit,
				   struct luser_audit_sums *sums,
				   struct luser_error *err)
{
	struct luser_ranges owned = { 0 };

	*sums = (struct luser_audit_sums){ 0 };
	audit->nomem |= !extents_sort(&audit->owned);
	audit_overlaps(audit);
	audit_used(audit);
	audit_reached(audit);
	audit_owned(audit, &owned);
	audit_leaks(audit, &owned, sums);
	audit_places(audit, &owned);
	luser_ranges_free(&owned);
	return audit->nomem ? luser_fail_nomem(err) : LUSER_OK;
}

void luser_audit_free(struct luser_audit *audit)
{
	if (!audit)
		return;
	owners_free(&audit->owners);
	extents_free(&audit->owned);
	extents_free(&audit->used);
	reach_free(&audit->reach);
	luser_map_drop(&audit->map);
	free(audit);
}
