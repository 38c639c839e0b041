// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * How deep a fuzzer came: what the walk shows of its inputs, and which rules
 * they break, as they are and with their checksums made right.
 * usage: reached INPUT...
 */
#include <stdio.h>
#include <string.h>

#include "flat.h"
#include "grow.h"
#include "input_file.h"

/**
 * struct names - each once
 */
struct names {
	char (*list)[80];
	size_t nr;
};

/**
 * struct reached - what came up so far
 * @abis:   those with objects
 * @broken: their rules that were broken
 * @sums:   checksums that are wrong
 */
struct reached {
	struct names abis;
	struct names broken;
	size_t sums;
};

static void add(struct names *names, const char *abi, const char *rule)
{
	char name[sizeof(names->list[0])];

	snprintf(name, sizeof(name), "%s %s", abi, rule);
	for (size_t i = 0; i < names->nr; i++)
		if (!strcmp(names->list[i], name))
			return;
	names->list = grow(names->list, names->nr, sizeof(name));
	memcpy(names->list[names->nr++], name, sizeof(name));
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct reached *reached = ctx;

	if (node->abi)
		add(&reached->abis, node->abi->id, "");
	return LUSER_ENTER;
}

static void finding(void *ctx, const struct luser_finding *found)
{
	struct reached *reached = ctx;

	if (found->severity != LUSER_ERROR)
		return;
	if (!strcmp(found->rule, "checksum"))
		reached->sums++;
	else
		add(&reached->broken,
		    found->node->abi ? found->node->abi->id : "", found->rule);
}

static void look(const struct replay *r, struct reached *reached)
{
	static const struct luser_visitor visitor = {
		.enter = enter,
		.finding = finding,
	};
	const struct luser_walk_options options = {.page_size = r->page_size};

	luser_walk(r->mem, r->root, &options, &visitor, reached, NULL);
}

static void look_twice(const char *path, struct reached *raw,
		       struct reached *sealed)
{
	struct flat_input in;
	struct replay r;
	size_t size;
	uint8_t *data = input_file(path, &size);

	if (flat_parse(&in, data, size) && flat_take(&r, &in)) {
		look(&r, raw);
		flat_seal(&r);
		look(&r, sealed);
		replay_close(&r);
	}
	free(data);
}

static void tell(const char *how, struct reached *reached)
{
	printf("  %-7s %3zu ABIs, %4zu different errors, %4zu checksums wrong\n",
	       how, reached->abis.nr, reached->broken.nr, reached->sums);
	free(reached->abis.list);
	free(reached->broken.list);
}

int main(int argc, char **argv)
{
	struct reached raw = {.sums = 0}, sealed = {.sums = 0};

	for (int i = 1; i < argc; i++)
		look_twice(argv[i], &raw, &sealed);
	tell("raw:", &raw);
	tell("sealed:", &sealed);
	return 0;
}
