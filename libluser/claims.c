// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which addresses were read already.
 */
#include <stdlib.h>

#include "claims.h"

#define FIRST_SIZE 256

/* Fibonacci hashing: page addresses differ in their middle bits only. */
static size_t slot_of(uint64_t key, size_t size)
{
	return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (size - 1);
}

static uint64_t *find(uint64_t *slots, size_t size, uint64_t key)
{
	size_t i = slot_of(key, size);

	while (slots[i] && slots[i] != key)
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static bool grow(struct luser_claims *claims)
{
	size_t size = claims->size ? claims->size * 2 : FIRST_SIZE;
	uint64_t *slots = calloc(size, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t i = 0; i < claims->size; i++)
		if (claims->slots[i])
			*find(slots, size, claims->slots[i]) = claims->slots[i];
	free(claims->slots);
	claims->slots = slots;
	claims->size = size;
	return true;
}

enum luser_claim luser_claims_add(struct luser_claims *claims, uint64_t phys)
{
	uint64_t key = phys + 1;
	uint64_t *slot;

	if (claims->used * 2 >= claims->size && !grow(claims))
		return LUSER_CLAIM_NOMEM;
	slot = find(claims->slots, claims->size, key);
	if (*slot)
		return LUSER_CLAIM_TAKEN;
	*slot = key;
	claims->used++;
	return LUSER_CLAIM_NEW;
}

void luser_claims_free(struct luser_claims *claims)
{
	free(claims->slots);
	*claims = (struct luser_claims){0};
}
