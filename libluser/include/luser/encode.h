/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Encoding: a handover written into an image, from the descriptor tables.
 *
 * The encoders write what a schema fixes: constants, identities, headers,
 * counts, links and checksums. The caller gives what is left, by the generated
 * pack functions or field by field. All memory is little-endian, whatever the
 * host.
 */
#ifndef LUSER_ENCODE_H
#define LUSER_ENCODE_H

#include <luser/abi.h>
#include <luser/image.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * luser_field_set() - write an integer field
 * @field: any field of at most eight bytes
 * @at:    bytes of the struct that it is in
 * @i:     element, 0 if it is no array
 * @value: bits that @field has no room for are dropped
 *
 * Leaves the other bits of a shared storage unit alone.
 */
void luser_field_set(const struct luser_field *field, uint8_t *at, uint32_t i,
		     uint64_t value);

/**
 * luser_struct_field() - a field by its name
 * @type: a struct
 * @name: for example "flags"
 *
 * Return: the field, or NULL.
 */
const struct luser_field *luser_struct_field(const struct luser_struct *type,
					     const char *name);

/**
 * luser_struct_init() - an empty struct: zeros, and what the schema fixes
 * @type: a struct, or the properties of a device tree's node
 * @at:   receives @type->size bytes
 */
void luser_struct_init(const struct luser_struct *type, uint8_t *at);

/**
 * luser_encode_struct() - an empty struct in pages of its own
 * @image: receives it
 * @type:  what it is
 * @phys:  receives its address
 * @at:    receives a pointer to its bytes, valid as long as @image
 * @err:   may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (too large), LUSER_NOMEM (@image is full).
 */
enum luser_code luser_encode_struct(struct luser_image *image,
				    const struct luser_struct *type,
				    uint64_t *phys, uint8_t **at,
				    struct luser_error *err);

/**
 * luser_encode_with_room() - the same, with room behind the struct
 * @room: bytes for the records that follow it, zero at first
 */
enum luser_code luser_encode_with_room(struct luser_image *image,
				       const struct luser_struct *type,
				       uint64_t room, uint64_t *phys,
				       uint8_t **at, struct luser_error *err);

/**
 * struct luser_slot - where a record goes
 * @at:    its bytes, initialized as by luser_struct_init()
 * @index: its number in the array
 * @phys:  its address
 */
struct luser_slot {
	uint8_t *at;
	uint64_t index;
	uint64_t phys;
};

/**
 * struct luser_array_writer - an array being written; fields are read-only
 * @array:    what is written
 * @first:    its first page; 0 while there is none
 * @total:    slots so far, free ones included
 * @nr_pages: pages so far
 * @capacity: slots in one page, or in the table
 * @page:     header of the last page; NULL while there is none
 */
struct luser_array_writer {
	const struct luser_array *array;
	uint64_t first;
	uint64_t total;
	uint64_t nr_pages;
	uint32_t capacity;
	uint8_t *page;

	/* private */
	struct luser_image *image;
	bool is_scratch;
	const uint8_t *like;
	uint64_t phys;
	uint64_t span;
	uint32_t stride;
	uint32_t used;
	uint8_t header[64];
};

/**
 * luser_array_begin() - start to write an array
 * @writer: needs no end
 * @image:  receives the pages; a page is taken when the first slot needs it
 * @array:  what to write
 * @like:   header of the page that the array's pages have fields in common
 *          with, usually the root's; NULL if there is none
 * @room:   a contiguous table has no more slots than that; ignored for a chain
 */
void luser_array_begin(struct luser_array_writer *writer,
		       struct luser_image *image,
		       const struct luser_array *array, const uint8_t *like,
		       uint64_t room);

/**
 * luser_array_add_page() - go on in a new page
 * @writer: the array
 * @err:    may be NULL
 *
 * For a page that is not full, for one without records, or to say with
 * luser_image_place() where it is. Full pages are followed by new ones without
 * it.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (the array is full), LUSER_NOMEM (the image
 * is full).
 */
enum luser_code luser_array_add_page(struct luser_array_writer *writer,
				     struct luser_error *err);

/**
 * luser_array_add() - the next record
 * @writer: the array
 * @slot:   receives where it goes
 * @err:    may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (the array is full), LUSER_NOMEM (the image
 * is full).
 */
enum luser_code luser_array_add(struct luser_array_writer *writer,
				struct luser_slot *slot,
				struct luser_error *err);

/**
 * luser_array_extend() - the next records, as many as go into one page
 * @writer: the array
 * @most:   how many there are to be, not 0
 * @first:  receives where the first of them goes; it and those that follow are
 *          not initialized: all their bytes are to be written
 * @nr:     receives how many, at least one
 * @err:    may be NULL
 *
 * Return: as luser_array_add().
 */
enum luser_code luser_array_extend(struct luser_array_writer *writer,
				   uint64_t most, struct luser_slot *first,
				   uint32_t *nr, struct luser_error *err);

/**
 * luser_array_add_free() - a slot that holds nothing: all zero
 * @writer: an array whose free slots are zero
 * @err:    may be NULL
 *
 * Return: as luser_array_add(); LUSER_ARGUMENT for other arrays.
 */
enum luser_code luser_array_add_free(struct luser_array_writer *writer,
				     struct luser_error *err);

/**
 * luser_array_link() - let the owner lead to an array
 * @writer: all records were added
 * @type:   the owner's struct, or one nested in it that has the address
 * @at:     its bytes
 *
 * Sets the address, and the total if the array has one.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (@type does not lead to the array).
 */
enum luser_code luser_array_link(const struct luser_array_writer *writer,
				 const struct luser_struct *type, uint8_t *at);

/**
 * struct luser_encoded_root - the start of an ABI's state
 * @phys:   what its owner's data says
 * @header: its page's header, or NULL if it has none
 * @at:     the root struct
 */
struct luser_encoded_root {
	uint64_t phys;
	uint8_t *header;
	uint8_t *at;
};

/**
 * luser_encode_root() - an ABI's root, with its page's header if it has one
 * @image: receives it
 * @abi:   an ABI in memory, not in a device tree
 * @root:  receives where it is
 * @err:   may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT, LUSER_NOMEM (@image is full).
 */
enum luser_code luser_encode_root(struct luser_image *image,
				  const struct luser_abi *abi,
				  struct luser_encoded_root *root,
				  struct luser_error *err);

/**
 * luser_encode_seal() - seal all pages of an ABI's state, or unseal them
 * @image:  has the pages
 * @abi:    what they are; an ABI without sealed pages is left alone
 * @phys:   the root, as in luser_encoded_root
 * @sealed: true sets flag and checksum, false clears both
 * @err:    may be NULL; its phys is the page that is not there
 *
 * Nothing may be written to sealed pages any more.
 *
 * Return: LUSER_OK, LUSER_NODATA.
 */
enum luser_code luser_encode_seal(struct luser_image *image,
				  const struct luser_abi *abi, uint64_t phys,
				  bool sealed, struct luser_error *err);

/**
 * struct luser_list_writer - a page list being written; fields are read-only
 * @chunks: the list of the blocks
 * @total:  records so far
 */
struct luser_list_writer {
	struct luser_array_writer chunks;
	uint64_t total;

	/* private */
	struct luser_image *image;
	const struct luser_field *field;
	uint8_t *at;
	uint8_t *block;
	uint64_t phys;
	uint64_t used;
	uint32_t order;
};

/**
 * luser_list_begin() - start to write records into scattered blocks of pages
 * @writer: to be completed with luser_list_end()
 * @image:  receives the blocks and the list of them
 * @field:  a page list that holds records
 * @at:     bytes of the struct that @field is in
 * @order:  order of each block
 */
void luser_list_begin(struct luser_list_writer *writer,
		      struct luser_image *image,
		      const struct luser_field *field, uint8_t *at,
		      uint32_t order);

/**
 * luser_list_add_chunk() - go on in a new page of the list
 * @writer: the page list
 * @err:    may be NULL
 *
 * As luser_array_add_page(), also in what it returns.
 */
enum luser_code luser_list_add_chunk(struct luser_list_writer *writer,
				     struct luser_error *err);

/**
 * luser_list_add_block() - go on in a new block
 * @writer: the page list
 * @err:    may be NULL
 *
 * To say with luser_image_place() where it is; full blocks are followed by new
 * ones without it. Takes the block first and then, where there is no room for
 * its address, a page of the list.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (the list is full), LUSER_NOMEM (the image
 * is full).
 */
enum luser_code luser_list_add_block(struct luser_list_writer *writer,
				     struct luser_error *err);

/**
 * luser_list_add() - the next record
 * @writer: the page list
 * @slot:   receives where it goes
 * @err:    may be NULL
 *
 * Return: as luser_list_add_block().
 */
enum luser_code luser_list_add(struct luser_list_writer *writer,
			       struct luser_slot *slot,
			       struct luser_error *err);

/**
 * luser_list_end() - complete the field that leads to the list
 * @writer: all records were added
 *
 * Sets the field, and the count beside it.
 */
void luser_list_end(const struct luser_list_writer *writer);

/**
 * luser_encode_seal_page() - seal one page, or unseal it
 * @image:  has the page
 * @array:  what the page is of; one without seal is left alone
 * @phys:   the page
 * @sealed: true sets flag and checksum, false clears both
 * @err:    may be NULL
 *
 * Return: LUSER_OK, LUSER_NODATA.
 */
enum luser_code luser_encode_seal_page(struct luser_image *image,
				       const struct luser_array *array,
				       uint64_t phys, bool sealed,
				       struct luser_error *err);

/**
 * luser_encode_page_list() - records in scattered blocks of pages
 * @image:   receives the blocks and the list of them
 * @field:   a page list that holds records
 * @at:      bytes of the struct that @field is in
 * @records: the records, back to back
 * @count:   how many; 0 makes an empty list
 * @order:   order of each block
 * @err:     may be NULL
 *
 * Sets @field, and the count beside it.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (too many), LUSER_NOMEM (@image is full).
 */
enum luser_code luser_encode_page_list(struct luser_image *image,
				       const struct luser_field *field,
				       uint8_t *at, const void *records,
				       uint64_t count, uint32_t order,
				       struct luser_error *err);

/**
 * struct luser_tree_writer - a radix tree of preserved blocks being written;
 * private
 */
struct luser_tree_writer {
	struct luser_image *image;
	uint32_t page_shift;
	uint32_t table_bits;
	uint32_t leaf_bits;
	uint32_t order_bit;
	uint32_t levels;
	uint64_t root;
};

/**
 * luser_tree_begin() - start to write a map of preserved blocks
 * @writer: needs no end
 * @image:  receives its pages, which are not preserved
 * @tree:   how it is made
 */
void luser_tree_begin(struct luser_tree_writer *writer,
		      struct luser_image *image, const struct luser_tree *tree);

/**
 * luser_tree_add_page() - a page of the map
 * @writer: the map
 * @level:  of the page, from 0 for a leaf up to the root
 * @key:    any key that leads through it
 * @phys:   receives its address
 * @err:    may be NULL
 *
 * Makes the page, and those above it, where they are not there yet. Pages that
 * keys need are made without it: this is for pages without keys, and to say
 * with luser_image_place() where a page is, its parents being there.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (@level or @key is of no such map),
 * LUSER_NOMEM (the image is full).
 */
enum luser_code luser_tree_add_page(struct luser_tree_writer *writer,
				    uint32_t level, uint64_t key,
				    uint64_t *phys, struct luser_error *err);

/**
 * luser_tree_add() - say that a block is preserved
 * @writer: the map
 * @block:  what is preserved
 * @err:    may be NULL
 *
 * Return: as luser_tree_add_page().
 */
enum luser_code luser_tree_add(struct luser_tree_writer *writer,
			       const struct luser_block *block,
			       struct luser_error *err);

/**
 * struct luser_bitmaps_writer - bitmaps of preserved blocks being written
 * @chunks: the list of the bitmaps
 */
struct luser_bitmaps_writer {
	struct luser_array_writer chunks;

	/* private */
	struct luser_image *image;
	const struct luser_tree *tree;
	uint32_t page_shift;
	uint32_t bits;
	uint32_t order;
};

/**
 * luser_bitmaps_begin() - start to write a map that is made of bitmaps
 * @writer: needs no end
 * @image:  receives its pages and bitmaps, which are not preserved, and has the
 *          blocks that are
 * @tree:   how it is made
 */
void luser_bitmaps_begin(struct luser_bitmaps_writer *writer,
			 struct luser_image *image,
			 const struct luser_tree *tree);

/**
 * luser_bitmaps_add_chunk() - go on in a new page of the list
 * @writer: the map
 * @order:  the bitmaps that follow are of blocks of 2^@order pages
 * @err:    may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT, LUSER_NOMEM (the image is full).
 */
enum luser_code luser_bitmaps_add_chunk(struct luser_bitmaps_writer *writer,
					uint32_t order,
					struct luser_error *err);

/**
 * luser_bitmaps_add() - a bitmap of the blocks that were preserved so far
 * @writer: the map
 * @start:  address of the first block that it has a bit for
 * @err:    may be NULL
 *
 * Takes the bitmap first and then, where there is no room in the list, a page
 * of it.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT, LUSER_NOMEM (the image is full).
 */
enum luser_code luser_bitmaps_add(struct luser_bitmaps_writer *writer,
				  uint64_t start, struct luser_error *err);

/**
 * luser_encode_tree() - the map of all blocks that were preserved so far
 * @image: the blocks, and where the map goes
 * @tree:  how it is made
 * @phys:  receives the address of its root
 * @err:   may be NULL
 *
 * Return: LUSER_OK, LUSER_NOMEM (@image is full).
 */
enum luser_code luser_encode_tree(struct luser_image *image,
				  const struct luser_tree *tree, uint64_t *phys,
				  struct luser_error *err);

/**
 * struct luser_tables_writer - page tables being written; private, but for
 * @root:   address of the top table
 * @tables: how many there are
 */
struct luser_tables_writer {
	struct luser_image *image;
	const struct luser_page_format *format;
	uint32_t top_level;
	uint64_t root;
	uint64_t tables;
};

/**
 * luser_tables_begin() - start to write page tables
 * @writer:    needs no end
 * @image:     receives the tables, which are preserved
 * @format:    what they are made of
 * @top_level: level of the top table
 *
 * There is no table yet: luser_tables_add_page() makes the first.
 */
void luser_tables_begin(struct luser_tables_writer *writer,
			struct luser_image *image,
			const struct luser_page_format *format,
			uint32_t top_level);

/**
 * luser_tables_add_page() - a table
 * @writer: the tables
 * @level:  of the table, up to the top level
 * @iova:   any input address that leads through it
 * @bits:   of the entry that leads to it, beside address and level; those of
 *          tables between it and the top one are the format's
 * @phys:   receives its address
 * @err:    may be NULL
 *
 * Makes the table, and those above it, where they are not there yet. Tables
 * that pages need are made without it: this is for empty ones, and to say with
 * luser_image_place() where a table is, its parents being there.
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (no such level, @iova is beyond the top
 * table, or a page is in the way), LUSER_NOMEM (the image is full).
 */
enum luser_code luser_tables_add_page(struct luser_tables_writer *writer,
				      uint32_t level, uint64_t iova,
				      uint64_t bits, uint64_t *phys,
				      struct luser_error *err);

/**
 * luser_tables_map() - map pages that follow each other
 * @writer: the tables
 * @iova:   the first input address
 * @phys:   the first output address
 * @len:    bytes
 * @shift:  logarithm of the size of each page
 * @bits:   of their entries, beside address, size and level
 * @err:    may be NULL
 *
 * Return: LUSER_OK, LUSER_ARGUMENT (the format has no such pages or addresses,
 * addresses or @len are no multiples of their size, or something is mapped
 * there), LUSER_NOMEM (the image is full).
 */
enum luser_code luser_tables_map(struct luser_tables_writer *writer,
				 uint64_t iova, uint64_t phys, uint64_t len,
				 uint32_t shift, uint64_t bits,
				 struct luser_error *err);

/**
 * luser_tables_bits() - what a kernel sets in the entry of a page
 * @format: of the tables
 * @read, @write: what is allowed
 */
uint64_t luser_tables_bits(const struct luser_page_format *format, bool read,
			   bool write);

/**
 * struct luser_fdt_writer - a device tree being written; private
 */
struct luser_fdt_writer {
	void *fdt;
	int error;
	int depth;
};

/* All properties of a node. */
#define LUSER_FDT_ALL UINT64_MAX

/**
 * luser_fdt_begin() - start a device tree
 * @writer: errors are kept in it up to luser_fdt_end()
 * @buf:    receives the tree, 8-byte aligned
 * @len:    bytes of it
 */
void luser_fdt_begin(struct luser_fdt_writer *writer, void *buf, size_t len);

/**
 * luser_fdt_open_node() - a node with its properties
 * @writer:  the tree
 * @node:    what the node is
 * @name:    "" for the root
 * @values:  the properties, laid out as @node->properties says
 * @present: bit i: property i is written
 *
 * Integers go in as they lie in memory, little-endian, unlike the device
 * tree's own; a text without what is behind its NUL.
 */
void luser_fdt_open_node(struct luser_fdt_writer *writer,
			 const struct luser_fdt_node *node, const char *name,
			 const uint8_t *values, uint64_t present);

/**
 * luser_fdt_open() - a node, its properties to be added one by one
 * @writer: the tree
 * @name:   "" for the root
 */
void luser_fdt_open(struct luser_fdt_writer *writer, const char *name);

/**
 * luser_fdt_property() - a property of the node that was opened last
 * @writer: the tree; the node has no children yet
 * @name:   of the property
 * @value:  its bytes
 * @len:    how many
 */
void luser_fdt_property(struct luser_fdt_writer *writer, const char *name,
			const void *value, size_t len);

/**
 * luser_fdt_close_node() - the end of a node and its children
 * @writer: the tree
 */
void luser_fdt_close_node(struct luser_fdt_writer *writer);

/**
 * luser_fdt_end() - finish a device tree
 * @writer: all nodes are closed
 * @len:    receives the size of the tree
 * @err:    may be NULL
 *
 * Return: LUSER_OK, LUSER_NOMEM (the buffer was too small), LUSER_ARGUMENT
 * (nodes were opened or closed wrongly).
 */
enum luser_code luser_fdt_end(struct luser_fdt_writer *writer, size_t *len,
			      struct luser_error *err);

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ENCODE_H */
