/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What --help and --version print. */
#ifndef LUO_DUMP_HELP_H
#define LUO_DUMP_HELP_H

void help_print(void);
void version_print(void);

#endif /* LUO_DUMP_HELP_H */
