// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Running a struct's rules over bytes.
 */
#include "rules.h"

bool luser_rules_broken(const struct luser_struct *type, const uint8_t *at,
			uint64_t size, const struct luser_env *env,
			luser_rule_fn *fn, void *ctx)
{
	uint64_t broken = type->broken ? type->broken(at, env) : 0;
	bool refuse = false;

	for (uint16_t i = 0; broken; i++, broken >>= 1) {
		const struct luser_rule *rule = &type->rules[i];

		if (!(broken & 1) || (rule->field && rule->field->since > size))
			continue;
		fn(ctx, rule);
		refuse |= rule->refuse;
	}
	return refuse;
}

void luser_hints_broken(const struct luser_struct *type, const uint8_t *at,
			const struct luser_env *env, luser_rule_fn *fn,
			void *ctx)
{
	uint64_t broken = type->unlikely ? type->unlikely(at, env) : 0;

	for (uint16_t i = 0; broken; i++, broken >>= 1)
		if (broken & 1)
			fn(ctx, &type->hints[i]);
}
