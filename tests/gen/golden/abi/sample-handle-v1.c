/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-handle-v1: A value where others have an address.
 *
 * Made by luser-gen from sample-handle-v1.yaml. Do not edit.
 */
#include <luser/abi.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#include "tables.h"

static const struct luser_struct sample_value;
static const struct luser_field sample_value_fields[1];

static const struct luser_field sample_value_fields[1] = {
	{
		.name = "value",
		.doc = "The value.",
		.kind = LUSER_UINT,
		.offset = 0,
		.size = 8,
		.count = 1,
		.fixed = &(const struct luser_fixed){
			.number = 7,
		},
	},
};

static const struct luser_rule sample_value_rules[] = {
	{
		.name = "value-value",
		.check = "type",
		.that = "value == 7",
		.doc = "It has one value only.",
		.field = &sample_value_fields[0],
	},
};

static uint64_t sample_value_broken(const uint8_t *at,
				    const struct luser_env *env)
{
	const uint64_t value = luser_le64(at);

	(void)env;
	return luser_unless(0, value == 7);
}

static const struct luser_struct sample_value = {
	.name = "sample_value",
	.doc = "The value.",
	.size = 8,
	.align = 1,
	.fields = sample_value_fields,
	.nr_fields = 1,
	.nr_rules = 1,
	.rules = sample_value_rules,
	.broken = sample_value_broken,
};

const struct luser_abi luser_abi_sample_handle_v1 = {
	.id = "sample-handle-v1",
	.name = "sample-handle",
	.version = "v1",
	.summary = "A value where others have an address",
	.origin = "proposed",
	.kernels = "",
	.carrier = LUSER_CARRIER_HANDLE,
	.registry = "sample-registry",
	.key = "handle",
	.identity = &sample_value_fields[0],
	.identity_number = 7,
	.root = &sample_value,
	.structs = (const struct luser_struct *const []){
		&sample_value,
	},
	.nr_structs = 1,
};
