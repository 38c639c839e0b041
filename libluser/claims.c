// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Which memory was read already.
 */
#include <search.h>
#include <stdlib.h>

#include "claims.h"

struct stretch {
	uint64_t first;
	uint64_t last;
};

/* What overlaps is equal: of all that is in the tree, nothing does. */
static int by_place(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	if (x->first > y->last)
		return 1;
	return x->last < y->first ? -1 : 0;
}

enum luser_claim luser_claims_add(struct luser_claims *claims, uint64_t phys,
				  uint64_t len)
{
	struct stretch *stretch = malloc(sizeof(*stretch));
	struct stretch **found;

	if (!stretch)
		return LUSER_CLAIM_NOMEM;
	stretch->first = phys;
	stretch->last = phys + (len - 1);
	if (claims->base && tfind(stretch, &claims->base->tree, by_place)) {
		free(stretch);
		return LUSER_CLAIM_TAKEN;
	}
	found = tsearch(stretch, &claims->tree, by_place);
	if (found && *found == stretch)
		return LUSER_CLAIM_NEW;
	free(stretch);
	return found ? LUSER_CLAIM_TAKEN : LUSER_CLAIM_NOMEM;
}

void luser_claims_free(struct luser_claims *claims)
{
	tdestroy(claims->tree, free);
	claims->tree = NULL;
}
