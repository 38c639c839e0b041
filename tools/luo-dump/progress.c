// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <luser/format.h>

#include "progress.h"

/* Seconds of work before the first word, and between words. */
#define PATIENCE 0.7
#define INTERVAL 0.2

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool progress_show(void *ctx, uint64_t done, uint64_t total)
{
	struct progress *p = ctx;
	double t = now();
	char size[32];

	if (!p->begun) {
		p->begun = true;
		p->next = t + PATIENCE;
	}
	if (t < p->next)
		return true;
	p->next = t + INTERVAL;
	if (!isatty(STDERR_FILENO))
		return true;
	luser_format_size(done, size, sizeof(size));
	fprintf(stderr, "\r%s: %s", p->what, size);
	if (total)
		fprintf(stderr, ", %" PRIu64 " %%", done / (total / 100 + 1));
	fputs("\033[K", stderr);
	p->shown = true;
	return true;
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
