// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "diff_tables.h"
#include "util.h"

/* Whether both are of the same pages, but for where these are. */
static bool is_alike(const struct luser_table_part *a,
		     const struct luser_table_part *b)
{
	return a->shift == b->shift && a->bits == b->bits &&
	       a->read == b->read && a->write == b->write;
}

void mapped_add(struct mapped *mapped, const struct luser_table_part *run,
		bool addresses)
{
	struct luser_table_part *last =
		mapped->nr ? &mapped->runs[mapped->nr - 1] : NULL;

	if (last && !addresses && last->iova + last->len == run->iova &&
	    is_alike(last, run)) {
		last->len += run->len;
		return;
	}
	mapped->runs = grow(mapped->runs, mapped->nr, sizeof(*mapped->runs));
	mapped->runs[mapped->nr++] = *run;
}

/* True if something differs; @iova receives where. */
static bool differ(const struct luser_table_part *a,
		   const struct luser_table_part *b, bool addresses,
		   uint64_t *iova)
{
	*iova = a->iova < b->iova ? a->iova : b->iova;
	if (a->iova != b->iova || !is_alike(a, b) ||
	    (addresses && a->phys != b->phys))
		return true;
	*iova += a->len < b->len ? a->len : b->len;
	return a->len != b->len;
}

struct tables_change tables_compare(const struct mapped *a,
				    const struct mapped *b, bool addresses)
{
	struct tables_change change = { .a = a, .b = b };
	size_t i = 0;

	for (; i < a->nr && i < b->nr && !change.any; i++)
		change.any = differ(&a->runs[i], &b->runs[i], addresses,
				    &change.iova);
	if (change.any || a->nr == b->nr)
		return change;
	change.any = true;
	change.iova = a->nr > b->nr ? a->runs[i].iova : b->runs[i].iova;
	return change;
}
