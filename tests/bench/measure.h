/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Measuring passes that do the same work in turns, so that whatever else the
 * machine does hits all of them alike.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No row may take longer than so many times what was written by hand. */
#define BENCH_LIMIT 1.15

enum bench_part {
	BENCH_ROW,    /* told, and its result is to be as expected */
	BENCH_MEMCPY, /* what others are compared with */
	BENCH_SUM,
	BENCH_HAND,
	BENCH_LUSER, /* held to BENCH_LIMIT */
};

/**
 * struct bench_pass - one way to do the work
 * @name: who does it
 * @run:  does it once, and says what it found
 * @ctx:  handed to @run
 */
struct bench_pass {
	const char *name;
	enum bench_part part;
	uint64_t (*run)(void *ctx);
	void *ctx;
};

/**
 * struct bench_work - passes that are measured in turns
 * @name:    what is done
 * @order:   how the pages lie
 * @units:   records, or pages
 * @expect:  what each pass but memcpy and sum has to find
 */
struct bench_work {
	const char *name;
	const char *order;
	uint64_t units;
	uint64_t expect;
	const struct bench_pass *passes;
	size_t nr_passes;
};

enum bench_how {
	BENCH_WHOLE,
	BENCH_QUICK,  /* fewer records and repeats */
	BENCH_VERIFY, /* each pass once, nothing is measured */
};

/**
 * struct bench_tally - what all rows came to
 * @over:  rows beyond BENCH_LIMIT
 * @wrong: passes that found something else than expected
 */
struct bench_tally {
	enum bench_how how;
	unsigned int over;
	unsigned int wrong;
};

/* Prints the names of the columns, and what the rows came to. */
void bench_heading(const struct bench_tally *tally);
void bench_end(const struct bench_tally *tally);

/* Looks whether all passes find the same, measures, prints a row for each. */
void bench_measure(const struct bench_work *work, struct bench_tally *tally);

#endif /* MEASURE_H */
