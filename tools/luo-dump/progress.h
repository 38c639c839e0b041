/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* How far long work has come, on standard error if that is a terminal. */
#ifndef LUO_DUMP_PROGRESS_H
#define LUO_DUMP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct progress - one piece of work
 * @what:  in a word: "reading"
 */
struct progress {
	const char *what;

	/* private */
	bool begun;
	bool shown;
	double next;
};

/* A luser_progress for a struct progress. */
bool progress_show(void *progress, uint64_t done, uint64_t total);

/* Takes it off the terminal again. */
void progress_clear(struct progress *progress);

#endif /* LUO_DUMP_PROGRESS_H */
