/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The end of a program that removes tests in turn: each must be missed when it
 * is removed.
 */
#ifndef REMOVED_H
#define REMOVED_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct removed - what came of the tests
 * @nr:     tests so far
 * @missed: those that were missed
 */
struct removed {
	size_t nr;
	size_t missed;
};

/* A test, and whether it was @missed. */
void removed_judge(struct removed *removed, const char *name, bool missed);

/*
 * main() of a program that takes DUMP...: removes tests while it reads each
 * dump, then judges each. Return: its exit status.
 */
int removed_main(int argc, char **argv, void (*read_dump)(const char *path),
		 void (*judge)(struct removed *removed));

#endif /* REMOVED_H */
