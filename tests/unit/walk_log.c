// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk_log.h"

struct call {
	struct walk_log *log;
	size_t depth;
};

static void note_candidates(struct walk_log *log, const struct luser_node *node)
{
	struct walk_weighed *weighed = &log->weighed[log->nr_weighed];

	if (!node->nr_candidates)
		return;
	if (log->nr_weighed++ >= sizeof(log->weighed) / sizeof(*weighed))
		return;
	weighed->abi = node->abi;
	weighed->nr = node->nr_candidates;
	ck_assert_uint_le(weighed->nr, sizeof(weighed->all) /
					       sizeof(weighed->all[0]));
	memcpy(weighed->all, node->candidates,
	       weighed->nr * sizeof(weighed->all[0]));
	luser_path(node, NULL, weighed->path, sizeof(weighed->path));
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct call *call = ctx;

	call->log->nodes[node->kind]++;
	call->log->page_size = node->env->page_size;
	note_candidates(call->log, node);
	call->depth++;
	return LUSER_ENTER;
}

static void leave(void *ctx, const struct luser_node *node)
{
	struct call *call = ctx;

	ck_assert_uint_gt(call->depth, 0);
	call->depth--;
	if (node->kind == LUSER_NODE_ARRAY) {
		call->log->records += node->tally->records;
		call->log->empty += node->tally->empty;
	}
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct walk_log *log = ((struct call *)ctx)->log;
	struct walk_told *told = &log->told[log->nr];

	ck_assert_ptr_nonnull(finding->rule);
	ck_assert_ptr_nonnull(finding->text);
	ck_assert_ptr_nonnull(finding->found);
	ck_assert_ptr_nonnull(finding->expected);
	log->nr_bad += finding->severity != LUSER_NOTE;
	if (log->nr++ >= WALK_LOG_ROOM) {
		log->nr = WALK_LOG_ROOM;
		return;
	}
	told->severity = finding->severity;
	told->phys = finding->phys;
	snprintf(told->rule, sizeof(told->rule), "%s", finding->rule);
	snprintf(told->found, sizeof(told->found), "%s", finding->found);
	luser_path(finding->node, finding->field, told->path,
		   sizeof(told->path));
}

enum luser_code walk_log(struct walk_log *log, struct luser_mem *mem,
			 const struct luser_root *root,
			 const struct luser_walk_options *options)
{
	static const struct luser_visitor visitor = {
		.enter = enter,
		.leave = leave,
		.finding = finding,
	};
	struct call call = {log, 0};
	enum luser_code code;

	memset(log, 0, sizeof(*log));
	code = luser_walk(mem, root, options, &visitor, &call, NULL);
	ck_assert_uint_eq(call.depth, 0);
	return code;
}

void walk_log_is_sound(const struct walk_log *log)
{
	const struct walk_told *told = &log->told[0];

	while (log->nr_bad && told->severity == LUSER_NOTE)
		told++;
	ck_assert_msg(!log->nr_bad, "%s at %s (0x%" PRIx64 "): %s", told->rule,
		      told->path, told->phys, told->found);
}

const struct walk_told *walk_log_find(const struct walk_log *log,
				      const char *rule)
{
	for (size_t i = 0; i < log->nr; i++)
		if (!strcmp(log->told[i].rule, rule))
			return &log->told[i];
	ck_abort_msg("no finding of rule %s among %zu", rule, log->nr);
	return NULL;
}

const struct luser_candidate *walk_log_candidate(const struct walk_log *log,
						 const char *id)
{
	const struct walk_weighed *weighed = &log->weighed[0];

	ck_assert_uint_gt(log->nr_weighed, 0);
	for (size_t i = 0; i < weighed->nr; i++)
		if (!strcmp(weighed->all[i].abi->id, id))
			return &weighed->all[i];
	ck_abort_msg("%s was not weighed at %s", id, weighed->path);
	return NULL;
}
