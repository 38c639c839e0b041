/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* The view for programs: one JSON document, see luo-dump.schema.json. */
#ifndef LUO_DUMP_JSON_H
#define LUO_DUMP_JSON_H

#include "dump.h"
#include "open.h"

/**
 * json_view() - make the view
 * @settings: from the command line; stays the caller's
 * @input:    what is shown; stays the caller's
 *
 * It writes while the walk goes on, so it needs no more memory for a million
 * records than for one.
 *
 * Return: the view, freed with free() after its @end.
 */
struct view *json_view(const struct settings *settings,
		       const struct input *input);

/* What JSON calls a role. */
const char *role_name(enum luser_role role);

#endif /* LUO_DUMP_JSON_H */
