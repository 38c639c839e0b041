/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealed pages, inside of the check: kho_sealed_check.c asks the other files
 * about the chain, pages, structs and what is unique.
 */

#ifndef _KHO_SEALED_INTERNAL_H
#define _KHO_SEALED_INTERNAL_H

#include <linux/kho_sealed_page.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

/* A size that damage made up is no reason to warn. */
#define KHO_SEALED_GFP	(GFP_KERNEL | __GFP_NOWARN)

/**
 * struct kho_walk - An array that is being checked.
 * @check:   What it belongs to.
 * @type:    What it should be.
 * @array:   What it is.
 * @ended:   The chain ended where its last page says so.
 * @refused: A rule is broken that gives the rest another meaning.
 */
struct kho_walk {
	const struct kho_sealed_check *check;
	const struct kho_sealed_type *type;
	struct kho_sealed_array *array;
	bool ended;
	bool refused;
};

/**
 * struct kho_place - Where in an array something is.
 * @where: What it is.
 * @index: Its number.
 * @phys:  Its physical address.
 */
struct kho_place {
	enum kho_fault_where where;
	u32 index;
	u64 phys;
};

/* Live update is for little-endian machines only. */
static inline u64 kho_load(const void *at, size_t size)
{
	u64 value = 0;

	memcpy(&value, at, min(size, sizeof(value)));
	return value;
}

static inline u64 kho_load_field(const void *at,
				 const struct kho_sealed_field *field)
{
	return kho_load(at + field->offset, field->size);
}

void kho_report(const struct kho_walk *walk,
		const struct kho_place *place, size_t offset,
		const char *rule, u64 found, const char *expected);
void kho_report_number(const struct kho_walk *walk,
		       const struct kho_place *place, size_t offset,
		       const char *rule, u64 found, const char *relation,
		       u64 number);
int kho_follow_chain(struct kho_walk *walk, u64 phys);
bool kho_check_rules(struct kho_walk *walk,
		     const struct kho_place *place,
		     const struct kho_sealed_struct *type,
		     const void *at, u32 size);
bool kho_check_record(struct kho_walk *walk,
		      const struct kho_place *place, const void *at);
void kho_check_pages(struct kho_walk *walk);
int kho_check_unique(const struct kho_walk *walk,
		     const struct kho_sealed_unique *unique);

#endif /* _KHO_SEALED_INTERNAL_H */
