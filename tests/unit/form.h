/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Records of any layout, written field by field, by name.
 */
#ifndef FORM_H
#define FORM_H

#include "handover.h"

enum form_kind {
	FORM_NUMBER, /* the value */
	FORM_PLUS,   /* the value and the record's number */
	FORM_PAGE,   /* a preserved page of its own */
	FORM_RECORD, /* address of a record of another array, the value'th */
};

/**
 * struct form_value - what a field receives
 * @path:  of the field: "hdr.ref_count", or "driver.intel.root_table" where
 *         intel is an arm of a union
 * @kind:  what it is
 * @value: the number, or the array
 */
struct form_value {
	const char *path;
	enum form_kind kind;
	uint64_t value;
};

#define FORM_VALUES 10
#define FORM_ARRAYS 3
#define FORM_RECORDS 300

/**
 * struct form_array - the records of one array, or of a field of the root that
 * leads to records
 */
struct form_array {
	const char *name;
	struct form_value values[FORM_VALUES];
};

/**
 * struct form - a root and its arrays in one layout
 * @abi:    the layout
 * @root:   fields of the root
 * @arrays: those that others refer to first
 */
struct form {
	const struct luser_abi *abi;
	struct form_value root[FORM_VALUES];
	struct form_array arrays[FORM_ARRAYS];
};

/**
 * struct form_written - where a form went
 * @root:    the root
 * @records: the first records of each array; there are seldom more
 */
struct form_written {
	struct luser_encoded_root root;
	uint64_t records[FORM_ARRAYS][FORM_RECORDS];
};

/* Writes the root and @count records of each array. */
void form_encode(const struct form *form, struct handover *h, uint64_t count,
		 struct form_written *ret);

/* Puts the root where its name is looked up: an FLB, or a file. */
void form_carry(const struct form *form, struct handover *h,
		const struct form_written *written);

/* Writes fields of one struct. */
void form_fill(struct handover *h, const struct luser_struct *type,
	       uint8_t *at, const struct form_value *values, uint64_t i,
	       const struct form_written *written);

#endif /* FORM_H */
