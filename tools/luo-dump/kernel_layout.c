// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "kernel.h"
#include "util.h"

/* Of types that lead to types; those of a kernel are far from both. */
#define MAX_STEPS   32
#define MAX_MEMBERS (1U << 24)

/**
 * struct compare - what the structs of one ABI were compared with
 * @left: members that may still be looked at
 */
struct compare {
	const struct btf *btf;
	unsigned int left;
	enum layout layout;
	char *why;
};

static const struct btf_type *plain_type(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	for (int i = 0; i < MAX_STEPS && type; i++) {
		if (!btf_is_mod(type) && !btf_is_typedef(type))
			return type;
		type = btf__type_by_id(btf, type->type);
	}
	return NULL;
}

/**
 * struct member - where a member is
 * @at:   bits from the start of the struct
 * @bits: how many
 */
struct member {
	uint64_t at;
	uint64_t bits;
};

static uint64_t member_bits(const struct btf *btf, const struct btf_type *type,
			    uint16_t i)
{
	int64_t size = btf__resolve_size(btf, btf_members(type)[i].type);
	uint32_t bits = btf_member_bitfield_size(type, i);

	return bits ? bits : size < 0 ? 0 : (uint64_t)size * 8;
}

/* Members of a struct or union without a name are those of its owner. */
static bool find_member(struct compare *c, const struct btf_type *type,
			const char *name, unsigned int depth,
			struct member *to)
{
	const struct btf *btf = c->btf;

	for (uint16_t i = 0; i < btf_vlen(type) && c->left; i++) {
		const struct btf_member *m = &btf_members(type)[i];
		const struct btf_type *inner = plain_type(btf, m->type);
		const char *its = btf__name_by_offset(btf, m->name_off);
		uint64_t at = btf_member_bit_offset(type, i);

		c->left--;
		if (its && !strcmp(its, name)) {
			*to = (struct member){ at, member_bits(btf, type, i) };
			return true;
		}
		if (its && !*its && inner && btf_is_composite(inner) && depth &&
		    find_member(c, inner, name, depth - 1, to)) {
			to->at += at;
			return true;
		}
	}
	return false;
}

static uint64_t bits_of(const struct luser_field *field)
{
	return field->bits ? field->bits :
			     (uint64_t)field->size * field->count * 8;
}

/* Return: what differs, to be freed, or NULL. */
static char *field_differs(struct compare *c, const struct btf_type *type,
			   const struct luser_struct *is,
			   const struct luser_field *field)
{
	uint64_t at = (uint64_t)field->offset * 8 + field->bit;
	struct member member;

	if (field->kind == LUSER_PAD)
		return NULL;
	if (!find_member(c, type, field->name, 4, &member))
		return xprintf("struct %s has no member %s", is->name,
			       field->name);
	if (member.at != at)
		return xprintf("%s.%s is at byte %u, not %u", is->name,
			       field->name, (unsigned int)(member.at / 8),
			       field->offset);
	if (field->count != LUSER_REST_OF_PAGE && member.bits != bits_of(field))
		return xprintf("%s.%s has %u bits, not %u", is->name,
			       field->name, (unsigned int)member.bits,
			       (unsigned int)bits_of(field));
	return NULL;
}

static bool fills_page(const struct luser_struct *is)
{
	return is->nr_fields &&
	       is->fields[is->nr_fields - 1].count == LUSER_REST_OF_PAGE;
}

static char *struct_differs(struct compare *c, const struct btf_type *type,
			    const struct luser_struct *is)
{
	char *why = NULL;

	if (!fills_page(is) && type->size != is->size)
		return xprintf("struct %s has %u bytes, not %u", is->name,
			       type->size, is->size);
	for (uint16_t i = 0; i < is->nr_fields && !why; i++)
		why = field_differs(c, type, is, &is->fields[i]);
	return why;
}

/* Of several types with one name, one that agrees is enough. */
static void compare_struct(struct compare *c, const struct luser_struct *is)
{
	uint32_t nr = btf__type_cnt(c->btf);
	char *why = NULL;

	for (uint32_t id = 1; id < nr; id++) {
		const struct btf_type *type = btf__type_by_id(c->btf, id);
		const char *name = btf__name_by_offset(c->btf, type->name_off);

		if (!btf_is_struct(type) || !name || strcmp(name, is->name))
			continue;
		free(why);
		why = struct_differs(c, type, is);
		if (why)
			continue;
		if (c->layout == LAYOUT_UNKNOWN)
			c->layout = LAYOUT_AGREES;
		return;
	}
	if (why && c->layout != LAYOUT_DIFFERS) {
		c->layout = LAYOUT_DIFFERS;
		c->why = why;
	} else {
		free(why);
	}
}

static void compare_nested(struct compare *c, const struct luser_struct *is)
{
	compare_struct(c, is);
	for (uint16_t i = 0; i < is->nr_fields; i++)
		if (is->fields[i].kind == LUSER_STRUCT)
			compare_nested(c, is->fields[i].type);
}

enum layout kernel_layout(const struct kernel *kernel,
			  const struct luser_abi *abi, char **why)
{
	struct compare c = { kernel->btf, MAX_MEMBERS, LAYOUT_UNKNOWN, NULL };

	if (!kernel->btf)
		return LAYOUT_UNKNOWN;
	for (uint16_t i = 0; i < abi->nr_structs; i++)
		compare_nested(&c, abi->structs[i]);
	for (uint16_t i = 0; i < abi->nr_arrays; i++) {
		compare_nested(&c, abi->arrays[i]->header);
		compare_nested(&c, abi->arrays[i]->record);
	}
	if (c.why)
		*why = c.why;
	return c.layout;
}
