/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealed pages: reading the records that an old kernel left.
 *
 * Nothing in such a page is believed before it was checked. The tables below
 * say what a sound page and a sound record are; they are generated from the
 * ABI's schema, together with the functions that a user calls. What a user
 * sees is struct kho_sealed_array: which records there are, and which of them
 * are sound.
 *
 * What damage costs:
 *
 * - A damaged record is lost, and with it the records that refer to it.
 * - A damaged page costs the records in it.
 * - A chain that breaks, or that has another number of pages than the root
 *   says, costs the records whose place in it is not certain.
 * - A damaged root costs everything.
 */

#ifndef _LINUX_KHO_SEALED_PAGE_H
#define _LINUX_KHO_SEALED_PAGE_H

#include <linux/bitops.h>
#include <linux/kho/abi/sealed_page.h>
#include <linux/stddef.h>
#include <linux/types.h>

/* Larger structs are not built: a shorter one is widened on the stack. */
#define KHO_SEALED_MAX_STRUCT	256

/**
 * enum kho_fault_where - What is at fault.
 * @KHO_FAULT_ARRAY:  The array as a whole.
 * @KHO_FAULT_PAGE:   One page of it.
 * @KHO_FAULT_RECORD: One record.
 */
enum kho_fault_where {
	KHO_FAULT_ARRAY,
	KHO_FAULT_PAGE,
	KHO_FAULT_RECORD,
};

/**
 * struct kho_fault - Something that is wrong with what the old kernel left.
 * @array:    Name of the array.
 * @where:    Which part of it.
 * @index:    Number of the page in its chain, or of the record in its array.
 * @phys:     Physical address of the field at fault, or of the page.
 * @rule:     Short name of what does not hold, as in the schema.
 * @found:    The value that is there; zero where it is not about one value.
 * @expected: What should be.
 */
struct kho_fault {
	const char *array;
	enum kho_fault_where where;
	u32 index;
	u64 phys;
	const char *rule;
	u64 found;
	const char *expected;
};

/**
 * struct kho_sealed_ops - What the check asks, and whom it tells.
 * @map:       Memory at a physical address, or NULL if there is none. It stays
 *             valid, and unchanged, until the array is released.
 * @preserved: Whether all pages of a range were preserved by the old kernel.
 *             Nothing is mapped that is not.
 * @report:    Something is wrong. The strings live as long as the call.
 */
struct kho_sealed_ops {
	const void *(*map)(void *ctx, u64 phys, u64 size);
	bool (*preserved)(void *ctx, u64 phys, u64 size);
	void (*report)(void *ctx, const struct kho_fault *fault);
};

/**
 * struct kho_sealed_page - One page of an array.
 * @hdr:  Its header; the records follow.
 * @phys: Its physical address.
 * @lost: Its records are not known.
 */
struct kho_sealed_page {
	const struct kho_page_hdr_ser *hdr;
	u64 phys;
	bool lost;
};

/**
 * struct kho_sealed_array - An array that was checked.
 * @pages:      Its pages, in order. Lost ones are among them.
 * @sound:      One bit per slot: it holds a sound record.
 * @damaged:    One bit per slot: it holds a record that is not sound.
 * @nr_pages:   How many pages.
 * @nr_slots:   Slots in all pages, the bits of @sound and @damaged.
 * @capacity:   Slots in one page.
 * @stride:     Bytes from one record to the next.
 * @incomplete: There are, or may be, records that are not known at all.
 *
 * All zero is an array without records.
 */
struct kho_sealed_array {
	struct kho_sealed_page *pages;
	unsigned long *sound;
	unsigned long *damaged;
	u32 nr_pages;
	u32 nr_slots;
	u32 capacity;
	u32 stride;
	bool incomplete;
};

/**
 * struct kho_sealed_field - An integer in a struct.
 * @name:   Its name, if a fault is called after it.
 * @offset: Where it is.
 * @size:   Its bytes.
 */
struct kho_sealed_field {
	const char *name;
	u16 offset;
	u8 size;
};

/**
 * struct kho_sealed_expect - A header field that has one value in an array.
 * @field: The field.
 * @value: Its value.
 */
struct kho_sealed_expect {
	struct kho_sealed_field field;
	u64 value;
};

/**
 * struct kho_sealed_rule - Something that must hold.
 * @name:   Its name.
 * @that:   What must hold, as an expression.
 * @offset: The field that it is about, the first if there are more.
 * @size:   Bytes of the field, zero if it is about more than one.
 * @since:  The smallest struct that has the field; shorter ones do not break
 *          the rule.
 * @refuse: When it is broken, the rest of the struct has another meaning.
 */
struct kho_sealed_rule {
	const char *name;
	const char *that;
	u16 offset;
	u16 size;
	u16 since;
	bool refuse;
};

/* The bit of rule @nr, if @that does not hold. */
static inline u64 kho_sealed_unless(unsigned int nr, bool that)
{
	return (u64)!that << nr;
}

/**
 * struct kho_sealed_memory - A field that holds the address of memory.
 * @offset: Where the field is.
 * @since:  The smallest struct that has it.
 * @size:   Bytes that are preserved there; nothing is if the address is zero.
 */
struct kho_sealed_memory {
	u16 offset;
	u16 since;
	u32 size;
};

/**
 * struct kho_sealed_index - A field that refers to a record by its number.
 * @offset:   Where the field is.
 * @since:    The smallest struct that has it.
 * @target:   Which of the check's targets it refers to.
 * @nullable: @none refers to nothing.
 * @none:     That value.
 * @expected: What it should refer to, for a person.
 */
struct kho_sealed_index {
	u16 offset;
	u16 since;
	u16 target;
	bool nullable;
	u32 none;
	const char *expected;
};

struct kho_sealed_struct;

/**
 * struct kho_sealed_arm - One kind of section.
 * @tag:  The value that tells.
 * @type: What the section then is.
 */
struct kho_sealed_arm {
	u64 tag;
	const struct kho_sealed_struct *type;
};

/**
 * struct kho_sealed_section - A struct elsewhere in the same record.
 * @tag:     The field that tells what it is.
 * @offset:  The field with its offset in the record.
 * @size:    The field with its size.
 * @first:   The smallest offset that it may have.
 * @since:   The smallest struct that has it.
 * @nr_arms: Entries of @arms.
 * @arms:    The kinds that have content.
 */
struct kho_sealed_section {
	struct kho_sealed_field tag;
	struct kho_sealed_field offset;
	struct kho_sealed_field size;
	u16 first;
	u16 since;
	u16 nr_arms;
	const struct kho_sealed_arm *arms;
};

/**
 * struct kho_sealed_struct - What makes a struct sound.
 * @size:        Bytes that this kernel knows.
 * @min_size:    Bytes that it always had.
 * @nr_rules:    Entries of @rules, 64 at most.
 * @nr_memory:   Entries of @memory.
 * @nr_indices:  Entries of @indices.
 * @nr_sections: Entries of @sections.
 * @broken:      Tests the rules on @size bytes: bit i is set if rule i is
 *               broken. The second argument is the ABI's root.
 * @rules:       What must hold.
 * @memory:      Addresses of preserved memory.
 * @indices:     References to records.
 * @sections:    Structs elsewhere in the record.
 */
struct kho_sealed_struct {
	u16 size;
	u16 min_size;
	u16 nr_rules;
	u16 nr_memory;
	u16 nr_indices;
	u16 nr_sections;
	u64 (*broken)(const void *at, const void *root);
	const struct kho_sealed_rule *rules;
	const struct kho_sealed_memory *memory;
	const struct kho_sealed_index *indices;
	const struct kho_sealed_section *sections;
};

/**
 * struct kho_sealed_unique - What no two records of an array share.
 * @name: The rule's name.
 * @that: What must hold, for a person.
 * @key:  The value that is a record's own.
 * @same: If set, records may share a key if they agree in this value.
 */
struct kho_sealed_unique {
	const char *name;
	const char *that;
	u64 (*key)(const void *record);
	u64 (*same)(const void *record);
};

/**
 * struct kho_sealed_type - What makes an array sound.
 * @name:         Its name.
 * @header:       What starts each page, struct kho_page_hdr_ser.
 * @record:       What follows.
 * @max_pages:    Pages at most.
 * @min_count:    Slots in use that each page has at least.
 * @full:         All pages but the last are full.
 * @zero_is_free: A slot of zeros holds no record.
 * @first:        Field of the root with the address of the first page.
 * @total:        Field of the root with the number of slots in use; its size
 *                is zero if there is none.
 * @nr_expect:    Entries of @expect.
 * @nr_same:      Entries of @same.
 * @nr_unique:    Entries of @unique.
 * @expect:       Header fields with one value in this array.
 * @same:         Header fields with the value that the root's page has.
 * @unique:       What no two records share.
 */
struct kho_sealed_type {
	const char *name;
	const struct kho_sealed_struct *header;
	const struct kho_sealed_struct *record;
	u32 max_pages;
	u16 min_count;
	bool full;
	bool zero_is_free;
	struct kho_sealed_field first;
	struct kho_sealed_field total;
	u16 nr_expect;
	u16 nr_same;
	u16 nr_unique;
	const struct kho_sealed_expect *expect;
	const struct kho_sealed_field *same;
	const struct kho_sealed_unique *unique;
};

/**
 * struct kho_sealed_check - The check of one handover.
 * @ops:      What it asks, and whom it tells.
 * @ctx:      Handed to @ops.
 * @targets:  The arrays that indices refer to.
 * @root:     A copy of the root, as large as this kernel knows it. Set by
 *            kho_sealed_check_root().
 * @root_hdr: The header of the root's page; set likewise.
 * @root_phys: Where the root is; set likewise.
 */
struct kho_sealed_check {
	const struct kho_sealed_ops *ops;
	void *ctx;
	const struct kho_sealed_array *const *targets;
	const void *root;
	const struct kho_page_hdr_ser *root_hdr;
	u64 root_phys;
};

u32 kho_sealed_page_crc(const struct kho_page_hdr_ser *hdr);
int kho_sealed_check_root(struct kho_sealed_check *check,
			  const struct kho_sealed_type *type, u64 phys,
			  void *root, struct kho_sealed_array *array);
int kho_sealed_check_array(const struct kho_sealed_check *check,
			   const struct kho_sealed_type *type,
			   struct kho_sealed_array *array);
void kho_sealed_release(struct kho_sealed_array *array);

/**
 * kho_sealed_slot - A slot of an array, whatever it holds.
 * @array: The array.
 * @index: Less than @array->nr_slots.
 *
 * Return: The first of @array->stride bytes.
 */
static inline const void *kho_sealed_slot(const struct kho_sealed_array *array,
					  u32 index)
{
	const struct kho_sealed_page *page;
	u32 slot = index % array->capacity;

	page = &array->pages[index / array->capacity];
	return (const u8 *)(page->hdr + 1) + (size_t)slot * array->stride;
}

/**
 * kho_sealed_record - A sound record of an array.
 * @array: The array.
 * @index: Any number.
 *
 * Return: The record, NULL if there is none or if it is not sound.
 */
static inline const void *
kho_sealed_record(const struct kho_sealed_array *array, u32 index)
{
	if (index >= array->nr_slots || !test_bit(index, array->sound))
		return NULL;
	return kho_sealed_slot(array, index);
}

#endif /* _LINUX_KHO_SEALED_PAGE_H */
