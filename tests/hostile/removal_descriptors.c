// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Each thing that a descriptor asks for, taken out in turn: some dump, as it is
 * or damaged, must then be judged otherwise than with it.
 *
 * usage: removal_descriptors DUMP...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/audit.h>

#include "damage.h"
#include "descriptors.h"
#include "fnv.h"
#include "removed.h"
#include "switch.h"

static struct descriptor *all;
static size_t nr_all;

/* What is said is about the dump with all of them. */
static bool listening;

/* No rule is off. */
uint64_t switch_unless(const char *function, unsigned int bit, bool that)
{
	(void)function;
	return that ? 0 : UINT64_C(1) << bit;
}

static bool has_rule(const char *rules, const char *rule)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", rule);
	return !rules || strstr(rules, word);
}

/* A layout that an object may have is judged where nobody hears of it. */
static bool may_be(const struct luser_node *node, const struct luser_abi *abi)
{
	for (size_t i = 0; i < node->nr_candidates; i++)
		if (node->candidates[i].abi == abi && node->abi != abi)
			return true;
	return false;
}

static bool is_about(const struct luser_finding *finding,
		     const struct descriptor *d)
{
	const void *who = d->who;

	if (!has_rule(d->rules, finding->rule))
		return false;
	if (!who || finding->field == who)
		return true;
	for (const struct luser_node *n = finding->node; n; n = n->parent)
		if (n->array == who || n->type == who || n->field == who ||
		    (n->abi && n->abi->root_array == who))
			return true;
	return false;
}

static void entered(const struct luser_node *node)
{
	for (size_t i = 0; i < nr_all; i++) {
		bool other = may_be(node, all[i].abi);

		all[i].seen |= other || node->abi == all[i].abi;
		all[i].broken |= other;
	}
}

static void heard(const struct luser_finding *finding)
{
	for (size_t i = 0; i < nr_all; i++)
		all[i].broken |= all[i].seen && is_about(finding, &all[i]);
}

static void audited(void *ctx, const struct luser_audit_finding *found)
{
	const struct luser_finding *finding = found->finding;

	fnv_add(ctx, found->path, strlen(found->path) + 1);
	fnv_add(ctx, finding->rule, strlen(finding->rule) + 1);
	fnv_add(ctx, &finding->phys, sizeof(finding->phys));
	for (size_t i = 0; listening && i < nr_all; i++)
		all[i].broken |= all[i].seen && all[i].audit &&
				 has_rule(all[i].rules, finding->rule);
}

static uint64_t audit(struct replay *r)
{
	const struct luser_walk_options options = {.page_size = r->page_size};
	struct luser_audit_sums sums;
	struct luser_audit *audit;
	uint64_t sum = FNV_START;

	if (luser_audit_new(r->mem, r->root, audited, &sum, &audit) ||
	    luser_walk(r->mem, r->root, &options, luser_audit_visitor(), audit,
		       NULL) ||
	    luser_audit_finish(audit, &sums, NULL))
		abort();
	luser_audit_free(audit);
	return sum;
}

/**
 * struct said - what is said of a dump
 */
struct said {
	uint64_t walk;
	uint64_t audit;
};

static struct said say(struct replay *r)
{
	struct said said;

	r->entered = entered;
	r->heard = heard;
	listening = true;
	said.walk = replay_walk(r).sum;
	said.audit = audit(r);
	listening = false;
	r->entered = NULL;
	r->heard = NULL;
	return said;
}

static void try(struct replay *r, struct descriptor *d, struct said with)
{
	descriptor_switch(d);
	d->killed = d->audit ? audit(r) != with.audit
			     : replay_walk(r).sum != with.walk;
	descriptor_switch(d);
}

/* What this damage is told by is taken out one by one. */
static void try_told(void *ctx, struct replay *r, const char *how)
{
	struct said with;

	(void)ctx;
	(void)how;
	for (size_t i = 0; i < nr_all; i++)
		all[i].broken = false;
	with = say(r);
	for (size_t i = 0; i < nr_all; i++)
		if (all[i].broken && !all[i].killed)
			try(r, &all[i], with);
}

static struct said open_dump(struct replay *r, const char *path)
{
	for (size_t i = 0; i < nr_all; i++)
		all[i].seen = false;
	replay_open(r, path);
	return say(r);
}

static void damage(const char *path)
{
	struct replay r;
	struct said with = open_dump(&r, path);

	for (size_t i = 0; i < nr_all; i++)
		if (!all[i].killed)
			try(&r, &all[i], with);
	damage_words(&r, 1, try_told, NULL);
	replay_close(&r);
}

static bool is_open(void)
{
	for (size_t i = 0; i < nr_all; i++)
		if (all[i].seen && !all[i].killed)
			return true;
	return false;
}

/* What no word told may be told by a bit. */
static void damage_more(const char *path)
{
	struct replay r;

	open_dump(&r, path);
	if (is_open())
		damage_bits(&r, 1, try_told, NULL);
	replay_close(&r);
}

static void judge(struct removed *removed)
{
	for (size_t i = 0; i < nr_all; i++)
		removed_judge(removed, all[i].name, all[i].killed);
}

int main(int argc, char **argv)
{
	int ret;

	all = descriptors_list(&nr_all);
	for (int i = 1; i < argc; i++)
		damage(argv[i]);
	ret = removed_main(argc, argv, damage_more, judge);
	descriptors_free(all, nr_all);
	return ret;
}
