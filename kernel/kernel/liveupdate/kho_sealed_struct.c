// SPDX-License-Identifier: GPL-2.0-only

/*
 * Sealed pages: the rules of a struct, and of a record with its sections.
 */

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/string.h>

#include "kho_sealed_internal.h"

/* Test the rules of @type on what is at @place, @size bytes of which exist. */
bool kho_check_rules(struct kho_walk *walk,
		     const struct kho_place *place,
		     const struct kho_sealed_struct *type,
		     const void *at, u32 size)
{
	u64 broken = type->nr_rules ? type->broken(at, walk->check->root) : 0;
	bool sound = true;

	for (u32 i = 0; i < type->nr_rules; i++) {
		const struct kho_sealed_rule *rule = &type->rules[i];

		if (!(broken & BIT_ULL(i)) || rule->since > size)
			continue;
		kho_report(walk, place, rule->offset, rule->name,
			   kho_load(at + rule->offset, rule->size),
			   rule->that);
		walk->refused |= rule->refuse;
		sound = false;
	}
	return sound;
}

static bool kho_check_memory(const struct kho_walk *walk,
			     const struct kho_place *place,
			     const struct kho_sealed_struct *type,
			     const void *at, u32 size)
{
	const struct kho_sealed_check *check = walk->check;
	bool sound = true;

	for (u32 i = 0; i < type->nr_memory; i++) {
		const struct kho_sealed_memory *memory = &type->memory[i];
		u64 phys = kho_load(at + memory->offset, sizeof(phys));

		if (!phys || memory->since > size ||
		    check->ops->preserved(check->ctx, phys, memory->size))
			continue;
		kho_report(walk, place, memory->offset, "not-preserved", phys,
			   "preserved memory");
		sound = false;
	}
	return sound;
}

/* What is wrong with a reference, or NULL. */
static const char *kho_bad_index(const struct kho_sealed_array *target,
				 u32 index)
{
	if (index >= target->nr_slots)
		return "no-such-record";
	if (test_bit(index, target->sound))
		return NULL;
	if (test_bit(index, target->damaged) ||
	    target->pages[index / target->capacity].lost)
		return "unsound-record";
	return "empty-record";
}

static bool kho_check_indices(const struct kho_walk *walk,
			      const struct kho_place *place,
			      const struct kho_sealed_struct *type,
			      const void *at, u32 size)
{
	bool sound = true;

	for (u32 i = 0; i < type->nr_indices; i++) {
		const struct kho_sealed_index *index = &type->indices[i];
		u32 to = kho_load(at + index->offset, sizeof(to));
		const char *rule;

		if (index->since > size ||
		    (index->nullable && to == index->none))
			continue;
		rule = kho_bad_index(walk->check->targets[index->target], to);
		if (!rule)
			continue;
		kho_report(walk, place, index->offset, rule, to,
			   index->expected);
		sound = false;
	}
	return sound;
}

/* A struct that is shorter than this kernel knows reads as if zeros followed. */
static bool kho_check_struct(struct kho_walk *walk,
			     const struct kho_place *place,
			     const struct kho_sealed_struct *type,
			     const void *at, u32 size)
{
	u64 wide[KHO_SEALED_MAX_STRUCT / sizeof(u64)];
	bool sound;

	if (size < type->size) {
		memset(wide, 0, sizeof(wide));
		memcpy(wide, at, size);
		at = wide;
	}
	sound = kho_check_rules(walk, place, type, at, size);
	sound &= kho_check_memory(walk, place, type, at, size);
	sound &= kho_check_indices(walk, place, type, at, size);
	return sound;
}

static const struct kho_sealed_struct *
kho_section_type(const struct kho_sealed_section *section, const void *at)
{
	u64 tag = kho_load_field(at, &section->tag);

	for (u32 i = 0; i < section->nr_arms; i++)
		if (section->arms[i].tag == tag)
			return section->arms[i].type;
	return NULL;
}

static bool kho_check_section(struct kho_walk *walk,
			      const struct kho_place *place,
			      const struct kho_sealed_section *section,
			      const void *at)
{
	const struct kho_sealed_struct *type = kho_section_type(section, at);
	u64 offset = kho_load_field(at, &section->offset);
	u64 size = kho_load_field(at, &section->size);
	u32 stride = walk->array->stride;
	struct kho_place inside = *place;

	if (offset < section->first || !IS_ALIGNED(offset, sizeof(u64)) ||
	    offset > stride || size > stride - offset ||
	    size < (type ? type->min_size : 0)) {
		kho_report(walk, place, section->offset.offset, "section",
			   offset, "a section inside of its record");
		return false;
	}
	if (!type)
		return true;
	inside.phys += offset;
	return kho_check_struct(walk, &inside, type, at + offset, size);
}

bool kho_check_record(struct kho_walk *walk,
		      const struct kho_place *place, const void *at)
{
	const struct kho_sealed_struct *type = walk->type->record;
	u32 stride = walk->array->stride;
	bool sound = kho_check_struct(walk, place, type, at, stride);

	for (u32 i = 0; i < type->nr_sections; i++)
		if (type->sections[i].since <= stride)
			sound &= kho_check_section(walk, place,
						   &type->sections[i], at);
	return sound;
}
