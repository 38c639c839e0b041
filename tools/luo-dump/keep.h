/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* --save: what was read becomes a dump of its own. */
#ifndef LUO_DUMP_KEEP_H
#define LUO_DUMP_KEEP_H

#include <luser/save.h>
#include <luser/walk.h>

#include "open.h"

/**
 * keep_begin() - keep all that is read from here on, if --save says so
 * @settings: from the command line
 * @input:    what will be read
 * @ret:      to be given to keep_end(); NULL without --save
 *
 * Return: false if the file cannot be made; why was said.
 */
bool keep_begin(const struct settings *settings, const struct input *input,
		struct luser_save **ret);

/**
 * keep_contents() - read preserved memory, only so that it is kept
 * @mem: memory
 * @map: what is preserved
 *
 * What is not there is not kept: those who read the dump are told.
 */
void keep_contents(struct luser_mem *mem, const struct luser_map *map);

/**
 * keep_end() - write the file
 * @save:  from keep_begin(); may be NULL
 * @input: what was read
 * @page_size: of the kernel that wrote it; 0 if nothing was read: no file then
 *
 * Return: false if the file could not be written; why was said.
 */
bool keep_end(struct luser_save *save, const struct input *input,
	      uint64_t page_size);

#endif /* LUO_DUMP_KEEP_H */
