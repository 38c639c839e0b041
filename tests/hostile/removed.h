/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The end of a program that removes tests in turn: each must be missed when it
 * is removed, but for exceptions, which a file names: a line each, NAME: WHY.
 */
#ifndef REMOVED_H
#define REMOVED_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct removed - what came of the tests
 * @exceptions: the file's text
 * @nr:         tests so far
 * @missed:     those that were missed
 * @wrong:      those for which the file does not say so
 */
struct removed {
	char *exceptions;
	size_t nr;
	size_t missed;
	size_t wrong;
};

/* A test, and whether it was @missed; @else_said is said of it if it should. */
void removed_judge(struct removed *removed, const char *name, bool missed,
		   const char *else_said);

/*
 * main() of a program that takes EXCEPTIONS DUMP...: removes tests while it
 * reads each dump, then judges each. Return: its exit status.
 */
int removed_main(int argc, char **argv, void (*read_dump)(const char *path),
		 void (*judge)(struct removed *removed));

#endif /* REMOVED_H */
