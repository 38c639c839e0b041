/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Which checks count, and how much: -W and -E. */
#ifndef LUO_DUMP_LEVELS_H
#define LUO_DUMP_LEVELS_H

#include <luser/audit.h>

#include "option.h"

/**
 * levels_known() - do all names stand for a check or a group
 * @levels: from the command line
 *
 * What does not is said.
 */
bool levels_known(const struct option_list *levels);

/**
 * level_of() - how bad a finding is
 * @levels:   from the command line
 * @check:    that it belongs to
 * @severity: that it has by itself; receives what the command line makes of it
 *
 * Return: false if its check is turned off.
 */
bool level_of(const struct option_list *levels, const struct luser_check *check,
	      enum luser_severity *severity);

/* All checks, for --list. */
void checks_print(void);

#endif /* LUO_DUMP_LEVELS_H */
