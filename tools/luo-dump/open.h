/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Finding handovers, and the memory that they are in. */
#ifndef LUO_DUMP_OPEN_H
#define LUO_DUMP_OPEN_H

#include <luser/source.h>

#include "options.h"
#include "say.h"

/**
 * struct input - what there is to show
 * @mem:    memory, or NULL
 * @source: what found the roots, or NULL if --root gave one
 * @roots:  where to start, in the order to show them
 * @nr_roots: how many
 * @live:   a running kernel may change it meanwhile
 * @notes:  what was not there
 * @cut:    how the memory file is incomplete, or empty
 */
struct input {
	struct luser_mem *mem;
	struct luser_source *source;
	const struct luser_root **roots;
	size_t nr_roots;
	struct luser_root given;
	bool live;
	struct notes notes;
	char cut[sizeof(((struct luser_error *)NULL)->message)];
};

/**
 * input_open() - find what the command line asks for
 * @settings: from the command line
 * @input:    zeroed but for @quiet of its notes; to be given to input_close()
 *            in any case
 *
 * Return: true if there is at least one root; else why was said.
 */
bool input_open(const struct settings *settings, struct input *input);

void input_close(struct input *input);

/* "-" is none: it is standard input. */
bool path_is_directory(const char *path);

#endif /* LUO_DUMP_OPEN_H */
