/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * All ABIs, sorted by id.
 *
 * Made by luser-gen. Do not edit.
 */
#include <luser/array.h>
#include <luser/rule_ops.h>

#include "tables.h"

/* The library has room for what the schemas ask of an array. */
_Static_assert(1 <= LUSER_MAX_SAME, "too many fields are the same");
_Static_assert(0 <= LUSER_MAX_UNIQUE, "too much is unique");

const struct luser_struct luser_no_header = {
	.name = "",
	.doc = "",
	.align = 1,
	.broken = luser_no_rules,
};

static const struct luser_abi *const all[] = {
	&luser_abi_sample_early_v1,
	&luser_abi_sample_handle_v1,
	&luser_abi_sample_tree_v1,
	&luser_abi_sample_v1,
	&luser_abi_sample_v1_wide,
};

const struct luser_abi *const *luser_abis(size_t *count)
{
	*count = sizeof(all) / sizeof(all[0]);
	return all;
}
