/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What is said on standard error, and how the program ends.
 */
#ifndef LUO_DUMP_SAY_H
#define LUO_DUMP_SAY_H

#include <stdbool.h>
#include <stddef.h>

enum {
	EXIT_SOUND,    /* nothing is wrong */
	EXIT_FINDINGS, /* something is wrong, see the findings */
	EXIT_UNUSABLE, /* no handover could be read, or wrong usage */
	EXIT_UNTOLD,   /* compat: it cannot be told */
};

/**
 * struct notes - what was not there and how to get it
 * @text:  one sentence or two each
 * @quiet: they are not said on standard error as they come
 */
struct notes {
	char **text;
	size_t nr;
	bool quiet;
};

/* "luo-dump: ..." on standard error. */
__attribute__((format(printf, 1, 2)))
void complain(const char *format, ...);

__attribute__((format(printf, 2, 3)))
void note(struct notes *notes, const char *format, ...);

void notes_free(struct notes *notes);

#endif /* LUO_DUMP_SAY_H */
