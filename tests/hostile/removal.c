// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Each generated test of a rule, removed in turn: some damage of the dumps must
 * then be judged otherwise than with it. A test that no walk misses, as that of
 * the field by which a walk tells versions apart, is looked for in what
 * luser_struct_explain() says of structs that are made up.
 *
 * usage: removal DUMP...
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/check.h>

#include "damage.h"
#include "removed.h"
#include "switch.h"

/**
 * struct site - one test of one rule
 * @function: that it is in
 * @bit:      its number there
 * @killed:   its removal was noticed
 * @broken:   it was found false in this walk
 * @failed:   or in any
 */
struct site {
	const struct luser_abi *abi;
	const struct luser_struct *type;
	const char *function;
	unsigned int bit;
	const struct luser_rule *rule;
	bool killed;
	bool broken;
};

/* For structs that are in no dump. */
static const struct luser_env plain_env = {
	.page_size = 4096,
	.page_shift = 12,
};

static struct site *sites;
static size_t nr_sites;
static const struct site *off;

/* What is being made known, when tests are first called. */
static const struct luser_abi *known_abi;
static const struct luser_struct *known_type;
static bool known_hints;

static struct site *find(const char *function, unsigned int bit)
{
	for (size_t i = 0; i < nr_sites; i++)
		if (sites[i].function == function && sites[i].bit == bit)
			return &sites[i];
	return NULL;
}

static void add_site(const char *function, unsigned int bit)
{
	if (find(function, bit))
		return;
	sites = reallocarray(sites, nr_sites + 1, sizeof(*sites));
	sites[nr_sites++] = (struct site){
		.abi = known_abi,
		.type = known_type,
		.function = function,
		.bit = bit,
		.rule = known_hints ? &known_type->hints[bit]
				    : &known_type->rules[bit],
	};
}

uint64_t switch_unless(const char *function, unsigned int bit, bool that)
{
	struct site *site;

	if (known_type) {
		add_site(function, bit);
		return 0;
	}
	if (that)
		return 0;
	site = find(function, bit);
	if (site == off)
		return 0;
	site->broken = true;
	return UINT64_C(1) << bit;
}

static void know_struct(const struct luser_abi *abi,
			const struct luser_struct *type)
{
	uint8_t *zeros = calloc(1, type->size + 1);

	known_abi = abi;
	known_type = type;
	if (type->broken)
		type->broken(zeros, &plain_env);
	known_hints = true;
	if (type->unlikely)
		type->unlikely(zeros, &plain_env);
	known_hints = false;
	known_type = NULL;
	free(zeros);
}

static void know_node(const struct luser_abi *abi,
		      const struct luser_fdt_node *node)
{
	know_struct(abi, node->properties);
	for (uint16_t i = 0; i < node->nr_children; i++)
		know_node(abi, node->children[i].node);
}

static void know_all(void)
{
	size_t nr;
	const struct luser_abi *const *abis = luser_abis(&nr);

	for (size_t i = 0; i < nr; i++) {
		for (uint16_t j = 0; j < abis[i]->nr_structs; j++)
			know_struct(abis[i], abis[i]->structs[j]);
		if (abis[i]->root_node)
			know_node(abis[i], abis[i]->root_node);
	}
}

/* Tests that this damage breaks are removed one by one. */
static void try(void *ctx, struct replay *r, const char *how)
{
	struct verdict with;

	(void)ctx;
	(void)how;
	for (size_t i = 0; i < nr_sites; i++)
		sites[i].broken = false;
	with = replay_walk(r);
	for (size_t i = 0; i < nr_sites; i++) {
		struct site *site = &sites[i];

		if (!site->broken || site->killed)
			continue;
		off = site;
		site->killed = replay_walk(r).sum != with.sum;
		off = NULL;
	}
}

/* What is said of a struct, with all tests or without the one that is off. */
static void explain(const struct luser_struct *type, const uint8_t *bytes,
		    struct luser_error *err)
{
	memset(err, 0, sizeof(*err));
	luser_struct_explain(type, bytes, type->size, 0, &plain_env, err);
}

static bool is_missed(const struct site *site, const uint8_t *bytes)
{
	struct luser_error with, without;

	explain(site->type, bytes, &with);
	off = site;
	explain(site->type, bytes, &without);
	off = NULL;
	return strcmp(with.message, without.message) != 0;
}

/* Structs of which each byte is the same but one bit. */
static bool is_missed_in_any(const struct site *site)
{
	static const uint8_t values[] = { 0, 0xff, 'x' };
	uint8_t *bytes = malloc(site->type->size + 1);
	bool missed = false;

	for (size_t i = 0; i < sizeof(values); i++) {
		memset(bytes, values[i], site->type->size);
		missed |= is_missed(site, bytes);
		for (size_t at = 0; at < site->type->size * 8; at++) {
			bytes[at / 8] ^= (uint8_t)(1 << at % 8);
			missed |= is_missed(site, bytes);
			bytes[at / 8] ^= (uint8_t)(1 << at % 8);
		}
	}
	free(bytes);
	return missed;
}

static void damage(const char *path)
{
	struct replay r;

	if (!nr_sites)
		know_all();
	replay_open(&r, path);
	damage_bits(&r, 9, try, NULL);
	damage_words(&r, 1, try, NULL);
	replay_close(&r);
}

static void judge(struct removed *removed)
{
	for (size_t i = 0; i < nr_sites; i++) {
		const struct site *site = &sites[i];
		char name[128];

		snprintf(name, sizeof(name), "%s/%s/%s", site->abi->id,
			 site->type->name, site->rule->name);
		removed_judge(removed, name,
			      site->killed || is_missed_in_any(site));
	}
}

int main(int argc, char **argv)
{
	int ret = removed_main(argc, argv, damage, judge);

	free(sites);
	return ret;
}
