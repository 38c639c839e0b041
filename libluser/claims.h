/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Which addresses were read already. Nothing is read for two owners, so every
 * walk ends and no byte is fetched twice.
 */
#ifndef LUSER_CLAIMS_H
#define LUSER_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct luser_claims - a set of addresses
 * @slots: open-addressed table, address + 1, 0 is empty
 * @size:  slots, a power of two, or 0
 * @used:  of them in use
 */
struct luser_claims {
	uint64_t *slots;
	size_t size;
	size_t used;
};

enum luser_claim {
	LUSER_CLAIM_NEW,
	LUSER_CLAIM_TAKEN,
	LUSER_CLAIM_NOMEM,
};

/**
 * luser_claims_add() - claim an address
 *
 * Return: LUSER_CLAIM_TAKEN if it was claimed before.
 */
enum luser_claim luser_claims_add(struct luser_claims *claims, uint64_t phys);

/** luser_claims_free() - forget all */
void luser_claims_free(struct luser_claims *claims);

#endif /* LUSER_CLAIMS_H */
