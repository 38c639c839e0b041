/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the parts of the walk share.
 */
#ifndef LUSER_WALK_INTERNAL_H
#define LUSER_WALK_INTERNAL_H

#include <luser/array.h>
#include <luser/format.h>
#include <luser/index.h>
#include <luser/page.h>
#include <luser/walk.h>

#include "claims.h"
#include "number_list.h"
#include "rules.h"
#include "text.h"

/* Nested objects; real handovers need 9. */
#define WALK_MAX_DEPTH 24

/* The state of a slot that holds nothing; others are 1 + the record's tag. */
#define WALK_SLOT_EMPTY 0

/**
 * struct walk_loaded - an array that was read, for references to its records
 * @next:     the one read before
 * @number:   how many were read before
 * @latest:   of each kind read so far, the last one; the last of all, this
 *            one, comes first
 * @nr_latest: kinds: as many as the schemas have of such arrays, at most
 * @abi:      the ABI that has it
 * @array:    which one it is
 * @pages:    the numbers of its pages, from 1 on, by their addresses
 * @slots:    what its slots hold
 * @users:    of each slot, where records say how many refer to them; or NULL
 * @stride, @capacity: as the pages say
 */
struct walk_loaded {
	struct walk_loaded *next;
	size_t number;
	struct walk_loaded **latest;
	size_t nr_latest;
	const struct luser_abi *abi;
	const struct luser_array *array;
	struct luser_index pages;
	struct luser_slots slots;
	struct walk_user_count *users;
	uint32_t stride;
	uint32_t capacity;
};

/**
 * struct walk - one walk
 * @mem:     NULL if there is none
 * @root:    where it started
 * @env:     page size; its root changes with the ABI
 * @silent:  objects are checked, not reported
 * @dry:     of one ABI that a blob may be; what it leads to is not followed
 * @judged:  what dry walks looked at so far, in bytes
 * @secret:  what their readings begin with, so that nobody can make different
 *           ones equal; 0: not drawn yet
 * @depth:   nested objects
 * @code:    why the walk ends early, or LUSER_OK
 * @mapped:  @preserved is complete and current
 * @loaded: arrays that were read, the last one first
 * @outer:  the first of them that is of another root
 * @root_header: header of the ABI's root page, or NULL
 * @enough:  the array of which the visitor has seen enough records, or NULL
 * @explained: the field of the records of @explained_in of which it was said why
 *           what it leads to is not followed; or NULL
 */
struct walk {
	struct luser_mem *mem;
	const struct luser_root *root;
	const struct luser_walk_options *options;
	const struct luser_visitor *visitor;
	void *ctx;
	struct luser_env env;
	unsigned int silent;
	bool dry;
	uint64_t judged;
	uint64_t secret;
	unsigned int depth;
	enum luser_code code;
	struct luser_claims claims;
	struct luser_block_set *preserved;
	bool mapped;
	struct walk_loaded *loaded;
	struct walk_loaded *outer;
	uint64_t bytes_read;
	const uint8_t *root_header;
	const struct luser_node *enough;
	const struct luser_field *explained;
	const struct luser_node *explained_in;
};

/* walk.c: telling the visitor */
bool walk_enter(struct walk *w, const struct luser_node *node);
void walk_leave(struct walk *w, const struct luser_node *node);
void walk_finding(struct walk *w, const struct luser_finding *finding);
void walk_error(struct walk *w, const struct luser_node *node,
		const struct luser_field *field, const char *rule,
		const char *text, const char *found, const char *expected);
void walk_rules(struct walk *w, const struct luser_node *node,
		const struct luser_struct *type, const uint8_t *at,
		uint64_t size, bool *refuse);
void walk_extent(struct walk *w, const struct luser_extent *extent);
bool walk_over(const struct walk *w);
uint64_t walk_field_phys(const struct luser_node *node,
			 const struct luser_field *field);
const uint8_t *walk_field_owner(const struct luser_node *node,
				const struct luser_field *field);
void walk_label(const struct luser_node *node, char *buf, size_t len);

/* Add a field's name, after those of structs of @type that it is in. */
void walk_field_name(struct luser_text *text, const struct luser_struct *type,
		     const struct luser_field *field);

/* Add a node's own part of its path: "files", "[17]". */
void walk_element(struct luser_text *text, const struct luser_node *node);

/* walk_memory.c: fetching, and what an address may be */
bool walk_claim(struct walk *w, const struct luser_node *node,
		const struct luser_field *field, uint64_t phys, uint64_t len);
void walk_count(struct walk *w, uint64_t len);
bool walk_read(struct walk *w, const struct luser_node *node,
	       const struct luser_field *field, uint64_t phys, void *buf,
	       size_t len);
void walk_preserved(struct walk *w, const struct luser_node *node,
		    const struct luser_field *field, uint64_t phys,
		    uint64_t len);
bool walk_is_frozen(const struct walk *w);
bool walk_is_stale(const struct walk *w, const char *freed);
bool walk_no_memory(struct walk *w, const struct luser_node *node,
		    const struct luser_field *field);

/* walk_struct.c: a struct's fields and what they lead to */
void walk_struct(struct walk *w, const struct luser_node *node);
bool walk_check(struct walk *w, const struct luser_node *node);
void walk_follow(struct walk *w, const struct luser_node *node);
uint64_t walk_path_value(const struct luser_field *const *path,
			 const uint8_t *at);

/* walk_plain.c: records that lead to no other object */

/**
 * walk_plain_new() - find out what is to be tested of such records
 *
 * What they refer to has been read.
 *
 * Return: NULL if they lead to other objects, or, as w->code then says, without
 * memory.
 */
struct plain *walk_plain_new(struct walk *w, const struct luser_struct *type);
bool walk_plain_sound(struct walk *w, const struct plain *plain,
		      const uint8_t *at, uint64_t size,
		      const struct luser_env *env);
void walk_plain_free(struct plain *plain);

/* walk_link.c: following one field */
/* Bytes of memory that a record has or uses there; 0: nobody knows. */
uint64_t walk_memory_len(const struct luser_link *link, const uint8_t *at,
			 const struct luser_env *env);
void walk_link(struct walk *w, const struct luser_node *node,
	       const struct luser_field *field, const uint8_t *at);

/* walk_array.c: arrays */
void walk_array(struct walk *w, const struct luser_node *parent,
		const struct luser_field *field, const uint8_t *owner,
		uint64_t phys);
void walk_total(struct walk *w, const struct luser_node *node,
		const struct luser_array *array, const uint8_t *owner,
		uint64_t used);
/* walk_following.c: records behind their struct */
void walk_following(struct walk *w, const struct luser_node *parent,
		    const struct luser_field *field, const uint8_t *at);

/* walk_page_list.c: records in scattered pages */
void walk_page_list(struct walk *w, const struct luser_node *parent,
		    const struct luser_field *field, const uint8_t *at);

/* walk_property.c: records in a property of a device tree */
void walk_property(struct walk *w, const struct luser_node *node,
		   const struct luser_field *field, uint64_t phys,
		   const uint8_t *bytes, size_t len);

/* walk_reference.c: references to records */
struct walk_loaded *walk_load(struct walk *w, const struct luser_abi *abi,
			      const struct luser_array *array);
bool walk_load_page(struct walk_loaded *loaded,
		    const struct luser_array_reader *reader);
void walk_load_free(struct walk *w, const struct walk_loaded *end);
/* Whether a link leads to records of an array. */
bool walk_links_to(const struct luser_link *link, const struct luser_abi *abi,
		   const struct luser_array *array);
struct walk_loaded *walk_find(struct walk *w, const struct luser_link *link);
/* The slot that an address is in, or UINT64_MAX if it is no record's. */
uint64_t walk_slot_at(const struct walk *w, const struct walk_loaded *loaded,
		      uint64_t phys);
/* Whether it leads to a record, or nowhere and may; @loaded may be NULL. */
bool walk_refers(const struct walk *w, const struct walk_loaded *loaded,
		 const struct luser_link *link, uint64_t value);
/* What is in the slot that a field names. */
uint8_t walk_reference(struct walk *w, const struct luser_node *node,
		       const struct luser_field *field, const uint8_t *at,
		       bool report);

/**
 * struct walk_texts - records and the string of each
 * @v:     the records
 * @bytes: their strings, one after the other
 * @nr:    how many
 */
struct walk_texts {
	struct walk_text *v;
	uint8_t *bytes;
	size_t nr;
};

/**
 * struct walk_bits - keys, 64 neighbours in one entry, a bit each
 * @latest: the entry that was used last; NULL at first
 */
struct walk_bits {
	struct luser_index keys;
	struct luser_index_entry *latest;
};

/**
 * struct walk_unique - the records of an array, by what no two share
 * @shared: for each of the array's rules by which records may share a key, the
 *         number of its group in @groups and one
 * @groups: for each rule, the records that share a key
 * @settles: for each rule, those that need not be asked of a record that is to it
 *         what a sound one was, a bit each
 * @nr_groups: of each rule, for all of which there is room
 * @once:  for the other rules, the keys so far
 * @twice: those that two records have
 * @all:   for each rule, the key of each record, where none may share it
 * @texts: for each rule that is about a string, those of all records
 * @indices: the number of each record
 * @pages: addresses of the array's pages
 * @nr_pages: pages, for all of which there is room in @pages
 * @capacity, @stride: as the pages say
 */
struct walk_unique {
	struct luser_index shared[LUSER_MAX_UNIQUE];
	struct walk_group *groups[LUSER_MAX_UNIQUE];
	uint32_t settles[LUSER_MAX_UNIQUE];
	size_t nr_groups[LUSER_MAX_UNIQUE];
	struct walk_bits once[LUSER_MAX_UNIQUE];
	struct walk_bits twice[LUSER_MAX_UNIQUE];
	struct number_list all[LUSER_MAX_UNIQUE];
	struct walk_texts texts[LUSER_MAX_UNIQUE];
	struct number_list indices;
	uint64_t *pages;
	size_t nr_pages;
	uint32_t capacity;
	uint32_t stride;
};

/* walk_unique.c: what no two records of an array share */
/* A page comes, and then its records, one by one; false without memory. */
bool walk_unique_page(struct walk_unique *unique,
		      const struct luser_array_reader *reader);
bool walk_unique_add(struct walk *w, const struct luser_node *array,
		     struct walk_unique *unique, const uint8_t *at,
		     uint64_t index);
void walk_unique_check(struct walk *w, const struct luser_node *node,
		       struct walk_unique *unique);
void walk_unique_report(struct walk *w, const struct luser_node *array,
			const struct walk_unique *unique,
			const struct luser_unique *rule, const char *found,
			uint64_t index);
void walk_unique_free(struct walk_unique *unique);

/* walk_unique_text.c: records that are told apart by a string */
bool walk_texts_add(struct walk_texts *texts, const struct luser_unique *rule,
		    const uint8_t *at, uint64_t index, uint64_t same);
void walk_texts_check(struct walk *w, const struct luser_node *node,
		      struct walk_unique *unique, uint16_t i);
void walk_texts_free(struct walk_texts *texts);

/**
 * struct walk_users - records that refer to others, which count them
 * @loaded: the array of those; NULL: none does, or they were not read
 * @by:     the field with the address, in its struct
 * @offset: where that is in the record
 * @lost:   one of them leads to no record, so nobody knows who counts it
 */
struct walk_users {
	struct walk_loaded *loaded;
	const struct luser_field *by;
	uint32_t offset;
	bool lost;
};

/* walk_users.c: how many records refer to one */
/* What the records of a page say; false without memory. */
bool walk_users_load(struct walk_loaded *loaded,
		     const struct luser_array_reader *reader);
struct walk_users walk_users_begin(struct walk *w,
				   const struct luser_array *array);
/* A record is there; for arrays of which the users are counted. */
void walk_users_add(const struct walk *w, struct walk_users *users,
		    const uint8_t *at);
/* All have been there. @owner is the root, which leads to both arrays. */
void walk_users_check(struct walk *w, const struct luser_node *owner,
		      const struct walk_users *users);

/* walk_tree.c: the map of preserved memory */
void walk_tree(struct walk *w, const struct luser_node *parent,
	       const struct luser_field *field, const struct luser_tree *tree,
	       uint64_t phys);

/* walk_page_table.c: page tables */
bool walk_page_table(struct walk *w, const struct luser_node *parent,
		     const struct luser_field *field, const uint8_t *at,
		     uint64_t phys);

/* walk_dispatch.c: from a field to a blob */
void walk_dispatch(struct walk *w, const struct luser_node *node,
		   const struct luser_field *field, const uint8_t *at);

/* walk_judge.c: that more than one ABI would do */
void walk_tell_candidates(struct walk *w, const struct luser_node *node);

/* walk_blob.c: blobs and their ABIs */
void walk_blob(struct walk *w, const struct luser_node *parent,
	       const struct luser_field *field, const char *registry,
	       const char *key, const char *name, uint64_t phys,
	       const uint8_t *bytes, size_t size);

bool walk_is_handle(const char *registry, const char *key);

/* walk_fdt.c: device trees */
void walk_fdt(struct walk *w, const struct luser_node *blob,
	      const struct luser_abi *abi, const void *fdt);
bool walk_fdt_compatible(const void *fdt, size_t len, char *buf, size_t size);
bool walk_fdt_identity(const struct luser_abi *abi, const void *fdt, size_t len);

#endif /* LUSER_WALK_INTERNAL_H */
