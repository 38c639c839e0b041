/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the parts of an audit share.
 */
#ifndef LUSER_AUDIT_INTERNAL_H
#define LUSER_AUDIT_INTERNAL_H

#include <luser/audit.h>

#include "audit_owners.h"
#include "block_set.h"
#include "ranges.h"
#include "walk_internal.h"

/**
 * struct extent - memory that an object, or some records in a row, have
 * @start: first byte
 * @len:   bytes
 * @unit:  bytes of one record; 0: it is of one object
 * @index: number of the first record, or LUSER_NO_INDEX
 * @field: the field that leads there, or NULL
 * @type:  the struct that has it, or has the struct that it is in
 * @owner: the object, or the array that the records are in
 */
struct extent {
	uint64_t start;
	uint64_t len;
	uint64_t unit;
	uint64_t index;
	const struct luser_field *field;
	const struct luser_struct *type;
	uint32_t owner;
	enum luser_extent_kind kind;
};

/**
 * struct extents - a growing list of them
 * @far: when sorted, if some overlap: of each and those before it, which one
 *       ends last; else NULL
 */
struct extents {
	struct extent *v;
	size_t *far;
	size_t nr;
	size_t room;
};

/** extent_last() - the last byte */
static inline uint64_t extent_last(const struct extent *extent)
{
	return extent->start + (extent->len - 1);
}

/**
 * struct reach_tables - page tables
 * @owner: they, in the table of owners
 * @abi, @array, @index: the record that leads to them
 * @first: the first of their runs
 */
struct reach_tables {
	uint32_t owner;
	const struct luser_abi *abi;
	const struct luser_array *array;
	uint64_t index;
	size_t first;
};

/**
 * struct reach_run - pages that they map, one behind the other on both sides
 */
struct reach_run {
	uint64_t phys;
	uint64_t len;
	uint64_t iova;
};

/**
 * struct reach_use - a group of objects that has page tables
 * @index: of the record that leads to them
 * @link:  where that record is
 * @group: in the table of owners
 * @what:  what such a group is called
 */
struct reach_use {
	uint64_t index;
	const struct luser_link *link;
	const char *what;
	uint32_t group;
};

/**
 * struct reach - what devices reach
 * @strange: there is something in a group that no schema describes
 * @left:    stretches of memory that may still be looked at
 */
struct reach {
	struct reach_tables *tables;
	size_t nr_tables;
	struct reach_run *runs;
	size_t nr_runs;
	struct reach_use *uses;
	size_t nr_uses;
	bool strange;
	uint64_t left;
};

/**
 * struct audit_frame - an object that was entered and not left
 * @owner: it in the table of owners, if @known
 * @group: the innermost object around it, or itself, that is a group; or NULL
 * @place, @next: of records in order: where the last one is, and where the next
 *         one may be, in pages
 */
struct audit_frame {
	const struct luser_node *node;
	const struct luser_node *group;
	uint32_t owner;
	bool known;
	uint64_t place;
	uint64_t next;
};

/**
 * struct luser_audit - an audit
 * @frames:  the objects around the current one
 * @owned:   what objects have; sorted by address when finished
 * @used:    what they rely on
 * @reach:   page tables, and who has them
 * @map:     what is preserved
 * @map_owner: the map
 * @has_map: the map was read
 * @stale:   something is stale, so not all owners are known
 * @unknown: objects that nobody knows, or that lead to such
 * @errors:  what the walk found wrong
 * @nomem:   something was lost for want of memory
 */
struct luser_audit {
	struct luser_mem *mem;
	const struct luser_root *root;
	luser_audit_report *report;
	void *ctx;
	struct owners owners;
	struct audit_frame frames[WALK_MAX_DEPTH];
	size_t depth;
	struct extents owned;
	struct extents used;
	struct reach reach;
	struct luser_map map;
	uint32_t map_owner;
	uint32_t page_shift;
	bool has_map;
	uint64_t stale;
	uint64_t unknown;
	uint64_t errors;
	bool nomem;
};

/* audit_extents.c: what is gathered */
bool extents_add(struct extents *extents, const struct extent *extent);
bool extents_sort(struct extents *extents);
void extents_free(struct extents *extents);
const struct extent *extents_at(const struct extents *extents, uint64_t phys);
const struct extent *extents_behind(const struct extents *extents,
				    uint64_t phys);

/* audit.c: an object that was entered, or NULL; it in the table of owners */
struct audit_frame *audit_frame_of(struct luser_audit *audit,
				   const struct luser_node *node);
uint32_t audit_owner_of(struct luser_audit *audit,
			const struct luser_node *node);

/* audit_report.c: telling */
#define EXTENT_NAME 256

/* The name of the field that leads to an extent; @buf has EXTENT_NAME bytes. */
const char *extent_name(const struct extent *extent, char *buf);
char *audit_path(const struct luser_audit *audit, const struct extent *extent,
		 uint64_t phys);
void audit_tell(struct luser_audit *audit, const struct extent *extent,
		const struct luser_finding *finding);
void audit_skip(struct luser_audit *audit, const char *rule, const char *text,
		const char *expected);

/* audit_order.c: records that say where in a file they are */
void audit_order(struct luser_audit *audit, const struct luser_extent *told,
		 const struct extent *extent);

/* audit_reach.c: what page tables map */
void reach_add_tables(struct luser_audit *audit, const struct luser_node *node);
void reach_add_run(struct luser_audit *audit,
		   const struct luser_table_part *part);
void reach_add_uses(struct luser_audit *audit, const struct luser_node *node,
		    const struct luser_node *group);
void reach_free(struct reach *reach);

/* audit_reached.c: whether that is memory of the same group */
void audit_reached(struct luser_audit *audit);

/* audit_overlap.c, audit_leak.c, audit_place.c: comparing */
void audit_overlaps(struct luser_audit *audit);
void audit_used(struct luser_audit *audit);
void audit_leaks(struct luser_audit *audit, const struct luser_ranges *owned,
		 struct luser_audit_sums *sums);
void audit_places(struct luser_audit *audit, const struct luser_ranges *owned);

/**
 * struct leaks - what of the map is in no range of @owned, piece by piece
 * @cursor: in the map
 * @number: of the first owned range that is not behind
 * @left:   of the map's range that was asked for last
 */
struct leaks {
	const struct luser_map *map;
	const struct luser_ranges *owned;
	struct luser_map_cursor cursor;
	size_t number;
	struct luser_range left;
};

/* audit_leak.c: all pages of owners, merged; and the rest, range by range */
void audit_owned(struct luser_audit *audit, struct luser_ranges *owned);
struct leaks leaks_of(const struct luser_audit *audit,
		      const struct luser_ranges *owned);
bool leaks_next(struct leaks *leaks, struct luser_range *range);

#endif /* LUSER_AUDIT_INTERNAL_H */
