// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* The audit of a whole handover: its sums agree, and its findings say all. */
#include <stdlib.h>

#include <luser/audit.h>

#include "target.h"

const struct focus target_focus = {.abi = ""};

static void report(void *ctx, const struct luser_audit_finding *found)
{
	(void)ctx;
	if (!found->check || !found->path || !found->finding->text)
		abort();
}

static void check_sums(struct luser_audit *audit)
{
	struct luser_audit_sums sums;

	if (luser_audit_finish(audit, &sums, NULL) != LUSER_OK)
		return;
	if (sums.owned > sums.preserved ||
	    sums.leaked != sums.preserved - sums.owned ||
	    !sums.leaks != !sums.leaked)
		abort();
}

static void audit(const struct replay *r)
{
	const struct luser_walk_options options = {.page_size = r->page_size};
	struct luser_audit *audit;

	if (luser_audit_new(r->mem, r->root, report, NULL, &audit) != LUSER_OK)
		abort();
	if (luser_walk(r->mem, r->root, &options, luser_audit_visitor(), audit,
		       NULL) == LUSER_OK)
		check_sums(audit);
	luser_audit_free(audit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flat_input in;
	struct replay r;

	if (!flat_parse(&in, data, size) || !flat_take(&r, &in))
		return 0;
	audit(&r);
	flat_seal(&r);
	if (r.nr_sealed)
		audit(&r);
	replay_close(&r);
	return 0;
}
