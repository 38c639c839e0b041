/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Running a struct's rules over bytes.
 */
#ifndef LUSER_RULES_H
#define LUSER_RULES_H

#include <luser/abi.h>

typedef void luser_rule_fn(void *ctx, const struct luser_rule *rule);

/**
 * luser_rules_broken() - tell of every rule that does not hold
 * @type: the struct
 * @at:   its bytes, at least type->size of them readable
 * @size: bytes of it that the writer knew; rules about later fields are left
 *        out
 * @env:  what rules may look at
 * @fn:   called for each broken rule
 * @ctx:  handed to @fn
 *
 * Return: true if one of the broken rules ends the reading of the object.
 */
bool luser_rules_broken(const struct luser_struct *type, const uint8_t *at,
			uint64_t size, const struct luser_env *env,
			luser_rule_fn *fn, void *ctx);

/** luser_hints_broken() - the same for what makes a struct likely */
void luser_hints_broken(const struct luser_struct *type, const uint8_t *at,
			const struct luser_env *env, luser_rule_fn *fn,
			void *ctx);

#endif /* LUSER_RULES_H */
