// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Looking things up in the descriptor tables.
 */
#include <string.h>

#include <luser/abi.h>

#include "field_value.h"

static bool abi_matches(const struct luser_abi *abi, const char *registry,
			const char *key)
{
	if (!abi->registry || strcmp(abi->registry, registry))
		return false;
	return !key || !strcmp(abi->key, key);
}

const struct luser_abi *luser_abi_next(const char *registry, const char *key,
				       const struct luser_abi *after)
{
	size_t count;
	const struct luser_abi *const *abis = luser_abis(&count);

	for (size_t i = 0; i < count; i++) {
		if (after) {
			if (abis[i] == after)
				after = NULL;
		} else if (abi_matches(abis[i], registry, key)) {
			return abis[i];
		}
	}
	return NULL;
}

uint64_t luser_field_get(const struct luser_field *field, const uint8_t *at,
			 uint32_t i)
{
	return field_value(field, at, i);
}

uint64_t luser_field_phys(const struct luser_field *field, const uint8_t *at,
			  const struct luser_env *env)
{
	return field_phys(field, at, env);
}

const struct luser_arm *luser_choose(const struct luser_choice *choice,
				     uint64_t tag)
{
	for (uint16_t i = 0; i < choice->nr_arms; i++)
		if (choice->arms[i].tag == tag)
			return &choice->arms[i];
	return NULL;
}
