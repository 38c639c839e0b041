/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The view for people: a tree of 80 columns. */
#ifndef LUO_DUMP_TEXT_H
#define LUO_DUMP_TEXT_H

#include "dump.h"
#include "open.h"

/**
 * text_view() - make the view
 * @settings: from the command line; stays the caller's
 * @input:    what is shown; stays the caller's
 *
 * Return: the view, freed with free() after its @end.
 */
struct view *text_view(const struct settings *settings,
		       const struct input *input);

#endif /* LUO_DUMP_TEXT_H */
