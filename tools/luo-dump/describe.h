/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The view for luo-build: a description from which it makes the same again. */
#ifndef LUO_DUMP_DESCRIBE_H
#define LUO_DUMP_DESCRIBE_H

#include "dump.h"

/**
 * describe_view() - make the view
 * @settings: from the command line; stays the caller's
 *
 * Return: the view, freed with free() after its @end.
 */
struct view *describe_view(const struct settings *settings);

#endif /* LUO_DUMP_DESCRIBE_H */
