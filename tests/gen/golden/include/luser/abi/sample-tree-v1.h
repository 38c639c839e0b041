/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * sample-tree-v1: Every construct of a device tree.
 *
 * Made by luser-gen from sample-tree-v1.yaml. Do not edit.
 */
#ifndef LUSER_ABI_SAMPLE_TREE_V1_H
#define LUSER_ABI_SAMPLE_TREE_V1_H

#include <luser/abi.h>
#include <luser/check.h>
#include <luser/le.h>
#include <luser/rule_ops.h>
#include <luser/abi/sample-v1.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * DOC: sample-tree-v1
 *
 * A tree with a node by name, nodes of any name, and a struct of another ABI.
 */

/* The descriptor of the ABI. */
extern const struct luser_abi luser_abi_sample_tree_v1;

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ABI_SAMPLE_TREE_V1_H */
