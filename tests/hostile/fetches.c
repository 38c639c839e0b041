// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * How often a walk fetches each byte of a dump: once. Where several layouts
 * share a name, each is looked at beforehand; such looks are counted by
 * themselves. And a dump whose bytes change as soon as they were fetched is
 * shown as if they had not.
 *
 * usage: fetches DUMP
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fnv.h"
#include "replay.h"

#define FDT_HEADER_SIZE 40

/**
 * struct fetches - what one walk fetches
 * @count:   fetches of each byte for what is shown
 * @looks:   fetches of each byte to tell layouts apart
 * @reads:   since the last object was entered or told about
 * @most:    layouts that an object may have
 * @changes: each byte is inverted once it was fetched
 * @inverted: those that were
 * @sum:     over what is shown and what is found
 */
struct fetches {
	struct replay *r;
	uint8_t *count;
	uint8_t *looks;
	struct luser_range *reads;
	size_t nr_reads;
	size_t most;
	bool changes;
	uint8_t *inverted;
	uint64_t sum;
};

static void *zeros(size_t len)
{
	void *at = calloc(len, 1);

	if (!at)
		abort();
	return at;
}

static void invert(struct fetches *f, uint64_t at)
{
	if (f->inverted[at])
		return;
	f->r->span[at] = (uint8_t)~f->r->span[at];
	f->inverted[at] = 1;
}

static void note_read(void *ctx, uint64_t phys, const void *buf, size_t len)
{
	struct fetches *f = ctx;

	(void)buf;
	f->reads = reallocarray(f->reads, f->nr_reads + 1, sizeof(*f->reads));
	if (!f->reads)
		abort();
	f->reads[f->nr_reads++] = (struct luser_range){phys, len};
	for (size_t i = 0; i < len; i++) {
		uint64_t at = phys - f->r->base + i;

		f->count[at]++;
		if (f->changes)
			invert(f, at);
	}
}

/* The object itself comes first; a device tree's header says its size. */
static size_t own_reads(const struct fetches *f, const struct luser_node *node)
{
	return node->kind == LUSER_NODE_FDT && f->nr_reads > 1 &&
	       f->reads[0].len == FDT_HEADER_SIZE ? 2 : 1;
}

static void look(struct fetches *f, const struct luser_range *read,
		 uint64_t from)
{
	uint64_t at = read->start - f->r->base;

	for (uint64_t i = from; i < read->len; i++) {
		f->count[at + i]--;
		f->looks[at + i]++;
	}
}

/* What is behind a struct was fetched for a layout in which it is longer. */
static void set_aside(struct fetches *f, const struct luser_node *node)
{
	if (node->kind == LUSER_NODE_STRUCT && f->nr_reads)
		look(f, &f->reads[0], node->size);
	for (size_t n = own_reads(f, node); n < f->nr_reads; n++)
		look(f, &f->reads[n], 0);
}

static void add_map(struct fetches *f, const struct luser_map *map)
{
	struct luser_map_cursor cursor = {0};
	struct luser_range range;

	while (luser_map_next(map, &cursor, &range))
		fnv_add(&f->sum, &range, sizeof(range));
}

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	struct fetches *f = ctx;

	if (node->nr_candidates > f->most)
		f->most = node->nr_candidates;
	if (node->nr_candidates)
		set_aside(f, node);
	f->nr_reads = 0;
	fnv_add(&f->sum, &node->phys, sizeof(node->phys));
	if (node->bytes)
		fnv_add(&f->sum, node->bytes, node->size);
	if (node->map)
		add_map(f, node->map);
	return LUSER_ENTER;
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct fetches *f = ctx;

	f->nr_reads = 0;
	fnv_add(&f->sum, finding->rule, strlen(finding->rule));
	fnv_add(&f->sum, &finding->phys, sizeof(finding->phys));
}

static void walk(struct fetches *f)
{
	static const struct luser_visitor visitor = {
		.enter = enter,
		.finding = finding,
	};
	const struct luser_walk_options options = {
		.page_size = f->r->page_size,
	};

	memset(f->count, 0, f->r->len);
	f->sum = FNV_START;
	f->nr_reads = 0;
	if (luser_walk(f->r->mem, f->r->root, &options, &visitor, f, NULL))
		abort();
}

static uint8_t most_of(const uint8_t *count, size_t len, size_t *where)
{
	uint8_t most = 0;

	for (size_t i = 0; i < len; i++)
		if (count[i] > most) {
			most = count[i];
			*where = i;
		}
	return most;
}

/* Each look is a short one, and a longer one if that did not tell. */
static int judge(const struct fetches *f)
{
	size_t where = 0, looked = 0, bytes = 0;
	uint8_t most = most_of(f->count, f->r->len, &where);
	uint8_t looks = most_of(f->looks, f->r->len, &looked);

	for (size_t i = 0; i < f->r->len; i++)
		bytes += f->count[i] != 0;
	printf("%zu bytes are fetched, each %u time\n", bytes, most);
	printf("of %zu layouts; to tell them, a byte is fetched at most %u times\n",
	       f->most, looks);
	if (most == 1 && looks <= 2 * f->most)
		return 0;
	printf("too often: at 0x%" PRIx64 ", looks at 0x%" PRIx64 "\n",
	       f->r->base + where, f->r->base + looked);
	return 1;
}

/* To tell layouts apart the same bytes are looked at again. */
static int change(struct fetches *f)
{
	uint64_t sum = f->sum;

	if (f->most)
		return 0;
	f->changes = true;
	walk(f);
	printf("bytes that change after they were fetched: %s\n",
	       f->sum == sum ? "nobody sees it" : "what is shown differs");
	return f->sum != sum;
}

int main(int argc, char **argv)
{
	struct fetches f = {0};
	struct replay r;
	int ret;

	if (argc != 2) {
		fprintf(stderr, "usage: fetches DUMP\n");
		return 2;
	}
	replay_open(&r, argv[1]);
	f.r = &r;
	f.count = zeros(r.len);
	f.looks = zeros(r.len);
	f.inverted = zeros(r.len);
	luser_mem_observe(r.mem, note_read, &f);
	walk(&f);
	ret = judge(&f);
	ret |= change(&f);
	free(f.count);
	free(f.looks);
	free(f.inverted);
	free(f.reads);
	replay_close(&r);
	return ret;
}
