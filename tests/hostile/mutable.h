/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Descriptor tables that can be changed: what is generated is compiled with
 * this file in front of it.
 */
#include <luser/abi.h>
#include <luser/le.h>
#include <luser/rule_ops.h>

#define const
