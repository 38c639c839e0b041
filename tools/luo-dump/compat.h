/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Would a kernel accept the handovers? */
#ifndef LUO_DUMP_COMPAT_H
#define LUO_DUMP_COMPAT_H

#include "dump.h"
#include "kernel.h"

/**
 * compat_view() - make the view
 * @settings: from the command line; stays the caller's
 * @kernel:   that would be booted; stays the caller's
 * @from:     that writes the handovers, or NULL; stays the caller's
 *
 * At its @end it turns the exit status into the answer.
 *
 * Return: the view, freed with free() after its @end.
 */
struct view *compat_view(const struct settings *settings,
			 const struct kernel *kernel,
			 const struct kernel *from);

#endif /* LUO_DUMP_COMPAT_H */
