// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "describe.h"
#include "describe_internal.h"
#include "util.h"

static struct describer *describer_of(struct view *view)
{
	return (struct describer *)view;
}

void note_memory(struct describer *d, uint64_t phys, uint64_t len)
{
	if (phys < d->start)
		d->start = phys;
	if (phys + len > d->end && phys + len > phys)
		d->end = phys + len;
}

int address_of(struct describer *d, uint64_t phys)
{
	note_memory(d, phys, 1);
	return yaml_hex(&d->doc, phys);
}

static void begin(struct view *view)
{
	(void)view;
}

static void start(struct view *view, const struct handover *handover)
{
	struct describer *d = describer_of(view);

	d->handover = handover;
	d->start = UINT64_MAX;
	d->end = 0;
	d->nr_pages = 0;
	d->root = 0;
	d->has_map = false;
	yaml_start(&d->doc);
	d->top = yaml_mapping(&d->doc, false);
	d->tables = yaml_sequence(&d->doc, false);
	d->chunks = yaml_sequence(&d->doc, false);
	d->blocks = yaml_sequence(&d->doc, false);
}

static void add_table(struct describer *d, const struct luser_map_part *part)
{
	int one = yaml_mapping(&d->doc, true);

	yaml_put(&d->doc, one, "$at", yaml_hex(&d->doc, part->phys));
	yaml_put(&d->doc, one, "level", yaml_dec(&d->doc, part->level));
	yaml_put(&d->doc, one, "key", yaml_hex(&d->doc, part->key));
	yaml_add(&d->doc, d->tables, one);
}

static void add_chunk(struct describer *d, const struct luser_map_part *part)
{
	int one = yaml_mapping(&d->doc, false);

	d->bitmaps = yaml_sequence(&d->doc, false);
	yaml_put(&d->doc, one, "$at", yaml_hex(&d->doc, part->phys));
	yaml_put(&d->doc, one, "order", yaml_dec(&d->doc, part->order));
	yaml_put(&d->doc, one, "bitmaps", d->bitmaps);
	yaml_add(&d->doc, d->chunks, one);
}

static void add_bitmap(struct describer *d, const struct luser_map_part *part)
{
	int one = yaml_mapping(&d->doc, true);

	yaml_put(&d->doc, one, "$at", yaml_hex(&d->doc, part->phys));
	yaml_put(&d->doc, one, "start", yaml_hex(&d->doc, part->key));
	yaml_add(&d->doc, d->bitmaps, one);
}

static void add_blocks(struct describer *d, const struct luser_map_part *part)
{
	int one = yaml_mapping(&d->doc, true);

	yaml_put(&d->doc, one, "at", yaml_hex(&d->doc, part->phys));
	yaml_put(&d->doc, one, "order", yaml_dec(&d->doc, part->order));
	yaml_put(&d->doc, one, "count", yaml_dec(&d->doc, part->count));
	yaml_add(&d->doc, d->blocks, one);
}

static void map_part(struct view *view, const struct luser_map_part *part)
{
	struct describer *d = describer_of(view);

	note_memory(d, part->phys, part->len);
	switch (part->kind) {
	case LUSER_PART_TABLE:
		add_table(d, part);
		break;
	case LUSER_PART_CHUNK:
		add_chunk(d, part);
		break;
	case LUSER_PART_BITMAP:
		add_bitmap(d, part);
		break;
	default:
		add_blocks(d, part);
	}
}

static bool all_same(const uint8_t *bytes, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (bytes[i] != bytes[0])
			return false;
	return len > 1;
}

/* Short of a schema, a blob is its bytes. */
static void describe_bytes(struct describer *d, const struct frame *frame)
{
	const struct luser_node *node = frame->node;

	if (all_same(node->bytes, node->size)) {
		yaml_put(&d->doc, frame->map, "$fill",
			 yaml_dec(&d->doc, node->bytes[0]));
		yaml_put(&d->doc, frame->map, "$size",
			 yaml_dec(&d->doc, node->size));
	} else {
		yaml_put(&d->doc, frame->map, "$bytes",
			 yaml_bytes(&d->doc, node->bytes, node->size));
	}
}

static bool is_root(const struct luser_node *node)
{
	if (node->kind == LUSER_NODE_FDT)
		return !node->fdt_offset;
	return node->type == node->abi->root &&
	       (!node->field || node->field->link);
}

static void describe_root_page(struct describer *d, const struct frame *frame,
			       const struct luser_array *array)
{
	const struct luser_node *node = frame->node;
	uint64_t page = node->phys & ~(node->env->page_size - 1);
	uint8_t *header = xcalloc(array->header->size, 1);

	yaml_put(&d->doc, frame->map, "$at", address_of(d, page));
	if (d->handover->mem &&
	    luser_mem_read(d->handover->mem, page, header, array->header->size,
			   NULL) == LUSER_OK) {
		describe_header(d, frame->map, array, header);
		if (array->sealed &&
		    !(luser_field_get(array->sealed, header, 0) &
		      array->sealed_mask))
			yaml_put(&d->doc, frame->map, "$sealed",
				 yaml_text(&d->doc, "false"));
	}
	free(header);
}

static void describe_place(struct describer *d, const struct frame *frame)
{
	const struct luser_node *node = frame->node;

	if (node->abi && is_root(node))
		yaml_put(&d->doc, frame->map, "$abi",
			 yaml_text(&d->doc, node->abi->id));
	if (node->phys == LUSER_NO_PHYS)
		return;
	if (node->kind == LUSER_NODE_STRUCT && is_root(node) &&
	    node->abi->root_array)
		describe_root_page(d, frame, node->abi->root_array);
	else
		yaml_put(&d->doc, frame->map, "$at",
			 address_of(d, node->phys));
	note_memory(d, node->phys, node->size);
}

static bool has_place(const struct luser_node *node)
{
	if (node->kind == LUSER_NODE_FDT)
		return !node->fdt_offset;
	return node->kind == LUSER_NODE_UNKNOWN ||
	       (node->kind == LUSER_NODE_STRUCT &&
		node->index == LUSER_NO_INDEX &&
		(!node->field || node->field->link));
}

static void describe_map(struct describer *d, const struct frame *frame)
{
	if (frame->node->tree->chunks)
		yaml_put(&d->doc, frame->map, "$chunks", d->chunks);
	else
		yaml_put(&d->doc, frame->map, "$tables", d->tables);
	d->has_map = true;
}

static void describe_node(struct describer *d, struct frame *frame,
			  const struct slot *slot)
{
	const struct luser_node *node = frame->node;

	if (has_place(node))
		describe_place(d, frame);
	switch (node->kind) {
	case LUSER_NODE_FDT:
		describe_fdt(d, frame);
		break;
	case LUSER_NODE_STRUCT:
		describe_fields(d, frame, frame->map, node->type, node->bytes,
				node->size);
		break;
	case LUSER_NODE_ARRAY:
		describe_array(d, frame, slot);
		break;
	case LUSER_NODE_TREE:
		describe_map(d, frame);
		break;
	case LUSER_NODE_PAGE_TABLES:
		describe_page_tables(d, frame);
		break;
	default:
		describe_bytes(d, frame);
	}
}

/*
 * Bytes that the builder will write for this object, to be compared. A device
 * tree that libfdt writes in one pass has its tags behind 64 bytes.
 */
static uint64_t size_built(const struct luser_node *node)
{
	if (node->kind == LUSER_NODE_FDT)
		return UINT64_C(64) + fdt_size_dt_struct(node->fdt) +
		       fdt_size_dt_strings(node->fdt);
	if (node->kind == LUSER_NODE_UNKNOWN)
		return node->size;
	return node->abi->root_array ? node->env->page_size : node->type->size;
}

static struct slot *slot_for(struct frame *above, const struct luser_node *node)
{
	for (size_t i = 0; above && node->field && i < above->nr_slots; i++)
		if (above->slots[i].field == node->field &&
		    !above->slots[i].filled)
			return &above->slots[i];
	return NULL;
}

static const char *arm_name(const struct luser_node *node)
{
	const struct luser_choice *choice = node->field->choice;

	for (uint16_t i = 0; i < choice->nr_arms; i++)
		if (choice->arms[i].type == node->type)
			return choice->arms[i].name;
	return "";
}

static void fill_slot(struct describer *d, struct slot *slot,
		      const struct luser_node *node, int map)
{
	const struct luser_field *field = slot->field;
	int value = map;

	if (field->choice) {
		value = yaml_mapping(&d->doc, false);
		yaml_put(&d->doc, value, arm_name(node), map);
	}
	yaml_put(&d->doc, slot->map, field->name, value);
	slot->filled = true;
	if (field->link && field->link->kind == LUSER_TO_DISPATCH)
		slot->count = size_built(node);
}

/* What an object is a part of, if it is to be described at all. */
static int map_for(struct describer *d, struct frame *above,
		   const struct luser_node *node, struct slot *slot)
{
	int map;

	if (above && above->list)
		return add_record(d, above, above->list);
	if (above && node->index != LUSER_NO_INDEX)
		return node->index < above->nr_records ?
			       above->records[node->index] : 0;
	for (size_t i = 0; above && i < above->nr_children; i++)
		if (node->kind == LUSER_NODE_FDT &&
		    above->node->fdt == node->fdt &&
		    above->children[i].offset == node->fdt_offset)
			return above->children[i].map;
	if (above && !slot)
		return 0;
	if (slot && slot->field->holds && !slot->field->type->page_list)
		map = yaml_sequence(&d->doc, false);
	else
		map = yaml_mapping(&d->doc, false);
	if (slot)
		fill_slot(d, slot, node, map);
	else
		d->root = map;
	return map;
}

static bool is_to_be_seen(const struct luser_node *node)
{
	return node->kind != LUSER_NODE_STALE &&
	       (node->bytes || node->kind == LUSER_NODE_ARRAY ||
		node->kind == LUSER_NODE_TREE ||
		node->kind == LUSER_NODE_PAGE_TABLES);
}

static void enter(struct view *view, const struct luser_node *node)
{
	struct describer *d = describer_of(view);
	struct frame frame = {.node = node};
	struct frame *above = NULL;
	struct slot *slot;

	d->frames = grow(d->frames, d->depth, sizeof(*d->frames));
	if (d->depth)
		above = &d->frames[d->depth - 1];
	slot = slot_for(above, node);
	if (is_to_be_seen(node))
		frame.map = map_for(d, above, node, slot);
	if (frame.map)
		describe_node(d, &frame, slot);
	d->frames[d->depth++] = frame;
}

static uint64_t counted(const struct luser_node *node)
{
	if (node->kind == LUSER_NODE_PAGE_TABLES)
		return node->mapped->tables;
	return node->tally->records + node->tally->empty;
}

/* The fields that count what an array or tables hold are beside the address. */
static void count_inside(struct describer *d, const struct luser_node *node)
{
	struct frame *above = d->depth ? &d->frames[d->depth - 1] : NULL;

	if (!above || (node->kind != LUSER_NODE_ARRAY &&
		       node->kind != LUSER_NODE_PAGE_TABLES))
		return;
	for (size_t i = 0; i < above->nr_slots; i++)
		if (above->slots[i].field == node->field)
			above->slots[i].count = counted(node);
}

static void leave(struct view *view, const struct luser_node *node)
{
	struct describer *d = describer_of(view);
	struct frame *frame = &d->frames[--d->depth];

	if (frame->map)
		describe_slots(d, frame);
	count_inside(d, node);
	free(frame->slots);
	free(frame->children);
	free(frame->records);
}

static void finding(struct view *view, const struct luser_finding *finding)
{
	(void)view;
	(void)finding;
}

static const char *role_name(enum luser_role role)
{
	if (role == LUSER_ROLE_IN)
		return "in";
	return role == LUSER_ROLE_OUT ? "out" : NULL;
}

static void finish(struct view *view, const struct handover *handover)
{
	struct describer *d = describer_of(view);
	const char *role = role_name(handover->root->role);
	uint64_t page = handover->page_size;
	uint64_t base = d->start & ~(page - 1);

	yaml_put(&d->doc, d->top, "page-size", yaml_dec(&d->doc, page));
	if (role)
		yaml_put(&d->doc, d->top, "role", yaml_text(&d->doc, role));
	if (d->end > d->start) {
		yaml_put(&d->doc, d->top, "base", yaml_hex(&d->doc, base));
		yaml_put(&d->doc, d->top, "size",
			 yaml_hex(&d->doc,
				  ((d->end - 1) | (page - 1)) + 1 - base));
	}
	if (d->has_map) {
		yaml_put(&d->doc, d->top, "preserve",
			 yaml_text(&d->doc, "listed"));
		yaml_put(&d->doc, d->top, "preserved", d->blocks);
	}
	if (d->root)
		yaml_put(&d->doc, d->top, "root", d->root);
	yaml_finish(&d->doc, stdout);
	free(d->pages);
	d->pages = NULL;
}

static int end(struct view *view, int status)
{
	struct describer *d = describer_of(view);

	free(d->frames);
	return status;
}

struct view *describe_view(const struct settings *settings)
{
	struct describer *d = xcalloc(1, sizeof(*d));

	*d = (struct describer){
		.view = { begin, start, enter, leave, finding, finish, end,
			  map_part, describe_table_part },
		.settings = settings,
	};
	return &d->view;
}
