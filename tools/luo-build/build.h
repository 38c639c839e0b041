/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * From a description to an image: what its parts share.
 *
 * The descriptor tables say how the value of a field is to be read, so nothing
 * here knows an ABI. Keys that start with '$' are of the description, all
 * others are names of fields.
 */
#ifndef LUO_BUILD_BUILD_H
#define LUO_BUILD_BUILD_H

#include <luser/encode.h>
#include <luser/walk.h>

#include "document.h"

/* Objects inside of each other; real handovers need 9. */
#define MAX_DEPTH 32

/**
 * struct name - memory under a name
 */
struct name {
	const char *name;
	uint64_t phys;
};

/**
 * struct reference - an address to be filled in: that of a record
 * @at:    bytes of the struct that @field is in
 * @index: the record
 */
struct reference {
	const yaml_node_t *node;
	const struct luser_field *field;
	uint8_t *at;
	uint64_t index;
};

/**
 * struct records - where the records of an array went
 */
struct records {
	const struct luser_array *array;
	uint64_t *phys;
	size_t nr;
};

/**
 * struct map - a map of preserved memory, to be made when all else is there
 * @at:   bytes of the struct that @field is in
 * @node: what was said of it, or NULL
 */
struct map {
	const yaml_node_t *node;
	const struct luser_field *field;
	uint8_t *at;
};

/**
 * struct property - records that fill a property of a device tree, or that
 * follow a struct
 * @owner: the values of the node's other properties, or the struct
 */
struct property {
	const uint8_t *owner;
	const struct luser_field *field;
	uint8_t *bytes;
	size_t len;
};

/**
 * struct scope - one ABI's state being built
 * @header: header of its root page, or NULL
 */
struct scope {
	struct scope *outer;
	const uint8_t *header;
	struct records *records;
	size_t nr_records;
	struct reference *references;
	size_t nr_references;
};

/**
 * struct build - an image being built
 * @turn:  which one of a repeated record is being built
 * @depth: objects that are being built
 * @scope: the innermost of them that has a root
 */
struct build {
	struct document *doc;
	struct luser_image *image;
	uint32_t page_size;
	uint32_t page_shift;
	uint64_t turn;
	unsigned int depth;
	struct scope *scope;
	struct name *names;
	size_t nr_names;
	struct map *maps;
	size_t nr_maps;
	struct property *properties;
	size_t nr_properties;
};

/**
 * struct blob - what was built
 * @key: what registries know its ABI as, or NULL
 */
struct blob {
	uint64_t phys;
	uint64_t size;
	const char *key;
};

/* value.c: values of fields */
void put_integers(struct build *b, const struct luser_field *field, uint8_t *at,
		  uint32_t count, const yaml_node_t *value);
void put_text(struct build *b, const struct luser_field *field, uint8_t *at,
	      const yaml_node_t *value);
void put_bytes(struct build *b, uint8_t *at, size_t room,
	       const yaml_node_t *value);
uint64_t integer_at(struct build *b, const struct luser_field *field,
		    const yaml_node_t *value);

/* memory.c: blocks without a meaning here */
void reserve_places(struct build *b, const yaml_node_t *node);
void preserve_placed(struct build *b, const yaml_node_t *list);
void preserve_others(struct build *b, const yaml_node_t *list);
uint64_t memory_address(struct build *b, const yaml_node_t *value);
struct blob build_bytes(struct build *b, const yaml_node_t *value);
void place(struct build *b, const yaml_node_t *value);
typedef enum luser_code put_placed(struct build *b, void *writer,
				   const yaml_node_t *one,
				   struct luser_error *err);
void put_each(struct build *b, const yaml_node_t *list, const char *const *keys,
	      put_placed *put, void *writer);

/* record.c: structs, field by field */
void put_struct(struct build *b, const struct luser_struct *type, uint8_t *at,
		size_t size, const yaml_node_t *value);
bool is_own_key(const char *key);

/* link.c: what a field leads to */
bool is_linked(struct build *b, const struct luser_field *field,
	       const yaml_node_t *value);
void put_link(struct build *b, const struct luser_struct *type,
	      const struct luser_field *field, uint8_t *at,
	      const yaml_node_t *value);
void add_reference(struct build *b, const struct luser_field *field,
		   uint8_t *at, const yaml_node_t *value);

/* array.c: arrays and page lists */
void put_array(struct build *b, const struct luser_struct *type,
	       const struct luser_field *field, uint8_t *at,
	       const yaml_node_t *value);
void put_page_list(struct build *b, const struct luser_field *field,
		   uint8_t *at, const yaml_node_t *value);
uint64_t repeat_of(struct build *b, const yaml_node_t *record);

/* property.c: records in a property, or behind a struct */
void put_property(struct build *b, const struct luser_field *field,
		  uint8_t *owner, const yaml_node_t *value);
const struct property *property_of(const struct build *b, const uint8_t *owner,
				   const struct luser_field *field);
uint64_t room_behind(struct build *b, const struct luser_struct *type,
		     const yaml_node_t *value);
void put_behind(struct build *b, const struct luser_struct *type, uint8_t *at);
void free_properties(struct build *b);

/* root.c: an ABI's state from its root on */
void end_scope(struct build *b);
struct blob build_blob(struct build *b, const yaml_node_t *value);

/* fdt.c: device trees */
struct blob build_fdt(struct build *b, const struct luser_abi *abi,
		      const yaml_node_t *value);

/* tables.c: page tables */
bool is_tables(struct build *b, const struct luser_field *field,
	       const yaml_node_t *value);
void put_tables(struct build *b, const struct luser_field *field, uint8_t *at,
		const yaml_node_t *value);

/* map.c: the map of preserved memory */
void add_map(struct build *b, const struct luser_field *field, uint8_t *at,
	     const yaml_node_t *value);
void build_maps(struct build *b);

/* damage.c: what is to be wrong with it */
void do_damage(struct build *b, uint64_t root, const yaml_node_t *list);

/* handover.c: all of it */
struct luser_image *build_handover(struct document *doc, uint32_t page_size,
				   uint64_t *root);

#endif /* LUO_BUILD_BUILD_H */
