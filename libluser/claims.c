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

/* What was read last is made longer, as most memory is read in a row. */
static enum luser_claim lengthen(struct luser_claims *claims,
				 const struct stretch *more)
{
	if (tfind(more, &claims->tree, by_place))
		return LUSER_CLAIM_TAKEN;
	claims->latest->last = more->last;
	return LUSER_CLAIM_NEW;
}

static enum luser_claim insert(struct luser_claims *claims,
			       const struct stretch *more)
{
	struct stretch *stretch = malloc(sizeof(*stretch));
	struct stretch **found;

	if (!stretch)
		return LUSER_CLAIM_NOMEM;
	*stretch = *more;
	found = tsearch(stretch, &claims->tree, by_place);
	if (found && *found == stretch) {
		claims->latest = stretch;
		return LUSER_CLAIM_NEW;
	}
	free(stretch);
	return found ? LUSER_CLAIM_TAKEN : LUSER_CLAIM_NOMEM;
}

enum luser_claim luser_claims_add(struct luser_claims *claims, uint64_t phys,
				  uint64_t len)
{
	const struct stretch more = { phys, phys + (len - 1) };

	if (claims->base && tfind(&more, &claims->base->tree, by_place))
		return LUSER_CLAIM_TAKEN;
	if (claims->latest && claims->latest->last < phys &&
	    phys - claims->latest->last == 1)
		return lengthen(claims, &more);
	return insert(claims, &more);
}

void luser_claims_free(struct luser_claims *claims)
{
	tdestroy(claims->tree, free);
	claims->tree = NULL;
	claims->latest = NULL;
}
