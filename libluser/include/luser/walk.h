/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Walking a handover: from its root to everything that it leads to.
 *
 * The walk reads, checks and reports; it keeps nothing but what it needs to
 * resolve references. Each byte of memory is fetched once, and what is checked
 * is what is shown. A damaged object is reported and left; the walk goes on
 * with the next one. Nothing is followed twice, so the walk ends on any input.
 *
 * Where one name has several layouts that the first bytes do not tell apart,
 * each is first decoded and checked on its own, without telling the visitor,
 * and without following what is looked up by name in turn. The sound one is
 * then walked. Where several are sound, the preferred one is, and a warning
 * says so; where none is, the one with the fewest errors by what there was to
 * look at. All that looking ahead is bounded for the walk as a whole.
 */
#ifndef LUSER_WALK_H
#define LUSER_WALK_H

#include <stdbool.h>

#include <luser/abi.h>
#include <luser/source.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LUSER_NO_INDEX UINT64_MAX

enum luser_node_kind {
	LUSER_NODE_FDT,     /* a device tree node: fields are properties */
	LUSER_NODE_STRUCT,  /* a struct, also as a record of an array */
	LUSER_NODE_ARRAY,   /* its records follow as structs */
	LUSER_NODE_TREE,    /* the map of preserved memory */
	LUSER_NODE_PAGE_TABLES, /* page tables, known by the top one */
	LUSER_NODE_UNKNOWN, /* a blob that no schema describes */
	LUSER_NODE_STALE,   /* memory that the kernel gave back: not shown */
};

/*
 * A range that is preserved as such is cut into the largest aligned blocks,
 * without a limit (kho_preserve_pages(), kernel/liveupdate/kexec_handover.c).
 * With pages of 4 KiB this is 1 TiB in one block.
 */
#define LUSER_MAX_ORDER 28

/**
 * struct luser_map - preserved memory, from the tree that tracks it
 * @blocks: preserved blocks by order
 * @pages:  pages in all blocks
 * @bytes:  the same in bytes; UINT64_MAX for 2^64 and more
 * @nr_ranges: ranges that the blocks are merged into
 * @set:    the blocks, for luser_map_next(); gone after the call that has the
 *          map, unless luser_map_keep() was called
 */
struct luser_map {
	uint64_t blocks[LUSER_MAX_ORDER + 1];
	uint64_t pages;
	uint64_t bytes;
	uint64_t nr_ranges;
	struct luser_block_set *set;
};

/**
 * struct luser_map_cursor - a place in a map; all zero is the start
 *
 * All of it is private. Bitmaps are not made into lists: there can be far more
 * ranges than memory has room for.
 */
struct luser_map_cursor {
	struct luser_map_piece {
		uint32_t order;
		uint32_t at;
		size_t span;
		uint64_t start;
		uint64_t end;
		bool is_first;
	} pieces[LUSER_MAX_ORDER + 1];
	uint32_t nr;
	bool begun;
};

/**
 * luser_map_next() - the ranges that the blocks are merged into, sorted
 * @map:    what a walk says, or one with a set of NULL, which is empty
 * @cursor: all zero at first
 * @range:  receives one that touches no other; but none reaches across the
 *          middle of the address space, as its length might not be a number
 *
 * Return: false after the last one.
 */
bool luser_map_next(const struct luser_map *map,
		    struct luser_map_cursor *cursor, struct luser_range *range);

/**
 * luser_map_keep() - a map that outlives the walk
 *
 * Return: the map, to be given to luser_map_drop(). It is for one thread, also
 * while the walk goes on.
 */
struct luser_map luser_map_keep(const struct luser_map *map);

/* luser_map_drop() - release a map that was kept; empty afterwards */
void luser_map_drop(struct luser_map *map);

/**
 * struct luser_tally - what an array turned out to hold
 * @pages:   pages read
 * @records: records in use
 * @empty:   slots that hold nothing
 * @stride:  bytes from one record to the next
 * @capacity: records that fit in one page
 */
struct luser_tally {
	uint64_t pages;
	uint64_t records;
	uint64_t empty;
	uint32_t stride;
	uint32_t capacity;
};

/**
 * struct luser_mapped - what page tables turned out to map
 * @format:    what they are made of
 * @top_level: level of the top table
 * @tables:    pages of tables
 * @pages:     pages that are mapped, of all sizes
 * @bytes:     in those pages; UINT64_MAX for 2^64 and more
 * @runs:      that they make, see struct luser_table_part
 */
struct luser_mapped {
	const struct luser_page_format *format;
	uint32_t top_level;
	uint64_t tables;
	uint64_t pages;
	uint64_t bytes;
	uint64_t runs;
};

enum luser_standing {
	LUSER_STANDING_SOUND,
	LUSER_STANDING_SAME,    /* sound, and reads what the shown one reads */
	LUSER_STANDING_OPEN,    /* no error as far as it was looked at */
	LUSER_STANDING_UNSOUND,
};

/**
 * struct luser_candidate - a layout that an object may have
 * @abi:      one of those that are looked up under the object's name
 * @standing: how it fares by its own rules
 * @objects:  structs, nodes, pages and preserved ranges that were looked at
 * @errors:   what was wrong; no more is looked for when there are many
 * @reading:  equal for layouts that read the same fields at the same places
 * @rule:     of the first error; NULL if there is none
 * @path:     where that is, from the object on
 * @found:    what is there, escaped
 * @expected: what should be
 */
struct luser_candidate {
	const struct luser_abi *abi;
	enum luser_standing standing;
	uint64_t objects;
	uint64_t errors;
	uint64_t reading;
	const char *rule;
	char path[120];
	char found[96];
	char expected[96];
};

/**
 * struct luser_node - one object of the walk; lives during the call only
 * @parent: the object that led here, or NULL for the root
 * @kind:   what it is
 * @name:   what @parent calls it: a subtree's name, a field, an array; NULL if
 *          the path has no element for it
 * @label:  value of the record's label field, escaped, or NULL
 * @index:  number of a record in its array, or LUSER_NO_INDEX
 * @phys:   where it is, or LUSER_NO_PHYS for a blob of unknown address, or a
 *          handle, which has none
 * @bytes:  the checked copy; NULL for arrays, trees and stale memory
 * @size:   bytes there are; for a record that is larger than its schema knows,
 *          all of them; for an unknown blob of unknown size, what was read
 * @present: for an FDT node, bit i tells that field i is there; a root whose
 *          FDT is not to be had is a node without bytes
 * @fdt:    FDT node: the device tree that it is in, sound for libfdt; else NULL
 * @fdt_offset: and where, as libfdt counts
 * @abi:    the ABI that describes it, NULL if unknown
 * @type:   struct or node: its fields; array: its record
 * @array:  array: what it is made of, NULL if a page list or a property of a
 *          device tree holds it; record: the array it is in
 * @tally:  array, on leave: what was found
 * @mapped: page tables, on leave: what was found
 * @tree:   tree: what it is
 * @map:    tree: what it says
 * @field:  the field that led here, or NULL
 * @why:    stale: why; unknown: what was looked for, escaped
 * @candidates: the layouts that its name and first bytes leave open, by
 *          preference; @abi is the one that is shown. NULL if there is but one
 * @nr_candidates: how many
 * @env:    page size and the ABI's root, to format values with
 */
struct luser_node {
	const struct luser_node *parent;
	enum luser_node_kind kind;
	const char *name;
	const char *label;
	uint64_t index;
	uint64_t phys;
	const uint8_t *bytes;
	size_t size;
	uint64_t present;
	const void *fdt;
	int fdt_offset;
	const struct luser_abi *abi;
	const struct luser_struct *type;
	const struct luser_array *array;
	const struct luser_tally *tally;
	const struct luser_mapped *mapped;
	const struct luser_tree *tree;
	const struct luser_map *map;
	const struct luser_field *field;
	const char *why;
	const struct luser_candidate *candidates;
	size_t nr_candidates;
	const struct luser_env *env;
};

enum luser_severity {
	LUSER_NOTE,    /* worth knowing, nothing is wrong */
	LUSER_WARNING, /* something could not be looked at */
	LUSER_ERROR,   /* the memory breaks a rule */
};

/**
 * struct luser_finding - something to tell about one object
 * @severity: how bad
 * @rule:     short name: of a rule of the schema, or of the walk ("chain-loop")
 * @check:    the check of luser_checks() that the rule belongs to, if the schema
 *            names one; else NULL
 * @text:     what it means, one sentence
 * @node:     the object; see luser_path()
 * @field:    the field, or NULL for the whole object
 * @name:     its name, after those of structs that it is in: "folios.first"
 * @phys:     address of the field or object, or LUSER_NO_PHYS
 * @found:    what is there, escaped
 * @expected: what should be
 */
struct luser_finding {
	enum luser_severity severity;
	const char *rule;
	const char *check;
	const char *text;
	const struct luser_node *node;
	const struct luser_field *field;
	const char *name;
	uint64_t phys;
	const char *found;
	const char *expected;
};

enum luser_enter {
	LUSER_ENTER, /* report what is inside */
	LUSER_SKIP,  /* check what is inside, report findings only */
	/*
	 * Of a record: enter it, and those of its array that follow only if
	 * something is wrong with them, or if they may lead to other objects.
	 */
	LUSER_ENOUGH,
	LUSER_STOP,  /* end the walk */
};

enum luser_part_kind {
	LUSER_PART_TABLE,  /* a page of a radix tree */
	LUSER_PART_CHUNK,  /* a page of a list of bitmaps */
	LUSER_PART_BITMAP, /* one of those that the last chunk lists */
	LUSER_PART_BLOCKS, /* a run of preserved blocks */
};

/**
 * struct luser_map_part - what a map of preserved memory is made of
 * @phys:  where it is; of blocks the first one
 * @level: table: 0 for a leaf, one more for each level above
 * @key:   table: the lowest key that leads through it; bitmap: the address of
 *         its first block
 * @order: chunk and blocks: blocks have 2^order pages
 * @count: blocks: how many
 * @len:   bytes in all
 */
struct luser_map_part {
	enum luser_part_kind kind;
	uint64_t phys;
	uint32_t level;
	uint64_t key;
	uint32_t order;
	uint64_t count;
	uint64_t len;
};

enum luser_extent_kind {
	LUSER_EXTENT_OWNED, /* the object's own */
	LUSER_EXTENT_OPEN,  /* the same, and it leads to more that nobody knows */
	LUSER_EXTENT_GUESS, /* what nobody knows left a number, perhaps an address */
	LUSER_EXTENT_USED,  /* somebody else's, which the object relies on */
};

/**
 * struct luser_extent - memory that an object leads to
 * @node:  the object; not yet entered where its own pages are read before
 * @field: the field of it that leads there, or NULL
 * @phys:  first byte
 * @len:   bytes; 0: the preserved block that starts there
 */
struct luser_extent {
	enum luser_extent_kind kind;
	const struct luser_node *node;
	const struct luser_field *field;
	uint64_t phys;
	uint64_t len;
};

/**
 * struct luser_table_part - a table, or a run of pages that tables map
 *
 * A run is of pages of one size that follow each other on both sides, allow the
 * same, and whose entries have the same @bits.
 *
 * @is_table: a table; else a run
 * @iova:  the first input address
 * @phys:  table: where it is; run: the first output address
 * @len:   bytes that it covers in input addresses
 * @level: table: its level; run: that of the entries
 * @shift: run: logarithm of the size of its pages
 * @read, @write: run: what all levels together allow
 * @bits:  of the entry, without what is said above and what the hardware
 *         changes; of the top table 0, no entry leads there
 */
struct luser_table_part {
	bool is_table;
	bool read;
	bool write;
	uint8_t level;
	uint8_t shift;
	uint64_t iova;
	uint64_t phys;
	uint64_t len;
	uint64_t bits;
};

/**
 * struct luser_visitor - who is told
 * @enter:   an object was read and checked; @leave follows after what is
 *           inside. May be NULL.
 * @leave:   called for each object that was entered. May be NULL.
 * @finding: may be NULL
 * @map_part: a part of the tree that is entered next, in the order of the
 *           keys. May be NULL.
 * @extent:  an object has memory, or uses some. Told before it is read, also if
 *           it cannot be, or is not because it was reached before. May be NULL.
 * @table_part: a part of the page tables that were entered last: tables before
 *           what they lead to, runs by input address. May be NULL.
 */
struct luser_visitor {
	enum luser_enter (*enter)(void *ctx, const struct luser_node *node);
	void (*leave)(void *ctx, const struct luser_node *node);
	void (*finding)(void *ctx, const struct luser_finding *finding);
	void (*map_part)(void *ctx, const struct luser_map_part *part);
	void (*extent)(void *ctx, const struct luser_extent *extent);
	void (*table_part)(void *ctx, const struct luser_node *node,
			   const struct luser_table_part *part);
};

/**
 * struct luser_walk_options - how to walk
 * @page_size:   of the kernel that wrote the memory; 0: from VMCOREINFO, else
 *               that with which root and map fare best, the smallest of those
 *               that fare alike
 * @running:     the kernel still runs, so that what it hands over need not be
 *               complete; else it is at the handover
 * @early:       the kernel is in early boot, and has not yet given back what it
 *               was handed
 * @progress:    told how many bytes were read; may be NULL
 * @progress_ctx: handed to @progress
 */
struct luser_walk_options {
	uint32_t page_size;
	bool running;
	bool early;
	luser_progress *progress;
	void *progress_ctx;
};

/**
 * luser_walk() - walk one handover
 * @mem:     where addresses lead; NULL if only @root's blobs are at hand
 * @root:    where to start
 * @options: NULL for the defaults
 * @visitor: who is told
 * @ctx:     handed to @visitor
 * @err:     may be NULL
 *
 * What is wrong with the memory is a finding, not an error of the call.
 *
 * Return: LUSER_OK, LUSER_STOPPED, LUSER_NOMEM, LUSER_ARGUMENT.
 */
enum luser_code luser_walk(struct luser_mem *mem, const struct luser_root *root,
			   const struct luser_walk_options *options,
			   const struct luser_visitor *visitor, void *ctx,
			   struct luser_error *err);

/**
 * luser_path() - an object's path, as in "LUO/flbs[iommu-v2]/devices[17]"
 * @node:  the object
 * @field: a field of it to add, or of a struct that is in it; or NULL
 * @buf:   receives the path, NUL-terminated, cut to fit
 * @len:   size of @buf
 *
 * Return: the length that the whole path has.
 */
size_t luser_path(const struct luser_node *node,
		  const struct luser_field *field, char *buf, size_t len);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_WALK_H */
