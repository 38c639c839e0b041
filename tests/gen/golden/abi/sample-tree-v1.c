/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-tree-v1: Every construct of a device tree.
 *
 * Made by luser-gen from sample-tree-v1.yaml. Do not edit.
 */
#include <luser/abi.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#include "tables.h"

static const struct luser_field root_node_properties_fields[2];
static const struct luser_field leaf_node_properties_fields[3];

static const struct luser_field root_node_properties_fields[2] = {
	{
		.name = "compatible",
		.doc = "The version.",
		.kind = LUSER_STRING,
		.offset = 0,
		.size = 15,
		.count = 1,
		.fixed = &(const struct luser_fixed){
			.string = "sample-tree-v1",
		},
	},
	{
		.name = "number",
		.doc = "A number.",
		.kind = LUSER_UINT,
		.offset = 15,
		.size = 4,
		.count = 1,
		.names = &luser_sample_v1_sample_mode_names,
	},
};

static const struct luser_rule root_rules[] = {
	{
		.name = "compatible-value",
		.check = "type",
		.that = "compatible == \"sample-tree-v1\"",
		.doc = "It has one value only.",
		.field = &root_node_properties_fields[0],
	},
	{
		.name = "number-known",
		.check = "type",
		.that = "number in sample_mode",
		.doc = "It is an item of the enum.",
		.field = &root_node_properties_fields[1],
	},
	{
		.name = "odd",
		.check = "rule",
		.that = "number % 2 == 1",
		.doc = "A made-up rule.",
		.field = &root_node_properties_fields[1],
	},
};

static uint64_t root_broken(const uint8_t *at, const struct luser_env *env)
{
	const uint64_t number = luser_le32(at + 15);

	(void)env;
	return luser_unless(0, luser_same_text(at, "sample-tree-v1", 15)) |
	       luser_unless(1, number >= 1 && number <= 2) |
	       luser_unless(2, (number & 1) == 1);
}

static const struct luser_struct root_node_properties = {
	.name = "root",
	.doc = "The root node.",
	.size = 19,
	.align = 1,
	.fields = root_node_properties_fields,
	.nr_fields = 2,
	.nr_rules = 3,
	.rules = root_rules,
	.broken = root_broken,
};

static const struct luser_field leaf_node_properties_fields[3] = {
	{
		.name = "leaf-data",
		.doc = "An address.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 0,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_STRUCT,
			.align = 8,
			.type = &luser_sample_v1_sample_ser,
		},
	},
	{
		.name = "blob",
		.doc = "A blob.",
		.kind = LUSER_PHYS,
		.format = LUSER_HEX,
		.offset = 8,
		.size = 8,
		.count = 1,
		.link = &(const struct luser_link){
			.kind = LUSER_TO_DISPATCH,
			.align = 8,
			.dispatch = &(const struct luser_dispatch){
				.registry = "sample-registry",
				.size = &leaf_node_properties_fields[2],
			},
		},
	},
	{
		.name = "leaf,size",
		.doc = "Its size.",
		.kind = LUSER_UINT,
		.offset = 16,
		.size = 8,
		.count = 1,
	},
};

static const struct luser_rule leaf_rules[] = {
	{
		.name = "leaf-data-set",
		.check = "type",
		.that = "leaf-data != 0",
		.doc = "It leads somewhere.",
		.field = &leaf_node_properties_fields[0],
	},
	{
		.name = "leaf-data-aligned",
		.check = "type",
		.that = "leaf-data % 8 == 0",
		.doc = "It is aligned.",
		.field = &leaf_node_properties_fields[0],
	},
	{
		.name = "blob-set",
		.check = "type",
		.that = "blob != 0",
		.doc = "It leads somewhere.",
		.field = &leaf_node_properties_fields[1],
	},
	{
		.name = "blob-aligned",
		.check = "type",
		.that = "blob % 8 == 0",
		.doc = "It is aligned.",
		.field = &leaf_node_properties_fields[1],
	},
};

static uint64_t leaf_broken(const uint8_t *at, const struct luser_env *env)
{
	const uint64_t leaf_data = luser_le64(at);
	const uint64_t blob = luser_le64(at + 8);

	(void)env;
	return luser_unless(0, leaf_data != 0) |
	       luser_unless(1, (leaf_data & 7) == 0) |
	       luser_unless(2, blob != 0) |
	       luser_unless(3, (blob & 7) == 0);
}

static const struct luser_struct leaf_node_properties = {
	.name = "leaf",
	.doc = "A leaf.",
	.size = 24,
	.align = 1,
	.fields = leaf_node_properties_fields,
	.nr_fields = 3,
	.nr_rules = 4,
	.rules = leaf_rules,
	.broken = leaf_broken,
};

static const struct luser_fdt_node root_node;
static const struct luser_fdt_node leaf_node;

static const struct luser_fdt_node root_node = {
	.name = "root",
	.properties = &root_node_properties,
	.children = (const struct luser_fdt_child []){
		{ .name = "header", .node = &leaf_node },
		{ .node = &leaf_node },
	},
	.nr_children = 2,
};

static const struct luser_fdt_node leaf_node = {
	.name = "leaf",
	.properties = &leaf_node_properties,
};

const struct luser_abi luser_abi_sample_tree_v1 = {
	.id = "sample-tree-v1",
	.name = "sample-tree",
	.version = "v1",
	.summary = "Every construct of a device tree",
	.origin = "mainline",
	.kernels = "7.9 to 7.10",
	.carrier = LUSER_CARRIER_FDT,
	.registry = "sample-registry",
	.key = "tree",
	.first = { 7, 9 },
	.last = { 7, 10 },
	.identity = &root_node_properties_fields[0],
	.identity_string = "sample-tree-v1",
	.root_node = &root_node,
};
