/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Generated tests of rules that can be turned off one by one: what is generated
 * is compiled with this file in front of it.
 */
#ifndef SWITCH_H
#define SWITCH_H

#include <luser/rule_ops.h>

/* As luser_unless(), for the rule that @function tests as number @bit. */
uint64_t switch_unless(const char *function, unsigned int bit, bool that);

#define luser_unless(bit, that) switch_unless(__func__, bit, that)

#endif /* SWITCH_H */
