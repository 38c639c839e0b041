// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <string.h>

#include <luser/audit.h>

#include "calls.h"

static void report(void *ctx, const struct luser_audit_finding *found)
{
	struct sum *sum = ctx;

	sum->told += !strcmp(found->finding->rule, "unreadable");
	sum_text(sum, found->check->name);
	sum_text(sum, found->path);
	sum_text(sum, found->finding->rule);
	sum_text(sum, found->finding->found);
	sum_bytes(sum, &found->finding->phys, sizeof(found->finding->phys));
	sum_bytes(sum, &found->finding->severity,
		  sizeof(found->finding->severity));
}

/* Whose the scratch areas are, too. */
static void sum_owners(struct sum *sum, const struct luser_audit *audit,
		       const struct luser_root *root)
{
	for (size_t i = 0; i < root->nr_scratch; i++) {
		struct luser_range range;
		char path[80];

		if (!luser_audit_owner(audit, root->scratch[i].start, &range,
				       path, sizeof(path)))
			continue;
		sum_text(sum, path);
		sum_bytes(sum, &range, sizeof(range));
	}
}

static enum luser_code audit_root(struct luser_mem *mem,
				  const struct luser_root *root,
				  struct sum *sum)
{
	struct luser_audit_sums sums;
	struct luser_audit *audit;
	enum luser_code code;

	code = luser_audit_new(mem, root, report, sum, &audit);
	if (code != LUSER_OK)
		return code;
	code = luser_walk(mem, root, NULL, luser_audit_visitor(), audit, NULL);
	if (code == LUSER_OK)
		code = luser_audit_finish(audit, &sums, NULL);
	if (code == LUSER_OK) {
		sum_bytes(sum, &sums, sizeof(sums));
		sum_owners(sum, audit, root);
	}
	luser_audit_free(audit);
	return code;
}

/* There is a scratch area in front of all memory, and one in what is used. */
static enum luser_code audit_first(struct luser_mem *mem, struct sum *sum)
{
	struct luser_range scratch[] = {
		{0x1000, 0x1000},
		{0, CALLS_PAGE},
	};
	struct luser_source *source;
	struct luser_root root;
	enum luser_code code;
	size_t nr;

	code = luser_source_scan(mem, NULL, NULL, &source, NULL);
	if (code != LUSER_OK)
		return code;
	root = *luser_source_roots(source, &nr);
	scratch[1].start = root.phys;
	root.scratch = scratch;
	root.nr_scratch = 2;
	code = audit_root(mem, &root, sum);
	luser_source_close(source);
	return code;
}

static enum luser_code with_memory(enum luser_code (*run)(struct luser_mem *mem,
							  struct sum *sum),
				   struct sum *sum)
{
	struct luser_mem *mem;
	enum luser_code code = luser_mem_open("audited", 0, &mem, NULL);

	if (code != LUSER_OK)
		return code;
	code = run(mem, sum);
	sum->told += luser_mem_complete(mem, NULL) != LUSER_OK;
	luser_mem_close(mem);
	return code;
}

enum luser_code call_audit(struct sum *sum)
{
	return with_memory(audit_first, sum);
}

static enum luser_enter skip(void *ctx, const struct luser_node *node)
{
	(void)ctx;
	(void)node;
	return LUSER_SKIP;
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct sum *sum = ctx;

	sum->told += !strcmp(finding->rule, "unreadable");
	sum_text(sum, finding->rule);
	sum_text(sum, finding->found);
}

static enum luser_code check(struct luser_mem *mem, struct sum *sum)
{
	static const struct luser_visitor visitor = {
		.enter = skip,
		.finding = finding,
	};
	struct luser_source *source;
	enum luser_code code;
	size_t nr;

	code = luser_source_scan(mem, NULL, NULL, &source, NULL);
	if (code != LUSER_OK)
		return code;
	code = luser_walk(mem, luser_source_roots(source, &nr), NULL, &visitor,
			  sum, NULL);
	luser_source_close(source);
	return code;
}

enum luser_code call_check(struct sum *sum)
{
	return with_memory(check, sum);
}
