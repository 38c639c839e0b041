// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A dump opened, searched and walked while the machine fails: each allocation
 * in turn, and each call of the operating system in turn. Then it is walked up
 * to each object in turn, where the visitor ends the walk, and to each read,
 * where whoever is told of progress ends it.
 *
 * usage: faults DUMP
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/walk.h>

#include "alloc.h"
#include "fault.h"

/**
 * struct told - what came of a walk
 * @code: LUSER_OK, or what ended it
 * @objects: that were shown
 * @nr:   findings by severity
 * @lost: of those, that something cannot be read
 */
struct told {
	enum luser_code code;
	size_t objects;
	size_t nr[LUSER_ERROR + 1];
	size_t lost;
};

/* The object that is the last one; 0: all are shown. */
static size_t last;

static enum luser_enter enter(void *ctx, const struct luser_node *node)
{
	(void)node;
	return ++((struct told *)ctx)->objects == last ? LUSER_STOP :
							 LUSER_ENTER;
}

static void finding(void *ctx, const struct luser_finding *finding)
{
	struct told *told = ctx;

	told->nr[finding->severity]++;
	told->lost += !strcmp(finding->rule, "unreadable");
}

/* Reads that were told of, and the last one; 0: all are read. */
static size_t reads, last_read;

static bool progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	(void)done;
	(void)total;
	return ++reads != last_read;
}

static void walk(struct luser_mem *mem, struct told *told)
{
	static const struct luser_walk_options options = {
		.progress = progress,
	};
	static const struct luser_visitor visitor = {
		.enter = enter,
		.finding = finding,
	};
	struct luser_source *source;
	size_t nr;

	told->code = luser_source_scan(mem, NULL, NULL, &source, NULL);
	if (told->code != LUSER_OK)
		return;
	told->code = luser_walk(mem, luser_source_roots(source, &nr), &options,
				&visitor, told, NULL);
	luser_source_close(source);
}

static struct told run(const char *path)
{
	struct told told = {0};
	struct luser_mem *mem;
	size_t live = alloc_live();

	told.code = luser_mem_open(path, 0, &mem, NULL);
	if (told.code == LUSER_OK) {
		walk(mem, &told);
		if (luser_mem_complete(mem, NULL) != LUSER_OK)
			told.nr[LUSER_WARNING]++;
		luser_mem_close(mem);
	}
	if (alloc_live() != live) {
		fprintf(stderr, "%zu blocks are lost\n", alloc_live() - live);
		abort();
	}
	return told;
}

static bool same(const struct told *a, const struct told *b)
{
	return a->code == b->code && a->objects == b->objects &&
	       !memcmp(a->nr, b->nr, sizeof(a->nr));
}

static void must(bool that, const char *what, size_t nr)
{
	if (that)
		return;
	fprintf(stderr, "%s %zu: this is not said\n", what, nr);
	exit(1);
}

/* Memory that is not had is said, or was not needed. */
static size_t fail_allocations(const char *path, const struct told *sound)
{
	for (size_t nr = 1;; nr++) {
		struct told told;

		alloc_fail(nr);
		told = run(path);
		if (!alloc_failed())
			return nr - 1;
		must(told.code == LUSER_NOMEM || same(&told, sound),
		     "failed allocation", nr);
	}
}

/* What was lost is said; what comes in parts, or later, is whole. */
static bool is_right(enum fault how, const struct told *told,
		     const struct told *sound)
{
	if (same(told, sound))
		return true;
	return (how == FAULT_FAILS || how == FAULT_ENDS) &&
	       (told->code != LUSER_OK || told->lost > sound->lost ||
		told->nr[LUSER_ERROR] > sound->nr[LUSER_ERROR] ||
		told->nr[LUSER_WARNING] > sound->nr[LUSER_WARNING]);
}

static size_t fail_calls(const char *path, enum fault how,
			 const struct told *sound)
{
	for (size_t nr = 1;; nr++) {
		struct told told;

		fault_call(how, nr);
		told = run(path);
		if (!fault_seen())
			return nr - 1;
		must(is_right(how, &told, sound), fault_name(how), nr);
	}
}

static size_t stop(const char *path, const struct told *sound)
{
	for (last = 1; last <= sound->objects; last++) {
		struct told told = run(path);

		must(told.code == LUSER_STOPPED && told.objects == last,
		     "stopped at", last);
	}
	last = 0;
	return sound->objects;
}

static size_t stop_reading(const char *path)
{
	for (last_read = 1;; last_read++) {
		struct told told;

		reads = 0;
		told = run(path);
		if (reads < last_read)
			return reads;
		must(told.code == LUSER_STOPPED,
		     "stopped at read", last_read);
	}
}

int main(int argc, char **argv)
{
	struct told sound;

	if (argc != 2) {
		fprintf(stderr, "usage: faults DUMP\n");
		return 2;
	}
	/* What is allocated once for all, the C library's, comes here. */
	sound = run(argv[1]);
	must(sound.code == LUSER_OK, "no fault", 0);
	printf("%8zu failed allocations\n", fail_allocations(argv[1], &sound));
	alloc_fail(0);
	for (enum fault how = FAULT_FAILS; how < FAULTS; how++)
		printf("%8zu times %s\n", fail_calls(argv[1], how, &sound),
		       fault_name(how));
	fault_call(FAULT_FAILS, 0);
	printf("%8zu objects to stop at\n", stop(argv[1], &sound));
	printf("%8zu reads to stop at\n", stop_reading(argv[1]));
	return 0;
}
