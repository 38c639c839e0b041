/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* luo-dump diff: what changed between two handovers. */
#ifndef LUO_DUMP_DIFF_H
#define LUO_DUMP_DIFF_H

#include "options.h"
#include "say.h"

enum {
	EXIT_SAME = EXIT_SOUND,
	EXIT_DIFFERENT = EXIT_FINDINGS,
};

/**
 * diff_run() - compare what the command line names
 * @settings: from the command line
 *
 * Return: the exit status: EXIT_SAME, EXIT_DIFFERENT or EXIT_UNUSABLE.
 */
int diff_run(const struct settings *settings);

#endif /* LUO_DUMP_DIFF_H */
