/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-v1.wide: An extension.
 *
 * Made by luser-gen from sample-v1.wide.yaml. Do not edit.
 */
#include <luser/abi.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#include "tables.h"

static const struct luser_array records_array;
static const struct luser_array entries_array;
static const struct luser_array list_array;
static const struct luser_array chunks_array;
static const struct luser_struct sample_pair_ser;
static const struct luser_struct sample_small_ser;
static const struct luser_struct sample_large_ser;
static const struct luser_struct sample_page_ser;
static const struct luser_struct sample_table_ser;
static const struct luser_struct sample_entry_ser;
static const struct luser_struct sample_record_ser;
static const struct luser_struct sample_item_ser;
static const struct luser_struct sample_rooted_ser;
static const struct luser_struct sample_tail_ser;
static const struct luser_struct sample_words_ser;
static const struct luser_struct sample_link_ser;
static const struct luser_struct sample_address_ser;
static const struct luser_struct sample_scattered_ser;
static const struct luser_struct sample_ser;
static const struct luser_struct sample_width_ser;
static const struct luser_field sample_pair_ser_fields[2];
static const struct luser_field sample_small_ser_fields[3];
static const struct luser_field sample_large_ser_fields[2];
static const struct luser_field sample_page_ser_fields[7];
static const struct luser_field sample_table_ser_fields[2];
static const struct luser_field sample_entry_ser_fields[4];
static const struct luser_field sample_record_ser_fields[12];
static const struct luser_field sample_item_ser_fields[5];
static const struct luser_field sample_rooted_ser_fields[1];
static const struct luser_field sample_tail_ser_fields[2];
static const struct luser_field sample_words_ser_fields[2];
static const struct luser_field sample_link_ser_fields[1];
static const struct luser_field sample_address_ser_fields[1];
static const struct luser_field sample_scattered_ser_fields[3];
static const struct luser_field sample_ser_fields[19];
static const struct luser_field sample_width_ser_fields[1];

static const struct luser_name sample_kind_items[] = {
	{
		.name = "none",
		.doc = "Nothing.",
		.value = 0,
	},
	{
		.name = "small",
		.doc = "Something small.",
		.value = 1,
	},
	{
		.name = "large",
		.doc = "Something large.",
		.value = 7,
	},
};

static const struct luser_names sample_kind_names = {
	.name = "sample_kind",
	.items = sample_kind_items,
	.nr_items = 3,
};

static const struct luser_name sample_mode_items[] = {
	{
		.name = "slow",
		.doc = "Slow.",
		.value = 1,
	},
	{
		.name = "fast",
		.doc = "Fast.",
		.value = 2,
	},
};

static const struct luser_names sample_mode_names = {
	.name = "sample_mode",
	.items = sample_mode_items,
	.nr_items = 2,
};

static const struct luser_name sample_flags_items[] = {
	{
		.name = "ready",
		.doc = "It is ready.",
		.value = 1,
	},
	{
		.name = "last",
		.doc = "The last bit, \"quoted\".",
		.value = 0x8000000000000000ull,
	},
};

static const struct luser_names sample_flags_names = {
	.name = "sample_flags",
	.items = sample_flags_items,
	.nr_items = 2,
	.is_flags = true,
	.unknown = LUSER_UNKNOWN_REPORT,
};

static const struct luser_name sample_compat_items[] = {
	{
		.name = "wide",
		.doc = "Records have a width.",
		.value = 2,
	},
};

static const struct luser_names sample_compat_names = {
	.name = "sample_compat",
	.items = sample_compat_items,
	.nr_items = 1,
	.is_flags = true,
	.unknown = LUSER_UNKNOWN_IGNORE,
};

static const struct luser_name sample_incompat_items[] = {
	{
		.name = "known",
		.doc = "A feature.",
		.value = 8,
	},
};

static const struct luser_names sample_incompat_names = {
	.name = "sample_incompat",
	.items = sample_incompat_items,
	.nr_items = 1,
	.is_flags = true,
	.unknown = LUSER_UNKNOWN_REFUSE,
};

static const struct luser_tree sample_map_tree = {
	.name = "sample_map",
	.doc = "A tree.",
	.key_bits = { .constant = 65, .shifts = -1 },
	.table_bits = { .constant = -3, .shifts = 1 },
	.leaf_bits = { .constant = 3, .shifts = 1 },
	.order_bit = { .constant = 64, .shifts = -1 },
	.freed = "Nothing keeps its pages.",
};

static const struct luser_field sample_pair_ser_fields[2] = {
	{
		.name = "low",
		.doc = "At most 9.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 1,
		.count = 1,
	},
	{
		.name = "high",
		.doc = "Not small.",
		.kind = LUSER_UINT,
		.offset = 1,
		.size = 2,
		.count = 1,
	},
};

static const struct luser_rule sample_pair_ser_rules[] = {
	{
		.name = "low-max",
		.check = "type",
		.that = "low <= 9",
		.doc = "It is in its range.",
		.field = &sample_pair_ser_fields[0],
	},
	{
		.name = "high-min",
		.check = "type",
		.that = "high >= 2",
		.doc = "It is in its range.",
		.field = &sample_pair_ser_fields[1],
	},
	{
		.name = "high-max",
		.check = "type",
		.that = "high <= 255",
		.doc = "It is in its range.",
		.field = &sample_pair_ser_fields[1],
	},
	{
		.name = "ordered",
		.check = "rule",
		.that = "low < high",
		.doc = "The first is the smaller one.",
	},
};

static uint64_t sample_pair_ser_broken(const uint8_t *at,
				       const struct luser_env *env)
{
	const uint64_t low = luser_le8(at);
	const uint64_t high = luser_le16(at + 1);

	(void)env;
	return luser_unless(0, low <= 9) |
	       luser_unless(1, high >= 2) |
	       luser_unless(2, high <= 0xff) |
	       luser_unless(3, low < high);
}

static const struct luser_struct sample_pair_ser = {
	.name = "sample_pair_ser",
	.doc = "Two numbers.",
	.size = 3,
	.align = 1,
	.fields = sample_pair_ser_fields,
	.nr_fields = 2,
	.nr_rules = 4,
	.rules = sample_pair_ser_rules,
	.broken = sample_pair_ser_broken,
};

static const struct luser_field sample_small_ser_fields[3] = {
	{
		.name = "value",
		.doc = "A dozen or more.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 4,
		.count = 1,
	},
	{
		.name = "order",
		.doc = "An order.",
		.kind = LUSER_UINT,
		.offset = 4,
		.size = 4,
		.count = 1,
	},
	{
		.name = "text",
		.doc = "Text without an end.",
		.kind = LUSER_STRING,
		.offset = 8,
		.size = 8,
		.count = 1,
	},
};

static const struct luser_rule sample_small_ser_rules[] = {
	{
		.name = "value-multiple",
		.check = "type",
		.that = "value % 12 == 0",
		.doc = "It is a whole multiple.",
		.field = &sample_small_ser_fields[0],
	},
	{
		.name = "whole",
		.check = "rule",
		.that = "order == 0 or value % order == 0",
		.doc = "Whole parts.",
	},
	{
		.name = "shifted",
		.check = "rule",
		.that = "value << order != 0 or value == 0",
		.doc = "Nothing is lost.",
	},
};

static uint64_t sample_small_ser_broken(const uint8_t *at,
					const struct luser_env *env)
{
	const uint64_t value = luser_le32(at);
	const uint64_t order = luser_le32(at + 4);
	bool sound1 = true;

	(void)env;
	return luser_unless(0, (value % 12) == 0) |
	       luser_unless(1, (order == 0 || luser_mod(value, order, &sound1)
			    == 0) && sound1) |
	       luser_unless(2, luser_shl(value, order) != 0 || value == 0);
}

static const struct luser_struct sample_small_ser = {
	.name = "sample_small_ser",
	.doc = "One arm.",
	.size = 16,
	.align = 4,
	.fields = sample_small_ser_fields,
	.nr_fields = 3,
	.nr_rules = 3,
	.rules = sample_small_ser_rules,
	.broken = sample_small_ser_broken,
};

static const struct luser_field sample_large_ser_fields[2] = {
	{
		.name = "words",
		.doc = "Three words.",
		.kind = LUSER_UINT,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 3,
	},
	{
		.name = "pairs",
		.doc = "Two pairs.",
		.kind = LUSER_STRUCT,
		.offset = 24,
		.size = 3,
		.count = 2,
		.type = &sample_pair_ser,
	},
};

static const struct luser_struct sample_large_ser = {
	.name = "sample_large_ser",
	.doc = "Another arm.",
	.size = 30,
	.align = 1,
	.fields = sample_large_ser_fields,
	.nr_fields = 2,
	.broken = luser_no_rules,
};

static const struct luser_field sample_page_ser_fields[7] = {
	{
		.name = "next",
		.doc = "The next page.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_MEMORY,
			.nullable = true,
		},
	},
	{
		.name = "flags",
		.doc = "Marks.",
		.kind = LUSER_UINT,
		.format = LUSER_HEX,
		.offset = 8,
		.size = 8,
		.count = 1,
		.names = &sample_flags_names,
	},
	{
		.name = "kind",
		.doc = "Which array it is.",
		.kind = LUSER_UINT,
		.offset = 16,
		.size = 2,
		.count = 1,
	},
	{
		.name = "stride",
		.doc = "Bytes of a record.",
		.kind = LUSER_UINT,
		.offset = 18,
		.size = 2,
		.count = 1,
	},
	{
		.name = "used",
		.doc = "Records.",
		.kind = LUSER_UINT,
		.offset = 20,
		.size = 4,
		.count = 1,
	},
	{
		.name = "turn",
		.doc = "Which turn it is.",
		.kind = LUSER_UINT,
		.offset = 24,
		.size = 4,
		.count = 1,
	},
	{
		.name = "sum",
		.doc = "A checksum.",
		.kind = LUSER_UINT,
		.format = LUSER_HEX,
		.offset = 28,
		.size = 4,
		.count = 1,
	},
};

static const struct luser_rule sample_page_ser_rules[] = {
	{
		.name = "next-aligned",
		.check = "type",
		.that = "next % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_page_ser_fields[0],
	},
	{
		.name = "flags-unknown",
		.check = "type",
		.that = "flags & 0x7ffffffffffffffe == 0",
		.doc = "Bits without a name are zero.",
		.field = &sample_page_ser_fields[1],
	},
	{
		.name = "fits",
		.check = "rule",
		.that = "used <= capacity and stride >= record_size",
		.doc = "The records fit.",
	},
};

static uint64_t sample_page_ser_broken(const uint8_t *at,
				       const struct luser_env *env)
{
	const uint64_t next = luser_le64(at);
	const uint64_t flags = luser_le64(at + 8);
	const uint64_t used = luser_le32(at + 20);
	const uint64_t stride = luser_le16(at + 18);

	return luser_unless(0, (next & (env->page_size - 1)) == 0) |
	       luser_unless(1, (flags & 0x7ffffffffffffffeull) == 0) |
	       luser_unless(2, used <= (uint64_t)env->capacity && stride >=
			    (uint64_t)env->record_size);
}

static const struct luser_struct sample_page_ser = {
	.name = "sample_page_ser",
	.doc = "Starts a page.",
	.size = 32,
	.align = 1,
	.fields = sample_page_ser_fields,
	.nr_fields = 7,
	.nr_rules = 3,
	.rules = sample_page_ser_rules,
	.broken = sample_page_ser_broken,
};

static const struct luser_field sample_table_ser_fields[2] = {
	{
		.name = "pages",
		.doc = "Pages of the table.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 4,
		.count = 1,
	},
	{
		.name = "count",
		.doc = "Records of the table.",
		.kind = LUSER_UINT,
		.offset = 4,
		.size = 4,
		.count = 1,
	},
};

static const struct luser_rule sample_table_ser_rules[] = {
	{
		.name = "pages-min",
		.check = "type",
		.that = "pages >= 1",
		.doc = "It is in its range.",
		.field = &sample_table_ser_fields[0],
	},
};

static uint64_t sample_table_ser_broken(const uint8_t *at,
					const struct luser_env *env)
{
	const uint64_t pages = luser_le32(at);

	(void)env;
	return luser_unless(0, pages >= 1);
}

static const struct luser_struct sample_table_ser = {
	.name = "sample_table_ser",
	.doc = "Starts a table.",
	.size = 8,
	.align = 1,
	.fields = sample_table_ser_fields,
	.nr_fields = 2,
	.nr_rules = 1,
	.rules = sample_table_ser_rules,
	.broken = sample_table_ser_broken,
};

static const struct luser_field sample_entry_ser_fields[4] = {
	{
		.name = "name",
		.doc = "A name.",
		.kind = LUSER_STRING,
		.offset = 0,
		.size = 12,
		.count = 1,
	},
	{
		.name = "state",
		.doc = "A state.",
		.kind = LUSER_UINT,
		.offset = 12,
		.size = 4,
		.count = 1,
		.names = &sample_kind_names,
	},
	{
		.name = "data",
		.doc = "What the name stands for.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 16,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_DISPATCH,
			.align = 1,
			.nullable = true,
			.dispatch = &(const struct luser_dispatch){
				.registry = "sample-registry",
				.by = &sample_entry_ser_fields[0],
				.size = &sample_entry_ser_fields[3],
				.refused = "Nobody asks for it.",
				.exported = "sample_register",
			},
		},
	},
	{
		.name = "size",
		.doc = "Bytes of it.",
		.kind = LUSER_UINT,
		.format = LUSER_SIZE,
		.offset = 24,
		.size = 8,
		.count = 1,
	},
};

static const struct luser_rule sample_entry_ser_rules[] = {
	{
		.name = "name-terminated",
		.check = "type",
		.that = "name has a NUL",
		.doc = "The text ends inside the field.",
		.field = &sample_entry_ser_fields[0],
	},
	{
		.name = "state-known",
		.check = "type",
		.that = "state in sample_kind",
		.doc = "It is an item of the enum.",
		.field = &sample_entry_ser_fields[1],
	},
};

static uint64_t sample_entry_ser_broken(const uint8_t *at,
					const struct luser_env *env)
{
	const uint64_t state = luser_le32(at + 12);

	(void)env;
	return luser_unless(0, luser_terminated(at, 12)) |
	       luser_unless(1, state == 0 || state == 1 || state == 7);
}

static const struct luser_struct sample_entry_ser = {
	.name = "sample_entry_ser",
	.doc = "A record of the table.",
	.size = 32,
	.align = 1,
	.fields = sample_entry_ser_fields,
	.nr_fields = 4,
	.nr_rules = 2,
	.rules = sample_entry_ser_rules,
	.broken = sample_entry_ser_broken,
	.label = &sample_entry_ser_fields[0],
};

static const struct luser_field sample_record_ser_fields[12] = {
	{
		.name = "bdf",
		.doc = "Bus, device and function.",
		.kind = LUSER_UINT,
		.format = LUSER_BDF,
		.offset = 0,
		.size = 2,
		.count = 1,
	},
	{
		.name = "kind",
		.doc = "What it holds.",
		.kind = LUSER_UINT,
		.offset = 2,
		.size = 2,
		.count = 1,
		.names = &sample_kind_names,
	},
	{
		.name = "offset",
		.doc = "Where its section starts.",
		.kind = LUSER_UINT,
		.offset = 4,
		.size = 2,
		.count = 1,
	},
	{
		.name = "length",
		.doc = "Bytes of its section.",
		.kind = LUSER_UINT,
		.offset = 6,
		.size = 2,
		.count = 1,
	},
	{
		.name = "other",
		.doc = "Another record.",
		.kind = LUSER_INDEX,
		.offset = 8,
		.size = 4,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_INDEX,
			.align = 1,
			.nullable = true,
			.none = 0xffffffffu,
			.array = &records_array,
		},
	},
	{
		.name = "pad0",
		.doc = "Zero.",
		.kind = LUSER_PAD,
		.offset = 12,
		.size = 3,
		.count = 1,
	},
	{
		.name = "pad1",
		.doc = "Zero.",
		.kind = LUSER_PAD,
		.offset = 15,
		.size = 9,
		.count = 1,
	},
	{
		.name = "pfn",
		.doc = "A page frame number.",
		.kind = LUSER_PHYS,
		.format = LUSER_PFN,
		.offset = 24,
		.size = 8,
		.count = 1,
		.bit = 0,
		.bits = 52,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_MEMORY,
			.align = 1,
			.owns = LUSER_OWNS_BLOCK,
		},
	},
	{
		.name = "gap",
		.doc = "Zero.",
		.kind = LUSER_PAD,
		.offset = 24,
		.size = 8,
		.count = 1,
		.bit = 52,
		.bits = 4,
	},
	{
		.name = "state",
		.doc = "A state.",
		.kind = LUSER_UINT,
		.offset = 24,
		.size = 8,
		.count = 1,
		.bit = 56,
		.bits = 8,
	},
	{
		.name = "body",
		.doc = "The section.",
		.kind = LUSER_SECTION,
		.offset = 32,
		.size = 16,
		.count = 1,
		.choice = &(const struct luser_choice){
			.arms = (const struct luser_arm []){
				{
					.name = "small",
					.tag = 1,
					.type = &sample_small_ser,
				},
				{
					.name = "large",
					.tag = 7,
				},
			},
			.nr_arms = 2,
			.tag = (const struct luser_field *const []){
				&sample_record_ser_fields[1], NULL },
			.offset = &sample_record_ser_fields[2],
			.size = &sample_record_ser_fields[3],
		},
	},
	{
		.name = "width",
		.doc = "How wide it is.",
		.kind = LUSER_STRUCT,
		.offset = 48,
		.size = 8,
		.count = 1,
		.since = 56,
		.type = &sample_width_ser,
	},
};

static const struct luser_rule sample_record_ser_rules[] = {
	{
		.name = "kind-known",
		.check = "type",
		.that = "kind in sample_kind",
		.doc = "It is an item of the enum.",
		.field = &sample_record_ser_fields[1],
	},
	{
		.name = "pad0-zero",
		.check = "type",
		.that = "pad0 == 0",
		.doc = "Padding is zero.",
		.field = &sample_record_ser_fields[5],
	},
	{
		.name = "pad1-zero",
		.check = "type",
		.that = "pad1 == 0",
		.doc = "Padding is zero.",
		.field = &sample_record_ser_fields[6],
	},
	{
		.name = "pfn-set",
		.check = "type",
		.that = "pfn != 0",
		.doc = "It leads somewhere.",
		.field = &sample_record_ser_fields[7],
	},
	{
		.name = "pfn-fits",
		.check = "type",
		.that = "pfn >> (64 - page_shift) == 0",
		.doc = "As an address it fits 64 bits.",
		.field = &sample_record_ser_fields[7],
	},
	{
		.name = "gap-zero",
		.check = "type",
		.that = "gap == 0",
		.doc = "Padding is zero.",
		.field = &sample_record_ser_fields[8],
	},
	{
		.name = "state-max",
		.check = "type",
		.that = "state <= 3",
		.doc = "It is in its range.",
		.field = &sample_record_ser_fields[9],
	},
	{
		.name = "wide-small",
		.check = "rule",
		.that = "width.width < 100 or kind != sample_kind.small",
		.doc = "Small ones are narrow.",
		.field = &sample_record_ser_fields[11],
	},
};

static uint64_t sample_record_ser_broken(const uint8_t *at,
					 const struct luser_env *env)
{
	const uint64_t kind = luser_le16(at + 2);
	const uint64_t pad0 = luser_le16(at + 12) | luser_le8(at + 14);
	const uint64_t pfn = luser_le64(at + 24) & 0xfffffffffffffull;
	const uint64_t gap = (luser_le64(at + 24) >> 52) & 15;
	const uint64_t state = luser_le64(at + 24) >> 56;
	const uint64_t width_width = luser_le64(at + 48);

	return luser_unless(0, kind == 0 || kind == 1 || kind == 7) |
	       luser_unless(1, pad0 == 0) |
	       luser_unless(2, luser_zero(at + 15, 9)) |
	       luser_unless(3, pfn != 0) |
	       luser_unless(4, luser_shr(pfn, 0x40 - (uint64_t)env->page_shift)
			    == 0) |
	       luser_unless(5, gap == 0) |
	       luser_unless(6, state <= 3) |
	       luser_unless(7, width_width < 100 || kind != 1);
}

static const struct luser_struct sample_record_ser = {
	.name = "sample_record_ser",
	.doc =
		"A record whose description is long enough to take more than "
		"one line of the table that is made of it.",
	.size = 56,
	.align = 1,
	.fields = sample_record_ser_fields,
	.nr_fields = 12,
	.nr_rules = 8,
	.rules = sample_record_ser_rules,
	.broken = sample_record_ser_broken,
	.empty = luser_zero,
	.label = &sample_record_ser_fields[0],
};

static const struct luser_field sample_item_ser_fields[5] = {
	{
		.name = "entry",
		.doc = "An entry.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_RECORD,
			.align = 4,
			.array = &entries_array,
		},
	},
	{
		.name = "seen",
		.doc = "Not zero once it was taken back.",
		.kind = LUSER_UINT,
		.offset = 8,
		.size = 8,
		.count = 1,
	},
	{
		.name = "own",
		.doc = "What the first union holds.",
		.kind = LUSER_UINT,
		.offset = 16,
		.size = 8,
		.count = 1,
		.names = &sample_kind_names,
	},
	{
		.name = "first",
		.doc = "Told by this record.",
		.kind = LUSER_UNION,
		.offset = 24,
		.size = 30,
		.count = 1,
		.choice = &(const struct luser_choice){
			.arms = (const struct luser_arm []){
				{
					.name = "small",
					.tag = 1,
					.type = &sample_small_ser,
				},
				{
					.name = "large",
					.tag = 7,
					.type = &sample_large_ser,
				},
			},
			.nr_arms = 2,
			.tag = (const struct luser_field *const []){
				&sample_item_ser_fields[2], NULL },
		},
	},
	{
		.name = "second",
		.doc = "Told by another one.",
		.kind = LUSER_UNION,
		.offset = 54,
		.size = 3,
		.count = 1,
		.choice = &(const struct luser_choice){
			.arms = (const struct luser_arm []){
				{
					.name = "small",
					.tag = 1,
					.type = &sample_pair_ser,
				},
			},
			.nr_arms = 1,
			.tag = (const struct luser_field *const []){
				&sample_entry_ser_fields[1], NULL },
			.via = (const struct luser_field *const []){
				&sample_item_ser_fields[0], NULL },
		},
	},
};

static const struct luser_rule sample_item_ser_rules[] = {
	{
		.name = "entry-set",
		.check = "type",
		.that = "entry != 0",
		.doc = "It leads somewhere.",
		.field = &sample_item_ser_fields[0],
	},
	{
		.name = "entry-aligned",
		.check = "type",
		.that = "entry % 4 == 0",
		.doc = "It is aligned.",
		.field = &sample_item_ser_fields[0],
	},
	{
		.name = "own-known",
		.check = "type",
		.that = "own in sample_kind",
		.doc = "It is an item of the enum.",
		.field = &sample_item_ser_fields[2],
	},
};

static uint64_t sample_item_ser_broken(const uint8_t *at,
				       const struct luser_env *env)
{
	const uint64_t entry = luser_le64(at);
	const uint64_t own = luser_le64(at + 16);

	(void)env;
	return luser_unless(0, entry != 0) |
	       luser_unless(1, (entry & 3) == 0) |
	       luser_unless(2, own == 0 || own == 1 || own == 7);
}

static bool sample_item_ser_empty(const uint8_t *at, uint32_t size)
{
	const uint64_t seen = luser_le64(at + 8);

	(void)size;
	return seen != 0;
}

static const struct luser_struct sample_item_ser = {
	.name = "sample_item_ser",
	.doc = "An item of the list.",
	.size = 57,
	.align = 1,
	.fields = sample_item_ser_fields,
	.nr_fields = 5,
	.nr_rules = 3,
	.rules = sample_item_ser_rules,
	.broken = sample_item_ser_broken,
	.empty = sample_item_ser_empty,
};

static const struct luser_field sample_rooted_ser_fields[1] = {
	{
		.name = "mode",
		.doc = "Told by the root.",
		.kind = LUSER_UNION,
		.offset = 0,
		.size = 30,
		.count = 1,
		.choice = &(const struct luser_choice){
			.arms = (const struct luser_arm []){
				{
					.name = "slow",
					.tag = 1,
					.type = &sample_pair_ser,
				},
				{
					.name = "fast",
					.tag = 2,
					.type = &sample_large_ser,
				},
			},
			.nr_arms = 2,
			.in_root = true,
			.tag = (const struct luser_field *const []){
				&sample_ser_fields[5], NULL },
		},
	},
};

static const struct luser_rule sample_rooted_ser_rules[] = {
	{
		.name = "in-mode",
		.check = "rule",
		.that = "root.mode == sample_mode.fast",
		.doc = "There is one in fast mode only.",
	},
};

static uint64_t sample_rooted_ser_broken(const uint8_t *at,
					 const struct luser_env *env)
{
	const uint8_t *root = luser_root(env, 34);
	const uint64_t root_mode = root ? luser_le16(root + 32) : 0;

	(void)at;
	return luser_unless(0, !root || (root_mode == 2));
}

static const struct luser_struct sample_rooted_ser = {
	.name = "sample_rooted_ser",
	.doc = "What the root tells.",
	.size = 30,
	.align = 1,
	.fields = sample_rooted_ser_fields,
	.nr_fields = 1,
	.nr_rules = 1,
	.rules = sample_rooted_ser_rules,
	.broken = sample_rooted_ser_broken,
};

static const struct luser_field sample_tail_ser_fields[2] = {
	{
		.name = "count",
		.doc = "Bytes that are used.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 8,
		.count = 1,
	},
	{
		.name = "rest",
		.doc = "The rest of the page.",
		.kind = LUSER_BYTES,
		.offset = 8,
		.size = 1,
		.count = LUSER_REST_OF_PAGE,
	},
};

static const struct luser_rule sample_tail_ser_rules[] = {
	{
		.name = "count-max",
		.check = "type",
		.that = "count <= 4096",
		.doc = "It is in its range.",
		.field = &sample_tail_ser_fields[0],
	},
};

static uint64_t sample_tail_ser_broken(const uint8_t *at,
				       const struct luser_env *env)
{
	const uint64_t count = luser_le64(at);

	(void)env;
	return luser_unless(0, count <= 0x1000);
}

static const struct luser_struct sample_tail_ser = {
	.name = "sample_tail_ser",
	.doc = "What fills a page.",
	.size = 8,
	.align = 1,
	.fields = sample_tail_ser_fields,
	.nr_fields = 2,
	.nr_rules = 1,
	.rules = sample_tail_ser_rules,
	.broken = sample_tail_ser_broken,
};

static const struct luser_field sample_words_ser_fields[2] = {
	{
		.name = "count",
		.doc = "Words that are used.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 8,
		.count = 1,
	},
	{
		.name = "words",
		.doc = "The words.",
		.kind = LUSER_UINT,
		.offset = 8,
		.size = 4,
		.count = LUSER_REST_OF_PAGE,
	},
};

static const struct luser_struct sample_words_ser = {
	.name = "sample_words_ser",
	.doc = "A page of words.",
	.size = 8,
	.align = 1,
	.fields = sample_words_ser_fields,
	.nr_fields = 2,
	.broken = luser_no_rules,
};

static const struct luser_field sample_link_ser_fields[1] = {
	{
		.name = "next",
		.doc = "The next chunk.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_MEMORY,
			.nullable = true,
		},
	},
};

static const struct luser_rule sample_link_ser_rules[] = {
	{
		.name = "next-aligned",
		.check = "type",
		.that = "next % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_link_ser_fields[0],
	},
};

static uint64_t sample_link_ser_broken(const uint8_t *at,
				       const struct luser_env *env)
{
	const uint64_t next = luser_le64(at);

	return luser_unless(0, (next & (env->page_size - 1)) == 0);
}

static const struct luser_struct sample_link_ser = {
	.name = "sample_link_ser",
	.doc = "Starts a chunk.",
	.size = 8,
	.align = 1,
	.fields = sample_link_ser_fields,
	.nr_fields = 1,
	.nr_rules = 1,
	.rules = sample_link_ser_rules,
	.broken = sample_link_ser_broken,
};

static const struct luser_field sample_address_ser_fields[1] = {
	{
		.name = "phys",
		.doc = "The address.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_MEMORY,
		},
	},
};

static const struct luser_rule sample_address_ser_rules[] = {
	{
		.name = "phys-set",
		.check = "type",
		.that = "phys != 0",
		.doc = "It leads somewhere.",
		.field = &sample_address_ser_fields[0],
	},
	{
		.name = "phys-aligned",
		.check = "type",
		.that = "phys % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_address_ser_fields[0],
	},
};

static uint64_t sample_address_ser_broken(const uint8_t *at,
					  const struct luser_env *env)
{
	const uint64_t phys = luser_le64(at);

	return luser_unless(0, phys != 0) |
	       luser_unless(1, (phys & (env->page_size - 1)) == 0);
}

static const struct luser_struct sample_address_ser = {
	.name = "sample_address_ser",
	.doc = "One address of a chunk.",
	.size = 8,
	.align = 1,
	.fields = sample_address_ser_fields,
	.nr_fields = 1,
	.nr_rules = 2,
	.rules = sample_address_ser_rules,
	.broken = sample_address_ser_broken,
};

static const struct luser_field sample_scattered_ser_fields[3] = {
	{
		.name = "first",
		.doc = "The first chunk.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_ARRAY,
			.nullable = true,
			.array = &chunks_array,
		},
	},
	{
		.name = "pages",
		.doc = "Pages in all.",
		.kind = LUSER_UINT,
		.offset = 8,
		.size = 4,
		.count = 1,
	},
	{
		.name = "order",
		.doc = "Order of a block.",
		.kind = LUSER_UINT,
		.offset = 12,
		.size = 4,
		.count = 1,
	},
};

static const struct luser_rule sample_scattered_ser_rules[] = {
	{
		.name = "first-aligned",
		.check = "type",
		.that = "first % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_scattered_ser_fields[0],
	},
	{
		.name = "order-max",
		.check = "type",
		.that = "order <= 10",
		.doc = "It is in its range.",
		.field = &sample_scattered_ser_fields[2],
	},
	{
		.name = "blocks",
		.check = "rule",
		.that = "pages % (1 << order) == 0",
		.doc = "Whole blocks.",
	},
};

static uint64_t sample_scattered_ser_broken(const uint8_t *at,
					    const struct luser_env *env)
{
	const uint64_t first = luser_le64(at);
	const uint64_t order = luser_le32(at + 12);
	const uint64_t pages = luser_le32(at + 8);
	bool sound2 = true;

	return luser_unless(0, (first & (env->page_size - 1)) == 0) |
	       luser_unless(1, order <= 10) |
	       luser_unless(2, (luser_mod(pages, luser_shl(1, order), &sound2)
			    == 0) && sound2);
}

static const struct luser_page_list sample_scattered_ser_page_list = {
	.chunks = &chunks_array,
	.first = &sample_scattered_ser_fields[0],
	.pages = &sample_scattered_ser_fields[1],
	.order = &sample_scattered_ser_fields[2],
};

static const struct luser_struct sample_scattered_ser = {
	.name = "sample_scattered_ser",
	.doc = "Scattered pages.",
	.size = 16,
	.align = 1,
	.fields = sample_scattered_ser_fields,
	.nr_fields = 3,
	.nr_rules = 3,
	.rules = sample_scattered_ser_rules,
	.broken = sample_scattered_ser_broken,
	.page_list = &sample_scattered_ser_page_list,
};

static const struct luser_field sample_ser_fields[19] = {
	{
		.name = "magic",
		.doc = "The first bytes.",
		.kind = LUSER_STRING,
		.offset = 0,
		.size = 5,
		.count = 1,
		.fixed = &(const struct luser_fixed){
			.string = "SMPL",
		},
	},
	{
		.name = "tag",
		.doc = "Three bytes.",
		.kind = LUSER_BYTES,
		.offset = 5,
		.size = 3,
		.count = 1,
	},
	{
		.name = "turns",
		.doc = "Handovers so far.",
		.kind = LUSER_UINT,
		.offset = 8,
		.size = 8,
		.count = 1,
		.generation = true,
	},
	{
		.name = "compat",
		.doc = "Compatible features.",
		.kind = LUSER_UINT,
		.format = LUSER_HEX,
		.offset = 16,
		.size = 8,
		.count = 1,
		.names = &sample_compat_names,
	},
	{
		.name = "incompat",
		.doc = "Incompatible features.",
		.kind = LUSER_UINT,
		.format = LUSER_HEX,
		.offset = 24,
		.size = 8,
		.count = 1,
		.names = &sample_incompat_names,
	},
	{
		.name = "mode",
		.doc = "A mode.",
		.kind = LUSER_UINT,
		.offset = 32,
		.size = 2,
		.count = 1,
		.names = &sample_mode_names,
	},
	{
		.name = "fixed",
		.doc = "Always the same.",
		.kind = LUSER_UINT,
		.offset = 34,
		.size = 2,
		.count = 1,
		.fixed = &(const struct luser_fixed){
			.number = 0x1234,
		},
	},
	{
		.name = "half",
		.doc = "A number.",
		.kind = LUSER_UINT,
		.offset = 36,
		.size = 4,
		.count = 1,
	},
	{
		.name = "nr_records",
		.doc = "Records in all pages.",
		.kind = LUSER_UINT,
		.offset = 40,
		.size = 8,
		.count = 1,
	},
	{
		.name = "records",
		.doc = "The records.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 48,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_ARRAY,
			.nullable = true,
			.array = &records_array,
			.when_null = "There are none before it is frozen.",
		},
	},
	{
		.name = "entries",
		.doc = "The table.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 56,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_ARRAY,
			.first = true,
			.array = &entries_array,
		},
	},
	{
		.name = "list",
		.doc = "The list.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 64,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_ARRAY,
			.array = &list_array,
		},
	},
	{
		.name = "tail",
		.doc = "A page.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 72,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_STRUCT,
			.type = &sample_tail_ser,
		},
	},
	{
		.name = "words",
		.doc = "Another page.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 80,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_STRUCT,
			.type = &sample_words_ser,
		},
	},
	{
		.name = "rooted",
		.doc = "What the root tells.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 88,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_STRUCT,
			.align = 8,
			.type = &sample_rooted_ser,
		},
	},
	{
		.name = "map",
		.doc = "A tree.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 96,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_TREE,
			.tree = &sample_map_tree,
		},
	},
	{
		.name = "count",
		.doc = "Addresses in the scattered pages.",
		.kind = LUSER_UINT,
		.offset = 104,
		.size = 8,
		.count = 1,
	},
	{
		.name = "scattered",
		.doc = "Scattered pages.",
		.kind = LUSER_STRUCT,
		.offset = 112,
		.size = 16,
		.count = 1,
		.type = &sample_scattered_ser,
		.holds = &(const struct luser_holds){
			.record = &sample_address_ser,
			.count = &sample_ser_fields[16],
		},
	},
	{
		.name = "reader",
		.doc = "The object of whoever reads it.",
		.kind = LUSER_POINTER,
		.format = LUSER_HEX,
		.offset = 128,
		.size = 8,
		.count = 1,
	},
};

static const struct luser_rule sample_ser_rules[] = {
	{
		.name = "magic-value",
		.check = "type",
		.that = "magic == \"SMPL\"",
		.doc = "It has one value only.",
		.field = &sample_ser_fields[0],
	},
	{
		.name = "incompat-unknown",
		.check = "type",
		.that = "incompat & 0xfffffffffffffff7 == 0",
		.doc = "An unknown bit changes what the rest means.",
		.field = &sample_ser_fields[4],
		.refuse = true,
	},
	{
		.name = "mode-known",
		.check = "type",
		.that = "mode in sample_mode",
		.doc = "It is an item of the enum.",
		.field = &sample_ser_fields[5],
	},
	{
		.name = "fixed-value",
		.check = "type",
		.that = "fixed == 4660",
		.doc = "It has one value only.",
		.field = &sample_ser_fields[6],
	},
	{
		.name = "half-multiple",
		.check = "type",
		.that = "half % 8 == 0",
		.doc = "It is a whole multiple.",
		.field = &sample_ser_fields[7],
	},
	{
		.name = "records-aligned",
		.check = "type",
		.that = "records % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_ser_fields[9],
	},
	{
		.name = "entries-set",
		.check = "type",
		.that = "entries != 0",
		.doc = "It leads somewhere.",
		.field = &sample_ser_fields[10],
	},
	{
		.name = "entries-aligned",
		.check = "type",
		.that = "entries % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_ser_fields[10],
	},
	{
		.name = "list-set",
		.check = "type",
		.that = "list != 0",
		.doc = "It leads somewhere.",
		.field = &sample_ser_fields[11],
	},
	{
		.name = "list-aligned",
		.check = "type",
		.that = "list % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_ser_fields[11],
	},
	{
		.name = "tail-set",
		.check = "type",
		.that = "tail != 0",
		.doc = "It leads somewhere.",
		.field = &sample_ser_fields[12],
	},
	{
		.name = "tail-aligned",
		.check = "type",
		.that = "tail % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_ser_fields[12],
	},
	{
		.name = "words-set",
		.check = "type",
		.that = "words != 0",
		.doc = "It leads somewhere.",
		.field = &sample_ser_fields[13],
	},
	{
		.name = "words-aligned",
		.check = "type",
		.that = "words % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_ser_fields[13],
	},
	{
		.name = "rooted-set",
		.check = "type",
		.that = "rooted != 0",
		.doc = "It leads somewhere.",
		.field = &sample_ser_fields[14],
	},
	{
		.name = "rooted-aligned",
		.check = "type",
		.that = "rooted % 8 == 0",
		.doc = "It is aligned.",
		.field = &sample_ser_fields[14],
	},
	{
		.name = "map-set",
		.check = "type",
		.that = "map != 0",
		.doc = "It leads somewhere.",
		.field = &sample_ser_fields[15],
	},
	{
		.name = "map-aligned",
		.check = "type",
		.that = "map % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_ser_fields[15],
	},
	{
		.name = "counted",
		.check = "rule",
		.that = "(records == 0) == (nr_records == 0)",
		.doc = "An empty array has no page.",
		.refuse = true,
	},
	{
		.name = "half-block",
		.check = "rule",
		.that = "half * 2 <= page_size and aligned(half, 8)",
		.doc = "It is half of a block at most.",
		.field = &sample_ser_fields[7],
	},
	{
		.name = "power",
		.check = "rule",
		.that = "power_of_two(root.turns) or turns == 0 or not compat",
		.doc = "A made-up rule.",
	},
	{
		.name = "chained",
		.check = "rule",
		.that = "0 < fixed <= 0x1234",
		.doc = "Both comparisons hold.",
		.field = &sample_ser_fields[6],
	},
	{
		.name = "bits",
		.check = "rule",
		.that =
			"~half & 7 == 7 and half ^ half == 0 and -half + half "
			"== 0",
		.doc = "Bits of numbers.",
		.field = &sample_ser_fields[7],
	},
	{
		.name = "pages",
		.check = "rule",
		.that = "half // page_size < 1 << page_shift",
		.doc = "Pages.",
		.field = &sample_ser_fields[7],
	},
};

static uint64_t sample_ser_broken(const uint8_t *at,
				  const struct luser_env *env)
{
	const uint64_t incompat = luser_le64(at + 24);
	const uint64_t mode = luser_le16(at + 32);
	const uint64_t fixed = luser_le16(at + 34);
	const uint64_t half = luser_le32(at + 36);
	const uint64_t records = luser_le64(at + 48);
	const uint64_t entries = luser_le64(at + 56);
	const uint64_t list = luser_le64(at + 64);
	const uint64_t tail = luser_le64(at + 72);
	const uint64_t words = luser_le64(at + 80);
	const uint64_t rooted = luser_le64(at + 88);
	const uint64_t map = luser_le64(at + 96);
	const uint64_t nr_records = luser_le64(at + 40);
	const uint64_t turns = luser_le64(at + 8);
	const uint64_t compat = luser_le64(at + 16);

	return luser_unless(0, luser_same_text(at, "SMPL", 5)) |
	       luser_unless(1, (incompat & 0xfffffffffffffff7ull) == 0) |
	       luser_unless(2, mode >= 1 && mode <= 2) |
	       luser_unless(3, fixed == 0x1234) |
	       luser_unless(4, (half & 7) == 0) |
	       luser_unless(5, (records & (env->page_size - 1)) == 0) |
	       luser_unless(6, entries != 0) |
	       luser_unless(7, (entries & (env->page_size - 1)) == 0) |
	       luser_unless(8, list != 0) |
	       luser_unless(9, (list & (env->page_size - 1)) == 0) |
	       luser_unless(10, tail != 0) |
	       luser_unless(11, (tail & (env->page_size - 1)) == 0) |
	       luser_unless(12, words != 0) |
	       luser_unless(13, (words & (env->page_size - 1)) == 0) |
	       luser_unless(14, rooted != 0) |
	       luser_unless(15, (rooted & 7) == 0) |
	       luser_unless(16, map != 0) |
	       luser_unless(17, (map & (env->page_size - 1)) == 0) |
	       luser_unless(18, (records == 0) == (nr_records == 0)) |
	       luser_unless(19, (half * 2) <= env->page_size && (half & 7) == 0)
			    |
	       luser_unless(20, (turns != 0 && (turns & (turns - 1)) == 0) ||
			    turns == 0 || compat == 0) |
	       luser_unless(21, 0 < fixed && fixed <= 0x1234) |
	       luser_unless(22, ((half ^ 0xffffffffffffffffull) & 7) == 7 &&
			    (half ^ half) == 0 && ((0 - half) + half) == 0) |
	       luser_unless(23, (half >> env->page_shift) < ((uint64_t)1 <<
			    env->page_shift));
}

static const struct luser_struct sample_ser = {
	.name = "sample_ser",
	.doc = "The root.",
	.size = 136,
	.align = 1,
	.fields = sample_ser_fields,
	.nr_fields = 19,
	.nr_rules = 24,
	.rules = sample_ser_rules,
	.broken = sample_ser_broken,
	.label = &sample_ser_fields[0],
};

static const struct luser_field sample_width_ser_fields[1] = {
	{
		.name = "width",
		.doc = "How wide it is.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 8,
		.count = 1,
	},
};

static const struct luser_rule sample_width_ser_rules[] = {
	{
		.name = "width-min",
		.check = "type",
		.that = "width >= 1",
		.doc = "It is in its range.",
		.field = &sample_width_ser_fields[0],
	},
};

static uint64_t sample_width_ser_broken(const uint8_t *at,
					const struct luser_env *env)
{
	const uint64_t width = luser_le64(at);

	(void)env;
	return luser_unless(0, width >= 1);
}

static const struct luser_struct sample_width_ser = {
	.name = "sample_width_ser",
	.doc = "A width.",
	.size = 8,
	.align = 1,
	.fields = sample_width_ser_fields,
	.nr_fields = 1,
	.nr_rules = 1,
	.rules = sample_width_ser_rules,
	.broken = sample_width_ser_broken,
};

static const struct luser_array records_array = {
	.name = "records",
	.doc = "The records.",
	.record = &sample_record_ser,
	.header = &sample_page_ser,
	.next = &sample_page_ser_fields[0],
	.count = &sample_page_ser_fields[4],
	.stride = &sample_page_ser_fields[3],
	.total = (const struct luser_field *const []){ &sample_ser_fields[8],
		NULL },
	.min_count = 1,
	.max_pages = 100,
	.full = true,
	.nr_expect = 2,
	.expect = (const struct luser_expect []){
		{
			.field = &sample_page_ser_fields[2],
			.value = 1,
		},
		{
			.field = &sample_page_ser_fields[1],
			.value = 1,
		},
	},
	.nr_same = 1,
	.same = (const struct luser_field *const []){
		&sample_page_ser_fields[5], NULL },
	.checksum = &sample_page_ser_fields[6],
	.sealed = &sample_page_ser_fields[1],
	.sealed_mask = 1,
	.referenced = true,
};

static const struct luser_array entries_array = {
	.name = "entries",
	.doc = "The table.",
	.record = &sample_entry_ser,
	.header = &sample_table_ser,
	.pages = &sample_table_ser_fields[0],
	.count = &sample_table_ser_fields[1],
	.max_pages = 2,
	.users = (const struct luser_field *const []){
		&sample_entry_ser_fields[3], NULL },
	.referenced = true,
	.tag = (const struct luser_field *const []){
		&sample_entry_ser_fields[1], NULL },
};

static const struct luser_array list_array = {
	.name = "list",
	.doc = "The list.",
	.record = &sample_item_ser,
	.header = &sample_page_ser,
	.next = &sample_page_ser_fields[0],
	.count = &sample_page_ser_fields[4],
	.max_pages = 12,
	.counted = (const struct luser_field *const []){
		&sample_item_ser_fields[0], NULL },
};

static const struct luser_array chunks_array = {
	.name = "chunks",
	.doc = "The chunks.",
	.record = &sample_address_ser,
	.header = &sample_link_ser,
	.next = &sample_link_ser_fields[0],
	.max_pages = 8,
};

const struct luser_abi luser_abi_sample_v1_wide = {
	.id = "sample-v1.wide",
	.name = "sample",
	.version = "v1.wide",
	.summary = "An extension",
	.origin = "proposed",
	.kernels = "",
	.carrier = LUSER_CARRIER_MEMORY,
	.registry = "sample-registry",
	.key = "sample",
	.module = "sample_module",
	.refused = "The kernel says so.",
	.misread = "The kernel does not notice.",
	.identity = &sample_ser_fields[0],
	.identity_string = "SMPL",
	.extends = &luser_abi_sample_v1,
	.feature = &sample_ser_fields[3],
	.feature_mask = 2,
	.freed = "The new kernel gives it back.",
	.root = &sample_ser,
	.arrays = (const struct luser_array *const []){
		&records_array,
		&entries_array,
		&list_array,
		&chunks_array,
	},
	.nr_arrays = 4,
	.structs = (const struct luser_struct *const []){
		&sample_pair_ser,
		&sample_small_ser,
		&sample_large_ser,
		&sample_page_ser,
		&sample_table_ser,
		&sample_entry_ser,
		&sample_record_ser,
		&sample_item_ser,
		&sample_rooted_ser,
		&sample_tail_ser,
		&sample_words_ser,
		&sample_link_ser,
		&sample_address_ser,
		&sample_scattered_ser,
		&sample_ser,
		&sample_width_ser,
	},
	.nr_structs = 16,
};
