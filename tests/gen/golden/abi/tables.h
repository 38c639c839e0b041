/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the descriptor tables share with each other.
 *
 * Made by luser-gen. Do not edit.
 */
#ifndef LUSER_TABLES_H
#define LUSER_TABLES_H

#include <luser/abi.h>

/* The header of arrays without one. */
extern const struct luser_struct luser_no_header;

extern const struct luser_abi luser_abi_sample_early_v1;
extern const struct luser_abi luser_abi_sample_handle_v1;
extern const struct luser_abi luser_abi_sample_tree_v1;
extern const struct luser_abi luser_abi_sample_v1;
extern const struct luser_abi luser_abi_sample_v1_wide;

/* sample-v1 */
extern const struct luser_names luser_sample_v1_sample_mode_names;
extern const struct luser_struct luser_sample_v1_sample_ser;
extern const struct luser_field
	luser_sample_v1_sample_ser_fields[19];

#endif /* LUSER_TABLES_H */
