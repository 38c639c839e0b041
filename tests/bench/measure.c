// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "measure.h"

#define MAX_PASSES 16
#define MAX_REPEATS 101
#define MIN_REPEATS 5

/* Seconds that the passes of one work take together. */
#define BUDGET 3.0
#define BUDGET_QUICK 0.2

/* One sample is so many records at least, or the clock is too coarse. */
#define SAMPLE 50000

/**
 * struct times - nanoseconds for a unit by pass, one for each repeat
 */
struct times {
	double ns[MAX_PASSES][MAX_REPEATS];
	int repeats;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double sample(const struct bench_work *work,
		     const struct bench_pass *pass)
{
	uint64_t times = work->units < SAMPLE ? SAMPLE / work->units : 1;
	double start = now();

	for (uint64_t i = 0; i < times; i++)
		pass->run(pass->ctx);
	return (now() - start) * 1e9 / (double)(times * work->units);
}

/* Each pass once: its results are right, and its memory is there. */
static void verify(const struct bench_work *work, struct bench_tally *tally)
{
	for (size_t i = 0; i < work->nr_passes; i++) {
		const struct bench_pass *pass = &work->passes[i];
		uint64_t found = pass->run(pass->ctx);

		if (pass->part == BENCH_MEMCPY || pass->part == BENCH_SUM ||
		    found == work->expect)
			continue;
		tally->wrong++;
		fprintf(stderr, "%s %s %" PRIu64 ": found %" PRIu64
			", expected %" PRIu64 "\n", work->name, pass->name,
			work->units, found, work->expect);
	}
}

static void measure(const struct bench_work *work, struct times *times,
		    double budget)
{
	double start = now();

	for (times->repeats = 0;
	     times->repeats < MAX_REPEATS &&
	     (times->repeats < MIN_REPEATS || now() - start < budget);
	     times->repeats++)
		for (size_t i = 0; i < work->nr_passes; i++)
			times->ns[i][times->repeats] =
				sample(work, &work->passes[i]);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of the part's first pass, or 0. */
static double base(const struct bench_work *work, const struct times *times,
		   enum bench_part part)
{
	for (size_t i = 0; i < work->nr_passes; i++)
		if (work->passes[i].part == part)
			return times->ns[i][times->repeats / 2];
	return 0;
}

static void put_ratio(double ns, double base)
{
	if (base > 0)
		printf(" %8.2f", ns / base);
	else
		printf(" %8s", "-");
}

static void put_row(const struct bench_work *work, const struct times *times,
		    size_t i, struct bench_tally *tally)
{
	const struct bench_pass *pass = &work->passes[i];
	double ns = times->ns[i][times->repeats / 2];
	double hand = base(work, times, BENCH_HAND);
	bool over = pass->part == BENCH_LUSER && ns > BENCH_LIMIT * hand;

	printf("%-8s %9" PRIu64 " %-7s %-12s %9.3f %9.3f", work->name,
	       work->units, work->order, pass->name, ns, times->ns[i][0]);
	put_ratio(ns, base(work, times, BENCH_MEMCPY));
	put_ratio(ns, base(work, times, BENCH_SUM));
	put_ratio(ns, hand);
	puts(over ? " !" : "");
	tally->over += over;
}

void bench_heading(const struct bench_tally *tally)
{
	if (tally->how == BENCH_VERIFY)
		return;
	printf("%-8s %9s %-7s %-12s %9s %9s %8s %8s %8s\n", "work", "records",
	       "pages", "by", "ns each", "least", "/memcpy", "/sum", "/hand");
}

void bench_end(const struct bench_tally *tally)
{
	if (tally->how != BENCH_VERIFY)
		printf("%u rows beyond %.2f times what was written by hand\n",
		       tally->over, BENCH_LIMIT);
}

void bench_measure(const struct bench_work *work, struct bench_tally *tally)
{
	static struct times times;

	if (work->nr_passes > MAX_PASSES)
		abort();
	verify(work, tally);
	if (tally->how == BENCH_VERIFY)
		return;
	measure(work, &times,
		tally->how == BENCH_QUICK ? BUDGET_QUICK : BUDGET);
	for (size_t i = 0; i < work->nr_passes; i++)
		qsort(times.ns[i], (size_t)times.repeats, sizeof(double),
		      by_value);
	for (size_t i = 0; i < work->nr_passes; i++)
		put_row(work, &times, i, tally);
	fflush(stdout);
}
