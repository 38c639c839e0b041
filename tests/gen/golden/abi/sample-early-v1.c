/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-early-v1: What only older ABIs do.
 *
 * Made by luser-gen from sample-early-v1.yaml. Do not edit.
 */
#include <luser/abi.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#include "tables.h"

static const struct luser_array chunks_array;
static const struct luser_array table_array;
static const struct luser_array blocks_array;
static const struct luser_struct sample_chunk;
static const struct luser_struct sample_bitmap;
static const struct luser_struct sample_table_header;
static const struct luser_struct sample_owner;
static const struct luser_struct sample_block;
static const struct luser_field sample_chunk_fields[3];
static const struct luser_field sample_bitmap_fields[2];
static const struct luser_field sample_table_header_fields[1];
static const struct luser_field sample_owner_fields[2];
static const struct luser_field sample_block_fields[2];
static const struct luser_field root_node_properties_fields[6];
static const struct luser_field blob_node_properties_fields[1];

static const struct luser_tree map_tree = {
	.name = "map",
	.doc = "The bitmaps.",
	.leaf_bits = { .constant = 12, .shifts = 0 },
	.chunks = &(const struct luser_chunks){
		.array = &chunks_array,
		.order = &sample_chunk_fields[1],
		.start = &sample_bitmap_fields[0],
		.bitmap = &sample_bitmap_fields[1],
	},
	.freed = "They are gone.",
};

static const struct luser_field sample_chunk_fields[3] = {
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
	{
		.name = "order",
		.doc = "Order of the blocks.",
		.kind = LUSER_UINT,
		.offset = 8,
		.size = 4,
		.count = 1,
	},
	{
		.name = "count",
		.doc = "Bitmaps in the chunk.",
		.kind = LUSER_UINT,
		.offset = 12,
		.size = 4,
		.count = 1,
	},
};

static const struct luser_rule sample_chunk_rules[] = {
	{
		.name = "next-aligned",
		.check = "type",
		.that = "next % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_chunk_fields[0],
	},
};

static uint64_t sample_chunk_broken(const uint8_t *at,
				    const struct luser_env *env)
{
	const uint64_t next = luser_le64(at);

	return luser_unless(0, (next & (env->page_size - 1)) == 0);
}

static const struct luser_struct sample_chunk = {
	.name = "sample_chunk",
	.doc = "Starts every chunk.",
	.size = 16,
	.align = 1,
	.fields = sample_chunk_fields,
	.nr_fields = 3,
	.nr_rules = 1,
	.rules = sample_chunk_rules,
	.broken = sample_chunk_broken,
};

static const struct luser_field sample_bitmap_fields[2] = {
	{
		.name = "start",
		.doc = "The first block.",
		.kind = LUSER_UINT,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
	},
	{
		.name = "bitmap",
		.doc = "The bitmap.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 8,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_MEMORY,
			.align = 512,
		},
	},
};

static const struct luser_rule sample_bitmap_rules[] = {
	{
		.name = "bitmap-set",
		.check = "type",
		.that = "bitmap != 0",
		.doc = "It leads somewhere.",
		.field = &sample_bitmap_fields[1],
	},
	{
		.name = "bitmap-aligned",
		.check = "type",
		.that = "bitmap % 512 == 0",
		.doc = "It is aligned.",
		.field = &sample_bitmap_fields[1],
	},
};

static uint64_t sample_bitmap_broken(const uint8_t *at,
				     const struct luser_env *env)
{
	const uint64_t bitmap = luser_le64(at + 8);

	(void)env;
	return luser_unless(0, bitmap != 0) |
	       luser_unless(1, (bitmap & 0x1ff) == 0);
}

static const struct luser_struct sample_bitmap = {
	.name = "sample_bitmap",
	.doc = "Where a bitmap is.",
	.size = 16,
	.align = 1,
	.fields = sample_bitmap_fields,
	.nr_fields = 2,
	.nr_rules = 2,
	.rules = sample_bitmap_rules,
	.broken = sample_bitmap_broken,
};

static const struct luser_field sample_table_header_fields[1] = {
	{
		.name = "count",
		.doc = "Records in the table.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 8,
		.count = 1,
	},
};

static const struct luser_struct sample_table_header = {
	.name = "sample_table_header",
	.doc = "Starts the table.",
	.size = 8,
	.align = 1,
	.fields = sample_table_header_fields,
	.nr_fields = 1,
	.broken = luser_no_rules,
};

static const struct luser_field sample_owner_fields[2] = {
	{
		.name = "blocks",
		.doc = "The table.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_ARRAY,
			.nullable = true,
			.array = &blocks_array,
		},
	},
	{
		.name = "count",
		.doc = "Records in it.",
		.kind = LUSER_UINT,
		.offset = 8,
		.size = 8,
		.count = 1,
	},
};

static const struct luser_rule sample_owner_rules[] = {
	{
		.name = "blocks-aligned",
		.check = "type",
		.that = "blocks % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_owner_fields[0],
	},
};

static uint64_t sample_owner_broken(const uint8_t *at,
				    const struct luser_env *env)
{
	const uint64_t blocks = luser_le64(at);

	return luser_unless(0, (blocks & (env->page_size - 1)) == 0);
}

static const struct luser_struct sample_owner = {
	.name = "sample_owner",
	.doc = "A record with a table of its own.",
	.size = 16,
	.align = 1,
	.fields = sample_owner_fields,
	.nr_fields = 2,
	.nr_rules = 1,
	.rules = sample_owner_rules,
	.broken = sample_owner_broken,
};

static uint64_t sample_block_phys_length(const uint8_t *at,
					 const struct luser_env *env)
{
	const uint64_t order = luser_le64(at) & 0xfff;

	return luser_shl(env->page_size, order);
}

static const struct luser_field sample_block_fields[2] = {
	{
		.name = "order",
		.doc = "Its order.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 8,
		.count = 1,
		.bit = 0,
		.bits = 12,
	},
	{
		.name = "phys",
		.doc = "Its address.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.bit = 12,
		.bits = 52,
		.shift = 12,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_MEMORY,
			.owns = LUSER_OWNS_BYTES,
			.length = sample_block_phys_length,
		},
	},
};

static const struct luser_rule sample_block_rules[] = {
	{
		.name = "order-max",
		.check = "type",
		.that = "order <= 13",
		.doc = "It is in its range.",
		.field = &sample_block_fields[0],
	},
	{
		.name = "phys-set",
		.check = "type",
		.that = "phys != 0",
		.doc = "It leads somewhere.",
		.field = &sample_block_fields[1],
	},
	{
		.name = "phys-aligned",
		.check = "type",
		.that = "phys << 12 % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &sample_block_fields[1],
	},
};

static uint64_t sample_block_broken(const uint8_t *at,
				    const struct luser_env *env)
{
	const uint64_t order = luser_le64(at) & 0xfff;
	const uint64_t phys = luser_le64(at) >> 12;

	return luser_unless(0, order <= 13) |
	       luser_unless(1, phys != 0) |
	       luser_unless(2, ((phys << 12) & (env->page_size - 1)) == 0);
}

static const struct luser_struct sample_block = {
	.name = "sample_block",
	.doc = "A block.",
	.size = 8,
	.align = 1,
	.fields = sample_block_fields,
	.nr_fields = 2,
	.nr_rules = 3,
	.rules = sample_block_rules,
	.broken = sample_block_broken,
};

static const struct luser_field root_node_properties_fields[6] = {
	{
		.name = "compatible",
		.doc = "The version.",
		.kind = LUSER_STRING,
		.offset = 0,
		.size = 16,
		.count = 1,
		.fixed = &(const struct luser_fixed){
			.string = "sample-early-v1",
		},
	},
	{
		.name = "map",
		.doc = "The map.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 16,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_TREE,
			.tree = &map_tree,
		},
	},
	{
		.name = "table",
		.doc = "The table.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 24,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_ARRAY,
			.array = &table_array,
		},
	},
	{
		.name = "owner",
		.doc = "A struct in a property.",
		.kind = LUSER_STRUCT,
		.offset = 32,
		.size = 16,
		.count = 1,
		.type = &sample_owner,
	},
	{
		.name = "nr_blocks",
		.doc = "How many blocks there are.",
		.kind = LUSER_UINT,
		.offset = 48,
		.size = 4,
		.count = 1,
	},
	{
		.name = "blocks",
		.doc = "The blocks.",
		.kind = LUSER_STRUCT,
		.offset = 52,
		.size = 8,
		.count = LUSER_REST_OF_PAGE,
		.type = &sample_block,
		.holds = &(const struct luser_holds){
			.record = &sample_block,
			.count = &root_node_properties_fields[4],
		},
	},
};

static const struct luser_rule root_rules[] = {
	{
		.name = "compatible-value",
		.check = "type",
		.that = "compatible == \"sample-early-v1\"",
		.doc = "It has one value only.",
		.field = &root_node_properties_fields[0],
	},
	{
		.name = "map-set",
		.check = "type",
		.that = "map != 0",
		.doc = "It leads somewhere.",
		.field = &root_node_properties_fields[1],
	},
	{
		.name = "map-aligned",
		.check = "type",
		.that = "map % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &root_node_properties_fields[1],
	},
	{
		.name = "table-set",
		.check = "type",
		.that = "table != 0",
		.doc = "It leads somewhere.",
		.field = &root_node_properties_fields[2],
	},
	{
		.name = "table-aligned",
		.check = "type",
		.that = "table % page_size == 0",
		.doc = "It is the address of a page.",
		.field = &root_node_properties_fields[2],
	},
};

static uint64_t root_broken(const uint8_t *at, const struct luser_env *env)
{
	const uint64_t map = luser_le64(at + 16);
	const uint64_t table = luser_le64(at + 24);

	return luser_unless(0, luser_same_text(at, "sample-early-v1", 16)) |
	       luser_unless(1, map != 0) |
	       luser_unless(2, (map & (env->page_size - 1)) == 0) |
	       luser_unless(3, table != 0) |
	       luser_unless(4, (table & (env->page_size - 1)) == 0);
}

static const struct luser_struct root_node_properties = {
	.name = "root",
	.doc = "The root node.",
	.size = 52,
	.align = 1,
	.fields = root_node_properties_fields,
	.nr_fields = 6,
	.nr_rules = 5,
	.rules = root_rules,
	.broken = root_broken,
};

static const struct luser_field blob_node_properties_fields[1] = {
	{
		.name = "fdt",
		.doc = "Its address.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_DISPATCH,
			.align = 8,
			.dispatch = &(const struct luser_dispatch){
				.registry = "sample-registry",
				.fdt_size = true,
			},
		},
	},
};

static const struct luser_rule blob_rules[] = {
	{
		.name = "fdt-set",
		.check = "type",
		.that = "fdt != 0",
		.doc = "It leads somewhere.",
		.field = &blob_node_properties_fields[0],
	},
	{
		.name = "fdt-aligned",
		.check = "type",
		.that = "fdt % 8 == 0",
		.doc = "It is aligned.",
		.field = &blob_node_properties_fields[0],
	},
};

static uint64_t blob_broken(const uint8_t *at, const struct luser_env *env)
{
	const uint64_t fdt = luser_le64(at);

	(void)env;
	return luser_unless(0, fdt != 0) |
	       luser_unless(1, (fdt & 7) == 0);
}

static const struct luser_struct blob_node_properties = {
	.name = "blob",
	.doc = "A blob.",
	.size = 8,
	.align = 1,
	.fields = blob_node_properties_fields,
	.nr_fields = 1,
	.nr_rules = 2,
	.rules = blob_rules,
	.broken = blob_broken,
};

static const struct luser_array chunks_array = {
	.name = "chunks",
	.doc = "The chunks.",
	.record = &sample_bitmap,
	.header = &sample_chunk,
	.next = &sample_chunk_fields[0],
	.count = &sample_chunk_fields[2],
	.max_pages = 100,
};

static const struct luser_array table_array = {
	.name = "table",
	.doc = "The table.",
	.record = &sample_owner,
	.header = &sample_table_header,
	.count = &sample_table_header_fields[0],
	.max_pages = 16,
	.table_pages = 16,
	.freed = "Somebody frees it.",
};

static const struct luser_array blocks_array = {
	.name = "blocks",
	.doc = "The blocks.",
	.record = &sample_block,
	.header = &luser_no_header,
	.total = (const struct luser_field *const []){ &sample_owner_fields[1],
		NULL },
	.max_pages = 2,
	.table_pages = 2,
	.by_total = true,
};

static const struct luser_fdt_node root_node;
static const struct luser_fdt_node blob_node;

static const struct luser_fdt_node root_node = {
	.name = "root",
	.properties = &root_node_properties,
	.children = (const struct luser_fdt_child []){
		{ .node = &blob_node },
	},
	.nr_children = 1,
};

static const struct luser_fdt_node blob_node = {
	.name = "blob",
	.properties = &blob_node_properties,
};

const struct luser_abi luser_abi_sample_early_v1 = {
	.id = "sample-early-v1",
	.name = "sample-early",
	.version = "v1",
	.summary = "What only older ABIs do",
	.origin = "mainline",
	.kernels = "6.1 to 6.2",
	.carrier = LUSER_CARRIER_FDT,
	.registry = "sample-registry",
	.key = "early",
	.first = { 6, 1 },
	.last = { 6, 2 },
	.identity = &root_node_properties_fields[0],
	.identity_string = "sample-early-v1",
	.root_node = &root_node,
	.arrays = (const struct luser_array *const []){
		&chunks_array,
		&table_array,
		&blocks_array,
	},
	.nr_arrays = 3,
	.structs = (const struct luser_struct *const []){
		&sample_chunk,
		&sample_bitmap,
		&sample_table_header,
		&sample_owner,
		&sample_block,
	},
	.nr_structs = 5,
};
