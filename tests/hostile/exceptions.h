/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Tests that are not missed when they are removed: a line each, NAME: WHY. */
#ifndef EXCEPTIONS_H
#define EXCEPTIONS_H

#include <stdbool.h>

/* The file's text, for free(). Ends the program if it cannot be read. */
char *exceptions_read(const char *path);

/* Whether a line begins with the name. */
bool exceptions_have(const char *exceptions, const char *name);

#endif /* EXCEPTIONS_H */
