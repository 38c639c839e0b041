/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Which memory was read already. Nothing is read for two owners, so every walk
 * ends and no byte is fetched twice.
 */
#ifndef LUSER_CLAIMS_H
#define LUSER_CLAIMS_H

#include <stdint.h>

struct stretch;

/**
 * struct luser_claims - stretches of memory that do not overlap
 * @tree:   of tsearch(), by address
 * @latest: the one in it that was added to last, or NULL
 * @base:   more of them, which stay as they are; or NULL
 */
struct luser_claims {
	void *tree;
	struct stretch *latest;
	const struct luser_claims *base;
};

enum luser_claim {
	LUSER_CLAIM_NEW,
	LUSER_CLAIM_TAKEN,
	LUSER_CLAIM_NOMEM,
};

/**
 * luser_claims_add() - claim [phys, +len)
 * @len: not 0; [phys, +len) does not wrap
 *
 * Return: LUSER_CLAIM_TAKEN if some of it was claimed before.
 */
enum luser_claim luser_claims_add(struct luser_claims *claims, uint64_t phys,
				  uint64_t len);

/** luser_claims_free() - forget all */
void luser_claims_free(struct luser_claims *claims);

#endif /* LUSER_CLAIMS_H */
