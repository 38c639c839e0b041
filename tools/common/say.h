/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What is said on standard error, and how the program ends.
 */
#ifndef TOOLS_SAY_H
#define TOOLS_SAY_H

#include <stdbool.h>
#include <stddef.h>

enum {
	EXIT_SOUND,    /* nothing is wrong, or all was done */
	EXIT_FINDINGS, /* something is wrong, see the findings */
	EXIT_UNUSABLE, /* nothing could be read or made, or wrong usage */
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

/* The program's name and a message on standard error. */
__attribute__((format(printf, 1, 2)))
void complain(const char *format, ...);

__attribute__((format(printf, 2, 3)))
void note(struct notes *notes, const char *format, ...);

void notes_free(struct notes *notes);

#endif /* TOOLS_SAY_H */
