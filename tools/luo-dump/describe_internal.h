/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The description of a handover while it is walked: what its parts share.
 *
 * What luo-build works out from the rest is left out, as long as it comes to
 * what is there.
 */
#ifndef LUO_DUMP_DESCRIBE_INTERNAL_H
#define LUO_DUMP_DESCRIBE_INTERNAL_H

#include "dump.h"
#include "yaml_out.h"

/**
 * struct slot - a field whose value is what it leads to
 * @at:     bytes of the struct that the field is in
 * @map:    where the value goes
 * @filled: it is there
 * @count:  what the field that counts it should say
 */
struct slot {
	const struct luser_field *field;
	const struct luser_struct *type;
	const uint8_t *at;
	int map;
	bool filled;
	uint64_t count;
};

/**
 * struct child - a subnode of a device tree's node
 * @offset: where, as libfdt counts
 */
struct child {
	int offset;
	int map;
};

/**
 * struct frame - an object that was entered and not left
 * @map:      its description
 * @bytes:    its own copy, as long as it is entered
 * @exact:    a device tree's node: zeros are said too
 * @records:  of an array: descriptions by index
 * @list:     of records in a property: where the next one goes
 */
struct frame {
	const struct luser_node *node;
	int map;
	bool exact;
	struct slot *slots;
	size_t nr_slots;
	struct child *children;
	size_t nr_children;
	int *records;
	size_t nr_records;
	int list;
};

/**
 * struct known_page - a page of an array that references may lead to
 */
struct known_page {
	const struct luser_array *array;
	uint64_t phys;
	uint64_t first;
	uint32_t used;
	uint32_t stride;
};

/**
 * struct describer - the view
 * @tables, @chunks, @blocks: of the map that comes next
 * @bitmaps: of its last chunk
 * @page_tables, @page_runs: of the page tables that are entered
 * @start, @end: the memory that was seen
 */
struct describer {
	struct view view;
	const struct settings *settings;
	const struct handover *handover;
	yaml_document_t doc;
	int top;
	struct frame *frames;
	size_t depth;
	struct known_page *pages;
	size_t nr_pages;
	int root;
	int tables;
	int chunks;
	int bitmaps;
	int page_tables;
	int page_runs;
	int blocks;
	bool has_map;
	uint64_t start;
	uint64_t end;
};

/* describe.c */
struct frame *frame_top(struct describer *d);
void note_memory(struct describer *d, uint64_t phys, uint64_t len);
int address_of(struct describer *d, uint64_t phys);

/* describe_fields.c: structs, field by field */
void describe_fields(struct describer *d, struct frame *frame, int map,
		     const struct luser_struct *type, const uint8_t *at,
		     size_t size);
void describe_slots(struct describer *d, struct frame *frame);
/* What the field that counts what the slot leads to says. */
uint64_t slot_total(const struct slot *slot);
/* @count: pages that the list has, as it should say */
void describe_pages_count(struct describer *d, int map, const struct slot *slot,
			  uint64_t count);
bool is_plain_text(const uint8_t *at, size_t room);

/* describe_array.c: arrays and page lists */
int add_record(struct describer *d, struct frame *frame, int list);
void describe_array(struct describer *d, struct frame *frame,
		    const struct slot *slot);
void describe_header(struct describer *d, int map,
		     const struct luser_array *array, const uint8_t *header);

/* describe_tables.c: page tables */
void describe_page_tables(struct describer *d, const struct frame *frame);
void describe_table_part(struct view *view, const struct luser_node *node,
			 const struct luser_table_part *part);

/* describe_fdt.c: device trees */
void describe_fdt(struct describer *d, struct frame *frame);

#endif /* LUO_DUMP_DESCRIBE_INTERNAL_H */
