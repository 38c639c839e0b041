/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What records are made of beside what is only true of one place in memory:
 * addresses, and references to other records.
 */
#ifndef LUO_DUMP_DIFF_REFS_H
#define LUO_DUMP_DIFF_REFS_H

#include "snapshot.h"

/**
 * struct ref - a reference that every record of a type has
 * @field:  what it is
 * @offset: of the struct that it is in, in the record
 * @i:      element
 */
struct ref {
	const struct luser_field *field;
	size_t offset;
	uint32_t i;
};

/**
 * struct shape - a type, without its nested structs
 * @type: of @size bytes
 * @refs: its references
 * @state: a mask over its bytes: zero where addresses and references are
 */
struct shape {
	const struct luser_struct *type;
	struct ref *refs;
	size_t nr_refs;
	uint8_t *state;
};

/**
 * struct target - an array with records that others may refer to, or a record
 * @look:   of the array, by number
 * @array:  number of the array
 * @object: number of the record
 */
struct target {
	uint32_t look;
	uint32_t array;
	uint32_t object;
	uint64_t index;
	uint64_t phys;
};

/**
 * struct targets - such arrays or records, sorted
 */
struct targets {
	struct target *list;
	size_t nr;
};

/**
 * struct refs - what refers to what in a snapshot
 * @kinds:    looks of the arrays: hostile memory has any number of arrays, but
 *            few kinds of them
 * @arrays:   by look and number
 * @by_index: records, by array and index
 * @by_phys:  the same by look of the array and address
 */
struct refs {
	const struct snapshot *snapshot;
	struct shape **shapes;
	size_t nr_shapes;
	uint32_t *kinds;
	size_t nr_kinds;
	struct targets arrays;
	struct targets by_index;
	struct targets by_phys;
};

void refs_init(struct refs *refs, const struct snapshot *snapshot);
void refs_free(struct refs *refs);

/* The shape of a type; it lives as long as @refs. */
const struct shape *shape_of(struct refs *refs,
			     const struct luser_struct *type);

/* The field holds a record's address or index. */
bool is_reference(const struct luser_field *field);

/* The field holds what says nothing but where something is. */
bool is_address(const struct luser_field *field);

/* The fields of a reference lie in the first @size bytes of its record. */
bool ref_there(const struct ref *ref, size_t size);

/**
 * ref_target() - the record that a reference leads to
 * @refs:   of the snapshot
 * @object: that the reference is in
 * @field:  the reference
 * @at:     bytes of the struct that it is in
 * @i:      element
 *
 * Return: the record, or NOTHING.
 */
uint32_t ref_target(const struct refs *refs, uint32_t object,
		    const struct luser_field *field, const uint8_t *at,
		    uint32_t i);

#endif /* LUO_DUMP_DIFF_REFS_H */
